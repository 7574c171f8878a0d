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
  readonly events: RoadEvents;
}

export interface DiskWatch {
  mayAccept(): boolean;
  mayDeliver(): boolean;
  /** Looks now. */
  look(): Promise<void>;
}

/** Starts in doubt: nothing is taken before the first look. */
export function diskWatch(deps: DiskWatchDeps): DiskWatch {
  let free = 0;
  let low = false;
  return {
    mayAccept: () => free >= deps.refuseBelowBytes,
    mayDeliver: () => free >= deps.stopBelowBytes,
    look: async () => {
      free = await deps.freeBytes();
      const now = free < deps.refuseBelowBytes;
      if (now === low) return;
      low = now;
      if (!low) return;
      deps.events.alarm({ what: 'disk-low', id: null });
      if (free < deps.stopBelowBytes) return;
      const codes = { freeBytes: free, refuseBelowBytes: deps.refuseBelowBytes };
      await deps.append([{ kind: 'disk.low', at: deps.clock.now(), messageId: null, deliveryId: null, codes, detail: null }]);
    },
  };
}
