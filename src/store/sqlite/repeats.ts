// Recognition of repeats: keyed digests of what was taken in, valid until a time and only while the earlier delivery has not failed.
import type { Database } from 'better-sqlite3';
import type { DeliveryState } from '../../mail/delivery.ts';
import type { NewDelivery } from '../journal.ts';
import { placeOf } from './delivery-key.ts';

/** The earlier delivery that one repeats. */
export interface Repeat {
  readonly earlierId: string;
  readonly likely: boolean;
}

export interface Repeats {
  /** The earlier delivery, or null where this one is new. An exact repeat goes before a likely one. */
  find(delivery: NewDelivery, at: number): Repeat | null;
  remember(delivery: NewDelivery, key: number, until: number): void;
  /** Removes the oldest that are past their time, a few per delivery taken in: more than it brings. */
  forget(now: number, deliveries: number): void;
}

/** A repeat of one that failed or was cancelled is a new try. */
const STILL_GOOD: ReadonlySet<DeliveryState> = new Set([
  'undecided',
  'queued',
  'active',
  'deferred',
  'held',
  'waiting',
  'relayed',
  'picked-up',
]);

/** 128 bits of a keyed digest are enough to tell messages apart, and keep the index small. */
const KEPT_BYTES = 16;

const FORGET_PER_DELIVERY = 4;

export function repeatsOf(db: Database): Repeats {
  const find = db.prepare<[number, Uint8Array, number], { key: number; id: string; state: DeliveryState }>(
    `SELECT d.key, d.state, m.id FROM repeats r JOIN deliveries d ON d.key = r.delivery JOIN messages m ON m.number = r.delivery / 65536
      WHERE r.likely = ? AND r.digest = ? AND r.until > ?`,
  );
  const remember = db.prepare<[number, Uint8Array, number, number]>(
    'REPLACE INTO repeats (likely, digest, delivery, until) VALUES (?, ?, ?, ?)',
  );
  const oldest = db.prepare<[], number>('SELECT until FROM repeats ORDER BY id LIMIT 1').pluck();
  const forget = db.prepare<[number, number]>(
    'DELETE FROM repeats WHERE id IN (SELECT id FROM repeats ORDER BY id LIMIT ?) AND until <= ?',
  );

  const lookUp = (likely: 0 | 1, digest: Uint8Array | null, at: number): Repeat | null => {
    if (digest === null) return null;
    const row = find.get(likely, digest.subarray(0, KEPT_BYTES), at);
    return row !== undefined && STILL_GOOD.has(row.state) ? { earlierId: `${row.id}/${placeOf(row.key)}`, likely: likely === 1 } : null;
  };
  return {
    find: (delivery, at) => lookUp(0, delivery.repeatDigest, at) ?? lookUp(1, delivery.likelyDigest, at),
    remember: (delivery, key, until) => {
      if (delivery.repeatDigest !== null) remember.run(0, delivery.repeatDigest.subarray(0, KEPT_BYTES), key, until);
      if (delivery.likelyDigest !== null) remember.run(1, delivery.likelyDigest.subarray(0, KEPT_BYTES), key, until);
    },
    forget: (now, deliveries) => {
      const until = oldest.get();
      if (until !== undefined && until <= now) forget.run(deliveries * FORGET_PER_DELIVERY, now);
    },
  };
}
