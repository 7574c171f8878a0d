// The read side for people and commands, on a read-only connection of its own: it never stands in the way of a commit.
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { ColumnSealer, StoreReader } from '../store.ts';
import { auditReader } from './audit-reader.ts';
import { columnsOf } from './columns.ts';
import { consentReader } from './consent-reader.ts';
import { decisionsOf } from './decisions.ts';
import { factsReader } from './facts-reader.ts';
import { messageReader } from './message-rows.ts';
import { DATABASE, logIdOf } from './open.ts';
import { pickupReader } from './pickup-reader.ts';
import { queueReader } from './queue-reader.ts';

export interface ReaderOptions {
  readonly dataFolder: string;
  readonly sealer: ColumnSealer;
}

const CACHE_KIB = 4 * 1024;

/** Opens the database of a data folder that a store has opened before. Works beside the writing process, and without it. */
export function openReader({ dataFolder, sealer }: ReaderOptions): StoreReader {
  const db = new Database(join(dataFolder, DATABASE), { readonly: true, fileMustExist: true });
  db.pragma('temp_store = MEMORY');
  db.pragma(`cache_size = -${CACHE_KIB}`);
  db.pragma('trusted_schema = OFF');
  const columns = columnsOf(sealer);
  const decisions = decisionsOf(db, null);
  const messages = messageReader(db, columns);
  return {
    queue: queueReader({ db, columns, decisions, messages }),
    facts: factsReader(db, columns, decisions),
    audit: auditReader(db, columns, logIdOf(db)),
    consents: consentReader(db, columns),
    pickups: pickupReader(db, columns, messages),
    close: async () => void db.close(),
  };
}
