// What accept works with, and the settings that it keeps to.
import type { SealingKeys } from '../keys/keys.ts';
import type { HoldTerm } from '../mail/hold-term.ts';
import { MailError, type MailErrorCode } from '../mail/mail-error.ts';
import type { DsnVoice } from '../mime/dsn.ts';
import type { Spool } from '../spool/spool.ts';
import type { AuditLog } from '../store/audit-log.ts';
import type { Journal } from '../store/journal.ts';
import type { WithdrawalBoard } from '../store/withdrawal.ts';
import type { AcceptUnitDeps, AcceptUnitSettings } from './accept-unit.ts';
import type { Clock } from './clock.ts';
import type { RoadEvents } from './events.ts';
import type { Submission } from './intake.ts';
import type { Processor } from './process.ts';

export interface AcceptSettings extends AcceptUnitSettings {
  readonly mode: 'live' | 'sandbox';
  readonly expireAfterMs: number;
  readonly holdFor: HoldTerm;
  /** The reply to the final dot comes within this time (under 4 s: Mirth gives up at 5). */
  readonly replyWithinMs: number;
  /** A message in a journal row is read and decided before the reply where that takes no longer. */
  readonly decideWithinMs: number;
  readonly clientAddress: 'show' | 'hide';
  /** Who DSNs are from, in words. */
  readonly voice: DsnVoice;
}

/** What the limits say of a message about to be taken: take it, take it and hold it, or refuse it for now. */
export type LimitVerdict = 'take' | 'hold' | { readonly refuse: MailErrorCode };

export interface AcceptDeps extends AcceptUnitDeps {
  readonly journal: Pick<Journal, 'accept'>;
  readonly spool: Pick<Spool, 'writer' | 'remove'>;
  readonly keys: SealingKeys;
  readonly board: WithdrawalBoard;
  readonly processor: Pick<Processor, 'early' | 'forget'>;
  /** Evidence of what is not taken in. */
  readonly audit: Pick<AuditLog, 'append'>;
  readonly settings: () => AcceptSettings;
  readonly limits: (submission: Submission) => Promise<LimitVerdict>;
  /** False at the free-space mark: new mail is refused with 452. */
  readonly mayAccept: () => boolean;
  readonly clock: Clock;
  readonly random: (bytes: number) => Uint8Array;
  readonly events: RoadEvents;
}

/** The commit failed, or was cut off: what it wrote may yet be found by the next start. */
export function isStorageFailure(error: unknown): boolean {
  return error instanceof MailError && error.code === 'store.unavailable';
}
