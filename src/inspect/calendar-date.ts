// Days written as people write them, with what makes them valid: 01/02/1970, 2024-03-05, 5 March 2024, March 5th, 2024, 20240305. A year or a
// month alone is no date (45 CFR 164.514(b)(2)(i)(C) lets the year stand).
import { MONTH_NAME, traitTable } from './word-traits.ts';
import { DIGITS, type Vocabulary, vocabularyOf, type Words, lowerAt } from './words.ts';
import { FULL_STOP, HYPHEN, LOW_LINE, PERCENT, SLASH, SMALL, digitsFrom, isDigit } from './sign-codes.ts';

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
export const MONTH_NAMES: readonly string[] = [...MONTHS.keys()];
/** Enough to tell a day by, where there is no lexicon. */
export const DAY_WORDS: Vocabulary = vocabularyOf(traitTable([[MONTH_NAME, MONTH_NAMES]]));
/** A blank, a comma, a hyphen, a point, a slash, an apostrophe: between a day and its month. */
const PARTS: ReadonlySet<number> = new Set(Array.from(" ,-.\u00a0/'", (sign) => sign.charCodeAt(0)));
const DAY_JOINED = /^(\d{1,2})([a-z]{3,9})(\d{2}|\d{4})$/;
const LONGEST_JOINED = 15;
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const LATEST_YEAR = 2100;
const [D = 0, H = 0, N = 0, R = 0, S = 0, T = 0] = Array.from('dhnrst', (letter) => letter.charCodeAt(0));

/**
 * The day written at a word that holds a digit, or null. Where day and month could be either, the American order counts.
 * @param words cut with a vocabulary that knows the names of months
 */
export function dateAt(words: Words, word: number): WrittenDate | null {
  const { codes } = words;
  const at = words.starts[word] ?? 0;
  const before = codeBefore(codes, at);
  // In the middle of a longer number; but a month may be joined: 05-Mar-2024.
  if (before === FULL_STOP) return null;
  const length = (words.ends[word] ?? 0) - at;
  if (words.made[word] !== DIGITS) return ordinalOrJoined(words, word, length);
  const day = length <= 2 ? named(words, word, numberIn(codes, at, at + length)) : null;
  return day ?? (before === SLASH || before === HYPHEN ? null : numeric(words, word, at, length));
}

function numeric(words: Words, word: number, at: number, length: number): WrittenDate | null {
  if (length <= 2) return dayFirst(words, word, at, at + length);
  if (length === 4) return yearFirst(words, word, at);
  return length === 8 || length === 12 || length === 14 ? compact(words, word, at) : null;
}

/** `01/02/1970`, `5-6-24`, `3.14.2024`. */
function dayFirst(words: Words, word: number, at: number, firstEnd: number): WrittenDate | null {
  const { codes } = words;
  const sign = signAt(codes, firstEnd);
  if (sign === 0) return null;
  const second = firstEnd + 1;
  const secondEnd = second + digitsFrom(codes, second);
  if (secondEnd - second < 1 || secondEnd - second > 2 || codes[secondEnd] !== sign) return null;
  const third = secondEnd + 1;
  const digits = digitsFrom(codes, third);
  const end = third + digits;
  // Of a dotted number with a short year most are versions and sections.
  if ((digits !== 4 && (digits !== 2 || sign === FULL_STOP)) || goesOn(codes, end)) return null;
  const year = fullYear(numberIn(codes, third, end), digits);
  const one = numberIn(codes, at, firstEnd);
  const other = numberIn(codes, second, secondEnd);
  return written(words, word, at, end, year, one, other) ?? written(words, word, at, end, year, other, one);
}

