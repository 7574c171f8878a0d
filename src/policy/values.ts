// Kinds of values in a policy file. Each schema's message is what would be right; faults are put into words in faults.ts.
import { z } from 'zod';
import { canonicalAddress, parseMailbox } from '../mail/address.ts';
import { parseDuration, parseHoldTerm, parseSize } from '../yaml/amount.ts';
import { nearest } from '../yaml/nearest.ts';

/** One of several words; the nearest is suggested. */
export function word<const W extends readonly [string, ...string[]]>(words: W): z.ZodEnum<{ [K in W[number]]: K }> {
  return z.enum(words, { error: ({ input }) => suggestion(input, words) });
}

function suggestion(input: unknown, words: readonly string[]): string {
  const near = typeof input === 'string' ? nearest(input, words) : null;
  if (near !== null) return `did you mean "${near}"`;
  return words.length === 1 ? `write ${words[0]}` : `write ${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** A value, or a list of values; read as a list. */
export function oneOrMany<T>(item: z.ZodType<T>, right: string): z.ZodType<readonly T[]> {
  const many = z.array(item, right).min(1, right).max(1_000, 'put so many into a list with a name');
  return z.union([item, many], { error: right }).transform((read) => (Array.isArray(read) ? read : [read]) as readonly T[]);
}

/** Keys of a mapping. About an unknown key, the message is the list of the known ones. */
export function keys<S extends z.ZodRawShape>(shape: S, right: string): z.ZodObject<S, z.core.$strict> {
  const known = Object.keys(shape).join(', ');
  return z.strictObject(shape, { error: ({ code }) => (code === 'unrecognized_keys' ? known : right) });
}

/** A mapping of which at least one key must be written. */
export function someKeys<S extends z.ZodRawShape>(shape: S, right: string): z.ZodObject<S, z.core.$strict> {
  return keys(shape, right).refine((read) => Object.values(read).some((value) => value !== undefined), right);
}

/** Text that is read to something else; `right` where it cannot be. */
function readText<T>(right: string, read: (text: string) => T | null): z.ZodType<T> {
  return z.string(right).transform((text, context) => {
    const found = read(text);
    if (found !== null) return found;
    context.addIssue({ code: 'custom', message: right });
    return z.NEVER;
  });
}

export const yesNo = word(['yes', 'no']);
export const id = z
  .string('write 1 to 40 lower-case letters, digits and hyphens')
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, 'write 1 to 40 lower-case letters, digits and hyphens');

const LIST_NAME = 'write 1 to 40 lower-case letters, digits, "-" and "_"';
export const listName = z.string(LIST_NAME).regex(/^[a-z0-9](?:[a-z0-9_-]{0,38}[a-z0-9])?$/, LIST_NAME);

export const durationMs = readText('write a number and a unit, such as 90m, 24h or 2d', (text) => parseDuration(text));
export const holdTerm = readText('write working days, such as 2wd, or a number and a unit, such as 90m, 24h or 2d', parseHoldTerm);
export const sizeBytes = readText('write a number and a unit, such as 200kB or 10MB', (text) => parseSize(text));

const MAILBOX = 'write an address, such as privacy@clinic.example';
export const mailbox = readText(MAILBOX, (text) => (parseMailbox(text) === null ? null : canonicalAddress(text)));

/** One line for people. Line ends and control characters would break out of a header field, a notice or a terminal line. */
export function line(most: number): z.ZodString {
  const right = `write 1 to ${most} printable characters in quotes`;
  return z
    .string(right)
    .min(1, right)
    .max(most, right)
    .regex(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+$/u, right);
}

const TEXT = 'write at most 2000 printable characters; lines end with a line feed';
export const fixedText = z
  .string(TEXT)
  .min(1, TEXT)
  .max(2_000, TEXT)
  .regex(/^(?:[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|\n)+$/u, TEXT);

const TAG = 'write a tag in quotes, such as "[secure]", "(secure)", "{secure}", "#secure" or "secure:"';
const TAG_FORM = /^(?:\[[^[\]]+\]|\([^()]+\)|\{[^{}]+\}|#[^\s#]+|[^\s:]+:)$/u;
/** A tag of the subject, spelled as facts spell it. */
export const tag = readText(TAG, (text) => (text.length <= 60 && TAG_FORM.test(text) ? text.toLowerCase() : null));

const FIELD_NAME = 'write the name of a header field, such as X-Sent-By';
/** The name of a header field in lower case (RFC 5322 3.6.8). */
export const fieldName = readText(FIELD_NAME, (text) => (/^[!-9;-~]{1,70}$/.test(text) ? text.toLowerCase() : null));

const GLOB = 'write 1 to 200 characters in quotes, "*" for any text';
export const glob = z
  .string(GLOB)
  .min(1, GLOB)
  .max(200, GLOB)
  .transform((text) => text.toLowerCase());

const TIME = 'write hours and minutes, such as "08:00"';
/** Minutes since midnight. 24:00 is the end of the day. */
export const timeOfDay = readText(TIME, (text) => {
  const [, hours = '', minutes = ''] = /^(\d\d):(\d\d)$/.exec(text) ?? [];
  const read = Number(hours) * 60 + Number(minutes);
  return hours !== '' && Number(minutes) < 60 && read <= 1_440 ? read : null;
});

export function wholeNumber(least: number, most: number): z.ZodNumber {
  const right = `write a whole number from ${least} to ${most}`;
  return z.number(right).int(right).min(least, right).max(most, right);
}

/** An entry to compare with, or a list of the policy; which entries are good depends on what is compared. */
export type Member = { readonly entry: string } | { readonly list: string };

const ENTRY = 'write it in quotes';
/** One entry, a list by name, or several of them. */
export function members(right: string): z.ZodType<readonly Member[]> {
  const entry = z
    .string(ENTRY)
    .min(1, right)
    .max(400, right)
    .transform((text): Member => ({ entry: text }));
  const list = keys({ list: listName }, 'write { list: NAME }').transform((read): Member => read);
  return oneOrMany(z.union([entry, list], { error: right }), right);
}
