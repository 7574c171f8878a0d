// review: what a person does to a delivery. Each change names who and why, and nobody releases below a floor: a release decides again.
import type { Evidence, EvidenceKind } from '../mail/evidence.ts';
import { MAIL_ERRORS } from '../mail/mail-error.ts';
import type { ChangeResult, PersonalChange, Queue, QueueReader } from '../store/queue.ts';
import type { Clock } from './clock.ts';
import { decideAgain, type DecideAgainDeps, type DecidedAgain, released } from './decide-again.ts';

export interface ReviewDeps extends DecideAgainDeps {
  readonly queue: Pick<Queue, 'change'>;
  readonly reader: Pick<QueueReader, 'show'>;
  readonly clock: Clock;
  readonly holdForMs: () => number;
  /** Something may be due now, or a report is owed. */
  readonly wake: () => void;
}

export interface ReviewRequest {
  readonly deliveryId: string;
  readonly change: PersonalChange['change'];
  /** Name of the person, as the system knows it. */
  readonly who: string;
  readonly why: string;
}

const KINDS: Readonly<Record<PersonalChange['change'], EvidenceKind>> = {
  hold: 'delivery.held',
  release: 'delivery.released',
  cancel: 'delivery.cancelled',
  return: 'delivery.returned',
  retry: 'delivery.retried',
};

/** The kind of evidence of a change. */
export function evidenceKindOf(change: PersonalChange['change']): EvidenceKind {
  return KINDS[change];
}

/**
 * 'policy' with the words of the rule where there are any: policy returns such a message now, or lets it go by no method. 'unread': nobody
 * has looked at it yet, not even the gateway.
 */
export type ReviewResult = ChangeResult | { readonly not: 'policy'; readonly reason: string | null } | { readonly not: 'read' };

/** Applies one change; the evidence says who and why, sealed. */
export async function review(request: ReviewRequest, deps: ReviewDeps): Promise<ReviewResult> {
  const { deliveryId, change, who, why } = request;
  const now = deps.clock.steady();
  const at = deps.clock.now();
  const again = change === 'release' ? await releaseOf(deliveryId, deps) : null;
  if (again !== null && 'not' in again) return again;
  const decision = again?.decision ?? null;
  const evidence: Evidence = {
    kind: KINDS[change],
    at,
    messageId: deliveryId.slice(0, deliveryId.lastIndexOf('/')),
    deliveryId,
    codes: { by: 'person', ...(decision === null ? {} : { floor: decision.floor, policy: decision.policyVersion }) },
    detail: { who, why },
  };
  const result = await deps.queue.change({
    deliveryId,
    change,
    at: now,
    hold: change === 'hold' ? { reason: 'person', owner: who, deadline: now + deps.holdForMs() } : null,
    decision,
    report: change === 'return' ? 'failed' : null,
    status:
      change === 'return'
        ? {
            at,
            status: MAIL_ERRORS['delivery.returned-by-person'].enhanced,
            code: 'delivery.returned-by-person',
            diagnostic: null,
            remoteMta: null,
          }
        : null,
    evidence,
  });
  if (result === 'done') deps.wake();
  return result;
}

/** The decision by which a released delivery goes out: made now, at its floor. */
async function releaseOf(deliveryId: string, deps: ReviewDeps): Promise<DecidedAgain | Extract<ReviewResult, object> | null> {
  const slash = deliveryId.lastIndexOf('/');
  const shown = await deps.reader.show(deliveryId.slice(0, slash));
  const entry = shown?.entries.find((one) => one.deliveryId === deliveryId);
  // The queue says so itself.
  if (shown === null || entry?.state !== 'held') return null;
  const { message } = shown;
  const unread = entry.decision.rule === '<undecided>' && (await deps.readings.facts(message.id)) === null;
  if (unread) return { not: 'read' };
  const n = Number(deliveryId.slice(slash + 1));
  const again = await decideAgain(message, { n, recipient: entry.recipient, before: entry.decision }, deps);
  const decision = released(again.decision);
  if (decision.action === 'return' || decision.methods.length === 0) return { not: 'policy', reason: decision.reason };
  return { ...again, decision };
}
