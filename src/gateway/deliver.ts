// deliver and settle: one group of deliveries (same message, same destination) from claim to the commit of its result.
import { canonicalAddress } from '../mail/address.ts';
import type { AppliedFloor, NextHop } from '../mail/next-hop.ts';
import type { Recipient } from '../mail/envelope.ts';
import type { Evidence } from '../mail/evidence.ts';
import { MailError, type MailErrorCode } from '../mail/mail-error.ts';
import { deliveryIdOf } from '../mail/delivery.ts';
import type { Outcome } from '../mail/outcome.ts';
import type { SealingKeys } from '../keys/keys.ts';
import { keepOne, orKept, type Waits, waiting } from './keep.ts';
import type { Content, DeliveryMethod, LeftBy } from '../methods/method.ts';
import type { MethodName } from '../mail/decision.ts';
import type { Spool } from '../spool/spool.ts';
import type { Journal } from '../store/journal.ts';
import type { ActiveDelivery, DestinationNews, Queue, Settlement } from '../store/queue.ts';
import type { Transport, Wire } from '../transport/transport.ts';
import type { Clock } from './clock.ts';
import { checked, stoppedSettlements } from './check-decision.ts';
import type { DecideAgainDeps } from './decide-again.ts';
import type { RoadEvents } from './events.ts';
import { type ConfiguredRoute, destinationOf, routeOf, type RouteLookups } from './route.ts';
import { givenBack, heldForFault, settlementOf, type SettlementFacts, type SettlementRules } from './settlement.ts';
import { togetherKey } from './together.ts';
import { type SendToHop, walk, type Walked } from './walk.ts';

export interface DeliverDeps extends DecideAgainDeps {
  readonly journal: Pick<Journal, 'readSealed'>;
  readonly queue: Pick<Queue, 'begin' | 'settle'>;
  readonly spool: Pick<Spool, 'read'>;
  readonly keys: Pick<SealingKeys, 'unwrapDataKey'>;
  /** Those that are set up: what policy names beside them reaches nobody. */
  readonly methods: Readonly<Partial<Record<MethodName, DeliveryMethod>>>;
  readonly transport: Pick<Transport, 'send'>;
  readonly routes: () => readonly ConfiguredRoute[];
  readonly lookups: RouteLookups;
  readonly rules: SettlementRules;
  readonly clock: Clock;
  readonly chance: () => number;
  readonly events: RoadEvents;
  /** A report is owed now, or a notice. */
  readonly reportsOwed: () => void;
  /** Hears how the destination answered; gives news for the queue where its back-off changes. */
  readonly destinationNews: (destination: Uint8Array, answered: 'answered' | 'silent') => Promise<DestinationNews | null>;
  /** Hears the TLS results of a group; gives evidence of a downgrade where there is one. */
  readonly watchTls: (delivery: ActiveDelivery, domain: string, outcome: Outcome) => Promise<readonly Evidence[]>;
}

/** A group of deliveries of one message to one destination, claimed. `sealed` are its bytes where they are still at hand. */
export interface DeliveryGroup {
  readonly deliveries: readonly ActiveDelivery[];
  readonly sealed: Uint8Array | null;
}

/**
 * Works one group to its commit. Never rejects for what the world does; what it cannot settle stays leased and is reclaimed.
 * @param offTheWire called when the dialogue is over: the place may serve another while this one is settled
 * @returns when the first of them falls due again, or null where none does
 */
