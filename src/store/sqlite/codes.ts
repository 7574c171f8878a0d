// Codes that are good once: kept as keyed digests, spent by one, their wrong tries counted so that a restart gives nobody more of them.
import type { Database } from 'better-sqlite3';
import type { Code, CodeKind, People } from '../people.ts';
import type { EvidenceWriter } from './audit-log.ts';
import type { PickupRows } from './pickup-rows.ts';

export type AddCode = Parameters<People['addCode']>[0];
export type CodesRequest = Parameters<People['codes']>[0];
export type CodeTry = Parameters<People['tried']>[0];
export type CodesEnd = Parameters<People['endCodes']>[0];

export interface CodesEngine {
  add(code: AddCode): void;
  open(request: CodesRequest): readonly Code[];
  tried(result: CodeTry): 'counted' | 'spent-before';
  endAll(end: CodesEnd): number;
  forget(before: number): number;
}

interface Row {
  readonly id: number;
  readonly address: Uint8Array;
  readonly delivery: number | null;
  readonly kind: CodeKind;
  readonly factor: number | null;
  readonly digest: Uint8Array;
  readonly salt: Uint8Array;
  readonly created_at: number;
  readonly expires_at: number;
  readonly failures: number;
}

/** Of one pickup at one time: a mailed one, those to phones, and those that the organisation gave. */
const OPEN = 20;

export function codesEngine(db: Database, evidence: EvidenceWriter, { keyOf }: Pick<PickupRows, 'keyOf'>): CodesEngine {
  const insert = db.prepare<[Uint8Array, number | null, string, number | null, Uint8Array, Uint8Array, number, number]>(
    'INSERT INTO codes (address, delivery, kind, factor, digest, salt, created_at, expires_at, failures) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)',
  );
  const replace = db.prepare<{ at: number; address: Uint8Array; kind: string; delivery: number | null }>(
    'UPDATE codes SET ended_at = :at WHERE address = :address AND kind = :kind AND delivery IS :delivery AND ended_at IS NULL',
  );
  const open = db.prepare<{ address: Uint8Array; delivery: number | null; at: number }, Row>(
    `SELECT id, address, delivery, kind, factor, digest, salt, created_at, expires_at, failures FROM codes
      WHERE address = :address AND ended_at IS NULL AND expires_at > :at AND (delivery IS NULL OR delivery = :delivery)
      ORDER BY id DESC LIMIT ${OPEN}`,
  );
  const spend = db.prepare<{ id: number; at: number }>(
    'UPDATE codes SET ended_at = :at WHERE id = :id AND ended_at IS NULL AND expires_at > :at',
  );
  const count = db.prepare<[number]>('UPDATE codes SET failures = failures + 1 WHERE id = ? AND ended_at IS NULL');
  const endAll = db.prepare<[number, Uint8Array]>('UPDATE codes SET ended_at = ? WHERE address = ? AND ended_at IS NULL');
  const forget = db.prepare<[number]>('DELETE FROM codes WHERE expires_at < ?');
  return {
    add: ({ address, deliveryId, kind, factorId, salt, digest, createdAt, expiresAt, endsOthers, evidence: written }) => {
      const delivery = deliveryId === null ? null : keyOf(deliveryId);
      if (deliveryId !== null && delivery === null) throw new Error('a code for a pickup that there is not');
      if (endsOthers === 'same-kind') replace.run({ at: createdAt, address, kind, delivery });
      insert.run(address, delivery, kind, factorId, digest, salt, createdAt, expiresAt);
      evidence.appendAll(written);
    },
    open: ({ address, deliveryId, at }) =>
      open.all({ address, delivery: keyOf(deliveryId), at }).map((row) => ({
        id: row.id,
        address: row.address,
        deliveryId: row.delivery === null ? null : deliveryId,
        kind: row.kind,
        factorId: row.factor,
        salt: row.salt,
        digest: row.digest,
        createdAt: row.created_at,
        expiresAt: row.expires_at,
        failures: row.failures,
      })),
    tried: (result) => {
      if (result.kind === 'right' && spend.run({ id: result.codeId, at: result.at }).changes === 0) return 'spent-before';
      if (result.kind === 'wrong') for (const id of result.codeIds) count.run(id);
      evidence.appendAll(result.evidence);
      return 'counted';
    },
    endAll: ({ address, at }) => endAll.run(at, address).changes,
    forget: (before) => forget.run(before).changes,
  };
}
