// Phrases of the lexicon by their first two words: most words that may begin one are turned away by the word behind them.
import { lowerAt, type Words } from './words.ts';

export interface LexiconPhrase {
  /** Behind the first word. */
  readonly rest: readonly string[];
  /** Set of lists (lexicon.ts). */
  readonly lists: number;
}

export interface PhraseTable {
  /** Bits of all pairs by their hash: it stays in the cache, and tells most pairs that are none. */
  readonly filter: Int32Array;
  /** In open addressing, FIELDS for each pair: numbers of its words, and from 1 the place of its phrases in `begun`. */
  readonly slots: Int32Array;
  /** Of each pair: the longest first. */
  readonly begun: readonly (readonly LexiconPhrase[])[];
}

const FIELDS = 3;
const FIRST_PRIME = 0x9e3779b1;
const SECOND_PRIME = 0x85ebca6b;
/** The upper bits of a hash are a place in the filter, the next five a bit there. */
const FILTER_SHIFT = 19;
const BIT_SHIFT = 14;

/** @param phrases with the numbers of their first two words in a vocabulary */
export function phraseTableOf(
  phrases: readonly { readonly first: number; readonly second: number; readonly phrase: LexiconPhrase }[],
): PhraseTable {
  const pairs = Map.groupBy(phrases, ({ first, second }) => `${String(first)} ${String(second)}`);
  const slots = new Int32Array(FIELDS * 2 ** Math.ceil(Math.log2(2 * pairs.size + 2)));
  const filter = new Int32Array(2 ** (32 - FILTER_SHIFT));
  const begun: (readonly LexiconPhrase[])[] = [];
  for (const alike of pairs.values()) {
    begun.push(alike.map(({ phrase }) => phrase).sort((a, b) => b.rest.length - a.rest.length));
    const { first = 0, second = 0 } = alike[0] ?? {};
    slots.set([first, second, begun.length], slotOf(slots, first, second));
    const hash = hashOf(first, second);
    filter[hash >>> FILTER_SHIFT] = (filter[hash >>> FILTER_SHIFT] ?? 0) | (1 << (hash >>> BIT_SHIFT));
  }
  return { filter, slots, begun };
}

function hashOf(first: number, second: number): number {
  const hash = Math.imul(first, FIRST_PRIME) ^ Math.imul(second, SECOND_PRIME);
  return Math.imul(hash ^ (hash >>> 15), SECOND_PRIME);
}

/** Where a pair stands, or would. */
function slotOf(slots: Int32Array, first: number, second: number): number {
  const mask = slots.length / FIELDS - 1;
  const hash = hashOf(first, second);
  for (let slot = (hash ^ (hash >>> 15)) & mask; ; slot = (slot + 1) & mask) {
    const at = FIELDS * slot;
    if (slots[at + 2] === 0 || (slots[at] === first && slots[at + 1] === second)) return at;
  }
}

/** The longest phrase that begins at a word, or null. @param first number of the word, as lists have it */
export function phraseFrom({ filter, slots, begun }: PhraseTable, words: Words, word: number, first: number): LexiconPhrase | null {
  const second = words.known[word + 1] ?? 0;
  const hash = hashOf(first, second);
  if ((((filter[hash >>> FILTER_SHIFT] ?? 0) >>> (hash >>> BIT_SHIFT)) & 1) === 0) return null;
  const place = slots[slotOf(slots, first, second) + 2] ?? 0;
  if (place === 0) return null;
  for (const phrase of begun[place - 1] ?? []) if (follows(phrase.rest, words, word)) return phrase;
  return null;
}

/** The second word is known to. */
function follows(rest: readonly string[], words: Words, word: number): boolean {
  for (let i = 1; i < rest.length; i++) if (lowerAt(words, word + 1 + i) !== rest[i]) return false;
  return true;
}
