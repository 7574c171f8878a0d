// How long a hold lasts: by the clock, or in working days, on which the reviewers are there. Pure.

export type HoldTerm = { readonly clockMs: number } | { readonly workingDays: number };

export const DAY_MS = 86_400_000;
export const WEEK_MS = 7 * DAY_MS;
export const WORKING_WEEK_MS = 5 * DAY_MS;
/** The first moment of 1970 was a Thursday: so much later, weeks begin on Monday. */
export const SINCE_MONDAY_MS = 3 * DAY_MS;

/**
 * Working time since a Monday before 1970: Monday to Friday of 24 hours each, in UTC, so that no two machines and no change of the clocks make
 * it another. It stands still at weekends.
 */
export function worked(at: number): number {
  const since = at + SINCE_MONDAY_MS;
  return Math.floor(since / WEEK_MS) * WORKING_WEEK_MS + Math.min(since % WEEK_MS, WORKING_WEEK_MS);
}

/** When a hold that began `from` ends: two working days from Friday 15:00 are over on Tuesday 15:00. */
export function endOfTerm(term: HoldTerm, from: number): number {
  if ('clockMs' in term) return from + term.clockMs;
  const target = worked(from) + term.workingDays * DAY_MS;
  // What ends with a Friday ends before the weekend.
  const weeks = Math.ceil(target / WORKING_WEEK_MS) - 1;
  return weeks * WEEK_MS + (target - weeks * WORKING_WEEK_MS) - SINCE_MONDAY_MS;
}
