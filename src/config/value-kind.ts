// Kinds of values that a field may have, as they stand in the file and as the program reads them. Words here become error messages.
import { z } from 'zod';
import { parseDuration, parseHoldTerm, parseSize } from '../yaml/amount.ts';

/** What a value must be, in words, and how it is read. */
export interface ValueKind<T> {
  readonly schema: z.ZodType<T>;
  /** With its article: 'a duration'. */
  readonly noun: string;
  /** What would be right: 'write a number and a unit, such as 24h'. */
  readonly right: string;
  /** For a path: what must be true of it. A value of a 'secret-file' is not repeated in errors. */
  readonly file: 'none' | 'file' | 'secret-file' | 'folder' | 'picture';
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
export const holdTerm = parsed(
  'a duration, or working days',
  'write working days, such as 2wd or "2 working days", or a number and a unit, such as 24h',
  parseHoldTerm,
);
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
/** A file of another process: neither read nor looked for here. */
export const otherFile: ValueKind<string> = { ...file, file: 'none' };
export const pictureFile: ValueKind<string> = { ...file, noun: 'the path of a picture', file: 'picture' };
export const secretFile: ValueKind<string> = { ...file, noun: 'the path of a secret file', file: 'secret-file' };
export const folder: ValueKind<string> = {
  ...text('a path', 4096),
  right: 'write the path of a folder, from / or from the folder of this file',
  file: 'folder',
};

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
