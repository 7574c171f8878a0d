// Times, one for each stretch of the week that conditions on time tell apart.
import type { Clock } from '../clock-time.ts';
import { DAYS } from '../condition-keys.ts';

const MINUTE_MS = 60_000;
const DAY = 24 * 60;
const WEEK = 7 * DAY;
/** Mondays, 12:00 UTC, of several months: some week of them has no change to or from summer time in any zone. */
const MONDAYS = [Date.UTC(2026, 0, 12, 12), Date.UTC(2026, 5, 15, 12), Date.UTC(2026, 7, 17, 12), Date.UTC(2026, 11, 7, 12)];

/** Machine times at which a window may begin or end, in one week; null where the zone has no week of 7 times 24 hours among those tried. */
export function timesFor(minutes: readonly number[], clock: Clock): readonly number[] | null {
  const edges = [...new Set([(10 * DAY) / 24, 0, ...minutes.map((one) => one % DAY)])];
  const wanted = edges.flatMap((minute) => DAYS.map((_, day) => day * DAY + minute));
  for (const monday of MONDAYS) {
    const there = minuteOfWeek(clock, monday);
    const times = wanted.map((one) => monday + ((one - there + WEEK) % WEEK) * MINUTE_MS);
    if (times.every((time, i) => minuteOfWeek(clock, time) === wanted[i])) return times;
  }
  return null;
}

function minuteOfWeek(clock: Clock, at: number): number {
  const { day, minute } = clock(at);
  return DAYS.indexOf(day) * DAY + minute;
}
