// What may go: content of messages whose deliveries have all ended and been reported. The rows of the journal stay.
import type { Database } from 'better-sqlite3';
import type { ContentPlace } from '../../mail/content.ts';
import type { Evidence } from '../../mail/evidence.ts';
import type { EvidenceWriter } from './audit-log.ts';

export interface Ended {
  readonly messageId: string;
  readonly place: ContentPlace;
  readonly periodId: number;
}

export interface RetentionEngine {
  endedBefore(request: { readonly endedBefore: number; readonly limit: number }): readonly Ended[];
  removeContent(messageIds: readonly string[], evidence: readonly Evidence[]): void;
  periodsInUse(): readonly number[];
  spooledIds(): readonly string[];
}

export function retentionEngine(db: Database, evidence: EvidenceWriter): RetentionEngine {
  const ended = db.prepare<[number, number], Ended>(
    `SELECT id AS messageId, place, period_id AS periodId FROM messages INDEXED BY messages_ended
      WHERE open = 0 AND owed = 0 AND wrapped_key IS NOT NULL AND ended_at < ? ORDER BY ended_at LIMIT ?`,
  );
  const removeKey = db
    .prepare<[string], number>('UPDATE messages SET wrapped_key = NULL WHERE id = ? AND wrapped_key IS NOT NULL RETURNING number')
    .pluck();
  const removeContent = db.prepare<[number]>('DELETE FROM contents WHERE message = ?');
  const nextPeriod = db
    .prepare<[number], number | null>(
      'SELECT min(period_id) FROM messages INDEXED BY messages_period WHERE wrapped_key IS NOT NULL AND period_id > ?',
    )
    .pluck();
  const spooled = db
    .prepare<[], string>(
      "SELECT id FROM messages INDEXED BY messages_spooled WHERE place = 'file' AND wrapped_key IS NOT NULL ORDER BY number",
    )
    .pluck();
  return {
    endedBefore: ({ endedBefore, limit }) => ended.all(endedBefore, limit),
    removeContent: (messageIds, written) => {
      for (const messageId of messageIds) {
        const number = removeKey.get(messageId);
        if (number !== undefined) removeContent.run(number);
      }
      evidence.appendAll(written);
    },
    periodsInUse: () => {
      const periods: number[] = [];
      for (let period = nextPeriod.get(-1) ?? null; period !== null; period = nextPeriod.get(period) ?? null) periods.push(period);
      return periods;
    },
    spooledIds: () => spooled.all(),
  };
}
