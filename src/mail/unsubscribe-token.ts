// Tokens of one-click unsubscribe (RFC 8058 section 3.1): each names one delivery and one purpose and carries a keyed digest of both. There is no
// address in it, nobody can make one, and it holds for as long as it is known whose delivery it was. Pure.
import { timingSafeEqual } from 'node:crypto';
import type { Purpose } from './facts.ts';

export interface Unsubscribing {
  readonly messageId: string;
  /** Place of the recipient in the envelope. */
  readonly n: number;
  readonly purpose: Purpose;
}

/** A keyed digest: keys/digests.ts. */
type Digest = (label: string, ...values: readonly (string | Uint8Array)[]) => Uint8Array;

const LETTERS = { marketing: 'm', fundraising: 'f' } as const satisfies Record<Purpose, string>;
/** One spelling for each token: no leading zero, a digest of 256 bits in 43 characters. */
const TOKEN = /^([0-9A-Z]{26})-(0|[1-9]\d{0,4})-([mf])-([\w-]{43})$/;

/** Letters, digits, `-` and `_`: stands in a URL as it is. */
export function unsubscribeToken(digest: Digest, { messageId, n, purpose }: Unsubscribing): string {
  return `${messageId}-${n}-${LETTERS[purpose]}-${seal(digest, messageId, String(n), purpose)}`;
}

/** Null for whatever is not a token of ours. How much of it was right shows in no time that it takes. */
export function readUnsubscribeToken(digest: Digest, text: string): Unsubscribing | null {
  const [, messageId, n, letter, sealed] = TOKEN.exec(text) ?? [];
  if (messageId === undefined || n === undefined || sealed === undefined) return null;
  const purpose = letter === LETTERS.marketing ? 'marketing' : 'fundraising';
  const right = seal(digest, messageId, n, purpose);
  // Compared as text: base64 has several spellings of its last character.
  return timingSafeEqual(Buffer.from(right), Buffer.from(sealed)) ? { messageId, n: Number(n), purpose } : null;
}

function seal(digest: Digest, messageId: string, n: string, purpose: Purpose): string {
  return Buffer.from(digest('unsubscribe', messageId, n, purpose)).toString('base64url');
}
