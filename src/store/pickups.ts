// Contract: messages that wait at the portal. A pickup begins in the commit that settles its delivery as `waiting` and is over when it expires,
// is removed, or its content goes. Every change carries its evidence in the same commit.
import type { Evidence } from '../mail/evidence.ts';
import type { NoticeState, Opening } from '../mail/pickup.ts';
import type { DeliveryState } from '../mail/delivery.ts';
import type { DeliveryStatus, ReportKind } from './queue.ts';

/** What a notice is for. */
export type NoticeKind = 'first' | 'reminder' | 'again' | 'lost-factor';

/** Begins with the settlement (queue.ts) that makes its delivery `waiting`. */
export interface NewPickup {
  /** Keyed digest of the recipient's canonical address: keys.digest('pickup-address', canonicalAddress(recipient)). */
  readonly address: Uint8Array;
  /** Name of the brand in the configuration. */
  readonly brand: string;
  readonly opening: Opening;
  /** A code of the organisation that is to be made and told to the originator, who tells the recipient; null: none. */
  readonly tells: 'code' | null;
  readonly expiresAt: number;
  /** When the recipient is reminded of it, unopened; null: never. */
  readonly remindAt: number | null;
  /** When the originator is told that it stands unopened; null: never, or there is nobody to tell. */
  readonly alarmAt: number | null;
  readonly detail: PickupDetail;
}

/** Sealed by the engine. */
export interface PickupDetail {
  /** As the envelope has it. */
  readonly recipient: string;
  /** Who wrote, an address of the organisation; whether it may be told is configuration's. */
  readonly from: string;
  /** Language of notices where the recipient is not known yet. */
  readonly language: string;
  /** Answers to it that came back after they had been handed over, by id. */
  readonly cameBack?: readonly string[];
}

/** One notice that is owed. The kind belongs to it: what is accepted must not clear another that came meanwhile. */
export interface OwedNotice {
  readonly deliveryId: string;
  /** 'code': what the originator is told. */
  readonly notice: NoticeKind | 'code';
}

/** Due times are null once they have been seen to. */
export interface Pickup extends NewPickup {
  readonly deliveryId: string;
  readonly messageId: string;
  readonly n: number;
  readonly state: DeliveryState;
  readonly createdAt: number;
  readonly owed: NoticeKind | null;
  readonly notice: NoticeState;
  readonly noticedAt: number | null;
  readonly remindedAt: number | null;
  readonly alarmedAt: number | null;
  readonly bouncedAt: number | null;
  readonly awayAt: number | null;
  readonly opened: number;
  readonly firstOpenedAt: number | null;
  readonly lastOpenedAt: number | null;
  readonly downloadedAt: number | null;
  readonly answers: number;
  readonly recalledAt: number | null;
  /** Null while it can be opened, or restored. */
  readonly overAt: number | null;
}

/** What happened to a pickup. The engine moves the delivery where the step asks for it (`picked-up` at the first reading, `cancelled` ...). */
export type PickupEvent =
  /** Content was shown. The first of these ends the delivery as picked-up. */
  | { readonly what: 'opened' }
  /** The whole message or an attachment left for the reader's device; counts as opened too. */
  | { readonly what: 'downloaded' }
  /** An answer to it came back after it had been handed over: its id, or null where the report does not say which; then the newest is meant. */
  | { readonly what: 'answer-bounced'; readonly answer: string | null }
  /** Refused by the engine ('not-legal') once it has been opened: what was read cannot be taken back. */
  | { readonly what: 'recalled' }
  | { readonly what: 'restored' }
  /** A notice came back. Unopened, the delivery is returned with the report; what has been opened stays open. */
  | { readonly what: 'bounced' }
  | { readonly what: 'away' }
  /** The originator is told that it stands unopened, by the report. */
  | { readonly what: 'alarmed' }
  /** Never in place of a first notice that has not gone out yet. */
  | { readonly what: 'notice-owed'; readonly notice: NoticeKind };

export interface PickupReport {
  readonly kind: ReportKind;
  readonly status: DeliveryStatus;
}

export interface PickupChange {
  readonly deliveryId: string;
  readonly at: number;
  readonly event: PickupEvent;
  /** Owed to the originator from now on where the event ends the delivery, or is 'alarmed'; else nothing. */
  readonly report: PickupReport | null;
  readonly evidence: readonly Evidence[];
}

/** 'not-legal': the pickup does not stand so that this could happen; nothing changed, no evidence was written. */
export type PickupChanged = { readonly kind: 'done'; readonly pickup: Pickup } | { readonly kind: 'not-found' | 'not-legal' };

/** An answer, and how the first of those it goes to stands: the originator. `returned` also where it came back after it had been relayed. */
export interface PickupAnswer {
  readonly messageId: string;
  readonly at: number;
  readonly state: DeliveryState;
}

/** When a pickup's term ends; of those that end together, the number in their order. */
export interface PickupEnd {
  readonly expiresAt: number;
  readonly nth: number;
}

export interface Pickups {
  /**
   * Seals those anew under the key of now whose term ends after `after`; what is over goes with its key. In the order of their ends, `limit`
   * at most. Gives how many, and after which to go on; null where there are no more.
   */
  reseal(request: {
    readonly after: PickupEnd;
    readonly limit: number;
  }): Promise<{ readonly resealed: number; readonly last: PickupEnd | null }>;
  /** Also one that is over; null where there never was one, or its detail is destroyed. */
  find(deliveryId: string): Promise<Pickup | null>;
  /** Those of one address that can be opened or are recalled, newest first. */
  ofAddress(address: Uint8Array, limit: number): Promise<readonly Pickup[]>;
  /** Whose code is to be told to the originator, oldest first. Cleared as notices are. */
  owedCodes(limit: number): Promise<readonly Pickup[]>;
  change(change: PickupChange): Promise<PickupChanged>;
  /** What was answered to it at the portal, oldest first, at most 200. Each was counted in the commit that accepted it (MessageRecord.about). */
  answersTo(deliveryId: string): Promise<readonly PickupAnswer[]>;
  /** With notices owed, oldest first. Cleared in the commit that accepts the notice (AcceptUnit.noticesOf). */
  owedNotices(limit: number): Promise<readonly Pickup[]>;
  /** Unopened ones that are due to be brought to mind, of the recipient or of the originator. A reminder accepted (noticesOf) is due no more. */
  unopened(request: { readonly due: 'reminder' | 'alarm'; readonly now: number; readonly limit: number }): Promise<readonly Pickup[]>;
  /**
   * Pickups past their term are over: unopened ones expire (a recalled one is cancelled) with a report owed, read ones just close.
   * Bounded; gives how many.
   */
  expire(request: { readonly now: number; readonly limit: number }): Promise<number>;
  /** Every pickup of an address is over at once (`removed`), unopened ones returned; people, factors and codes of it go with their sealed detail. */
  removeAddress(request: { readonly address: Uint8Array; readonly at: number; readonly evidence: readonly Evidence[] }): Promise<number>;
}

/** For people; served by a connection of its own. Oldest first. */
export interface PickupReader {
  list(request: { readonly open: 'open' | 'all'; readonly after: string | null; readonly limit: number }): {
    readonly pickups: readonly Pickup[];
    readonly next: string | null;
  };
}
