// A passage as names need it: for each word what the lexicon and the closed lists say of it, how it is written, and what stands between it
// and the next one.
import { GOES_ON, IN_PHRASE, type LexiconList, type ListSet, listBit } from './lexicon.ts';
import { ANY_NEXT, MOSTLY_NAME, NAME_USES } from './name-words.ts';
import type { Passage } from './passage.ts';
import { NAME_USE, ODD, WITH_CAPITALS } from './word-traits.ts';
import { DIGITS, LETTERS, lowerAt, MIXED, type Words } from './words.ts';
import { APOSTROPHE, CARET, COMMA, FULL_STOP, HYPHEN, LINE_FEED, SMALL, SPACE, isCapital } from './sign-codes.ts';

export const FIRST = listBit('first-name');
export const FAMILY = listBit('surname');
export const COMMON = listBit('common-word');
export const KIN = listBit('kin');
export const PATIENT = listBit('patient-word');
export const STATE = listBit('state');
export const FACILITY = listBit('facility');
export const STREET = listBit('street-word');
export const MONTH = listBit('month');
export const PERSON_VERB = listBit('person-verb');
export const PROVIDER = listBit('provider-title');
/** Words of health, care and payment. */
export const HEALTH = setOf('condition', 'drug', 'test', 'procedure', 'symptom', 'anatomy', 'device', 'care', 'payment', 'clinical-word');
/** Of these, what a person has or takes: words that hardly mean anything else. */
export const ILLNESS = setOf('condition', 'drug', 'test', 'procedure', 'symptom');
/** A name that is one of these too needs more to be taken for a name. */
const OTHER_SENSES = COMMON | HEALTH | STATE | FACILITY | STREET | MONTH | listBit('research') | listBit('general-advice');

function setOf(...lists: readonly LexiconList[]): ListSet {
  return lists.reduce((set, list) => set | listBit(list), 0);
}

/** What stands between two words. */
export type Gap = 'break' | 'space' | 'hyphen' | 'dot' | 'comma' | 'caret' | 'line';

export type Written = 'lower' | 'capitalised' | 'capitals' | 'initial' | 'numeral';

/** A first name, clear or of two senses, a family name likewise, an initial, a word in no list, a particle; or none of these. */
export type Token = 'F' | 'f' | 'S' | 's' | 'I' | 'U' | 'P' | '';

/** So many of the last words that were looked at are remembered, each in the place of its lowest bits: a name is looked at several times. */
export const SEEN = 8;

/** A passage, and what is told of names in it. Asked by number of a word; there may be no such word. */
export interface NameView {
  readonly passage: Passage;
  readonly text: string;
  readonly count: number;
  readonly words: Words;
  /** Those of the words: beside one another, since they are asked so often. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly made: Int32Array;
  readonly traits: Int32Array;
  readonly lists: Int32Array;
  readonly codes: Uint16Array;
  /** By number of a word in the lexicon. */
  readonly nameUses: Int32Array;
  readonly seenWords: number[];
  readonly seenTokens: Token[];
}

export function nameViewOf(passage: Passage): NameView {
  const { text, words, lexicon } = passage;
  const { count, starts, ends, made, traits, lists, codes } = words;
  const seenWords = new Array<number>(SEEN).fill(-1);
  const seenTokens = new Array<Token>(SEEN).fill('');
  return { passage, text, count, words, starts, ends, made, traits, lists, codes, nameUses: lexicon.nameUses, seenWords, seenTokens };
}

/** Asked before a column is read: what is read beyond its end makes all its readings slow. */
function isThere({ count }: NameView, word: number): boolean {
  return word >= 0 && word < count;
}

/** In lower case; empty where there is no word. */
export function lowerOf(view: NameView, word: number): string {
  return isThere(view, word) ? lowerAt(view.words, word) : '';
}

/** In lower case, without 's. */
export function bareOf(view: NameView, word: number): string {
  const one = lowerAt(view.words, word);
  return isOdd(view, word) && one.endsWith("'s") ? one.slice(0, -2) : one;
}

export function lengthOf(view: NameView, word: number): number {
  return isThere(view, word) ? (view.ends[word] ?? 0) - (view.starts[word] ?? 0) : 0;
}

/** Lists that hold the word, alone or within a phrase. */
export function setsOf(view: NameView, word: number): ListSet {
  return isThere(view, word) ? (view.lists[word] ?? 0) & ~(IN_PHRASE | GOES_ON) : 0;
}

/** Within a phrase of several words that is no name: a disease, a hospital. */
export function isInPhrase({ lists }: NameView, word: number): boolean {
  const set = lists[word] ?? 0;
  return (set & IN_PHRASE) !== 0 && (set & (FIRST | FAMILY)) === 0;
}

