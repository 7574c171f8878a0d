// Counts of sending per account for limits per hour and day, and whom each account has written to lately.
import type { Database } from 'better-sqlite3';

export interface CountRequest {
  readonly account: string;
  readonly at: number;
  readonly messages: number;
  readonly recipients: readonly Uint8Array[];
}

export interface Totals {
  readonly messagesHour: number;
  readonly messagesDay: number;
  readonly newRecipientsHour: number;
  readonly newRecipientsDay: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const KNOWN_FOR_MS = 30 * DAY_MS;
/** When an account wrote to someone is kept to the hour: a busy pair is not written with every message. */
const PRECISION_MS = HOUR_MS;
/** Forgotten at most with one message. */
const FORGET_AT_ONCE = 16;
/** 128 bits of a keyed digest. */
const KEPT_BYTES = 16;

interface Row {
  readonly id: number;
  readonly hour: number;
  readonly day: number;
}

export function sendingCounts(db: Database): (request: CountRequest) => Totals {
  const make = db.prepare<[string]>(
    `INSERT INTO sending_accounts (account, hour, messages_hour, new_recipients_hour, day, messages_day, new_recipients_day)
     VALUES (?, 0, 0, 0, 0, 0, 0)`,
  );
  const find = db.prepare<[string], Row>('SELECT id, hour, day FROM sending_accounts WHERE account = ?');
  const add = db.prepare<{ id: number; hour: number; day: number; messages: number; fresh: number }, Totals>(
    `UPDATE sending_accounts SET
       messages_hour = iif(hour < :hour, 0, messages_hour) + :messages, new_recipients_hour = iif(hour < :hour, 0, new_recipients_hour) + :fresh, hour = max(hour, :hour),
       messages_day = iif(day < :day, 0, messages_day) + :messages, new_recipients_day = iif(day < :day, 0, new_recipients_day) + :fresh, day = max(day, :day)
      WHERE id = :id
      RETURNING messages_hour AS messagesHour, messages_day AS messagesDay, new_recipients_hour AS newRecipientsHour, new_recipients_day AS newRecipientsDay`,
  );
  const lastAt = db
    .prepare<[number, Uint8Array], number>('SELECT last_at FROM sending_recipients WHERE account = ? AND recipient = ?')
    .pluck();
  const setLast = db.prepare<[number, Uint8Array, number]>(
    'REPLACE INTO sending_recipients (account, recipient, last_at) VALUES (?, ?, ?)',
  );
  const forget = db.prepare<[number, number]>(
    `DELETE FROM sending_recipients WHERE (account, recipient) IN
      (SELECT account, recipient FROM sending_recipients INDEXED BY sending_recipients_last WHERE last_at < ? ORDER BY last_at LIMIT ?)`,
  );

  const isNew = (account: number, recipient: Uint8Array, at: number): boolean => {
    const kept = recipient.subarray(0, KEPT_BYTES);
    const last = lastAt.get(account, kept);
    if (last === undefined || Math.abs(at - last) >= PRECISION_MS) setLast.run(account, kept, at);
    return last === undefined || at - last > KNOWN_FOR_MS;
  };
  const made = (account: string): Row | undefined => {
    make.run(account);
    return find.get(account);
  };
  return ({ account, at, messages, recipients }) => {
    const row = find.get(account) ?? made(account);
    if (row === undefined) throw new Error('a counted account is not there');
    const fresh = recipients.filter((recipient) => isNew(row.id, recipient, at)).length;
    forget.run(at - KNOWN_FOR_MS - DAY_MS, FORGET_AT_ONCE);
    const totals = add.get({ id: row.id, hour: Math.floor(at / HOUR_MS), day: Math.floor(at / DAY_MS), messages, fresh });
    if (totals === undefined) throw new Error('a counted account is not there');
    return totals;
  };
}
