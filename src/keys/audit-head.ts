// The signed head of the audit chain: its Ed25519 key (RFC 8032) and the file that holds the newest head, away from the data folder.
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { KeyFolderRefused, storageError, systemCode } from './key-failure.ts';
import { createFile, readFile } from './guarded-files.ts';
import { unwrapKey, wrapKey } from './key-wrap.ts';
import type { MasterKey } from './master-key.ts';

export const HEAD_KEY_FILE = 'head.key';
const HEAD_FILE = 'head.json';
/** PKCS #8 of an Ed25519 key (RFC 8410 section 7). */
const PRIVATE_BYTES = 48;
/** A head is far smaller. */
const HEAD_BYTES = 64 * 1024;

export interface AuditHead {
  sign(bytes: Uint8Array): Uint8Array;
  verify(bytes: Uint8Array, signature: Uint8Array): boolean;
  /** For those who verify elsewhere: PEM, SubjectPublicKeyInfo. */
  readonly publicKey: string;
  /** Replaces the head, whole and durable when it resolves. Heads are written in the order given. @throws MailError store.disk-full, store.unavailable */
  write(head: string): Promise<void>;
  /** The newest head, or null where none was ever written. @throws MailError store.unavailable */
  read(): Promise<string | null>;
}

/** Writes a fresh signing key. */
export function createHeadKey(folder: string, master: MasterKey): void {
  const { privateKey } = generateKeyPairSync('ed25519');
  const der = privateKey.export({ type: 'pkcs8', format: 'der' });
  createFile(folder, HEAD_KEY_FILE, wrapKey(master.wrapping, 'postern-head-key', [['master', master.keyId]], der));
  der.fill(0);
}

/** @throws KeyFolderRefused where the signing key is missing or damaged */
export function openAuditHead(folder: string, master: MasterKey): AuditHead {
  const path = join(folder, HEAD_KEY_FILE);
  const opened = unwrapKey(master.wrapping, 'postern-head-key', ['master'], PRIVATE_BYTES, readFile(path) ?? '');
  if (opened === null || opened.values[0] !== master.keyId) {
    throw new KeyFolderRefused(
      'keys.damaged',
      `${path} is missing, damaged, or of another key folder. Put back the file from a backup of this key folder.`,
    );
  }
  const privateKey = createPrivateKey({ key: opened.key, format: 'der', type: 'pkcs8' });
  opened.key.fill(0);
  return auditHead(folder, privateKey, createPublicKey(privateKey));
}

function auditHead(folder: string, privateKey: KeyObject, publicKey: KeyObject): AuditHead {
  let last: Promise<void> = Promise.resolve();
  return {
    sign: (bytes) => sign(null, bytes, privateKey),
    verify: (bytes, signature) => verify(null, bytes, publicKey, signature),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    write(head) {
      const written = last.catch(() => undefined).then(() => replaceHead(folder, head));
      last = written;
      return written;
    },
    read: () => readHead(folder),
  };
}

async function replaceHead(folder: string, head: string): Promise<void> {
  const unfinished = join(folder, `${HEAD_FILE}.new`);
  try {
    const file = await open(unfinished, 'w', 0o600);
    try {
      await file.writeFile(head);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, join(folder, HEAD_FILE));
    const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw storageError(cause);
  }
}

async function readHead(folder: string): Promise<string | null> {
  try {
    const file = await open(join(folder, HEAD_FILE), constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return null;
    throw storageError(cause);
  }
}