/** What the word does beside a name, without 's. */
export function usesOf(view: NameView, word: number): number {
  const trait = isThere(view, word) ? (view.traits[word] ?? 0) : 0;
  if ((trait & (NAME_USE | ODD)) === 0) return 0;
  return (trait & ODD) === 0 ? (view.nameUses[view.words.known[word] ?? 0] ?? 0) : (NAME_USES.get(bareOf(view, word)) ?? 0);
}

/** What may begin with the word behind a name: of ANY_NEXT. An apostrophe or an accent may end a word for who reads the text. */
export function nextUses(view: NameView, word: number): number {
  return isOdd(view, word) ? ANY_NEXT : usesOf(view, word) & ANY_NEXT;
}

export function hasDigits(view: NameView, word: number): boolean {
  return isThere(view, word) && ((view.made[word] ?? 0) & DIGITS) !== 0;
}

/** Letters and digits in one word. */
export function isMixed(view: NameView, word: number): boolean {
  return isThere(view, word) && view.made[word] === MIXED;
}

/** Has an apostrophe or a letter beyond US-ASCII. */
export function isOdd(view: NameView, word: number): boolean {
  return isThere(view, word) && ((view.traits[word] ?? 0) & ODD) !== 0;
}

export function isPossessive(view: NameView, word: number): boolean {
  if (!isThere(view, word)) return false;
  const { codes, ends } = view;
  const end = ends[word] ?? 0;
  const endsInS = ((codes[end - 1] ?? 0) | SMALL) === SMALL_S;
  if (!endsInS) return false;
  if (isOdd(view, word) && isApostrophe(codes[end - 2])) return true;
  return isApostrophe(codes[end]) && codes[end + 1] === SPACE;
}

const SMALL_S = 115;

function isApostrophe(code: number | undefined): boolean {
  return code === APOSTROPHE || code === 0x2019;
}

export function writtenOf(view: NameView, word: number): Written {
  const { made, traits } = view;
  if (!isThere(view, word) || made[word] !== LETTERS) return 'numeral';
  return ((traits[word] ?? 0) & WITH_CAPITALS) === 0 ? 'lower' : writtenAt(view, view.starts[word] ?? 0, view.ends[word] ?? 0);
}

/** May be written with a capital: most words are not. */
export function hasCapital(view: NameView, word: number): boolean {
  return isThere(view, word) && ((view.traits[word] ?? 0) & WITH_CAPITALS) !== 0;
}

/** Begins with a capital. */
export function startsLarge(view: NameView, word: number): boolean {
  return isUpper(view, view.starts[word] ?? 0);
}

/** What stands between a word and the next one. */
export function gapAfter({ starts, ends, codes, count }: NameView, word: number): Gap {
  return word < 0 || word + 1 >= count ? 'break' : gapIn(codes, ends[word] ?? 0, starts[word + 1] ?? 0);
}

/** In a list as a name, and nothing else, or hardly. */
export function isClear(view: NameView, word: number, list: ListSet): boolean {
  const set = setsOf(view, word);
  return (
    (set & list) !== 0 && ((set & OTHER_SENSES) === 0 || ((set & OTHER_SENSES) === COMMON && (usesOf(view, word) & MOSTLY_NAME) !== 0))
  );
}

function writtenAt(view: NameView, start: number, end: number): Written {
  if (!isUpper(view, start)) return 'lower';
  const length = end - start;
  if (length === 1) return 'initial';
  // O'BRIEN and McDONALD are told by their last letter; SMITH's by the one before the apostrophe.
  return isUpper(view, length > 3 && isApostrophe(view.codes[end - 2]) ? end - 3 : end - 1) ? 'capitals' : 'capitalised';
}

function isUpper({ codes, text }: NameView, at: number): boolean {
  const code = codes[at] ?? 0;
  if (code < 128) return isCapital(code);
  const one = text.charAt(at);
  return one !== one.toLowerCase();
}

function gapIn(codes: Uint16Array, from: number, to: number): Gap {
  const first = codes[from] ?? 0;
  const length = to - from;
  if (length === 1) {
    if (first === SPACE || first === 0xa0) return 'space';
    if (first === HYPHEN || first === 0x2010 || first === 0x2011) return 'hyphen';
    if (first === FULL_STOP) return 'dot';
    if (first === COMMA) return 'comma';
    if (first === CARET) return 'caret';
    return first === LINE_FEED ? 'line' : 'break';
  }
  if (length !== 2) return 'break';
  const second = codes[from + 1] ?? 0;
  if (second === SPACE || second === 0xa0) {
    if (first === FULL_STOP) return 'dot';
    if (first === COMMA) return 'comma';
    if (first === SPACE || first === 0xa0) return 'space';
  }
  return second === LINE_FEED && (first === 13 || first === SPACE) ? 'line' : 'break';
}
