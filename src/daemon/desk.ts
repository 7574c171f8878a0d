// The desk of the gateway, joined and opened to the portal's process: its socket, its sessions, and the round that forgets old codes.
import { passkeys } from '../access/passkey.ts';
import { passwords } from '../access/password.ts';
import type { PortalSessions } from '../access/portal-sessions.ts';
import { codesAsked, portalTries } from '../access/portal-throttle.ts';
import type { Config } from '../config/config.ts';
import type { Secrets } from '../config/secrets.ts';
import type { DeskPhone } from '../gateway/pickup/phone-codes.ts';
import { pickupDesk } from '../gateway/pickup/pickup-desk.ts';
import type { Log } from '../log/log.ts';
import { startDeskServer } from '../portal/desk-server.ts';
import { deskSocketPath } from '../portal/desk-wire.ts';
import type { Deciding } from './deciding.ts';
import { deskPhone, type DeskPhoneParts } from './desk-phone.ts';
import type { Ground } from './ground.ts';
import type { Outside } from './outgoing.ts';
import type { Road } from './road.ts';
import { round } from './rounds.ts';

export interface DeskDoorParts {
  readonly config: () => Config;
  readonly ground: Ground;
  readonly road: Pick<Road, 'acceptOwn' | 'returns' | 'wake'>;
  readonly deciding: Pick<Deciding, 'ownMail'>;
  readonly sessions: PortalSessions;
  readonly secrets: () => Secrets;
  readonly outside: Outside;
  readonly log: Log;
}

const FORGET_EVERY_MS = 3_600_000;
/** What was tried with a code is in the evidence. */
const CODES_KEPT_MS = 86_400_000;

/** Nothing where there is no portal. A sentence for the administrator where the socket cannot be had. */
export async function openDesk(parts: DeskDoorParts, undo: AsyncDisposableStack): Promise<string | null> {
  const { config, ground, log } = parts;
  if (config().portal === null) return null;
  const { store, clock } = ground;
  const bug = (call: string, error: unknown): void => void log.bug(`desk ${call}`, error);
  const phone = deskPhone(phonePartsOf(parts), undo);
  const started = await startDeskServer(deskSocketPath(config().folders.run), deskOf(parts, phone), { bug });
  if (started.kind === 'refused') return started.text;
  undo.defer(() => started.server.close());
  const forget = async (): Promise<'done'> => {
    await store.people.forgetCodes(clock.steady() - CODES_KEPT_MS);
    return 'done';
  };
  const forgetting = round(FORGET_EVERY_MS, forget, (error) => bug('codes', error));
  undo.defer(() => forgetting.stop());
  return null;
}

function phonePartsOf({ config, secrets, outside, log }: DeskDoorParts): DeskPhoneParts {
  return { sms: () => config().portal?.sms ?? null, authorization: () => secrets().smsAuthorization, outside, log };
}

function deskOf({ config, ground, road, deciding, sessions }: DeskDoorParts, phone: DeskPhone): ReturnType<typeof pickupDesk> {
  const { store, keys, clock, spool, reader } = ground;
  return pickupDesk({
    portal() {
      const { portal } = config();
      if (portal === null) throw new Error('the portal is not set up any more');
      return portal;
    },
    keys: {
      digest: (label, ...values) => keys.digest(label, ...values),
      unwrapDataKey: (messageId, wrappedKey, periodId) => keys.unwrapDataKey(messageId, wrappedKey, periodId),
    },
    clock,
    pickups: store.pickups,
    people: store.people,
    journal: store.journal,
    queue: reader.queue,
    audit: store.audit,
    spool,
    acceptOwn: road.acceptOwn,
    reportsOwed: road.wake,
    policyVersion: () => deciding.ownMail().policyVersion,
    sessions,
    // A pool of its own: who guesses here keeps no mail program from logging in.
    passwords: passwords(),
    passkeys: passkeys(clock.steady),
    tries: portalTries(),
    asked: codesAsked(),
    phone,
    answers: road.returns.answering,
  });
}
