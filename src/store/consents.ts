// Contract: the registry of consents. A record is never changed: a revocation is added to it, and both stay. Subjects are keyed digests
// (mail/consent.ts); all else that is personal is sealed.
import type { Consent, RecordKind } from '../mail/consent.ts';
import type { Evidence } from '../mail/evidence.ts';

export interface NewConsent {
  readonly consent: Consent;
  /** Of `consentSubject`. */
  readonly subject: Uint8Array;
  /** `consent.recorded`. The engine adds which record, and its kind. */
  readonly evidence: Evidence;
}

/** 'exists': the same record is in force already, word for word; `id` is that one's. */
export interface Recorded {
  readonly id: number;
  readonly result: 'recorded' | 'exists';
}

export interface Revocation {
  readonly at: number;
  /** Null where the key of what it says was destroyed. */
  readonly said: { readonly who: string; readonly why: string } | null;
}

export interface ConsentRecord {
  readonly id: number;
  readonly kind: RecordKind;
  readonly givenAt: number;
  readonly until: number | null;
  /** What it says, who recorded it, when. Null where its key was destroyed or its bytes are damaged: it still holds or is revoked. */
  readonly said: { readonly consent: Consent; readonly who: string; readonly recordedAt: number } | null;
  readonly revocation: Revocation | null;
}

/** A record in force, as decisions need it. `until`: when it ends by itself. */
export interface ConsentInForce {
  readonly id: number;
  readonly kind: RecordKind;
  readonly until: number | null;
}

export type RevokeResult = 'revoked' | 'revoked-before' | 'not-found';

export interface Consents {
  /** All in one unit, in the order given. `who` is the user of the system that asked. */
  record(request: { readonly records: readonly NewConsent[]; readonly who: string; readonly at: number }): Promise<readonly Recorded[]>;
  /** `evidence` (`consent.revoked`) is written for each that is revoked by this; the engine adds which, its kind and its address. */
  revoke(request: {
    readonly ids: readonly number[];
    readonly at: number;
    readonly who: string;
    readonly why: string;
    readonly evidence: Evidence;
  }): Promise<readonly RevokeResult[]>;
  /**
   * Records in force at a time, per subject in the order given, with the revision that this is true of. What has been revoked is not in
   * force at any time, whatever a clock says.
   */
  inForce(
    subjects: readonly Uint8Array[],
    at: number,
  ): Promise<{ readonly revision: number; readonly consents: readonly (readonly ConsentInForce[])[] }>;
  /**
   * Seals records anew under the key of now, where they hold or were last in effect at `since` or later: they must outlive the key that
   * seals them. In the order of ids after `after`, `limit` at most. Gives how many, and the last id; null where there are no more.
   */
  reseal(request: {
    readonly since: number;
    readonly after: number;
    readonly limit: number;
  }): Promise<{ readonly resealed: number; readonly last: number | null }>;
  /** Grows with every record and revocation, in the same commit: a decision made at another revision is to be made again. */
  revision(): Promise<number>;
}

export interface ConsentListRequest {
  readonly kind: RecordKind | null;
  /** Only those that hold, or do not hold, at that time. */
  readonly state: { readonly in: 'in-force' | 'not-in-force'; readonly at: number } | null;
  /** Canonical; also the name of an account. */
  readonly address: string | null;
  /** Older than this id, or null from the newest on. */
  readonly before: number | null;
  /** Records to look at: where an address is asked for, fewer may be given. */
  readonly limit: number;
}

export interface ConsentReader {
  /** Newest first. `next` goes into `before` for more; null where there is no more. */
  list(request: ConsentListRequest): { readonly records: readonly ConsentRecord[]; readonly next: number | null };
  find(id: number): ConsentRecord | null;
}
