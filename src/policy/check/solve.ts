// Looks for a situation in which several formulas hold. Splits on one literal at a time, gives up a branch as soon as no value of a dimension
// is left, and jumps back over splits that had no part in the conflict (Prosser 1993, conflict-directed backjumping).
import type { Facts } from '../../mail/facts.ts';
import { addReasons, type Formula, openLiteral, truthOf } from './formula.ts';
import type { DimensionClasses, Space, ValueClass } from './space.ts';

/** How much may be spent; shared by many searches. */
export interface Budget {
  steps: number;
  readonly mostSteps: number;
  /** Machine time at which to stop. */
  readonly until: number;
  readonly now: () => number;
}

export interface Found {
  readonly kind: 'found';
  readonly facts: Facts;
  /** What makes it so, in words; for all else facts are plain. */
  readonly words: readonly string[];
}

export type Answer =
  | Found
  | { readonly kind: 'none' }
  /** Only a value that could not be told by an example would do, in these dimensions. */
  | { readonly kind: 'open'; readonly dimensions: readonly string[] }
  | { readonly kind: 'bound' };

export function solve(space: Space, wanted: readonly Formula[], budget: Budget): Answer {
  const strict = new Search(space, wanted, budget, 'examples').run();
  const partly = space.dimensions.filter(({ covers }) => covers === 'part');
  if (strict.kind !== 'none' || partly.length === 0) return strict;
  const loose = new Search(space, wanted, budget, 'anything').run();
  return loose.kind === 'found' ? { kind: 'open', dimensions: partly.map(({ name }) => name) } : loose;
}

type Outcome = 'found' | 'bound' | ReadonlySet<number>;

class Search {
  readonly #space: Space;
  readonly #wanted: readonly Formula[];
  readonly #budget: Budget;
  readonly #where: 'examples' | 'anything';
  readonly #values: (boolean | null)[];
  /** Classes that are still possible, by dimension of one value. */
  readonly #left: (readonly ValueClass[])[];

  constructor(space: Space, wanted: readonly Formula[], budget: Budget, where: 'examples' | 'anything') {
    this.#space = space;
    this.#wanted = wanted;
    this.#budget = budget;
    this.#where = where;
    this.#values = space.dimensionOf.map(() => null);
    this.#left = space.dimensions.map(({ classes }) => classes);
  }

  run(): Answer {
    const outcome = this.#from(0);
    if (outcome === 'found') return this.#example();
    return { kind: outcome === 'bound' ? 'bound' : 'none' };
  }

  /** Makes the formulas hold from one on; a set of literals is why that cannot be. */
  #from(first: number): Outcome {
    for (let i = first; i < this.#wanted.length; i++) {
      const formula = this.#wanted[i];
      const truth = formula === undefined ? true : truthOf(formula, this.#values);
      if (truth === true || formula === undefined) continue;
      if (truth === null) return this.#split(formula, i);
      const reasons = new Set<number>();
      addReasons(formula, this.#values, reasons);
      return reasons;
    }
    return 'found';
  }

  #split(formula: Formula, at: number): Outcome {
    const open = openLiteral(formula, this.#values, true);
    if (open === null) throw new Error('an open formula has no open literal');
    const { literal } = open;
    const place = this.#space.dimensionOf[literal] ?? 0;
    const together = new Set<number>();
    for (const value of [open.value, !open.value]) {
      if (this.#isSpent()) return 'bound';
      const before = this.#left[place] ?? [];
      this.#values[literal] = value;
      const outcome = this.#clash(literal, place, value) ?? this.#from(at);
      if (typeof outcome === 'string') return outcome;
      this.#values[literal] = null;
      this.#left[place] = before;
      if (!outcome.has(literal)) return outcome;
      for (const one of outcome) if (one !== literal) together.add(one);
    }
    return together;
  }

  /** The literals of a dimension that cannot be as they are together; null where they can. */
  #clash(literal: number, place: number, value: boolean): ReadonlySet<number> | null {
    const dimension = this.#space.dimensions[place];
    if (dimension === undefined || (this.#where === 'anything' && dimension.covers === 'part')) return null;
    if (dimension.kind === 'one') {
      const left = (this.#left[place] ?? []).filter(({ holds }) => holds.has(literal) === value);
      this.#left[place] = left;
      if (left.length > 0) return null;
    } else if (this.#chosen(dimension) !== null) return null;
    return new Set(dimension.literals.filter((one) => this.#values[one] !== null));
  }

  /** Values that together make every literal that must hold do so, and none of those that must not; null where there are none. */
  #chosen({ classes, literals }: DimensionClasses): readonly ValueClass[] | null {
    const must = literals.filter((one) => this.#values[one] === true);
    const mustNot = literals.filter((one) => this.#values[one] === false);
    const allowed = classes.filter(({ holds }) => !mustNot.some((one) => holds.has(one)));
    const chosen = new Set<ValueClass>();
    for (const literal of must) {
      const one = allowed.find(({ holds }) => holds.has(literal));
      if (one === undefined) return null;
      chosen.add(one);
    }
    return [...chosen];
  }

  #isSpent(): boolean {
    const { mostSteps, until, now } = this.#budget;
    this.#budget.steps++;
    return this.#budget.steps > mostSteps || (this.#budget.steps % 256 === 0 && now() > until);
  }

  #example(): Found {
    let facts = this.#space.plain;
    const asked = this.#space.dimensions
      .map((dimension, place) => ({ dimension, place }))
      .filter(({ dimension: { literals } }) => literals.some((one) => this.#values[one] !== null));
    for (const { dimension, place } of asked) {
      const chosen = dimension.kind === 'one' ? (this.#left[place] ?? []).slice(0, 1) : (this.#chosen(dimension) ?? []);
      for (const { put } of chosen) facts = put(facts);
    }
    return {
      kind: 'found',
      facts,
      words: asked.flatMap(({ dimension: { say } }) => (say(facts) === say(this.#space.plain) ? [] : [say(facts)])),
    };
  }
}
