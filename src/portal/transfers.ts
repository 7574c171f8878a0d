// How many large files are on their way at once, either way: so many of all, fewer of one session. The rest wait in their order, and hear that the portal is
// busy where it takes too long: whoever reads slowly holds memory and a connection to the gateway, and must not hold all of them.
import { createHash } from 'node:crypto';

export interface TransferLimits {
  readonly atOnce: number;
  readonly perSession: number;
  readonly waiting: number;
  readonly waitMs: number;
}

/** A file that is on its way. */
export interface Transfer {
  /** When it has arrived or been given up. Counts once. */
  end(): void;
}

export interface Transfers {
  readonly begin: (session: string) => Promise<Transfer | 'busy'>;
}

/** A smaller file is in the buffers of the system before anybody could wait for it. */
export const LARGE_BYTES = 1_000_000;

export const TRANSFER_LIMITS: TransferLimits = { atOnce: 32, perSession: 4, waiting: 200, waitMs: 20_000 };

interface Waiting {
  readonly whose: string;
  readonly start: () => void;
}

export function transfers({ atOnce, perSession, waiting: mostWaiting, waitMs }: TransferLimits): Transfers {
  const under = new Map<string, number>();
  const waiting = new Set<Waiting>();
  let all = 0;
  const mayStart = (whose: string): boolean => all < atOnce && (under.get(whose) ?? 0) < perSession;
  const change = (whose: string, by: 1 | -1): void => {
    const own = (under.get(whose) ?? 0) + by;
    all += by;
    if (own === 0) under.delete(whose);
    else under.set(whose, own);
  };
  const started = (whose: string): Transfer => {
    change(whose, 1);
    let state: 'under way' | 'ended' = 'under way';
    return {
      end() {
        if (state === 'ended') return;
        state = 'ended';
        change(whose, -1);
        // One has gone, so one may come: the first who may.
        for (const next of waiting) if (mayStart(next.whose)) return next.start();
      },
    };
  };
  return {
    begin(session) {
      const whose = createHash('sha256').update(session).digest('base64url');
      if (mayStart(whose)) return Promise.resolve(started(whose));
      if (waiting.size >= mostWaiting) return Promise.resolve('busy');
      return new Promise((resolve) => {
        const give = (given: Transfer | 'busy'): void => {
          clearTimeout(late);
          waiting.delete(one);
          resolve(given);
        };
        const late = setTimeout(() => give('busy'), waitMs);
        const one: Waiting = { whose, start: () => give(started(whose)) };
        waiting.add(one);
      });
    },
  };
}
