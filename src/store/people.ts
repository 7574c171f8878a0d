// Contract: who reads at an address, and by what they prove it. Names and secrets are sealed by the engine; codes are kept as keyed digests only.
import type { Evidence } from '../mail/evidence.ts';
import type { Assurance, EnrolledKind } from '../mail/pickup.ts';

export interface Person {
  readonly id: number;
  /** Keyed digest of the address, as in pickups.ts. */
  readonly address: Uint8Array;
  /** As they gave it; null: nobody has said. */
  readonly name: string | null;
  readonly language: string | null;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly factors: readonly Factor[];
}

export interface Factor {
  readonly id: number;
  readonly personId: number;
  readonly kind: EnrolledKind;
  readonly assurance: Assurance;
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
  readonly secret: FactorSecret;
}

export type FactorSecret =
  | { readonly kind: 'password'; readonly hash: string }
  /** `lastStep`: the time step last used; none is good twice (RFC 6238 5.2). */
  | { readonly kind: 'totp'; readonly secret: string; readonly lastStep: number }
  | {
      readonly kind: 'passkey';
      readonly credentialId: string;
      readonly publicKey: string;
      readonly counter: number;
      readonly transports: readonly string[];
      readonly label: string;
    }
  /** E.164, with its plus. */
  | { readonly kind: 'phone'; readonly number: string };

export type CodeKind = 'mailed-code' | 'clinic-code' | 'phone-code';

export interface NewCode {
  readonly address: Uint8Array;
  /** Of one pickup only, or null. */
  readonly deliveryId: string | null;
  readonly kind: CodeKind;
  /** The phone that a 'phone-code' went to: it proves its owner, while that phone is enrolled. Else null. */
  readonly factorId: number | null;
  readonly salt: Uint8Array;
  readonly digest: Uint8Array;
  readonly createdAt: number;
  readonly expiresAt: number;
}

export interface Code extends NewCode {
  readonly id: number;
  readonly failures: number;
}

export interface People {
  ofAddress(address: Uint8Array): Promise<readonly Person[]>;
  find(personId: number): Promise<Person | null>;
  /** By the keyed digest of a credential id; null where it is nobody's, or has ended. */
  byPasskey(name: Uint8Array): Promise<{ readonly person: Person; readonly factor: Factor } | null>;
  add(person: {
    readonly address: Uint8Array;
    readonly name: string | null;
    readonly language: string | null;
    readonly at: number;
    readonly evidence: readonly Evidence[];
  }): Promise<Person>;
  /** Name and language; null keeps it. */
  change(change: {
    readonly personId: number;
    readonly name: string | null;
    readonly language: string | null;
    readonly at: number;
    readonly evidence: readonly Evidence[];
  }): Promise<void>;
  /** A password, an app or a phone replaces the one that the person had; of passkeys there may be several. 'ended': the person is no more. */
  enrol(factor: {
    readonly personId: number;
    readonly assurance: Assurance;
    readonly secret: FactorSecret;
    /** Keyed digest of a passkey's credential id, else null. */
    readonly name: Uint8Array | null;
    readonly at: number;
    readonly evidence: readonly Evidence[];
  }): Promise<Factor | 'ended'>;
  /**
   * The factor was used: its counter or step goes on, and the person was seen. A counter of 0 says that the authenticator keeps none
   * (WebAuthn 3 section 6.1.1). 'used-before': another was faster, or the step is not newer, or the factor has
   * ended; it must not count.
   */
  used(use: { readonly factorId: number; readonly secret: FactorSecret; readonly at: number }): Promise<'counted' | 'used-before'>;
  /** Ends factors: all of a person (null), or one. The sealed secret is gone afterwards. */
  endFactors(end: {
    readonly personId: number;
    readonly factorId: number | null;
    readonly at: number;
    readonly evidence: readonly Evidence[];
  }): Promise<number>;
  /** They read here no more, and their factors have ended. False: they had ended before, or there is nobody of that id. */
  end(end: { readonly personId: number; readonly at: number; readonly evidence: readonly Evidence[] }): Promise<boolean>;
  addCode(code: NewCode & { readonly endsOthers: 'none' | 'same-kind'; readonly evidence: readonly Evidence[] }): Promise<void>;
  /** Those that can still be entered at `at`, newest first. */
  codes(request: { readonly address: Uint8Array; readonly deliveryId: string; readonly at: number }): Promise<readonly Code[]>;
  /** Whatever was sent or told to the address is of no use any more. Gives how many. */
  endCodes(end: { readonly address: Uint8Array; readonly at: number }): Promise<number>;
  /** A try: spends the code, or counts a failure on each of those it was compared with. 'spent-before': another was faster. */
  tried(
    result:
      | { readonly kind: 'right'; readonly codeId: number; readonly at: number; readonly evidence: readonly Evidence[] }
      | { readonly kind: 'wrong'; readonly codeIds: readonly number[]; readonly at: number; readonly evidence: readonly Evidence[] },
  ): Promise<'counted' | 'spent-before'>;
  /** Codes past their time before then. Gives how many. */
  forgetCodes(before: number): Promise<number>;
  /**
   * Seals what has not ended anew under the key of now: a name and a secret must outlive the key that seals them. In the order of ids after
   * `after`, `limit` at most. Gives how many, and the last id; null where there are no more.
   */
  reseal(request: {
    readonly of: 'people' | 'factors';
    readonly after: number;
    readonly limit: number;
  }): Promise<{ readonly resealed: number; readonly last: number | null }>;
}
