// Words and phrases with what they are: names, illnesses, drugs. Made from lists once, then looked up word by word, in linear time.
import { longerPhrase, pairAt, pairLists, type PhraseTable } from './lexicon-phrases.ts';
import { BEGINS_PHRASE, FOOTER_WORD, LISTED, ODD, SECOND_OF_PHRASE, SHOWN } from './word-traits.ts';
import { listsOf, lowerAt, numberOf, traitsOf, type Vocabulary, type Words } from './words.ts';
import { APOSTROPHE } from './sign-codes.ts';

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
  /** What they do before a number (id-labels.ts), by their number. */
  readonly labelUses: Int32Array;
  /** Of closed words, by their number: what they are worth as cues, in dealings with a house of care, and what may follow them as a phrase. */
  readonly cueWorths: Float64Array;
  readonly dealingWorths: Float64Array;
  readonly cueBeginnings: Int32Array;
  readonly phrases: PhraseTable;
}

/** Beside the lists of a word in `Words`: it stands in a phrase of several words; and it is not the first of them. */
export const IN_PHRASE = 1 << 30;
export const GOES_ON = 1 << 29;

/** Lists of the word or phrase that begins at a word, 0 where none does. */
export function listsAt({ lists }: Words, word: number): ListSet {
  const held = lists[word] ?? 0;
  return (held & GOES_ON) !== 0 ? 0 : held & ~IN_PHRASE;
}

/** Of how many words it is. */
export function lengthAt({ lists }: Words, word: number): number {
  if (((lists[word] ?? 0) & IN_PHRASE) === 0) return 1;
  let length = 1;
  while (((lists[word + length] ?? 0) & GOES_ON) !== 0) length++;
  return length;
}

/** Numbers of words that few texts have, found on the way: footers have them, pictures of people show them. */
export interface Gathered {
  readonly footers: readonly number[];
  readonly shown: readonly number[];
}

const ASKED = BEGINS_PHRASE | ODD | FOOTER_WORD | SHOWN;

/**
 * The longest phrase at each place that some list holds. Words inside a longer phrase are not told again.
 * @param words cut with the lexicon: their lists become those of the phrases they stand in
 */
export function lookUp(lexicon: Lexicon, words: Words): Gathered {
  const { count, known, traits, lists } = words;
  const { phrases } = lexicon;
  const footers: number[] = [];
  const shown: number[] = [];
  for (let word = 0; word < count; word++) {
    let trait = traits[word] ?? 0;
    if ((trait & ASKED) === 0) continue;
    if ((trait & FOOTER_WORD) !== 0) footers.push(word);
    if ((trait & SHOWN) !== 0) shown.push(word);
    let number = known[word] ?? 0;
    if ((trait & (LISTED | ODD)) === ODD) {
      number = plainNumber(lexicon, lowerAt(words, word));
      lists[word] = listsOf(lexicon, number);
      trait = traitsOf(lexicon, number);
    }
    if ((trait & BEGINS_PHRASE) === 0 || ((traits[word + 1] ?? 0) & SECOND_OF_PHRASE) === 0) continue;
    const pair = pairAt(phrases, number, known[word + 1] ?? 0);
    if (pair < 0) continue;
    const phrase = longerPhrase(phrases, pair, words, word);
    const held = phrase === null ? pairLists(phrases, pair) : phrase.lists;
    if (held === 0) continue;
    lists[word] = held | IN_PHRASE;
    for (const last = word + (phrase === null ? 1 : phrase.rest.length); word < last;) {
      lists[++word] = held | IN_PHRASE | GOES_ON;
      if (((traits[word] ?? 0) & FOOTER_WORD) !== 0) footers.push(word);
      if (((traits[word] ?? 0) & SHOWN) !== 0) shown.push(word);
    }
  }
  return { footers, shown };
}

/** As lists of names and words have it: Smith's is smith, Zoë is zoe. */
function plainNumber(lexicon: Lexicon, word: string): number {
  const { length } = word;
  let plain = length > 3 && word.charCodeAt(length - 2) === APOSTROPHE && word.charCodeAt(length - 1) === 115 ? word.slice(0, -2) : word;
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
