// How next hops as a whole stand: which destinations are silent and how often in a row. The queue keeps it; this remembers what the
// queue need not be told again. Bounded: forgetting costs one more write.
import type { DestinationNews, Queue } from '../store/queue.ts';
import type { Clock } from './clock.ts';
import { backOffMs, type RetrySchedule } from './retry-schedule.ts';

const REMEMBERED = 10_000;

export interface DestinationHealthDeps {
  readonly queue: Pick<Queue, 'readDestination'>;
  readonly clock: Clock;
  readonly retry: RetrySchedule;
  readonly chance: () => number;
}

export interface DestinationHealth {
  /** What the queue must be told, or null where nothing changed. One success clears a back-off. */
  readonly news: (destination: Uint8Array, answered: 'answered' | 'silent') => Promise<DestinationNews | null>;
  /** May new mail be tried at once, past the queue? Not where the destination (hex digest) is silent: the queue probes it. */
  readonly mayTry: (destination: string) => boolean;
}

export function destinationHealth(deps: DestinationHealthDeps): DestinationHealth {
  const failuresOf = new Map<string, number>();
  const remember = (key: string, failures: number): void => {
    failuresOf.delete(key);
    failuresOf.set(key, failures);
    const oldest = failuresOf.size > REMEMBERED ? failuresOf.keys().next().value : undefined;
    if (oldest !== undefined) failuresOf.delete(oldest);
  };
  const news: DestinationHealth['news'] = async (destination, answered) => {
    const key = Buffer.from(destination).toString('hex');
    const known = failuresOf.get(key);
    if (answered === 'answered') {
      if (known === 0) return null;
      remember(key, 0);
      return { destination, notBefore: null, failures: 0 };
    }
    const before = known ?? (await deps.queue.readDestination(destination))?.failures ?? 0;
    const failures = before + 1;
    remember(key, failures);
    return { destination, notBefore: deps.clock.steady() + backOffMs(deps.retry, failures, deps.chance()), failures };
  };
  return { news, mayTry: (destination) => (failuresOf.get(destination) ?? 0) === 0 };
}
