// Statements about reviews: since when a delivery is held, whether its owner was told and reminded, and what reviewers have said.
import type { Database } from 'better-sqlite3';
import { SINCE_MONDAY_MS, WEEK_MS, WORKING_WEEK_MS } from '../../mail/hold-term.ts';
import type { HoldToTell, Judgement, VerdictCounts } from '../reviews.ts';
import type { Decisions } from './decisions.ts';
import { keyOf, placeOf, readDeliveryId } from './delivery-key.ts';
import type { MessageReader } from './message-rows.ts';

export interface ToTellRequest {
  readonly now: number;
  readonly after: string | null;
  readonly limit: number;
}

/** What every step into and out of a hold does here, in its own unit. */
export interface HoldMarks {
  held(key: number, at: number): void;
  ended(key: number): void;
}

export interface ReviewsEngine extends HoldMarks {
  /** A notice that names these is accepted in the same unit. Those no longer held are passed over. */
  tell(deliveryIds: readonly string[], at: number): void;
  judge(key: number, at: number, judgement: Judgement): void;
  toTell(request: ToTellRequest): readonly HoldToTell[];
  verdicts(since: number): VerdictCounts;
}

interface HoldRow {
  readonly key: number;
  readonly id: string;
  readonly reason: string;
  readonly owner: string;
  readonly deadline: number;
  readonly decision: number;
  readonly told: 0 | 1;
}

/** What was held before there were such rows counts as held since it came. */
const HELD_AT = 'ifnull(r.held_at, m.accepted_at)';
/** `worked` of mail/hold-term.ts. A number that is bound comes as a real one, and its division would not be whole. */
const worked = (at: string): string => {
  const since = `(CAST(${at} AS INTEGER) + ${SINCE_MONDAY_MS})`;
  return `(${since} / ${WEEK_MS} * ${WORKING_WEEK_MS} + min(${since} % ${WEEK_MS}, ${WORKING_WEEK_MS}))`;
};
/** Half of the working time until the deadline is over: nobody reads a reminder on a Sunday. A hold within a weekend goes by the clock. */
const halfOver = (now: string): string =>
  `iif(${worked('d.hold_deadline')} > ${worked(HELD_AT)},
    2 * ${worked(now)} >= ${worked(HELD_AT)} + ${worked('d.hold_deadline')},
    2 * ${now} >= ${HELD_AT} + d.hold_deadline)`;
const HOLDS = `FROM deliveries d INDEXED BY deliveries_held
  JOIN messages m ON m.number = d.key / 65536
  LEFT JOIN reviews r ON r.delivery = d.key`;

export function reviewsEngine(db: Database, decisions: Decisions, messages: MessageReader): ReviewsEngine {
  const held = db.prepare<[number, number]>('INSERT OR REPLACE INTO reviews (delivery, held_at) VALUES (?, ?)');
  const ended = db.prepare<[number]>('DELETE FROM reviews WHERE delivery = ?');
  const due = db.prepare<{ now: number; after: number; limit: number }, HoldRow>(
    `SELECT d.key, m.id, d.hold_reason AS reason, d.hold_owner AS owner, d.hold_deadline AS deadline, d.decision, r.told_at IS NOT NULL AS told
      ${HOLDS}
      WHERE d.state = 'held' AND d.key > :after AND m.kind = 'message'
        AND (r.told_at IS NULL OR (r.reminded_at IS NULL AND ${halfOver(':now')}))
      ORDER BY d.key LIMIT :limit`,
  );
  // Who is told only at half-time is not reminded in the same breath.
  const tell = db.prepare<{ key: number; at: number }>(
    `INSERT OR REPLACE INTO reviews (delivery, held_at, told_at, reminded_at)
      SELECT d.key, ${HELD_AT}, ifnull(r.told_at, :at), CASE WHEN ${halfOver(':at')} THEN ifnull(r.reminded_at, :at) END
      FROM deliveries d JOIN messages m ON m.number = d.key / 65536 LEFT JOIN reviews r ON r.delivery = d.key
      WHERE d.key = :key AND d.state = 'held'`,
  );
  const judge = db.prepare<[number, number, string, string]>('INSERT INTO verdicts (delivery, at, verdict, reasons) VALUES (?, ?, ?, ?)');
  const keyFor = (deliveryId: string): number | null => {
    const id = readDeliveryId(deliveryId);
    const number = id === null ? null : messages.numberOf(id.messageId);
    return id === null || number === null ? null : keyOf(number, id.n);
  };
  return {
    held: (key, at) => void held.run(key, at),
    ended: (key) => void ended.run(key),
    tell: (deliveryIds, at) => {
      for (const deliveryId of deliveryIds) {
        const key = keyFor(deliveryId);
        if (key !== null) tell.run({ key, at });
      }
    },
    judge: (key, at, { verdict, reasons }) =>
      void judge.run(key, at, verdict, JSON.stringify(reasons.map(({ code, kinds }) => ({ code, kinds })))),
    toTell: ({ now, after, limit }) => {
      const from = after === null ? null : keyFor(after);
      return due.all({ now, after: from ?? -1, limit }).map(({ key, id, reason, owner, deadline, decision, told }) => ({
        messageId: id,
        deliveryId: `${id}/${placeOf(key)}`,
        hold: { reason, owner, deadline },
        decision: decisions.read(decision),
        due: told === 1 ? 'reminder' : 'notice',
      }));
    },
    verdicts: verdictsOf(db),
  };
}

interface CountRow {
  readonly word: string;
  readonly phi: number;
  readonly notPhi: number;
}

/** A verdict counts once for each code and each kind, however many reasons have it. */
function verdictsOf(db: Database): (since: number) => VerdictCounts {
  const counts =
    "count(DISTINCT iif(v.verdict = 'phi', v.id, NULL)) AS phi, count(DISTINCT iif(v.verdict = 'not-phi', v.id, NULL)) AS notPhi";
  const all = db.prepare<[number], Omit<CountRow, 'word'>>(`SELECT ${counts} FROM verdicts v WHERE v.at >= ?`);
  const reasons = db.prepare<[number], CountRow>(
    `SELECT ifnull(r.value ->> 'code', '') AS word, ${counts} FROM verdicts v LEFT JOIN json_each(v.reasons) r ON true
      WHERE v.at >= ? GROUP BY word ORDER BY notPhi DESC, word`,
  );
  const kinds = db.prepare<[number], CountRow>(
    `SELECT k.value AS word, ${counts} FROM verdicts v, json_each(v.reasons) r, json_each(r.value, '$.kinds') k
      WHERE v.at >= ? GROUP BY word ORDER BY notPhi DESC, word`,
  );
  return (since) => ({
    messages: all.get(since) ?? { phi: 0, notPhi: 0 },
    reasons: reasons.all(since).map(({ word, ...count }) => ({ code: word, ...count })),
    kinds: kinds.all(since).map(({ word, ...count }) => ({ kind: word, ...count })),
  });
}
