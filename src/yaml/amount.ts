// Durations and sizes as people write them in a file: a number and a unit.
import type { HoldTerm } from '../mail/hold-term.ts';

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000, y: 366 * 86_400_000 } as const;
const UNIT_BYTES = {
  B: 1,
  kB: 1000,
  MB: 1_000_000,
  GB: 1_000_000_000,
  TB: 1_000_000_000_000,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
} as const;

/** `90s`, `1.5h`; a year counts 366 days, so that nothing ends early. At most 100 years. */
export function parseDuration(given: unknown): number | null {
  const read = withUnit(given, UNIT_MS);
  return read !== null && read <= 100 * UNIT_MS.y ? read : null;
}

/** How long a hold lasts: `4h` by the clock, `2 working days` or `2wd` without weekends. At most 260, a year of them. */
export function parseHoldTerm(given: unknown): HoldTerm | null {
  const days = typeof given === 'string' ? /^(\d{1,3}) ?(?:wd|working days?)$/.exec(given)?.[1] : undefined;
  if (days !== undefined) return Number(days) >= 1 && Number(days) <= 260 ? { workingDays: Number(days) } : null;
  const clockMs = parseDuration(given);
  return clockMs === null ? null : { clockMs };
}

/** `50MB` is 50,000,000 octets, `50MiB` is 52,428,800. */
export function parseSize(given: unknown): number | null {
  return withUnit(given, UNIT_BYTES);
}

function withUnit(given: unknown, units: Readonly<Record<string, number>>): number | null {
  if (typeof given !== 'string') return null;
  const found = /^(\d{1,12}(?:\.\d{1,3})?) ?([A-Za-z]{1,3})$/.exec(given);
  const unit = found?.[2] !== undefined && Object.hasOwn(units, found[2]) ? units[found[2]] : undefined;
  const value = unit === undefined ? Number.NaN : Math.round(Number(found?.[1]) * unit);
  return Number.isSafeInteger(value) ? value : null;
}
