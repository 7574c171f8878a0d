// Destinations: what the queue groups and backs off by. `ready_at` says when claim has to look at one again,
// so that it never scans: it is never later than the first due delivery there or the end of the back-off.
import type { Database } from 'better-sqlite3';
import type { DestinationNews } from '../queue.ts';
import type { UnitMemory } from './unit-memory.ts';

/** A destination that claim is to look at. */
export interface ReadyDestination {
  readonly id: number;
  readonly digest: Uint8Array;
  /** End of the back-off (past, when it is ready), or null. */
  readonly not_before: number | null;
}

export interface Destinations {
  /** The number of a destination, made where it is new. */
  idOf(digest: Uint8Array): number;
  /** A delivery there will be due at this time. */
  touch(id: number, dueAt: number): void;
  /** A delivery left the lease: where it was the probe, the next may go. */
  left(id: number, key: number): void;
  /** `key` is now the one probe of this destination. */
  probing(id: number, key: number): void;
  /** Sets when to look again. `now` puts it behind those not served since. */
  served(id: number, now: number): void;
  ready(now: number, limit: number): readonly ReadyDestination[];
  nextReadyAfter(now: number): number | null;
  tell(news: DestinationNews): void;
  /** A person wants an attempt now: a back-off ends, its probe is due. */
  hurry(id: number, at: number): void;
  read(digest: Uint8Array): DestinationNews | null;
}

const REMEMBERED = 10_000;

export function destinationsOf(db: Database, memory: UnitMemory): Destinations {
  const idOf = destinationIds(db, memory);
  const touch = db.prepare<{ id: number; due: number }>(
    `UPDATE destinations SET ready_at = max(:due, ifnull(not_before, :due))
      WHERE id = :id AND probe IS NULL AND (ready_at IS NULL OR ready_at > max(:due, ifnull(not_before, :due)))`,
  );
  const unprobe = db.prepare<[number, number]>('UPDATE destinations SET probe = NULL WHERE id = ? AND probe = ?');
  const probe = db.prepare<[number, number]>('UPDATE destinations SET probe = ?, ready_at = NULL WHERE id = ?');
  const earliest = db
    .prepare<[number], number | null>(
      'SELECT min(due_at) FROM deliveries INDEXED BY deliveries_due WHERE destination = ? AND due_at IS NOT NULL',
    )
    .pluck();
  const setReady = db.prepare<{ id: number; due: number | null; floor: number }>(
    `UPDATE destinations SET ready_at = CASE WHEN :due IS NULL OR probe IS NOT NULL THEN NULL ELSE max(:due, ifnull(not_before, :due), :floor) END
      WHERE id = :id`,
  );
  const ready = db.prepare<[number, number], ReadyDestination>(
    'SELECT id, digest, not_before FROM destinations WHERE ready_at <= ? ORDER BY ready_at LIMIT ?',
  );
  const next = db.prepare<[number], number | null>('SELECT min(ready_at) FROM destinations WHERE ready_at > ?').pluck();
  const tell = db.prepare<{ id: number; notBefore: number | null; failures: number }>(
    `UPDATE destinations SET not_before = :notBefore, failures = :failures, probe = CASE WHEN :notBefore IS NULL THEN NULL ELSE probe END
      WHERE id = :id AND (not_before IS NOT :notBefore OR failures <> :failures)`,
  );
  const hurry = db.prepare<{ id: number; at: number }>('UPDATE destinations SET not_before = :at WHERE id = :id AND not_before > :at');
  const read = db.prepare<[Uint8Array], { not_before: number | null; failures: number }>(
    'SELECT not_before, failures FROM destinations WHERE digest = ? AND (not_before IS NOT NULL OR failures > 0)',
  );
  const refresh = (id: number, floor: number): void => {
    setReady.run({ id, due: earliest.get(id) ?? null, floor });
  };
  return {
    idOf,
    touch: (id, due) => touch.run({ id, due }),
    left: (id, key) => {
      if (unprobe.run(id, key).changes > 0) refresh(id, 0);
    },
    probing: (id, key) => probe.run(key, id),
    served: (id, now) => refresh(id, now),
    ready: (now, limit) => ready.all(now, limit),
    nextReadyAfter: (now) => next.get(now) ?? null,
    tell: (news) => {
      const id = idOf(news.destination);
      const { notBefore, failures } = news;
      if (tell.run({ id, notBefore, failures }).changes > 0) refresh(id, 0);
    },
    hurry: (id, at) => {
      hurry.run({ id, at });
      refresh(id, 0);
    },
    read: (bytes) => {
      const row = read.get(bytes);
      return row === undefined ? null : { destination: bytes, notBefore: row.not_before, failures: row.failures };
    },
  };
}

/** The number of a destination by its digest, remembered for those of late. */
function destinationIds(db: Database, memory: UnitMemory): (digest: Uint8Array) => number {
  const find = db.prepare<[Uint8Array], { id: number }>('SELECT id FROM destinations WHERE digest = ?');
  const insert = db.prepare<[Uint8Array]>(
    'INSERT INTO destinations (digest, ready_at, not_before, failures, probe) VALUES (?, NULL, NULL, 0, NULL)',
  );
  const ids = new Map<string, number>();

  return (bytes) => {
    const key = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    const known = ids.get(key);
    if (known !== undefined) return known;
    const found = find.get(bytes)?.id;
    const id = found ?? Number(insert.run(bytes).lastInsertRowid);
    if (ids.size >= REMEMBERED) ids.clear();
    ids.set(key, id);
    memory.onUndo(() => ids.delete(key));
    return id;
  };
}
