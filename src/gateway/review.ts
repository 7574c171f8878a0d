// review: what a person does to a delivery. Each change names who and why, and nobody releases below a floor: a release decides again.
import type { Evidence, EvidenceKind } from '../mail/evidence.ts';
import { MAIL_ERRORS } from '../mail/mail-error.ts';
import type { Policy } from '../policy/configured-default.ts';
import type { ChangeResult, PersonalChange, Queue } from '../store/queue.ts';
import type { Clock } from './clock.ts';

export interface ReviewDeps {
  readonly queue: Pick<Queue, 'change'>;
  readonly policy: () => Policy;
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

/** Applies one change; the evidence says who and why, sealed. */
export async function review(request: ReviewRequest, deps: ReviewDeps): Promise<ChangeResult> {
  const { deliveryId, change, who, why } = request;
  const now = deps.clock.steady();
  const at = deps.clock.now();
  const policy = deps.policy();
  const decision = change === 'release' ? policy.decide() : null;
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
