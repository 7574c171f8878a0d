// Opens the data folder for writing: the lock, the schema, the connection, the engine over it.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { engineOf } from './engine.ts';
import type { Engine, EngineOptions } from './engine.ts';
import { lockFolder } from './lock.ts';
import { migrate } from './migrate.ts';
import type { Migrated } from './migrate.ts';
import { migrations } from './schema.ts';
import type { Migration } from './schema.ts';

/** Name of the database in the data folder. */
export const DATABASE = 'postern.db';

/** Page cache of the writing connection. */
const CACHE_KIB = 16 * 1024;

/** A log of commits that grew larger in a busy hour is cut back to this. */
const WAL_KEPT_BYTES = 64 * 1024 * 1024;

export interface OpenOptions extends EngineOptions {
  readonly dataFolder: string;
  /** Schema steps; those of schema/ where left out. */
  readonly steps?: readonly Migration[];
}

export interface OpenEngine extends Engine {
  readonly logId: string;
  /** Moves the log of commits into the database, closes it, and lets go of the folder. */
  close(): void;
}

/** Why a data folder was not opened. It is untouched then. */
export type Refused = Exclude<Migrated, { kind: 'ready' }> | { readonly kind: 'locked' };

export function openEngine(options: OpenOptions): { readonly kind: 'open'; readonly engine: OpenEngine } | Refused {
  const path = join(options.dataFolder, DATABASE);
  const lock = lockFolder(options.dataFolder);
  if (lock === 'locked') return { kind: 'locked' };
  try {
    const migrated = migrate(path, options.steps ?? migrations(), (db) => {
      db.prepare('INSERT INTO meta (name, value) VALUES (?, ?)').run('log-id', randomUUID());
    });
    if (migrated.kind !== 'ready') {
      lock.release();
      return migrated;
    }
    const db = openForWriting(path);
    const logId = logIdOf(db);
    const engine = engineOf(db, logId, options);
    const close = (): void => {
      db.close();
      lock.release();
    };
    return { kind: 'open', engine: { ...engine, logId, close } };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function openForWriting(path: string): Database.Database {
  const db = new Database(path, { fileMustExist: true });
  db.pragma('journal_mode = WAL');
  // a commit is on stable storage when it returns
  db.pragma('synchronous = FULL');
  // nothing is written to temporary files, and nothing to the log before its commit
  db.pragma('temp_store = MEMORY');
  db.pragma('cache_spill = OFF');
  db.pragma(`cache_size = -${CACHE_KIB}`);
  // freed pages that are written anyway are overwritten; what must be gone for sure is gone with its key
  db.pragma('secure_delete = FAST');
  // checkpoint.ts decides when, and sees its errors
  db.pragma('wal_autocheckpoint = 0');
  db.pragma(`journal_size_limit = ${WAL_KEPT_BYTES}`);
  db.pragma('trusted_schema = OFF');
  return db;
}

/** The id of this gateway's chain, made with the database. */
export function logIdOf(db: Database.Database): string {
  const logId = db.prepare<[string], string>('SELECT value FROM meta WHERE name = ?').pluck().get('log-id');
  if (logId === undefined) throw new Error('the database has no log id');
  return logId;
}
