// Reads the evidence log in slices.
import type { Database } from 'better-sqlite3';
import type { AuditReader, AuditRecord } from '../audit-log.ts';
import { detailContext } from './audit-log.ts';
import type { Columns } from './columns.ts';
import { readOr } from './unreadable.ts';

const COLUMNS = 'seq, bytes, hash, sealed_detail AS sealedDetail';

export function auditReader(db: Database, columns: Columns, logId: string): AuditReader {
  const read = db.prepare<[number, number], AuditRecord>(`SELECT ${COLUMNS} FROM evidence WHERE seq > ? ORDER BY seq LIMIT ?`);
  const latest = db.prepare<[number, number], AuditRecord>(`SELECT ${COLUMNS} FROM evidence WHERE seq < ? ORDER BY seq DESC LIMIT ?`);
  const latestOf = db.prepare<[string, number, number], AuditRecord>(
    `SELECT ${COLUMNS} FROM evidence WHERE message = ? AND seq < ? ORDER BY seq DESC LIMIT ?`,
  );
  return {
    logId: () => logId,
    read: ({ afterSeq, limit }) => read.all(afterSeq, limit),
    latest: ({ messageId, beforeSeq, limit }) => {
      const before = beforeSeq ?? Number.MAX_SAFE_INTEGER;
      return messageId === null ? latest.all(before, limit) : latestOf.all(messageId, before, limit);
    },
    openDetail: ({ seq, sealedDetail }) => readOr('damaged', () => columns.openBytes(sealedDetail, detailContext(logId, seq))),
  };
}
