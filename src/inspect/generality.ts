// Of whom a text speaks: of one person ("your A1c is 9.2", "58-year-old male", "she reports"), or of nobody in particular (abstracts,
// advice, newsletters, guidelines). Health counts only where it is somebody's. One pass collects signs, each question is a few look-ups.
import { mayBeAge, SIGN_LISTS, signAt } from './generality-signs.ts';
import type { Passage } from './passage.ts';
import { below } from './tally.ts';
import { SIGN } from './word-traits.ts';
import { LETTERS } from './words.ts';

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
  if (signs.length === 0) return OF_NOBODY;
  const sums = sumsOf(signs);
  const genre = (between(sums.nobody, 0, passage.text.length) / Math.max(GENRE_TEXT, passage.text.length)) * 1000;
  return {
    signs,
    onePerson: (from, to) => scored(between(sums.one, from, to)),
    secondPerson: (from, to) => scored(1.5 * between(sums.second, from, to)),
    nobody: (from, to) => scored(between(sums.nobody, from, to) + GENRE * Math.min(4, genre)),
    described: (from, to) => scored(between(sums.age, from, to)),
    animal: (from, to) => scored(between(sums.animal, from, to)),
    mine: (from, to) => scored(2 * between(sums.mine, from, to)),
  };
}

const none = (): number => 0;
const OF_NOBODY: Generality = {
  signs: [],
  onePerson: none,
  secondPerson: none,
  nobody: none,
  described: none,
  animal: none,
  mine: none,
};

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
  const { count, starts, made, traits, lists } = passage.words;
  for (let word = 0; word < count; word++) {
    // Most words are no sign, most numbers no age.
    const may =
      made[word] === LETTERS ? ((traits[word] ?? 0) & SIGN) | ((lists[word] ?? 0) & SIGN_LISTS) : mayBeAge(passage.words, word) ? 1 : 0;
    if (may === 0) continue;
    const found = signAt(passage, word);
    if (found !== null) signs.push({ at: starts[word] ?? 0, voice: found.voice, weight: found.weight, code: found.code });
  }
  return signs;
}

/** Offsets of signs, and the sum of their weights before each and after the last; null where there are none. */
type Sums = { readonly at: number[]; readonly sums: number[] } | null;

/** What is summed: 'second' is 'one' too, and some codes are asked for by themselves. */
function sumsOf(signs: readonly Sign[]): Readonly<Record<Voice | 'age' | 'animal' | 'mine', Sums>> {
  const of: Record<Voice | 'age' | 'animal' | 'mine', Sums> = {
    one: null,
    second: null,
    nobody: null,
    age: null,
    animal: null,
    mine: null,
  };
  for (const sign of signs) {
    const { voice, code } = sign;
    of[voice] = more(of[voice], sign);
    if (voice === 'second') of.one = more(of.one, sign);
    if (code === 'age' || code === 'animal' || code === 'mine') of[code] = more(of[code], sign);
  }
  return of;
}

function more(before: Sums, { at, weight }: Sign): Sums {
  if (before === null) return { at: [at], sums: [0, weight] };
  before.at.push(at);
  before.sums.push((before.sums[before.sums.length - 1] ?? 0) + weight);
  return before;
}

/** Of the signs between two offsets. */
function between(of: Sums, from: number, to: number): number {
  return of === null ? 0 : (of.sums[below(of.at, to)] ?? 0) - (of.sums[below(of.at, from)] ?? 0);
}

/** Half of the doubt goes with each whole sign. */
function scored(sum: number): number {
  return sum <= 0 ? 0 : 1 - 2 ** -sum;
}

function codesOf(signs: readonly Sign[], from: number, to: number, isOf: (voice: Voice) => boolean): readonly string[] {
  return [...new Set(signs.filter(({ at, voice }) => at >= from && at < to && isOf(voice)).map(({ code }) => code))];
}
