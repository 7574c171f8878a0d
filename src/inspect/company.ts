// How much medicine stands around a word. "Positive", "stroke" and "A1" mean one thing in a note and another in a letter from a garage: the
// words about them decide. One pass over the lexicon's hits, then each question is two look-ups.
import { plainness } from './everyday.ts';
import { type LexiconList, type ListSet, listBit } from './lexicon.ts';
import { around, type Tally } from './tally.ts';
import type { Words } from './words.ts';

/** Words to each side that keep company. */
export const REACH = 30;

/** What a hit of a list is worth to its neighbours. */
const WORTH: readonly (readonly [LexiconList, number])[] = [
  ['condition', 1],
  ['drug', 1],
  ['procedure', 1],
  ['hiv', 1],
  ['genetics', 0.5],
  ['symptom', 0.8],
  ['test', 0.8],
  ['substance-use', 0.6],
  ['mental-health', 0.6],
  ['reproductive-health', 0.6],
  ['device', 0.5],
  ['clinical-word', 0.5],
  ['anatomy', 0.4],
  ['facility', 0.3],
  ['care', 0.3],
  ['patient-word', 0.3],
];
const BITS: readonly ListSet[] = WORTH.map(([list]) => listBit(list));
const WORTHS: readonly number[] = WORTH.map(([, worth]) => worth);

export const HEALTH_LISTS: ListSet = BITS.reduce((set, bit) => set | bit, 0);

/** Words that only notes of care have, whatever the lexicon holds. */
export const NOTE_WORDS: ReadonlySet<string> = new Set(
  'patient pt pts mrn hx dx rx tx sx yo y/o bid tid qid qhs qday prn po mcg mmhg spo2 vitals ekg ecg nkda a1c'.split(' '),
);

export interface Company {
  /** Health around a word, that word and its repetitions apart: 0 none, 1 one clear word or some weak ones, 3 a note. */
  around(word: number): number;
}

export function companyOf(tally: Tally): Company {
  return { around: (word) => around(tally, word, REACH) };
}

/** What a hit is worth to its neighbours. */
export function companyWorth(words: Words, word: number, count: number, lists: ListSet): number {
  const worth = worthOf(lists);
  return worth === 0 ? 0 : worth * (0.15 + 0.85 * plainness(words, word, count));
}

function worthOf(lists: ListSet): number {
  if ((lists & HEALTH_LISTS) === 0) return 0;
  for (let i = 0; i < WORTHS.length; i++) if ((lists & (BITS[i] ?? 0)) !== 0) return WORTHS[i] ?? 0;
  return 0;
}

/** Doubt left after evidence: one half of it for each unit of company. */
export function raised(confidence: number, company: number): number {
  return confidence >= 0.95 ? 0.95 : 0.95 - (0.95 - confidence) * 2 ** -company;
}
