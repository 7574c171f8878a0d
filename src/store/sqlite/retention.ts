// What may go: content of messages whose deliveries have all ended and been reported. The rows of the journal stay.
import type { Database } from 'better-sqlite3';
import type { ContentPlace } from '../../mail/content.ts';
import type { Evidence } from '../../mail/evidence.ts';
import type { EvidenceWriter } from './audit-log.ts';
import { keysOf } from './delivery-key.ts';

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
  const noneOpen =
    'NOT EXISTS (SELECT 1 FROM pickups o WHERE o.delivery BETWEEN m.number * 65536 AND m.number * 65536 + 65535 AND o.over_at IS NULL)';
  const ended = db.prepare<[number, number], Ended>(
    `SELECT m.id AS messageId, m.place, m.period_id AS periodId FROM messages m INDEXED BY messages_ended
      WHERE m.open = 0 AND m.owed = 0 AND m.wrapped_key IS NOT NULL AND m.ended_at < ? AND ${noneOpen} ORDER BY m.ended_at LIMIT ?`,
  );
  const over = db.prepare<[number], Ended>(
    `SELECT DISTINCT m.id AS messageId, m.place, m.period_id AS periodId
      FROM pickups p INDEXED BY pickups_over JOIN messages m ON m.number = p.delivery / 65536
      WHERE p.over_at IS NOT NULL AND p.kept = 1 AND m.ended_at <= p.over_at AND m.open = 0 AND m.owed = 0 AND m.wrapped_key IS NOT NULL AND ${noneOpen} LIMIT ?`,
  );
  const noLongerKept = db.prepare<{ from: number; to: number }>('UPDATE pickups SET kept = 0 WHERE delivery BETWEEN :from AND :to');
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
    endedBefore: ({ endedBefore, limit }) => {
      const first = over.all(limit);
      const known = new Set(first.map(({ messageId }) => messageId));
      return [...first, ...ended.all(endedBefore, limit).filter(({ messageId }) => !known.has(messageId))].slice(0, limit);
    },
    removeContent: (messageIds, written) => {
      for (const messageId of messageIds) {
        const number = removeKey.get(messageId);
        if (number === undefined) continue;
        removeContent.run(number);
        const [from, to] = keysOf(number);
        noLongerKept.run({ from, to });
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
