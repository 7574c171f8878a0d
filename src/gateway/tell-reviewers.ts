// Notices to the owners of holds: each hold is told once and reminded of once at half-time, in the commit that marks it so. A crash in
// between makes a notice later, never silent and never two. More than a few an hour are gathered into one.
import type { Evidence } from '../mail/evidence.ts';
import { MAIL_ERRORS } from '../mail/mail-error.ts';
import type { Place } from '../mail/message.ts';
import { REASONS } from '../mail/reasons.ts';
import { composeReviewNotice, type FoundInHeld, type HeldMessage } from '../mime/review-notice.ts';
import type { StoredFacts } from '../mail/facts.ts';
import type { Journal } from '../store/journal.ts';
import type { Readings } from '../store/readings.ts';
import type { HoldToTell, Reviews } from '../store/reviews.ts';
import { acceptOwn, type AcceptOwnDeps } from './accept-own.ts';

export interface TellDeps extends AcceptOwnDeps {
  readonly reviews: Pick<Reviews, 'toTell'>;
  readonly readings: Pick<Readings, 'facts'>;
  readonly journal: Pick<Journal, 'accept' | 'readMessage'>;
}

export interface Teller {
  /** Tells what is to be told now. Gives how many notices it made. */
  round(): Promise<number>;
}

const HOUR = 3_600_000;
/** Notices to one owner in an hour, the last of which may be about many messages. */
export const NOTICES_AN_HOUR = 20;
const REMINDERS_APART = 900_000;
/** Messages that one notice describes; of the others it says how many there are. */
const DESCRIBED = 25;
const PAGE = 1_000;

export function createTeller(deps: TellDeps): Teller {
  /** Steady times of the notices of the last hour, and of the last reminder, by owner. */
  const notices = new Map<string, readonly number[]>();
  const reminders = new Map<string, number>();
  return {
    async round() {
      const now = deps.clock.steady();
      let made = 0;
      for (const [owner, holds] of Map.groupBy(await allToTell(now, deps), ({ hold }) => hold.owner)) {
        const recent = (notices.get(owner) ?? []).filter((at) => now - at < HOUR);
        const batches = batchesOf(
          holds.filter(({ due }) => due === 'notice'),
          NOTICES_AN_HOUR - recent.length,
        );
        const told = await Promise.all(batches.map((batch) => tell(owner, 'notice', batch, deps)));
        const times = [...recent, ...told.filter((one) => one === 'told').map(() => now)];
        if (times.length === 0) notices.delete(owner);
        else notices.set(owner, times);
        made += times.length - recent.length;
        const late = holds.filter(({ due }) => due === 'reminder');
        if (late.length === 0 || now - (reminders.get(owner) ?? -Infinity) < REMINDERS_APART) continue;
        if ((await tell(owner, 'reminder', late, deps)) !== 'told') continue;
        reminders.set(owner, now);
        made++;
      }
      return made;
    },
  };
}

async function allToTell(now: number, { reviews }: TellDeps): Promise<readonly HoldToTell[]> {
  const all: HoldToTell[] = [];
  for (;;) {
    const page = await reviews.toTell({ now, after: all.at(-1)?.deliveryId ?? null, limit: PAGE });
    all.push(...page);
    if (page.length < PAGE) return all;
  }
}

/** One for each message while there are places; the last place is for all that are left. */
function batchesOf(holds: readonly HoldToTell[], places: number): readonly (readonly HoldToTell[])[] {
  const messages = [...Map.groupBy(holds, ({ messageId }) => messageId).values()];
  if (places <= 0 || messages.length === 0) return [];
  if (messages.length <= places) return messages;
  return [...messages.slice(0, places - 1), messages.slice(places - 1).flat()];
}

async function tell(owner: string, due: HoldToTell['due'], holds: readonly HoldToTell[], deps: TellDeps): Promise<'told' | 'failed'> {
  try {
    const { postmaster, hostname } = deps.settings();
    const named = owner.split(', ').filter((one) => one.includes('@'));
    const fallback = postmaster.length === 0 ? [`postmaster@${hostname}`] : postmaster;
    const to = named.length === 0 ? fallback : named;
    const byMessage = [...Map.groupBy(holds, ({ messageId }) => messageId)];
    const described = await Promise.all(byMessage.slice(0, DESCRIBED).map(([id, held]) => describe(id, held, deps)));
    const messages = described.filter((one) => one !== null);
    const kind = due === 'notice' ? 'review.told' : 'review.reminded';
    await acceptOwn(
      {
        kind: 'notice',
        about: byMessage.length === 1 ? (byMessage[0]?.[0] ?? null) : null,
        to,
        smtpUtf8: false,
        failing: to.some((address) => postmaster.includes(address)) ? 'to-nobody' : 'to-postmaster',
        compose: (from) => composeReviewNotice({ ...from, to, due, messages, more: byMessage.length - messages.length }),
        tellsOf: holds.map(({ deliveryId }) => deliveryId),
        evidence: (id, at) =>
          holds.map(({ messageId, deliveryId }): Evidence => ({ kind, at, messageId, deliveryId, codes: { notice: id }, detail: null })),
      },
      deps,
    );
    return 'told';
  } catch (error) {
    deps.events.bug({ where: 'notices', error });
    return 'failed';
  }
}

/** What may be told of a message; null where its record cannot be read. */
async function describe(id: string, held: readonly HoldToTell[], { journal, readings }: TellDeps): Promise<HeldMessage | null> {
  const message = await journal.readMessage(id);
  if (message === null) return null;
  const facts = await readings.facts(id);
  const once = (texts: readonly string[]): readonly string[] => [...new Set(texts)];
  return {
    id,
    acceptedAt: message.acceptedAt,
    submitter: `${message.submitter.kind} ${message.submitter.name}`,
    held: held.length,
    recipients: message.envelope.recipients.length,
    deadline: Math.min(...held.map(({ hold }) => hold.deadline)),
    why: once(held.map(({ hold }) => whyHeld(hold.reason))),
    rules: once(held.map(({ decision }) => decision.rule)),
    words: once(held.flatMap(({ decision }) => decision.reason ?? [])),
    found: facts === null ? null : foundIn(facts),
  };
}

/** Why a delivery is held, in a sentence: the catalogue's, or that a person did it. */
export function whyHeld(reason: string): string {
  if (reason === 'person') return 'A person held it';
  const errors: Readonly<Record<string, { readonly text: string }>> = MAIL_ERRORS;
  return errors[reason]?.text ?? reason;
}

function foundIn({ message, reasons }: StoredFacts): FoundInHeld {
  const sentences: Readonly<Record<string, string>> = REASONS;
  return {
    level: message.phi.level,
    kinds: Object.keys(message.phi.counts),
    reasons: [...new Set(reasons.map(({ code, part, place }) => `${sentences[code] ?? code} (${whereIs(part, place)})`))].slice(0, 5),
    blindSpots: message.blindSpots,
  };
}

/** By number only: names of files and sheets are content. */
function whereIs(part: string, { page, sheet, row }: Place): string {
  const numbers = Object.entries({ page, sheet, row }).flatMap(([word, number]) => (number === undefined ? [] : [`${word} ${number}`]));
  return [part === '' ? 'message' : `part ${part}`, ...numbers].join(', ');
}
