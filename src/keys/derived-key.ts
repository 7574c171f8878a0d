// Keys derived from keys: HKDF with SHA-256 (RFC 5869), one purpose each.
import { hkdfSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** 32 bytes for one purpose. No salt: the input is uniformly random already (RFC 5869 3.1). */
export function deriveKey(from: KeyObject, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', from, Buffer.alloc(0), `postern 1 ${purpose}`, 32));
}
