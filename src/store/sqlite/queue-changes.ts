// What a person asks for (hold, release, cancel, return, retry), and holds that nobody looked at in time.
import type { Database } from 'better-sqlite3';
import { replyOf } from '../../mail/mail-error.ts';
import { isLegalStep } from '../../mail/delivery.ts';
import type { DeliveryState } from '../../mail/delivery.ts';
import type { ChangeResult, PersonalChange } from '../queue.ts';
import type { EvidenceWriter } from './audit-log.ts';
import { keyOf, messageNumberOf, placeOf, readDeliveryId } from './delivery-key.ts';
import { STANDING_COLUMNS } from './delivery-steps.ts';
import type { StandingRow, Steps } from './delivery-steps.ts';
import type { Destinations } from './destinations.ts';
import type { MessageReader } from './message-rows.ts';
import type { ReviewsEngine } from './reviews.ts';

export interface Changes {
  change(change: PersonalChange): ChangeResult;
  expireHolds(request: { readonly now: number; readonly limit: number }): number;
  /** Holds a delivery whose stored bytes cannot be read: fail closed, with a person to look at it. */
  holdUnreadable(key: number, at: number, deadline: number): void;
}

export interface ChangeParts {
  readonly db: Database;
  readonly messages: MessageReader;
  readonly destinations: Destinations;
  readonly steps: Steps;
  readonly evidence: EvidenceWriter;
  readonly reviews: Pick<ReviewsEngine, 'judge'>;
}

interface HeldRow extends StandingRow {
  readonly hold_owner: string;
}

const TARGET = { hold: 'held', release: 'queued', cancel: 'cancelled', return: 'returned' } as const satisfies Record<
  string,
  DeliveryState
>;

export function changesOf(parts: ChangeParts): Changes {
  const { db, messages, destinations, steps, evidence, reviews } = parts;
  const standing = db.prepare<[number], StandingRow>(`SELECT ${STANDING_COLUMNS} FROM deliveries WHERE key = ?`);
  const overdue = db.prepare<[number, number], HeldRow>(
    `SELECT ${STANDING_COLUMNS}, hold_owner FROM deliveries INDEXED BY deliveries_held WHERE state = 'held' AND hold_deadline <= ? ORDER BY hold_deadline LIMIT ?`,
  );
  const due = db.prepare<[number, number]>('UPDATE deliveries SET due_at = ? WHERE key = ?');

  const find = (deliveryId: string): StandingRow | undefined => {
    const id = readDeliveryId(deliveryId);
    const number = id === null ? null : messages.numberOf(id.messageId);
    return id === null || number === null ? undefined : standing.get(keyOf(number, id.n));
  };
  const retry = (row: StandingRow, change: PersonalChange): ChangeResult => {
    if (row.state !== 'queued' && row.state !== 'deferred') return { not: 'legal', state: row.state };
    due.run(change.at, row.key);
    destinations.touch(row.destination, change.at);
    destinations.hurry(row.destination, change.at);
    evidence.append(change.evidence);
    return 'done';
  };
  return {
    change: (change) => {
      const row = find(change.deliveryId);
      if (row === undefined) return 'not-found';
      if (change.change === 'retry') return retry(row, change);
      const to = TARGET[change.change];
      const asked = change.change === 'release' ? row.state === 'held' : isLegalStep(row.state, to) && row.state !== 'active';
      if (!asked) return { not: 'legal', state: row.state };
      const { at, hold, report, status, decision } = change;
      const road = decision === null ? null : { decision, methodIndex: 0, methodSince: null };
      const dueAt = to === 'queued' ? at : null;
      steps.take(row, change.deliveryId, { to, at, dueAt, hold: to === 'held' ? hold : null, report, status, road, outcome: 'known' });
      evidence.append(change.evidence);
      if (change.judgement !== null) {
        reviews.judge(row.key, at, change.judgement);
        evidence.append(change.judgement.evidence);
      }
      return 'done';
    },
    expireHolds: ({ now, limit }) => {
      const rows = overdue.all(now, limit);
      for (const row of rows) returnHeld(row, now, parts);
      return rows.length;
    },
    holdUnreadable: (key, at, deadline) => {
      const row = standing.get(key);
      if (row === undefined) return;
      const messageId = messages.idOf(messageNumberOf(key));
      const deliveryId = `${messageId}/${placeOf(key)}`;
      const hold = { reason: 'content.unreadable', owner: 'gateway', deadline };
      steps.take(row, deliveryId, { to: 'held', at, dueAt: null, hold, report: null, status: null, road: null, outcome: 'known' });
      evidence.append({ kind: 'content.damaged', at, messageId, deliveryId, codes: { part: 'envelope' }, detail: null });
      evidence.append({ kind: 'delivery.held', at, messageId, deliveryId, codes: { reason: hold.reason, until: deadline }, detail: null });
    },
  };
}

function returnHeld(row: HeldRow, now: number, parts: ChangeParts): void {
  const code = 'delivery.hold-expired';
  const messageId = parts.messages.idOf(messageNumberOf(row.key));
  const deliveryId = `${messageId}/${placeOf(row.key)}`;
  const status = { at: now, status: replyOf(code).enhanced ?? '5.0.0', code, diagnostic: null, remoteMta: null, ...askOf(row.hold_owner) };
  parts.steps.take(row, deliveryId, {
    to: 'returned',
    at: now,
    dueAt: null,
    hold: null,
    report: 'failed',
    status,
    road: null,
    outcome: 'known',
  });
  parts.evidence.append({ kind: 'delivery.returned', at: now, messageId, deliveryId, codes: { code }, detail: null });
}

/** Whom the originator may ask: reviewers that have addresses. */
function askOf(owner: string): { readonly ask?: string } {
  return owner.includes('@') ? { ask: owner.split(', ').join(' or ') } : {};
}
