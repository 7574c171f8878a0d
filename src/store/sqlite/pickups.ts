// What happens to pickups: read, recalled, brought to mind, over. Each change moves the delivery where it has to, with its evidence and report.
import type { Database } from 'better-sqlite3';
import type { DeliveryState } from '../../mail/delivery.ts';
import type { Evidence } from '../../mail/evidence.ts';
import { replyOf } from '../../mail/mail-error.ts';
import type { MailErrorCode } from '../../mail/mail-error.ts';
import type { Pickup, PickupAnswer, PickupChange, PickupChanged, PickupReport, Pickups } from '../pickups.ts';
import type { EvidenceWriter } from './audit-log.ts';
import type { Columns } from './columns.ts';
import { placeOf } from './delivery-key.ts';
import { STANDING_COLUMNS } from './delivery-steps.ts';
import type { StandingRow, Step, Steps } from './delivery-steps.ts';
import { pickupChanges } from './pickup-changes.ts';
import { pickupContext, pickupOf, PICKUPS } from './pickup-rows.ts';
import type { PickupRow, PickupRows } from './pickup-rows.ts';
import { sealedAnew } from './reseal.ts';

export interface UnopenedRequest {
  readonly due: 'reminder' | 'alarm';
  readonly now: number;
  readonly limit: number;
}

export interface RemoveAddress {
  readonly address: Uint8Array;
  readonly at: number;
  readonly evidence: readonly Evidence[];
}

export type ResealPickups = Parameters<Pickups['reseal']>[0];
export type ResealedPickups = Awaited<ReturnType<Pickups['reseal']>>;

export interface PickupsEngine {
  find(deliveryId: string): Pickup | null;
  ofAddress(request: { readonly address: Uint8Array; readonly limit: number }): readonly Pickup[];
  answersTo(deliveryId: string): readonly PickupAnswer[];
  owedNotices(limit: number): readonly Pickup[];
  owedCodes(limit: number): readonly Pickup[];
  unopened(request: UnopenedRequest): readonly Pickup[];
  change(change: PickupChange): PickupChanged;
  expire(request: { readonly now: number; readonly limit: number }): number;
  removeAddress(request: RemoveAddress): number;
  reseal(request: ResealPickups): ResealedPickups;
}

export interface PickupParts {
  readonly db: Database;
  readonly columns: Columns;
  readonly steps: Steps;
  readonly evidence: EvidenceWriter;
  readonly pickups: PickupRows;
}

export function pickupsEngine(parts: PickupParts): PickupsEngine {
  const { db, columns, pickups } = parts;
  const byKey = db.prepare<[number], PickupRow>(`${PICKUPS} WHERE p.delivery = ?`);
  const ofAddress = db.prepare<[Uint8Array, number], PickupRow>(
    `${PICKUPS} WHERE p.address = ? AND p.over_at IS NULL ORDER BY p.created_at DESC, p.delivery DESC LIMIT ?`,
  );
  const owed = db.prepare<[number], PickupRow>(
    `${PICKUPS} WHERE p.notice IS NOT NULL AND p.recalled_at IS NULL AND p.over_at IS NULL ORDER BY p.delivery LIMIT ?`,
  );
  const answers = db.prepare<[string], { id: string; at: number; state: DeliveryState }>(
    `SELECT m.id, m.accepted_at AS at, d.state FROM messages m JOIN deliveries d ON d.key = m.number * 65536
      WHERE m.kind = 'answer' AND m.about = ? ORDER BY m.number LIMIT 200`,
  );
  const answersTo = (deliveryId: string): readonly PickupAnswer[] =>
    answers.all(deliveryId).map(({ id, at, state }) => ({ messageId: id, at, state }));
  const owedCodes = db.prepare<[number], PickupRow>(
    `${PICKUPS} WHERE p.tell IS NOT NULL AND p.recalled_at IS NULL AND p.over_at IS NULL ORDER BY p.delivery LIMIT ?`,
  );
  const unopened = (due: string): string =>
    `${PICKUPS} WHERE p.${due} <= ? AND p.opened = 0 AND p.recalled_at IS NULL AND p.over_at IS NULL`;
  const reminders = db.prepare<[number, number], PickupRow>(`${unopened('remind_at')} AND p.notice IS NULL ORDER BY p.remind_at LIMIT ?`);
  const alarms = db.prepare<[number, number], PickupRow>(`${unopened('alarm_at')} ORDER BY p.alarm_at LIMIT ?`);
  const read = (rows: readonly PickupRow[]): readonly Pickup[] => rows.flatMap((row) => pickupOf(row, columns) ?? []);
  const find = (deliveryId: string): Pickup | null => {
    const key = pickups.keyOf(deliveryId);
    const row = key === null ? undefined : byKey.get(key);
    return row === undefined ? null : pickupOf(row, columns);
  };
  return {
    find,
    ofAddress: ({ address, limit }) => read(ofAddress.all(address, limit)),
    answersTo: (deliveryId) => {
      const cameBack = new Set(find(deliveryId)?.detail.cameBack);
      return answersTo(deliveryId).map((one) => (cameBack.has(one.messageId) ? { ...one, state: 'returned' } : one));
    },
    owedNotices: (limit) => read(owed.all(limit)),
    owedCodes: (limit) => read(owedCodes.all(limit)),
    unopened: ({ due, now, limit }) => read((due === 'reminder' ? reminders : alarms).all(now, limit)),
    change: pickupChanges({ ...parts, row: (key) => byKey.get(key), find, answersTo }),
    ...endings(parts),
    reseal: resealing(parts),
  };
}

