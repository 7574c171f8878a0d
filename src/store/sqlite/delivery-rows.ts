// Rows of deliveries: how one is written when a message comes in, and read as what an attempt needs.
// Recipient, NOTIFY and ORCPT are read from the message's sealed envelope; only where they differ does the row seal its own.
import type { Database } from 'better-sqlite3';
import type { DeliveryState } from '../../mail/delivery.ts';
import type { Recipient } from '../../mail/envelope.ts';
import type { MessageRecord, NewDelivery } from '../journal.ts';
import type { ActiveDelivery, DeliveryStatus, ReportKind } from '../queue.ts';
import type { Columns } from './columns.ts';
import type { Decisions } from './decisions.ts';
import { keyOf, placeOf } from './delivery-key.ts';

/** What a claim gets back of a row. */
export interface ActiveRow {
  readonly key: number;
  readonly destination: number;
  readonly decision: number;
  readonly method_index: number;
  readonly method_since: number | null;
  readonly attempts: number;
  readonly outcome_unknown: number;
  readonly expires_at: number;
  readonly delay_reported: number;
  readonly lease_owner: string;
  readonly lease_token: number;
  readonly sealed: Uint8Array | null;
}

export const ACTIVE_COLUMNS =
  'key, destination, decision, method_index, method_since, attempts, outcome_unknown, expires_at, delay_reported, lease_owner, lease_token, sealed';

/** A claimed delivery as the caller gets it. Null where its personal part was destroyed. @throws MailError content.unreadable */
export function activeDeliveryOf(
  row: ActiveRow,
  message: MessageRecord,
  from: { readonly columns: Columns; readonly decisions: Decisions; readonly destination: Uint8Array },
): ActiveDelivery | null {
  const n = placeOf(row.key);
  const deliveryId = `${message.id}/${n}`;
  const recipient = recipientOf(row.sealed, message, n, from.columns);
  if (recipient === null) return null;
  return {
    lease: { deliveryId, owner: row.lease_owner, token: row.lease_token },
    message,
    n,
    recipient: recipient.address,
    notify: recipient.notify,
    orcpt: recipient.orcpt,
    destination: from.destination,
    decision: from.decisions.read(row.decision),
    methodIndex: row.method_index,
    attempts: row.attempts,
    outcomeUnknown: row.outcome_unknown === 1,
    methodSince: row.method_since,
    expiresAt: row.expires_at,
    delayReported: row.delay_reported === 1,
  };
}

/** The recipient of a delivery: its own sealed one, else the one of the envelope. */
export function recipientOf(sealed: Uint8Array | null, message: MessageRecord, n: number, columns: Columns): Recipient | null {
  return sealed === null ? (message.envelope.recipients[n] ?? null) : columns.open<Recipient>(sealed, `deliveries:${message.id}/${n}`);
}

export function sealStatus(status: DeliveryStatus, deliveryId: string, columns: Columns): Uint8Array {
  return columns.seal(status, `status:${deliveryId}`);
}

export function openStatus(sealed: Uint8Array | null, deliveryId: string, columns: Columns): DeliveryStatus | null {
  return sealed === null ? null : columns.open<DeliveryStatus>(sealed, `status:${deliveryId}`);
}

export type DeliveryInsert = (
  messageNumber: number,
  message: MessageRecord,
  delivery: NewDelivery,
  destination: number,
  lease: { readonly owner: string; readonly until: number },
) => number;

/** @returns a function that writes the row of a new delivery and gives its key */
export function deliveryInsert(db: Database, columns: Columns, decisions: Decisions): DeliveryInsert {
  const insert = db.prepare<
    [
      number,
      DeliveryState,
      number,
      number | null,
      number,
      number,
      string | null,
      number,
      number | null,
      string | null,
      string | null,
      number | null,
      ReportKind | null,
      Uint8Array | null,
      Uint8Array | null,
    ]
  >(
    `INSERT INTO deliveries (key, state, destination, due_at, expires_at, decision, method_index, method_since, attempts, outcome_unknown, delay_reported,
       lease_owner, lease_token, lease_until, hold_reason, hold_owner, hold_deadline, report, sealed, sealed_status)
     VALUES (?, ?, ?, ?, ?, ?, 0, NULL, 0, 0, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  return (messageNumber, message, delivery, destination, lease) => {
    const { n, state, hold, report } = delivery;
    const key = keyOf(messageNumber, n);
    const deliveryId = `${message.id}/${n}`;
    const active = state === 'active';
    insert.run(
      key,
      state,
      destination,
      state === 'queued' ? message.acceptedAt : null,
      delivery.expiresAt,
      decisions.idOf(delivery.decision),
      active ? lease.owner : null,
      active ? 1 : 0,
      active ? lease.until : null,
      hold?.reason ?? null,
      hold?.owner ?? null,
      hold?.deadline ?? null,
      report?.kind ?? null,
      ownRecipient(delivery, message, columns),
      report === null ? null : sealStatus(report.status, deliveryId, columns),
    );
    return key;
  };
}

function ownRecipient(delivery: NewDelivery, message: MessageRecord, columns: Columns): Uint8Array | null {
  const { n, recipient: address, notify, orcpt } = delivery;
  const given = message.envelope.recipients[n];
  const same = given !== undefined && given.address === address && given.orcpt === orcpt && sameWords(given.notify, notify);
  const own: Recipient = { address, notify, orcpt };
  return same ? null : columns.seal(own, `deliveries:${message.id}/${n}`);
}

function sameWords(a: readonly string[] | null, b: readonly string[] | null): boolean {
  return a === b || (a !== null && b !== null && a.join() === b.join());
}
