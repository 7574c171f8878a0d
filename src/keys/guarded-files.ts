// Files of the key folder on disk: created whole or not at all, fsynced with their folder, and read only where nobody else may.
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import type { Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { KEY_FILE_BYTES } from './key-file.ts';
import { KeyFolderRefused, systemCode } from './key-failure.ts';

/** Names of files that were not finished when the process died. */
export const UNFINISHED = '.new-';

/** Makes the entries of a folder durable. */
export function syncFolder(folder: string): void {
  const fd = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Creates a folder 0700, durably; parents too. One that exists is left as it is. */
export function createFolder(folder: string): void {
  const first = mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let at = folder; ; at = dirname(at)) {
    syncFolder(dirname(at));
    if (at === first) return;
  }
}

/** Creates a file 0600: afterwards it is there whole and durable. An existing one is never replaced (EEXIST). */
export function createFile(folder: string, name: string, text: string): void {
  const unfinished = join(folder, UNFINISHED + randomBytes(8).toString('hex'));
  const fd = openSync(unfinished, 'wx', 0o600);
  try {
    try {
      writeWhole(fd, Buffer.from(text));
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    linkSync(unfinished, join(folder, name));
  } finally {
    unlinkSync(unfinished);
  }
  syncFolder(folder);
}

function writeWhole(fd: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done, bytes.length - done, done);
}

/** Overwrites, truncates and unlinks, each durable before the next. What the disk keeps below the file system is out of reach (docs/keys.md). */
export function destroyFile(folder: string, name: string): void {
  const path = join(folder, name);
  const fd = openSync(path, constants.O_RDWR | constants.O_NOFOLLOW);
  try {
    writeWhole(fd, randomBytes(fstatSync(fd).size));
    fsyncSync(fd);
    ftruncateSync(fd, 0);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  unlinkSync(path);
  syncFolder(folder);
}

/** The text of a key file, or null where there is none. @throws KeyFolderRefused where others may read it, or it is no plain file */
export function readFile(path: string): string | null {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') return null;
    if (code === 'ELOOP') throw new KeyFolderRefused('keys.damaged', `${path} is a symbolic link; it must be a plain file.`);
    throw error;
  }
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) throw new KeyFolderRefused('keys.damaged', `${path} is not a plain file.`);
    refuseExposed(path, stats, '600');
    const bytes = Buffer.alloc(KEY_FILE_BYTES + 1);
    const sizeBytes = readSync(fd, bytes, 0, bytes.length, 0);
    const text = bytes.toString('latin1', 0, Math.min(sizeBytes, KEY_FILE_BYTES));
    bytes.fill(0);
    return sizeBytes > KEY_FILE_BYTES ? '' : text;
  } finally {
    closeSync(fd);
  }
}

/** @throws KeyFolderRefused where it is no folder, or not ours alone */
export function checkFolder(folder: string): void {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  if (stats === undefined)
    throw new KeyFolderRefused('keys.damaged', `${folder} is missing. Put it back from a backup of this key folder.`);
  if (!stats.isDirectory()) throw new KeyFolderRefused('keys.damaged', `${folder} is not a folder.`);
  refuseExposed(folder, stats, '700');
}

function refuseExposed(path: string, stats: Stats, right: string): void {
  const uid = process.getuid?.();
  if (uid !== undefined && stats.uid !== uid) {
    throw new KeyFolderRefused(
      'keys.exposed',
      `${path} belongs to user ${stats.uid}, but Postern runs as user ${uid}; they must be the same: chown ${uid} ${path}`,
    );
  }
  if ((stats.mode & 0o077) !== 0) {
    const mode = (stats.mode & 0o777).toString(8).padStart(4, '0');
    throw new KeyFolderRefused(
      'keys.exposed',
      `${path} is open to group or others (mode ${mode}); it must be 0${right}: chmod ${right} ${path}`,
    );
  }
}
