// What detectors of listed things have in common: a hit of their lists, weighed by how plain its words are and what stands around them.
import type { HealthKind, Label } from '../mail/finding.ts';
import { raised } from './company.ts';
import type { Candidate } from './detector.ts';
import { isFigure, plainness } from './everyday.ts';
import { labelsOf } from './labels.ts';
import { lengthAt, type ListSet, listsAt } from './lexicon.ts';
import { wordsAsValue } from './near.ts';
import type { Passage } from './passage.ts';
import type { Words } from './words.ts';

/** Below it nothing is told: single weak words say nothing. */
export const LEAST_CONFIDENCE = 0.3;

/** How sure a hit is by itself and its company: plain words by half of the doubt, everyday ones only among others. */
export function confidenceOf({ words, text, health }: Passage, word: number, base: number): number {
  const count = lengthAt(words, word);
  const plain = plainness(words, word, count);
  const near = health.company.around(word);
  if (plain > 0 && plain < 1 && isFigure(textAround(text, words, word, count))) return 0;
  if (plain > 0) return raised(base * plain, plain < 1 ? near : near / 3);
  if (near < 0.7) return 0;
  const start = words.starts[word] ?? 0;
  const written = text.slice(start, words.ends[word] ?? start);
  // An abbreviation in capitals among words of medicine is one of them: MS, RA, MI.
  return written.length <= 4 && written === written.toUpperCase() ? raised(0.5, near / 1.5) : raised(0.2, (near - 0.7) / 2);
}

function textAround(text: string, { starts, ends }: Words, word: number, count: number): string {
  return text.slice(Math.max(0, (starts[word] ?? 0) - 20), (ends[word + count - 1] ?? 0) + 20).toLowerCase();
}

export function healthCandidate(
  passage: Passage,
  kind: HealthKind,
  word: number,
  count: number,
  how: { readonly confidence: number; readonly reason: string; readonly labels?: readonly Label[] },
): Candidate {
  const { confidence, reason, labels = [] } = how;
  const { starts, ends } = passage.words;
  const at = starts[word] ?? 0;
  return {
    axis: 'health',
    kind,
    at,
    length: (ends[word + count - 1] ?? at) - at,
    confidence,
    role: null,
    reason,
    value: wordsAsValue(passage.words, word, count),
    labels,
  };
}

/** Tells what begins at a word that a list holds. */
export function tellListed(
  passage: Passage,
  kind: HealthKind,
  word: number,
  { confidence, reason = 'in-list' }: { readonly confidence: number; readonly reason?: string },
  add: (candidate: Candidate) => void,
): void {
  if (confidence < LEAST_CONFIDENCE) return;
  const { words } = passage;
  add(healthCandidate(passage, kind, word, lengthAt(words, word), { confidence, reason, labels: labelsOf(listsAt(words, word)) }));
}

/** Tells what is held by some lists, of which each has how sure it is by itself. */
export function listedHits(
  passage: Passage,
  kind: HealthKind,
  lists: readonly (readonly [ListSet, number])[],
  add: (candidate: Candidate) => void,
): void {
  const any = lists.reduce((all, [list]) => all | list, 0);
  for (const word of passage.health.hits) {
    const held = listsAt(passage.words, word);
    if ((held & any) === 0) continue;
    for (const [list, base] of lists) {
      if ((held & list) === 0) continue;
      tellListed(passage, kind, word, { confidence: confidenceOf(passage, word, base) }, add);
      break;
    }
  }
}
