// Messages that are open right now: what one session has opened is kept for a few minutes, so that it is not read and made safe again for every page,
// picture and file. Texts only, never a file's octets. Bounded in number and length; gone when the session leaves. Whether the session still stands is
// asked of the desk with every request all the same.
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
  /** Lets go of what was opened too long ago: to be called now and then. */
  tidy(): void;
  readonly size: number;
}

export interface OpenMessageDeps {
  readonly desk: Pick<PickupDesk, 'open' | 'sealed'>;
  readonly presenter: Pick<Presenter, 'present'>;
  readonly now: () => number;
}

const KEEP_MS = 300_000;
const MOST = 100;
/** UTF-16 code units of all bodies together. */
const LONGEST = 32 * 1024 ** 2;

interface Kept {
  readonly message: OpenMessage;
  readonly session: string;
  readonly until: number;
}

export function openMessages({ desk, presenter, now }: OpenMessageDeps): OpenMessages {
  const kept = new Map<string, Kept>();
  const tidy = (): void => {
    let length = [...kept.values()].reduce((sum, { message }) => sum + lengthOf(message.shown), 0);
    // Oldest first; what was opened last stays, whatever its length.
    for (const [name, { until, message }] of kept) {
      if (until > now() && kept.size <= MOST && (length <= LONGEST || kept.size === 1)) continue;
      kept.delete(name);
      length -= lengthOf(message.shown);
    }
  };
  const open: OpenMessages['open'] = async (session, deliveryId, client) => {
    const opened = await desk.open({ session, deliveryId }, client);
    if (opened.kind !== 'open') return opened;
    tidy();
    const name = nameOf(session, deliveryId);
    const content = contentOf(desk, session, opened);
    // Content never changes. What was not shown whole may be the second time.
    const before = kept.get(name)?.message.shown;
    const shown = before?.end === 'complete' ? before : await presenter.present(content);
    const message = { opened, content, shown: withPeople(shown, opened.standIns) };
    kept.delete(name);
    kept.set(name, { message, session: digestOf(session), until: now() + KEEP_MS });
    tidy();
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
    tidy,
    get size() {
      return kept.size;
    },
  };
}

function withPeople(shown: Presented, standIns: readonly StandIn[]): Presented {
  const [from, to, cc] = [shown.from, shown.to, shown.cc].map((all) => all.map((mailbox) => asPerson(mailbox, standIns)));
  return { ...shown, from: from ?? [], to: to ?? [], cc: cc ?? [] };
}

function lengthOf({ body }: Presented): number {
  return body.kind === 'none' ? 0 : body.text.length + (body.kind === 'html' ? body.html.length : 0);
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
