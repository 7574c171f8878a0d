// Pickups for people: oldest first, in slices.
import type { Database } from 'better-sqlite3';
import type { PickupReader } from '../pickups.ts';
import type { Columns } from './columns.ts';
import { placeOf } from './delivery-key.ts';
import type { MessageReader } from './message-rows.ts';
import { pickupOf, pickupRows, PICKUPS } from './pickup-rows.ts';
import type { PickupRow } from './pickup-rows.ts';

export function pickupReader(db: Database, columns: Columns, messages: MessageReader): PickupReader {
  const slice = db.prepare<{ after: number; open: number; limit: number }, PickupRow>(
    `${PICKUPS} WHERE p.delivery > :after AND (:open = 0 OR p.over_at IS NULL) ORDER BY p.delivery LIMIT :limit`,
  );
  const known = pickupRows(db, columns, messages);
  return {
    list: ({ open, after, limit }) => {
      const rows = slice.all({ after: after === null ? -1 : (known.keyOf(after) ?? -1), open: open === 'open' ? 1 : 0, limit });
      const last = rows.at(-1);
      return {
        pickups: rows.flatMap((row) => pickupOf(row, columns) ?? []),
        next: rows.length < limit || last === undefined ? null : `${last.id}/${placeOf(last.key)}`,
      };
    },
  };
}
