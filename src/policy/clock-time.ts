// Days and minutes of a time zone, for conditions on time.
import { DAYS } from './condition-keys.ts';

export interface ClockTime {
  readonly day: (typeof DAYS)[number];
  /** Since midnight. */
  readonly minute: number;
}

export type Clock = (at: number) => ClockTime;

/** Is this a zone of the IANA database? */
export function isTimezone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** A clock of a zone. The minute asked last is remembered: one message is decided for many recipients. */
export function clockOf(zone: string): Clock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  let lastMinute = Number.NaN;
  let last: ClockTime = { day: 'mon', minute: 0 };
  return (at) => {
    const minute = Math.floor(at / 60_000);
    if (minute === lastMinute) return last;
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
    const day = DAYS.find((one) => one === parts.get('weekday')?.toLowerCase());
    if (day === undefined) throw new Error('a weekday is not known');
    last = { day, minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')) };
    lastMinute = minute;
    return last;
  };
}

/** Is a time in a window of these days? A window over midnight belongs to the day on which it begins. */
export function isWithin(
  { day, minute }: ClockTime,
  window: { readonly days: readonly string[]; readonly from: number; readonly to: number },
): boolean {
  const { days, from, to } = window;
  if (from < to) return days.includes(day) && minute >= from && minute < to;
  if (minute >= from) return days.includes(day);
  const before = DAYS[(DAYS.indexOf(day) + 6) % 7];
  return minute < to && before !== undefined && days.includes(before);
}
