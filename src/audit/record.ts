// Canonical bytes of an evidence record, version 1: what the chain is built over (docs/evidence-format.md).
// JSON with a fixed order of members and sorted codes; personal detail appears only as a salted digest, so that
// the detail can be destroyed and the chain still verifies.
import { hash } from 'node:crypto';
import { EVIDENCE_KINDS } from '../mail/evidence.ts';
import type { Codes, Evidence, EvidenceKind } from '../mail/evidence.ts';

/** Octets of salt before the detail. Sealed with it, destroyed with it. */
export const SALT_BYTES = 16;

/** A record as read back from its bytes. */
export interface EvidenceRecord {
  readonly logId: string;
  readonly seq: number;
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
  readonly kind: EvidenceKind;
  readonly messageId: string | null;
  readonly deliveryId: string | null;
  readonly codes: Codes;
  /** SHA-256 over salt and detail, hex, or null where there is no detail. */
  readonly detailDigest: string | null;
  /** Hash of the record before, hex. */
  readonly previous: string;
}

/** Place of a record in its chain. */
export interface RecordPlace {
  readonly logId: string;
  readonly seq: number;
  readonly previous: Uint8Array;
}

/**
 * The bytes that are hashed.
 * @param saltedDetail salt and detail of `saltedDetailOf`, or null where there is none
 */
export function recordBytes(evidence: Evidence, place: RecordPlace, saltedDetail: Uint8Array | null): Uint8Array {
  return Buffer.from(
    JSON.stringify({
      v: 1,
      log: place.logId,
      seq: place.seq,
      at: new Date(evidence.at).toISOString(),
      kind: evidence.kind,
      message: evidence.messageId,
      delivery: evidence.deliveryId,
      codes: sorted(evidence.codes),
      detail: saltedDetail === null ? null : hash('sha256', saltedDetail, 'hex'),
      previous: Buffer.from(place.previous).toString('hex'),
    }),
  );
}

/** What is sealed beside a record: the salt, then the detail as JSON with sorted members. */
export function saltedDetailOf(detail: NonNullable<Evidence['detail']>, salt: Uint8Array): Uint8Array {
  return Buffer.concat([salt, Buffer.from(JSON.stringify(sorted(detail)))]);
}

/** The detail out of its opened bytes, or null where they are none. */
export function readDetail(saltedDetail: Uint8Array): Evidence['detail'] {
  const detail = parsed(saltedDetail.subarray(SALT_BYTES));
  return detail !== null && isCodes(detail) ? detail : null;
}

/** Reads the bytes of a record back. Null where they are not a record of version 1. */
export function readRecord(bytes: Uint8Array): EvidenceRecord | null {
  const fields = parsed(bytes);
  if (fields === null) return null;
  const { v, log, seq, at, kind, message, delivery, codes, detail, previous } = fields;
  if (v !== 1 || typeof log !== 'string' || typeof seq !== 'number' || typeof at !== 'string' || typeof previous !== 'string') return null;
  const known = EVIDENCE_KINDS.find((one) => one === kind);
  if (known === undefined || !isText(message) || !isText(delivery) || !isText(detail) || !isCodes(codes)) return null;
  return { logId: log, seq, at, kind: known, messageId: message, deliveryId: delivery, codes, detailDigest: detail, previous };
}

/** Members in the order of their names. Numbers that JSON cannot hold are a bug of the caller. */
function sorted(codes: Codes): Codes {
  const names = Object.keys(codes);
  for (const name of names) {
    if (typeof codes[name] === 'number' && !Number.isFinite(codes[name])) throw new Error(`code ${name} is not a finite number`);
  }
  return names.length < 2 ? codes : Object.fromEntries(names.sort().map((name) => [name, codes[name] ?? '']));
}

function parsed(bytes: Uint8Array): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString());
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

function isCodes(value: unknown): value is Codes {
  return isObject(value) && Object.values(value).every((code) => ['string', 'number', 'boolean'].includes(typeof code));
}
