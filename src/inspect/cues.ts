// The cues of a passage: words that speak for care or against it, alone (cue-words.ts) or by what follows them.
import { CUE_PHRASES } from './cue-phrases.ts';
import { CUE_WORTHS } from './cue-words.ts';
import type { Passage } from './passage.ts';

export interface Cue {
  /** Number of the word. */
  readonly at: number;
  /** What is told once, however often it stands there. */
  readonly word: string;
  readonly worth: number;
}

/** In order. */
export function cuesOf({ text, words, health }: Passage): readonly Cue[] {
  const cues: Cue[] = [];
  for (const at of health.wordsOf('cue')) {
    const word = words.lower[at] ?? '';
    const phrase = CUE_PHRASES.get(word);
    const after = phrase === undefined ? '' : text.slice(words.ends[at], (words.ends[at] ?? 0) + 40);
    const told = phrase?.find(({ follows }) => follows.test(after));
    const worth = told?.worth ?? CUE_WORTHS.get(word) ?? 0;
    if (worth !== 0) cues.push({ at, word: told === undefined ? word : `${word} ${worth}`, worth });
  }
  return cues;
}
