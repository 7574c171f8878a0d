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
  /** In open addressing, FIELDS for each pair: numbers of its words, lists of the two alone, and from 1 the place of what is longer. */
  readonly slots: Int32Array;
  /** Phrases of more than two words, by pair: the longest first. */
  readonly longer: readonly (readonly LexiconPhrase[])[];
}

const FIELDS = 4;
const SECOND = 1;
const LISTS = 2;
const LONGER = 3;
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
  const longer: (readonly LexiconPhrase[])[] = [];
  for (const alike of pairs.values()) {
    const all = alike.map(({ phrase }) => phrase).sort((a, b) => b.rest.length - a.rest.length);
    const alone = all.find(({ rest }) => rest.length === 1)?.lists ?? 0;
    const more = all.filter(({ rest }) => rest.length > 1);
    const { first = 0, second = 0 } = alike[0] ?? {};
    slots.set([first, second, alone, more.length === 0 ? 0 : longer.push(more)], slotOf(slots, first, second));
    const hash = hashOf(first, second);
    filter[hash >>> FILTER_SHIFT] = (filter[hash >>> FILTER_SHIFT] ?? 0) | (1 << (hash >>> BIT_SHIFT));
  }
  return { filter, slots, longer };
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
    if (isFree(slots, at) || (slots[at] === first && slots[at + SECOND] === second)) return at;
  }
}

/** No phrase has a word without a number. */
function isFree(slots: Int32Array, at: number): boolean {
  return slots[at] === 0;
}

/** Where the pair of a word and the next one stands in `slots`; below 0 where no phrase begins so. @param first number of the word, as lists have it */
export function pairAt({ filter, slots }: PhraseTable, first: number, second: number): number {
  const hash = hashOf(first, second);
  if ((((filter[hash >>> FILTER_SHIFT] ?? 0) >>> (hash >>> BIT_SHIFT)) & 1) === 0) return -1;
  const at = slotOf(slots, first, second);
  return isFree(slots, at) ? -1 : at;
}

/** Lists of the pair alone. */
export function pairLists({ slots }: PhraseTable, pair: number): number {
  return slots[pair + LISTS] ?? 0;
}

/** The longest phrase of more than two words that begins with a pair, or null. */
export function longerPhrase({ slots, longer }: PhraseTable, pair: number, words: Words, word: number): LexiconPhrase | null {
  const place = slots[pair + LONGER] ?? 0;
  if (place === 0) return null;
  for (const phrase of longer[place - 1] ?? []) if (follows(phrase.rest, words, word)) return phrase;
  return null;
}

/** The second word is known to. */
function follows(rest: readonly string[], words: Words, word: number): boolean {
  for (let i = 1; i < rest.length; i++) if (lowerAt(words, word + 1 + i) !== rest[i]) return false;
  return true;
}
