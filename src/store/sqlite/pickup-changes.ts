// One event of one pickup: whether it may happen as the pickup stands, what it leaves in the row, and which step the delivery takes.
import type { Database } from 'better-sqlite3';
import type { Evidence } from '../../mail/evidence.ts';
import type { Pickup, PickupAnswer, PickupChange, PickupChanged, PickupEvent } from '../pickups.ts';
import type { EvidenceWriter } from './audit-log.ts';
import type { Columns } from './columns.ts';
import { STANDING_COLUMNS } from './delivery-steps.ts';
import type { StandingRow, Steps } from './delivery-steps.ts';
import { pickupContext } from './pickup-rows.ts';
import type { PickupRow, PickupRows } from './pickup-rows.ts';

export interface PickupChangeParts {
  readonly columns: Columns;
  readonly db: Database;
  readonly steps: Steps;
  readonly evidence: EvidenceWriter;
  readonly pickups: PickupRows;
  readonly row: (key: number) => PickupRow | undefined;
  readonly find: (deliveryId: string) => Pickup | null;
  readonly answersTo: (deliveryId: string) => readonly PickupAnswer[];
}

/** Nothing is brought to mind that has been read. */
const READ = "remind_at = NULL, alarm_at = NULL, notice = CASE notice WHEN 'reminder' THEN NULL ELSE notice END";
const OPENED = `${READ}, first_opened_at = ifnull(first_opened_at, :at), last_opened_at = :at`;

/** What an event leaves in the row. */
const SETS: Readonly<Record<Exclude<PickupEvent['what'], 'answer-bounced'>, string>> = {
  opened: `${OPENED}, opened = opened + 1`,
  downloaded: `${OPENED}, opened = max(opened, 1), downloaded_at = ifnull(downloaded_at, :at)`,
  recalled: 'recalled_at = :at',
  restored: 'recalled_at = NULL',
  bounced: 'bounced_at = :at',
  away: 'away_at = :at',
  alarmed: 'alarmed_at = :at, alarm_at = NULL',
  'notice-owed': `remind_at = CASE :notice WHEN 'reminder' THEN NULL ELSE remind_at END,
    notice = CASE WHEN notice = 'first' AND :notice <> 'lost-factor' THEN 'first' ELSE :notice END`,
};

export function pickupChanges(parts: PickupChangeParts): (change: PickupChange) => PickupChanged {
  const { db, steps, evidence, pickups } = parts;
  const standing = db.prepare<[number], StandingRow>(`SELECT ${STANDING_COLUMNS} FROM deliveries WHERE key = ?`);
  const reseal = db.prepare<[Uint8Array, number]>('UPDATE pickups SET sealed = ? WHERE delivery = ?');
  const updates = new Map(
    Object.entries(SETS).map(([what, sets]) => [
      what,
      db.prepare<{ key: number; at: number; notice: string | null }>(`UPDATE pickups SET ${sets} WHERE delivery = :key`),
    ]),
  );
  const cameBack = (key: number, { deliveryId, detail }: Pickup, id: string | null): boolean => {
    const relayed = parts.answersTo(deliveryId).filter(({ state }) => state === 'relayed');
    const found = id === null ? relayed.at(-1) : relayed.find(({ messageId }) => messageId === id);
    if (found === undefined) return false;
    const known = new Set([...(detail.cameBack ?? []), found.messageId]);
    reseal.run(parts.columns.seal({ ...detail, cameBack: [...known] }, pickupContext(deliveryId)), key);
    return true;
  };
  return ({ deliveryId, at, event, report, evidence: written }) => {
    const key = pickups.keyOf(deliveryId);
    const row = key === null ? undefined : parts.row(key);
    const delivery = key === null ? undefined : standing.get(key);
    const before = parts.find(deliveryId);
    if (row === undefined || delivery === undefined || before === null) return { kind: 'not-found' };
    if (!mayHappen(row, event, at)) return { kind: 'not-legal' };
    if (event.what === 'answer-bounced' && !cameBack(row.key, before, event.answer)) return { kind: 'not-legal' };
    updates.get(event.what)?.run({ key: row.key, at, notice: event.what === 'notice-owed' ? event.notice : null });
    const to = stepOf(row, event);
    const owed = { report: report?.kind ?? null, status: report?.status ?? null };
    if (to !== null) steps.take(delivery, deliveryId, { to, at, dueAt: null, hold: null, road: null, outcome: 'known', ...owed });
    else if (event.what === 'alarmed' && report !== null) steps.owe(delivery, deliveryId, report);
    evidence.appendAll(written);
    if (to !== null) evidence.append(endOf(row, deliveryId, to, written[0]?.at ?? at, report?.status.code ?? null));
    const pickup = parts.find(deliveryId);
    return pickup === null ? { kind: 'not-found' } : { kind: 'done', pickup };
  };
}

/** Every end of a delivery is in the log, whoever led there. */
function endOf({ id, brand }: PickupRow, deliveryId: string, to: 'picked-up' | 'returned', at: number, code: string | null): Evidence {
  const codes = { method: 'portal', brand, ...(code === null ? {} : { code }) };
  return { kind: `delivery.${to}`, at, messageId: id, deliveryId, codes, detail: null };
}

function mayHappen(row: PickupRow, event: PickupEvent, at: number): boolean {
  if (row.over_at !== null || at >= row.expires_at) return false;
  const recalled = row.recalled_at !== null;
  switch (event.what) {
    case 'opened':
    case 'downloaded':
      return !recalled;
    case 'recalled':
      return row.opened === 0 && !recalled;
    case 'restored':
      return recalled;
    case 'bounced':
    case 'away':
    case 'answer-bounced':
      return true;
    case 'alarmed':
      return row.opened === 0 && !recalled;
    case 'notice-owed':
      return !recalled && (event.notice !== 'reminder' || row.opened === 0);
  }
}

/** The first reading ends the delivery; so does a notice that came back before there was one. */
function stepOf(row: PickupRow, { what }: PickupEvent): 'picked-up' | 'returned' | null {
  if (row.state !== 'waiting') return null;
  if (what === 'opened' || what === 'downloaded') return 'picked-up';
  return what === 'bounced' && row.opened === 0 ? 'returned' : null;
}
