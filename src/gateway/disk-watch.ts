// Free space: at the first mark new mail is refused (452), high enough that everything accepted can still be attempted, settled and
// recorded; below the second delivery stops too (DESIGN.md section 7).
import type { Evidence } from '../mail/evidence.ts';
import type { Clock } from './clock.ts';
import type { RoadEvents } from './events.ts';

export interface DiskWatchDeps {
  readonly freeBytes: () => Promise<number>;
  readonly refuseBelowBytes: number;
  readonly stopBelowBytes: number;
  readonly append: (evidence: readonly Evidence[]) => Promise<void>;
  readonly clock: Clock;
  readonly events: Pick<RoadEvents, 'alarm'>;
}

export interface DiskWatch {
  readonly freeBytes: () => number;
  readonly mayAccept: () => boolean;
  readonly mayDeliver: () => boolean;
  /** Looks now. */
  readonly look: () => Promise<void>;
}

/** Starts in doubt: nothing is taken before the first look. */
export function diskWatch(deps: DiskWatchDeps): DiskWatch {
  let freeBytes = 0;
  let low: 'no' | 'refuse' | 'stop' = 'no';
  return {
    freeBytes: () => freeBytes,
    mayAccept: () => freeBytes >= deps.refuseBelowBytes,
    mayDeliver: () => freeBytes >= deps.stopBelowBytes,
    look: async () => {
      freeBytes = await deps.freeBytes();
      const before = low;
      low = freeBytes < deps.stopBelowBytes ? 'stop' : freeBytes < deps.refuseBelowBytes ? 'refuse' : 'no';
      if (low === before) return;
      if (low === 'no') deps.events.alarm({ what: 'disk-recovered', freeBytes });
      else deps.events.alarm({ what: 'disk-low', mark: low, freeBytes });
      // Once for each time that it runs short, however fast: the record takes room too.
      if (before !== 'no') return;
      const codes = { freeBytes, refuseBelowBytes: deps.refuseBelowBytes };
      await deps.append([{ kind: 'disk.low', at: deps.clock.now(), messageId: null, deliveryId: null, codes, detail: null }]);
    },
  };
}
