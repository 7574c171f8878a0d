// A key in a file: wrapped with AES-256-GCM under a key derived from the master key; the other lines of its file are associated data.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { bytesOf, formatKeyFile, parseKeyFile } from './key-file.ts';
import type { KeyFields, KeyFileKind } from './key-file.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The text of a key file: `fields` in clear, then the wrapped key. */
export function wrapKey(wrapping: KeyObject, kind: KeyFileKind, fields: KeyFields, key: Uint8Array): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', wrapping, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(formatKeyFile(kind, fields)));
  const wrapped = Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
  return formatKeyFile(kind, [...fields, ['key', wrapped.toString('base64')]]);
}

/** The values of `names` and the key of `keyBytes` bytes, or null where one bit of the text is not as it was written. */
export function unwrapKey(
  wrapping: KeyObject,
  kind: KeyFileKind,
  names: readonly string[],
  keyBytes: number,
  text: string,
): { readonly values: readonly string[]; readonly key: Buffer } | null {
  const values = parseKeyFile(text, kind, [...names, 'key']);
  const wrapped = bytesOf(values?.at(-1) ?? '', NONCE_BYTES + keyBytes + TAG_BYTES);
  if (values === null || wrapped === null) return null;
  const fields = names.map((name, i) => [name, values[i] ?? ''] as const);
  const decipher = createDecipheriv('aes-256-gcm', wrapping, wrapped.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(formatKeyFile(kind, fields)));
  decipher.setAuthTag(wrapped.subarray(-TAG_BYTES));
  const key = decipher.update(wrapped.subarray(NONCE_BYTES, -TAG_BYTES));
  try {
    decipher.final();
  } catch {
    return null;
  }
  return { values: values.slice(0, -1), key };
}
