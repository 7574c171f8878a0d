// Methods that keep: what they come to, and the step to one in the same commit as the attempt that led to it.
import t from 'tap';
import { keepOne, orKept, waiting, type Waits } from '../../src/gateway/keep.ts';
import { settlementOf } from '../../src/gateway/settlement.ts';
import { CONFIGURED } from '../../src/gateway/decided.ts';
import { isLegalStep } from '../../src/mail/delivery.ts';
import { MailError } from '../../src/mail/mail-error.ts';
import type { Outcome } from '../../src/mail/outcome.ts';
import type { KeepingMethod, Kept, LeftBy } from '../../src/methods/method.ts';
import type { ActiveDelivery, Settlement } from '../../src/store/queue.ts';
import { activeDelivery, NOW } from '../support/active-delivery.ts';
import { newPickup } from '../support/store-units.ts';

const KEPT: Waits = { kept: 'yes', pickup: newPickup(), codes: { brand: 'default' } };
const RULES = {
  mode: 'live',
  retry: { firstMs: 60_000, factor: 2, longestMs: 3_600_000, jitter: 0 },
  holdFor: { clockMs: 3_600_000 },
  delayReportAfterMs: 3_600_000,
  nextMethodAfterMs: 3_600_000,
} as const;
const FACTS = { at: NOW, now: NOW, chance: 0.5, remoteMta: null, route: null, holds: CONFIGURED };
const NOT_REACHED: Outcome = { kind: 'not-reached', code: 'delivery.below-floor', tls: null };
const both = { ...activeDelivery().decision, methods: ['relay', 'portal'] } as const;

interface Asked {
  readonly method: KeepingMethod;
  readonly leftBy: LeftBy[];
  readonly bugs: string[];
  readonly events: { bug(event: { readonly where: string }): void };
}

function portal(keep: () => Promise<Kept>): Asked {
  const leftBy: LeftBy[] = [];
  const bugs: string[] = [];
  const method: KeepingMethod = {
    name: 'portal',
    does: 'keep',
    keep: (_, left) => {
      leftBy.push(left);
      return keep();
    },
  };
  return { method, leftBy, bugs, events: { bug: ({ where }) => void bugs.push(where) } };
}

const settle = (delivery: ActiveDelivery, result: Waits | Outcome): Settlement =>
  'kept' in result ? waiting(delivery, result, FACTS) : settlementOf(delivery, result, RULES, FACTS);

/** An attempt by the relay that came to this, and what became of the delivery. */
async function after(outcome: Outcome, asked: Asked, delivery = activeDelivery({ decision: both })): Promise<Settlement> {
  const leftBy = 'code' in outcome ? outcome.code : 'not-known';
  return orKept(delivery, settle(delivery, outcome), leftBy, { methods: { portal: asked.method }, events: asked.events }, settle);
}

t.test('kept, not kept, and a fault of ours', async (t) => {
  const table: readonly (readonly [name: string, keep: () => Promise<Kept>, expected: object, bugs: readonly string[]])[] = [
    ['kept', async () => KEPT, KEPT, []],
    [
      'no way to open',
      async () => ({ kept: 'no', code: 'delivery.no-way-to-open' }),
      { kind: 'not-reached', code: 'delivery.no-way-to-open' },
      [],
    ],
    [
      'the storage fails',
      async () => Promise.reject(new MailError('store.unavailable')),
      { kind: 'deferred', code: 'store.unavailable' },
      [],
    ],
    ['a bug', async () => Promise.reject(new Error('secret')), { kind: 'deferred', code: 'store.unavailable' }, ['deliver.keep']],
  ];
  for (const [name, keep, expected, bugs] of table) {
    const asked = portal(keep);
    t.match(await keepOne(activeDelivery(), asked.method, 'first', asked.events), expected, name);
    t.same(asked.bugs, bugs, name);
  }
});

t.test('waiting: a legal step, with evidence that names nobody', async (t) => {
  const settlement = waiting(activeDelivery({ decision: both, methodIndex: 1 }), KEPT, FACTS);
  t.ok(isLegalStep('active', settlement.after.state));
  t.match(settlement, { after: { state: 'waiting', pickup: KEPT.pickup }, report: null, methodIndex: 1 });
  t.match(settlement.evidence, [{ kind: 'delivery.waiting', codes: { method: 'portal', brand: 'default' }, detail: null }]);
});

t.test('below the floor: to the portal at once, with the evidence of both', async (t) => {
  const asked = portal(async () => KEPT);
  const settlement = await after(NOT_REACHED, asked);
  t.match(settlement, { after: { state: 'waiting' }, methodIndex: 1 });
  t.same(
    settlement.evidence.map(({ kind, codes }) => `${kind} ${String(codes['method'])}`),
    ['delivery.deferred relay', 'delivery.waiting portal'],
  );
  t.same(asked.leftBy, ['delivery.below-floor']);
});

t.test('nobody could open it there: held, or returned, as the decision says, at once', async (t) => {
  for (const [otherwise, state] of [
    ['hold', 'held'],
    ['return', 'returned'],
  ] as const) {
    const asked = portal(async () => ({ kept: 'no', code: 'delivery.no-way-to-open' }));
    const settlement = await after(NOT_REACHED, asked, activeDelivery({ decision: { ...both, otherwise } }));
    t.match(settlement, { after: { state }, methodIndex: 1 });
    t.match(
      settlement.evidence.map(({ kind }) => kind),
      ['delivery.deferred', `delivery.${state}`],
    );
    t.equal(settlement.status?.code, 'delivery.no-way-to-open', 'the originator is told why');
  }
});

t.test('a connection that fails: the portal only after the time for that', async (t) => {
  const failed: Outcome = { kind: 'deferred', code: 'delivery.connect-failed', scope: 'next-hop', afterDot: 'no', reply: null, tls: null };
  const asked = portal(async () => KEPT);
  const early = activeDelivery({ decision: both, methodSince: NOW - 3_599_999 });
  t.match(await after(failed, asked, early), { after: { state: 'deferred' }, methodIndex: 0 });
  t.match(await after(failed, asked, { ...early, methodSince: NOW - 3_600_000 }), { after: { state: 'waiting' } });
  t.same(asked.leftBy, ['delivery.connect-failed']);
});

t.test('a fault at the portal leaves it in the queue for the portal', async (t) => {
  const asked = portal(async () => Promise.reject(new MailError('store.unavailable')));
  t.match(await after(NOT_REACHED, asked), { after: { state: 'queued' }, methodIndex: 1 });
});

t.test('what has ended, or has no portal to go to, is as it was', async (t) => {
  const asked = portal(async () => KEPT);
  const refused: Outcome = { kind: 'failed', code: 'delivery.refused', reply: null, tls: null };
  t.match(await after(refused, asked), { after: { state: 'returned' } });
  t.match(await after(NOT_REACHED, asked, activeDelivery()), { after: { state: 'held' } });
  t.same(asked.leftBy, []);
});
