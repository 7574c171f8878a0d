// Contract: what is remembered of recipient domains between starts. Domains are people's too: keyed digests, bodies sealed.

export interface TlsHistory {
  readonly firstVerifiedAt: number;
  readonly lastVerifiedAt: number;
}

export interface DomainMemory {
  /** MTA-STS policy as cached (RFC 8461 3.3): the policy text with its id, or null. */
  readStsPolicy(
    domain: Uint8Array,
  ): Promise<{ readonly id: string; readonly text: string; readonly fetchedAt: number; readonly expiresAt: number } | null>;
  writeStsPolicy(
    domain: Uint8Array,
    policy: { readonly id: string; readonly text: string; readonly fetchedAt: number; readonly expiresAt: number } | null,
  ): Promise<void>;
  readTlsHistory(destination: Uint8Array): Promise<TlsHistory | null>;
  /** Written at most once an hour per destination. */
  writeTlsHistory(destination: Uint8Array, history: TlsHistory): Promise<void>;
}

/** Counts of sending per account, for limits per hour and day that outlive a restart. */
export interface SendingCounts {
  /** Adds to the running hour and day; gives the totals after it. New recipients are those not written to in 30 days by this account. */
  count(request: {
    readonly account: string;
    readonly at: number;
    /** Messages to add: several where counts are written together. */
    readonly messages: number;
    readonly recipients: readonly Uint8Array[];
  }): Promise<{
    readonly messagesHour: number;
    readonly messagesDay: number;
    readonly newRecipientsHour: number;
    readonly newRecipientsDay: number;
  }>;
}
