// What detectors of listed things have in common: a hit of their lists, weighed by how plain its words are and what stands around them.
import type { HealthKind, Label } from '../mail/finding.ts';
import { raised } from './company.ts';
import type { Candidate } from './detector.ts';
import { isFigure, plainness } from './everyday.ts';
import { labelsOf } from './labels.ts';
import type { LexiconHit, ListSet } from './lexicon.ts';
import { spanOfWords, wordsAsValue } from './near.ts';
import type { Passage } from './passage.ts';
import type { Words } from './words.ts';

/** Below it nothing is told: single weak words say nothing. */
export const LEAST_CONFIDENCE = 0.3;

/** How sure a hit is by itself and its company: plain words by half of the doubt, everyday ones only among others. */
export function confidenceOf({ words, text, health }: Passage, hit: LexiconHit, base: number): number {
  const plain = plainness(words, hit.word, hit.words);
  const near = health.company.around(hit.word);
  if (plain > 0 && plain < 1 && isFigure(aroundHit(text, words, hit))) return 0;
  if (plain > 0) return raised(base * plain, plain < 1 ? near : near / 3);
  if (near < 0.7) return 0;
  const start = words.starts[hit.word] ?? 0;
  const written = text.slice(start, words.ends[hit.word] ?? start);
  // An abbreviation in capitals among words of medicine is one of them: MS, RA, MI.
  return written.length <= 4 && written === written.toUpperCase() ? raised(0.5, near / 1.5) : raised(0.2, (near - 0.7) / 2);
}

function aroundHit(text: string, { starts, ends }: Words, { word, words: count }: LexiconHit): string {
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
  return {
    axis: 'health',
    kind,
    ...spanOfWords(passage.words, word, count),
    confidence,
    role: null,
    reason,
    value: wordsAsValue(passage.words, word, count),
    labels,
  };
}

/** Tells the hits of some lists. */
export function listedHits(
  passage: Passage,
  kind: HealthKind,
  lists: readonly (readonly [ListSet, number])[],
  add: (candidate: Candidate) => void,
): void {
  const any = lists.reduce((all, [list]) => all | list, 0);
  for (const hit of passage.health.hits) {
    if ((hit.lists & any) === 0) continue;
    for (const [list, base] of lists) {
      if ((hit.lists & list) === 0) continue;
      const confidence = confidenceOf(passage, hit, base);
      if (confidence >= LEAST_CONFIDENCE)
        add(healthCandidate(passage, kind, hit.word, hit.words, { confidence, reason: 'in-list', labels: labelsOf(hit.lists) }));
      break;
    }
  }
}
