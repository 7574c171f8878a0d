// Ids and digests for tests of the store, the same every time.
import { hash } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A message id of 26 characters that sorts by its number. */
export function idOf(number: number): string {
  let text = '';
  for (let rest = number; text.length < 10; rest = Math.floor(rest / 32)) text = ALPHABET.charAt(rest % 32) + text;
  return `01M${'0'.repeat(13)}${text}`;
}

/** 32 bytes that stand for a keyed digest. */
export function digestOf(text: string): Uint8Array {
  return hash('sha256', text, 'buffer');
}
