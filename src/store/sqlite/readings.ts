// Statements about reading: what is unread, and how often each picture of an account was seen.
import type { Database } from 'better-sqlite3';
import type { Evidence } from '../../mail/evidence.ts';
import type { Sighting } from '../readings.ts';
import type { EvidenceWriter } from './audit-log.ts';

export interface RecordRequest {
  readonly messageId: string;
  readonly at: number;
  readonly pictures: readonly Uint8Array[];
  readonly evidence: readonly Evidence[];
}

export interface ReadingsEngine {
  unread(limit: number): readonly string[];
  sightings(pictures: readonly Uint8Array[]): readonly (Sighting | null)[];
  record(request: RecordRequest): void;
}

const KNOWN_FOR_MS = 183 * 86_400_000;
/** Forgotten at most with one message. */
const FORGET_AT_ONCE = 16;

export function readingsEngine(db: Database, evidence: EvidenceWriter): ReadingsEngine {
  const unread = db
    .prepare<[number], string>(
      'SELECT id FROM messages INDEXED BY messages_unread WHERE unread = 1 AND wrapped_key IS NOT NULL ORDER BY number LIMIT ?',
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
  return {
    unread: (limit) => unread.all(limit),
    sightings: (pictures) => pictures.map((digest) => sighting.get(digest) ?? null),
    record: ({ messageId, at, pictures, evidence: written }) => {
      if (markRead.run(messageId).changes === 0) return;
      forget.run(at - KNOWN_FOR_MS, FORGET_AT_ONCE);
      for (const digest of pictures) see.run({ digest, at });
      evidence.appendAll(written);
    },
  };
}
