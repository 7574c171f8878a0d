// What detectors find in a text, with the real lists.
import { loadLexicon } from '../../src/daemon/lexicons.ts';
import type { Candidate, Detector } from '../../src/inspect/detector.ts';
import { type Passage, passagesOf } from '../../src/inspect/passage.ts';
import { NOBODY } from './nobody.ts';

const LEXICON = loadLexicon();

export function passagesOfText(text: string): readonly Passage[] {
  return passagesOf([{ part: '1', place: { area: 'text' }, text, marks: [] }], LEXICON);
}

export function candidatesOf(text: string, detectors: readonly Detector[]): readonly Candidate[] {
  const found: Candidate[] = [];
  for (const passage of passagesOfText(text)) for (const detector of detectors) detector.detect(passage, NOBODY, (one) => found.push(one));
  return found;
}