export async function deliver(
  group: DeliveryGroup,
  deps: DeliverDeps,
  signal: AbortSignal,
  offTheWire: () => void,
): Promise<number | null> {
  const startedAt = performance.now();
  const all = await Promise.all(group.deliveries.map((delivery) => checked(delivery, deps)));
  const stopped = stoppedSettlements(all, deps, deps.rules.holdFor);
  if (stopped.length > 0) {
    await deps.queue.settle(stopped, null);
    deps.reportsOwed();
  }
  const decided = all.filter(({ stopped }) => stopped === null);
  const deliveries = decided.map(({ delivery }) => delivery);
  // One reading for the whole attempt: evidence names the route that was taken, also where a reload comes in between.
  const routes = deps.routes();
  const walked = await tryAll(deliveries, routes, group.sealed, deps, signal);
  offTheWire();
  const settlements: Settlement[] = [];
  for (const [i, delivery] of deliveries.entries()) {
    const result = walked[i];
    if (result === undefined) throw new Error('no result for a delivery');
    const watched = 'outcome' in result ? await deps.watchTls(delivery, destinationOf(delivery.recipient, []).domain, result.outcome) : [];
    const settleAs = (moved: ActiveDelivery, came: Result): Settlement => settle(moved, came, routes, deps, signal);
    const leftBy: LeftBy = 'outcome' in result && 'code' in result.outcome ? result.outcome.code : 'not-known';
    const settlement = await orKept(delivery, settleAs(delivery, result), leftBy, deps, (moved, came) =>
      settleAs(moved, 'kept' in came ? came : { outcome: came, remoteMta: null }),
    );
    settlements.push({ ...settlement, evidence: [...(decided[i]?.evidence ?? []), ...settlement.evidence, ...watched] });
  }
  const first = deliveries[0];
  // What stays here says nothing of the destination.
  const quiet = first === undefined || walked.every((result) => result !== undefined && 'kept' in result);
  const news = quiet ? null : await deps.destinationNews(first.destination, answeredAtAll(walked) ? 'answered' : 'silent');
  if (news !== null && news.notBefore !== null) {
    deps.events.backedOff({ destination: news.destination, failures: news.failures, forMs: news.notBefore - deps.clock.steady() });
  }
  const gone = await deps.queue.settle(settlements, news);
  // Nobody takes a lease away from its holder; where one is gone all the same, what became of the delivery is said at least in the log.
  if (gone.length > 0) deps.events.bug({ where: 'deliver.settle', error: new Error('a lease was gone before its settlement') });
  if (settlements.some(({ report, after }) => report !== null || after.state === 'waiting')) deps.reportsOwed();
  tell(deliveries, walked, settlements, performance.now() - startedAt, deps);
  const due = settlements.flatMap(({ after }) => ('dueAt' in after ? [after.dueAt] : []));
  // The probe got through: what waited behind it is due.
  if (news !== null && news.notBefore === null) due.push(deps.clock.steady());
  return due.length === 0 ? null : Math.min(...due);
}

interface Fault {
  readonly fault: MailErrorCode;
}

type Result = Walked | Fault | Waits;

/**
 * Routes may have changed since the queue put these together, and decisions: what goes elsewhere now, or otherwise, is tried by itself, under
 * its own reach and floor.
 */
async function tryAll(
  deliveries: readonly ActiveDelivery[],
  routes: readonly ConfiguredRoute[],
  sealed: Uint8Array | null,
  deps: DeliverDeps,
  signal: AbortSignal,
): Promise<readonly (Result | undefined)[]> {
  const results = new Map<ActiveDelivery, Result>();
  const keyOf = (delivery: ActiveDelivery): string => `${destinationOf(delivery.recipient, routes).key} ${togetherKey(delivery)}`;
  for (const together of Map.groupBy(deliveries, keyOf).values()) {
    const tried = await tryOut(together, routes, sealed, deps, signal);
    tried.forEach((result, i) => {
      const delivery = together[i];
      if (delivery !== undefined) results.set(delivery, result);
    });
  }
  return deliveries.map((delivery) => results.get(delivery));
}

