// parse, inspect, decide: an accepted message is read and inspected, and policy decides for each of its recipients. A small message that is
// soon done is decided before the reply; every other from the journal, which says what is undecided, so that a crash or a stop forgets none.
import type { SealingKeys } from '../keys/keys.ts';
import { canonicalAddress } from '../mail/address.ts';
import { type Decision, notDecided } from '../mail/decision.ts';
import { deliveryIdOf } from '../mail/delivery.ts';
import type { Recipient } from '../mail/envelope.ts';
import type { Evidence } from '../mail/evidence.ts';
import type { HoldTerm } from '../mail/hold-term.ts';
import { MailError } from '../mail/mail-error.ts';
import { readFacts, recurringPictures, withKnownPictures } from '../mail/read-facts.ts';
import { compareDecisions } from '../policy/compare.ts';
import type { SealedContent } from '../spool/spool.ts';
import type { Journal, MessageRecord, Reading } from '../store/journal.ts';
import type { Readings } from '../store/readings.ts';
import type { Clock } from './clock.ts';
import { type PolicyInEffect, standingUnknown } from './decide-again.ts';
import { becomes, CONFIGURED, decidedEvidence, decisionCodes, type HoldSettings } from './decided.ts';
import type { RoadEvents } from './events.ts';
import { type Examination, type Examine, unexaminable } from './examination.ts';
import { type Acquaintance, factsFor, messageFactsOf, type OnFile, type SessionFacts, sessionFactsOf } from './facts.ts';
import { backToPortal } from './to-portal.ts';
import { until } from './until.ts';

export interface ProcessDeps {
  readonly readings: Pick<Readings, 'unread' | 'sightings'>;
  readonly journal: Pick<Journal, 'readMessage' | 'readSealed' | 'decide'>;
  readonly keys: Pick<SealingKeys, 'unwrapDataKey' | 'digest'>;
  readonly examine: Examine;
  readonly policy: () => PolicyInEffect;
  /** A draft that is tried beside the policy and decides nothing, or null. */
  readonly draft: () => PolicyInEffect | null;
  /** How recipients stand with the organisation, in their order. */
  readonly acquaintance: (reversePath: string, recipients: readonly string[]) => Promise<readonly Acquaintance[]>;
  readonly onFile: (session: SessionFacts, recipients: readonly string[]) => Promise<OnFile>;
  /** Domains of the organisation, lower case. */
  readonly organisation: () => readonly string[];
  readonly holdFor: () => HoldTerm;
  readonly clock: Clock;
  readonly events: RoadEvents;
  /** Something is due now, or a report is owed. */
  readonly decided: () => void;
}

/** A message that has been read, and what policy says of each recipient. */
export interface Processed {
  readonly reading: Reading;
  /** By place in the envelope. */
  readonly decisions: readonly { readonly decision: Decision; readonly settings: HoldSettings }[];
  /** That it was read; what was decided is said with what follows from it. */
  readonly evidence: readonly Evidence[];
}

export interface ToProcess {
  readonly session: SessionFacts;
  readonly content: SealedContent;
  readonly recipients: readonly ToDecideFor[];
}

export type ToDecideFor = Pick<Recipient, 'address' | 'answers'>;

export interface Processor {
  /** Decides before the reply, or 'later' where it takes beyond `deadline` (of performance.now) or too much is under way. */
  early(work: ToProcess, deadline: number): Promise<Processed | 'later'>;
  /** What was begun early is not wanted: the message was not accepted. */
  forget(messageId: string): void;
  /** One round over what is undecided. Gives 'more' where it should be called again at once. */
  round(): Promise<'more' | 'done'>;
}

const AT_ONCE = 32;
const MOST_EARLY = 64;
const REASONS_KEPT = 20;
/** A picture is known once so many messages of its account have held it, over at least a day. */
const KNOWN_AFTER_MESSAGES = 5;
const KNOWN_AFTER_MS = 86_400_000;

export function createProcessor(deps: ProcessDeps): Processor {
  /** Begun before a reply that did not wait for it. */
  const begun = new Map<string, Promise<Processed | 'stopped'>>();
  const failures = new Map<string, number>();
  /** Where the last round ended: messages that cannot be decided now keep no later one waiting. */
  let after: string | null = null;
  return {
    async early(work, deadline) {
      if (begun.size >= MOST_EARLY) return 'later';
      const { messageId } = work.content;
      const working = process(work, deps);
      begun.set(messageId, working);
      // A fault of ours refuses no mail: the message is kept undecided, and a round begins anew.
      const ended = working.catch((error: unknown) => {
        begun.delete(messageId);
        deps.events.bug({ where: 'process.early', error });
        return 'stopped' as const;
      });
      const done = await until(deadline, ended);
      if (done === 'late' || done === 'stopped') return 'later';
      begun.delete(messageId);
      return done;
    },
    forget(messageId) {
      begun.delete(messageId);
    },
    async round() {
      const ids = await deps.readings.unread({ after, limit: AT_ONCE });
      after = ids.length < AT_ONCE ? null : (ids.at(-1) ?? null);
      const ended = await Promise.all(
        ids.map((id) => {
          const working = begun.get(id) ?? null;
          begun.delete(id);
          return decideOne(id, working, failures, deps);
        }),
      );
      return after !== null || ended.includes('decided') ? 'more' : 'done';
    },
  };
}

