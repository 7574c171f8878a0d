// Where periods begin and end: on a fixed grid in UTC, so that two starts agree without talking.
import type { Purpose } from './keys.ts';

export interface PeriodBounds {
  readonly startsAt: number;
  readonly endsAt: number;
}

const DAY_MS = 86_400_000;

/**
 * The cell of the grid that holds `at`: quarters of the year for detail, `contentDays` days for content.
 * @param at milliseconds since the epoch
 */
export function boundsOf(purpose: Purpose, at: number, contentDays: number): PeriodBounds {
  if (!Number.isSafeInteger(at) || at < 0) throw new RangeError('not a time');
  if (purpose === 'detail') {
    const date = new Date(at);
    const month = date.getUTCMonth() - (date.getUTCMonth() % 3);
    return { startsAt: Date.UTC(date.getUTCFullYear(), month), endsAt: Date.UTC(date.getUTCFullYear(), month + 3) };
  }
  const length = contentDays * DAY_MS;
  const startsAt = Math.floor(at / length) * length;
  return { startsAt, endsAt: startsAt + length };
}
