// Times written by a clock that has been set back since: what would wait for hours or days that no schedule gave is due now.
import type { Database } from 'better-sqlite3';

/** @returns to be called at a start: nothing is due, and no destination backed off, after `latest`. Seeks by destination, never scans. */
export function bringForward(db: Database): (now: number, latest: number) => void {
  const due = db.prepare<{ now: number; latest: number }>(
    `UPDATE deliveries SET due_at = :now WHERE key IN
      (SELECT d.key FROM destinations p CROSS JOIN deliveries d INDEXED BY deliveries_due ON d.destination = p.id AND d.due_at > :latest)`,
  );
  const backOff = db.prepare<{ now: number; latest: number }>('UPDATE destinations SET not_before = :now WHERE not_before > :latest');
  const ready = db.prepare<{ now: number; latest: number }>('UPDATE destinations SET ready_at = :now WHERE ready_at > :latest');
  return (now, latest) => {
    for (const statement of [due, backOff, ready]) statement.run({ now, latest });
  };
}
