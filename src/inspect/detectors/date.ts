// Dates that belong to a person, 45 CFR 164.514(b)(2)(i)(C): birth, admission, service, discharge, death, and ages over 89. Any other day is
// told with little confidence: mail is full of them.
import type { Role } from '../../mail/finding.ts';
import { type WrittenDate, dateAt, isByMonth, shortDateAt } from '../calendar-date.ts';
import type { Candidate, Detector } from '../detector.ts';
import type { Tag } from '../id-labels.ts';
import { listBit, listsAt } from '../lexicon.ts';
import { labelsInOrder } from '../identifier.ts';
import type { Passage } from '../passage.ts';
import { blockAt } from '../blocks.ts';
import { whose } from '../whose.ts';
import { digitsIn, firstIn, signBehind, WITH_LETTERS } from '../number-shape.ts';
import type { Tagged } from '../tagged.ts';
import { OF_BUSINESS, OF_SERVICE } from '../word-traits.ts';
import { LETTERS, type Words, lowerAt } from '../words.ts';
import { BAR, EXCLAMATION, FULL_STOP, HYPHEN, LINE_FEED, QUESTION, SLASH, SPACE, TAB, digitsFrom, isDigit } from '../sign-codes.ts';

/** Said of a day on which something was done for a patient. */
export const SERVICE_WORDS: readonly string[] =
  'admitted admission discharged discharge seen evaluated examined treated presented presents diagnosed diagnosis hospitalized hospitalised underwent surgery procedure operation operated biopsy scan mri ct xray ultrasound echo colonoscopy screening vaccinated vaccination injected infusion transfused delivered delivery visit visited appointment appt encounter consult consultation consulted follow-up followup dos referred referral prescribed started onset injury fracture relapse collected drawn labs lab bloodwork transferred intubated extubated chemo chemotherapy radiation dialysis implanted readmitted rehab hospitalization checkup exam examination imaging mammogram ekg ecg stroke seizure transplant transplanted clinic er ed icu inpatient outpatient postop evaluation assessed assessment presenting presentation treatment therapy chart insertion placement replacement screened tested repaired removed'.split(
    ' ',
  );
/** Said of a day of business. */
export const BUSINESS_WORDS: readonly string[] =
  'meeting conference webinar posted published newsletter updated copyright released release effective deadline due expires version revised sent wrote issue deposition filed hearing trial contract agreement invoice dated shipped order subscribe sale offer event register registration agenda minutes court signed'.split(
    ' ',
  );
const REACH = 12;
const DAY_MS = 86_400_000;
const OPENS_CELL: ReadonlySet<string> = new Set('|\t;');

export const dateDetector: Detector = {
  name: 'date',
  samples: {
    hits: [
      'DOB: 01/02/1970',
      'born on March 5th, 1951',
      'Ann Poe (4/17/1962) called',
      'Date of birth\n1970-01-02',
      'seen in clinic on 14 March 2024',
      'admitted 3/14/24 with pneumonia',
      'Discharge date: 2024-03-05',
      'DOS 05-Mar-2024',
      'a 93-year-old man',
      'Name\tDOB\nAnn Poe\t19700102',
      'surgery on Jan. 5, 2023',
      'pt seen 3/14 for cough',
      'aged 94',
    ],
    misses: [
      'version 10.12.24',
      'in 2019 we grew',
      'a 45-year-old man',
      'ratio 3/4',
      '13/32/2024',
      'blood pressure 120/80',
      'open 24/7',
      'chapter 2-3-4',
      'May 2024',
      '2024-13-45',
      'ten may be enough, 10 may be too',
    ],
  },
  detect(passage, surroundings, add) {
    const { words, numbers } = passage;
    const labelOf = labelsInOrder(passage);
    let past = -1;
    for (let i = 0; i < numbers.length; i++) {
      const number = numbers[i] ?? 0;
      const shape = words.shapes[i] ?? 0;
      if (!mayBeOfTime(words, number, shape) || number <= past) continue;
      const date = dateAt(words, number) ?? (signBehind(shape) === SLASH ? shortDate(passage, number, labelOf) : null);
      if (date !== null) {
        past = date.last;
        const found = dated(passage, number, date, labelOf(number)?.tag ?? null, surroundings.today);
        if (found !== null) add(found);
        continue;
      }
      const old = digitsIn(shape) === 4 ? monthOfService(passage, number) : oldAge(passage, number, shape);
      if (old !== null) add(old);
    }
  },
};

const ONE = 49;
const TWO = 50;
const NINE = 57;

/** By as many digits as a day, a year or an age has and what stands beside them, or letters behind one or two of them. */
function mayBeOfTime(words: Words, number: number, shape: number): boolean {
  const first = firstIn(shape);
  if (!isDigit(first)) return false;
  switch (digitsIn(shape)) {
    case 1:
      return goesOn(shape) || isByMonth(words, number);
    case 2:
      return first === NINE || goesOn(shape) || isByMonth(words, number);
    case 3:
      return first === ONE;
    case 4:
      return (first === ONE || first === TWO) && (goesOn(shape) || (number > 0 && words.made[number - 1] === LETTERS));
    case 8:
    case 12:
    case 14:
      return first === ONE || first === TWO;
    default:
      return (shape & WITH_LETTERS) !== 0;
  }
}

