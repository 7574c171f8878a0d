// The seam of delivery methods: a name, whether it can reach a recipient now, and then one of two ways. A method that sends packs the message for
// the next hop; one that keeps leaves it here, sealed, and says how it will be picked up.
import type { MethodName } from '../mail/decision.ts';
import type { MailErrorCode } from '../mail/mail-error.ts';
import type { Outcome } from '../mail/outcome.ts';
import type { NewPickup } from '../store/pickups.ts';
import type { ActiveDelivery } from '../store/queue.ts';
import type { Wire } from '../transport/transport.ts';

type NotReached = Extract<Outcome, { readonly kind: 'not-reached' }>['code'];

/** Can a method reach a recipient now? The relay's delivery attempt itself is the probe, so it says yes. */
export type Reach = { readonly reach: 'yes' } | { readonly reach: 'no'; readonly code: NotReached };

/** Bytes that can be read more than once, each time from the start: one pass for a digest, one per next hop tried. */
export interface Content {
  readonly sizeBytes: number;
  /** Chunks verified before they are given. @throws MailError content.unreadable. */
  read(): AsyncIterable<Uint8Array>;
}

export interface SendingMethod {
  readonly name: MethodName;
  readonly does: 'send';
  reach(delivery: ActiveDelivery): Promise<Reach>;
  pack(delivery: ActiveDelivery, content: Content): Promise<Wire>;
}

/** Why the method before was left: 'first' where there was none, 'not-known' where nobody remembers. */
export type LeftBy = MailErrorCode | 'first' | 'not-known';

export interface KeepingMethod {
  readonly name: MethodName;
  readonly does: 'keep';
  keep(delivery: ActiveDelivery, leftBy: LeftBy): Promise<Kept>;
}

/** `codes` for evidence. */
export type Kept =
  | { readonly kept: 'yes'; readonly pickup: NewPickup; readonly codes: Readonly<Record<string, string | number | boolean>> }
  | { readonly kept: 'no'; readonly code: NotReached };

export type DeliveryMethod = SendingMethod | KeepingMethod;
