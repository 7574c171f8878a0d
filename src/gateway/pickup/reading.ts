// Reading, downloading and answering: each asks the same questions first (whose session, whose message, is it enough), and none leaves without
// evidence. The key of one message goes out for a session that may open it, and never another's.
import type { FoundSession } from '../../access/portal-sessions.ts';
import { isEnough } from '../../mail/pickup.ts';
import type { Pickup } from '../../store/pickups.ts';
import { standIns } from './conversation.ts';
import type { DeskClient, NotOpened, OpenedPickup, PickupDesk } from './desk.ts';
import { type DeskAuthor, type DeskParts, standingOf } from './desk-parts.ts';
import { openedReport, pickupEvidence } from './reports.ts';
import { lineOf } from './session-view.ts';

type Reading = Pick<PickupDesk, 'open' | 'sealed' | 'downloading' | 'answer' | 'begin'>;

/** A place in the MIME structure, or a word of the portal's for all of it. */
const PART = /^[a-z0-9.-]{1,32}$/;

export function reading(parts: DeskParts): Reading {
  const { clock, pickups, answers, sessions } = parts;
  return {
    async open({ session: token, deliveryId }, client) {
      const found = await openable(token, deliveryId, parts);
      if ('kind' in found) {
        if (found.kind === 'gone') await foreign(token, deliveryId, client, parts);
        return found;
      }
      return opened(found, client, parts);
    },
    async sealed({ session: token, deliveryId }) {
      const found = await openable(token, deliveryId, parts);
      if ('kind' in found) return null;
      const { messageId } = found.pickup;
      const message = await parts.journal.readMessage(messageId);
      if (message === null || message.content.wrappedKey.length === 0) return null;
      const { place } = message.content;
      const sealed = place === 'row' ? await parts.journal.readSealed(messageId) : null;
      return place === 'row' && sealed === null ? null : parts.spool.sealed({ messageId, place, sealed });
    },
    async downloading({ session: token, deliveryId, part }, client) {
      const found = await openable(token, deliveryId, parts);
      if ('kind' in found || !PART.test(part)) return 'stop';
      const { pickup, session } = found;
      const at = clock.now();
      const codes = { part, ...readerOf(session) };
      const evidence = [pickupEvidence('pickup.downloaded', pickup, at, codes, client)];
      const changed = await pickups.change({
        deliveryId,
        at: clock.steady(),
        event: { what: 'downloaded' },
        report: openedReport(at),
        evidence,
      });
      return changed.kind === 'done' ? 'go' : 'stop';
    },
    async answer({ session: token, answer: { deliveryId, ...answer }, body }, client) {
      const found = await openable(token, deliveryId, parts);
      if ('kind' in found) return { kind: found.kind === 'signed-out' ? 'signed-out' : 'gone' };
      if (answers === null || found.pickup.opened === 0) return { kind: 'refused' };
      const author = await authorOf(found.session, client, parts);
      return { kind: await answers.answer({ ...author, pickup: found.pickup }, answer, body) };
    },
    async begin({ session: token, message, body }, client) {
      const session = sessions.find(token, 'person');
      if (session === null || session.personId === null) return { kind: 'signed-out' };
      const [newest] = await pickups.ofAddress(session.address, 1);
      if (answers === null || newest === undefined) return { kind: 'refused' };
      const author = await authorOf(session, client, parts);
      return { kind: await answers.begin({ ...author, brand: session.brand, address: newest.detail.recipient }, message, body) };
    },
  };
}

interface Openable {
  readonly session: FoundSession;
  readonly pickup: Pickup;
}

/** Another address's message does not exist, whatever the session is worth. */
async function openable(token: string, deliveryId: string, { sessions, pickups, clock }: DeskParts): Promise<Openable | NotOpened> {
  const session = sessions.find(token, 'person');
  if (session === null) return { kind: 'signed-out' };
  const pickup = await pickups.find(deliveryId);
  if (pickup === null || Buffer.compare(pickup.address, session.address) !== 0) return { kind: 'gone' };
  const standing = standingOf(pickup, clock.steady());
  if (standing !== 'open') return { kind: standing === 'recalled' ? 'recalled' : 'gone' };
  if (session.personId === null || !isEnough(session.assurance, pickup.opening.minimum)) return { kind: 'step-up' };
  return { session, pickup };
}

async function opened({ session, pickup }: Openable, client: DeskClient, parts: DeskParts): Promise<OpenedPickup | NotOpened> {
  const { clock, keys, journal, pickups, portal } = parts;
  const { deliveryId, messageId } = pickup;
  const message = await journal.readMessage(messageId);
  if (message === null || message.content.wrappedKey.length === 0) return { kind: 'gone' };
  const { wrappedKey, periodId, place, sizeBytes } = message.content;
  const contentKey = keys.unwrapDataKey(messageId, wrappedKey, periodId);
  const at = clock.now();
  const evidence = [pickupEvidence('pickup.opened', pickup, at, readerOf(session), client)];
  const changed = await pickups.change({ deliveryId, at: clock.steady(), event: { what: 'opened' }, report: openedReport(at), evidence });
  // Recalled or past its term in this very moment.
  if (changed.kind !== 'done') return { kind: 'gone' };
  if (changed.pickup.opened === 1) parts.reportsOwed();
  const answered = await pickups.answersTo(deliveryId);
  return {
    kind: 'open',
    line: await lineOf(changed.pickup, session, parts),
    recipient: pickup.detail.recipient,
    standIns: standIns(message, keys, portal().returns?.domain ?? null),
    contentKey,
    place,
    sizeBytes,
    answers: parts.answers === null ? 'none' : portal().answers,
    answered: answered.map(({ at: when, state }) => ({ at: when, state: fareOf(state) })),
  };
}

function fareOf(state: string): 'on-its-way' | 'delivered' | 'not-delivered' {
  if (state === 'relayed' || state === 'picked-up' || state === 'waiting') return 'delivered';
  return state === 'returned' || state === 'expired' || state === 'cancelled' ? 'not-delivered' : 'on-its-way';
}

function readerOf({ personId, assurance, provedBy }: FoundSession): Readonly<Record<string, string | number>> {
  return { assurance, by: provedBy, ...(personId === null ? {} : { person: personId }) };
}

/** A portal that asks for what its session has no right to is written down. */
async function foreign(
  token: string,
  deliveryId: string,
  client: DeskClient,
  { sessions, pickups, audit, clock }: DeskParts,
): Promise<void> {
  const session = sessions.find(token, 'none');
  const pickup = await pickups.find(deliveryId);
  if (session === null || pickup === null || Buffer.compare(pickup.address, session.address) === 0) return;
  await audit.append([pickupEvidence('pickup.sign-in-failed', pickup, clock.now(), { by: 'another-address' }, client)]);
}

async function authorOf({ personId }: FoundSession, client: DeskClient, { people }: DeskParts): Promise<DeskAuthor> {
  const person = personId === null ? null : await people.find(personId);
  return { personId, name: person?.name ?? null, client };
}
