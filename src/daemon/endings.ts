// What ends by itself, each in its round: holds at their deadline, content and personal detail past their time.
import type { Config } from '../config/config.ts';
import type { Clock } from '../gateway/clock.ts';
import { retain, type RetainDeps } from '../gateway/retain.ts';
import type { KeyFolder } from '../keys/key-folder.ts';
import type { Spool } from '../spool/spool.ts';
import type { Store } from '../store/store.ts';
import { type Round, round } from './rounds.ts';

export interface EndingParts {
  readonly config: () => Config;
  readonly keys: KeyFolder;
  readonly store: Store;
  readonly spool: Spool;
  readonly clock: Clock;
  readonly renewSealers: () => Promise<void>;
}

const HOLDS_EVERY_MS = 60_000;
const ENDINGS_AFTER_START_MS = 3_000;
const RETAIN_EVERY_MS = 3_600_000;
/** The report of an end has been written by then. */
const RETAIN_AFTER_END_MS = 3_000;

export interface Endings {
  readonly rounds: readonly Round[];
  /** Waiting at the portal has ended for some: what waited goes without delay. */
  readonly waitingEnded: () => void;
}

/** What ends by itself: holds at their deadline, content and personal detail past their time. Not while the clock is in doubt. */
export function endings(
  { config, keys, store, spool, clock, renewSealers }: EndingParts,
  reportsOwed: () => void,
  failed: (where: string) => (error: unknown) => void,
): Endings {
  const holds = async (): Promise<'done'> => {
    if (isInDoubt(clock)) return 'done';
    if ((await store.queue.expireHolds({ now: clock.steady(), limit: 1_000 })) > 0) reportsOwed();
    return 'done';
  };
  const retaining: RetainDeps = {
    retention: store.retention,
    audit: store.audit,
    spool,
    keys,
    clock,
    policies: store.policies,
    consents: store.consents,
    people: store.people,
    pickups: store.pickups,
    contentForMs: config().retention.contentMs,
    factsForMs: config().retention.factsMs,
    detailForMs: config().retention.evidenceMs,
    detailDestroyed: renewSealers,
  };
  const retainRound = async (): Promise<'more' | 'done'> => (!isInDoubt(clock) && (await retain(retaining)) > 0 ? 'more' : 'done');
  const retains = round(RETAIN_EVERY_MS, retainRound, failed('retain'));
  const rounds = [round(HOLDS_EVERY_MS, holds, failed('holds')), retains];
  // Also where no run ever lasts as long as a round.
  for (const each of rounds) each.wakeAfter(ENDINGS_AFTER_START_MS);
  return { rounds, waitingEnded: () => retains.wakeAfter(RETAIN_AFTER_END_MS) };
}

/** Somebody set the clock by more than this since the start: which of the two times is right is not known. */
const CLOCK_DOUBT_MS = 3_600_000;

/** Nothing ends and nothing is destroyed by a clock in doubt: holds and content stay until a start finds one time only. */
export function isInDoubt(clock: Clock): boolean {
  return Math.abs(clock.now() - clock.steady()) > CLOCK_DOUBT_MS;
}
