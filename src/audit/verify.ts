// Verification of a chain, slice by slice: names the first bad record and says how far the signed head proves. Pure.
import { hash } from 'node:crypto';
import { chainHash, GENESIS } from './chain.ts';
import type { Head } from './head.ts';
import { readRecord } from './record.ts';

/** A record as the log stores it. */
export interface StoredRecord {
  readonly seq: number;
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
  readonly sealedDetail: Uint8Array | null;
}

export type BadRecord =
  | 'missing' // its number is not there: a row was removed
  | 'not-a-record' // the bytes are not those of a record
  | 'out-of-place' // the bytes are of another record, or of another log: rows were swapped or copied
  | 'not-chained' // it does not follow the record before
  | 'changed' // bytes or stored hash were changed
  | 'detail-changed' // the sealed detail is not the one that was chained
  | 'rewritten' // it and those before it are not what the signed head covers
  | 'cut'; // the signed head covers it, and the log ends before it

export interface Verification {
  /** The first bad record, or null where all is well. */
  readonly bad: { readonly seq: number; readonly why: BadRecord } | null;
  /** Records up to this number follow one another without fault. */
  readonly chainedTo: number;
  /** Records up to this number are what the signed head covers: nobody without its key can have changed them. 0: it proves nothing. */
  readonly provenTo: number;
  /** Details that were opened and are right, and details that are gone (destroyed, or never sealed here). */
  readonly details: { readonly checked: number; readonly gone: number };
}

export interface VerificationOptions {
  readonly logId: string;
  /** Already checked by `openHead`; null where there is none. */
  readonly head: Head | null;
  /** Opens a sealed detail: salt and detail; null where its key was destroyed, 'damaged' where it does not open. Null: details are not looked at. */
  readonly openDetail: ((seq: number, sealed: Uint8Array) => Uint8Array | 'damaged' | null) | null;
}

interface Progress {
  seq: number;
  hash: Uint8Array;
  headMet: boolean;
  checked: number;
  gone: number;
}

/** Verifies records given in order of seq from 1 on, in slices of any size. Reads no further than the first bad one. */
export function verifyChain(slices: Iterable<readonly StoredRecord[]>, options: VerificationOptions): Verification {
  const { head } = options;
  const progress: Progress = { seq: 0, hash: GENESIS, headMet: false, checked: 0, gone: 0 };
  const otherLog = head !== null && head.logId !== options.logId;
  for (const slice of slices) {
    for (const record of slice) {
      const why = faultOf(record, progress, options);
      if (why !== null) return result(progress, head, { seq: why === 'missing' ? progress.seq + 1 : record.seq, why });
      progress.seq = record.seq;
      progress.hash = record.hash;
      if (record.seq !== head?.seq) continue;
      if (otherLog || !same(record.hash, head.hash)) return result(progress, head, { seq: record.seq, why: 'rewritten' });
      progress.headMet = true;
    }
  }
  if (head !== null && head.seq > progress.seq) return result(progress, head, { seq: progress.seq + 1, why: 'cut' });
  return result(progress, head, null);
}

function result(progress: Progress, head: Head | null, bad: Verification['bad']): Verification {
  return {
    bad,
    chainedTo: progress.seq,
    provenTo: head !== null && progress.headMet ? head.seq : 0,
    details: { checked: progress.checked, gone: progress.gone },
  };
}

function faultOf(record: StoredRecord, progress: Progress, options: VerificationOptions): BadRecord | null {
  if (record.seq !== progress.seq + 1) return 'missing';
  const fields = readRecord(record.bytes);
  if (fields === null) return same(chainHash(progress.hash, record.bytes), record.hash) ? 'not-a-record' : 'changed';
  // a record that fits its own hash is whole: what can be wrong then is where it stands
  if (!same(chainHash(Buffer.from(fields.previous, 'hex'), record.bytes), record.hash)) return 'changed';
  if (fields.seq !== record.seq || fields.logId !== options.logId) return 'out-of-place';
  if (fields.previous !== Buffer.from(progress.hash).toString('hex')) return 'not-chained';
  return detailFault(record, fields.detailDigest, progress, options);
}

function detailFault(record: StoredRecord, digest: string | null, progress: Progress, options: VerificationOptions): BadRecord | null {
  if (digest === null) return record.sealedDetail === null ? null : 'detail-changed';
  if (record.sealedDetail === null) {
    progress.gone += 1;
    return null;
  }
  if (options.openDetail === null) return null;
  const opened = options.openDetail(record.seq, record.sealedDetail);
  if (opened === null) {
    progress.gone += 1;
    return null;
  }
  if (opened === 'damaged' || hash('sha256', opened, 'hex') !== digest) return 'detail-changed';
  progress.checked += 1;
  return null;
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
