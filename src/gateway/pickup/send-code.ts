// Codes that are sent: by mail, only over the floor that the content itself would have needed (DESIGN.md section 3); those to telephones are in
// phone-codes.ts. How a mailed one fares is seen from its delivery.
import { CODE_LIVES_MS, drawCode } from '../../access/one-time-code.ts';
import { brandNamed } from '../../config/portal.ts';
import { isAscii } from '../../mail/address.ts';
import { LANGUAGES } from '../../mail/language.ts';
import type { Language } from '../../mail/language.ts';
import type { PhoneWay } from '../../mail/pickup.ts';
import type { Protection } from '../../mail/tls.ts';
import { composeCodeMail } from '../../mime/code-mail.ts';
import type { Pickup } from '../../store/pickups.ts';
import { codeMail } from '../decided.ts';
import type { CodeSent, DeskClient, PickupFace } from './desk.ts';
import { type DeskParts, pickupAt, standingOf, targetOf } from './desk-parts.ts';
import { sendToPhones } from './phone-codes.ts';
import { pickupEvidence } from './reports.ts';

export interface SentCodes {
  send(link: string, by: 'mail' | PhoneWay, client: DeskClient): Promise<CodeSent>;
  fare(deliveryId: string): Promise<PickupFace['code']>;
}

const REMEMBERED = 5_000;
const FARE_MS = CODE_LIVES_MS['mailed-code'];

export function sentCodes(parts: DeskParts): SentCodes {
  /** The mail of the last code of a delivery. Forgotten at a restart: then nothing is said. */
  const mails = new Map<string, { readonly id: string; readonly at: number }>();
  const keep = (deliveryId: string, id: string): void => {
    mails.delete(deliveryId);
    mails.set(deliveryId, { id, at: parts.clock.steady() });
    const oldest = mails.keys().next();
    if (mails.size > REMEMBERED && oldest.done !== true) mails.delete(oldest.value);
  };
  return {
    async send(link, by, client) {
      const pickup = await pickupAt(link, parts);
      const now = parts.clock.steady();
      if (pickup === null || standingOf(pickup, now) !== 'open') return 'gone';
      if (by !== 'mail') return sendToPhones(pickup, by, client, parts);
      const floor = await floorOf(pickup, parts);
      if (floor === null) return 'not-safe';
      if (parts.asked.ask(targetOf(pickup.address), client.address, now) === 'wait') return 'wait';
      const sending = sendByMail(pickup, floor, client, parts);
      sending.catch(() => parts.asked.notMade(targetOf(pickup.address)));
      keep(pickup.deliveryId, await sending);
      return 'sent';
    },
    async fare(deliveryId) {
      const mail = mails.get(deliveryId);
      if (mail === undefined || parts.clock.steady() - mail.at >= FARE_MS) return null;
      const entry = (await parts.queue.show(mail.id))?.entries[0];
      if (entry === undefined) return null;
      const { state, lastStatus } = entry;
      // It is tried again until its time is over; whoever waits is told at once that the way falls short.
      if (state === 'deferred' && lastStatus?.code === 'delivery.below-floor') return 'not-safe';
      if (state === 'relayed') return 'handed-over';
      return state === 'queued' || state === 'active' || state === 'deferred' ? 'on-its-way' : 'not-safe';
    },
  };
}

/** What the code's mail must keep; null where no code may travel. */
async function floorOf(
  { opening, messageId, deliveryId }: Pickup,
  { queue }: DeskParts,
): Promise<Exclude<Protection, 'opportunistic' | 'sealed'> | null> {
  if (opening.mailedCode === 'below-floor') return null;
  const found = (await queue.show(messageId))?.entries.find((entry) => entry.deliveryId === deliveryId);
  const floor = found?.decision.floor ?? 'sealed';
  if (floor === 'sealed') return null;
  // A code opens: it is not sent in clear even where the content might have been.
  return floor === 'opportunistic' ? 'tls' : floor;
}

async function sendByMail(
  pickup: Pickup,
  floor: Exclude<Protection, 'opportunistic' | 'sealed'>,
  client: DeskClient,
  parts: DeskParts,
): Promise<string> {
  const brand = brandNamed(parts.portal(), pickup.brand);
  const code = await addCode(pickup, client, parts);
  const { recipient } = pickup.detail;
  return parts.acceptOwn({
    kind: 'notice',
    about: pickup.messageId,
    to: [recipient],
    decide: () => codeMail(parts.policyVersion(), floor),
    expireAfterMs: CODE_LIVES_MS['mailed-code'],
    smtpUtf8: !isAscii(recipient),
    failing: 'to-nobody',
    compose: ({ id, at, hostname }) =>
      composeCodeMail({ id, at, hostname, brand, to: recipient, code, language: languageOf(pickup, brand.language) }),
    evidence: () => [],
  });
}

/** A newer one ends the one before. */
async function addCode(pickup: Pickup, client: DeskClient, { keys, people, clock }: DeskParts): Promise<string> {
  const kind = 'mailed-code';
  const { shown, salt, digest } = drawCode(keys.digest);
  const createdAt = clock.steady();
  const { address, deliveryId } = pickup;
  await people.addCode({
    address,
    deliveryId,
    kind,
    factorId: null,
    salt,
    digest,
    createdAt,
    expiresAt: createdAt + CODE_LIVES_MS[kind],
    endsOthers: 'same-kind',
    evidence: [pickupEvidence('pickup.code-sent', pickup, clock.now(), { by: kind }, client)],
  });
  return shown;
}

function languageOf({ detail }: Pickup, otherwise: Language): Language {
  return LANGUAGES.find((language) => language === detail.language) ?? otherwise;
}
