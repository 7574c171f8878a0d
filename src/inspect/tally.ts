// Words that count for their neighbours, added up as a text is read: what stands around a word is then one search and a few steps.
import { lowerAt, type Words } from './words.ts';

export interface Tally {
  /** The same word again within so many words adds nothing. */
  readonly reach: number;
  /** Numbers of the words that count, in order; and the sum of their worths before each of them and after the last. */
  readonly words: number[];
  readonly sums: number[];
  /** All that were told, with those that repeat: number of the word, and of what it is. */
  readonly seen: number[];
  readonly kinds: number[];
}

export function tallyOf(reach: number): Tally {
  return { reach, words: [], sums: [0], seen: [], kinds: [] };
}

/** @param kind what repeats: the number of the word in the vocabulary, below 0 for one that is in none, which is told by its letters */
export function tell(tally: Tally, read: Words, word: number, kind: number, worth: number): void {
  if (worth === 0) return;
  const { words, sums, seen, kinds } = tally;
  const repeated = isRepeated(tally, read, word, kind);
  seen.push(word);
  kinds.push(kind);
  if (repeated) return;
  words.push(word);
  sums.push((sums[sums.length - 1] ?? 0) + worth);
}

function isRepeated({ reach, seen, kinds }: Tally, read: Words, word: number, kind: number): boolean {
  for (let i = seen.length - 1; i >= 0; i--) {
    const before = seen[i] ?? 0;
    if (word - before > reach) return false;
    if (kinds[i] === kind || (kind < 0 && (kinds[i] ?? 0) < 0 && lowerAt(read, before) === lowerAt(read, word))) return true;
  }
  return false;
}

/** The sum within so many words to each side, the word itself apart. */
export function around({ words, sums }: Tally, word: number, reach: number): number {
  const first = below(words, word - reach);
  let before = first;
  while ((words[before] ?? Infinity) < word) before++;
  const behind = words[before] === word ? before + 1 : before;
  let last = behind;
  while ((words[last] ?? Infinity) <= word + reach) last++;
  return (sums[last] ?? 0) - (sums[behind] ?? 0) + ((sums[before] ?? 0) - (sums[first] ?? 0));
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
