// The hash chain over evidence records: each hash covers the one before and the bytes of its record.
import { hash } from 'node:crypto';

/** The hash before the first record of every log. */
export const GENESIS: Uint8Array = new Uint8Array(32);

/** SHA-256 over the previous hash and the bytes of the record. */
export function chainHash(previous: Uint8Array, bytes: Uint8Array): Uint8Array {
  return hash('sha256', Buffer.concat([previous, bytes]), 'buffer');
}
