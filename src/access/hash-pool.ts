// Bounds what password hashing may cost: a few at a time, a short line behind them, and beyond that a clear "busy".
// Guarantee: however many log in at once, no more than `running` hashes hold memory and threads.
import { MailError } from '../mail/mail-error.ts';

export interface HashPool {
  /** Runs the work in its turn. @throws MailError auth.busy at once where the line is full. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

export function hashPool(bounds: { readonly running: number; readonly waiting: number }): HashPool {
  let running = 0;
  const waiting: (() => void)[] = [];

  const enter = async (): Promise<void> => {
    if (running < bounds.running) {
      running++;
      return;
    }
    if (waiting.length >= bounds.waiting) throw new MailError('auth.busy');
    await new Promise<void>((resolve) => waiting.push(resolve));
  };

  /** The place goes straight to the next in line, so that nobody slips in between. */
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  };

  return {
    async run(work) {
      await enter();
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}
