// Takes back deliveries that nobody works on: after a crash those of other owners, later those whose lease has run out.
import type { Database } from 'better-sqlite3';
import type { EvidenceWriter } from './audit-log.ts';
import { messageNumberOf, placeOf } from './delivery-key.ts';
import { STANDING_COLUMNS } from './delivery-steps.ts';
import type { StandingRow, Steps } from './delivery-steps.ts';
import type { MessageReader } from './message-rows.ts';
import { bringForward } from './queue-clock.ts';

export interface ReclaimRequest {
  readonly owner: string;
  readonly now: number;
  readonly scope: 'start' | 'expired';
  readonly limit: number;
  readonly latestDueAt?: number;
}

export interface ReclaimParts {
  readonly db: Database;
  readonly messages: MessageReader;
  readonly steps: Steps;
  readonly evidence: EvidenceWriter;
}

export function queueReclaim(parts: ReclaimParts): (request: ReclaimRequest) => number {
  const { db, messages, steps, evidence } = parts;
  const SELECT = `SELECT ${STANDING_COLUMNS} FROM deliveries WHERE state = 'active' AND lease_owner <> ?`;
  const others = db.prepare<[string, number], StandingRow>(`${SELECT} LIMIT ?`);
  const expired = db.prepare<[string, number, number], StandingRow>(`${SELECT} AND lease_until <= ? LIMIT ?`);
  const lose = db.prepare<[number, number, number]>(
    "UPDATE attempts SET ended_at = ?, result = 'lost' WHERE delivery = ? AND attempt = ? AND ended_at IS NULL",
  );
  const takeBack = (row: StandingRow, now: number): void => {
    const messageId = messages.idOf(messageNumberOf(row.key));
    const deliveryId = `${messageId}/${placeOf(row.key)}`;
    // an attempt without a result may have reached the next hop: what follows may be a duplicate, and is marked so
    const lost = lose.run(now, row.key, row.attempts).changes > 0;
    const back = { at: now, dueAt: now, hold: null, report: null, status: null, road: null } as const;
    steps.take(row, deliveryId, { ...back, to: lost ? 'deferred' : 'queued', outcome: lost ? 'unknown' : 'known' });
    if (lost) evidence.append({ kind: 'attempt.lost', at: now, messageId, deliveryId, codes: { attempt: row.attempts }, detail: null });
  };
  const forward = bringForward(db);
  return ({ owner, now, scope, limit, latestDueAt }) => {
    if (latestDueAt !== undefined) forward(now, latestDueAt);
    const rows = scope === 'start' ? others.all(owner, limit) : expired.all(owner, now, limit);
    for (const row of rows) takeBack(row, now);
    return rows.length;
  };
}
