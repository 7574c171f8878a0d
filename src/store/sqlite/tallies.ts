// How many deliveries stand in each state, so that nobody has to count them. Kept in memory and written once per commit.
import type { Database } from 'better-sqlite3';
import type { DeliveryState } from '../../mail/delivery.ts';
import type { UnitMemory } from './unit-memory.ts';

export interface Tallies {
  /** A delivery goes from one state to another; from null where it is new. */
  move(from: DeliveryState | null, to: DeliveryState): void;
  /** Writes what has changed: called once, before the commit. */
  flush(): void;
}

export function talliesOf(db: Database, memory: UnitMemory): Tallies {
  const write = db.prepare<[DeliveryState, number]>(
    'INSERT INTO tallies (state, deliveries) VALUES (?, ?) ON CONFLICT (state) DO UPDATE SET deliveries = deliveries + excluded.deliveries',
  );
  const changes = new Map<DeliveryState, number>();
  const add = (state: DeliveryState, by: number): void => {
    changes.set(state, (changes.get(state) ?? 0) + by);
  };
  return {
    move: (from, to) => {
      if (from !== null) add(from, -1);
      add(to, 1);
      memory.onUndo(() => {
        if (from !== null) add(from, 1);
        add(to, -1);
      });
    },
    flush: () => {
      for (const [state, by] of changes) if (by !== 0) write.run(state, by);
      changes.clear();
    },
  };
}
