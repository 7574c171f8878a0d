// The evidence log's write side: gives each record its number, its place in the chain and its sealed detail.
import { randomFillSync } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { chainHash, GENESIS } from '../../audit/chain.ts';
import { recordBytes, SALT_BYTES, saltedDetailOf } from '../../audit/record.ts';
import type { Evidence } from '../../mail/evidence.ts';
import type { ChainHead } from '../audit-log.ts';
import type { Columns } from './columns.ts';
import type { UnitMemory } from './unit-memory.ts';

export interface EvidenceWriter {
  append(evidence: Evidence): void;
  appendAll(evidence: readonly Evidence[]): void;
  head(): ChainHead;
}

/** What a sealed detail is bound to. */
export function detailContext(logId: string, seq: number): string {
  return `evidence:${logId}:${seq}`;
}

export function evidenceWriter(db: Database, columns: Columns, memory: UnitMemory, logId: string): EvidenceWriter {
  const insert = db.prepare<[number, string | null, Uint8Array, Uint8Array, Uint8Array | null]>(
    'INSERT INTO evidence (seq, message, bytes, hash, sealed_detail) VALUES (?, ?, ?, ?, ?)',
  );
  const last = db.prepare<[], { seq: number; hash: Uint8Array }>('SELECT seq, hash FROM evidence ORDER BY seq DESC LIMIT 1').get();
  let head = { seq: last?.seq ?? 0, hash: last?.hash ?? GENESIS };
  const salt = saltPool();

  const append = (evidence: Evidence): void => {
    const before = head;
    const seq = before.seq + 1;
    const salted = evidence.detail === null ? null : saltedDetailOf(evidence.detail, salt());
    const bytes = recordBytes(evidence, { logId, seq, previous: before.hash }, salted);
    const hash = chainHash(before.hash, bytes);
    insert.run(seq, evidence.messageId, bytes, hash, salted === null ? null : columns.sealBytes(salted, detailContext(logId, seq)));
    head = { seq, hash };
    memory.onUndo(() => {
      head = before;
    });
  };
  return {
    append,
    appendAll: (evidence) => {
      for (const one of evidence) append(one);
    },
    head: () => ({ logId, ...head }),
  };
}

/** Random salts, drawn many at a time: a system call for each would cost more than the hash. */
function saltPool(): () => Uint8Array {
  const pool = Buffer.alloc(SALT_BYTES * 256);
  let used = pool.length;
  return () => {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    used += SALT_BYTES;
    return pool.subarray(used - SALT_BYTES, used);
  };
}
