// Contract: deliveries that wait, are worked on, and end. Every change is a compare-and-set on lease and state, with its evidence
// in the same commit. A change that finds the lease gone says so and does nothing.
import type { ContentPlace } from '../mail/content.ts';
import type { Decision } from '../mail/decision.ts';
import type { DeliveryState } from '../mail/delivery.ts';
import type { Evidence } from '../mail/evidence.ts';
import type { Notify } from '../mail/envelope.ts';
import type { Hold, MessageRecord } from './journal.ts';
import type { NewPickup } from './pickups.ts';
import type { Judgement } from './reviews.ts';

/** A right to work on one delivery: `token` changes with every claim. */
export interface Lease {
  readonly deliveryId: string;
  readonly owner: string;
  readonly token: number;
}

/** A claimed delivery with all that an attempt needs but the content. */
export interface ActiveDelivery {
  readonly lease: Lease;
  readonly message: MessageRecord;
  readonly n: number;
  readonly recipient: string;
  readonly notify: readonly Notify[] | null;
  readonly orcpt: string | null;
  readonly destination: Uint8Array;
  readonly decision: Decision;
  /** Index into decision.methods of the method whose turn it is. */
  readonly methodIndex: number;
  /** Attempts begun so far, all methods. */
  readonly attempts: number;
  /** An earlier attempt ended without a known result: this one may be a duplicate, and is marked so. */
  readonly outcomeUnknown: boolean;
  /** When the method whose turn it is was first tried, or null. */
  readonly methodSince: number | null;
  readonly expiresAt: number;
  /** A delay DSN has been sent. */
  readonly delayReported: boolean;
}

export interface ClaimRequest {
  readonly owner: string;
  readonly now: number;
  readonly until: number;
  /** At most this many deliveries in all. */
  readonly limit: number;
  /** At most this many of one destination, less what the caller already has under way there. */
  readonly perDestination: number;
  /** Hex destination digest -> how many the caller has under way. */
  readonly busy: Readonly<Record<string, number>>;
}

export interface ClaimResult {
  readonly claimed: readonly ActiveDelivery[];
  /** When the next delivery falls due that this claim did not take for want of time, or null where none waits. */
  readonly nextDueAt: number | null;
}

export interface AttemptStart {
  readonly lease: Lease;
  readonly at: number;
  readonly evidence: Evidence;
}

/** What a delivery becomes after an attempt. */
export interface Settlement {
  readonly lease: Lease;
  readonly at: number;
  readonly after:
    | { readonly state: 'relayed' | 'returned' | 'expired' }
    | { readonly state: 'waiting'; readonly pickup: NewPickup }
    | { readonly state: 'queued'; readonly dueAt: number }
    | { readonly state: 'deferred'; readonly dueAt: number }
    | { readonly state: 'held'; readonly hold: Hold };
  /** Decided again, or the next method: stored instead of the old. */
  readonly decision: Decision;
  readonly methodIndex: number;
  readonly methodSince: number | null;
  /** 'unknown': the connection was lost after the final dot; the next attempt may be a duplicate and is marked so (ActiveDelivery.outcomeUnknown). */
  readonly outcome: 'known' | 'unknown';
  /** A report that is now owed to the originator, or null. It stays owed until a DSN settles it. */
  readonly report: ReportKind | null;
  /** What the report will say. Sealed by the engine. */
  readonly status: DeliveryStatus | null;
  readonly evidence: readonly Evidence[];
}

export type ReportKind = 'failed' | 'delayed' | 'relayed' | 'expanded' | 'held' | 'unopened' | 'picked-up';

/** The facts of a DSN's per-recipient part (RFC 3464 2.3). */
export interface DeliveryStatus {
  readonly at: number;
  /** Enhanced status, always present. */
  readonly status: string;
  /** Code of the catalogue (mail-error.ts), 'relayed' or 'picked-up'. */
  readonly code: string;
  /** Number and status only of a next hop's reply ('550 5.1.1'), never its text; null where none was given. */
  readonly diagnostic: string | null;
  /** Name of the next hop, or null. */
  readonly remoteMta: string | null;
  /** Words of the policy's author for the originator, and whom of the organisation to ask. */
  readonly words?: string;
  readonly ask?: string;
  /** Of a pickup: until when it waits. */
  readonly until?: number;
}

/** How a destination as a whole stands after a connection to it. */
export interface DestinationNews {
  readonly destination: Uint8Array;
  /** Nothing goes there before this time but one probe at it; null clears the back-off. */
  readonly notBefore: number | null;
  /** Connection failures in a row. */
  readonly failures: number;
}

/** Names one owed report. The kind belongs to it: a 'delayed' that is being written must not clear the 'failed' that came meanwhile. */
export interface OwedReference {
  readonly deliveryId: string;
  readonly kind: ReportKind;
}