/** `2024-03-05`, `2024/3/5T10`. */
function yearFirst(words: Words, word: number, at: number): WrittenDate | null {
  const { codes } = words;
  const sign = signAt(codes, at + 4);
  if (sign === 0) return null;
  const month = at + 5;
  const monthEnd = month + digitsFrom(codes, month);
  if (monthEnd - month < 1 || monthEnd - month > 2 || codes[monthEnd] !== sign) return null;
  const day = monthEnd + 1;
  const end = day + digitsFrom(codes, day);
  if (end - day < 1 || end - day > 2 || !isCentury(codes, at)) return null;
  return written(words, word, at, end, numberIn(codes, at, at + 4), numberIn(codes, month, monthEnd), numberIn(codes, day, end));
}

/** `20240305`, with hours and minutes behind it, too. */
function compact(words: Words, word: number, at: number): WrittenDate | null {
  const { codes } = words;
  const end = words.ends[word] ?? 0;
  // A line under it belongs to a longer name.
  if (codes[end] === LOW_LINE || !isCentury(codes, at)) return null;
  return written(words, word, at, end, numberIn(codes, at, at + 4), numberIn(codes, at + 4, at + 6), numberIn(codes, at + 6, at + 8));
}

/** Hyphen, full stop or slash, which stand between the numbers of a day; 0 for all else. */
function signAt(codes: Uint16Array, at: number): number {
  const code = codes[at] ?? 0;
  return isSign(code) ? code : 0;
}

function isSign(code: number): boolean {
  return code >= HYPHEN && code <= SLASH;
}

function codeBefore(codes: Uint16Array, at: number): number {
  return at === 0 ? 0 : (codes[at - 1] ?? 0);
}

/** More digits of the same number, behind a sign or a slash. */
function goesOn(codes: Uint16Array, at: number): boolean {
  const sign = signAt(codes, at);
  return sign === SLASH || (sign !== 0 && isDigit(codes[at + 1] ?? 0));
}

/** 19 or 20. */
function isCentury(codes: Uint16Array, at: number): boolean {
  const first = codes[at] ?? 0;
  const second = codes[at + 1] ?? 0;
  return (first === 49 && second === 57) || (first === 50 && second === 48);
}

function numberIn(codes: Uint16Array, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at++) number = 10 * number + (codes[at] ?? 0) - 48;
  return number;
}

/** `3/14` of notes ("seen 3/14"): only where something else says it is a day. */
export function shortDateAt(words: Words, word: number): WrittenDate | null {
  const { codes } = words;
  const at = words.starts[word] ?? 0;
  const end = words.ends[word] ?? 0;
  if (end - at > 2 || codes[end] !== SLASH || isSign(codeBefore(codes, at)) || words.made[word] !== DIGITS) return null;
  const dayEnd = end + 1 + digitsFrom(codes, end + 1);
  if (dayEnd - end < 2 || dayEnd - end > 3 || signAt(codes, dayEnd) !== 0 || codes[dayEnd] === PERCENT) return null;
  return written(words, word, at, dayEnd, 0, numberIn(codes, at, end), numberIn(codes, end + 1, dayEnd));
}

/** `5th`, `05Mar2024`. */
function ordinalOrJoined(words: Words, word: number, length: number): WrittenDate | null {
  const { codes } = words;
  const at = words.starts[word] ?? 0;
  const digits = digitsFrom(codes, at);
  if (digits < 1 || digits > 2) return null;
  if (length - digits === 2 && isOrdinalEnding(codes, at + digits)) return named(words, word, numberIn(codes, at, at + digits));
  return length > 5 && length <= LONGEST_JOINED && isDigit(codes[at + length - 1] ?? 0) ? joined(words, word) : null;
}

/** st, nd, rd, th. */
function isOrdinalEnding(codes: Uint16Array, at: number): boolean {
  const first = (codes[at] ?? 0) | SMALL;
  const second = (codes[at + 1] ?? 0) | SMALL;
  if (first === T) return second === H;
  return first === S ? second === T : (first === N || first === R) && second === D;
}

