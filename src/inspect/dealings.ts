// Bills, days, papers and things: what a house of care has to do with somebody at home (dealing-words.ts), added up for a letter.
import type { Correspondents } from './correspondents.ts';
import type { Cue } from './cues.ts';
import { MOST_DEALINGS } from './dealing-words.ts';

/** By its address, or as configured. */
const HOUSE_OF_CARE = 1.5;
/** A reader's share where she reads for her house. */
const FOR_HER_HOUSE = 0.1;
/** So much of trade, staff or events in the same lines, and it is no matter of care that is dealt with. */
const NO_DEALINGS = 2;
/** Less is only what is arranged around it. */
const DEALT_WITH = 0.8;
const MUCH_ARRANGED = 1.5;

/** A house of care, and somebody who reads for herself. */
export function dealsAtHome({ sender, share }: Pick<Correspondents, 'sender' | 'share'>): boolean {
  return sender >= HOUSE_OF_CARE && share > FOR_HER_HOUSE;
}

/** What such a house has to do with her, each word once. */
export function dealingsOf(cues: readonly Cue[]): number {
  const told = [...new Map(cues.map((cue) => [cue.word, cue])).values()];
  const against = told.reduce((sum, { worth, dealing }) => (dealing === 0 ? sum + Math.min(0, worth) : sum), 0);
  const all = told.reduce((sum, { dealing }) => sum + dealing, 0);
  // A day or a call alone is anybody's: something has to be dealt with, or much arranged.
  if (all < MUCH_ARRANGED && !told.some(({ dealing }) => dealing >= DEALT_WITH)) return 0;
  return Math.min(MOST_DEALINGS, all) * Math.max(0, 1 + against / NO_DEALINGS);
}
