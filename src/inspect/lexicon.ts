// Words and phrases with what they are: names, illnesses, drugs. Made from lists once, then looked up word by word, in linear time.
import { BEGINS_PHRASE, LISTED, ODD, SECOND_OF_PHRASE } from './word-traits.ts';
import { listsOf, lowerAt, numberOf, traitsOf, type Vocabulary, type Words } from './words.ts';

/** What a word or phrase can be. Each is one list (data/lexicons/<name>.txt). */
export const LEXICON_LISTS = [
  // who
  'first-name',
  'surname',
  'kin', // mother, son, spouse
  'provider-title', // Dr, MD, RN, PA-C
  'patient-word', // patient, pt, resident, client
  'facility', // hospital, clinic
  'month',
  'state', // of the US, with postal codes
  'street-word', // street, ave, blvd
  // health
  'condition',
  'drug',
  'test', // A1c, MRI, CBC
  'procedure',
  'symptom',
  'anatomy',
  'device', // pacemaker, insulin pump
  'care', // appointment, referral, discharge
  'payment', // copay, claim, EOB
  'clinical-word', // abbreviations and words of notes: hx, c/o, PRN, bilateral
  'person-verb', // presented, underwent, was admitted
  // special categories
  'substance-use',
  'mental-health',
  'hiv',
  'reproductive-health',
  'genetics',
  // what speaks against a person's health
  'research', // cohort, randomized, p-value
  'general-advice', // tips, newsletter, webinar
  'common-word', // English words that are also names: will, may, rose
] as const;
export type LexiconList = (typeof LEXICON_LISTS)[number];

/** A set of lists: bit n stands for LEXICON_LISTS[n]. Below 2^31. */
export type ListSet = number;

export function listBit(list: LexiconList): ListSet {
  return 1 << LEXICON_LISTS.indexOf(list);
}

export interface Lexicon extends Vocabulary {
  /** What words do beside a name (name-words.ts), by their number. */
  readonly nameUses: Int32Array;
  /** By number of the first word, then of the second: the longest first. */
  readonly phrases: ReadonlyMap<number, ReadonlyMap<number, readonly LexiconPhrase[]>>;
}

export interface LexiconPhrase {
  readonly rest: readonly string[];
  readonly lists: ListSet;
}

/** What is found at one word: `words` long. */
export interface LexiconHit {
  readonly word: number;
  readonly words: number;
  readonly lists: ListSet;
}

/** Beside the lists of a word in `Words`: it stands in a phrase of several words. */
export const IN_PHRASE = 1 << 30;

/**
 * Every word and the longest phrase at each place that some list holds, in order. Words inside a longer phrase are not told again.
 * @param words cut with the lexicon: their lists become those of the phrases they stand in
 */
export function lookUp(lexicon: Lexicon, words: Words): readonly LexiconHit[] {
  const { count, known, traits, lists: listed } = words;
  const hits: LexiconHit[] = [];
  for (let word = 0; word < count;) {
    let number = Math.max(0, known[word] ?? 0);
    let trait = traits[word] ?? 0;
    let lists = listed[word] ?? 0;
    if ((trait & (LISTED | ODD)) === ODD) {
      number = plainNumber(lexicon, lowerAt(words, word));
      trait = traitsOf(lexicon, number);
      lists = listed[word] = number === 0 ? 0 : listsOf(lexicon, number);
    }
    let length = 1;
    if ((trait & BEGINS_PHRASE) !== 0 && ((traits[word + 1] ?? 0) & SECOND_OF_PHRASE) !== 0) {
      const phrase = phraseAt(lexicon.phrases.get(number)?.get(known[word + 1] ?? 0), words, word);
      if (phrase !== null) {
        length += phrase.rest.length;
        lists = phrase.lists;
        for (let i = word; i < word + length; i++) listed[i] = lists | IN_PHRASE;
      }
    }
    if (lists !== 0) hits.push({ word, words: length, lists });
    word += length;
  }
  return hits;
}

/** As lists of names and words have it: Smith's is smith, Zoë is zoe. */
function plainNumber(lexicon: Lexicon, word: string): number {
  const { length } = word;
  let plain = length > 3 && word.charCodeAt(length - 2) === 39 && word.charCodeAt(length - 1) === 115 ? word.slice(0, -2) : word;
  if (isBeyondAscii(plain)) {
    plain = plain
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .replace(/[łøđßæœı]/g, (one) => STROKES[one] ?? one);
  }
  return plain === word ? 0 : numberOf(lexicon, plain);
}

/** By hand: an expression costs as much as all the rest of a look-up. */
function isBeyondAscii(word: string): boolean {
  for (let i = 0; i < word.length; i++) if (word.charCodeAt(i) > 127) return true;
  return false;
}

const STROKES: Readonly<Record<string, string>> = { ł: 'l', ø: 'o', đ: 'd', ß: 'ss', æ: 'ae', œ: 'oe', ı: 'i' };

function phraseAt(phrases: readonly LexiconPhrase[] | undefined, words: Words, word: number): LexiconPhrase | null {
  if (phrases === undefined) return null;
  for (const phrase of phrases) if (follows(phrase.rest, words, word)) return phrase;
  return null;
}

function follows(rest: readonly string[], words: Words, word: number): boolean {
  for (let i = 1; i < rest.length; i++) if (lowerAt(words, word + 1 + i) !== rest[i]) return false;
  return true;
}
