// Words and phrases with what they are: names, illnesses, drugs. Made from lists once, then looked up word by word, in linear time.
import { COMMON_ENGLISH } from './common-english.ts';
import { slotOf, UNASKED, type Vocabulary, vocabularyOf, wordHash } from './words.ts';

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
  /** By first word: phrases that begin with it, longest first, and the set of the word alone (0 for none). */
  readonly entries: ReadonlyMap<string, LexiconEntry>;
  /** By number of a word in the vocabulary. */
  readonly found: readonly LexiconEntry[];
}

export interface LexiconEntry {
  readonly alone: ListSet;
  readonly phrases: readonly LexiconPhrase[];
  /** The phrases by their second word, longest first. */
  readonly bySecond: ReadonlyMap<string, readonly LexiconPhrase[]> | null;
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

/**
 * Every word and the longest phrase at each place that some list holds, in order. Words inside a longer phrase are not told again.
 * @param known numbers of the words in the vocabulary, where it was asked already (Words.known): it is twice as fast with them
 */
export function lookUp(lexicon: Lexicon, lower: readonly string[], known?: readonly number[]): readonly LexiconHit[] {
  const hits: LexiconHit[] = [];
  for (let word = 0; word < lower.length;) {
    const first = lower[word] ?? '';
    const number = known?.[word] ?? UNASKED;
    const asked = number === UNASKED ? entryOf(lexicon, first, wordHash(first)) : (lexicon.found[number - 1] ?? null);
    const entry = asked ?? plainEntryOf(lexicon, first);
    let words = 1;
    if (entry !== null) {
      const phrase = entry.bySecond === null ? null : phraseAt(entry.bySecond, lower, word);
      if (phrase !== null) words += phrase.rest.length;
      const lists = phrase?.lists ?? entry.alone;
      if (lists !== 0) hits.push({ word, words, lists });
    }
    word += words;
  }
  return hits;
}

function entryOf({ slots, firsts, found }: Lexicon, word: string, hash: number): LexiconEntry | null {
  const mask = slots.length - 1;
  for (let slot = slotOf(hash, mask); ; slot = (slot + 1) & mask) {
    const number = slots[slot] ?? 0;
    if (number === 0) return null;
    if (firsts[number - 1] === word) return found[number - 1] ?? null;
  }
}

/** As lists of names and words have it: Smith's is smith, Zoë is zoe. */
function plainEntryOf(lexicon: Lexicon, word: string): LexiconEntry | null {
  const { length } = word;
  let plain = length > 3 && word.charCodeAt(length - 2) === 39 && word.charCodeAt(length - 1) === 115 ? word.slice(0, -2) : word;
  if (isBeyondAscii(plain)) {
    plain = plain
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .replace(/[łøđßæœı]/g, (one) => STROKES[one] ?? one);
  }
  return plain === word ? null : entryOf(lexicon, plain, wordHash(plain));
}

/** By hand: an expression costs as much as all the rest of a look-up. */
function isBeyondAscii(word: string): boolean {
  for (let i = 0; i < word.length; i++) if (word.charCodeAt(i) > 127) return true;
  return false;
}

const STROKES: Readonly<Record<string, string>> = { ł: 'l', ø: 'o', đ: 'd', ß: 'ss', æ: 'ae', œ: 'oe', ı: 'i' };

function phraseAt(bySecond: ReadonlyMap<string, readonly LexiconPhrase[]>, lower: readonly string[], word: number): LexiconPhrase | null {
  const second = lower[word + 1];
  const phrases = second === undefined ? undefined : bySecond.get(second);
  if (phrases === undefined) return null;
  for (const phrase of phrases) if (follows(phrase.rest, lower, word)) return phrase;
  return null;
}

function follows(rest: readonly string[], lower: readonly string[], word: number): boolean {
  for (let i = 1; i < rest.length; i++) if (lower[word + 1 + i] !== rest[i]) return false;
  return true;
}

/** @param lists by name: one word or phrase a line, lower case, words parted by one space; a list that is left out is empty */
export function lexiconOf(lists: Readonly<Partial<Record<LexiconList, Iterable<string>>>>): Lexicon {
  const alone = new Map<string, ListSet>();
  const phrases = new Map<string, Map<string, ListSet>>();
  for (const list of LEXICON_LISTS) {
    const bit = listBit(list);
    for (const term of lists[list] ?? []) {
      const space = term.indexOf(' ');
      const first = space < 0 ? term : term.slice(0, space);
      if (first === '') continue;
      alone.set(first, (alone.get(first) ?? 0) | (space < 0 ? bit : 0));
      if (space < 0) continue;
      const rest = term.slice(space + 1);
      const begun = phrases.get(first) ?? new Map<string, ListSet>();
      phrases.set(first, begun.set(rest, (begun.get(rest) ?? 0) | bit));
    }
  }
  // Most words begin no phrase: those of the same lists share one entry.
  const plain = new Map<ListSet, LexiconEntry>();
  const entries = new Map<string, LexiconEntry>();
  for (const [first, set] of alone) {
    const begun = phrases.get(first);
    const entry = begun === undefined ? (plain.get(set) ?? { alone: set, phrases: [], bySecond: null }) : entryWith(set, begun);
    if (begun === undefined) plain.set(set, entry);
    entries.set(first, entry);
  }
  // They are on no list: the words of the language are found as fast as those of the lists.
  const nothing: LexiconEntry = { alone: 0, phrases: [], bySecond: null };
  for (const word of COMMON_ENGLISH) if (!entries.has(word)) entries.set(word, nothing);
  return { entries, found: [...entries.values()], ...vocabularyOf([...entries.keys()]) };
}

function entryWith(alone: ListSet, begun: ReadonlyMap<string, ListSet>): LexiconEntry {
  const phrases = [...begun].map(([rest, lists]): LexiconPhrase => ({ rest: rest.split(' '), lists }));
  phrases.sort((a, b) => b.rest.length - a.rest.length);
  return { alone, phrases, bySecond: Map.groupBy(phrases, ({ rest }) => rest[0] ?? '') };
}