const ENDED: Omit<Step, 'to' | 'at' | 'report' | 'status'> = { dueAt: null, hold: null, road: null, outcome: 'known' };

/** Pickups whose time has come, or whose recipient goes. */
function endings({ db, steps, evidence, pickups }: PickupParts): Pick<PickupsEngine, 'expire' | 'removeAddress'> {
  const past = db.prepare<[number, number], PickupRow>(
    `${PICKUPS} WHERE p.over_at IS NULL AND p.expires_at <= ? ORDER BY p.expires_at LIMIT ?`,
  );
  const ofAddress = db.prepare<[Uint8Array], PickupRow>(`${PICKUPS} WHERE p.address = ? ORDER BY p.delivery`);
  const standing = db.prepare<[number], StandingRow>(`SELECT ${STANDING_COLUMNS} FROM deliveries WHERE key = ?`);
  const shred = ['pickups SET sealed = zeroblob(0)', 'people SET sealed = zeroblob(0), ended_at = ifnull(ended_at, :at)'].map((what) =>
    db.prepare<{ address: Uint8Array; at: number }>(`UPDATE ${what} WHERE address = :address`),
  );
  const forget = [
    'DELETE FROM factors WHERE person IN (SELECT id FROM people WHERE address = ?)',
    'DELETE FROM codes WHERE address = ?',
  ].map((sql) => db.prepare<[Uint8Array]>(sql));

  const end = (row: PickupRow, at: number, to: 'expired' | 'cancelled' | 'returned', code: MailErrorCode): void => {
    const deliveryId = `${row.id}/${placeOf(row.key)}`;
    const about = { at, messageId: row.id, deliveryId, detail: null };
    const found = row.state === 'waiting' ? standing.get(row.key) : undefined;
    if (found === undefined) {
      pickups.ended(row.key, at);
      evidence.append({ ...about, kind: 'pickup.closed', codes: { opened: row.opened } });
      return;
    }
    steps.take(found, deliveryId, { ...ENDED, to, at, ...reportOf(code, at) });
    evidence.append({ ...about, kind: `delivery.${to}`, codes: { method: 'portal', code } });
  };
  return {
    expire: ({ now, limit }) => {
      const rows = past.all(now, limit);
      for (const row of rows) {
        if (row.recalled_at === null) end(row, now, 'expired', 'pickup.not-opened');
        else end(row, now, 'cancelled', 'pickup.recalled');
      }
      return rows.length;
    },
    removeAddress: ({ address, at, evidence: written }) => {
      const open = ofAddress.all(address).filter((row) => row.over_at === null);
      for (const row of open) end(row, at, 'returned', 'pickup.removed');
      for (const statement of forget) statement.run(address);
      for (const statement of shred) statement.run({ address, at });
      evidence.appendAll(written);
      return open.length;
    },
  };
}

/** By the index of what is open: those that are over are many, and are not looked at. */
function resealing({ db, columns }: PickupParts): PickupsEngine['reseal'] {
  const open = db.prepare<[expiresAt: number, key: number, limit: number], PickupRow>(
    `${PICKUPS} WHERE p.over_at IS NULL AND (p.expires_at, p.delivery) > (?, ?) ORDER BY p.expires_at, p.delivery LIMIT ?`,
  );
  const write = db.prepare<[Uint8Array, number]>('UPDATE pickups SET sealed = ? WHERE delivery = ?');
  return ({ after, limit }) => {
    const rows = open.all(after.expiresAt, after.nth, limit);
    for (const { id, key, sealed } of rows) write.run(sealedAnew(sealed, pickupContext(`${id}/${placeOf(key)}`), columns), key);
    const last = rows.at(-1);
    return {
      resealed: rows.length,
      last: rows.length < limit || last === undefined ? null : { expiresAt: last.expires_at, nth: last.key },
    };
  };
}

function reportOf(code: MailErrorCode, at: number): { readonly report: PickupReport['kind']; readonly status: PickupReport['status'] } {
  return { report: 'failed', status: { at, status: replyOf(code).enhanced ?? '5.0.0', code, diagnostic: null, remoteMta: null } };
}
