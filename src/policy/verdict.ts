// How each part of a condition came out, and the fewest parts that would have to come out otherwise for the whole to do so.
import type { YamlPath } from '../yaml/positions.ts';
import type { Compiled } from './compiled.ts';
import type { Condition } from './condition.ts';
import { describe } from './describe.ts';
import type { Situation } from './situation.ts';

export interface Verdict {
  readonly node: Condition['node'];
  /** In plain words. */
  readonly words: string;
  /** Place in the policy. */
  readonly path: YamlPath;
  readonly holds: boolean;
  /** Of every part, also those that deciding does not look at. */
  readonly of: readonly Verdict[];
}

/** A part that would have to hold, or not to hold. */
export interface Flip {
  readonly words: string;
  readonly path: YamlPath;
  readonly must: 'hold' | 'not hold';
}

export function verdictOf({ condition, test, of }: Compiled, situation: Situation): Verdict {
  return {
    node: condition.node,
    words: describe(condition),
    path: condition.path,
    holds: test(situation),
    of: of.map((one) => verdictOf(one, situation)),
  };
}

/** The fewest parts that turn a verdict over; of several such sets the first. Null where nothing can: a condition that always holds. */
export function flipsOf(verdict: Verdict): readonly Flip[] | null {
  const { node, words, path, holds, of } = verdict;
  if (node === 'atom') return [{ words, path, must: holds ? 'not hold' : 'hold' }];
  const below = of.filter((one) => node === 'not' || one.holds === holds).map(flipsOf);
  if (node === 'not') return below[0] ?? null;
  // To make all hold, every part that does not must; to make it fail, one is enough. With any it is the other way round.
  const every = (node === 'all') !== holds;
  if (every) return below.some((flips) => flips === null) ? null : below.flatMap((flips) => flips ?? []);
  return below.reduce((least, flips) => (flips !== null && (least === null || flips.length < least.length) ? flips : least), null);
}
