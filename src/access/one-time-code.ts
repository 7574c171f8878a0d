// Codes that are good once: eight digits, shown as 1234-5678. Only a keyed digest under a salt of its own is kept, and comparing takes the same
// time whichever digit is wrong. With eight digits and tries that are counted, guessing is no way in (NIST SP 800-63B-4 3.1.3.1, 3.2.2).
import { randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import type { Code, CodeKind } from '../store/people.ts';

/** A keyed digest: keys/digests.ts. */
type Digest = (label: string, ...values: readonly (string | Uint8Array)[]) => Uint8Array;

export interface DrawnCode {
  /** For the person: `1234-5678`. Never kept. */
  readonly shown: string;
  readonly salt: Uint8Array;
  readonly digest: Uint8Array;
}

const DIGITS = 8;
const SALT_BYTES = 16;

/** ASVS 5.0 6.5.5: what is sent lives ten minutes at most. What the organisation tells is for the person to use when they come to it. */
export const CODE_LIVES_MS = {
  'mailed-code': 10 * 60_000,
  'phone-code': 10 * 60_000,
  'clinic-code': 30 * 86_400_000,
} as const satisfies Record<CodeKind, number>;

export function drawCode(digest: Digest): DrawnCode {
  const digits = String(randomInt(10 ** DIGITS)).padStart(DIGITS, '0');
  const salt = randomBytes(SALT_BYTES);
  return { shown: `${digits.slice(0, DIGITS / 2)}-${digits.slice(DIGITS / 2)}`, salt, digest: digestOf(digest, salt, digits) };
}

/** The digits of what was typed, whatever stands between them; null where it is no code of ours. Digits of other scripts count as they read. */
export function digitsOf(typed: string): string | null {
  const digits = typed.normalize('NFKC').replace(/[\s\p{Pd}.]/gu, '');
  return /^\d{8}$/.test(digits) ? digits : null;
}

/** The one that was typed, or null. Each is looked at, found or not. */
export function findCode(digest: Digest, digits: string | null, codes: readonly Code[]): Code | null {
  const found = codes.filter((code) => timingSafeEqual(digestOf(digest, code.salt, digits ?? ''), code.digest));
  return digits === null ? null : (found[0] ?? null);
}

function digestOf(digest: Digest, salt: Uint8Array, digits: string): Uint8Array {
  return digest('pickup-code', salt, digits);
}
