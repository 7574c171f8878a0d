// Contract: which holds their owners are still to be told of, and what reviewers have said of what inspection found.
import type { Decision } from '../mail/decision.ts';
import type { Reason } from '../mail/finding.ts';
import type { Hold } from './journal.ts';

/** A held delivery of a message whose owner has not been told, or, half of its time being over, not reminded. */
export interface HoldToTell {
  readonly messageId: string;
  readonly deliveryId: string;
  readonly hold: Hold;
  readonly decision: Decision;
  readonly due: 'notice' | 'reminder';
}

/** What a reviewer says of a message: is there PHI in it? */
export type Verdict = 'phi' | 'not-phi';

/** Said in the commit of what the reviewer does with the delivery. */
export interface Judgement {
  readonly verdict: Verdict;
  /** What inspection had found, by which verdicts are counted. */
  readonly reasons: readonly Pick<Reason, 'code' | 'kinds'>[];
}

/** How often reviewers have said each. */
export interface VerdictCount {
  readonly phi: number;
  readonly notPhi: number;
}

export interface VerdictCounts {
  readonly messages: VerdictCount;
  /** By code of reason (mail/reasons.ts); where inspection had found nothing the code is ''. */
  readonly reasons: readonly ({ readonly code: string } & VerdictCount)[];
  /** By kind of finding that made a reason. */
  readonly kinds: readonly ({ readonly kind: string } & VerdictCount)[];
}

export interface Reviews {
  /** In the order of deliveries, after the one given. What the gateway itself sends is left out. */
  toTell(request: { readonly now: number; readonly after: string | null; readonly limit: number }): Promise<readonly HoldToTell[]>;
  verdicts(since: number): Promise<VerdictCounts>;
}
