// Statements about reading: what is unread, what was found, and how often each picture of an account was seen.
import type { Database } from 'better-sqlite3';
import type { StoredFacts } from '../../mail/facts.ts';
import type { Reading } from '../journal.ts';
import type { Sighting } from '../readings.ts';
import type { Columns } from './columns.ts';
import type { CorrespondentsEngine } from './correspondents.ts';
import type { MessageReader } from './message-rows.ts';
import { orNull } from './unreadable.ts';

export interface ReadingsEngine {
  unread(request: { readonly after: string | null; readonly limit: number }): readonly string[];
  sightings(pictures: readonly Uint8Array[]): readonly (Sighting | null)[];
  facts(messageId: string): StoredFacts | null;
  /** Within the unit that accepts or decides the message. */
  keep(messageNumber: number, messageId: string, reading: Reading, at: number): void;
  /** The message was unread, and is no more. */
  markRead(messageId: string): 'was-unread' | 'was-read';
  /** Facts older than that go. Gives how many went; bounded. */
  forgetFacts(before: number): number;
}

const KNOWN_FOR_MS = 183 * 86_400_000;
/** Forgotten at most with one message. */
const FORGET_AT_ONCE = 16;
const FORGET_FACTS_AT_ONCE = 1_000;

export function readingsEngine(
  db: Database,
  columns: Columns,
  messages: MessageReader,
  known: Pick<CorrespondentsEngine, 'record'>,
): ReadingsEngine {
  const unread = db
    .prepare<[number, number], string>(
      'SELECT id FROM messages INDEXED BY messages_unread WHERE unread = 1 AND wrapped_key IS NOT NULL AND number > ? ORDER BY number LIMIT ?',
    )
    .pluck();
  const markRead = db.prepare<[string]>('UPDATE messages SET unread = 0 WHERE id = ? AND unread = 1');
  const sighting = db.prepare<[Uint8Array], Sighting>(
    'SELECT messages, first_at AS firstAt, last_at AS lastAt FROM pictures WHERE digest = ?',
  );
  const see = db.prepare<{ digest: Uint8Array; at: number }>(
    `INSERT INTO pictures (digest, messages, first_at, last_at) VALUES (:digest, 1, :at, :at)
     ON CONFLICT (digest) DO UPDATE SET messages = messages + 1, last_at = max(last_at, :at)`,
  );
  const forget = db.prepare<[number, number]>(
    'DELETE FROM pictures WHERE digest IN (SELECT digest FROM pictures INDEXED BY pictures_last WHERE last_at < ? ORDER BY last_at LIMIT ?)',
  );
  const insertFacts = db.prepare<[number, number, Uint8Array]>('INSERT OR REPLACE INTO facts (message, at, sealed) VALUES (?, ?, ?)');
  const factsOf = db.prepare<[number], Uint8Array>('SELECT sealed FROM facts WHERE message = ?').pluck();
  const forgetFacts = db.prepare<[number, number]>(
    'DELETE FROM facts WHERE message IN (SELECT message FROM facts INDEXED BY facts_at WHERE at < ? ORDER BY at LIMIT ?)',
  );
  return {
    unread: ({ after, limit }) => unread.all(after === null ? 0 : (messages.numberOf(after) ?? 0), limit),
    sightings: (pictures) => pictures.map((digest) => sighting.get(digest) ?? null),
    facts: (messageId) => {
      const number = messages.numberOf(messageId);
      const sealed = number === null ? undefined : factsOf.get(number);
      return sealed === undefined ? null : orNull(() => columns.open<StoredFacts>(sealed, factsContext(messageId)));
    },
    keep: (number, messageId, { facts, pictures, correspondents }, at) => {
      insertFacts.run(number, at, columns.seal(facts, factsContext(messageId)));
      known.record({ recipients: correspondents, at });
      forget.run(at - KNOWN_FOR_MS, FORGET_AT_ONCE);
      for (const digest of pictures) see.run({ digest, at });
    },
    markRead: (messageId) => (markRead.run(messageId).changes === 0 ? 'was-read' : 'was-unread'),
    forgetFacts: (before) => forgetFacts.run(before, FORGET_FACTS_AT_ONCE).changes,
  };
}

/** Context under which the facts of a message are sealed. */
export function factsContext(messageId: string): string {
  return `facts:${messageId}`;
}
