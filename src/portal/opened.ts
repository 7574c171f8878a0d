// Messages that are open right now: what one session has opened is kept for a few minutes, so that its pictures and files need not be asked for again.
// Bounded; gone when the session leaves. Whether the session still stands is asked of the desk with every request all the same.
import { createHash } from 'node:crypto';
import type { DeskClient, NotOpened, OpenedPickup, PickupDesk } from '../gateway/pickup/desk.ts';
import { asPerson, type StandIn } from '../mail/stand-in.ts';
import type { Content, Presented } from '../mime/present/presented.ts';
import { openSealed } from '../spool/sealed-stream.ts';
import type { Presenter } from './presented.ts';

export interface OpenMessage {
  readonly opened: OpenedPickup;
  /** With people in the place of the addresses of ours that stand for them. */
  readonly shown: Presented;
  /** As it came: their places and sizes are those of what is sealed. */
  readonly content: Content;
}

export interface OpenMessages {
  /** Asks the desk, which records a reading. */
  open(session: string, deliveryId: string, client: DeskClient): Promise<OpenMessage | NotOpened>;
  /** As it was opened a moment ago; asks the desk where it is too long ago. */
  again(session: string, deliveryId: string, client: DeskClient): Promise<OpenMessage | NotOpened>;
  /** All of a session. */
  forget(session: string): void;
}

export interface OpenMessageDeps {
  readonly desk: Pick<PickupDesk, 'open' | 'sealed'>;
  readonly presenter: Pick<Presenter, 'present'>;
  readonly now: () => number;
}

const KEEP_MS = 300_000;
const MOST = 100;

interface Kept {
  readonly message: OpenMessage;
  readonly session: string;
  readonly until: number;
}

export function openMessages({ desk, presenter, now }: OpenMessageDeps): OpenMessages {
  const kept = new Map<string, Kept>();
  const open: OpenMessages['open'] = async (session, deliveryId, client) => {
    const opened = await desk.open({ session, deliveryId }, client);
    if (opened.kind !== 'open') return opened;
    const content = contentOf(desk, session, opened);
    const message = { opened, content, shown: withPeople(await presenter.present(content), opened.standIns) };
    const name = nameOf(session, deliveryId);
    kept.delete(name);
    kept.set(name, { message, session: digestOf(session), until: now() + KEEP_MS });
    const oldest = kept.size > MOST ? kept.keys().next() : null;
    if (oldest?.done === false) kept.delete(oldest.value);
    return message;
  };
  return {
    open,
    async again(session, deliveryId, client) {
      const known = kept.get(nameOf(session, deliveryId));
      return known !== undefined && known.until > now() ? known.message : open(session, deliveryId, client);
    },
    forget(session) {
      for (const [name, one] of kept) if (one.session === digestOf(session)) kept.delete(name);
    },
  };
}

function withPeople(shown: Presented, standIns: readonly StandIn[]): Presented {
  const [from, to, cc] = [shown.from, shown.to, shown.cc].map((all) => all.map((mailbox) => asPerson(mailbox, standIns)));
  return { ...shown, from: from ?? [], to: to ?? [], cc: cc ?? [] };
}

/** Plain octets, from the start as often as wanted. */
function contentOf(desk: Pick<PickupDesk, 'sealed'>, session: string, { line, contentKey, sizeBytes }: OpenedPickup): Content {
  return async function* () {
    const sealed = await desk.sealed({ session, deliveryId: line.deliveryId });
    if (sealed === null) throw new Error('what was open is open no more');
    yield* openSealed(sealed, { messageId: line.deliveryId.slice(0, line.deliveryId.indexOf('/')), key: contentKey, sizeBytes });
  };
}

/** A session's token is kept nowhere. */
function digestOf(session: string): string {
  return createHash('sha256').update(session).digest('base64url');
}

function nameOf(session: string, deliveryId: string): string {
  return `${digestOf(session)} ${deliveryId}`;
}
