// Taking in a message: repeats are recognised, then message, deliveries and evidence are written in one unit.
import type { Database } from 'better-sqlite3';
import type { Evidence } from '../../mail/evidence.ts';
import { isFinal } from '../../mail/delivery.ts';
import type { WithdrawalBoard } from '../withdrawal.ts';
import type { AcceptUnit, MessageRecord, NewDelivery } from '../journal.ts';
import type { EvidenceWriter } from './audit-log.ts';
import type { DeliveryInsert } from './delivery-rows.ts';
import type { Destinations } from './destinations.ts';
import type { MessageReader, MessageWriter } from './message-rows.ts';
import type { PickupRows } from './pickup-rows.ts';
import type { OwedReports } from './queue-reports.ts';
import type { ReadingsEngine } from './readings.ts';
import type { Repeat, Repeats } from './repeats.ts';
import type { ReviewsEngine } from './reviews.ts';
import type { Tallies } from './tallies.ts';

/** AcceptResult as it crosses the thread: the caller has the unit and needs only to know what became of each delivery. */
export type AcceptAnswer =
  | { readonly kind: 'accepted'; readonly active: readonly number[]; readonly repeated: readonly number[] }
  | { readonly kind: 'repeated'; readonly earlierMessageId: string }
  | { readonly kind: 'withdrawn' };

/** Token of the lease that a delivery gets when it is accepted as active. */
export const FIRST_TOKEN = 1;

export interface JournalParts {
  readonly db: Database;
  readonly board: WithdrawalBoard | null;
  readonly messages: MessageReader & MessageWriter;
  readonly insertDelivery: DeliveryInsert;
  readonly destinations: Destinations;
  readonly repeats: Repeats;
  readonly reports: OwedReports;
  readonly readings: ReadingsEngine;
  readonly reviews: ReviewsEngine;
  readonly pickups: Pick<PickupRows, 'noticed' | 'answered'>;
  readonly tallies: Tallies;
  readonly evidence: EvidenceWriter;
}

export interface JournalEngine {
  accept(unit: AcceptUnit): AcceptAnswer;
  readSealed(messageId: string): Uint8Array | null;
  readMessage(messageId: string): MessageRecord | null;
}

export function journalEngine(parts: JournalParts): JournalEngine {
  const { messages, board } = parts;
  const content = parts.db
    .prepare<[string], Uint8Array>('SELECT c.sealed FROM messages m JOIN contents c ON c.message = m.number WHERE m.id = ?')
    .pluck();
  return {
    accept: (unit) => {
      if (unit.ticket !== null && board !== null && !board.take(unit.ticket)) return { kind: 'withdrawn' };
      return accept(unit, parts);
    },
    readSealed: (messageId) => content.get(messageId) ?? null,
    readMessage: (messageId) => {
      const number = messages.numberOf(messageId);
      return number === null ? null : messages.read(number);
    },
  };
}

interface Repeated {
  readonly delivery: NewDelivery;
  readonly repeat: Repeat;
}

interface Sorted {
  readonly fresh: readonly NewDelivery[];
  readonly repeated: readonly Repeated[];
  /** Delivered all the same, and said so. */
  readonly likely: readonly Repeated[];
}

function accept(unit: AcceptUnit, parts: JournalParts): AcceptAnswer {
  const { messages, destinations, repeats, evidence } = parts;
  const { fresh, repeated, likely } = sortDeliveries(unit, repeats);
  parts.reports.settle(unit.settlesReports);
  parts.reviews.tell(unit.tellsOf, unit.message.acceptedAt);
  parts.pickups.noticed(unit.noticesOf, unit.message.acceptedAt);
  const first = repeated[0];
  if (fresh.length === 0 && first !== undefined) {
    for (const one of repeated) evidence.append(repeatEvidence(unit, one));
    return { kind: 'repeated', earlierMessageId: first.repeat.earlierId.slice(0, first.repeat.earlierId.lastIndexOf('/')) };
  }
  if (unit.message.kind === 'answer' && unit.message.about !== null) parts.pickups.answered(unit.message.about);
  const owed = fresh.filter((delivery) => delivery.report !== null).length;
  const open = fresh.filter(({ state }) => !isFinal(state)).length;
  const unread = unit.message.kind === 'message' && unit.reading === null;
  const number = messages.insert(unit.message, unit.sealed, { open, owed, unread: unread ? 1 : 0 });
  if (unit.reading !== null) parts.readings.keep(number, unit.message.id, unit.reading, unit.message.acceptedAt);
  for (const delivery of fresh) {
    const destination = destinations.idOf(delivery.destination);
    const key = parts.insertDelivery(number, unit.message, delivery, destination, unit.lease);
    if (delivery.state === 'queued') destinations.touch(destination, unit.message.acceptedAt);
    if (delivery.state === 'held') parts.reviews.held(key, unit.message.acceptedAt);
    parts.tallies.move(null, delivery.state);
    repeats.remember(delivery, key, unit.repeatUntil);
  }
  const left = new Set(repeated.map(({ delivery }) => `${unit.message.id}/${delivery.n}`));
  evidence.appendAll(unit.evidence.filter((one) => one.deliveryId === null || !left.has(one.deliveryId)));
  for (const one of [...repeated, ...likely]) evidence.append(repeatEvidence(unit, one));
  repeats.forget(unit.message.acceptedAt, fresh.length);
  const active = fresh.filter((delivery) => delivery.state === 'active').map((delivery) => delivery.n);
  return { kind: 'accepted', active, repeated: repeated.map((one) => one.delivery.n) };
}

/** A recipient named twice in one envelope repeats itself: it gets one copy. */
function sortDeliveries(unit: AcceptUnit, repeats: Repeats): Sorted {
  const fresh: NewDelivery[] = [];
  const repeated: Repeated[] = [];
  const likely: Repeated[] = [];
  const seen = new Map<string, string>();
  for (const delivery of unit.deliveries) {
    const digest = delivery.repeatDigest === null ? null : Buffer.from(delivery.repeatDigest).toString('latin1');
    const twice = digest === null ? undefined : seen.get(digest);
    const repeat = twice === undefined ? repeats.find(delivery, unit.message.acceptedAt) : { earlierId: twice, likely: false };
    if (repeat !== null && (!repeat.likely || unit.likelyRepeats === 'suppress')) {
      repeated.push({ delivery, repeat });
      continue;
    }
    fresh.push(delivery);
    if (digest !== null) seen.set(digest, `${unit.message.id}/${delivery.n}`);
    if (repeat !== null) likely.push({ delivery, repeat });
  }
  return { fresh, repeated, likely };
}

/** Evidence of a repeat stands in place of what the unit says of that delivery, and names the one it repeats. */
function repeatEvidence(unit: AcceptUnit, { delivery, repeat }: Repeated): Evidence {
  const { id, acceptedAt, submitter } = unit.message;
  return {
    kind: 'delivery.repeated',
    at: acceptedAt,
    messageId: id,
    deliveryId: `${id}/${delivery.n}`,
    codes: { earlier: repeat.earlierId, likely: repeat.likely, submitter: submitter.kind },
    detail: { submitter: submitter.name },
  };
}