function joined(words: Words, word: number): WrittenDate | null {
  const [, day = '', name = '', year = ''] = DAY_JOINED.exec(lowerAt(words, word)) ?? [];
  const month = MONTHS.get(name);
  return month === undefined ? null : spanned(words, word, word, fullYear(Number(year), year.length), month, Number(day));
}

/** With the name of a month before or behind the day. */
function named(words: Words, word: number, day: number): WrittenDate | null {
  if (day < 1 || day > 31) return null;
  const before = monthAt(words, word - 1);
  if (before !== 0 && near(words, word - 1)) {
    const year = near(words, word) ? yearAt(words, word + 1) : 0;
    return spanned(words, word - 1, year === 0 ? word : word + 1, year, before, day);
  }
  return beforeMonth(words, word, day);
}

/** `5 March 2024`, `5th of March`. */
function beforeMonth(words: Words, word: number, day: number): WrittenDate | null {
  const of = monthAt(words, word + 1) === 0 ? 1 : 0;
  const last = word + 1 + of;
  const month = monthAt(words, last);
  if (month === 0 || !near(words, word)) return null;
  if (of === 1 && lowerAt(words, word + 1) !== 'of' && lowerAt(words, word + 1) !== 'day') return null;
  const year = near(words, last) ? yearAt(words, last + 1) : 0;
  const name = lowerAt(words, last);
  // "10 may be": the name of a month that is a word, too.
  if (year === 0 && (name === 'may' || name === 'march' || name === 'mar')) return null;
  return spanned(words, word, year === 0 ? last : last + 1, year, month, day);
}

/** Whether a name of a month stands right before a word, or at most one word behind it. */
export function isByMonth({ traits }: Words, word: number): boolean {
  const before = word === 0 ? 0 : (traits[word - 1] ?? 0);
  return ((before | (traits[word + 1] ?? 0) | (traits[word + 2] ?? 0)) & MONTH_NAME) !== 0;
}

/** 0 for what is no month. */
function monthAt(words: Words, word: number): number {
  return word < 0 || ((words.traits[word] ?? 0) & MONTH_NAME) === 0 ? 0 : (MONTHS.get(lowerAt(words, word)) ?? 0);
}

/** Only a blank, a comma, a hyphen or a point stand between this word and the next. */
function near({ starts, ends, count, codes }: Words, word: number): boolean {
  if (word < 0 || word + 1 >= count) return false;
  const from = ends[word] ?? 0;
  const to = starts[word + 1] ?? 0;
  if (to - from > 3) return false;
  for (let i = from; i < to; i++) if (!PARTS.has(codes[i] ?? 0)) return false;
  return true;
}

/** Of two or four digits; 0 where there is none. */
function yearAt({ starts, ends, made, codes }: Words, word: number): number {
  const at = starts[word] ?? 0;
  const digits = (ends[word] ?? 0) - at;
  if (made[word] !== DIGITS || (digits !== 2 && (digits !== 4 || !isCentury(codes, at)))) return 0;
  return fullYear(numberIn(codes, at, at + digits), digits);
}

/** Two digits are of this century up to 35. */
function fullYear(year: number, digits: number): number {
  return digits === 2 ? (year > 35 ? 1900 : 2000) + year : year;
}

function spanned(words: Words, first: number, last: number, year: number, month: number, day: number): WrittenDate | null {
  return isDay(year, month, day) ? { at: words.starts[first] ?? 0, end: words.ends[last] ?? 0, last, year, month, day } : null;
}

function written(words: Words, word: number, at: number, end: number, year: number, month: number, day: number): WrittenDate | null {
  if (!isDay(year, month, day)) return null;
  let last = word;
  while (last + 1 < words.count && (words.starts[last + 1] ?? 0) < end) last++;
  return { at, end, last, year, month, day };
}

function isDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1 || day > (DAYS[month - 1] ?? 31)) return false;
  if (year === 0) return true;
  if (year < 1880 || year > LATEST_YEAR) return false;
  return month !== 2 || day < 29 || (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0));
}
