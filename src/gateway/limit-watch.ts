// An account at one of its limits: every message at it is an alarm, and the first of an account and limit in an hour is evidence.
// What goes on for hours leaves a record of each, and a login in strange hands does not fill the log.
import type { Evidence } from '../mail/evidence.ts';
import type { Clock } from './clock.ts';
import type { RoadEvents } from './events.ts';

const HOUR_MS = 3_600_000;

export interface LimitWatchDeps {
  readonly append: (evidence: readonly Evidence[]) => Promise<void>;
  readonly clock: Clock;
  readonly events: Pick<RoadEvents, 'alarm' | 'bug'>;
}

/** Gives `reached(submitter, limit, then)`. Never rejects: what is decided of the message holds with or without the record. */
export function limitWatch({
  append,
  clock,
  events,
}: LimitWatchDeps): (submitter: string, limit: string, then: 'refused' | 'held') => Promise<void> {
  let hour = 0;
  let written = new Set<string>();
  return async (submitter, limit, then) => {
    events.alarm({ what: 'limit-reached', limit, submitter, then });
    const now = Math.floor(clock.steady() / HOUR_MS);
    // Of the hour of now only, so that it never holds more than the accounts that there are.
    if (now !== hour) [hour, written] = [now, new Set()];
    const ofHour = written;
    const key = JSON.stringify([submitter, limit, then]);
    if (ofHour.has(key)) return;
    ofHour.add(key);
    const about = { messageId: null, deliveryId: null } as const;
    try {
      await append([{ kind: 'limit.reached', at: clock.now(), ...about, codes: { limit, then }, detail: { submitter } }]);
    } catch (error) {
      ofHour.delete(key);
      events.bug({ where: 'limits.evidence', error });
    }
  };
}
