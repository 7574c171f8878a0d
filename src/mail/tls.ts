// TLS levels and what was seen of a connection (DESIGN.md section 3).

/** Levels that a way to the recipient's mail system can reach, weakest first. `none` is no TLS at all. */
export const TLS_LEVELS = ['none', 'tls', 'tls-verified', 'tls-authenticated', 'sealed'] as const;
export type TlsLevel = (typeof TLS_LEVELS)[number];

/** A floor names the weakest level that is good enough. There is no word for "plaintext is fine". */
export const TLS_FLOORS = ['tls', 'tls-verified', 'tls-authenticated', 'sealed'] as const;
export type TlsFloor = (typeof TLS_FLOORS)[number];

/** A floor, or no floor at all: 'opportunistic' takes what TLS it can get, and exists only where policy has a person's consent for it. */
export const PROTECTIONS = ['opportunistic', ...TLS_FLOORS] as const;
export type Protection = (typeof PROTECTIONS)[number];

/** The stricter of two. */
export function stricter(a: Protection, b: Protection): Protection {
  return PROTECTIONS.indexOf(a) >= PROTECTIONS.indexOf(b) ? a : b;
}

export function meetsFloor(level: TlsLevel, floor: Protection): boolean {
  return floor === 'opportunistic' || TLS_LEVELS.indexOf(level) >= TLS_LEVELS.indexOf(floor);
}

/** Why a next hop's certificate is trusted, or why not. */
export type CertificateVerdict =
  | 'chain-and-name' // PKIX chain to a trust anchor and the next hop's name (RFC 9525)
  | 'dane-ee' // TLSA usage 3 matched: name and dates are not looked at (RFC 7672 3.1.1)
  | 'dane-ta' // TLSA usage 2 matched, and the name
  | 'untrusted-chain'
  | 'wrong-name'
  | 'expired'
  | 'not-yet-valid'
  | 'revoked'
  | 'dane-mismatch'
  | 'not-checked'; // no TLS

/** How the next hop's name itself came to be known. */
export type NextHopAuthenticity =
  | 'configured' // fixed by configuration
  | 'dnssec' // DNSSEC-signed MX
  | 'mta-sts' // MTA-STS enforce, the MX is in the policy
  | 'unsigned'; // plain DNS

/** The TLS facts of one connection, as evidence: no name, no address. */
export interface TlsEvidence {
  readonly level: TlsLevel;
  /** 'TLSv1.3', or null without TLS. */
  readonly protocol: string | null;
  readonly cipher: string | null;
  /** Key exchange group such as 'X25519MLKEM768', or null where not known. */
  readonly group: string | null;
  readonly certificate: CertificateVerdict;
  readonly authenticity: NextHopAuthenticity;
  /** SHA-256 of the leaf certificate, hex, or null. */
  readonly leafSha256: string | null;
  /** What the level says about the way: to the recipient's own system, or to a smarthost and no further. */
  readonly reach: 'recipient-domain' | 'smarthost-only' | 'onward-enforced' | 'onward-requiretls';
}

/** Evidence of a way without TLS. */
export function noTls(authenticity: NextHopAuthenticity): TlsEvidence {
  return {
    level: 'none',
    protocol: null,
    cipher: null,
    group: null,
    certificate: 'not-checked',
    authenticity,
    leafSha256: null,
    reach: 'recipient-domain',
  };
}
