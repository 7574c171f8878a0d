// Before an attempt: the decision of each delivery as it stands now, and what policy no longer lets go.
import { isDeepStrictEqual } from 'node:util';
import { notDecided } from '../mail/decision.ts';
import { deliveryIdOf } from '../mail/delivery.ts';
import type { Evidence } from '../mail/evidence.ts';
import type { HoldTerm } from '../mail/hold-term.ts';
import type { ActiveDelivery, Settlement } from '../store/queue.ts';
import type { Clock } from './clock.ts';
import { decideAgain, type DecideAgainDeps, type DecidedAgain, isStale } from './decide-again.ts';
import { CONFIGURED, decisionCodes } from './decided.ts';
import type { RoadEvents } from './events.ts';
import { stoppedByPolicy } from './settlement.ts';

export interface CheckDeps extends DecideAgainDeps {
  readonly clock: Clock;
  readonly events: Pick<RoadEvents, 'bug'>;
}

export interface Checked {
  readonly delivery: ActiveDelivery;
  readonly evidence: readonly Evidence[];
  /** Policy holds or returns it now: nothing is tried. */
  readonly stopped: DecidedAgain | null;
}

/** The decision as it stands now. Where it cannot be made, the delivery is held by it. */
export async function checked(delivery: ActiveDelivery, deps: CheckDeps): Promise<Checked> {
  const { message, n, recipient, decision: before } = delivery;
  if (!isStale(before, deps)) return { delivery, evidence: [], stopped: null };
  const again = await decideAgain(message, { n, recipient, before }, deps).catch((error: unknown): DecidedAgain => {
    deps.events.bug({ where: 'deliver.decide', error });
    return { decision: notDecided('<fault>', deps.policy().version), settings: CONFIGURED };
  });
  const { decision } = again;
  const same = isDeepStrictEqual({ ...decision, policyVersion: '', consents: null }, { ...before, policyVersion: '', consents: null });
  const evidence: Evidence = {
    kind: 'delivery.decided',
    at: deps.clock.now(),
    messageId: message.id,
    deliveryId: deliveryIdOf(message.id, n),
    codes: { ...decisionCodes(decision), again: true },
    detail: null,
  };
  return {
    delivery: same ? { ...delivery, decision } : { ...delivery, decision, methodIndex: 0, methodSince: null },
    evidence: same && decision.policyVersion === before.policyVersion ? [] : [evidence],
    stopped: decision.action === 'deliver' ? null : again,
  };
}

/** What policy no longer lets go is held or returned, untried. */
export function stoppedSettlements(all: readonly Checked[], deps: CheckDeps, holdFor: HoldTerm): readonly Settlement[] {
  const at = deps.clock.now();
  const now = deps.clock.steady();
  return all.flatMap(({ delivery, evidence, stopped }) =>
    stopped === null ? [] : [stoppedByPolicy(delivery, evidence, stopped.settings, { at, now, holdFor })],
  );
}
