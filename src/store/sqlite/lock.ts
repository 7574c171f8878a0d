// Exactly one process writes a data folder: an exclusive transaction on a small database of its own, held as long as the
// process lives. The kernel lets go of it when the process ends, kill -9 included.
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

export interface FolderLock {
  release(): void;
}

/** 'locked': another process (or another store of this one) writes this folder. */
export function lockFolder(dataFolder: string): FolderLock | 'locked' {
  const path = join(dataFolder, 'postern.lock');
  createPrivate(path);
  const db = new Database(path, { timeout: 0 });
  try {
    db.pragma('journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return 'locked';
    throw error;
  }
  return { release: () => void db.close() };
}

/**
 * Makes an empty file that only its owner can read, where there is none. An existing one is not opened: closing it would drop
 * the locks that this process holds on it (POSIX advisory locks).
 */
export function createPrivate(path: string): void {
  if (existsSync(path)) return;
  closeSync(openSync(path, 'wx', 0o600));
}
