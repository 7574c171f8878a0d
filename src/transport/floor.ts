// Is a connection good enough? Pure: what is known of a next hop, the verdict on its certificate, the floor, and what it offers.
// Asked twice: before a single byte is sent over the new TLS (judgeTls), and once the offer is known (judgeOffer).
import type { AppliedFloor, NextHop } from '../mail/next-hop.ts';
import type { CertificateVerdict, NextHopAuthenticity, TlsEvidence, TlsLevel } from '../mail/tls.ts';
import { meetsFloor } from '../mail/tls.ts';

/** How far a next hop may be trusted, as routing found it. */
export type HopTrust = Pick<NextHop, 'tls' | 'authenticity' | 'tlsa' | 'published' | 'reach' | 'credentials'>;

export type NotReachedCode = 'delivery.below-floor' | 'delivery.requiretls-missing';

export type TlsJudgement =
  | { readonly kind: 'good'; readonly level: TlsLevel }
  | { readonly kind: 'missed'; readonly level: TlsLevel; readonly code: NotReachedCode };

export type OfferJudgement =
  /** `requireTls` says whether MAIL carries REQUIRETLS. */
  | { readonly kind: 'good'; readonly reach: TlsEvidence['reach']; readonly requireTls: 'ask' | 'leave' }
  | { readonly kind: 'missed'; readonly code: NotReachedCode };

/**
 * The level of a connection (DESIGN.md section 3). DANE success meets every TLS level, where the name it was looked up for is authentic:
 * TLSA records below an unsigned MX prove the host that an attacker may have chosen (RFC 7672 2.2.1).
 */
export function levelOf(certificate: CertificateVerdict, authenticity: NextHopAuthenticity): TlsLevel {
  switch (certificate) {
    case 'not-checked':
      return 'none';
    case 'chain-and-name':
    case 'dane-ee':
    case 'dane-ta':
      return authenticity === 'unsigned' ? 'tls-verified' : 'tls-authenticated';
    case 'untrusted-chain':
    case 'wrong-name':
    case 'expired':
    case 'not-yet-valid':
    case 'revoked':
    case 'dane-mismatch':
      return 'tls';
  }
}

/**
 * May anything be sent over this connection? Its level meets the floor; what the domain publishes is met whatever the floor; credentials
 * go only over verified TLS; REQUIRETLS wants an authenticated next hop (RFC 8689 4.2.1). Nothing here reaches `sealed`.
 */
export function judgeTls(hop: HopTrust, certificate: CertificateVerdict, applied: AppliedFloor): TlsJudgement {
  const level = levelOf(certificate, hop.authenticity);
  const floorMet = level === 'none' ? mayGoInClear(hop, applied) : meetsFloor(level, applied.floor);
  const credentialsSafe = hop.credentials === null || meetsFloor(level, 'tls-verified');
  if (!floorMet || !credentialsSafe || !meetsPublished(hop, certificate)) return { kind: 'missed', level, code: 'delivery.below-floor' };
  if (applied.requireTls && !meetsFloor(level, 'tls-authenticated')) return { kind: 'missed', level, code: 'delivery.requiretls-missing' };
  return { kind: 'good', level };
}

/**
 * The one door to a connection without TLS: no floor at all, which is where policy has a person's recorded consent (45 CFR 164.522(b)).
 * Never where the domain publishes DANE (usable or not, RFC 7672 2.2) or MTA-STS enforce, where REQUIRETLS was asked for, where
 * credentials would travel, or where TLS comes first (RFC 8314).
 */
export function mayGoInClear(hop: HopTrust, applied: AppliedFloor): boolean {
  const bound = hop.published !== null || hop.tlsa !== null || hop.credentials !== null || hop.tls === 'implicit';
  return applied.floor === 'opportunistic' && !applied.requireTls && !bound;
}

/**
 * A floor is about the way to the recipient's own mail system: beyond a smarthost the way is unknown and meets no floor, unless somebody
 * promised it ('onward-enforced') or the smarthost takes REQUIRETLS, which binds every hop after it (RFC 8689 4.2.1). No floor at all
 * asks nothing of that way.
 */
export function judgeOffer(hop: HopTrust, level: TlsLevel, applied: AppliedFloor, requireTls: 'offered' | 'not-offered'): OfferJudgement {
  const usable = requireTls === 'offered' && meetsFloor(level, 'tls-authenticated');
  if (applied.requireTls && !usable) return { kind: 'missed', code: 'delivery.requiretls-missing' };
  if (hop.reach === 'recipient-domain' || hop.reach === 'onward-enforced' || (applied.floor === 'opportunistic' && !applied.requireTls)) {
    return { kind: 'good', reach: hop.reach, requireTls: applied.requireTls ? 'ask' : 'leave' };
  }
  return usable ? { kind: 'good', reach: 'onward-requiretls', requireTls: 'ask' } : { kind: 'missed', code: 'delivery.below-floor' };
}

/** Are there usable TLSA records? Then they decide alone: they override MTA-STS and the trust anchors (RFC 7672 section 2, RFC 8461 section 2). */
export function isDaneInForce(hop: Pick<NextHop, 'tlsa'>): boolean {
  return hop.tlsa !== null && hop.tlsa.length > 0;
}

function meetsPublished(hop: HopTrust, certificate: CertificateVerdict): boolean {
  if (isDaneInForce(hop)) return certificate === 'dane-ee' || certificate === 'dane-ta';
  switch (hop.published) {
    case null:
      return true;
    case 'mta-sts':
      return certificate === 'chain-and-name';
    case 'dane':
      // Records that exist but cannot be used ask for TLS, and authenticate nothing (RFC 7672 2.2). No records at all is a contradiction.
      return hop.tlsa !== null && certificate !== 'not-checked';
  }
}
