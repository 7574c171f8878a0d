// The cues of a passage: words that speak for care or against it, alone (cue-words.ts) or by what follows them; and what the lists know besides.
import { CUE_PHRASES } from './cue-phrases.ts';
import { CUE_WORTHS } from './cue-words.ts';
import { DEALING_WORTHS } from './dealing-words.ts';
import { lengthAt, listBit, listsAt, type ListSet } from './lexicon.ts';
import { wordsAsValue } from './near.ts';
import type { Passage } from './passage.ts';
import { lowerAt } from './words.ts';

export interface Cue {
  /** Number of the word. */
  readonly at: number;
  /** What is told once, however often it stands there. */
  readonly word: string;
  readonly worth: number;
  /** What it is worth besides, where a house of care writes to somebody at home (dealing-words.ts). */
  readonly dealing: number;
}

/** What a word is worth that has no worth of its own: by its list, the first that holds it. */
const BY_LIST: readonly (readonly [lists: ListSet, worth: number])[] = [
  [listBit('common-word') | listBit('first-name') | listBit('surname') | listBit('state') | listBit('month') | listBit('street-word'), 0],
  [listBit('condition') | listBit('drug'), 0.9],
  [listBit('procedure') | listBit('symptom'), 0.8],
  [listBit('test') | listBit('device'), 0.7],
  [listBit('anatomy'), 0.6],
  [listBit('clinical-word'), 0.5],
];
const TOLD: ListSet = BY_LIST.reduce((set, [lists, worth]) => (worth === 0 ? set : set | lists), 0);

/** In order. */
export function cuesOf({ text, words, health }: Passage): readonly Cue[] {
  const cues: Cue[] = [];
  let next = 0;
  /** Those of the lists before a word, and whether a longer one holds it. */
  const listedBefore = (word: number): void => {
    for (let hit = health.hits[next]; hit !== undefined && hit < word; hit = health.hits[++next]) {
      const held = listsAt(words, hit);
      const worth = (held & TOLD) === 0 ? 0 : listWorth(held);
      if (worth !== 0) cues.push({ at: hit, word: wordsAsValue(words, hit, lengthAt(words, hit)), worth, dealing: 0 });
    }
  };
  for (const at of health.wordsOf('cue')) {
    listedBefore(at);
    const word = lowerAt(words, at);
    const phrase = CUE_PHRASES.get(word);
    const after = phrase === undefined ? '' : text.slice(words.ends[at], (words.ends[at] ?? 0) + 40);
    const told = phrase?.find(({ follows }) => follows.test(after));
    const worth = told?.worth ?? CUE_WORTHS.get(word) ?? 0;
    // One worth for a word: its own goes first.
    if (worth !== 0 && health.hits[next] === at && lengthAt(words, at) === 1) next++;
    const dealing = DEALING_WORTHS.get(word) ?? 0;
    if (worth !== 0 || dealing !== 0) cues.push({ at, word: told === undefined ? word : `${word} ${worth}`, worth, dealing });
  }
  listedBefore(words.count);
  return cues;
}

function listWorth(lists: ListSet): number {
  return BY_LIST.find(([some]) => (lists & some) !== 0)?.[1] ?? 0;
}
