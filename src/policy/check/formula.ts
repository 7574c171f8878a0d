// Conditions over facts that are not known yet: formulas of literals, each true, false or open.

/** A literal is a number of the policy's table of literals. An `all` of nothing is true, an `any` of nothing false. */
export type Formula =
  | { readonly is: 'literal'; readonly literal: number }
  | { readonly is: 'not'; readonly of: Formula }
  | { readonly is: 'all' | 'any'; readonly of: readonly Formula[] };

/** What is known of each literal; null while it is open. */
export type Values = readonly (boolean | null)[];

export function allOf(...of: readonly Formula[]): Formula {
  return { is: 'all', of };
}

export function anyOf(...of: readonly Formula[]): Formula {
  return { is: 'any', of };
}

export function not(of: Formula): Formula {
  return of.is === 'not' ? of.of : { is: 'not', of };
}

/** Null: what is known does not tell. */
export function truthOf(formula: Formula, values: Values): boolean | null {
  switch (formula.is) {
    case 'literal':
      return values[formula.literal] ?? null;
    case 'not': {
      const truth = truthOf(formula.of, values);
      return truth === null ? null : !truth;
    }
    case 'all':
    case 'any': {
      const settles = formula.is === 'any';
      let open = false;
      for (const one of formula.of) {
        const truth = truthOf(one, values);
        if (truth === settles) return settles;
        open ||= truth === null;
      }
      return open ? null : !settles;
    }
  }
}

/** Adds the literals that make a formula what it is, where that is known. */
export function addReasons(formula: Formula, values: Values, reasons: Set<number>): void {
  switch (formula.is) {
    case 'literal':
      reasons.add(formula.literal);
      return;
    case 'not':
      addReasons(formula.of, values, reasons);
      return;
    case 'all':
    case 'any': {
      const settling = formula.of.find((one) => truthOf(one, values) === (formula.is === 'any'));
      for (const one of settling === undefined ? formula.of : [settling]) addReasons(one, values, reasons);
    }
  }
}

/** An open literal of a formula that is open, with the value that helps to make the formula `wanted`. */
export function openLiteral(
  formula: Formula,
  values: Values,
  wanted: boolean,
): { readonly literal: number; readonly value: boolean } | null {
  switch (formula.is) {
    case 'literal':
      return { literal: formula.literal, value: wanted };
    case 'not':
      return openLiteral(formula.of, values, !wanted);
    case 'all':
    case 'any': {
      const open = formula.of.find((one) => truthOf(one, values) === null);
      return open === undefined ? null : openLiteral(open, values, wanted);
    }
  }
}
