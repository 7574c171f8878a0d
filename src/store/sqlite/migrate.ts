// Brings a database to the newest schema: nothing is touched that is newer than this program or not ours, and what is older
// is copied first, the copy checked, and then changed in one transaction. A crash at any point leaves a start that can do it again.
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { createPrivate } from './lock.ts';
import type { Migration } from './schema.ts';

/** 'Post' in the header of the file. */
const APPLICATION_ID = 0x506f7374;

/** Larger pages hold a small message beside its row's neighbours, and make fewer of them to write. */
const PAGE_BYTES = 4096;

export type Migrated =
  | { readonly kind: 'ready'; readonly from: number }
  /** Written by a newer program: untouched. */
  | { readonly kind: 'newer-schema'; readonly found: number; readonly known: number }
  /** Not a database of Postern: untouched. */
  | { readonly kind: 'not-ours' }
  /** The copy before the change could not be made or was not good: untouched. */
  | { readonly kind: 'copy-failed'; readonly code: string };

/** @param first is called in the transaction that makes a new database */
export function migrate(path: string, steps: readonly Migration[], first: (db: Database.Database) => void): Migrated {
  const known = steps.at(-1)?.version ?? 0;
  const found = schemaOf(path);
  if (found === 'not-ours') return { kind: 'not-ours' };
  if (found > known) return { kind: 'newer-schema', found, known };
  if (found === known) return { kind: 'ready', from: found };
  if (found > 0) {
    const failure = copyFirst(path, found);
    if (failure !== null) return { kind: 'copy-failed', code: failure };
  } else {
    createPrivate(path);
  }
  const db = new Database(path);
  try {
    if (found === 0) db.pragma(`page_size = ${PAGE_BYTES}`);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('temp_store = MEMORY');
    apply(
      db,
      steps.filter((step) => step.version > found),
      known,
      found === 0 ? first : null,
    );
    db.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    db.close();
  }
  syncPath(dirname(path));
  return { kind: 'ready', from: found };
}

function apply(db: Database.Database, steps: readonly Migration[], known: number, first: ((db: Database.Database) => void) | null): void {
  db.exec('BEGIN EXCLUSIVE');
  try {
    for (const step of steps) db.exec(step.sql);
    first?.(db);
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.pragma(`user_version = ${known}`);
    db.exec('COMMIT');
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** Schema version of the file; 0 where there is none yet. Reads only. */
export function schemaOf(path: string): number | 'not-ours' {
  try {
    const db = new Database(path, { readonly: true, fileMustExist: true });
    try {
      const version = Number(db.pragma('user_version', { simple: true }));
      const id = db.pragma('application_id', { simple: true });
      if (id === APPLICATION_ID) return version;
      const tables = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get();
      return tables === 0 && version === 0 ? 0 : 'not-ours';
    } finally {
      db.close();
    }
  } catch (error) {
    if (codeOf(error) === 'SQLITE_CANTOPEN') return 0;
    if (codeOf(error) === 'SQLITE_NOTADB') return 'not-ours';
    throw error;
  }
}

/** Copies the database as it is and checks the copy. Gives the code of what went wrong, or null. */
function copyFirst(path: string, version: number): string | null {
  const part = `${path}.schema-${version}.part`;
  try {
    rmSync(part, { force: true });
    createPrivate(part);
    const db = new Database(path, { readonly: true, fileMustExist: true });
    try {
      db.prepare('VACUUM INTO ?').run(part);
    } finally {
      db.close();
    }
    const copy = new Database(part, { readonly: true, fileMustExist: true });
    try {
      if (copy.pragma('integrity_check', { simple: true }) !== 'ok') return 'copy-damaged';
      if (copy.pragma('user_version', { simple: true }) !== version) return 'copy-damaged';
    } finally {
      copy.close();
    }
    syncPath(part);
    renameSync(part, `${path}.schema-${version}`);
    syncPath(dirname(path));
    return null;
  } catch (error) {
    removeIfPossible(part);
    return codeOf(error) ?? 'copy-failed';
  }
}

/** Half a copy takes room that may be what is missing; the next start removes it too. */
function removeIfPossible(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // what failed before is what is told
  }
}

function syncPath(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
