// The queue as people see it: lists, one message, counts. What cannot be opened any more is shown without its addresses.
import type { Database } from 'better-sqlite3';
import { DELIVERY_STATES } from '../../mail/delivery.ts';
import type { DeliveryState } from '../../mail/delivery.ts';
import type { MessageRecord } from '../journal.ts';
import type { QueueEntry, QueueReader } from '../queue.ts';
import type { Columns } from './columns.ts';
import type { Decisions } from './decisions.ts';
import { keyOf, keysOf, messageNumberOf, placeOf, readDeliveryId } from './delivery-key.ts';
import { openStatus, recipientOf } from './delivery-rows.ts';
import { rememberingMessages } from './message-rows.ts';
import type { MessageReader } from './message-rows.ts';
import { orNull } from './unreadable.ts';

interface EntryRow {
  readonly key: number;
  readonly state: DeliveryState;
  readonly due_at: number | null;
  readonly expires_at: number;
  readonly attempts: number;
  readonly decision: number;
  readonly hold_reason: string | null;
  readonly hold_owner: string | null;
  readonly hold_deadline: number | null;
  readonly sealed: Uint8Array | null;
  readonly sealed_status: Uint8Array | null;
  readonly id: string;
  readonly kind: MessageRecord['kind'];
  readonly accepted_at: number;
  readonly size_bytes: number;
}

export interface QueueReaderParts {
  readonly db: Database;
  readonly columns: Columns;
  readonly decisions: Decisions;
  readonly messages: MessageReader;
}

const ENTRIES = `SELECT d.key, d.state, d.due_at, d.expires_at, d.attempts, d.decision, d.hold_reason, d.hold_owner, d.hold_deadline,
    d.sealed, d.sealed_status, m.id, m.kind, m.accepted_at, m.size_bytes
  FROM deliveries d JOIN messages m ON m.number = d.key / 65536`;

export function queueReader(parts: QueueReaderParts): QueueReader {
  const { db, messages } = parts;
  const all = db.prepare<[number, number], number>('SELECT key FROM deliveries WHERE key > ? ORDER BY key LIMIT ?').pluck();
  const ofState = db
    .prepare<[DeliveryState, number, number], number>(
      'SELECT key FROM deliveries INDEXED BY deliveries_state WHERE state = ? AND key > ? ORDER BY key LIMIT ?',
    )
    .pluck();
  const entry = db.prepare<[number], EntryRow>(`${ENTRIES} WHERE d.key = ?`);
  const entries = db.prepare<[number, number], EntryRow>(`${ENTRIES} WHERE d.key BETWEEN ? AND ? ORDER BY d.key`);
  const tallies = db.prepare<[], { state: DeliveryState; deliveries: number }>('SELECT state, deliveries FROM tallies');

  const keyAfter = (after: string | null): number => {
    const id = after === null ? null : readDeliveryId(after);
    const number = id === null ? null : messages.numberOf(id.messageId);
    return id === null || number === null ? -1 : keyOf(number, id.n);
  };
  return {
    list: async ({ states, after, limit }) => {
      const from = keyAfter(after);
      const keys = states === null ? all.all(from, limit) : [...new Set(states)].flatMap((state) => ofState.all(state, from, limit));
      const read = rememberingMessages(messages);
      return keys
        .sort((a, b) => a - b)
        .slice(0, limit)
        .flatMap((key) => entry.all(key))
        .map((row) => entryOf(row, read(messageNumberOf(row.key)), parts));
    },
    show: async (messageId) => {
      const number = messages.numberOf(messageId);
      const message = number === null ? null : orNull(() => messages.read(number));
      if (number === null || message === null) return null;
      return { message, entries: entries.all(...keysOf(number)).map((row) => entryOf(row, message, parts)) };
    },
    counts: async () => {
      const counts = new Map(tallies.all().map(({ state, deliveries }) => [state, deliveries]));
      return Object.fromEntries(DELIVERY_STATES.map((state) => [state, counts.get(state) ?? 0])) as Record<DeliveryState, number>;
    },
  };
}

function entryOf(row: EntryRow, message: MessageRecord | null, { columns, decisions }: QueueReaderParts): QueueEntry {
  const { hold_reason: reason, hold_owner: owner, hold_deadline: deadline } = row;
  const n = placeOf(row.key);
  const deliveryId = `${row.id}/${n}`;
  const recipient = message === null ? null : orNull(() => recipientOf(row.sealed, message, n, columns));
  return {
    deliveryId,
    state: row.state,
    kind: row.kind,
    recipient: recipient?.address ?? '',
    reversePath: message?.envelope.reversePath ?? '',
    acceptedAt: row.accepted_at,
    dueAt: row.due_at,
    expiresAt: row.expires_at,
    attempts: row.attempts,
    sizeBytes: row.size_bytes,
    hold: reason === null || owner === null || deadline === null ? null : { reason, owner, deadline },
    lastStatus: orNull(() => openStatus(row.sealed_status, deliveryId, columns)),
    decision: decisions.read(row.decision),
  };
}
