// The seam by which personal columns are sealed: the engine of the store uses it, the room of keys makes it, neither knows the other.

/** Seals the personal columns and details of an engine. Keys stay with the caller. `context` is bound in as associated data. */
export interface ColumnSealer {
  seal(plain: Uint8Array, context: string): Uint8Array;
  /** @throws MailError content.unreadable where the bytes or the context are not those sealed. Null where the key was destroyed. */
  open(sealed: Uint8Array, context: string): Uint8Array | null;
}
