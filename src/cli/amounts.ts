// Times, spans and sizes as people read them. The clock and the zone are the reader's.

/** `2026-11-22 14:05:09 CET`. */
export function timeOf(at: number): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  }).formatToParts(new Date(at));
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}:${part('second')} ${part('timeZoneName')}`;
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const;

/** The largest whole unit: `3 h`, `12 min`, `0 s`. */
export function spanOf(ms: number): string {
  const span = Math.abs(ms);
  const [unit, length] = UNITS.find(([, size]) => span >= size) ?? ['s', 1000];
  return `${Math.floor(span / length)} ${unit}`;
}

/** `in 12 min`, `3 h ago`, `now`. */
export function whenFrom(at: number, now: number): string {
  if (Math.abs(at - now) < 1000) return 'now';
  return at > now ? `in ${spanOf(at - now)}` : `${spanOf(now - at)} ago`;
}

/** `512 B`, `2.1 kB`, `50 MB`. */
export function sizeOf(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 9.95 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ''}`;
}

/** `1 delivery`, `3 deliveries`. */
export function countOf(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
