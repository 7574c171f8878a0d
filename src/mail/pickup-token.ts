// Tokens that name one pickup, each for one use: the link of its notice, and the addresses that mail about it comes back to. Each carries a keyed
// digest, so nobody can make one; none holds an address, and none is enough to open anything. Pure.
import { timingSafeEqual } from 'node:crypto';

/** 'link': in the URL of a notice. 'notice': reverse-path and Reply-To of a notice. 'answer': From of what a recipient answers at the portal. */
export type PickupTokenUse = 'link' | 'notice' | 'answer';

export interface PickupReference {
  readonly messageId: string;
  /** Place of the recipient in the envelope. */
  readonly n: number;
}

/** A keyed digest: keys/digests.ts. */
type Digest = (label: string, ...values: readonly (string | Uint8Array)[]) => Uint8Array;

/** RFC 4648 section 6 in lower case, by fives: local parts may lose their case on the way, and 16 letters hold 80 bits. */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const SEAL_LENGTH = { link: 26, notice: 16, answer: 16 } as const satisfies Record<PickupTokenUse, number>;
/** US-ASCII in either case: letters that only fold to ours are not ours. */
const TOKEN = /^([0-9A-Za-z]{26})-(0|[1-9]\d{0,4})-([A-Za-z2-7]{16,26})$/;

/** Lower-case letters, digits and `-`: at most 59 characters, so that it fits a URL and a local part (64 octets, RFC 5321 4.5.3.1.1) with a word before it. */
export function pickupToken(digest: Digest, use: PickupTokenUse, { messageId, n }: PickupReference): string {
  return `${messageId.toLowerCase()}-${n}-${seal(digest, use, messageId, n)}`;
}

/** Null for whatever is no token of ours for that use. How much of it was right shows in no time that it takes. */
export function readPickupToken(digest: Digest, use: PickupTokenUse, text: string): PickupReference | null {
  const [, id, place, sealed] = TOKEN.exec(text) ?? [];
  if (id === undefined || place === undefined || sealed === undefined || sealed.length !== SEAL_LENGTH[use]) return null;
  const messageId = id.toUpperCase();
  const n = Number(place);
  return timingSafeEqual(Buffer.from(seal(digest, use, messageId, n)), Buffer.from(sealed.toLowerCase())) ? { messageId, n } : null;
}

function seal(digest: Digest, use: PickupTokenUse, messageId: string, n: number): string {
  const octets = digest(`pickup ${use}`, messageId, String(n));
  return Array.from({ length: SEAL_LENGTH[use] }, (_, i) => ALPHABET.charAt(fiveBits(octets, i * 5))).join('');
}

function fiveBits(octets: Uint8Array, at: number): number {
  const pair = ((octets[at >> 3] ?? 0) << 8) | (octets[(at >> 3) + 1] ?? 0);
  return (pair >> (11 - (at & 7))) & 31;
}
