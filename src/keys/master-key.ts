// The master key: 32 random bytes in master.key, and what is derived from it. Nothing is ever sealed with the master key itself.
import { createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { deriveKey } from './derived-key.ts';
import { bytesOf, formatKeyFile, parseKeyFile } from './key-file.ts';
import { KeyFolderRefused } from './key-failure.ts';
import { readFile } from './guarded-files.ts';

export const MASTER_KEY_FILE = 'master.key';
const KEY_BYTES = 32;

export interface MasterKey {
  /** 16 hexadecimal digits, derived from the key: tells two keys apart, says nothing about them. */
  readonly keyId: string;
  /** Wraps the keys in the other files. */
  readonly wrapping: KeyObject;
  /** Root of keyed digests. */
  readonly digesting: KeyObject;
  /** Makes the value by which the data folder remembers this key. */
  readonly checking: KeyObject;
}

/** A fresh one, and the text of its file. */
export function newMasterKey(): { readonly master: MasterKey; readonly text: string } {
  const bytes = randomBytes(KEY_BYTES);
  const text = formatKeyFile('postern-master-key', [
    ['id', keyIdOf(createSecretKey(bytes))],
    ['key', bytes.toString('base64')],
  ]);
  return { master: derive(bytes), text };
}

/** Null where there is none. @throws KeyFolderRefused */
export function readMasterKey(folder: string): MasterKey | null {
  const path = join(folder, MASTER_KEY_FILE);
  const text = readFile(path);
  if (text === null) return null;
  const [id, base64 = ''] = parseKeyFile(text, 'postern-master-key', ['id', 'key']) ?? [];
  const bytes = bytesOf(base64, KEY_BYTES);
  if (bytes === null || keyIdOf(createSecretKey(bytes)) !== id) {
    throw new KeyFolderRefused(
      'keys.damaged',
      `${path} is damaged: its key and its id do not belong together. Put back the file from your copy.`,
    );
  }
  return derive(bytes);
}

function keyIdOf(key: KeyObject): string {
  return deriveKey(key, 'key id').toString('hex', 0, 8);
}

function derive(bytes: Buffer): MasterKey {
  const key = createSecretKey(bytes);
  bytes.fill(0);
  const derived = (purpose: string): KeyObject => {
    const material = deriveKey(key, purpose);
    const made = createSecretKey(material);
    material.fill(0);
    return made;
  };
  return { keyId: keyIdOf(key), wrapping: derived('wrapping'), digesting: derived('digests'), checking: derived('key check') };
}
