// How much each client may ask: a budget that fills up again as time goes by. Bounded memory: who has been quiet longest is forgotten first, and
// begins anew with a full budget. No clock of its own.

export interface AllowanceRules {
  /** What a client may spend at once. */
  readonly most: number;
  /** What comes back to it in a second. */
  readonly perSecond: number;
  readonly clients: number;
}

export interface Allowance {
  /** Milliseconds of a clock that never goes back. 'over': it had not so much left, and nothing was taken. */
  spend(client: string, cost: number, at: number): 'within' | 'over';
  readonly size: number;
}

export function allowance({ most, perSecond, clients }: AllowanceRules): Allowance {
  const budgets = new Map<string, { readonly left: number; readonly at: number }>();
  return {
    get size() {
      return budgets.size;
    },
    spend(client, cost, at) {
      const known = budgets.get(client);
      const left = known === undefined ? most : Math.min(most, known.left + ((at - known.at) / 1_000) * perSecond);
      budgets.delete(client);
      budgets.set(client, { left: left < cost ? left : left - cost, at });
      const quietest = budgets.size > clients ? budgets.keys().next() : null;
      if (quietest?.done === false) budgets.delete(quietest.value);
      return left < cost ? 'over' : 'within';
    },
  };
}