/** Fails at most so often; then the message is held for a person: nobody waits for a fault of ours for ever. */
const MOST_FAILURES = 3;

async function decideOne(
  messageId: string,
  begun: Promise<Processed | 'stopped'> | null,
  failures: Map<string, number>,
  deps: ProcessDeps,
): Promise<'decided' | 'later'> {
  try {
    const record = await deps.journal.readMessage(messageId);
    if (record === null) throw new Error('an unread message cannot be found, or its key is gone');
    const hopeless = (failures.get(messageId) ?? 0) >= MOST_FAILURES;
    const early = begun === null ? 'stopped' : await begun.catch(() => 'stopped' as const);
    const processed = hopeless
      ? withoutDecision(record, deps)
      : early === 'stopped'
        ? await process(await workOf(record, deps), deps)
        : early;
    if (processed === 'stopped') return 'later';
    await keep(record, processed, deps);
    failures.delete(messageId);
    return 'decided';
  } catch (error) {
    failures.set(messageId, (failures.get(messageId) ?? 0) + 1);
    deps.events.bug({ where: 'process', error });
    return 'later';
  }
}

async function keep(record: MessageRecord, { decisions, reading, evidence }: Processed, deps: ProcessDeps): Promise<void> {
  const at = deps.clock.now();
  const now = deps.clock.steady();
  const deliveries = record.envelope.recipients.flatMap(({ notify }, n) => {
    const one = decisions[n];
    if (one === undefined) return [];
    const about = { kind: record.kind, notify, at, now, settings: one.settings, holdFor: deps.holdFor() };
    return [{ n, decision: one.decision, ...becomes(one.decision, about) }];
  });
  const decided = deliveries.flatMap((one) =>
    decidedEvidence(record.id, one.n, at, one, record.envelope.recipients[one.n] ?? { address: '' }),
  );
  await deps.journal.decide({ messageId: record.id, at: now, deliveries, reading, evidence: [...evidence, ...decided] });
  deps.decided();
}

/** Nothing is known of the message, and nobody decided: held, and when it is released it counts as what could not be read. */
function withoutDecision(record: MessageRecord, deps: ProcessDeps): Processed {
  const examination = unexaminable();
  const { reversePath, recipients } = record.envelope;
  const organisation = deps.organisation();
  const decision = notDecided('<fault>', deps.policy().version);
  return {
    reading: {
      facts: {
        message: messageFactsOf(sessionFactsOf(record), examination, organisation),
        recipients: recipients.map(({ address }) => standingUnknown(address, reversePath, organisation)),
        reasons: [],
      },
      pictures: [],
      correspondents: [],
    },
    decisions: recipients.map(() => ({ decision, settings: CONFIGURED })),
    evidence: [readEvidence(record.id, examination, deps.clock.now(), 0)],
  };
}

async function workOf(record: MessageRecord, deps: ProcessDeps): Promise<ToProcess> {
  const { id, content, envelope } = record;
  const { sizeBytes, place } = content;
  const session = sessionFactsOf(record);
  const sealed = place === 'row' ? await deps.journal.readSealed(id) : null;
  const key = deps.keys.unwrapDataKey(id, content.wrappedKey, content.periodId);
  return { session, recipients: envelope.recipients, content: { messageId: id, place, sealed, sizeBytes, key } };
}

