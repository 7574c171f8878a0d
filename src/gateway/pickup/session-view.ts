// What a session sees: who it is, who else reads at the address, and the messages that wait there.
import type { FoundSession } from '../../access/portal-sessions.ts';
import { endsOf } from '../../mail/phone.ts';
import { isEnough } from '../../mail/pickup.ts';
import type { Factor, Person } from '../../store/people.ts';
import type { Pickup } from '../../store/pickups.ts';
import type { MessageLine, PersonView, SessionView } from './desk.ts';
import { type DeskParts, linkOf, standingOf } from './desk-parts.ts';

/** Newest first. */
const MESSAGES = 200;

export async function sessionView(session: FoundSession, parts: DeskParts): Promise<SessionView> {
  const [people, pickups] = await Promise.all([
    parts.people.ofAddress(session.address),
    parts.pickups.ofAddress(session.address, MESSAGES),
  ]);
  const person = people.find(({ id }) => id === session.personId) ?? null;
  const messages = await Promise.all(pickups.map((pickup) => lineOf(pickup, session, parts)));
  const { brand, assurance, idleUntil, endsAt, cameFor } = session;
  return {
    brand,
    assurance,
    person: person === null ? null : personView(person),
    people: people.map(({ id, name }) => ({ id, name })),
    idleUntil,
    endsAt,
    phone: phoneOf(person, parts),
    cameFor,
    messages,
  };
}

/** Who wrote is told to whoever could read the message. */
export async function lineOf(pickup: Pickup, { assurance }: Pick<FoundSession, 'assurance'>, parts: DeskParts): Promise<MessageLine> {
  const { deliveryId, brand, opening, detail, createdAt, expiresAt, opened } = pickup;
  const message = await parts.journal.readMessage(pickup.messageId);
  return {
    deliveryId,
    link: linkOf(pickup, parts),
    brand,
    from: isEnough(assurance, opening.minimum) && detail.from !== '' ? detail.from : null,
    sentAt: message?.acceptedAt ?? createdAt,
    expiresAt,
    state: standingOf(pickup, parts.clock.steady()),
    opened: opened > 0,
    sizeBytes: message?.content.sizeBytes ?? 0,
    wants: opening.minimum,
  };
}

function phoneOf(person: Person | null, { phone }: DeskParts): SessionView['phone'] {
  const ways = phone?.ways() ?? [];
  const [ends] = person?.factors.flatMap(({ secret }) => (secret.kind === 'phone' ? [endsOf(secret.number)] : [])) ?? [];
  return ends === undefined || ways.length === 0 ? null : { ways, ends };
}

function personView({ id, name, language, factors }: Person): PersonView {
  return { id, name, language, factors: factors.map(factorView) };
}

function factorView({ id, kind, assurance, createdAt, lastUsedAt, secret }: Factor): PersonView['factors'][number] {
  return { id, kind, label: labelOf(secret), assurance, createdAt, lastUsedAt };
}

function labelOf(secret: Factor['secret']): string | null {
  if (secret.kind === 'phone') return `··· ${endsOf(secret.number)}`;
  return secret.kind === 'passkey' ? secret.label : null;
}
