// The seam of sealed content at rest: chunks of AES-256-GCM, each verified before a byte leaves (docs/spool-format.md).
import type { ContentPlace } from '../mail/content.ts';

/** Plain octets of a chunk. */
export const CHUNK_BYTES = 64 * 1024;

/** Content up to this size lies in the journal row, in the same commit; larger content is a spool file (docs/adr/0002). */
export const ROW_BYTES = 4 * CHUNK_BYTES;

/** Takes content as it arrives and seals it. Memory: what a journal row takes, whatever the size. */
export interface SealingWriter {
  /** Resolves when the next piece may be given: back-pressure. @throws MailError store.disk-full, store.unavailable */
  write(piece: Uint8Array): Promise<void>;
  /** Ends the content. For a file: fsynced, its folder too. */
  finish(): Promise<
    | { readonly place: 'row'; readonly sealed: Uint8Array; readonly sizeBytes: number }
    | { readonly place: 'file'; readonly sealed: null; readonly sizeBytes: number }
  >;
  /** Gives up: nothing stays behind. */
  abort(): Promise<void>;
}

export interface SealedContent {
  readonly messageId: string;
  readonly place: ContentPlace;
  /** For place 'row'. */
  readonly sealed: Uint8Array | null;
  readonly sizeBytes: number;
  readonly key: Uint8Array;
}

export interface Spool {
  writer(messageId: string, key: Uint8Array): SealingWriter;
  /** Plain chunks, each verified first. @throws MailError content.unreadable at the first bad, missing or surplus chunk. */
  read(content: SealedContent): AsyncIterable<Uint8Array>;
  /** The sealed octets as they lie there, for whoever has the key elsewhere: nothing of them is verified here. */
  sealed(content: Pick<SealedContent, 'messageId' | 'place' | 'sealed'>): AsyncIterable<Uint8Array>;
  remove(messageId: string): Promise<void>;
  /** Removes files whose message is not in `known`, and unfinished ones; at a start, before listening. Gives how many. */
  sweep(known: ReadonlySet<string>): Promise<number>;
}
