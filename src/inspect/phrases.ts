// Words and phrases of administrators, found in one walk over the words of a passage, however many there are.
import { lowerAt, lowerWords, type Words, wordHash, wordsOf } from './words.ts';

export interface PhraseHit {
  /** What the phrase belongs to. */
  readonly owner: number;
  readonly at: number;
  readonly end: number;
}

interface Phrase {
  readonly owner: number;
  readonly rest: readonly string[];
}

export interface Phrases {
  /** By first word, the longest first. */
  readonly byFirst: ReadonlyMap<string, readonly Phrase[]>;
  /** A bit for each hash of a first word: most words of a text are not looked up. */
  readonly filter: Uint8Array;
}

const FILTER_BITS = 1 << 19;

/** @param lists phrases of each owner */
export function phrasesOf(lists: readonly (readonly string[])[]): Phrases {
  const byFirst = new Map<string, Phrase[]>();
  const filter = new Uint8Array(FILTER_BITS / 8);
  for (const [owner, list] of lists.entries()) {
    for (const text of list) {
      const [first, ...rest] = lowerWords(wordsOf(text));
      if (first === undefined) continue;
      const known = byFirst.get(first);
      if (known === undefined) byFirst.set(first, [{ owner, rest }]);
      else known.push({ owner, rest });
      const bit = bitOf(wordHash(first));
      filter[bit >> 3] = (filter[bit >> 3] ?? 0) | (1 << (bit & 7));
    }
  }
  for (const phrases of byFirst.values()) phrases.sort((a, b) => b.rest.length - a.rest.length);
  return { byFirst, filter };
}

/** In order. Of one owner only the longest phrase that begins at a word. */
export function* phrasesIn({ byFirst, filter }: Phrases, words: Words): Generator<PhraseHit> {
  if (byFirst.size === 0) return;
  const { count, starts, ends } = words;
  for (let word = 0; word < count; word++) {
    const lower = lowerAt(words, word);
    const bit = bitOf(wordHash(lower));
    if (((filter[bit >> 3] ?? 0) & (1 << (bit & 7))) === 0) continue;
    const phrases = byFirst.get(lower);
    if (phrases === undefined) continue;
    const owners = new Set<number>();
    for (const { owner, rest } of phrases) {
      if (owners.has(owner) || !rest.every((one, i) => lowerAt(words, word + 1 + i) === one)) continue;
      owners.add(owner);
      yield { owner, at: starts[word] ?? 0, end: ends[word + rest.length] ?? 0 };
    }
  }
}

function bitOf(hash: number): number {
  return (hash ^ (hash >>> 15)) & (FILTER_BITS - 1);
}
