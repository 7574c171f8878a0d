// What policy decided for a message that was accepted before it was read: each delivery that is undecided still takes its step.
import type { Database } from 'better-sqlite3';
import type { Decided, DecideUnit } from '../journal.ts';
import type { EvidenceWriter } from './audit-log.ts';
import { keyOf } from './delivery-key.ts';
import { STANDING_COLUMNS } from './delivery-steps.ts';
import type { StandingRow, Steps } from './delivery-steps.ts';
import type { MessageReader } from './message-rows.ts';
import type { ReadingsEngine } from './readings.ts';

export interface DecideParts {
  readonly db: Database;
  readonly messages: MessageReader;
  readonly steps: Steps;
  readonly evidence: EvidenceWriter;
  readonly readings: ReadingsEngine;
}

export function journalDecide(parts: DecideParts): (unit: DecideUnit) => void {
  const { db, messages, steps, evidence, readings } = parts;
  const standing = db.prepare<[number], StandingRow>(`SELECT ${STANDING_COLUMNS} FROM deliveries WHERE key = ?`);
  const decideOne = (number: number, messageId: string, decided: Decided, at: number): 'decided' | 'left' => {
    const row = standing.get(keyOf(number, decided.n));
    if (row?.state !== 'undecided') return 'left';
    const { state, decision, hold, report } = decided;
    steps.take(row, `${messageId}/${decided.n}`, {
      to: state,
      at,
      dueAt: state === 'queued' ? at : null,
      hold,
      report: report?.kind ?? null,
      status: report?.status ?? null,
      road: { decision, methodIndex: 0, methodSince: null },
      outcome: 'known',
    });
    return 'decided';
  };
  return ({ messageId, at, deliveries, reading, evidence: written }) => {
    const number = messages.numberOf(messageId);
    if (number === null || readings.markRead(messageId) === 'was-read') return;
    readings.keep(number, messageId, reading, at);
    const left = new Set(deliveries.filter((one) => decideOne(number, messageId, one, at) === 'left').map(({ n }) => `${messageId}/${n}`));
    evidence.appendAll(written.filter(({ deliveryId }) => deliveryId === null || !left.has(deliveryId)));
  };
}
