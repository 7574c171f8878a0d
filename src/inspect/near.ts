// Where words stand in the text, and what of it is near them.
import { lowerAt, type Words } from './words.ts';

/** Offset and length of some words in a row. */
export function spanOfWords({ starts, ends }: Words, from: number, count: number): { readonly at: number; readonly length: number } {
  const at = starts[from] ?? 0;
  return { at, length: (ends[from + count - 1] ?? at) - at };
}

/** Number of the first word that begins at an offset or behind it; by halving. */
export function wordFrom({ starts, count }: Words, at: number): number {
  let low = 0;
  for (let high = count; low < high;) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Some words in a row, in lower case, one space between. */
export function wordsAsValue(words: Words, from: number, count: number): string {
  let value = lowerAt(words, from);
  for (let word = from + 1; word < Math.min(from + count, words.count); word++) value += ` ${lowerAt(words, word)}`;
  return value;
}

/** Text after a word, at most so many code units, not past the end of its paragraph. */
export function textAfter(text: string, at: number, length: number): string {
  const after = text.slice(at, at + length);
  const gap = after.indexOf('\n\n');
  return gap < 0 ? after : after.slice(0, gap);
}

/** Text from the beginning of the line to a place, at most so many code units. */
export function textBefore(text: string, at: number, length: number): string {
  // Only so much is looked at: a text can be one line.
  const before = text.slice(Math.max(0, at - length), at);
  return before.slice(before.lastIndexOf('\n') + 1);
}
