// One step of one delivery: checked against the table of legal steps, written with all that hangs on it
// (due time of the destination, reports owed, counts of the message). Evidence is the caller's part of the same unit.
import type { Database } from 'better-sqlite3';
import type { Decision } from '../../mail/decision.ts';
import { isFinal, isLegalStep } from '../../mail/delivery.ts';
import type { DeliveryState } from '../../mail/delivery.ts';
import type { Hold } from '../journal.ts';
import type { DeliveryStatus, ReportKind } from '../queue.ts';
import type { Columns } from './columns.ts';
import type { Decisions } from './decisions.ts';
import { messageNumberOf } from './delivery-key.ts';
import { sealStatus } from './delivery-rows.ts';
import type { Destinations } from './destinations.ts';
import type { MessageWriter } from './message-rows.ts';
import type { PickupRows } from './pickup-rows.ts';
import type { HoldMarks } from './reviews.ts';
import type { Tallies } from './tallies.ts';

/** What has to be known of a delivery before a step. */
export interface StandingRow {
  readonly key: number;
  readonly state: DeliveryState;
  readonly destination: number;
  readonly attempts: number;
  readonly report: ReportKind | null;
  readonly decision: number;
  readonly method_index: number;
  readonly method_since: number | null;
}

export const STANDING_COLUMNS = 'key, state, destination, attempts, report, decision, method_index, method_since';

export interface Step {
  readonly to: DeliveryState;
  readonly at: number;
  /** For queued and deferred. */
  readonly dueAt: number | null;
  readonly hold: Hold | null;
  readonly report: ReportKind | null;
  readonly status: DeliveryStatus | null;
  /** Decision and method from now on; null keeps them. */
  readonly road: { readonly decision: Decision; readonly methodIndex: number; readonly methodSince: number | null } | null;
  readonly outcome: 'known' | 'unknown';
}

export interface Steps {
  take(row: StandingRow, deliveryId: string, step: Step): void;
  /** A report owed of a delivery that stays as it is. */
  owe(row: StandingRow, deliveryId: string, report: { readonly kind: ReportKind; readonly status: DeliveryStatus }): void;
}

export interface StepParts {
  readonly db: Database;
  readonly columns: Columns;
  readonly decisions: Decisions;
  readonly destinations: Destinations;
  readonly messages: MessageWriter;
  readonly tallies: Tallies;
  readonly reviews: HoldMarks;
  readonly pickups: Pick<PickupRows, 'ended'>;
}

export function deliverySteps(parts: StepParts): Steps {
  const { db, destinations, messages } = parts;
  const update = db.prepare(
    `UPDATE deliveries SET state = ?, due_at = ?, lease_owner = NULL, lease_until = NULL, hold_reason = ?, hold_owner = ?, hold_deadline = ?,
       report = ifnull(?, report), sealed_status = ifnull(?, sealed_status), delay_reported = delay_reported | ?, outcome_unknown = outcome_unknown | ?
      WHERE key = ?`,
  );
  const owe = db.prepare<[ReportKind, Uint8Array, number]>('UPDATE deliveries SET report = ?, sealed_status = ? WHERE key = ?');
  const updateRoad = db.prepare<[number, number, number | null, number]>(
    'UPDATE deliveries SET decision = ?, method_index = ?, method_since = ? WHERE key = ?',
  );

  const changeRoad = (row: StandingRow, { decision, methodIndex, methodSince }: NonNullable<Step['road']>): void => {
    const id = parts.decisions.idOf(decision);
    if (id === row.decision && methodIndex === row.method_index && methodSince === row.method_since) return;
    updateRoad.run(id, methodIndex, methodSince, row.key);
  };
  return {
    owe: (row, deliveryId, { kind, status }) => {
      owe.run(kind, sealStatus(status, deliveryId, parts.columns), row.key);
      messages.count(messageNumberOf(row.key), { open: 0, owed: row.report === null ? 1 : 0, endedAt: null });
    },
    take: (row, deliveryId, step) => {
      const { to, at, dueAt, hold, report, status, road } = step;
      if (!isLegalStep(row.state, to)) throw new Error(`a delivery cannot go from ${row.state} to ${to}`);
      if (to === 'held' && hold === null) throw new Error('a hold has an owner, a reason and a deadline');
      if (report !== null && status === null) throw new Error('a report is owed without a status to report');
      update.run(
        to,
        dueAt,
        hold?.reason ?? null,
        hold?.owner ?? null,
        hold?.deadline ?? null,
        report,
        status === null ? null : sealStatus(status, deliveryId, parts.columns),
        report === 'delayed' ? 1 : 0,
        step.outcome === 'unknown' ? 1 : 0,
        row.key,
      );
      if (road !== null) changeRoad(row, road);
      if (row.state === 'held') parts.reviews.ended(row.key);
      if (to === 'held') parts.reviews.held(row.key, at);
      // What was opened stays open until its time has passed.
      if (row.state === 'waiting' && to !== 'picked-up') parts.pickups.ended(row.key, at);
      if (dueAt !== null) destinations.touch(row.destination, dueAt);
      if (row.state === 'active') destinations.left(row.destination, row.key);
      const ended = isFinal(to);
      parts.tallies.move(row.state, to);
      messages.count(messageNumberOf(row.key), {
        open: ended ? -1 : 0,
        owed: report !== null && row.report === null ? 1 : 0,
        endedAt: ended ? at : null,
      });
    },
  };
}
