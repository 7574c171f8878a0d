// Contract: to whom the organisation has written, as keyed digests only, and who is one slip of a finger away from someone it writes to often.

/** A recipient as it is remembered, digests of mail/one-slip.ts. */
export interface Correspondent {
  readonly address: Uint8Array;
  readonly domain: Uint8Array;
  /** Digests of the address with one character left out, by place. Null where they are not to be remembered now. */
  readonly rests: readonly Uint8Array[] | null;
}

export interface CorrespondentLook {
  /** Earlier mail to this address, to anyone at its domain. */
  readonly seen: { readonly address: boolean; readonly domain: boolean };
  /**
   * This address was never written to, and one that gets mail regularly differs from it by one insertion, deletion, substitution or
   * transposition of neighbouring characters.
   */
  readonly oneSlip: boolean;
  /** To remember it by, in the unit that decides the message. */
  readonly correspondent: Correspondent;
}

export interface Correspondents {
  /** In the order given. `rests` is called only for those never written to, and those that this message makes regular. */
  look(
    recipients: readonly { readonly address: Uint8Array; readonly domain: Uint8Array; readonly rests: () => readonly Uint8Array[] }[],
    at: number,
  ): Promise<readonly CorrespondentLook[]>;
  /**
   * One message more to each. Regular is who got three messages or more, on two days (UTC) or more. Forgotten are those not written to
   * for two years, a few with each message.
   */
  record(request: { readonly recipients: readonly Correspondent[]; readonly at: number }): Promise<void>;
}
