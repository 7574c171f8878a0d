// Of whom a text speaks: of one person ("your A1c is 9.2", "58-year-old male", "she reports"), or of nobody in particular (abstracts,
// advice, newsletters, guidelines). Health counts only where it is somebody's. One pass collects signs, each question is a few look-ups.
import { SIGN_LISTS, signAt } from './generality-signs.ts';
import { listsAt } from './lexicon.ts';
import type { Passage } from './passage.ts';
import { below } from './tally.ts';
import { SIGN } from './word-traits.ts';
import { DIGITS } from './words.ts';

/** What a sign speaks for. 'second' is one person too: the reader. */
export type Voice = 'one' | 'second' | 'nobody';

export interface Sign {
  readonly at: number;
  readonly voice: Voice;
  readonly weight: number;
  readonly code: string;
}

export interface Judgement {
  /** From 0 to 1. */
  readonly score: number;
  /** Codes of the signs, each once. */
  readonly signs: readonly string[];
}

export interface Generality {
  readonly signs: readonly Sign[];
  /** Offsets in the passage's text; each answer from 0 to 1. */
  onePerson(from: number, to: number): number;
  secondPerson(from: number, to: number): number;
  nobody(from: number, to: number): number;
  /** One person by age and sex. */
  described(from: number, to: number): number;
  /** That it speaks of an animal, which has a name too, and kidneys. */
  animal(from: number, to: number): number;
  /** That who writes speaks of herself. */
  mine(from: number, to: number): number;
}

/** What a whole passage is (an abstract, a newsletter) counts in each of its windows, but less than what stands there. */
const GENRE = 0.35;
/** So much text makes a genre. */
const GENRE_TEXT = 400;

export function generalityOf(passage: Passage): Generality {
  const signs = signsOf(passage);
  const sums = sumsOf(signs);
  const [one, second, nobody] = [sums('one'), sums('second'), sums('nobody')];
  const [aged, animal, mine] = [sums('age'), sums('animal'), sums('mine')];
  const genre = (nobody(0, passage.text.length) / Math.max(GENRE_TEXT, passage.text.length)) * 1000;
  return {
    signs,
    onePerson: (from, to) => scored(one(from, to)),
    secondPerson: (from, to) => scored(1.5 * second(from, to)),
    nobody: (from, to) => scored(nobody(from, to) + GENRE * Math.min(4, genre)),
    described: (from, to) => scored(aged(from, to)),
    animal: (from, to) => scored(animal(from, to)),
    mine: (from, to) => scored(2 * mine(from, to)),
  };
}

/** How much a stretch speaks of one person, the reader or another, and by which signs. */
export function aboutOnePerson(passage: Passage, from: number, to: number): Judgement {
  const generality = generalityOf(passage);
  return { score: generality.onePerson(from, to), signs: codesOf(generality.signs, from, to, (voice) => voice !== 'nobody') };
}

/** How much a stretch speaks of nobody in particular, and by which signs. */
export function aboutNobody(passage: Passage, from: number, to: number): Judgement {
  const generality = generalityOf(passage);
  return { score: generality.nobody(from, to), signs: codesOf(generality.signs, from, to, (voice) => voice === 'nobody') };
}

/** In order. */
function signsOf(passage: Passage): readonly Sign[] {
  const signs: Sign[] = [];
  const { words } = passage;
  const { count, made, starts, traits } = words;
  for (let word = 0; word < count; word++) {
    const listed = (listsAt(words, word) & SIGN_LISTS) !== 0;
    if (!listed && ((traits[word] ?? 0) & SIGN) === 0 && (made[word] ?? 0) < DIGITS) continue;
    const found = signAt(passage, word);
    if (found !== null) signs.push({ at: starts[word] ?? 0, ...found });
  }
  return signs;
}

type Summed = Voice | 'age' | 'animal' | 'mine';

/** By what is summed: the sum of the weights of such signs between two offsets, added up when first asked. 'second' is 'one' too. */
function sumsOf(signs: readonly Sign[]): (of: Summed) => (from: number, to: number) => number {
  const at: number[] = [];
  for (const sign of signs) at.push(sign.at);
  return (of) => {
    let sums: readonly number[] | null = null;
    return (from, to) => {
      sums ??= summed(signs, of);
      return sums.length === 0 ? 0 : (sums[below(at, to)] ?? 0) - (sums[below(at, from)] ?? 0);
    };
  };
}

/** Before each sign and after the last; empty where none is of it. */
function summed(signs: readonly Sign[], of: Summed): readonly number[] {
  const sums = [0];
  let sum = 0;
  for (const { voice, code, weight } of signs) {
    if (voice === of || code === of || (of === 'one' && voice === 'second')) sum += weight;
    sums.push(sum);
  }
  return sum === 0 ? [] : sums;
}

/** Half of the doubt goes with each whole sign. */
function scored(sum: number): number {
  return 1 - 2 ** -Math.max(0, sum);
}

function codesOf(signs: readonly Sign[], from: number, to: number, isOf: (voice: Voice) => boolean): readonly string[] {
  return [...new Set(signs.filter(({ at, voice }) => at >= from && at < to && isOf(voice)).map(({ code }) => code))];
}