async function tryOut(
  deliveries: readonly ActiveDelivery[],
  routes: readonly ConfiguredRoute[],
  sealed: Uint8Array | null,
  deps: DeliverDeps,
  signal: AbortSignal,
): Promise<readonly Result[]> {
  const first = deliveries[0];
  if (first === undefined) return [];
  const all = (outcome: Outcome): readonly Walked[] => deliveries.map(() => ({ outcome, remoteMta: null }));
  try {
    const name = first.decision.methods[first.methodIndex];
    const method = name === undefined ? undefined : deps.methods[name];
    if (method === undefined) return all({ kind: 'not-reached', code: 'delivery.below-floor', tls: null });
    if (method.does === 'keep') {
      const kept = await Promise.all(
        deliveries.map((delivery) => keepOne(delivery, method, delivery.methodIndex === 0 ? 'first' : 'not-known', deps.events)),
      );
      return kept.map((one) => ('kept' in one ? one : { outcome: one, remoteMta: null }));
    }
    const reach = await method.reach(first);
    if (reach.reach === 'no') return all({ kind: 'not-reached', code: reach.code, tls: null });
    const routing = await routeOf(destinationOf(first.recipient, routes), deps.lookups);
    if (routing.kind === 'deferred')
      return all({ kind: 'deferred', code: routing.code, scope: 'next-hop', afterDot: 'no', reply: null, tls: null });
    if (routing.kind === 'failed') return all({ kind: 'failed', code: routing.code, reply: null, tls: null });
    const wire = await method.pack(first, await contentOf(first, sealed, deps));
    return await walkHops(routing.hops, deliveries, wire, deps, signal);
  } catch (error) {
    const fault = faultOf(error, first, deps);
    return deliveries.map(() => fault);
  }
}

const OUR_FAULT: Outcome = { kind: 'deferred', code: 'store.unavailable', scope: 'message', afterDot: 'no', reply: null, tls: null };

/** A fault of ours ends the attempt for those who still wait; whoever an earlier next hop has taken keeps that end. */
async function walkHops(
  hops: readonly NextHop[],
  deliveries: readonly ActiveDelivery[],
  wire: Wire,
  deps: DeliverDeps,
  signal: AbortSignal,
): Promise<readonly (Walked | Fault)[]> {
  const faults: (Walked | Fault)[] = [];
  const send: SendToHop = async (hop, pending) => {
    if (faults.length === 0) {
      try {
        return await sendTo(hop, pending, deliveries, wire, deps, signal);
      } catch (error) {
        faults.push(faultOf(error, deliveries[0], deps));
      }
    }
    return pending.map(() => OUR_FAULT);
  };
  const walked = await walk(hops, deliveries.map(recipientOf), send, signal);
  return walked.map((one) => (one.outcome === OUR_FAULT ? (faults[0] ?? one) : one));
}

/** Told, and what it means for a delivery: content that cannot be read is held, anything else waits. */
function faultOf(error: unknown, delivery: ActiveDelivery | undefined, deps: DeliverDeps): Walked | Fault {
  if (error instanceof MailError && error.code === 'content.unreadable') {
    deps.events.alarm({ what: 'content-damaged', messageId: delivery?.message.id ?? '' });
    return { fault: 'content.unreadable' };
  }
  deps.events.bug({ where: 'deliver', error });
  return { outcome: OUR_FAULT, remoteMta: null };
}

async function contentOf(delivery: ActiveDelivery, hot: Uint8Array | null, deps: DeliverDeps): Promise<Content> {
  const { id, content } = delivery.message;
  const key = deps.keys.unwrapDataKey(id, content.wrappedKey, content.periodId);
  const sealed = content.place === 'row' ? (hot ?? (await deps.journal.readSealed(id))) : null;
  if (content.place === 'row' && sealed === null) throw new MailError('content.unreadable');
  return {
    sizeBytes: content.sizeBytes,
    read: () => deps.spool.read({ messageId: id, place: content.place, sealed, sizeBytes: content.sizeBytes, key }),
  };
}

