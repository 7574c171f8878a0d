// Claiming due deliveries: destinations in the order in which they fell due or were last served, a bounded share for each,
// one probe for a destination that is backed off. Never scans: it visits destinations that are ready, and no more than it may take.
import type { Database } from 'better-sqlite3';
import { isLegalStep } from '../../mail/delivery.ts';
import type { DeliveryState } from '../../mail/delivery.ts';
import type { ActiveDelivery, ClaimRequest, ClaimResult } from '../queue.ts';
import type { MessageRecord } from '../journal.ts';
import type { Columns } from './columns.ts';
import type { Decisions } from './decisions.ts';
import { messageNumberOf } from './delivery-key.ts';
import { ACTIVE_COLUMNS, activeDeliveryOf } from './delivery-rows.ts';
import type { ActiveRow } from './delivery-rows.ts';
import type { Destinations, ReadyDestination } from './destinations.ts';
import { rememberingMessages } from './message-rows.ts';
import type { MessageReader, ReadMessage } from './message-rows.ts';
import type { Changes } from './queue-changes.ts';
import type { Tallies } from './tallies.ts';
import { orNull } from './unreadable.ts';

export interface ClaimParts {
  readonly db: Database;
  readonly columns: Columns;
  readonly messages: MessageReader;
  readonly destinations: Destinations;
  readonly decisions: Decisions;
  readonly changes: Changes;
  readonly tallies: Tallies;
}

interface DueRow {
  readonly key: number;
  readonly state: DeliveryState;
}

export function queueClaim(parts: ClaimParts): (request: ClaimRequest) => ClaimResult {
  const { db, destinations } = parts;
  const due = db.prepare<[number, number, number], DueRow>(
    'SELECT key, state FROM deliveries INDEXED BY deliveries_due WHERE destination = ? AND due_at <= ? ORDER BY due_at LIMIT ?',
  );
  const take = db.prepare<[string, number, number], ActiveRow>(
    `UPDATE deliveries SET state = 'active', due_at = NULL, lease_owner = ?, lease_token = lease_token + 1, lease_until = ?
      WHERE key = ? RETURNING ${ACTIVE_COLUMNS}`,
  );

  const claimOne = ({ key, state }: DueRow, place: ReadyDestination, request: ClaimRequest, read: ReadMessage): ActiveDelivery | null => {
    if (!isLegalStep(state, 'active')) throw new Error(`a delivery that is ${state} was due`);
    const row = take.get(request.owner, request.until, key);
    if (row === undefined) return null;
    parts.tallies.move(state, 'active');
    const message = read(messageNumberOf(key));
    const delivery = message === null ? null : openOrNull(row, message, place.digest, parts);
    if (delivery === null) parts.changes.holdUnreadable(key, request.now, row.expires_at);
    return delivery;
  };
  return (request) => {
    const { now, limit, busy } = request;
    const claimed: ActiveDelivery[] = [];
    const read = rememberingMessages(parts.messages);
    for (const place of destinations.ready(now, limit + Object.keys(busy).length)) {
      const room = Math.min(request.perDestination - (busy[hexOf(place.digest)] ?? 0), limit - claimed.length);
      if (room <= 0) continue;
      const backedOff = place.not_before !== null;
      let taken = 0;
      for (const row of due.all(place.id, now, backedOff ? 1 : room)) {
        const delivery = claimOne(row, place, request, read);
        if (delivery === null) continue;
        claimed.push(delivery);
        taken += 1;
        if (backedOff) destinations.probing(place.id, row.key);
      }
      if (!backedOff || taken === 0) destinations.served(place.id, now);
      if (claimed.length >= limit) break;
    }
    return { claimed, nextDueAt: destinations.nextReadyAfter(now) };
  };
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

function openOrNull(row: ActiveRow, message: MessageRecord, destination: Uint8Array, parts: ClaimParts): ActiveDelivery | null {
  return orNull(() => activeDeliveryOf(row, message, { columns: parts.columns, decisions: parts.decisions, destination }));
}
