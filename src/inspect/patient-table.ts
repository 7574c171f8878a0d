// Exact data match: patients of an EHR export as keyed hashes only. Without the key the table tells nobody who is in it; with it, whether a
// name and birth date, a record number or an address is a patient's. One buffer, searched in place: nothing is parsed at a start.
import { timingSafeEqual } from 'node:crypto';

export interface Patient {
  /** Normalised as patient-values.ts does; null where the export has none. */
  readonly name: string | null;
  readonly birthDate: string | null;
  readonly recordNumber: string | null;
  readonly address: string | null;
}

/** Keyed digest of at least 32 bytes. */
export type TableDigest = (label: string, ...values: readonly (string | Uint8Array)[]) => Uint8Array;

export interface PatientTable {
  readonly patients: number;
  /** Milliseconds since the epoch. */
  readonly importedAt: number;
  /** Numbers of the patients who have it, from 0; a few at most. */
  named(name: string): readonly number[];
  /** 0 where it is not known. */
  birthKey(patient: number): bigint;
  dayKey(day: string): bigint;
  recorded(recordNumber: string): readonly number[];
  addressed(address: string): readonly number[];
}

export type TableOpened =
  | { readonly kind: 'table'; readonly table: PatientTable }
  | { readonly kind: 'refused'; readonly why: 'no-table' | 'newer-version' | 'damaged' | 'other-key' };

// magic 8, version 4, patients 4, entries 4, imported 8, key check 16; entries of 12, birth days of 8 for each patient; HMAC 32.
const MAGIC = Buffer.from('PSTNPATS');
const VERSION = 1;
const HEAD = 44;
const ENTRY = 12;
const DAY = 8;
const SEAL = 32;
/** More of one name are told by nothing else than their birth dates. */
const MOST_OF_ONE = 5_000;
const LABEL = 'patient-table';

/** The bytes of the file. The order of its entries says nothing about the export's. */
export function tableBytes(patients: readonly Patient[], importedAt: number, digest: TableDigest): Uint8Array {
  const entries: { readonly key: bigint; readonly patient: number }[] = [];
  const days = Buffer.alloc(patients.length * DAY);
  for (const [patient, { name, birthDate, recordNumber, address }] of patients.entries()) {
    if (name !== null) entries.push({ key: keyOf(digest, 'name', name), patient });
    if (recordNumber !== null) entries.push({ key: keyOf(digest, 'record', recordNumber), patient });
    if (address !== null) entries.push({ key: keyOf(digest, 'address', address), patient });
    if (birthDate !== null) days.writeBigUInt64BE(keyOf(digest, 'birth', birthDate), patient * DAY);
  }
  entries.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.patient - b.patient));
  const bytes = Buffer.alloc(HEAD + entries.length * ENTRY + days.length + SEAL);
  MAGIC.copy(bytes);
  bytes.writeUInt32BE(VERSION, 8);
  bytes.writeUInt32BE(patients.length, 12);
  bytes.writeUInt32BE(entries.length, 16);
  bytes.writeDoubleBE(importedAt, 20);
  bytes.set(keyCheck(digest), 28);
  for (const [i, { key, patient }] of entries.entries()) {
    bytes.writeBigUInt64BE(key, HEAD + i * ENTRY);
    bytes.writeUInt32BE(patient, HEAD + i * ENTRY + 8);
  }
  days.copy(bytes, HEAD + entries.length * ENTRY);
  bytes.set(digest(LABEL, 'seal', bytes.subarray(0, -SEAL)).subarray(0, SEAL), bytes.length - SEAL);
  return bytes;
}

/** Reads what `tableBytes` made, with the same key. */
export function openPatientTable(given: Uint8Array, digest: TableDigest): TableOpened {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  if (bytes.length < HEAD + SEAL || !bytes.subarray(0, 8).equals(MAGIC)) return { kind: 'refused', why: 'no-table' };
  if (bytes.readUInt32BE(8) !== VERSION) return { kind: 'refused', why: 'newer-version' };
  const patients = bytes.readUInt32BE(12);
  const entries = bytes.readUInt32BE(16);
  if (bytes.length !== HEAD + entries * ENTRY + patients * DAY + SEAL) return { kind: 'refused', why: 'damaged' };
  if (!timingSafeEqual(bytes.subarray(28, HEAD), keyCheck(digest))) return { kind: 'refused', why: 'other-key' };
  const seal = digest(LABEL, 'seal', bytes.subarray(0, -SEAL)).subarray(0, SEAL);
  if (!timingSafeEqual(bytes.subarray(-SEAL), seal)) return { kind: 'refused', why: 'damaged' };
  const lookUp = (key: bigint): readonly number[] => patientsOf(bytes, entries, key);
  const daysAt = HEAD + entries * ENTRY;
  return {
    kind: 'table',
    table: {
      patients,
      importedAt: bytes.readDoubleBE(20),
      named: (name) => lookUp(keyOf(digest, 'name', name)),
      birthKey: (patient) => (patient < patients ? bytes.readBigUInt64BE(daysAt + patient * DAY) : 0n),
      dayKey: (day) => keyOf(digest, 'birth', day),
      recorded: (recordNumber) => lookUp(keyOf(digest, 'record', recordNumber)),
      addressed: (address) => lookUp(keyOf(digest, 'address', address)),
    },
  };
}

/** 64 bits: of a million look-ups in a million entries, one in twenty million such runs meets another's. Never 0, which means none. */
function keyOf(digest: TableDigest, what: string, value: string): bigint {
  const bytes = digest(LABEL, what, value);
  return Buffer.from(bytes.buffer, bytes.byteOffset, 8).readBigUInt64BE() || 1n;
}

function keyCheck(digest: TableDigest): Uint8Array {
  return digest(LABEL, 'key').subarray(0, 16);
}

function patientsOf(bytes: Buffer, entries: number, key: bigint): readonly number[] {
  let low = 0;
  for (let high = entries; low < high;) {
    const middle = (low + high) >> 1;
    if (bytes.readBigUInt64BE(HEAD + middle * ENTRY) < key) low = middle + 1;
    else high = middle;
  }
  const found: number[] = [];
  for (; low < entries && found.length < MOST_OF_ONE && bytes.readBigUInt64BE(HEAD + low * ENTRY) === key; low++)
    found.push(bytes.readUInt32BE(HEAD + low * ENTRY + 8));
  return found;
}