async function process({ session, content, recipients: to }: ToProcess, deps: ProcessDeps): Promise<Processed | 'stopped'> {
  const recipients = to.map(({ address }) => address);
  const { messageId } = content;
  const startedAt = performance.now();
  const [found, acquaintance, onFile] = await Promise.all([
    examined(content, { from: session.reversePath, to: recipients }, deps),
    deps.acquaintance(session.reversePath, recipients),
    deps.onFile(session, recipients),
  ]);
  if (found === 'stopped') return 'stopped';
  const { examination, pictures } = await withoutKnown(found, session.submitter.name, deps);
  const tookMs = performance.now() - startedAt;
  const { message, report } = examination;
  const facts = {
    message: messageFactsOf(session, examination, deps.organisation()),
    recipients: acquaintance.map(({ standing }) => standing),
    reasons: report.reasons.slice(0, REASONS_KEPT),
  };
  const policy = deps.policy();
  const draft = deps.draft();
  const shadow: Evidence[] = [];
  const decisions = to.map((recipient, n) => {
    const { address } = recipient;
    const asked = factsFor(n, facts, onFile);
    if (asked === null || asked.recipient.address !== canonicalAddress(address)) throw new Error('facts of another recipient');
    const decision = backToPortal(policy.decide(asked), recipient);
    if (draft !== null)
      shadow.push(...shadowEvidence(messageId, n, decision, backToPortal(draft.decide(asked), recipient), deps.clock.now()));
    return { decision, settings: policy.settings(facts.message.reversePath, asked.recipient.address) };
  });
  const blindSpots = message.blindSpots.map(({ kind }) => kind);
  deps.events.read({ messageId, parts: message.parts.length, blindSpots, defects: message.defects.length, level: report.level, tookMs });
  const correspondents = acquaintance
    .map(({ correspondent }) => correspondent)
    .filter((_, n) => decisions[n]?.decision.action !== 'return');
  return {
    reading: { facts, pictures, correspondents },
    decisions,
    evidence: [readEvidence(messageId, examination, deps.clock.now(), tookMs), ...shadow],
  };
}

/** Where a draft would have decided otherwise. */
function shadowEvidence(messageId: string, n: number, decision: Decision, drafted: Decision, at: number): readonly Evidence[] {
  const compared = compareDecisions(decision, drafted);
  if (compared === 'same') return [];
  const codes = { ...decisionCodes(drafted), compared, live: decision.rule };
  return [{ kind: 'delivery.shadowed', at, messageId, deliveryId: deliveryIdOf(messageId, n), codes, detail: null }];
}

function readEvidence(messageId: string, { message, report }: Examination, at: number, tookMs: number): Evidence {
  const codes = { ...readFacts(message), ...findingCodes(report), tookMs: Math.round(tookMs) };
  return { kind: 'message.read', at, messageId, deliveryId: null, codes, detail: null };
}

/** Level, and the kinds on both axes, each with how many distinct values. */
function findingCodes({ level, score, findings, labels, reasons }: Examination['report']): Evidence['codes'] {
  const kindsOf = (axis: 'who' | 'health'): string => {
    const values = new Map<string, Set<string>>();
    for (const { kind, digest } of findings.filter((one) => one.axis === axis))
      values.set(kind, (values.get(kind) ?? new Set()).add(digest));
    return [...values]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([kind, { size }]) => (size === 1 ? kind : `${kind}*${size}`))
      .join(' ');
  };
  const [who, health] = [kindsOf('who'), kindsOf('health')];
  return {
    level,
    score: Math.round(score * 100) / 100,
    ...(who === '' ? {} : { who }),
    ...(health === '' ? {} : { health }),
    ...(labels.length === 0 ? {} : { labels: labels.join(' ') }),
    ...(reasons.length === 0 ? {} : { reasons: [...new Set(reasons.map(({ code }) => code))].slice(0, 10).join(' ') }),
  };
}

/** Content that does not open is damaged as a whole: that is told, and nothing is known of it. */
async function examined(content: SealedContent, envelope: Parameters<Examine>[1], deps: ProcessDeps): Promise<Examination | 'stopped'> {
  try {
    if (content.place === 'row' && content.sealed === null) throw new MailError('content.unreadable');
    return await deps.examine(content, envelope);
  } catch (error) {
    if (!(error instanceof MailError) || error.code !== 'content.unreadable') throw error;
    deps.events.alarm({ what: 'content-damaged', messageId: content.messageId });
    return unexaminable();
  }
}

async function withoutKnown(
  examination: Examination,
  account: string,
  deps: ProcessDeps,
): Promise<{ readonly examination: Examination; readonly pictures: readonly Uint8Array[] }> {
  const digests = recurringPictures(examination.message);
  const pictures = digests.map((digest) => deps.keys.digest('picture', account, digest));
  const sightings = pictures.length === 0 ? [] : await deps.readings.sightings(pictures);
  const now = deps.clock.steady();
  const known = digests.filter((_, i) => {
    const seen = sightings[i] ?? null;
    return seen !== null && seen.messages >= KNOWN_AFTER_MESSAGES && now - seen.firstAt >= KNOWN_AFTER_MS;
  });
  return { examination: { ...examination, message: withKnownPictures(examination.message, new Set(known)) }, pictures };
}
