// A passage as names need it: for each word what the lexicon and the closed lists say of it, how it is written, and what stands between it
// and the next one.
import { IN_PHRASE, type LexiconList, type ListSet, listBit } from './lexicon.ts';
import { MOSTLY_NAME, NAME_USES } from './name-words.ts';
import type { Passage } from './passage.ts';
import { NAME_USE, ODD, WITH_CAPITALS } from './word-traits.ts';
import { lowerAt } from './words.ts';

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
export const BREAK = 0;
export const SPACE = 1;
export const HYPHEN = 2;
export const DOT = 3;
export const COMMA = 4;
export const CARET = 5;
export const LINE = 6;

/** How a word is written. */
export const LOWER = 0;
export const CAPITALISED = 1;
export const CAPITALS = 2;
export const INITIAL = 3;
export const NUMERAL = 4;

export interface NameView {
  readonly passage: Passage;
  readonly text: string;
  readonly count: number;
  /** In lower case; empty where there is no word. */
  lower(word: number): string;
  /** What name-shapes.ts has made of each word so far; 0 is nothing yet. */
  readonly tokens: number[];
  /** Lists that hold the word, alone or within a phrase. */
  sets(word: number): ListSet;
  /** Within a phrase of several words that is no name: a disease, a hospital. */
  inPhrase(word: number): boolean;
  /** May be written with a capital: most words are not. */
  hasCapital(word: number): boolean;
  /** What the word does beside a name, without 's. */
  uses(word: number): number;
  written(word: number): number;
  gap(word: number): number;
  /** Without 's. */
  bare(word: number): string;
  isPossessive(word: number): boolean;
}

export function nameViewOf(passage: Passage): NameView {
  const { text, words } = passage;
  const { count, starts, ends, made, traits, lists } = words;
  const lower = (word: number): string => lowerAt(words, word);
  const isPossessive = (word: number): boolean => {
    const end = ends[word] ?? 0;
    const one = lower(word);
    if (one.endsWith("'s")) return true;
    const next = text.charCodeAt(end);
    return (next === 39 || next === 0x2019) && one.endsWith('s') && text.charCodeAt(end + 1) === 32;
  };
  const bare = (word: number): string => {
    const one = lower(word);
    return one.endsWith("'s") ? one.slice(0, -2) : one;
  };
  return {
    passage,
    text,
    count,
    lower,
    tokens: zeros(count),
    sets: (word) => (lists[word] ?? 0) & ~IN_PHRASE,
    inPhrase: (word) => ((lists[word] ?? 0) & IN_PHRASE) !== 0 && ((lists[word] ?? 0) & (FIRST | FAMILY)) === 0,
    hasCapital: (word) => ((traits[word] ?? 0) & WITH_CAPITALS) !== 0,
    uses: (word) => (((traits[word] ?? 0) & (NAME_USE | ODD)) === 0 ? 0 : (NAME_USES.get(bare(word)) ?? 0)),
    written(word) {
      if (made[word] !== 1) return NUMERAL;
      return ((traits[word] ?? 0) & WITH_CAPITALS) === 0 ? LOWER : writtenAt(text, starts[word] ?? 0, ends[word] ?? 0);
    },
    gap: (word) => (word < 0 || word + 1 >= count ? BREAK : gapIn(text, ends[word] ?? 0, starts[word + 1] ?? 0)),
    bare,
    isPossessive,
  };
}

/** On the heap: typed arrays cost more to make than a short passage to read. */
function zeros(count: number): number[] {
  return new Array<number>(count).fill(0);
}

/** In a list as a name, and nothing else, or hardly. */
export function isClear(view: NameView, word: number, list: ListSet): boolean {
  const set = view.sets(word);
  return (set & list) !== 0 && ((set & OTHER_SENSES) === 0 || ((set & OTHER_SENSES) === COMMON && (view.uses(word) & MOSTLY_NAME) !== 0));
}

function writtenAt(text: string, start: number, end: number): number {
  if (!isUpper(text, start)) return LOWER;
  const length = end - start;
  if (length === 1) return INITIAL;
  // O'BRIEN and McDONALD are told by their last letter; SMITH's by the one before the apostrophe.
  const tail = text.charCodeAt(end - 2);
  const last = length > 3 && (tail === 39 || tail === 0x2019) ? end - 3 : end - 1;
  return isUpper(text, last) ? CAPITALS : CAPITALISED;
}

function isUpper(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code < 128) return code >= 65 && code <= 90;
  const one = text.charAt(at);
  return one !== one.toLowerCase();
}

function gapIn(text: string, from: number, to: number): number {
  const first = text.charCodeAt(from);
  const length = to - from;
  if (length === 1) {
    if (first === 32 || first === 0xa0) return SPACE;
    if (first === 45 || first === 0x2010 || first === 0x2011) return HYPHEN;
    if (first === 46) return DOT;
    if (first === 44) return COMMA;
    if (first === 94) return CARET;
    return first === 10 ? LINE : BREAK;
  }
  const second = text.charCodeAt(from + 1);
  if (length === 2 && (second === 32 || second === 0xa0)) {
    if (first === 46) return DOT;
    if (first === 44) return COMMA;
    if (first === 32 || first === 0xa0) return SPACE;
  }
  return length === 2 && second === 10 && (first === 13 || first === 32) ? LINE : BREAK;
}
