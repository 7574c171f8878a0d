// Reports owed to originators: set by whatever ends or delays a delivery, cleared by the DSN that says it or by evidence that none is due.
import type { Database } from 'better-sqlite3';
import type { Evidence } from '../../mail/evidence.ts';
import type { MessageRecord } from '../journal.ts';
import type { OwedReference, OwedReport, ReportKind } from '../queue.ts';
import type { EvidenceWriter } from './audit-log.ts';
import type { Columns } from './columns.ts';
import { keyOf, keysOf, messageNumberOf, placeOf, readDeliveryId } from './delivery-key.ts';
import { openStatus, recipientOf } from './delivery-rows.ts';
import type { MessageReader, MessageWriter } from './message-rows.ts';
import { orNull } from './unreadable.ts';

export interface OwedReports {
  /** Clears reports that a message of the same unit is. One that has become another kind stays owed. */
  settle(reports: readonly OwedReference[]): void;
  withhold(reports: readonly OwedReference[], evidence: readonly Evidence[]): void;
  /** One whose message cannot be read any more can be told to nobody: it is withheld, with evidence at `now`. */
  owed(request: { readonly limit: number }, now: number): readonly OwedReport[];
}

interface OwedRow {
  readonly key: number;
  readonly report: ReportKind;
  readonly expires_at: number;
  readonly sealed: Uint8Array | null;
  readonly sealed_status: Uint8Array | null;
}

export interface ReportParts {
  readonly db: Database;
  readonly columns: Columns;
  readonly messages: MessageReader & MessageWriter;
  readonly evidence: EvidenceWriter;
}

export function owedReports(parts: ReportParts): OwedReports {
  const { db, messages, evidence } = parts;
  const clear = db.prepare<[number, ReportKind]>('UPDATE deliveries SET report = NULL WHERE key = ? AND report = ?');
  const first = db
    .prepare<[number], number | null>('SELECT min(key) FROM deliveries INDEXED BY deliveries_owed WHERE report IS NOT NULL AND key > ?')
    .pluck();
  const rows = db.prepare<[number, number], OwedRow>(
    `SELECT key, report, expires_at, sealed, sealed_status FROM deliveries INDEXED BY deliveries_owed
      WHERE report IS NOT NULL AND key BETWEEN ? AND ? ORDER BY key`,
  );
  const settle = (reports: readonly OwedReference[]): void => {
    for (const { deliveryId, kind } of reports) {
      const id = readDeliveryId(deliveryId);
      const number = id === null ? null : messages.numberOf(id.messageId);
      if (id === null || number === null) continue;
      if (clear.run(keyOf(number, id.n), kind).changes > 0) messages.count(number, { open: 0, owed: -1, endedAt: null });
    }
  };
  const giveUp = (row: OwedRow, now: number): void => {
    const messageId = messages.idOf(messageNumberOf(row.key));
    const deliveryId = `${messageId}/${placeOf(row.key)}`;
    settle([{ deliveryId, kind: row.report }]);
    evidence.append({ kind: 'report.withheld', at: now, messageId, deliveryId, codes: { code: 'content.unreadable' }, detail: null });
  };
  return {
    settle,
    withhold: (reports, written) => {
      settle(reports);
      evidence.appendAll(written);
    },
    owed: ({ limit }, now) => {
      const found: OwedReport[] = [];
      let after = -1;
      while (found.length < limit) {
        const key = first.get(after) ?? null;
        if (key === null) break;
        const number = messageNumberOf(key);
        const [from, to] = keysOf(number);
        const message = orNull(() => messages.read(number));
        const entries: OwedReport['deliveries'][number][] = [];
        for (const row of rows.all(from, to)) {
          const entry = message === null ? null : orNull(() => owedDelivery(row, message, parts.columns));
          if (entry === null) giveUp(row, now);
          else entries.push(entry);
        }
        if (message !== null && entries.length > 0) found.push({ message, deliveries: entries });
        after = to;
      }
      return found;
    },
  };
}

function owedDelivery(row: OwedRow, message: MessageRecord, columns: Columns): OwedReport['deliveries'][number] | null {
  const deliveryId = `${message.id}/${placeOf(row.key)}`;
  const recipient = recipientOf(row.sealed, message, placeOf(row.key), columns);
  const status = openStatus(row.sealed_status, deliveryId, columns);
  if (recipient === null || status === null) return null;
  const { address, notify, orcpt } = recipient;
  return { deliveryId, recipient: address, orcpt, notify, kind: row.report, status, expiresAt: row.expires_at };
}
