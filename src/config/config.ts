// The configuration as the program uses it: frozen, defaults applied, cross-checked, with units in its names.
// It holds no secret: what lies in secret files is in Secrets (secrets.ts). The shape of the file is in shape.ts.
import type { HoldTerm } from '../mail/hold-term.ts';
import type { ReadLimits } from '../mail/read-limits.ts';
import type { TlsFloor } from '../mail/tls.ts';
import type { PortalConfig } from './portal.ts';

export interface Config {
  readonly version: 1;
  readonly mode: 'live' | 'sandbox';
  /** Our own name: greeting, EHLO, Received, Message-ID. A-labels, lower case. */
  readonly hostname: string;
  /** Where mail to postmaster goes; DSNs that fail and alarms too. At least one. */
  readonly postmaster: readonly string[];
  readonly folders: Folders;
  /** Null only where there is no listener. */
  readonly tls: ServerTls | null;
  readonly listeners: readonly ListenerConfig[];
  readonly trust: Trust;
  readonly login: LoginConfig;
  readonly limits: Limits;
  readonly reading: ReadingConfig;
  readonly inspection: InspectionConfig;
  /** Absolute paths; null: the built-in policy, no draft. */
  readonly policy: { readonly file: string | null; readonly draft: string | null };
  readonly delivery: DeliveryConfig;
  /** First match wins; without a match, MX. */
  readonly routes: readonly Route[];
  readonly dns: DnsConfig;
  readonly dkim: readonly DkimKey[];
  readonly trustAnchors: { readonly file: string | null; readonly pem: string | null };
  readonly repeats: { readonly windowMs: number };
  readonly retention: { readonly contentMs: number; readonly factsMs: number; readonly evidenceMs: number };
  readonly disk: { readonly refuseBelowBytes: number; readonly stopBelowBytes: number };
  readonly dsn: DsnConfig;
  /** Null: no health endpoint. */
  readonly health: { readonly address: string; readonly port: number } | null;
  /** Null: no place to unsubscribe, and mail that must have one does not go out. */
  readonly unsubscribe: UnsubscribeConfig | null;
  /** Null: no portal, and what must wait at one waits for a person. */
  readonly portal: PortalConfig | null;
  readonly log: { readonly level: LogLevel };
}

/** Absolute paths; none lies inside another. */
export interface Folders {
  readonly data: string;
  readonly keys: string;
  /** Holds the control socket. */
  readonly run: string;
}

export interface ServerTls {
  readonly certificateFile: string;
  readonly keyFile: string;
  /** Client certificates must also chain to one of these, where given. */
  readonly clientCaFile: string | null;
  readonly clientCaPem: string | null;
}

export interface ListenerConfig {
  /** 'submissions', 'submission' or 'relay'; a second one of a kind is 'submissions-2'. */
  readonly name: string;
  readonly kind: 'submissions' | 'submission' | 'relay';
  /** Null: every address of this machine. */
  readonly address: string | null;
  /** 0: chosen by the system (tests). */
  readonly port: number;
  /** Whether MAIL needs TLS first. Only a relay listener can be 'offered'. */
  readonly tls: 'implicit' | 'required' | 'offered';
}

export interface Trust {
  readonly networks: readonly TrustedNetwork[];
  readonly certificates: readonly TrustedCertificate[];
}

interface TrustedSubmitter {
  /** Stands in evidence and counts. */
  readonly name: string;
  /** Patterns of `matchesAddress`. */
  readonly mayUse: readonly string[];
  readonly reports: string | null;
  readonly likelyRepeats: 'report' | 'suppress';
}

export interface TrustedNetwork extends TrustedSubmitter {
  /** CIDR, such as `10.1.0.0/16` or `2001:db8::/32`. */
  readonly ranges: readonly string[];
  /** The values are in Secrets.tenantProofs under the network's name. */
  readonly tenantProof: { readonly headerName: string; readonly valuesFile: string } | null;
}

export interface TrustedCertificate extends TrustedSubmitter {
  /** SHA-256 of the client certificate, 64 hex digits in lower case. */
  readonly sha256: string;
}

export interface LoginConfig {
  /** Failed logins of one account from one address within `windowMs`, after which that pair must wait. */
  readonly failuresAllowed: number;
  readonly windowMs: number;
  /** A verified login is remembered so long (a keyed digest, in memory). */
  readonly rememberForMs: number;
}

