// The cues of a passage: words that speak for care or against it, alone (cue-words.ts) or by what follows them; and what the lists know besides.
import { beginningOf, CUE_PHRASES, type CuePhrase } from './cue-phrases.ts';
import { lengthAt, listBit, listsAt, type ListSet } from './lexicon.ts';
import { wordsAsValue } from './near.ts';
import type { Passage } from './passage.ts';
import { lowerAt, type Words } from './words.ts';

export interface Cue {
  /** Number of the word. */
  readonly at: number;
  /** Of the word in the vocabulary; 0 for a phrase, and for words of none. */
  readonly number: number;
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
export function cuesOf({ text, words, health, lexicon }: Passage): readonly Cue[] {
  const cues: Cue[] = [];
  const { known } = words;
  const { hits } = health;
  let next = 0;
  for (const at of health.wordsOf('cue')) {
    next = tellListed(cues, words, hits, next, at);
    const number = known[at] ?? 0;
    const phrase = phraseAfter(text, words, at, lexicon.cueBeginnings[number] ?? 0);
    const worth = phrase?.worth ?? lexicon.cueWorths[number] ?? 0;
    // One worth for a word: its own goes first.
    if (worth !== 0 && hits[next] === at && lengthAt(words, at) === 1) next++;
    const dealing = lexicon.dealingWorths[number] ?? 0;
    if (worth === 0 && dealing === 0) continue;
    const word = lowerAt(words, at);
    cues.push(phrase === null ? { at, number, word, worth, dealing } : { at, number: 0, word: `${word} ${worth}`, worth, dealing });
  }
  tellListed(cues, words, hits, next, words.count);
  return cues;
}

/** Those of the lists before a word. @returns the next of the hits */
function tellListed(cues: Cue[], words: Words, hits: readonly number[], from: number, before: number): number {
  let next = from;
  for (let at = hits[next]; at !== undefined && at < before; at = hits[++next]) {
    const held = listsAt(words, at);
    const worth = (held & TOLD) === 0 ? 0 : listWorth(held);
    if (worth === 0) continue;
    const length = lengthAt(words, at);
    cues.push({
      at,
      number: length === 1 ? Math.max(0, words.known[at] ?? 0) : 0,
      word: wordsAsValue(words, at, length),
      worth,
      dealing: 0,
    });
  }
  return next;
}

/** @param beginnings what the next word of a phrase may begin with: most cues are told by it to be no phrase */
function phraseAfter(text: string, words: Words, at: number, beginnings: number): CuePhrase | null {
  if (beginnings === 0) return null;
  const begins = beginningOf(words.codes[words.starts[at + 1] ?? text.length] ?? 0);
  if ((begins & beginnings) === 0) return null;
  const end = words.ends[at] ?? 0;
  const after = text.slice(end, end + 40);
  for (const phrase of CUE_PHRASES.get(lowerAt(words, at)) ?? [])
    if ((phrase.begins & begins) !== 0 && phrase.follows.test(after)) return phrase;
  return null;
}

/** Whether two are told once. */
export function isSameCue(one: Cue, other: Cue): boolean {
  return one.number === other.number && (one.number !== 0 || one.word === other.word);
}

function listWorth(lists: ListSet): number {
  for (const [some, worth] of BY_LIST) if ((lists & some) !== 0) return worth;
  return 0;
}
