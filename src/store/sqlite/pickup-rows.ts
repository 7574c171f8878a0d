// Rows of pickups: how one begins with the settlement of its delivery, ends with a step of it, and is read.
import type { Database } from 'better-sqlite3';
import type { Assurance, NoticeState, Opening } from '../../mail/pickup.ts';
import type { DeliveryState } from '../../mail/delivery.ts';
import type { NewPickup, NoticeKind, OwedNotice, Pickup, PickupDetail } from '../pickups.ts';
import type { Columns } from './columns.ts';
import { keyOf, placeOf, readDeliveryId } from './delivery-key.ts';
import type { MessageReader } from './message-rows.ts';
import { orNull } from './unreadable.ts';

export interface PickupRow {
  readonly key: number;
  readonly id: string;
  readonly state: DeliveryState;
  readonly address: Uint8Array;
  readonly brand: string;
  readonly created_at: number;
  readonly expires_at: number;
  readonly minimum: Assurance;
  readonly mailed_code: Opening['mailedCode'];
  readonly tell: 'code' | null;
  readonly notice: NoticeKind | null;
  readonly noticed_at: number | null;
  readonly remind_at: number | null;
  readonly reminded_at: number | null;
  readonly alarm_at: number | null;
  readonly alarmed_at: number | null;
  readonly bounced_at: number | null;
  readonly away_at: number | null;
  readonly opened: number;
  readonly first_opened_at: number | null;
  readonly last_opened_at: number | null;
  readonly downloaded_at: number | null;
  readonly answers: number;
  readonly recalled_at: number | null;
  readonly over_at: number | null;
  readonly sealed: Uint8Array;
}

/** Every query for pickups begins so; `p` is the pickup, `d` its delivery. */
export const PICKUPS = `SELECT p.delivery AS key, m.id, d.state, p.address, p.brand, p.created_at, p.expires_at, p.minimum, p.mailed_code, p.tell, p.notice,
    p.noticed_at, p.remind_at, p.reminded_at, p.alarm_at, p.alarmed_at, p.bounced_at, p.away_at, p.opened, p.first_opened_at, p.last_opened_at,
    p.downloaded_at, p.answers, p.recalled_at, p.over_at, p.sealed
  FROM pickups p JOIN deliveries d ON d.key = p.delivery JOIN messages m ON m.number = p.delivery / 65536`;

/** Null where its detail has been destroyed, or cannot be read. */
export function pickupOf(row: PickupRow, columns: Columns): Pickup | null {
  const deliveryId = `${row.id}/${placeOf(row.key)}`;
  const detail = row.sealed.length === 0 ? null : orNull(() => columns.open<PickupDetail>(row.sealed, pickupContext(deliveryId)));
  if (detail === null) return null;
  return {
    deliveryId,
    messageId: row.id,
    n: placeOf(row.key),
    state: row.state,
    address: row.address,
    brand: row.brand,
    opening: { minimum: row.minimum, mailedCode: row.mailed_code },
    tells: row.tell,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    detail,
    owed: row.notice,
    notice: noticeState(row),
    noticedAt: row.noticed_at,
    remindAt: row.remind_at,
    remindedAt: row.reminded_at,
    alarmAt: row.alarm_at,
    alarmedAt: row.alarmed_at,
    bouncedAt: row.bounced_at,
    awayAt: row.away_at,
    opened: row.opened,
    firstOpenedAt: row.first_opened_at,
    lastOpenedAt: row.last_opened_at,
    downloadedAt: row.downloaded_at,
    answers: row.answers,
    recalledAt: row.recalled_at,
    overAt: row.over_at,
  };
}

function noticeState({ notice, noticed_at: noticed, bounced_at: bounced }: PickupRow): NoticeState {
  if (notice !== null) return 'owed';
  return bounced !== null && bounced >= (noticed ?? 0) ? 'bounced' : 'sent';
}

export function pickupContext(deliveryId: string): string {
  return `pickups:${deliveryId}`;
}

export interface PickupRows {
  /** The first notice is owed from now on. */
  begin(key: number, deliveryId: string, at: number, pickup: NewPickup): void;
  /** Its delivery has left `waiting` by another step than that it was opened. */
  ended(key: number, at: number): void;
  /** A notice that is these is accepted in the same unit. One that is owed no more is passed over. */
  noticed(notices: readonly OwedNotice[], at: number): void;
  /** An answer to it is accepted in the same unit. */
  answered(deliveryId: string): void;
  keyOf(deliveryId: string): number | null;
}

export function pickupRows(db: Database, columns: Columns, messages: MessageReader): PickupRows {
  const insert = db.prepare<
    [number, Uint8Array, string, number, number, string, string, string | null, number | null, number | null, Uint8Array]
  >(
    `INSERT OR REPLACE INTO pickups (delivery, address, brand, created_at, expires_at, minimum, mailed_code, tell, remind_at, alarm_at, sealed,
       notice, opened, answers, kept) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'first', 0, 0, 1)`,
  );
  const end = db.prepare<[number, number]>(
    'UPDATE pickups SET over_at = ?, tell = NULL, notice = NULL, remind_at = NULL, alarm_at = NULL WHERE delivery = ? AND over_at IS NULL',
  );
  const noticed = db.prepare<{ key: number; notice: string; at: number }>(
    `UPDATE pickups SET notice = CASE WHEN notice = :notice THEN NULL ELSE notice END, noticed_at = :at,
       remind_at = CASE :notice WHEN 'reminder' THEN NULL ELSE remind_at END, reminded_at = CASE :notice WHEN 'reminder' THEN :at ELSE reminded_at END
      WHERE delivery = :key AND (notice = :notice OR (:notice = 'reminder' AND remind_at IS NOT NULL AND notice IS NULL))`,
  );
  const answered = db.prepare<[number]>('UPDATE pickups SET answers = answers + 1 WHERE delivery = ?');
  const told = db.prepare<[number]>('UPDATE pickups SET tell = NULL WHERE delivery = ?');
  const keyFor = (deliveryId: string): number | null => {
    const id = readDeliveryId(deliveryId);
    const number = id === null ? null : messages.numberOf(id.messageId);
    return id === null || number === null ? null : keyOf(number, id.n);
  };
  return {
    begin: (key, deliveryId, at, { address, brand, expiresAt, opening, tells, remindAt, alarmAt, detail }) =>
      void insert.run(
        key,
        address,
        brand,
        at,
        expiresAt,
        opening.minimum,
        opening.mailedCode,
        tells,
        remindAt,
        alarmAt,
        columns.seal(detail, pickupContext(deliveryId)),
      ),
    ended: (key, at) => void end.run(at, key),
    noticed: (notices, at) => {
      for (const { deliveryId, notice } of notices) {
        const key = keyFor(deliveryId);
        if (key === null) continue;
        if (notice === 'code') told.run(key);
        else noticed.run({ key, notice, at });
      }
    },
    answered: (deliveryId) => {
      const key = keyFor(deliveryId);
      if (key !== null) answered.run(key);
    },
    keyOf: keyFor,
  };
}
