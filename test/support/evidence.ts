// What the data folder of a Postern says, read as a stranger would: the whole log opened and verified, the state of every delivery,
// the database checked page by page. Works beside a running Postern and after a kill.
import Database from 'better-sqlite3';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load.ts';
import { openAudit } from '../../src/daemon/audit.ts';
import type { AuditEntry, AuditVerdict } from '../../src/daemon/work.ts';
import type { DeliveryState } from '../../src/mail/delivery.ts';
import { DATABASE } from '../../src/store/sqlite/open.ts';
import type { Postern } from './postern.ts';

export interface DeliveryRow {
  readonly deliveryId: string;
  readonly messageId: string;
  readonly kind: 'message' | 'dsn' | 'notice';
  readonly state: DeliveryState;
  /** A report is owed. */
  readonly report: string | null;
  readonly holdDeadline: number | null;
}

/** Everything that is durable, at one moment. */
export interface Durable {
  /** Oldest first. */
  readonly evidence: readonly AuditEntry[];
  readonly verdict: AuditVerdict;
  readonly deliveries: readonly DeliveryRow[];
  /** Ids with a spool file on disk, and ids whose journal row says that there is one. */
  readonly files: readonly string[];
  readonly spooled: readonly string[];
  /** What SQLite's own check says: 'ok'. */
  readonly integrity: string;
}

const SLICE = 5_000;

export async function readDurable(postern: Postern): Promise<Durable> {
  const loaded = await loadConfig(postern.configPath, Date.now());
  if (loaded.kind === 'refused') throw new Error(`the configuration was refused: ${JSON.stringify(loaded.issues)}`);
  const audit = await openAudit(loaded);
  if (audit.kind === 'not-reached') throw new Error(audit.text);
  try {
    const newestFirst: AuditEntry[] = [];
    for (let beforeSeq: number | null = null; ; beforeSeq = newestFirst.at(-1)?.seq ?? 0) {
      const slice = await audit.list({ messageId: null, beforeSeq, limit: SLICE });
      if (slice.length === 0) break;
      newestFirst.push(...slice);
    }
    return { evidence: newestFirst.toReversed(), verdict: await audit.verify(() => undefined), ...readTables(postern.dataFolder) };
  } finally {
    await audit.close();
  }
}

function readTables(dataFolder: string): Omit<Durable, 'evidence' | 'verdict'> {
  const db = new Database(join(dataFolder, DATABASE), { readonly: true, fileMustExist: true });
  try {
    const deliveries = db.prepare<[], DeliveryRow>(
      `SELECT m.id || '/' || (d.key % 65536) AS deliveryId, m.id AS messageId, m.kind, d.state, d.report, d.hold_deadline AS holdDeadline
        FROM deliveries d JOIN messages m ON m.number = d.key / 65536`,
    );
    const spooled = db.prepare<[], string>("SELECT id FROM messages WHERE place = 'file' AND wrapped_key IS NOT NULL").pluck();
    const integrity = String(db.pragma('integrity_check', { simple: true }));
    return { deliveries: deliveries.all(), spooled: spooled.all(), integrity, files: spoolFiles(dataFolder) };
  } finally {
    db.close();
  }
}

function spoolFiles(dataFolder: string): readonly string[] {
  const root = join(dataFolder, 'spool');
  return readdirSync(root).flatMap((subfolder) => readdirSync(join(root, subfolder)));
}

/** Nothing is under way or waits for its time, and no report is owed: what is left is held or has ended. */
function unsettled(postern: Postern): readonly string[] {
  const db = new Database(join(postern.dataFolder, DATABASE), { readonly: true, fileMustExist: true });
  try {
    const open = db.prepare<[], string>(
      `SELECT m.id || '/' || (d.key % 65536) || ' ' || d.state || ' due ' || ifnull(d.due_at, '-') || ' report ' || ifnull(d.report, '-')
        FROM deliveries d JOIN messages m ON m.number = d.key / 65536
        WHERE d.state IN ('undecided', 'queued', 'active', 'deferred') OR d.report IS NOT NULL LIMIT 10`,
    );
    return open.pluck().all();
  } finally {
    db.close();
  }
}

/** Waits until all is settled, looking whenever the log grows. */
export async function untilSettled(postern: Postern, withinMs: number): Promise<void> {
  const giveUpAt = performance.now() + withinMs;
  while (unsettled(postern).length > 0) {
    if (performance.now() > giveUpAt) throw new Error(`not settled within ${withinMs} ms: ${unsettled(postern).join(', ')}`);
    await postern.happened();
  }
}
