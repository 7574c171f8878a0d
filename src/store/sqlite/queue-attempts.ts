// Attempts: begun durably before the final dot, settled with what the delivery becomes, both only under the lease.
import type { Database } from 'better-sqlite3';
import type { AttemptStart, DestinationNews, Lease, Settlement } from '../queue.ts';
import type { EvidenceWriter } from './audit-log.ts';
import { keyOf, readDeliveryId } from './delivery-key.ts';
import { STANDING_COLUMNS } from './delivery-steps.ts';
import type { StandingRow, Steps } from './delivery-steps.ts';
import type { Destinations } from './destinations.ts';
import type { MessageReader } from './message-rows.ts';
import type { PickupRows } from './pickup-rows.ts';

export interface Attempts {
  /** Gives the leases that still hold; only their attempts were begun. */
  begin(starts: readonly AttemptStart[]): readonly Lease[];
  /** Gives the leases that were gone. */
  settle(settlements: readonly Settlement[], news: DestinationNews | null): readonly Lease[];
  renew(leases: readonly Lease[], until: number): void;
}

export interface AttemptParts {
  readonly db: Database;
  readonly messages: MessageReader;
  readonly destinations: Destinations;
  readonly steps: Steps;
  readonly evidence: EvidenceWriter;
  readonly pickups: Pick<PickupRows, 'begin'>;
}

const LEASED = "key = ? AND state = 'active' AND lease_owner = ? AND lease_token = ?";

export function attemptsOf(parts: AttemptParts): Attempts {
  const { db, evidence, steps } = parts;
  const begin = db
    .prepare<[number, string, number], number>(`UPDATE deliveries SET attempts = attempts + 1 WHERE ${LEASED} RETURNING attempts`)
    .pluck();
  const open = db.prepare<[number, number, number]>('INSERT INTO attempts (delivery, attempt, started_at) VALUES (?, ?, ?)');
  const close = db.prepare<[number, string, number, number]>(
    'UPDATE attempts SET ended_at = ?, result = ? WHERE delivery = ? AND attempt = ? AND ended_at IS NULL',
  );
  const standing = db.prepare<[number, string, number], StandingRow>(`SELECT ${STANDING_COLUMNS} FROM deliveries WHERE ${LEASED}`);
  const renew = db.prepare<[number, number, string, number]>(`UPDATE deliveries SET lease_until = ? WHERE ${LEASED}`);
  const keyOfLease = (lease: Lease): number => {
    const id = readDeliveryId(lease.deliveryId);
    const number = id === null ? null : parts.messages.numberOf(id.messageId);
    return id === null || number === null ? -1 : keyOf(number, id.n);
  };
  const settleOne = (settlement: Settlement): boolean => {
    const { lease, at, after, outcome, report, status, decision, methodIndex, methodSince } = settlement;
    const row = standing.get(keyOfLease(lease), lease.owner, lease.token);
    if (row === undefined) return false;
    if (row.attempts > 0) close.run(at, outcome === 'unknown' ? 'unknown' : after.state, row.key, row.attempts);
    steps.take(row, lease.deliveryId, {
      to: after.state,
      at,
      dueAt: 'dueAt' in after ? after.dueAt : null,
      hold: 'hold' in after ? after.hold : null,
      report,
      status,
      road: { decision, methodIndex, methodSince },
      outcome,
    });
    if (after.state === 'waiting') parts.pickups.begin(row.key, lease.deliveryId, at, after.pickup);
    evidence.appendAll(settlement.evidence);
    return true;
  };
  return {
    begin: (starts) =>
      starts.flatMap(({ lease, at, evidence: started }) => {
        const key = keyOfLease(lease);
        const attempt = begin.get(key, lease.owner, lease.token);
        if (attempt === undefined) return [];
        open.run(key, attempt, at);
        evidence.append(started);
        return [lease];
      }),
    settle: (settlements, news) => {
      if (news !== null) parts.destinations.tell(news);
      return settlements.filter((settlement) => !settleOne(settlement)).map(({ lease }) => lease);
    },
    renew: (leases, until) => {
      for (const lease of leases) renew.run(until, keyOfLease(lease), lease.owner, lease.token);
    },
  };
}