/** A hyphen, a point or a slash behind it, as between the numbers of a day. */
function goesOn(shape: number): boolean {
  const behind = signBehind(shape);
  return behind >= HYPHEN && behind <= SLASH;
}

/** `3/14` is a day only beside a word of care, or a label. */
function shortDate(passage: Passage, number: number, labelOf: (number: number) => Tagged | null): WrittenDate | null {
  const date = shortDateAt(passage.words, number);
  if (date === null) return null;
  const ofHealth = isHealthLabel(labelOf(number)?.tag ?? null) || (saidNear(passage, number, number) & OF_SERVICE) !== 0;
  return ofHealth ? date : null;
}

function isHealthLabel(tag: Tag | null): boolean {
  return tag === 'birth-date' || tag === 'service-date' || tag === 'death-date';
}

function dated(passage: Passage, number: number, date: WrittenDate, tag: Tag | null, today: number): Candidate | null {
  const { at, end, year } = date;
  const said = whose(passage, number);
  // Nobody writes down when a provider was born or seen.
  const role = said === 'provider' ? 'unknown' : said;
  if (tag === 'birth-date') return dayFound(date, 'birth-date', year === 0 ? 0.6 : 0.95, role, 'labelled');
  if (tag === 'service-date' || tag === 'death-date') return dayFound(date, 'date', 0.8, role, tag);
  const { text } = passage;
  if (text.charAt(at - 1) === '(' && text.charAt(end) === ')' && followsName(passage, at) && isLongAgo(date, today)) {
    return dayFound(date, 'birth-date', 0.75, role, 'behind-name');
  }
  if (blockAt(passage.blocks, at) === 'footer') return null;
  const near = saidNear(passage, number, date.last);
  const business = (near & OF_BUSINESS) !== 0;
  if ((near & OF_SERVICE) !== 0 || careNear(passage, number)) {
    // What is done at a provider's is done for a patient.
    return dayFound(date, 'date', business ? 0.35 : 0.7, role, 'service-date');
  }
  if (year > 1899 && (year < 2010 || isMinor(date, today)) && inRow(text, at, end))
    return dayFound(date, 'birth-date', 0.4, role, 'in-row');
  return dayFound(date, 'date', business ? 0.05 : 0.2, role, 'day');
}

function dayFound(date: WrittenDate, kind: 'date' | 'birth-date', confidence: number, role: Role, reason: string): Candidate {
  const { at, end, year, month, day } = date;
  const value = `${year === 0 ? '' : String(year)}-${twoDigits(month)}-${twoDigits(day)}`;
  return { axis: 'who', kind, at, length: end - at, confidence, role, reason, value, labels: [] };
}

function twoDigits(number: number): string {
  return number < 10 ? `0${String(number)}` : String(number);
}

/** OF_SERVICE and OF_BUSINESS, where such a word stands in the same sentence or line, a few words before or behind. */
function saidNear({ words }: Passage, first: number, last: number): number {
  const { starts, ends, traits, count } = words;
  const from = Math.max(0, first - REACH);
  const to = Math.min(count, last + REACH - 3);
  let said = 0;
  for (let i = from; i < to; i++) said |= traits[i] ?? 0;
  if ((said & OF_EITHER) === 0) return 0;
  said = 0;
  for (let i = first - 1; i >= from; i--) {
    if (breaks(words, ends[i] ?? 0, starts[i + 1] ?? 0)) break;
    said |= traits[i] ?? 0;
  }
  for (let i = last + 1; i < to; i++) {
    if (breaks(words, ends[i - 1] ?? 0, starts[i] ?? 0)) break;
    said |= traits[i] ?? 0;
  }
  return said & OF_EITHER;
}

const OF_EITHER = OF_SERVICE | OF_BUSINESS;
const CARE = listBit('person-verb') | listBit('procedure') | listBit('facility');

/** What the lexicon knows of care stands in the same line, a few words away. */
function careNear({ text, words }: Passage, word: number): boolean {
  const at = words.starts[word] ?? 0;
  for (let near = Math.max(0, word - REACH); near < Math.min(words.count, word + REACH - 4); near++) {
    if (((words.lists[near] ?? 0) & CARE) === 0 || (listsAt(words, near) & CARE) === 0) continue;
    const start = words.starts[near] ?? 0;
    if (!/[\n|!?]|[a-z]{3}\. /.test(text.slice(Math.min(start, at), Math.max(start, at)))) return true;
  }
  return false;
}

/** Alone in its cell, between bars, tabs or commas. */
function inRow(text: string, at: number, end: number): boolean {
  return opensCell(text, at) && /^"? ?[|\t;]|^"?,\S/.test(text.slice(end, end + 3));
}

