// Policies that were in effect, with the files they were made of.
import type { Database } from 'better-sqlite3';
import type { Evidence } from '../../mail/evidence.ts';
import type { KeptPolicy } from '../policies.ts';
import type { EvidenceWriter } from './audit-log.ts';

export interface ActivateRequest {
  readonly policy: Pick<KeptPolicy, 'version' | 'source'>;
  readonly at: number;
  readonly evidence: Evidence;
}

export interface PoliciesEngine {
  activate(request: ActivateRequest): void;
  read(version: string): KeptPolicy | null;
  forget(before: number): number;
}

interface Row {
  readonly version: string;
  readonly source: string;
  readonly first_at: number;
  readonly last_at: number;
}

export function policiesEngine(db: Database, evidence: EvidenceWriter): PoliciesEngine {
  // Whatever was in effect until now was so until now.
  const endNewest = db.prepare<[number]>('UPDATE policies SET last_at = ?, active = 0 WHERE active = 1');
  const insert = db.prepare<[string, string, number, number]>(
    `INSERT INTO policies (version, source, first_at, last_at, active) VALUES (?, ?, ?, ?, 1)
     ON CONFLICT (version) DO UPDATE SET last_at = max(last_at, excluded.last_at), active = 1`,
  );
  const read = db.prepare<[string], Row>('SELECT version, source, first_at, last_at FROM policies WHERE version = ?');
  const forget = db.prepare<[number]>('DELETE FROM policies WHERE last_at < ? AND active = 0');
  return {
    activate: ({ policy, at, evidence: written }) => {
      endNewest.run(at);
      insert.run(policy.version, JSON.stringify(policy.source), at, at);
      evidence.append(written);
    },
    read: (version) => {
      const row = read.get(version);
      if (row === undefined) return null;
      const { first_at: firstAt, last_at: lastAt } = row;
      return { version: row.version, source: JSON.parse(row.source) as KeptPolicy['source'], firstAt, lastAt };
    },
    forget: (before) => forget.run(before).changes,
  };
}
