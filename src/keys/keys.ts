// The seam of sealing keys. Master key and period keys lie in the key folder, never in the data folder (DESIGN.md section 7).

/** What a period key seals: content goes after days, personal detail after years. */
export type Purpose = 'content' | 'detail';

export interface SealingKeys {
  /** A fresh data key for one message, wrapped under the content period of `at` (steady time), bound to the message id. */
  newDataKey(messageId: string, at: number): { readonly key: Uint8Array; readonly wrappedKey: Uint8Array; readonly periodId: number };
  /** @throws MailError content.unreadable where the bytes are wrong or the period key was destroyed. */
  unwrapDataKey(messageId: string, wrappedKey: Uint8Array, periodId: number): Uint8Array;
  /** HMAC-SHA-256 for keyed digests; `label` separates uses ('recipient', 'destination', 'content', 'repeat', 'log', ...). */
  digest(label: string, ...values: readonly (string | Uint8Array)[]): Uint8Array;
  /** Destroys the period key: what it sealed is gone, in backups too. */
  destroyPeriod(purpose: Purpose, periodId: number): void;
  /** Period ids that exist, by purpose. */
  periods(purpose: Purpose): readonly { readonly periodId: number; readonly endsAt: number }[];
}
