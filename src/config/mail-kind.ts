// Kinds of values from mail and networks: addresses, domains, patterns, ranges, digests. Read to one canonical spelling.
import { z } from 'zod';
import { canonicalDomain, parseMailbox } from '../mail/address.ts';
import { addressBytes } from '../pki/address-bytes.ts';
import { parsed } from './value-kind.ts';
import type { ValueKind } from './value-kind.ts';

const ipv4 = z.ipv4();
const ipv6 = z.ipv6();
const asText = (given: unknown): string => (typeof given === 'string' ? given : '');

/** A name with at least one dot: what others can look up. */
export const hostname = parsed('a host name', 'write a full name such as mail.clinic.example', (given) => {
  const domain = canonicalDomain(asText(given));
  return domain !== null && !domain.startsWith('[') && domain.includes('.') && domain.length <= 253 ? domain : null;
});

/** A next hop that the configuration names: a host name, `localhost`, or an IP address that stands in its certificate. */
export const nextHopHost = parsed('a host name or an IP address', 'write a full name such as mail.clinic.example', (given) => {
  const text = asText(given);
  if (isIP(text) || text === 'localhost') return text;
  const name = canonicalDomain(text);
  return name !== null && name.includes('.') && !name.startsWith('[') ? name : null;
});

export const domain = parsed('a domain', 'write a domain such as clinic.example', (given) => readDomain(asText(given)));

export const domainPattern = parsed(
  'a domain pattern',
  'write clinic.example, "*.clinic.example" (its subdomains) or "*" (all), with "*" in quotes',
  (given) => readDomainPattern(asText(given)),
);

export const mailbox = parsed('a mail address', 'write an address such as it@clinic.example', (given) => {
  const found = parseMailbox(asText(given));
  return found === null || found.domain.startsWith('[') ? null : `${found.localPart}@${found.domain}`;
});

/** A place that others post to: RFC 3986, without what a token behind it would change. No slash at its end. */
export const httpsUrl = parsed(
  'an https URL',
  'write a URL such as https://mail.clinic.example/unsubscribe, without user, "?" or "#"',
  (given) => {
    const text = asText(given);
    if (!/^https:\/\/[\w./:~%-]{1,300}$/i.test(text) || !URL.canParse(text)) return null;
    const { hostname: host, port, pathname, username, href } = new URL(text);
    const path = pathname.replace(/\/+$/, '');
    if (username !== '' || !href.startsWith('https://') || canonicalDomain(host) !== host || !host.includes('.')) return null;
    return `https://${host}${port === '' ? '' : `:${port}`}${path}`;
  },
);

/** A pattern of `matchesAddress`: who may be named in MAIL FROM and From. */
export const addressPattern = parsed(
  'an address pattern',
  'write ann@clinic.example, "*@clinic.example", "*@*.clinic.example", "<>" or "*", with "*" in quotes',
  (given) => readAddressPattern(asText(given)),
);

export const ipAddress = parsed('an IP address', 'write an address such as 127.0.0.1 or ::1', (given) =>
  isIP(asText(given)) === 0 ? null : asText(given),
);

export const addressRange = parsed(
  'a network range',
  'write a range such as 10.1.0.0/16, 2001:db8::/32 or one IP address, without bits behind the prefix, not wider than /8 (IPv6: /16)',
  (given) => readRange(asText(given)),
);

export const dnsServer = parsed(
  'a name server',
  'write an IP address, with a port where it is not 53: 127.0.0.1:5353 or "[::1]:5353"',
  (given) => {
    const server = asText(given);
    const found = /^(?:\[([0-9a-fA-F:]+)\]|([0-9.]+)):(\d{1,5})$/.exec(server);
    if (found === null) return isIP(server) === 0 ? null : server;
    return isIP(found[1] ?? found[2] ?? '') !== 0 && Number(found[3]) >= 1 && Number(found[3]) <= 65_535 ? server : null;
  },
);

