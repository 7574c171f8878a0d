// How much medicine stands around a word. "Positive", "stroke" and "A1" mean one thing in a note and another in a letter from a garage: the
// words about them decide. One pass over the lexicon's hits, then each question is two look-ups.
import { plainness } from './everyday.ts';
import { type LexiconList, type ListSet, listBit } from './lexicon.ts';
import type { Passage } from './passage.ts';

/** Words to each side that keep company. */
const REACH = 30;

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
const WORTHS: readonly (readonly [ListSet, number])[] = WORTH.map(([list, worth]) => [listBit(list), worth]);
const HEALTH: ListSet = WORTHS.reduce((set, [bit]) => set | bit, 0);

/** Words that only notes of care have, whatever the lexicon holds. */
const NOTE_WORDS: ReadonlySet<string> = new Set(
  'patient pt pts mrn hx dx rx tx sx yo y/o bid tid qid qhs qday prn po mg mcg ml bpm mmhg spo2 bp hr rr vitals ekg ecg nkda a1c'.split(
    ' ',
  ),
);

export interface Company {
  /** Health around a word, that word and its repetitions apart: 0 none, 1 one clear word or some weak ones, 3 a note. */
  around(word: number): number;
}

export function companyOf(passage: Passage): Company {
  const { hits, words } = passage;
  const at: number[] = [];
  const sums: number[] = [0];
  const seen = new Map<string, number>();
  let sum = 0;
  for (const hit of hits) {
    if ((hit.lists & HEALTH) === 0) continue;
    const first = words.lower[hit.word] ?? '';
    const before = seen.get(first);
    seen.set(first, hit.word);
    if (before !== undefined && hit.word - before <= REACH) continue;
    sum += worthOf(hit.lists) * (NOTE_WORDS.has(first) ? 1 : 0.15 + 0.85 * plainness(words.lower, hit.word, hit.words));
    at.push(hit.word);
    sums.push(sum);
  }
  const upTo = (word: number): number => sums[below(at, word)] ?? 0;
  return {
    around: (word) => upTo(word + REACH + 1) - upTo(word + 1) + (upTo(word) - upTo(word - REACH)),
  };
}

function worthOf(lists: ListSet): number {
  for (const [bit, worth] of WORTHS) if ((lists & bit) !== 0) return worth;
  return 0;
}

/** How many of the numbers, in order, are below a limit. */
export function below(sorted: readonly number[], limit: number): number {
  let low = 0;
  for (let high = sorted.length; low < high;) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Doubt left after evidence: one half of it for each unit of company. */
export function raised(confidence: number, company: number): number {
  return confidence >= 0.95 ? confidence : 0.95 - (0.95 - confidence) * 2 ** -company;
}
