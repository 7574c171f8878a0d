// A policy checked before it does anything: what never comes to anything, what is not used, and whether PHI can leave with less than the floor.
import type { PolicyFault } from '../fault.ts';
import type { Policy } from '../policy.ts';
import { type Invariant, searchInvariant } from './invariant.ts';
import { checkRules } from './rules.ts';
import { type Budget, solve } from './solve.ts';
import { unusedIn } from './unused.ts';
import { waysOf } from './ways.ts';

export interface PolicyChecked {
  /** Warnings: the policy does what it says without them being put right. */
  readonly remarks: readonly PolicyFault[];
  readonly invariant: Invariant;
  /** Rules and floors about which it could not be told whether they ever do what they say. */
  readonly undecided: readonly string[];
  /** Facts, in words, of mail that no rule matches, which is held; null where there is none, or it could not be told. */
  readonly noRule: readonly string[] | null;
  readonly searched: {
    /** Logarithm (base 10) of the number of situations that the conditions tell apart. */
    readonly situationsLog10: number;
    readonly steps: number;
  };
}

export interface Bounds {
  /** Machine time. */
  readonly now: () => number;
  readonly mostMs: number;
  readonly mostSteps: number;
}

export const CHECK_BOUNDS = { mostMs: 60_000, mostSteps: 20_000_000 } as const;

/** The invariant is searched first; each of the two searches may take half of the bounds. */
export function checkPolicy(policy: Policy, { now, mostMs, mostSteps }: Bounds): PolicyChecked {
  const ways = waysOf(policy);
  const budget = (): Budget => ({ steps: 0, mostSteps: mostSteps / 2, until: now() + mostMs / 2, now });
  const first = budget();
  const invariant = searchInvariant(policy, ways, first);
  const second = budget();
  const rules = checkRules(ways, second);
  const none = solve(ways.space, ways.reaching(ways.rules.length, []), second);
  return {
    remarks: [...rules.remarks, ...unusedIn(policy.source)],
    invariant,
    undecided: rules.undecided,
    noRule: none.kind === 'found' ? none.words : null,
    searched: { situationsLog10: ways.space.size, steps: first.steps },
  };
}
