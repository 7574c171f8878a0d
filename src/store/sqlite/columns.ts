// Sealed columns: JSON inside, bound to the row they stand in. Only the ColumnSealer opens them.
import type { ColumnSealer } from '../store.ts';

export interface Columns {
  /** @param context names table and row */
  seal(value: object, context: string): Uint8Array;
  sealBytes(value: Uint8Array, context: string): Uint8Array;
  /** Null where the key was destroyed. @throws MailError content.unreadable */
  open<T extends object>(sealed: Uint8Array, context: string): T | null;
  openBytes(sealed: Uint8Array, context: string): Uint8Array | null;
}

export function columnsOf(sealer: ColumnSealer): Columns {
  return {
    seal: (value, context) => sealer.seal(Buffer.from(JSON.stringify(value)), context),
    sealBytes: (value, context) => sealer.seal(value, context),
    open: <T extends object>(sealed: Uint8Array, context: string): T | null => {
      const plain = sealer.open(sealed, context);
      // sealed and authenticated by this engine: the shape is the one it wrote
      return plain === null ? null : (JSON.parse(Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength).toString()) as T);
    },
    openBytes: (sealed, context) => sealer.open(sealed, context),
  };
}
