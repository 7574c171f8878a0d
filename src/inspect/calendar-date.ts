// Days written as people write them, with what makes them valid: 01/02/1970, 2024-03-05, 5 March 2024, March 5th, 2024, 20240305. A year or a
// month alone is no date (45 CFR 164.514(b)(2)(i)(C) lets the year stand).
import { DIGITS, MIXED, type Words, lowerAt } from './words.ts';

export interface WrittenDate {
  readonly at: number;
  readonly end: number;
  /** Last word of it. */
  readonly last: number;
  /** 0 where it is not written. */
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const MONTHS: ReadonlyMap<string, number> = new Map(
  'january february march april may june july august september october november december'
    .split(' ')
    .flatMap((name, i) => [[name, i + 1] as const, [name.slice(0, 3), i + 1] as const, [`${name.slice(0, 4)}`, i + 1] as const]),
);
const NUMERIC = /(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?![\d/]|[-.]\d)/y;
const ISO = /((?:19|20)\d{2})([-/.])(\d{1,2})\2(\d{1,2})(?=T\d|\D|$)/y;
const COMPACT = /((?:19|20)\d{2})(\d{2})(\d{2})(?:\d{4}(?:\d{2})?)?(?!\w)/y;
const WITHOUT_YEAR = /(\d{1,2})\/(\d{1,2})(?![\d/.%-])/y;
const DAY_JOINED = /^(\d{1,2})([a-z]{3,9})(\d{2}|\d{4})$/;
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const LATEST_YEAR = 2100;

/** The day written at a word that holds a digit, or null. Where day and month could be either, the American order counts. */
export function dateAt(text: string, words: Words, word: number): WrittenDate | null {
  const at = words.starts[word] ?? 0;
  const length = (words.ends[word] ?? 0) - at;
  const before = text.charCodeAt(at - 1);
  // In the middle of a longer number; but a month may be joined: 05-Mar-2024.
  if (before === 46 || (before >= 48 && before <= 57)) return null;
  return named(text, words, word) ?? (before === 47 || before === 45 ? null : numeric(text, words, word, at, length));
}

function numeric(text: string, words: Words, word: number, at: number, length: number): WrittenDate | null {
  if (length <= 2) {
    if (!isSign(text, at + length)) return null;
    NUMERIC.lastIndex = at;
    const [whole, first = '', sign, second = '', year = ''] = NUMERIC.exec(text) ?? [];
    // Of a dotted number with a short year most are versions and sections.
    if (whole !== undefined && !(sign === '.' && year.length === 2)) {
      const american = made(words, word, at, whole, fullYear(year), Number(first), Number(second));
      return american ?? made(words, word, at, whole, fullYear(year), Number(second), Number(first));
    }
    return null;
  }
  if (length === 4 || text.charCodeAt(at + 4) === 45) {
    if (!isSign(text, at + 4)) return null;
    ISO.lastIndex = at;
    const [whole, year, , month, day] = ISO.exec(text) ?? [];
    if (whole !== undefined) return made(words, word, at, whole, Number(year), Number(month), Number(day));
    return null;
  }
  if (length !== 8 && length !== 12 && length !== 14) return null;
  COMPACT.lastIndex = at;
  const [whole, year, month, day] = COMPACT.exec(text) ?? [];
  return whole === undefined ? null : made(words, word, at, whole, Number(year), Number(month), Number(day));
}

/** Hyphen, full stop or slash: between the numbers of a day. */
function isSign(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 45 && code <= 47;
}

/** `3/14` of notes ("seen 3/14"): only where something else says it is a day. */
export function shortDateAt(text: string, words: Words, word: number): WrittenDate | null {
  const at = words.starts[word] ?? 0;
  const before = text.charCodeAt(at - 1);
  const end = words.ends[word] ?? 0;
  if (end - at > 2 || text.charCodeAt(end) !== 47 || before === 47 || before === 45 || before === 46) return null;
  WITHOUT_YEAR.lastIndex = at;
  const [whole, month, day] = WITHOUT_YEAR.exec(text) ?? [];
  return whole === undefined ? null : made(words, word, at, whole, 0, Number(month), Number(day));
}

/** With the name of a month before or behind the day. */
function named(text: string, words: Words, word: number): WrittenDate | null {
  // Most numbers are no day: they are told by their length, before any expression is asked.
  if (words.made[word] === DIGITS && (words.ends[word] ?? 0) - (words.starts[word] ?? 0) > 2) return null;
  const lower = lowerAt(words, word);
  const joined = words.made[word] === MIXED && lower.length > 5 ? DAY_JOINED.exec(lower) : null;
  if (joined !== null) {
    const month = MONTHS.get(joined[2] ?? '');
    return month === undefined ? null : spanned(words, word, word, fullYear(joined[3] ?? ''), month, Number(joined[1]));
  }
  const day = dayOf(lower, words.made[word] ?? 0);
  if (day === null) return null;
  const monthBefore = near(text, words, word - 1) ? MONTHS.get(lowerAt(words, word - 1)) : undefined;
  if (monthBefore !== undefined) {
    const year = near(text, words, word) ? yearOf(lowerAt(words, word + 1)) : null;
    return spanned(words, word - 1, year === null ? word : word + 1, year ?? 0, monthBefore, day);
  }
  const of = lowerAt(words, word + 1) === 'of' || lowerAt(words, word + 1) === 'day' ? 1 : 0;
  const monthBehind = near(text, words, word) ? MONTHS.get(lowerAt(words, word + 1 + of)) : undefined;
  if (monthBehind === undefined) return null;
  const last = word + 1 + of;
  const year = near(text, words, last) ? yearOf(lowerAt(words, last + 1)) : null;
  // "10 may be": the name of a month that is a word, too.
  if (year === null && (lowerAt(words, last) === 'may' || lowerAt(words, last) === 'march' || lowerAt(words, last) === 'mar')) return null;
  return spanned(words, word, year === null ? last : last + 1, year ?? 0, monthBehind, day);
}

/** Only a blank, a comma, a hyphen or a point stand between this word and the next. */
function near(text: string, { starts, ends, count }: Words, word: number): boolean {
  if (word < 0 || word + 1 >= count) return false;
  const from = ends[word] ?? 0;
  const to = starts[word + 1] ?? 0;
  if (to - from > 3) return false;
  for (let i = from; i < to; i++) if (!" ,-.\u00a0/'".includes(text.charAt(i))) return false;
  return true;
}

/** @param word digits, two at most, or with letters ("5th") */
function dayOf(word: string, made: number): number | null {
  const digits = made === DIGITS ? word : word.length > 4 ? '' : (/^(\d{1,2})(?:st|nd|rd|th)$/.exec(word)?.[1] ?? '');
  const day = Number(digits);
  return day >= 1 && day <= 31 ? day : null;
}

function yearOf(word: string): number | null {
  return /^(?:19|20)\d\d$/.test(word) ? Number(word) : /^\d\d$/.test(word) ? fullYear(word) : null;
}

/** Two digits are of this century up to 35. */
function fullYear(digits: string): number {
  const year = Number(digits);
  return digits.length === 2 ? (year > 35 ? 1900 : 2000) + year : year;
}

function spanned(words: Words, first: number, last: number, year: number, month: number, day: number): WrittenDate | null {
  return isDay(year, month, day) ? { at: words.starts[first] ?? 0, end: words.ends[last] ?? 0, last, year, month, day } : null;
}

function made(words: Words, word: number, at: number, whole: string, year: number, month: number, day: number): WrittenDate | null {
  if (!isDay(year, month, day)) return null;
  let last = word;
  while (last + 1 < words.count && (words.starts[last + 1] ?? 0) < at + whole.length) last++;
  return { at, end: at + whole.length, last, year, month, day };
}

function isDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1 || day > (DAYS[month - 1] ?? 31)) return false;
  if (year === 0) return true;
  if (year < 1880 || year > LATEST_YEAR) return false;
  return month !== 2 || day < 29 || (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0));
}
