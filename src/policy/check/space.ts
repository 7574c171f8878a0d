// All situations that a policy can tell apart: for each side of the facts (a dimension) the values that differ to it, with one example of each.
import type { Facts } from '../../mail/facts.ts';
import { type Situation, situationOf } from '../situation.ts';

export interface Literal {
  readonly dimension: string;
  readonly test: (situation: Situation) => boolean;
}

/** Puts a value into facts. */
export type Put = (facts: Facts) => Facts;

export interface Dimension {
  readonly name: string;
  /** 'one': facts have exactly one of the values. 'some': any number of them, and a literal holds where it does for one of them. */
  readonly kind: 'one' | 'some';
  /** The plainest first. */
  readonly values: readonly Put[];
  /** 'part': there may be values that differ and are not among these. */
  readonly covers: 'all' | 'part';
  /** The value that facts have, in words. */
  readonly say: (facts: Facts) => string;
}

export interface ValueClass {
  readonly put: Put;
  /** Literals that hold for it; all others of the dimension do not. */
  readonly holds: ReadonlySet<number>;
}

export interface DimensionClasses extends Omit<Dimension, 'values'> {
  readonly literals: readonly number[];
  readonly classes: readonly ValueClass[];
}

export interface Space {
  readonly plain: Facts;
  readonly dimensions: readonly DimensionClasses[];
  /** Position of a literal's dimension. */
  readonly dimensionOf: readonly number[];
  /** Logarithm (base 10) of the number of situations. */
  readonly size: number;
}

export function spaceOf(plain: Facts, dimensions: readonly Dimension[], literals: readonly Literal[]): Space {
  const used = dimensions.flatMap((dimension): readonly DimensionClasses[] => {
    const own = literals.flatMap(({ dimension: name }, i) => (name === dimension.name ? [i] : []));
    if (own.length === 0) return [];
    const { values, ...rest } = dimension;
    // The plain facts are a value themselves: what an example does not need stays as it is in them.
    const all = dimension.kind === 'one' ? [(facts: Facts) => facts, ...values] : values;
    return [{ ...rest, literals: own, classes: classesOf(plain, all, own, literals) }];
  });
  const place = new Map(used.map(({ name }, i) => [name, i]));
  return {
    plain,
    dimensions: used,
    dimensionOf: literals.map(({ dimension }) => place.get(dimension) ?? missing(dimension)),
    size: used.reduce((sum, { kind, classes }) => sum + (kind === 'one' ? Math.log10(classes.length) : classes.length * Math.log10(2)), 0),
  };
}

/** Values for which the same literals hold are one class. */
function classesOf(plain: Facts, values: readonly Put[], own: readonly number[], literals: readonly Literal[]): readonly ValueClass[] {
  const classes = new Map<string, ValueClass>();
  for (const put of values) {
    const situation = situationOf(put(plain), 'none', null);
    const holds = own.filter((i) => literals[i]?.test(situation) === true);
    const key = holds.join();
    if (!classes.has(key)) classes.set(key, { put, holds: new Set(holds) });
  }
  return [...classes.values()];
}

function missing(dimension: string): never {
  throw new Error(`no dimension ${dimension}`);
}
