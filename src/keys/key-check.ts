// The value by which the data folder remembers with which master key it was sealed. It proves the key without saying anything about it.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { storageError, systemCode } from './key-failure.ts';
import { syncFolder } from './guarded-files.ts';
import type { MasterKey } from './master-key.ts';

const FILE = 'key-check';
const FORM = /^1:[0-9a-f]{16}:[0-9a-f]{64}$/;

/** Version, id of the key, HMAC. */
export function keyCheckOf(master: MasterKey): string {
  const proof = createHmac('sha256', master.checking).update(`postern key check 1 ${master.keyId}`).digest('hex');
  return `1:${master.keyId}:${proof}`;
}

/** Was it made with this key? In constant time. */
export function matchesKeyCheck(master: MasterKey, keyCheck: string): boolean {
  const right = Buffer.from(keyCheckOf(master));
  const given = Buffer.from(keyCheck);
  return FORM.test(keyCheck) && given.length === right.length && timingSafeEqual(given, right);
}

/** What the data folder remembers, or null where it remembers nothing. @throws MailError store.unavailable */
export function readKeyCheck(dataFolder: string): string | null {
  try {
    return readFileSync(join(dataFolder, FILE), 'latin1').trimEnd();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw storageError(error);
  }
}

/** To be written, durably, before the first thing is sealed in the data folder. @throws MailError store.disk-full, store.unavailable */
export function writeKeyCheck(dataFolder: string, keyCheck: string): void {
  const unfinished = join(dataFolder, `${FILE}.new`);
  try {
    const fd = openSync(unfinished, 'w', 0o600);
    try {
      writeFileSync(fd, `${keyCheck}\n`);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(unfinished, join(dataFolder, FILE));
    syncFolder(dataFolder);
  } catch (error) {
    throw storageError(error);
  }
}