/** Reports owed for one message. An entry of `deliveries` can be handed on as its OwedReference. */
export interface OwedReport {
  readonly message: MessageRecord;
  readonly deliveries: readonly {
    readonly deliveryId: string;
    readonly recipient: string;
    readonly orcpt: string | null;
    readonly notify: readonly Notify[] | null;
    readonly kind: ReportKind;
    readonly status: DeliveryStatus;
    readonly expiresAt: number;
  }[];
}

/** What a person asked for through a command. */
export interface PersonalChange {
  readonly deliveryId: string;
  readonly change: 'hold' | 'release' | 'cancel' | 'return' | 'retry';
  readonly at: number;
  readonly hold: Hold | null;
  /** For release: the decision made anew. Null keeps the stored one. */
  readonly decision: Decision | null;
  readonly report: ReportKind | null;
  readonly status: DeliveryStatus | null;
  readonly evidence: Evidence;
  /** What the person says of the content, counted with the change; null where nothing is said. */
  readonly judgement: (Judgement & { readonly evidence: Evidence }) | null;
}

export type ChangeResult = 'done' | 'not-found' | { readonly not: 'legal'; readonly state: DeliveryState };

export interface Queue {
  /** Claims due deliveries, fairly over destinations, in bounded slices. Orders by due time within a destination. */
  claim(request: ClaimRequest): Promise<ClaimResult>;
  /** The attempts are durable when this resolves; only then may a final dot be sent. Gives those whose lease is still ours. */
  begin(starts: readonly AttemptStart[]): Promise<readonly Lease[]>;
  /** Gives the leases that were gone. */
  settle(settlements: readonly Settlement[], news: DestinationNews | null): Promise<readonly Lease[]>;
  /** Longer leases for work that goes on. */
  renew(leases: readonly Lease[], until: number): Promise<void>;
  /**
   * Takes back what nobody works on: at a start all leases of other owners, later those past their time and not of `owner`.
   * An attempt begun without a result is marked outcome-unknown with `attempt.lost`. Bounded by `limit`; gives how many.
   */
  reclaim(request: {
    readonly owner: string;
    readonly now: number;
    readonly scope: 'start' | 'expired';
    readonly limit: number;
    /** No schedule gives a later time than this: what waits for one was written by a clock that has been set back, and is due now. */
    readonly latestDueAt?: number;
  }): Promise<number>;
  change(change: PersonalChange): Promise<ChangeResult>;
  /** Holds past their deadline become returned (report owed). Gives how many. */
  expireHolds(request: { readonly now: number; readonly limit: number }): Promise<number>;
  /** Messages with reports owed, oldest first. */
  owedReports(request: { readonly limit: number }): Promise<readonly OwedReport[]>;
  /** A report that NOTIFY or a null reverse-path forbids: cleared with evidence. */
  withholdReports(reports: readonly OwedReference[], evidence: readonly Evidence[]): Promise<void>;
  /** The destination's back-off, or null. */
  readDestination(destination: Uint8Array): Promise<DestinationNews | null>;
}

/** One line of `postern queue list`, addresses opened. */
export interface QueueEntry {
  readonly deliveryId: string;
  readonly state: DeliveryState;
  readonly kind: MessageRecord['kind'];
  readonly recipient: string;
  readonly reversePath: string;
  readonly acceptedAt: number;
  readonly dueAt: number | null;
  readonly expiresAt: number;
  readonly attempts: number;
  readonly sizeBytes: number;
  readonly hold: Hold | null;
  readonly lastStatus: DeliveryStatus | null;
  readonly decision: Decision;
}

/** Reads for people; served by a connection of its own, so that it never stands in the way of a commit. */
export interface QueueReader {
  list(request: {
    readonly states: readonly DeliveryState[] | null;
    readonly after: string | null;
    readonly limit: number;
  }): Promise<readonly QueueEntry[]>;
  show(messageId: string): Promise<{ readonly message: MessageRecord; readonly entries: readonly QueueEntry[] } | null>;
  counts(): Promise<Readonly<Record<DeliveryState, number>>>;
}

/** Retention: what may go. */
export interface Retention {
  /**
   * Messages whose deliveries have all ended before `endedBefore`, reports included, and whose content is still there. While a pickup of a
   * message is open it stays; when the last one is over it goes without delay: the term at the portal was its time.
   */
  endedBefore(request: {
    readonly endedBefore: number;
    readonly limit: number;
  }): Promise<readonly { readonly messageId: string; readonly place: ContentPlace; readonly periodId: number }[]>;
  /** Removes sealed bytes and wrapped keys of these messages, with evidence. */
  removeContent(messageIds: readonly string[], evidence: readonly Evidence[]): Promise<void>;
  /** Period ids that still have content. */
  periodsInUse(): Promise<readonly number[]>;
  /** Facts of messages accepted before that time go. Gives how many; call again while there are any. */
  forgetFacts(before: number): Promise<number>;
  /** Every message id with a spool file, for the sweep of orphans. */
  spooledIds(): Promise<readonly string[]>;
}
