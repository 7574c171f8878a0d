// What is remembered of recipient domains: MTA-STS policies (sealed) and when TLS was last verified, by keyed digest.
import type { Database } from 'better-sqlite3';
import type { TlsHistory } from '../domain-memory.ts';
import type { Columns } from './columns.ts';
import { orNull } from './unreadable.ts';

export interface StsPolicy {
  readonly id: string;
  readonly text: string;
  readonly fetchedAt: number;
  readonly expiresAt: number;
}

export interface DomainMemoryEngine {
  /** A policy whose key was destroyed or whose bytes are damaged is not there: it is only a cache. */
  readStsPolicy(domain: Uint8Array): StsPolicy | null;
  writeStsPolicy(domain: Uint8Array, policy: StsPolicy | null): void;
  readTlsHistory(destination: Uint8Array): TlsHistory | null;
  writeTlsHistory(destination: Uint8Array, history: TlsHistory): void;
}

export function domainMemoryEngine(db: Database, columns: Columns): DomainMemoryEngine {
  const read = db.prepare<[Uint8Array], { fetchedAt: number; expiresAt: number; sealed: Uint8Array }>(
    'SELECT fetched_at AS fetchedAt, expires_at AS expiresAt, sealed FROM sts_policies WHERE domain = ?',
  );
  const write = db.prepare<[Uint8Array, number, number, Uint8Array]>(
    'REPLACE INTO sts_policies (domain, fetched_at, expires_at, sealed) VALUES (?, ?, ?, ?)',
  );
  const remove = db.prepare<[Uint8Array]>('DELETE FROM sts_policies WHERE domain = ?');
  const history = db.prepare<[Uint8Array], TlsHistory>(
    'SELECT first_verified_at AS firstVerifiedAt, last_verified_at AS lastVerifiedAt FROM tls_history WHERE destination = ?',
  );
  const writeHistory = db.prepare<[Uint8Array, number, number]>(
    'REPLACE INTO tls_history (destination, first_verified_at, last_verified_at) VALUES (?, ?, ?)',
  );
  const contextOf = (domain: Uint8Array): string => `sts_policies:${Buffer.from(domain).toString('hex')}`;
  return {
    readStsPolicy: (domain) => {
      const row = read.get(domain);
      const body = row === undefined ? null : orNull(() => columns.open<{ id: string; text: string }>(row.sealed, contextOf(domain)));
      return row === undefined || body === null
        ? null
        : { id: body.id, text: body.text, fetchedAt: row.fetchedAt, expiresAt: row.expiresAt };
    },
    writeStsPolicy: (domain, policy) => {
      if (policy === null) remove.run(domain);
      else write.run(domain, policy.fetchedAt, policy.expiresAt, columns.seal({ id: policy.id, text: policy.text }, contextOf(domain)));
    },
    readTlsHistory: (destination) => history.get(destination) ?? null,
    writeTlsHistory: (destination, { firstVerifiedAt, lastVerifiedAt }) => writeHistory.run(destination, firstVerifiedAt, lastVerifiedAt),
  };
}
