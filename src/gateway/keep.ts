// Deliveries by a method that keeps: nothing goes out, each recipient stands by itself, and the step to such a method is taken in the same commit
// as the attempt that led to it.
import { deliveryIdOf } from '../mail/delivery.ts';
import { MailError } from '../mail/mail-error.ts';
import type { Outcome } from '../mail/outcome.ts';
import type { DeliveryMethod, KeepingMethod, Kept, LeftBy } from '../methods/method.ts';
import type { MethodName } from '../mail/decision.ts';
import type { ActiveDelivery, Settlement } from '../store/queue.ts';
import type { RoadEvents } from './events.ts';
import type { SettlementFacts } from './settlement.ts';

export type Waits = Extract<Kept, { readonly kept: 'yes' }>;

type Methods = Readonly<Partial<Record<MethodName, DeliveryMethod>>>;

/** What it came to: waiting, or an outcome as any other. A fault of ours lets the delivery wait in the queue. */
export async function keepOne(
  delivery: ActiveDelivery,
  method: KeepingMethod,
  leftBy: LeftBy,
  events: Pick<RoadEvents, 'bug'>,
): Promise<Waits | Outcome> {
  try {
    const kept = await method.keep(delivery, leftBy);
    return kept.kept === 'yes' ? kept : { kind: 'not-reached', code: kept.code, tls: null };
  } catch (error) {
    if (!(error instanceof MailError)) events.bug({ where: 'deliver.keep', error });
    return { kind: 'deferred', code: 'store.unavailable', scope: 'message', afterDot: 'no', reply: null, tls: null };
  }
}

/** It stays here for the recipient to pick up. */
export function waiting(delivery: ActiveDelivery, { pickup, codes }: Waits, { at, now }: Pick<SettlementFacts, 'at' | 'now'>): Settlement {
  const { lease, message, n, decision, methodIndex } = delivery;
  return {
    lease,
    at: now,
    decision,
    methodIndex,
    methodSince: delivery.methodSince ?? now,
    outcome: 'known',
    after: { state: 'waiting', pickup },
    report: null,
    status: null,
    evidence: [
      {
        kind: 'delivery.waiting',
        at,
        messageId: message.id,
        deliveryId: deliveryIdOf(message.id, n),
        codes: { method: decision.methods[methodIndex] ?? '', ...codes },
        detail: null,
      },
    ],
  };
}

/**
 * Where an attempt has led to the next method and that one keeps: the settlement by it, with the evidence of both. Else the settlement as it was.
 * @param settle the settlement of a delivery that came to this
 */
export async function orKept(
  delivery: ActiveDelivery,
  settlement: Settlement,
  leftBy: LeftBy,
  { methods, events }: { readonly methods: Methods; readonly events: Pick<RoadEvents, 'bug'> },
  settle: (moved: ActiveDelivery, result: Waits | Outcome) => Settlement,
): Promise<Settlement> {
  const { methodIndex, after } = settlement;
  const name = delivery.decision.methods[methodIndex];
  const method = name === undefined ? undefined : methods[name];
  if (after.state !== 'queued' || methodIndex !== delivery.methodIndex + 1 || method?.does !== 'keep') return settlement;
  const moved = { ...delivery, methodIndex, methodSince: null };
  const result = await keepOne(moved, method, leftBy, events);
  // It stays in the queue, and is tried by that method from there.
  if ('kind' in result && result.kind === 'deferred') return settlement;
  const kept = settle(moved, result);
  return { ...kept, evidence: [...settlement.evidence, ...kept.evidence] };
}
