// A bound on queries under way, and on those that wait for it: a flood of domains must not take all sockets.

export interface QuerySlots {
  /** Runs when a slot is free; null at once where too many wait already. */
  run<T>(work: () => Promise<T>): Promise<T | null>;
}

export function querySlots(limits: { readonly underWay: number; readonly waiting: number }): QuerySlots {
  let underWay = 0;
  const waiting: (() => void)[] = [];
  return {
    run: async (work) => {
      if (underWay >= limits.underWay) {
        if (waiting.length >= limits.waiting) return null;
        // The one who leaves hands its slot on.
        await new Promise<void>((resolve) => waiting.push(resolve));
      } else underWay++;
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next === undefined) underWay--;
        else next();
      }
    },
  };
}
