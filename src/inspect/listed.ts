// What detectors of listed things have in common: a hit of their lists, weighed by how plain its words are and what stands around them.
import type { HealthKind, Label } from '../mail/finding.ts';
import { type Company, companyOf, raised } from './company.ts';
import type { Candidate } from './detector.ts';
import { plainness } from './everyday.ts';
import { labelsOf } from './labels.ts';
import type { LexiconHit, ListSet } from './lexicon.ts';
import { spanOfWords, wordsAsValue } from './near.ts';
import type { Passage } from './passage.ts';

/** Below it nothing is told: single weak words say nothing. */
export const LEAST_CONFIDENCE = 0.3;

export interface Heard {
  readonly word: number;
  /** The hit at this word, where a list of ours holds it. */
  readonly hit: LexiconHit | undefined;
  /** The word is covered by some hit of any list. */
  readonly known: boolean;
}

/** Every word in order, with the hit that begins there. */
export function eachWord(passage: Passage, hear: (word: number, hit: LexiconHit | undefined, known: boolean) => void): void {
  const { hits, words } = passage;
  let next = 0;
  let covered = 0;
  for (let word = 0; word < words.count; word++) {
    const hit = hits[next];
    if (hit?.word === word) {
      next++;
      covered = word + hit.words;
      hear(word, hit, true);
    } else hear(word, undefined, word < covered);
  }
}

/** How sure a hit is by itself and its company: plain words by half of the doubt, everyday ones only among others. */
export function confidenceOf(passage: Passage, hit: LexiconHit, base: number, company: Company): number {
  const plain = plainness(passage.words.lower, hit.word, hit.words);
  const near = company.around(hit.word);
  if (plain === 0) return near < 1 ? 0 : raised(0.2, (near - 1) / 2);
  return raised(base * plain, plain < 1 ? near / 2 : near / 3);
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

/** Tells the hits of some lists; returns their company for what else the detector looks at. */
export function listedHits(
  passage: Passage,
  kind: HealthKind,
  lists: readonly (readonly [ListSet, number])[],
  add: (candidate: Candidate) => void,
): Company {
  const company = companyOf(passage);
  for (const hit of passage.hits) {
    for (const [list, base] of lists) {
      if ((hit.lists & list) === 0) continue;
      const confidence = confidenceOf(passage, hit, base, company);
      if (confidence >= LEAST_CONFIDENCE)
        add(healthCandidate(passage, kind, hit.word, hit.words, { confidence, reason: 'in-list', labels: labelsOf(hit.lists) }));
      break;
    }
  }
  return company;
}
