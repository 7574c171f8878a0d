// The registry of consents for people: newest first, in slices. An address is looked for in what is sealed, so that no scope must be known.
import type { Database } from 'better-sqlite3';
import type { ConsentReader } from '../consents.ts';
import type { Columns } from './columns.ts';
import { CONSENT_COLUMNS, consentOf } from './consents.ts';
import type { ConsentRow } from './consents.ts';

interface Wanted {
  readonly before: number;
  readonly kind: string | null;
  /** 1 in force, 0 not in force, null either. */
  readonly holds: number | null;
  readonly at: number;
  readonly limit: number;
}

export function consentReader(db: Database, columns: Columns): ConsentReader {
  const slice = db.prepare<Wanted, ConsentRow>(
    `SELECT ${CONSENT_COLUMNS} FROM consents WHERE id < :before AND (:kind IS NULL OR kind = :kind) AND (:holds IS NULL OR :holds =
       (revoked_at IS NULL AND given_at <= :at AND (until IS NULL OR until > :at)))
      ORDER BY id DESC LIMIT :limit`,
  );
  const find = db.prepare<[number], ConsentRow>(`SELECT ${CONSENT_COLUMNS} FROM consents WHERE id = ?`);
  return {
    list: ({ kind, state, address, before, limit }) => {
      const holds = state === null ? null : Number(state.in === 'in-force');
      const rows = slice.all({ before: before ?? Number.MAX_SAFE_INTEGER, kind, holds, at: state?.at ?? 0, limit });
      const records = rows.map((row) => consentOf(row, columns));
      return {
        records: address === null ? records : records.filter(({ said }) => said?.consent.address === address),
        next: rows.length < limit ? null : (rows.at(-1)?.id ?? null),
      };
    },
    find: (id) => {
      const row = find.get(id);
      return row === undefined ? null : consentOf(row, columns);
    },
  };
}