/** A bar, tab or semicolon before it, a blank and a quote at most between; or a comma, and a quote at most. */
function opensCell(text: string, at: number): boolean {
  let edge = at - 1;
  if (text.charAt(edge) === '"') edge--;
  if (text.charAt(edge) === ',') return true;
  if (text.charAt(edge) === ' ') edge--;
  return edge >= at - 3 && OPENS_CELL.has(text.charAt(edge));
}

/** Of those born since 2010 only years well before the message's are births. */
function isMinor({ year }: WrittenDate, today: number): boolean {
  return today > 0 && year < 1967 + today / 365.25;
}

/** The end of a sentence, or of a line that is followed by a blank one; a line may be folded. */
function breaks({ text, codes }: Words, from: number, to: number): boolean {
  const first = codes[from];
  if (to - from === 1) return first === EXCLAMATION || first === QUESTION || first === BAR;
  if (first === FULL_STOP && endsSentence(text, from)) return true;
  for (let at = from; at < to && at < from + 20; at++) {
    const code = codes[at];
    if (code === EXCLAMATION || code === QUESTION || code === BAR || (code === LINE_FEED && isBlankLine(text, at + 1))) return true;
  }
  return to - from > 20;
}

/** A point behind three small letters or digits, and before a blank. */
function endsSentence(text: string, point: number): boolean {
  return /\s/.test(text.charAt(point + 1)) && /[a-z\d]{3}$/.test(text.slice(Math.max(0, point - 3), point));
}

function isBlankLine(text: string, start: number): boolean {
  let at = start;
  while (at < start + 6 && (text.charCodeAt(at) === SPACE || text.charCodeAt(at) === TAB)) at++;
  return text.charCodeAt(at) === LINE_FEED;
}

/** Two words with capitals stand right before. */
function followsName({ text }: Passage, at: number): boolean {
  return /\b[A-Z][\w'’-]{1,30},? (?:[A-Z]\.? )?[A-Z][\w'’-]{0,30} ?\($/.test(text.slice(Math.max(0, at - 80), at));
}

/** Not in the last year: a day behind a name may be that of a meeting. */
function isLongAgo({ year, month, day }: WrittenDate, today: number): boolean {
  return year > 0 && (Date.UTC(year, month - 1, day) / DAY_MS < today - 366 || (today === 0 && year < 2015));
}

const MONTH = /^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}$/;

/** `treated in July 2021`: a month of care, without its day. */
function monthOfService(passage: Passage, number: number): Candidate | null {
  const { words } = passage;
  if (words.made[number - 1] !== LETTERS) return null;
  const at = words.starts[number - 1] ?? 0;
  const end = words.ends[number] ?? 0;
  const gap = (words.starts[number] ?? 0) - (words.ends[number - 1] ?? 0);
  if (gap > 2) return null;
  const month = lowerAt(words, number - 1);
  const year = lowerAt(words, number);
  if (!MONTH.test(month) || !/^(?:19|20)\d\d$/.test(year)) return null;
  if (saidNear(passage, number, number) !== OF_SERVICE) return null;
  const value = `${year}-${month.slice(0, 3)}`;
  return { axis: 'who', kind: 'date', at, length: end - at, confidence: 0.35, role: 'unknown', reason: 'service-month', value, labels: [] };
}

/** `93-year-old`, `aged 93`, `93 y/o`: ages over 89 tell a person (45 CFR 164.514(b)(2)(i)(C)). */
function oldAge({ text, words }: Passage, number: number, shape: number): Candidate | null {
  const first = firstIn(shape);
  if (first !== NINE && first !== ONE) return null;
  const at = words.starts[number] ?? 0;
  const end = at + digitsFrom(words.codes, at);
  if (end - at !== (first === NINE ? 2 : 3) || (first === ONE && text.charCodeAt(at + 1) > ONE)) return null;
  if (!saysYears(text, end) && !(digitsIn(shape) > 0 && followsAge(words, number))) return null;
  const value = text.slice(at, end);
  return {
    axis: 'who',
    kind: 'date',
    at,
    length: value.length,
    confidence: 0.6,
    role: 'unknown',
    reason: 'age-over-89',
    value,
    labels: [],
  };
}

/** `-year-old`, ` y/o` */
function saysYears(text: string, end: number): boolean {
  const sign = text.charAt(end);
  const letter = text.charAt(sign === ' ' || sign === '-' ? end + 1 : end);
  if (letter !== 'y' && letter !== 'Y') return false;
  return /^[- ]?(?:years?[- ]?old|y\/o\b|yo\b|yr[- ]?old|y\.o\.|year old|years of age)/i.test(text.slice(end, end + 18));
}

function followsAge(words: Words, number: number): boolean {
  if (number === 0 || (words.starts[number] ?? 0) - (words.ends[number - 1] ?? 0) > 2) return false;
  const before = lowerAt(words, number - 1);
  return before === 'aged' || before === 'age';
}
