// The portal as the configuration has it: where it listens, what it is lenient with, and the brands that people see. A brand is found by the domain
// of who wrote, or by its name where a pickup has kept it.
import { matchesDomain } from '../mail/address.ts';
import type { Language } from '../mail/language.ts';
import type { Assurance, PhoneWay } from '../mail/pickup.ts';

export interface PortalConfig {
  /** Where the portal process listens. */
  readonly address: string;
  readonly port: number;
  /** Read by the portal process only; null: a reverse proxy holds the certificate. */
  readonly tls: { readonly certificateFile: string; readonly keyFile: string } | null;
  /** CIDR, or an address alone: whose X-Forwarded-For is believed. */
  readonly proxies: readonly string[];
  /** Of a pickup, unless policy says another term. */
  readonly expireAfterMs: number;
  readonly remindAfterMs: number;
  readonly alarmAfterMs: number;
  /** The alarm of urgent mail. */
  readonly urgentAfterMs: number;
  /** Assurance that opens content of each PHI level, at least. */
  readonly opening: Readonly<Record<'low' | 'medium' | 'high', Assurance>>;
  readonly tellSender: 'yes' | 'no';
  readonly answers: 'originator' | 'all' | 'none';
  /** The listener for what comes back; null: notices have a null reverse-path. */
  readonly returns: { readonly domain: string; readonly address: string | null; readonly port: number } | null;
  /** The gateway to telephones; null: none. What it is signed in to by is in Secrets. */
  readonly sms: SmsConfig | null;
  /** The first is 'default': the fields that stand at the top. At least it. */
  readonly brands: readonly Brand[];
}

export interface SmsConfig {
  readonly url: string;
  /** PEM, in place of the anchors that mail goes by; null: those. */
  readonly caPem: string | null;
  readonly kinds: readonly PhoneWay[];
  readonly content: 'json' | 'form';
  /** Empty: the usual fields. */
  readonly body: readonly { readonly name: string; readonly value: string }[];
  /** How numbers begin that it may be asked for. */
  readonly countries: readonly string[];
  readonly perPersonPerDay: number;
  readonly perHour: number;
  readonly timeoutMs: number;
}

export const DEFAULT_BRAND = 'default';

export interface Brand {
  /** Stands in evidence and with each pickup. */
  readonly name: string;
  /** Patterns of `matchesDomain` for the domain of who wrote; none for 'default', which is taken where no other is. */
  readonly domains: readonly string[];
  /** Public origin, without a slash at its end: `https://portal.clinic.example`. */
  readonly url: string;
  /** From of notices. */
  readonly from: string;
  /** As its patients know it. */
  readonly organisation: string;
  /** Whom to call, in words. */
  readonly help: string;
  /** `#rrggbb`, at least 4.5 to 1 on white. */
  readonly accent: string;
  readonly logo: Logo | null;
  readonly language: Language;
  /** IANA; null: the machine's. */
  readonly zone: string | null;
  /** The organisation's own line in notices, and at the foot of pages. */
  readonly texts: { readonly notice: string | null; readonly page: string | null };
  /** Addresses to which anybody may begin a message from the portal's page. */
  readonly start: readonly string[];
}

export interface Logo {
  readonly mediaType: 'image/png' | 'image/jpeg' | 'image/webp';
  readonly base64: string;
}

/** The brand that mail from this domain is shown under: the first that names it, else the default one. */
export function brandFor({ brands }: Pick<PortalConfig, 'brands'>, senderDomain: string): Brand {
  return brands.find(({ domains }) => domains.some((pattern) => matchesDomain(pattern, senderDomain))) ?? defaultOf(brands);
}

/** The brand of this name; the default one where it has been taken out of the configuration since. */
export function brandNamed({ brands }: Pick<PortalConfig, 'brands'>, name: string): Brand {
  return brands.find((brand) => brand.name === name) ?? defaultOf(brands);
}

function defaultOf(brands: readonly Brand[]): Brand {
  const [first] = brands;
  if (first === undefined) throw new Error('a portal without a brand');
  return first;
}
