// The review commands of the control socket: what is held and why, without content; the content as a reveal of its own; what a reviewer does.
import type { ControlHandlers, ControlRequest, ControlResult } from '../control/commands.ts';
import type { ContentReport, DecidedNow, ReviewEntry, ReviewReport } from '../control/review-commands.ts';
import { factsFor, sessionFactsOf } from '../gateway/facts.ts';
import { NO_MORE } from '../gateway/review.ts';
import type { Decision } from '../mail/decision.ts';
import type { Evidence } from '../mail/evidence.ts';
import type { Facts, StoredFacts } from '../mail/facts.ts';
import { MailError } from '../mail/mail-error.ts';
import type { Message, Span } from '../mail/message.ts';
import type { Trace } from '../policy/trace.ts';
import type { AuditLog } from '../store/audit-log.ts';
import type { MessageRecord } from '../store/journal.ts';
import type { QueueEntry } from '../store/queue.ts';
import type { Reviews } from '../store/reviews.ts';
import { bySetUp } from './methods-set-up.ts';
import { changeAll, done, failed, messageOf, messageReport, type QueueCommandDeps } from './queue-commands.ts';
import type { Reveal } from './reveal.ts';

type ReviewCommands = Pick<ControlHandlers, Extract<keyof ControlHandlers, `review.${string}`>>;

export interface ReviewCommandDeps extends QueueCommandDeps {
  readonly reviews: Pick<Reviews, 'verdicts'>;
  readonly audit: Pick<AuditLog, 'append'>;
  /** By the policy in effect. */
  readonly explain: (facts: Facts) => Trace;
  readonly reveal: Reveal;
}

/** Text that one answer holds, in UTF-16 code units. */
const TEXT_LENGTH = 2_000_000;
const CHANGES_TOLD = 3;

export function reviewCommands(deps: ReviewCommandDeps): ReviewCommands {
  return {
    'review.list': async ({ after, limit }) => {
      const entries = await deps.reader.list({ states: ['held'], after, limit });
      const next = entries.length < limit ? null : (entries.at(-1)?.deliveryId ?? null);
      return done({ entries: await withLevels(entries, deps), next });
    },
    'review.show': async ({ messageId }) => {
      const shown = await deps.reader.show(messageOf(messageId));
      return shown === null ? noMessage(messageId) : done(await reportOf(shown.message, shown.entries, deps));
    },
    'review.content': (request) => revealed(request, deps),
    'review.release': ({ target, ...more }) => changeAll(target, { ...NO_MORE, ...more, change: 'release' }, deps),
    'review.return': ({ target, ...more }) => changeAll(target, { ...NO_MORE, ...more, change: 'return' }, deps),
    'review.reroute': ({ target, ...more }) => changeAll(target, { ...NO_MORE, ...more, change: 'release' }, deps),
    'review.verdicts': async ({ since }) => done(await deps.reviews.verdicts(since)),
  };
}

async function withLevels(entries: readonly QueueEntry[], { review }: ReviewCommandDeps): Promise<readonly ReviewEntry[]> {
  const levels = new Map<string, ReviewEntry['level']>();
  for (const id of new Set(entries.map(({ deliveryId }) => messageOf(deliveryId))))
    levels.set(id, (await review.readings.facts(id))?.message.phi.level ?? null);
  return entries.map((entry) => ({ ...entry, level: levels.get(messageOf(entry.deliveryId)) ?? null }));
}

async function reportOf(record: MessageRecord, entries: readonly QueueEntry[], deps: ReviewCommandDeps): Promise<ReviewReport> {
  const facts = await deps.review.readings.facts(record.id);
  const message = messageReport(record, entries);
  if (facts === null) return { message, found: null, decisions: [] };
  const { phi, blindSpots } = facts.message;
  return { message, found: { phi, blindSpots, reasons: facts.reasons }, decisions: await decisionsOf(record, entries, facts, deps) };
}

async function decisionsOf(
  record: MessageRecord,
  entries: readonly QueueEntry[],
  facts: StoredFacts,
  { review, explain }: ReviewCommandDeps,
): Promise<readonly DecidedNow[]> {
  const recipients = record.envelope.recipients.map(({ address }) => address);
  const onFile = await review.onFile(sessionFactsOf(record), recipients);
  return entries.flatMap(({ deliveryId, state }): readonly DecidedNow[] => {
    const asked = state === 'held' ? factsFor(Number(deliveryId.slice(deliveryId.lastIndexOf('/') + 1)), facts, onFile) : null;
    if (asked === null) return [];
    const { rules, changes, ...explained } = explain(asked);
    const decision = bySetUp(explained.decision, review.methodsSetUp);
    const triedBefore = rules.filter(({ id }) => id !== decision.rule).length;
    const told = changes.slice(0, CHANGES_TOLD).map(({ id, needs, then }) => ({
      id,
      needs: needs.map(({ words, must }) => `${must === 'hold' ? '' : 'not: '}${words}`),
      then: wordsOf(bySetUp(then, review.methodsSetUp)),
    }));
    return [{ deliveryId, decision, triedBefore, changes: told }];
  });
}

function wordsOf({ action, methods, otherwise }: Pick<Decision, 'action' | 'methods' | 'otherwise'>): string {
  if (action !== 'deliver') return action;
  return methods.length === 0 ? otherwise : `deliver by ${methods.join(', ')}`;
}

/** Whoever looks is in the log before they see anything, with the reason. */
async function revealed(
  { messageId, who, as, why }: ControlRequest<'review.content'>,
  deps: ReviewCommandDeps,
): Promise<ControlResult<ContentReport>> {
  const shown = await deps.reader.show(messageOf(messageId));
  if (shown === null) return noMessage(messageId);
  if (!shown.entries.some(({ state }) => state === 'held'))
    return failed('not-legal', 'The content is shown of held messages only, and nothing of this one is held.');
  const { id, content } = shown.message;
  const detail = { who, why, ...(as === null ? {} : { as }) };
  const evidence: Evidence = {
    kind: 'content.revealed',
    at: deps.review.clock.now(),
    messageId: id,
    deliveryId: null,
    codes: { by: 'person' },
    detail,
  };
  await deps.audit.append([evidence]);
  deps.acted('content.revealed', id);
  const startedAt = performance.now();
  const message = await deps.reveal(shown.message).catch((error: unknown) => {
    if (error instanceof MailError && error.code === 'content.unreadable') return 'damaged' as const;
    throw error;
  });
  if (message === 'gone') return failed('not-found', 'The content has been removed.');
  if (message === 'damaged') return failed('refused', 'The stored content is damaged and cannot be opened.');
  return done({ ...bounded(message), sizeBytes: content.sizeBytes, tookMs: performance.now() - startedAt });
}

function bounded(message: Message): Pick<ContentReport, 'message' | 'leftOut'> {
  const spans: Span[] = [];
  let length = 0;
  for (const span of message.spans) {
    length += span.text.length;
    if (length > TEXT_LENGTH) break;
    spans.push(span);
  }
  return { message: { ...message, spans }, leftOut: message.spans.length - spans.length };
}

function noMessage(target: string): ControlResult<never> {
  return failed('not-found', `There is no message ${messageOf(target)}.`);
}
