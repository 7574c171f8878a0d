// Rows that must outlive the key that sealed them are sealed anew under the key of now, a page of rows to a unit of work. Done twice, it
// does no harm: whoever was interrupted begins again.
import type { Database } from 'better-sqlite3';
import type { Columns } from './columns.ts';
import { orNull } from './unreadable.ts';

export interface ResealPage {
  readonly after: number;
  readonly limit: number;
}

export interface Resealed {
  readonly resealed: number;
  /** Null where there are no more. */
  readonly last: number | null;
}

/** As it is where it does not open: damaged bytes stay what they are. */
export function sealedAnew(sealed: Uint8Array, context: string, columns: Columns): Uint8Array {
  const plain = orNull(() => columns.openBytes(sealed, context));
  return plain === null ? sealed : columns.sealBytes(plain, context);
}

export function pageOf(rows: readonly { readonly id: number }[], limit: number): Resealed {
  return { resealed: rows.length, last: rows.length < limit ? null : (rows.at(-1)?.id ?? null) };
}

/** Of a table whose rows have one sealed column. `which` says which of them have not ended. */
export function resealerOf(
  db: Database,
  columns: Columns,
  table: { readonly name: 'people' | 'factors'; readonly which: string; readonly context: (id: number) => string },
): (page: ResealPage) => Resealed {
  const rowsAfter = db.prepare<ResealPage, { id: number; sealed: Uint8Array }>(
    `SELECT id, sealed FROM ${table.name} WHERE id > :after AND ${table.which} ORDER BY id LIMIT :limit`,
  );
  const write = db.prepare<[Uint8Array, number]>(`UPDATE ${table.name} SET sealed = ? WHERE id = ?`);
  return (page) => {
    const rows = rowsAfter.all(page);
    for (const { id, sealed } of rows) write.run(sealedAnew(sealed, table.context(id), columns), id);
    return pageOf(rows, page.limit);
  };
}
