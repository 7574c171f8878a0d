// The commands for those who look at held mail: what each asks, what it answers.
import { z } from 'zod';
import { type Decision, METHOD_NAMES } from '../mail/decision.ts';
import type { PhiFacts, StoredFacts } from '../mail/facts.ts';
import type { BlindSpotKind, Message } from '../mail/message.ts';
import type { QueueEntry } from '../store/queue.ts';
import type { VerdictCounts } from '../store/reviews.ts';
import type { ChangeReport, MessageReport } from './commands.ts';
import { name, target, who, why } from './request-values.ts';

/** Who they say they are, where the system user does not tell. */
const as = name.nullable();
const verdict = z.enum(['phi', 'not-phi']).nullable();

export const REVIEW_REQUESTS = {
  'review.list': z.strictObject({ after: z.string().max(64).nullable(), limit: z.int().min(1).max(500) }),
  'review.show': z.strictObject({ messageId: target }),
  'review.content': z.strictObject({ messageId: target, who, as, why }),
  'review.release': z.strictObject({ target, who, as, why, verdict }),
  'review.return': z.strictObject({ target, who, as, why, verdict, words: z.string().trim().min(1).max(500).nullable() }),
  'review.reroute': z.strictObject({ target, who, as, why, method: z.enum(METHOD_NAMES) }),
  'review.verdicts': z.strictObject({ since: z.int().min(0) }),
} as const;

export interface ReviewAnswers {
  'review.list': { readonly entries: readonly ReviewEntry[]; readonly next: string | null };
  'review.show': ReviewReport;
  'review.content': ContentReport;
  'review.release': ChangeReport;
  'review.return': ChangeReport;
  'review.reroute': ChangeReport;
  'review.verdicts': VerdictCounts;
}

export interface ReviewEntry extends QueueEntry {
  /** Null where it has not been read, or what was found is past its time. */
  readonly level: PhiFacts['level'] | null;
}

/** A message that has held deliveries, without its content. */
export interface ReviewReport {
  readonly message: MessageReport;
  readonly found: {
    readonly phi: PhiFacts;
    readonly blindSpots: readonly BlindSpotKind[];
    readonly reasons: StoredFacts['reasons'];
  } | null;
  /** Of each held delivery, where the facts are known. */
  readonly decisions: readonly DecidedNow[];
}

/** What policy says of a held delivery as it stands now, and what would have changed it. */
export interface DecidedNow {
  readonly deliveryId: string;
  readonly decision: Decision;
  /** Rules that were tried before the one that decided. */
  readonly triedBefore: number;
  readonly changes: readonly { readonly id: string; readonly needs: readonly string[]; readonly then: string }[];
}

/** The text as it was read. */
export interface ContentReport {
  readonly message: Message;
  readonly sizeBytes: number;
  readonly tookMs: number;
  /** Places whose text was left out, for its length. */
  readonly leftOut: number;
}
