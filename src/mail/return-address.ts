// Addresses that mail about a pickup comes back to: `notice-<token>` (reverse-path and Reply-To of a notice) and `answer-<token>` (From of what a
// recipient answers at the portal), all in one domain that is ours. Nobody can make one, and none says whose it is. Pure.
import { canonicalDomain } from './address.ts';
import { type PickupReference, pickupToken, readPickupToken } from './pickup-token.ts';

export type ReturnUse = 'notice' | 'answer';

export type ReturnAddress =
  | { readonly kind: 'pickup'; readonly use: ReturnUse; readonly reference: PickupReference }
  /** RFC 5321 4.5.1: there is a postmaster wherever mail is taken. */
  | { readonly kind: 'postmaster' }
  /** In the domain, and never issued. */
  | { readonly kind: 'unknown' };

/** A keyed digest: keys/digests.ts. */
type Digest = (label: string, ...values: readonly (string | Uint8Array)[]) => Uint8Array;

const LOCAL_PART = /^(notice|answer)-(.+)$/;

/** At most 56 octets before the `@` (RFC 5321 4.5.3.1.1 allows 64), of a-z, 0-9 and `-` only: no system has to quote or may cut it. */
export function returnAddress(digest: Digest, use: ReturnUse, reference: PickupReference, domain: string): string {
  return `${use}-${pickupToken(digest, use, reference)}@${domain}`;
}

/**
 * What an address of the return domain stands for; null for one of any other domain.
 * Case is nothing (systems change it on the way), quotes are nothing (RFC 5321 4.1.2), nor is what follows a `+` (RFC 5233 section 1).
 */
export function readReturnAddress(digest: Digest, address: string, domain: string): ReturnAddress | null {
  const at = address.lastIndexOf('@');
  const given = at < 0 ? null : canonicalDomain(address.slice(at + 1));
  if (given === null || given !== canonicalDomain(domain)) return null;
  const localPart = unquoted(address.slice(0, at)).toLowerCase();
  const [detailed = ''] = localPart.split('+', 1);
  if (detailed === 'postmaster') return { kind: 'postmaster' };
  const [, word, token] = LOCAL_PART.exec(detailed) ?? [];
  if (token === undefined) return { kind: 'unknown' };
  const use = word === 'notice' ? 'notice' : 'answer';
  const reference = readPickupToken(digest, use, token);
  return reference === null ? { kind: 'unknown' } : { kind: 'pickup', use, reference };
}

function unquoted(localPart: string): string {
  return /^".*"$/s.test(localPart) ? localPart.slice(1, -1).replace(/\\(.)/gs, '$1') : localPart;
}