/** With or without colons, as `openssl x509 -fingerprint -sha256` prints it. */
export const sha256 = parsed(
  'a SHA-256 fingerprint',
  'write 64 hex digits, as "openssl x509 -noout -fingerprint -sha256" prints them',
  (given) => {
    const digits = asText(given).replaceAll(':', '').toLowerCase();
    return /^[0-9a-f]{64}$/.test(digits) ? digits : null;
  },
);

/** RFC 5322 2.2: printable US-ASCII but the colon. */
export const headerName = parsed('a header field name', 'write a name such as X-Clinic-Tenant', (given) =>
  /^[!-9;-~]{1,76}$/.test(asText(given)) ? asText(given) : null,
);

/** RFC 6376 3.1: labels like a domain's. */
export const selector = parsed('a DKIM selector', 'write letters, digits and hyphens, such as postern-2026', (given) =>
  readDomain(asText(given)),
);

/** A name of ours that stands in evidence, logs and metrics. */
export const shortName = parsed('a name', 'write up to 40 letters, digits, dots and hyphens, such as lab-system', (given) =>
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/.test(asText(given)) ? asText(given) : null,
);

export const date = parsed('a date', 'write a day such as 2026-11-30', (given) => {
  const day = asText(given);
  const time = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day) ? day : null;
});

/** `all`, or a list of domain patterns. */
export const finalDomains: ValueKind<'all' | readonly string[]> = parsed(
  'all, or a list of domain patterns',
  'write all, or domains such as [clinic.example, "*.clinic.example"]',
  (given) => {
    if (given === 'all') return 'all' as const;
    if (!Array.isArray(given) || given.length > 1000) return null;
    const patterns = given.map((one) => readDomainPattern(asText(one)));
    return patterns.every((pattern) => pattern !== null) ? patterns : null;
  },
);

function readDomain(given: string): string | null {
  const found = canonicalDomain(given);
  return found === null || found.startsWith('[') || found.length > 253 ? null : found;
}

function readDomainPattern(given: string): string | null {
  if (given === '*') return given;
  const subdomains = given.startsWith('*.');
  const found = readDomain(subdomains ? given.slice(2) : given);
  return found === null ? null : `${subdomains ? '*.' : ''}${found}`;
}

function readAddressPattern(given: string): string | null {
  if (given === '*' || given === '<>') return given;
  const at = given.lastIndexOf('@');
  if (at < 1) return null;
  const domains = readDomainPattern(given.slice(at + 1));
  if (domains === null) return null;
  const local = given.slice(0, at);
  // Only a whole local part can be a star: a half one would be taken for a literal and never match.
  if (local !== '*' && (local.includes('*') || parseMailbox(`${local}@a.example`) === null)) return null;
  return `${local.toLowerCase()}@${domains}`;
}

/** Ranges wider than 10.0.0.0/8 or 2001::/16 would trust a good part of the internet: refused. */
function readRange(given: string): string | null {
  const [address = '', bits, more] = given.split('/');
  const family = isIP(address);
  if (family === 0 || more !== undefined) return null;
  const [narrowest, widest] = family === 4 ? [32, 8] : [128, 16];
  const prefix = bits === undefined ? narrowest : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
  if (prefix < widest || prefix > narrowest) return null;
  return hasHostBits(address, prefix) ? null : `${address}/${prefix}`;
}

/** `10.1.2.3/8` names one host and means millions: refused, whichever was meant. */
function hasHostBits(address: string, prefix: number): boolean {
  const bytes = addressBytes(address) ?? new Uint8Array();
  return bytes.some((byte, i) => (byte & (0xff >> Math.min(8, Math.max(0, prefix - i * 8)))) !== 0);
}

function isIP(address: string): 0 | 4 | 6 {
  if (ipv4.safeParse(address).success) return 4;
  return ipv6.safeParse(address).success ? 6 : 0;
}
