// What policy decided and what from, for drafts that are tried on past mail.
import type { Database } from 'better-sqlite3';
import type { StoredFacts } from '../../mail/facts.ts';
import type { DecidedMessage, FactsReader } from '../readings.ts';
import type { Columns } from './columns.ts';
import type { Decisions } from './decisions.ts';
import { keysOf, placeOf } from './delivery-key.ts';
import { factsContext } from './readings.ts';
import { orNull } from './unreadable.ts';

interface Row {
  readonly number: number;
  readonly id: string;
  readonly at: number;
  readonly sealed: Uint8Array;
}

export function factsReader(db: Database, columns: Columns, decisions: Decisions): FactsReader {
  const numberOf = db.prepare<[string], number>('SELECT number FROM messages WHERE id = ?').pluck();
  const rows = db.prepare<[number, number, number], Row>(
    `SELECT m.number, m.id, m.accepted_at AS at, f.sealed FROM facts f JOIN messages m ON m.number = f.message
      WHERE f.message > ? AND f.at >= ? ORDER BY f.message LIMIT ?`,
  );
  const decided = db.prepare<[number, number], { key: number; decision: number }>(
    'SELECT key, decision FROM deliveries WHERE key BETWEEN ? AND ? ORDER BY key',
  );
  const messageOf = ({ number, id, at, sealed }: Row): readonly DecidedMessage[] => {
    const facts = orNull(() => columns.open<StoredFacts>(sealed, factsContext(id)));
    if (facts === null) return [];
    const standing = decided.all(...keysOf(number)).map(({ key, decision }) => ({ n: placeOf(key), decision: decisions.read(decision) }));
    return [{ messageId: id, at, facts, decisions: standing.filter(({ decision }) => decision.rule !== '<undecided>') }];
  };
  return {
    list: ({ since, after, limit }) => {
      const found = rows.all(after === null ? 0 : (numberOf.get(after) ?? 0), since, limit);
      return { messages: found.flatMap(messageOf), next: found.length < limit ? null : (found.at(-1)?.id ?? null) };
    },
  };
}
