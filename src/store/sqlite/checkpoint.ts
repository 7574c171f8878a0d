// Moves the log of commits (WAL) into the database, between commits and in a size that does not stall them for long.
// An error here is seen: SQLite's own automatic checkpoint would swallow it.
import type { Database } from 'better-sqlite3';

/** Pages of the log at which it is moved. */
const PAGES = 2_000;

/** The log is measured once in so many commits. */
const COMMITS = 16;

interface CheckpointRow {
  readonly busy: number;
  readonly log: number;
  readonly checkpointed: number;
}

/** @returns to be called after each commit. @throws SqliteError where it fails: the database must not be used any more. */
export function checkpointer(db: Database): () => void {
  const measure = db.prepare<[], CheckpointRow>('PRAGMA wal_checkpoint(NOOP)');
  const move = db.prepare<[], CheckpointRow>('PRAGMA wal_checkpoint(PASSIVE)');
  let commits = 0;
  return () => {
    commits += 1;
    if (commits < COMMITS) return;
    commits = 0;
    const row = measure.get();
    if (row !== undefined && row.log - row.checkpointed > PAGES) move.get();
  };
}
