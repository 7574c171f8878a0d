// Work that comes round: each round runs on its own timer, never twice at once, and can be called early.

export interface Round {
  /** Runs now, or once more after the run that is under way. */
  wake(): void;
  /** Runs after that time; who calls until then is served by the same run. */
  wakeAfter(ms: number): void;
  /** No more runs; resolves when the one under way has ended. */
  stop(): Promise<void>;
}

/**
 * @param work one run; gives 'more' where it should run again at once
 * @param failed hears what a run threw; the round goes on
 */
export function round(everyMs: number, work: () => Promise<'more' | 'done'>, failed: (error: unknown) => void): Round {
  let running: Promise<void> | null = null;
  let again = false;
  let stopped = false;
  const run = async (): Promise<void> => {
    do {
      again = false;
      try {
        if ((await work()) === 'more') again = true;
      } catch (error) {
        failed(error);
      }
    } while (again && !stopped);
    running = null;
  };
  const wake = (): void => {
    if (stopped) return;
    if (running !== null) again = true;
    else running = run();
  };
  const timer = setInterval(wake, everyMs);
  let soon: NodeJS.Timeout | null = null;
  return {
    wake,
    wakeAfter(ms) {
      if (stopped) return;
      soon ??= setTimeout(() => {
        soon = null;
        wake();
      }, ms);
    },
    async stop() {
      stopped = true;
      clearInterval(timer);
      if (soon !== null) clearTimeout(soon);
      await running;
    },
  };
}
