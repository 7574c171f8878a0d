// What of a policy its cases have tried: every rule, every floor both ways, every part of every condition both ways where it made the
// difference. A part that never made one could be wrong and nobody would notice.
import type { YamlPath } from '../yaml/positions.ts';
import type { Condition } from './condition.ts';
import { describe } from './describe.ts';
import type { PolicySource, WishSource } from './source.ts';
import type { Trace } from './trace.ts';
import type { Verdict } from './verdict.ts';

export const COVERED_KINDS = ['rule', 'floor', 'condition', 'declaration', 'wish', 'settings'] as const;
export type CoveredKind = (typeof COVERED_KINDS)[number];

/** Something that can be tried. */
export interface Covered {
  readonly kind: CoveredKind;
  /** Id of the rule or floor, or words for what has none. */
  readonly name: string;
  readonly path: YamlPath;
  /** What was not seen, in words; empty where it is covered. */
  readonly missing: readonly string[];
}

/** Of every trace that the cases of a policy gave, in order of the policy. */
export function coverageOf(source: PolicySource, traces: readonly Trace[]): readonly Covered[] {
  const seen = seenIn(traces);
  const missing = (...wanted: readonly (readonly [is: boolean, words: string])[]): readonly string[] =>
    wanted.flatMap(([is, words]) => (is ? [] : [words]));
  const parts = (when: Condition): readonly Covered[] =>
    atoms(when).map(({ path, ...atom }) => ({
      kind: 'condition',
      name: describe({ path, ...atom }),
      path,
      missing: missing(
        [seen.has(key('holds', path)), 'never made the difference by holding'],
        [seen.has(key('fails', path)), 'never made the difference by not holding'],
      ),
    }));
  const bothWays = (
    kind: CoveredKind,
    { id, path, when }: { readonly id: string; readonly path: YamlPath; readonly when: Condition },
  ): readonly Covered[] => [
    {
      kind,
      name: id,
      path,
      missing: missing(
        [seen.has(key('applied', path)), 'never applied'],
        [isAlways(when) || seen.has(key('did-not-apply', path)), 'always applied'],
      ),
    },
    ...parts(when),
  ];
  return [
    ...source.declare.flatMap((one) => bothWays('declaration', one)),
    ...source.wishes.flatMap((one) => wishesCovered(one, seen, missing)),
    ...source.settings.map((one, i): Covered => ({
      kind: 'settings',
      name: one.side === 'all' ? 'for all' : `for ${one.side}, entry ${i + 1}`,
      path: one.path,
      missing: missing([seen.has(key('applied', one.path)), 'never applied']),
    })),
    ...source.require.flatMap((one) => bothWays('floor', one)),
    ...source.rules.flatMap(({ id, path, when }) => [
      { kind: 'rule' as const, name: id, path, missing: missing([seen.has(key('applied', path)), 'never decided']) },
      ...parts(when),
    ]),
  ];
}

/** `2 of 3` for each kind that the policy has. */
export function countsOf(
  coverage: readonly Covered[],
): readonly { readonly kind: CoveredKind; readonly covered: number; readonly of: number }[] {
  return COVERED_KINDS.flatMap((kind) => {
    const of = coverage.filter((one) => one.kind === kind);
    return of.length === 0 ? [] : [{ kind, covered: of.filter(({ missing }) => missing.length === 0).length, of: of.length }];
  });
}

type Missing = (...wanted: readonly (readonly [is: boolean, words: string])[]) => readonly string[];

function wishesCovered({ wish, path, accounts }: WishSource, seen: ReadonlySet<string>, missing: Missing): readonly Covered[] {
  const heard = (verdict: string): boolean => seen.has(key(verdict, path));
  return [
    {
      kind: 'wish',
      name: wish,
      path,
      missing: missing(
        [heard('counts'), 'never counted'],
        [accounts === null || heard('not-this-account'), 'never came from an account that may not'],
        [accounts === null || heard('not-attested'), 'never came without attestation'],
      ),
    },
  ];
}

/** Everything that was seen, as keys. */
function seenIn(traces: readonly Trace[]): ReadonlySet<string> {
  const seen = new Set<string>();
  for (const { settings, wishes, purposes, floors, rules, law } of traces) {
    for (const { path } of settings) if (path !== null) seen.add(key('applied', path));
    for (const { wish, verdict } of wishes) seen.add(key(verdict, ['wishes', wish]));
    for (const { path, verdict } of [...purposes, ...floors]) {
      seen.add(key(verdict.holds ? 'applied' : 'did-not-apply', path));
      weigh(verdict, seen);
    }
    if (law !== null) continue;
    for (const { path, verdict } of rules) {
      if (verdict.holds) seen.add(key('applied', path));
      weigh(verdict, seen);
    }
  }
  return seen;
}

/** Notes the atoms of a condition that made the difference: had one come out otherwise, so would the whole. */
function weigh(root: Verdict, seen: Set<string>): void {
  const waiting: Verdict[] = [root];
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    const { node, holds, of, path } = one;
    if (node === 'atom') seen.add(key(holds ? 'holds' : 'fails', path));
    else if (node === 'not') waiting.push(...of);
    else {
      // In "all", while everything holds each part is needed; where it fails, a part counts only if it is the one that does. "any" mirrors it.
      const easy = node === 'all' ? holds : !holds;
      const turning = of.filter((part) => part.holds === holds);
      if (easy || turning.length === 1) waiting.push(...turning);
    }
  }
}

function atoms(condition: Condition): readonly Extract<Condition, { node: 'atom' }>[] {
  if (condition.node === 'atom') return [condition];
  return condition.node === 'not' ? atoms(condition.of) : condition.of.flatMap(atoms);
}

function isAlways(when: Condition): boolean {
  return when.node === 'all' && when.of.length === 0;
}

function key(what: string, path: YamlPath): string {
  return `${what} ${JSON.stringify(path)}`;
}
