// The seam of delivery methods: a name, whether it can reach a recipient now, and the message as this method sends it.
import type { MethodName } from '../mail/decision.ts';
import type { Outcome } from '../mail/outcome.ts';
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

export interface DeliveryMethod {
  readonly name: MethodName;
  reach(delivery: ActiveDelivery): Promise<Reach>;
  pack(delivery: ActiveDelivery, content: Content): Promise<Wire>;
}
