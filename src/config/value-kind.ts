// Kinds of values that a field may have, as they stand in the file and as the program reads them. Words here become error messages.
import { z } from 'zod';

/** What a value must be, in words, and how it is read. */
export interface ValueKind<T> {
  readonly schema: z.ZodType<T>;
  /** With its article: 'a duration'. */
  readonly noun: string;
  /** What would be right: 'write a number and a unit, such as 24h'. */
  readonly right: string;
  /** For a path: what must be true of it. A value of a 'secret-file' is not repeated in errors. */
  readonly file: 'none' | 'file' | 'secret-file' | 'folder';
  /** Kind of the items, where the value is a list. */
  readonly item: ValueKind<unknown> | null;
}

/** A value that `parse` reads; null where it cannot. */
export function parsed<T>(noun: string, right: string, parse: (given: unknown) => T | null): ValueKind<T> {
  const schema = z.unknown().transform((given, context) => {
    const read = parse(given);
    if (read !== null) return read;
    context.addIssue({ code: 'custom', message: noun });
    return z.NEVER;
  });
  return { schema, noun, right, file: 'none', item: null };
}

export function oneOf<const W extends readonly string[]>(...words: W): ValueKind<W[number]> {
  const noun = `one of ${words.join(', ')}`;
  return parsed<W[number]>(noun, `write ${noun}`, (given) => words.find((word) => word === given) ?? null);
}

/** A list of values of one kind, with at least `min` of them. A single value may stand for a list of one. */
export function listOf<T>(item: ValueKind<T>, plural: string, min: 0 | 1): ValueKind<readonly T[]> {
  const schema = z.preprocess((given) => (typeof given === 'string' ? [given] : given), z.array(item.schema).min(min).max(1000));
  return {
    schema,
    noun: `a list of ${plural}`,
    right: `write ${min === 0 ? '' : 'at least one of '}them as [a, b] or each on a line after "- "`,
    file: 'none',
    item,
  };
}

export const duration = parsed('a duration', 'write a number and a unit, such as 30s, 15m, 24h, 7d or 6y', parseDuration);
export const size = parsed('a size', 'write a number and a unit, such as 200kB, 50MB or 2GB', parseSize);
export const port = wholeNumber('a port number', 0, 65_535);
export const ratio = number('a number from 0 to 1', 0, 1);
export const factor = number('a number from 1 to 100', 1, 100);

export function count(min: number, max: number): ValueKind<number> {
  return wholeNumber(`a whole number from ${min} to ${max}`, min, max);
}

/** A line of text for people. */
export function text(noun: string, maxLength: number): ValueKind<string> {
  // Line ends and control characters would break out of a header field or a terminal line.
  const right = `write one line of at most ${maxLength} characters, in quotes where it holds ":" or "#"`;
  return parsed(noun, right, (given) =>
    typeof given === 'string' && given.length > 0 && given.length <= maxLength && /^[^\p{Cc}\p{Cf}]+$/u.test(given) ? given : null,
  );
}

export const file: ValueKind<string> = {
  ...text('a path', 4096),
  right: 'write the path of a file, from / or from the folder of this file',
  file: 'file',
};
export const secretFile: ValueKind<string> = { ...file, noun: 'the path of a secret file', file: 'secret-file' };
export const folder: ValueKind<string> = {
  ...text('a path', 4096),
  right: 'write the path of a folder, from / or from the folder of this file',
  file: 'folder',
};

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
function parseDuration(given: unknown): number | null {
  const read = withUnit(given, UNIT_MS);
  return read !== null && read <= 100 * UNIT_MS.y ? read : null;
}

/** `50MB` is 50,000,000 octets, `50MiB` is 52,428,800. */
function parseSize(given: unknown): number | null {
  return withUnit(given, UNIT_BYTES);
}

function withUnit(given: unknown, units: Readonly<Record<string, number>>): number | null {
  if (typeof given !== 'string') return null;
  const found = /^(\d{1,12}(?:\.\d{1,3})?) ?([A-Za-z]{1,3})$/.exec(given);
  const unit = found?.[2] !== undefined && Object.hasOwn(units, found[2]) ? units[found[2]] : undefined;
  const value = unit === undefined ? Number.NaN : Math.round(Number(found?.[1]) * unit);
  return Number.isSafeInteger(value) ? value : null;
}

function wholeNumber(noun: string, min: number, max: number): ValueKind<number> {
  const right = `write ${min} to ${max}, without quotes`;
  return parsed(noun, right, (given) =>
    typeof given === 'number' && Number.isInteger(given) && given >= min && given <= max ? given : null,
  );
}

function number(noun: string, min: number, max: number): ValueKind<number> {
  return parsed(noun, `write ${min} to ${max}, without quotes`, (given) =>
    typeof given === 'number' && given >= min && given <= max ? given : null,
  );
}
