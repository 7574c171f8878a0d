// What a lexicon finds in a text, one after another.
import { type Lexicon, lengthAt, listsAt, lookUp } from '../../src/inspect/lexicon.ts';
import { wordsOf } from '../../src/inspect/words.ts';

export interface Hit {
  readonly word: number;
  readonly words: number;
  readonly lists: number;
}

export function hitsIn(text: string, lexicon: Lexicon): readonly Hit[] {
  const words = wordsOf(text, lexicon);
  lookUp(lexicon, words);
  const hits = Array.from({ length: words.count }, (_, word) => ({ word, words: lengthAt(words, word), lists: listsAt(words, word) }));
  return hits.filter(({ lists }) => lists !== 0);
}