export interface Limits {
  readonly connectionsTotal: number;
  readonly connectionsPerAddress: number;
  readonly connectionsPerAccount: number;
  readonly recipientsPerMessage: number;
  readonly messageSizeBytes: number;
  readonly sessionTimeMs: number;
  readonly idleTimeMs: number;
  readonly errorsPerSession: number;
  readonly messagesPerHour: number;
  readonly messagesPerDay: number;
  readonly newRecipientsPerHour: number;
  readonly newRecipientsPerDay: number;
  /** Over the limit: 4xx. Over the limit times this: held, with an alarm. */
  readonly hardFactor: number;
}

export interface ReadingConfig {
  readonly limits: ReadLimits;
  readonly processes: number;
  readonly memoryBytes: number;
  readonly partMs: number;
  readonly messageMs: number;
  /** Small messages are decided before the reply where that takes no longer. */
  readonly beforeReplyMs: number;
  /** Null: no OCR. */
  readonly ocrMs: number | null;
}

type Sends = 'unknown' | 'clinic' | 'special-clinic' | 'laboratory' | 'payer' | 'office';
export const PATIENT_COLUMNS = ['name', 'first_name', 'last_name', 'birth_date', 'mrn', 'email'] as const;

export interface InspectionConfig {
  /** Domains, A-labels in lower case. */
  readonly organisation: readonly string[];
  readonly sends: Sends;
  /** Patterns of `matchesAddress`; the first match counts. */
  readonly senders: readonly { readonly match: string; readonly sends: Sends }[];
  readonly rulesFile: string | null;
  /** Absolute; there once patients have been imported. */
  readonly patientsFile: string;
  /** Titles of columns; null where the usual ones count. */
  readonly patientColumns: Readonly<Record<(typeof PATIENT_COLUMNS)[number], string | null>>;
}

export interface DeliveryConfig {
  readonly floor: Exclude<TlsFloor, 'sealed'>;
  readonly otherwise: 'hold' | 'return';
  readonly holdFor: HoldTerm;
  readonly expireAfterMs: number;
  readonly delayReportAfterMs: number;
  readonly nextMethodAfterMs: number;
  readonly retry: { readonly firstMs: number; readonly factor: number; readonly longestMs: number; readonly jitter: number };
  readonly concurrency: { readonly total: number; readonly perDestination: number };
  /** Messages a minute to one destination, or null for no such limit. */
  readonly ratePerDestination: number | null;
  readonly connection: { readonly idleMs: number; readonly messages: number };
  readonly timeouts: DeliveryTimeouts;
  readonly mxPort: number;
}

/** RFC 5321 4.5.3.2. */
export interface DeliveryTimeouts {
  readonly connectMs: number;
  readonly greetingMs: number;
  /** EHLO, STARTTLS and its handshake, AUTH, MAIL, RCPT. */
  readonly commandMs: number;
  readonly dataStartMs: number;
  readonly dataBlockMs: number;
  readonly dataEndMs: number;
}

export interface Route {
  readonly name: string;
  /** `clinic.example`, `*.clinic.example` (subdomains only) or `*`: `matchesDomain`. */
  readonly domains: readonly string[];
  /** In the order to try. */
  readonly nextHops: readonly { readonly host: string; readonly port: number; readonly tls: 'starttls' | 'implicit' }[];
  /** Domain patterns whose own mail system these next hops are. */
  readonly finalFor: readonly string[];
  readonly onwardEnforced: { readonly promisedBy: string; readonly since: string } | null;
  /** Key of Secrets.nextHops, or null for none. Changes when user or files change. */
  readonly credentials: string | null;
  readonly credentialFiles: CredentialFiles | null;
}

export interface CredentialFiles {
  readonly user: string | null;
  readonly passwordFile: string | null;
  readonly certificateFile: string | null;
  readonly keyFile: string | null;
}

export interface DnsConfig {
  /** `address` or `address:port`; empty: the system's. */
  readonly servers: readonly string[];
  readonly validating: 'yes' | 'no';
  readonly timeoutMs: number;
}

export interface DkimKey {
  readonly domain: string;
  readonly selector: string;
  readonly keyFile: string;
}

export interface DsnConfig {
  /** Display name of From. */
  readonly name: string;
  /** Who helps, in words, or null. */
  readonly contact: string | null;
}

export interface UnsubscribeConfig {
  /** Public, of the reverse proxy; no slash at its end. */
  readonly url: string;
  readonly mailto: string;
  /** The organisation, as its recipients know it. */
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** CIDR, or an address alone. */
  readonly proxies: readonly string[];
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
