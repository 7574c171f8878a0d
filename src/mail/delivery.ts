// A delivery is one recipient of one message. Its states and the only legal steps between them (DESIGN.md section 2).

export const DELIVERY_STATES = [
  'undecided',
  'queued',
  'active',
  'deferred',
  'held',
  'waiting',
  'relayed',
  'picked-up',
  'returned',
  'expired',
  'cancelled',
] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** Final states: each delivery reaches exactly one, and never leaves it. `sandboxed` is evidence of `relayed` in sandbox mode. */
export const FINAL_STATES = ['relayed', 'picked-up', 'returned', 'expired', 'cancelled'] as const satisfies readonly DeliveryState[];
export type FinalState = (typeof FINAL_STATES)[number];

const STEPS: Readonly<Record<DeliveryState, readonly DeliveryState[]>> = {
  // policy has decided, or a person has
  undecided: ['queued', 'held', 'returned', 'cancelled'],
  // claimed by the delivery loop; held by a person or a limit; cancelled by a person
  queued: ['active', 'held', 'cancelled'],
  // an attempt ended; `queued` is a lease given back unused
  active: ['queued', 'deferred', 'held', 'waiting', 'relayed', 'returned', 'expired'],
  deferred: ['active', 'held', 'cancelled'],
  // released to the queue, returned or cancelled by a person, expired at its deadline
  held: ['queued', 'returned', 'cancelled', 'expired'],
  // a pickup is open at the portal: opened; taken out by a person; its notice came back; not opened in time; recalled
  waiting: ['picked-up', 'queued', 'held', 'returned', 'expired', 'cancelled'],
  relayed: [],
  'picked-up': [],
  returned: [],
  expired: [],
  cancelled: [],
};

export function isFinal(state: DeliveryState): state is FinalState {
  return STEPS[state].length === 0;
}

/** May a delivery go from one state to the other? */
export function isLegalStep(from: DeliveryState, to: DeliveryState): boolean {
  return STEPS[from].includes(to);
}

/** What a delivery carries: the message itself, a notice about one, a DSN (RFC 3464), or what a person wrote at the portal. */
export type DeliveryKind = 'message' | 'notice' | 'dsn' | 'answer';

/** The id of a delivery: its message's id and its place in the envelope, from 0. */
export function deliveryIdOf(messageId: string, n: number): string {
  return `${messageId}/${n}`;
}
