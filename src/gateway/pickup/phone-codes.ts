// Codes to telephones: to every phone that somebody at the address has enrolled, each with a code of its own that proves its owner. Whether there is
// one is told to nobody who asks: what is answered, and how soon, is the same, and the sending goes on behind it.
import { CODE_LIVES_MS, drawCode } from '../../access/one-time-code.ts';
import type { PhoneLimits } from '../../access/phone-limits.ts';
import { brandNamed } from '../../config/portal.ts';
import { LANGUAGES } from '../../mail/language.ts';
import type { Language } from '../../mail/language.ts';
import type { PhoneWay } from '../../mail/pickup.ts';
import { codeToHear, codeToRead } from '../../mime/code-mail.ts';
import type { Pickup } from '../../store/pickups.ts';
import type { CodeSent, DeskClient } from './desk.ts';
import { type DeskParts, targetOf } from './desk-parts.ts';
import { pickupEvidence } from './reports.ts';
import type { PhoneMessage, PhoneSent } from './phone-gateway.ts';

/** Why a code did not get to a phone. 'not-allowed': its number is of no country that the configuration allows any more. */
export type PhoneFailure = Exclude<PhoneSent, 'sent'> | 'no-more' | 'not-allowed';

/** Telephones, through a gateway that the configuration names. */
export interface DeskPhone {
  /** None where it names none. */
  ways(): readonly PhoneWay[];
  mayGo(number: string): boolean;
  readonly limits: PhoneLimits;
  send(message: PhoneMessage): Promise<PhoneSent>;
  /** Does what nobody waits for; what it throws is a bug. */
  later(work: () => Promise<void>): void;
  /** For the administrator, who can mend it. */
  failed(deliveryId: string, way: PhoneWay, why: PhoneFailure): void;
}

/** At one address: a couple, a front desk. */
const PHONES = 3;

/** What those asks are counted under, beside those for mail. */
export function phoneTarget(address: Uint8Array): string {
  return `phone ${targetOf(address)}`;
}

export function sendToPhones(pickup: Pickup, way: PhoneWay, client: DeskClient, parts: DeskParts): CodeSent {
  const { phone, asked, clock } = parts;
  if (phone === null || !phone.ways().includes(way)) return 'not-offered';
  const now = clock.steady();
  if (asked.ask(phoneTarget(pickup.address), client.address, now) === 'wait') return 'wait';
  if (phone.limits.ask(targetOf(pickup.address), now) === 'no-more') return 'no-more';
  phone.later(async () => {
    try {
      await sendAll(pickup, way, client, { ...parts, phone });
    } catch (error) {
      asked.notMade(phoneTarget(pickup.address));
      throw error;
    }
  });
  return 'sent';
}

type WithPhone = DeskParts & { readonly phone: DeskPhone };

interface Target {
  readonly factorId: number;
  readonly personId: number;
  readonly number: string;
  readonly language: string | null;
}

async function sendAll(pickup: Pickup, way: PhoneWay, client: DeskClient, parts: WithPhone): Promise<void> {
  const people = await parts.people.ofAddress(pickup.address);
  const targets = people.flatMap(({ factors, language }) =>
    factors.flatMap(({ id: factorId, personId, secret }): Target[] =>
      secret.kind === 'phone' ? [{ factorId, personId, number: secret.number, language }] : [],
    ),
  );
  for (const [i, target] of targets.slice(0, PHONES).entries()) {
    const endsOthers = i === 0 ? 'same-kind' : 'none';
    const why = await sendOne(pickup, way, target, endsOthers, client, parts);
    if (why === 'sent') continue;
    const codes = { by: 'phone-code', way, why, person: target.personId, factor: target.factorId };
    await parts.audit.append([pickupEvidence('pickup.code-failed', pickup, parts.clock.now(), codes, client)]);
    parts.phone.failed(pickup.deliveryId, way, why);
  }
}

async function sendOne(
  pickup: Pickup,
  way: PhoneWay,
  { factorId, personId, number, language: spoken }: Target,
  endsOthers: 'none' | 'same-kind',
  client: DeskClient,
  parts: WithPhone,
): Promise<'sent' | PhoneFailure> {
  const { phone, keys, people, clock } = parts;
  if (!phone.mayGo(number)) return 'not-allowed';
  const createdAt = clock.steady();
  if (phone.limits.send(targetOf(keys.digest('phone', number)), createdAt) === 'no-more') return 'no-more';
  const { shown, salt, digest } = drawCode(keys.digest);
  const { address, deliveryId } = pickup;
  const kind = 'phone-code';
  const expiresAt = createdAt + CODE_LIVES_MS[kind];
  const codes = { by: kind, way, person: personId, factor: factorId };
  const evidence = [pickupEvidence('pickup.code-sent', pickup, clock.now(), codes, client)];
  await people.addCode({ address, deliveryId, kind, factorId, salt, digest, createdAt, expiresAt, endsOthers, evidence });
  const brand = brandNamed(parts.portal(), pickup.brand);
  const language = languageOf([spoken, pickup.detail.language], brand.language);
  const host = new URL(brand.url).hostname;
  const text = way === 'voice' ? codeToHear(shown, language) : codeToRead(shown, host, language);
  return phone.send({ to: number, text, code: shown, language, kind: way });
}

function languageOf(wanted: readonly (string | null)[], otherwise: Language): Language {
  return wanted.flatMap((one) => LANGUAGES.find((language) => language === one) ?? []).at(0) ?? otherwise;
}
