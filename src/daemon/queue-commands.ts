// The queue commands of the control socket: reads from the reader, changes through review. One target may be a whole message.
import type { ChangeReport, ControlAnswers, ControlFailure, ControlHandlers, ControlResult, MessageReport } from '../control/commands.ts';
import { evidenceKindOf, NO_MORE, review, type ReviewDeps, type ReviewRequest, type ReviewResult } from '../gateway/review.ts';
import type { EvidenceKind } from '../mail/evidence.ts';
import type { MessageRecord } from '../store/journal.ts';
import type { QueueEntry, QueueReader } from '../store/queue.ts';

type QueueCommands = Pick<ControlHandlers, Extract<keyof ControlHandlers, `queue.${string}`>>;

export interface QueueCommandDeps {
  readonly reader: QueueReader;
  readonly review: ReviewDeps;
  /** Tells the log that a person acted. */
  readonly acted: (kind: EvidenceKind, deliveryId: string) => void;
}

export function queueCommands(deps: QueueCommandDeps): QueueCommands {
  return {
    'queue.list': async ({ states, after, limit }) => {
      const entries = await deps.reader.list({ states, after, limit });
      return done({ entries, next: entries.length < limit ? null : (entries.at(-1)?.deliveryId ?? null) });
    },
    'queue.show': async ({ messageId }) => {
      const shown = await deps.reader.show(messageOf(messageId));
      return shown === null
        ? failed('not-found', `There is no message ${messageOf(messageId)}.`)
        : done(messageReport(shown.message, shown.entries));
    },
    'queue.retry': ({ target, who }) => changeAll(target, plain('retry', who, 'asked to try again now'), deps),
    'queue.hold': ({ target, who, why }) => changeAll(target, plain('hold', who, why), deps),
    'queue.release': ({ target, who, why }) => changeAll(target, plain('release', who, why), deps),
    'queue.cancel': ({ target, who, why }) => changeAll(target, plain('cancel', who, why), deps),
    'queue.return': ({ target, who, why }) => changeAll(target, plain('return', who, why), deps),
  };
}

function plain(change: ReviewRequest['change'], who: string, why: string): Omit<ReviewRequest, 'deliveryId'> {
  return { ...NO_MORE, change, who, why };
}

/** The same change of one delivery, or of all of a message. A verdict is on the message, and counts once. */
export async function changeAll(
  target: string,
  request: Omit<ReviewRequest, 'deliveryId'>,
  deps: QueueCommandDeps,
): Promise<ControlResult<ChangeReport>> {
  const shown = await deps.reader.show(messageOf(target));
  const wanted = shown?.entries.filter(({ deliveryId }) => !target.includes('/') || deliveryId === target) ?? [];
  if (wanted.length === 0) return failed('not-found', `There is no message or delivery ${target}.`);
  const changed: string[] = [];
  const unchanged: Unchanged[] = [];
  for (const { deliveryId, state } of wanted) {
    const result = await review({ ...request, deliveryId, verdict: changed.length === 0 ? request.verdict : null }, deps.review);
    if (result === 'done') {
      changed.push(deliveryId);
      deps.acted(evidenceKindOf(request.change, request.method), deliveryId);
    } else unchanged.push({ deliveryId, state: stateOf(result, state), why: whyNot(result) });
  }
  if (changed.length > 0) return done({ changed, unchanged: unchanged.map(({ deliveryId, state }) => ({ deliveryId, state })) });
  const reasons = new Set(unchanged.map(({ deliveryId, state, why }) => why ?? `${deliveryId} is ${state}`));
  return failed('not-legal', `Nothing was changed: ${[...reasons].join(', ')}.`);
}

type Unchanged = ChangeReport['unchanged'][number] & { readonly why: string | null };

function stateOf(result: Exclude<ReviewResult, 'done'>, before: QueueEntry['state']): QueueEntry['state'] {
  return result !== 'not-found' && result.not === 'legal' ? result.state : before;
}

/** Why a release was refused, where the state does not say it. */
function whyNot(result: Exclude<ReviewResult, 'done'>): string | null {
  if (result === 'not-found' || result.not === 'legal') return null;
  if (result.not === 'own') return 'it is your own message, and policy lets nobody release their own';
  if (result.not === 'method') return `policy allows ${result.methods.join(', ')}`;
  if (result.not === 'set-up') return `${result.method} is not set up here: write ${result.methods.join(' or ')}`;
  if (result.not === 'read') return 'the message has not been read yet: try again in a moment';
  return `policy does not let it go${result.reason === null ? '' : ` (${result.reason})`}`;
}

export function messageReport(message: MessageRecord, deliveries: readonly QueueEntry[]): MessageReport {
  const { id, kind, acceptedAt, submitter, envelope, reportTo, content, about } = message;
  return {
    messageId: id,
    kind,
    acceptedAt,
    submitter,
    reversePath: envelope.reversePath,
    reportTo,
    sizeBytes: content.sizeBytes,
    about,
    deliveries,
  };
}

export function messageOf(target: string): string {
  return target.split('/')[0] ?? target;
}

export function done<T extends ControlAnswers[keyof ControlAnswers]>(value: T): ControlResult<T> {
  return { kind: 'done', value };
}

export function failed(
  code: ControlFailure,
  text: string,
): { readonly kind: 'failed'; readonly code: ControlFailure; readonly text: string } {
  return { kind: 'failed', code, text };
}
