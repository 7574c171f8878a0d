// Rows of messages and what stands in them. The envelope and all that names people is one sealed column.
import type { Database } from 'better-sqlite3';
import type { ContentPlace } from '../../mail/content.ts';
import type { DeliveryKind } from '../../mail/delivery.ts';
import type { Envelope } from '../../mail/envelope.ts';
import type { ContentFacts, MessageRecord, Submitter } from '../journal.ts';
import type { Columns } from './columns.ts';
import { orNull } from './unreadable.ts';

interface SealedPart {
  /** Absent in rows of schema 2 and before. */
  readonly client?: string | null;
  readonly reportTo: string | null;
  readonly envelope: Envelope;
  readonly headerMessageId: string | null;
  readonly references: string | null;
}

interface Row {
  readonly id: string;
  readonly kind: DeliveryKind;
  readonly accepted_at: number;
  readonly submitter_kind: Submitter['kind'];
  readonly submitter_name: string;
  readonly about: string | null;
  readonly place: ContentPlace;
  readonly size_bytes: number;
  readonly period_id: number;
  readonly wrapped_key: Uint8Array | null;
  readonly digest: Uint8Array;
  readonly needs: ContentFacts['needs'];
  readonly sealed: Uint8Array;
}

const COLUMNS =
  'id, kind, accepted_at, submitter_kind, submitter_name, about, place, size_bytes, period_id, wrapped_key, digest, needs, sealed';

export interface MessageReader {
  numberOf(messageId: string): number | null;
  idOf(messageNumber: number): string;
  /** Null where there is none, or the key of its personal part was destroyed. @throws MailError content.unreadable */
  read(messageNumber: number): MessageRecord | null;
}

export function messageReader(db: Database, columns: Columns): MessageReader {
  const number = db.prepare<[string], number>('SELECT number FROM messages WHERE id = ?').pluck();
  const id = db.prepare<[number], string>('SELECT id FROM messages WHERE number = ?').pluck();
  const row = db.prepare<[number], Row>(`SELECT ${COLUMNS} FROM messages WHERE number = ?`);
  return {
    numberOf: (messageId) => number.get(messageId) ?? null,
    idOf: (messageNumber) => id.get(messageNumber) ?? '',
    read: (messageNumber) => {
      const found = row.get(messageNumber);
      return found === undefined ? null : recordOf(found, columns);
    },
  };
}

function recordOf(row: Row, columns: Columns): MessageRecord | null {
  const part = columns.open<SealedPart>(row.sealed, contextOf(row.id));
  if (part === null) return null;
  return {
    id: row.id,
    kind: row.kind,
    acceptedAt: row.accepted_at,
    submitter: { kind: row.submitter_kind, name: row.submitter_name },
    client: part.client ?? null,
    reportTo: part.reportTo,
    envelope: part.envelope,
    headerMessageId: part.headerMessageId,
    references: part.references,
    content: {
      place: row.place,
      sizeBytes: row.size_bytes,
      wrappedKey: row.wrapped_key ?? new Uint8Array(0),
      periodId: row.period_id,
      digest: row.digest,
      needs: row.needs,
    },
    about: row.about,
  };
}

function contextOf(messageId: string): string {
  return `messages:${messageId}`;
}

export type ReadMessage = (messageNumber: number) => MessageRecord | null;

/** Reads each message once: its recipients are often read together. Null where it cannot be read. */
export function rememberingMessages(messages: MessageReader): ReadMessage {
  const known = new Map<number, MessageRecord | null>();
  return (number) => {
    const found = known.get(number);
    if (found !== undefined) return found;
    const message = orNull(() => messages.read(number));
    known.set(number, message);
    return message;
  };
}

export interface MessageWriter {
  /** Gives the number of the new row. `open` deliveries come with it that have not ended; `owed` reports are owed from the start. */
  insert(
    message: MessageRecord,
    sealed: Uint8Array | null,
    counts: { readonly open: number; readonly owed: number; readonly unread: 0 | 1 },
  ): number;
  /** More (or fewer) deliveries that have not ended, reports that are owed. `endedAt` where a delivery ended. */
  count(messageNumber: number, change: { readonly open: number; readonly owed: number; readonly endedAt: number | null }): void;
}

export function messageWriter(db: Database, columns: Columns): MessageWriter {
  const insert = db.prepare(
    `INSERT INTO messages (${COLUMNS}, open, owed, ended_at, unread) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertContent = db.prepare<[number | bigint, Uint8Array]>('INSERT INTO contents (message, sealed) VALUES (?, ?)');
  const count = db.prepare<{ number: number; open: number; owed: number; endedAt: number | null }>(
    'UPDATE messages SET open = open + :open, owed = owed + :owed, ended_at = ifnull(:endedAt, ended_at) WHERE number = :number',
  );
  return {
    insert: (message, sealed, counts) => {
      const { id, kind, acceptedAt, submitter, client, about, content, reportTo, envelope, headerMessageId, references } = message;
      const part: SealedPart = { client, reportTo, envelope, headerMessageId, references };
      const number = insert.run(
        id,
        kind,
        acceptedAt,
        submitter.kind,
        submitter.name,
        about,
        content.place,
        content.sizeBytes,
        content.periodId,
        content.wrappedKey,
        content.digest,
        content.needs,
        columns.seal(part, contextOf(id)),
        counts.open,
        counts.owed,
        counts.open === 0 ? acceptedAt : null,
        counts.unread,
      ).lastInsertRowid;
      if (sealed !== null) insertContent.run(number, sealed);
      return Number(number);
    },
    count: (number, change) => {
      if (change.open !== 0 || change.owed !== 0) count.run({ number, ...change });
    },
  };
}
