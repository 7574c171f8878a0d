// Keyed digests: HMAC-SHA-256 (RFC 2104) under a key of its own for each label, so that a digest says nothing outside its use.
import { createHmac, createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { deriveKey } from './derived-key.ts';

export type Digest = (label: string, ...values: readonly (string | Uint8Array)[]) => Uint8Array;

/**
 * Each value is preceded by its length, so that no two lists of values are the same bytes. Strings count as UTF-8.
 * Labels come from the program, never from outside: their keys are kept.
 */
export function digests(root: KeyObject): Digest {
  const keys = new Map<string, KeyObject>();
  const keyOf = (label: string): KeyObject => {
    const known = keys.get(label);
    if (known !== undefined) return known;
    const bytes = deriveKey(root, `label ${label}`);
    const key = createSecretKey(bytes);
    bytes.fill(0);
    keys.set(label, key);
    return key;
  };
  return (label, ...values) => {
    const hmac = createHmac('sha256', keyOf(label));
    for (const value of values) {
      const sizeBytes = typeof value === 'string' ? Buffer.byteLength(value) : value.length;
      const prefix = Buffer.allocUnsafe(4);
      prefix.writeUInt32BE(sizeBytes);
      hmac.update(prefix).update(value);
    }
    return hmac.digest();
  };
}
