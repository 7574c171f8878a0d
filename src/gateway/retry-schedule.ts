// When to try again. Pure: age in, time out.

export interface RetrySchedule {
  readonly firstMs: number;
  readonly factor: number;
  readonly longestMs: number;
  /** Share of the delay by which it may be longer or shorter, 0 to 1. */
  readonly jitter: number;
}

/**
 * The next try. Delays grow geometrically; the sum of such a series gives the delay from the age alone, so nothing is counted.
 * @param ageMs time since the message was accepted
 * @param chance 0 to 1
 */
export function retryDelayMs(schedule: RetrySchedule, ageMs: number, chance: number): number {
  const grown = schedule.firstMs + Math.max(0, ageMs) * (schedule.factor - 1);
  const delay = Math.min(schedule.longestMs, grown);
  return Math.round(delay * (1 + schedule.jitter * (2 * chance - 1)));
}

/** Back-off of a next hop that did not answer: doubles with each failure in a row. */
export function backOffMs(schedule: RetrySchedule, failures: number, chance: number): number {
  const delay = Math.min(schedule.longestMs, schedule.firstMs * 2 ** Math.min(20, Math.max(0, failures - 1)));
  return Math.round(delay * (1 + schedule.jitter * (2 * chance - 1)));
}
