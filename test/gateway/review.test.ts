// What a person may do to a delivery in each state, who and why in the evidence, and that a release decides again.
import t from 'tap';
import { evidenceKindOf, NO_MORE, review, type ReviewRequest } from '../../src/gateway/review.ts';
import type { DeliveryState } from '../../src/mail/delivery.ts';
import { decidingBy, simplePolicy } from '../support/deciding.ts';
import { type GatewayGround, gatewayGround, NOON } from '../support/gateway-ground.ts';
import { idOf } from '../support/store-names.ts';
import { acceptUnit, settlement } from '../support/store-units.ts';

const HOUR = 3_600_000;
const ID = `${idOf(1)}/0`;
const STATES = [
  'queued',
  'active',
  'deferred',
  'held',
  'relayed',
  'returned',
  'expired',
  'cancelled',
] as const satisfies readonly DeliveryState[];
const strict = simplePolicy('tls-authenticated', 'return');

/** Where each change leads to; 'same' leaves the state and makes it due. */
const LEGAL: Readonly<Record<ReviewRequest['change'], Partial<Record<DeliveryState, DeliveryState>>>> = {
  hold: { queued: 'held', deferred: 'held' },
  release: { held: 'queued' },
  cancel: { queued: 'cancelled', deferred: 'cancelled', held: 'cancelled' },
  return: { held: 'returned' },
  retry: { queued: 'queued', deferred: 'deferred' },
};

async function standing({ store, clock }: GatewayGround, state: (typeof STATES)[number]): Promise<void> {
  const first = state === 'queued' || state === 'held' ? state : state === 'cancelled' ? 'queued' : 'active';
  const result = await store.journal.accept(acceptUnit({ number: 1, state: first, at: clock.at }));
  const lease = result.kind === 'accepted' ? result.active[0]?.lease : undefined;
  if (state === 'deferred' && lease !== undefined)
    await store.queue.settle([settlement(lease, { at: clock.at, after: { state, dueAt: clock.at + 3 * HOUR } })], null);
  else if (lease !== undefined && state !== 'active')
    await store.queue.settle([settlement(lease, { at: clock.at, after: { state: state as 'relayed' | 'returned' | 'expired' } })], null);
}

async function ask(
  ground: GatewayGround,
  change: ReviewRequest['change'],
  deliveryId = ID,
): Promise<{ result: Awaited<ReturnType<typeof review>>; woken: number }> {
  let woken = 0;
  const deps = {
    queue: ground.store.queue,
    ...decidingBy(strict, { readings: ground.store.readings }),
    reader: ground.reader,
    accounts: ground.store.accounts,
    clock: ground.clock,
    holdFor: () => ({ clockMs: 5 * HOUR }),
    wake: () => void woken++,
  };
  const result = await review({ ...NO_MORE, deliveryId, change, who: 'Ann Admin', why: 'asked by Dr Jones' }, deps);
  return { result, woken };
}

for (const change of Object.keys(LEGAL) as ReviewRequest['change'][]) {
  for (const state of STATES) {
    const leadsTo = LEGAL[change][state];
    t.test(`${change} what is ${state}: ${leadsTo ?? 'not legal'}`, async (t) => {
      const ground = await gatewayGround(t);
      await standing(ground, state);
      if (state === 'cancelled') await ask(ground, 'cancel');
      const before = ground.evidence().length;
      ground.clock.at += HOUR;
      const { result, woken } = await ask(ground, change);
      const [entry] = await ground.deliveries();
      if (leadsTo === undefined) {
        t.same(result, { not: 'legal', state });
        t.same([entry?.state, woken, ground.evidence().length], [state, 0, before], 'nothing happened');
        return;
      }
      t.same([result, entry?.state, woken], ['done', leadsTo, 1]);
      const written = ground.evidence().slice(before);
      t.match(written, [
        { kind: evidenceKindOf(change), deliveryId: ID, codes: { by: 'person' }, detail: { who: 'Ann Admin', why: 'asked by Dr Jones' } },
      ]);
      t.equal(written.length, 1);
      t.notMatch(JSON.stringify(written[0]?.codes), /Ann|Jones/, 'names are sealed');
      if (change === 'retry') t.equal(entry?.dueAt, ground.clock.at, 'due now');
      if (change === 'hold') t.same(entry?.hold, { reason: 'person', owner: 'Ann Admin', deadline: ground.clock.at + 5 * HOUR });
    });
  }
}

t.test('a release decides again by the policy now in effect: nobody releases below a floor', async (t) => {
  const ground = await gatewayGround(t);
  await standing(ground, 'held');
  await ask(ground, 'release');
  const [entry] = await ground.deliveries();
  t.match(entry?.decision, { floor: 'tls-authenticated', otherwise: 'return', policyVersion: strict.version });
  t.match(ground.evidence().at(-1)?.codes, { floor: 'tls-authenticated', policy: strict.version });
  const { claimed } = await ground.store.queue.claim({ owner: 'o', now: NOON, until: NOON + HOUR, limit: 9, perDestination: 9, busy: {} });
  t.match(claimed, [{ decision: { floor: 'tls-authenticated' }, methodIndex: 0 }], 'and so it is delivered');
});

t.test('a return owes the originator a report', async (t) => {
  const ground = await gatewayGround(t);
  await standing(ground, 'held');
  await ask(ground, 'return');
  const [owed] = await ground.store.queue.owedReports({ limit: 9 });
  t.match(owed?.deliveries, [{ deliveryId: ID, kind: 'failed', status: { status: '5.7.1', code: 'delivery.returned-by-person' } }]);
});

for (const [name, deliveryId] of [
  ['no such message', `${idOf(2)}/0`],
  ['no such recipient', `${idOf(1)}/7`],
  ['no id at all', 'nonsense'],
  ['nothing', ''],
] as const) {
  t.test(`not found: ${name}`, async (t) => {
    const ground = await gatewayGround(t);
    await standing(ground, 'queued');
    const before = ground.evidence().length;
    t.same(await ask(ground, 'cancel', deliveryId), { result: 'not-found', woken: 0 });
    t.equal(ground.evidence().length, before);
  });
}
