// The numbered steps of the database schema, read from schema/. A step is never changed once released.
import { readdirSync, readFileSync } from 'node:fs';

export interface Migration {
  /** The schema version that it leads to. */
  readonly version: number;
  readonly sql: string;
}

/** All steps in order, from 1 on without a gap. */
export function migrations(): readonly Migration[] {
  const folder = new URL('./schema/', import.meta.url);
  return readdirSync(folder)
    .filter((name) => /^\d{4}\.sql$/.test(name))
    .sort()
    .map((name, index) => {
      const version = Number(name.slice(0, 4));
      if (version !== index + 1) throw new Error(`schema step ${index + 1} is missing`);
      return { version, sql: readFileSync(new URL(name, folder), 'utf8') };
    });
}