async function sendTo(
  hop: Parameters<Transport['send']>[0]['hop'],
  pending: readonly number[],
  deliveries: readonly ActiveDelivery[],
  wire: Wire,
  deps: DeliverDeps,
  signal: AbortSignal,
): Promise<readonly Outcome[]> {
  const group = pending.flatMap((i) => deliveries[i] ?? []);
  const first = group[0];
  if (first === undefined) return [];
  const { floor, requireTls } = appliedFloor(first);
  return deps.transport.send({
    hop,
    floor,
    envelope: { ...first.message.envelope, requireTls },
    recipients: group.map(recipientOf),
    content: wire,
    beforeFinalDot: async () => {
      const begun = await deps.queue.begin(
        group.map((delivery) => ({
          lease: delivery.lease,
          at: deps.clock.steady(),
          evidence: attemptStarted(delivery, hop.host, deps.clock.now()),
        })),
      );
      return begun.length === group.length ? 'go' : 'stop';
    },
    signal,
  });
}

function appliedFloor(delivery: ActiveDelivery): AppliedFloor {
  return { floor: delivery.decision.floor, requireTls: delivery.message.envelope.requireTls };
}

function recipientOf(delivery: ActiveDelivery): Recipient {
  return { address: delivery.recipient, notify: delivery.notify, orcpt: delivery.orcpt };
}

function attemptStarted(delivery: ActiveDelivery, nextHop: string, at: number): Evidence {
  return {
    kind: 'attempt.started',
    at,
    messageId: delivery.message.id,
    deliveryId: deliveryIdOf(delivery.message.id, delivery.n),
    codes: {
      method: delivery.decision.methods[delivery.methodIndex] ?? '',
      attempt: delivery.attempts + 1,
      ...(delivery.outcomeUnknown ? { possibleDuplicate: true } : {}),
    },
    detail: { nextHop },
  };
}

function settle(
  delivery: ActiveDelivery,
  result: Result,
  routes: readonly ConfiguredRoute[],
  deps: DeliverDeps,
  signal: AbortSignal,
): Settlement {
  const facts: SettlementFacts = {
    at: deps.clock.now(),
    now: deps.clock.steady(),
    chance: deps.chance(),
    remoteMta: 'outcome' in result ? result.remoteMta : null,
    route: destinationOf(delivery.recipient, routes).route,
    holds: deps.policy().settings(canonicalAddress(delivery.message.envelope.reversePath), canonicalAddress(delivery.recipient)),
  };
  if ('kept' in result) return waiting(delivery, result, facts);
  if ('fault' in result) return heldForFault(delivery, result.fault, 'content.damaged', deps.rules, facts);
  const stopped = signal.aborted && result.outcome.kind === 'deferred' && result.outcome.afterDot === 'no' && result.outcome.reply === null;
  return stopped ? givenBack(delivery, facts) : settlementOf(delivery, result.outcome, deps.rules, facts);
}

/** Did any next hop answer at all? Only silence backs the destination off as a whole. */
function answeredAtAll(walked: readonly (Result | undefined)[]): boolean {
  return !walked.every(
    (result) => result !== undefined && 'outcome' in result && result.outcome.kind === 'deferred' && result.outcome.scope === 'next-hop',
  );
}

function tell(
  deliveries: readonly ActiveDelivery[],
  walked: readonly (Result | undefined)[],
  settlements: readonly Settlement[],
  tookMs: number,
  deps: DeliverDeps,
): void {
  const now = deps.clock.steady();
  for (const [i, delivery] of deliveries.entries()) {
    const result = walked[i];
    const settlement = settlements[i];
    if (result === undefined || settlement === undefined) continue;
    const outcome = 'outcome' in result ? result.outcome : null;
    deps.events.settled({
      deliveryId: deliveryIdOf(delivery.message.id, delivery.n),
      destination: delivery.destination,
      state: settlement.after.state,
      code:
        outcome === null ? ('kept' in result ? 'waiting' : 'content.unreadable') : outcome.kind === 'relayed' ? 'relayed' : outcome.code,
      method: delivery.decision.methods[delivery.methodIndex] ?? '',
      attempts: delivery.attempts + 1,
      tls: outcome?.tls?.level ?? null,
      sent: delivery.outcomeUnknown ? 'maybe-twice' : 'once',
      tookMs,
      ageMs: now - delivery.message.acceptedAt,
    });
  }
}
