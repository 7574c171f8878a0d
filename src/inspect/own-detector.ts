// The detector of own rules: patterns and dictionaries of administrators, weighed with the words near them, their validators, how many
// different values there are, and exceptions.
import type { Candidate, Detector } from './detector.ts';
import type { OwnRule } from './own-rules.ts';
import { passes } from './own-validators.ts';
import { phrasesIn, phrasesOf } from './phrases.ts';
import type { Passage } from './passage.ts';

/** Of one rule in one passage. */
const MOST_MATCHES = 2_000;

interface Match {
  readonly at: number;
  readonly end: number;
}

/** Linear in the text for each pattern, and once for all words. */
export function ownRulesDetector(rules: readonly OwnRule[]): Detector {
  // Owner 2i is what rule i looks for, 2i + 1 what must stand near.
  const phrases = phrasesOf(rules.flatMap(({ match, near }) => [match.by === 'words' ? match.words : [], near?.words ?? []]));
  const excepted = rules.map(({ except }) => new Set(except.map(plainValue)));
  return {
    name: 'own-rules',
    samples: { hits: [], misses: [] },
    detect(passage, _surroundings, add) {
      const hits = new Map<number, Match[]>();
      for (const { owner, at, end } of phrasesIn(phrases, passage.words)) {
        const known = hits.get(owner);
        if (known === undefined) hits.set(owner, [{ at, end }]);
        // What is near may be the last of many.
        else if (known.length < MOST_MATCHES || owner % 2 === 1) known.push({ at, end });
      }
      for (const [i, rule] of rules.entries()) {
        const matches = rule.match.by === 'words' ? (hits.get(2 * i) ?? []) : patternMatches(rule.match.pattern, passage);
        const found = candidatesOf(rule, passage, nearby(matches, hits.get(2 * i + 1) ?? [], rule.near), excepted[i] ?? new Set());
        for (const candidate of found) add(candidate);
      }
    },
  };
}

function patternMatches(
  pattern: { find(text: string, most: number): readonly { at: number; length: number }[] },
  { text }: Passage,
): Match[] {
  return pattern.find(text, MOST_MATCHES).map(({ at, length }) => ({ at, end: at + length }));
}

/** Those with one of the words within so many characters; both are in order. */
function nearby(matches: readonly Match[], words: readonly Match[], near: OwnRule['near']): readonly Match[] {
  if (near === null) return matches;
  let next = 0;
  return matches.filter(({ at, end }) => {
    while (next < words.length && (words[next]?.end ?? 0) < at - near.within) next++;
    for (let i = next; i < words.length && (words[i]?.at ?? 0) <= end + near.within; i++) {
      // The match itself is not what stands near it.
      const word = words[i];
      if (word !== undefined && (word.end <= at || word.at >= end)) return true;
    }
    return false;
  });
}

function candidatesOf(rule: OwnRule, { text }: Passage, matches: readonly Match[], except: ReadonlySet<string>): readonly Candidate[] {
  const { axis, kind, role, confidence, validator } = rule;
  const candidates = matches.flatMap(({ at, end }): readonly Candidate[] => {
    const given = text.slice(at, end);
    const value = plainValue(given);
    if (except.has(value) || !passes(validator, given)) return [];
    return [{ axis, kind, at, length: end - at, confidence, role, reason: `own-rule ${rule.name}`, value, labels: [] }];
  });
  return new Set(candidates.map(({ value }) => value)).size >= rule.atLeast ? candidates : [];
}

/** One spelling of a value: letters and digits in capitals, as all identifiers have it, so that a digest of it is the same. */
function plainValue(given: string): string {
  const plain = given.replace(/[^\p{L}\p{N}]+/gu, '').toUpperCase();
  return plain === '' ? given : plain;
}
