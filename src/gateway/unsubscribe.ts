// Unsubscribing in one click: the recipient of a delivery says that no more mail of its purpose is wanted, and it is so. Only what is on file
// of that recipient and that sender changes; what is queued is decided again before its next attempt, as after every change of the registry.
import { canonicalAddress, domainOf } from '../mail/address.ts';
import { type Consent, consentSubject, consentSubjects } from '../mail/consent.ts';
import { deliveryIdOf } from '../mail/delivery.ts';
import type { Evidence } from '../mail/evidence.ts';
import { readUnsubscribeToken, type Unsubscribing, unsubscribeToken } from '../mail/unsubscribe-token.ts';
import type { Purpose } from '../mail/facts.ts';
import type { SealingKeys } from '../keys/keys.ts';
import type { Consents } from '../store/consents.ts';
import type { Journal } from '../store/journal.ts';
import type { ActiveDelivery } from '../store/queue.ts';
import type { Clock } from './clock.ts';

export interface UnsubscribeDeps {
  /** The registry by which decisions are made again. */
  readonly consents: Pick<Consents, 'inForce' | 'record' | 'revoke'>;
  readonly journal: Pick<Journal, 'readMessage'>;
  readonly keys: Pick<SealingKeys, 'digest'>;
  readonly clock: Clock;
}

export interface Unsubscribe {
  /** What a token would stop; null where it stops nothing: no token of ours, or nobody knows any more whose delivery it was. */
  purposeOf(token: string): Promise<Purpose | null>;
  /** Stops it, once or again. Null as above, and nothing has changed. */
  stop(token: string): Promise<Purpose | null>;
}

/** Where recipients say it: both of RFC 8058 section 3.1 and RFC 2369 section 3.2. */
export interface UnsubscribePlace {
  /** Without what follows the last slash. */
  readonly url: string;
  readonly mailto: string;
}

const WHO = 'recipient';
const WHY = 'one-click unsubscribe';
/** A signature may be dated by a clock that runs before ours (mail/consent-check.ts): what begins so soon is revoked too. */
const AHEAD_MS = 86_400_000;

/** The URIs of a delivery; null where it offers none, or where there would be nothing to revoke: no one sends it. */
export function unsubscribeUris(
  place: UnsubscribePlace,
  keys: UnsubscribeDeps['keys'],
  { message, n, decision }: Pick<ActiveDelivery, 'message' | 'n' | 'decision'>,
): { readonly https: string; readonly mailto: string } | null {
  const purpose = decision.modifiers.unsubscribe;
  if (purpose === null || domainOf(message.envelope.reversePath) === '') return null;
  const token = unsubscribeToken((label, ...values) => keys.digest(label, ...values), { messageId: message.id, n, purpose });
  const subject = encodeURIComponent(`unsubscribe ${deliveryIdOf(message.id, n)}`);
  return { https: `${place.url}/${token}`, mailto: `mailto:${mailtoAddress(place.mailto)}?subject=${subject}` };
}

/** RFC 6068 section 2: what would end or split the address is percent-encoded. */
function mailtoAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return `${encodeURIComponent(address.slice(0, at))}@${address.slice(at + 1)}`;
}

export function unsubscribe(deps: UnsubscribeDeps): Unsubscribe {
  // One after another: two clicks at the same moment make one record.
  let last: Promise<unknown> = Promise.resolve();
  return {
    purposeOf: async (token) => (await partiesOf(token, deps))?.purpose ?? null,
    async stop(token) {
      const parties = await partiesOf(token, deps);
      if (parties === null) return null;
      const stopping = last.then(() => (parties.purpose === 'marketing' ? revoke(parties, deps) : optOut(parties, deps)));
      last = stopping.catch(() => undefined);
      await stopping;
      return parties.purpose;
    },
  };
}

interface Parties extends Unsubscribing {
  /** Canonical. */
  readonly sender: string;
  readonly recipient: string;
}

async function partiesOf(token: string, { journal, keys }: UnsubscribeDeps): Promise<Parties | null> {
  const named = readUnsubscribeToken((label, ...values) => keys.digest(label, ...values), token);
  if (named === null) return null;
  const message = await journal.readMessage(named.messageId);
  const recipient = message?.envelope.recipients[named.n]?.address;
  if (message === null || recipient === undefined) return null;
  return { ...named, sender: canonicalAddress(message.envelope.reversePath), recipient: canonicalAddress(recipient) };
}

/** 45 CFR 164.508(b)(5): every authorisation for marketing by this sender, given to it alone or to its domain. */
async function revoke(parties: Parties, { consents, keys, clock }: UnsubscribeDeps): Promise<void> {
  const subjects = consentSubjects((label, ...values) => keys.digest(label, ...values), parties.sender, parties.recipient);
  const steady = clock.steady();
  const found = await Promise.all([steady, steady + AHEAD_MS].map((at) => consents.inForce(subjects, at)));
  const records = found.flatMap((one) => one.consents.flat()).filter(({ kind }) => kind === 'marketing');
  const ids = [...new Set(records.map(({ id }) => id))];
  if (ids.length === 0) return;
  const at = clock.now();
  await consents.revoke({ ids, at, who: WHO, why: WHY, evidence: evidenceOf('consent.revoked', parties, at, {}) });
}

/** 45 CFR 164.514(f)(2)(ii): no more fundraising by the sender's domain. */
async function optOut({ recipient, sender, ...named }: Parties, { consents, keys, clock }: UnsubscribeDeps): Promise<void> {
  const at = clock.now();
  const consent = optOutOf(recipient, domainOf(sender), Math.min(at, clock.steady()));
  const subject = consentSubject((label, ...values) => keys.digest(label, ...values), consent);
  const found = await consents.inForce([subject], clock.steady());
  if (found.consents.flat().some(({ kind, until }) => kind === 'fundraising-opt-out' && until === null)) return;
  const evidence = evidenceOf('consent.recorded', named, at, { address: recipient, scope: consent.scope ?? '' });
  await consents.record({ records: [{ consent, subject, evidence }], who: WHO, at });
}

function optOutOf(address: string, scope: string, givenAt: number): Consent {
  return {
    kind: 'fundraising-opt-out',
    address,
    scope,
    text: null,
    document: null,
    givenAt,
    until: null,
    takenBy: null,
    note: WHY,
    authorisation: null,
    otherWay: null,
    uses: null,
  };
}

function evidenceOf(
  kind: 'consent.revoked' | 'consent.recorded',
  { messageId, n }: Unsubscribing,
  at: number,
  about: Readonly<Record<string, string>>,
): Evidence {
  return {
    kind,
    at,
    messageId,
    deliveryId: deliveryIdOf(messageId, n),
    codes: { by: 'recipient' },
    detail: { ...about, who: WHO, why: WHY },
  };
}
