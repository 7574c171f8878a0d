// Contract: the append-only evidence log. Records are appended inside the units of journal.ts and queue.ts; here is what stands alone.
import type { Evidence } from '../mail/evidence.ts';

/** A stored record. */
export interface AuditRecord {
  readonly seq: number;
  /** The canonical bytes that were hashed (audit/record.ts). */
  readonly bytes: Uint8Array;
  /** SHA-256 over the previous hash and the bytes. */
  readonly hash: Uint8Array;
  /** Sealed detail, or null where there is none or it has been shredded. */
  readonly sealedDetail: Uint8Array | null;
}

/** The last record of the chain. */
export interface ChainHead {
  readonly logId: string;
  readonly seq: number;
  readonly hash: Uint8Array;
}

export interface AuditLog {
  append(evidence: readonly Evidence[]): Promise<void>;
  head(): Promise<ChainHead>;
}

export interface AuditReader {
  logId(): string;
  /** Records in order of seq, in slices of at most `limit`. */
  read(request: { readonly afterSeq: number; readonly limit: number }): readonly AuditRecord[];
  /** Salt and detail of a record (audit/record.ts `readDetail`); null where its key was destroyed, 'damaged' where it does not open. */
  openDetail(record: { readonly seq: number; readonly sealedDetail: Uint8Array }): Uint8Array | 'damaged' | null;
  /** Newest first. `messageId` narrows to one message. */
  latest(request: { readonly messageId: string | null; readonly beforeSeq: number | null; readonly limit: number }): readonly AuditRecord[];
}
