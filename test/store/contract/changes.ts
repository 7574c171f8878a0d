// Law: what a person asks for is a legal step or is refused, and a hold ends at its deadline.
import type { Test } from 'tap';
import { DELIVERY_STATES, isLegalStep } from '../../../src/mail/delivery.ts';
import type { DeliveryState } from '../../../src/mail/delivery.ts';
import type { PersonalChange } from '../../../src/store/queue.ts';
import { acceptUnit, DECISION, evidence, HOUR, MINUTE, newPickup, settlement, status, T0 } from '../../support/store-units.ts';
import { digestOf, idOf } from '../../support/store-names.ts';
import { accepted, claim, kindsOf, statesOf, verified } from './fixture.ts';
import type { OpenFixture, StoreFixture } from './fixture.ts';

const ID = `${idOf(1)}/0`;
const HOLD = { reason: 'person', owner: 'ann', deadline: T0 + 2 * HOUR };
const KIND = {
  hold: 'delivery.held',
  release: 'delivery.released',
  cancel: 'delivery.cancelled',
  return: 'delivery.returned',
  retry: 'delivery.retried',
} as const;

function asked(change: PersonalChange['change'], more: Partial<PersonalChange> = {}): PersonalChange {
  const hold = change === 'hold' ? HOLD : null;
  return {
    deliveryId: ID,
    change,
    at: T0 + HOUR,
    hold,
    decision: null,
    report: null,
    status: null,
    evidence: evidence(KIND[change], idOf(1), ID),
    judgement: null,
    ...more,
  };
}

/** A store with one delivery in the given state. */
async function standing(fixture: StoreFixture, state: DeliveryState): Promise<void> {
  const first = state === 'undecided' || state === 'queued' || state === 'held' ? state : state === 'cancelled' ? 'queued' : 'active';
  const [delivery] = await accepted(fixture, acceptUnit({ number: 1, state: first }));
  if (state === 'cancelled') await fixture.store.queue.change(asked('cancel'));
  if (delivery === undefined || state === 'active') return;
  const after =
    state === 'deferred'
      ? ({ state, dueAt: T0 + 3 * HOUR } as const)
      : state === 'waiting'
        ? ({ state, pickup: newPickup() } as const)
        : ({ state: state as 'relayed' | 'returned' | 'expired' } as const);
  await fixture.store.queue.settle([settlement(delivery.lease, { after })], null);
}

/** Where each wish leads, from where it may. Retry is no step. */
const TARGET = { hold: 'held', release: 'queued', cancel: 'cancelled', return: 'returned' } as const;

export async function changeLaws(t: Test, open: OpenFixture): Promise<void> {
  await t.test('every wish in every state', async (t) => {
    for (const state of DELIVERY_STATES.filter((one) => one !== 'picked-up')) {
      const wishes = Object.keys(KIND) as (keyof typeof KIND)[];
      for (const wish of wishes) {
        const fixture = await open(t);
        await standing(fixture, state);
        const before = fixture.store.lastHead().seq;
        const result = await fixture.store.queue.change(asked(wish));
        const may =
          wish === 'retry'
            ? state === 'queued' || state === 'deferred'
            : wish === 'release'
              ? state === 'held'
              : state !== 'active' && isLegalStep(state, TARGET[wish]);
        t.same(result, may ? 'done' : { not: 'legal', state }, `${wish} of ${state}`);
        t.same(await statesOf(fixture, idOf(1)), [may && wish !== 'retry' ? TARGET[wish] : state], `${wish} of ${state}: state`);
        t.equal(fixture.store.lastHead().seq, before + (may ? 1 : 0), `${wish} of ${state}: evidence`);
      }
    }
  });

  await t.test('what is not there', async (t) => {
    const fixture = await open(t);
    for (const deliveryId of [ID, `${idOf(1)}/7`, 'nonsense', ''])
      t.equal(await fixture.store.queue.change(asked('hold', { deliveryId })), 'not-found');
  });

  await t.test('a hold is not claimed; released it is, under the decision made anew', async (t) => {
    const fixture = await open(t);
    await standing(fixture, 'queued');
    await fixture.store.queue.change(asked('hold'));
    t.same(await claim(fixture, { now: T0 + HOUR }), []);
    t.match(await fixture.reader.queue.show(idOf(1)), { entries: [{ hold: HOLD, dueAt: null }] });
    const decision = { ...DECISION, rule: 'released-by-ann' };
    await fixture.store.queue.change(asked('release', { decision }));
    t.match(await claim(fixture, { now: T0 + HOUR }), [{ decision, methodIndex: 0 }]);
    t.match(await fixture.reader.queue.show(idOf(1)), { entries: [{ hold: null }] });
    t.same(kindsOf(fixture, idOf(1)).slice(-2), ['delivery.held', 'delivery.released']);
  });

  await t.test('retry makes it due now, through a back-off too: as its probe', async (t) => {
    const fixture = await open(t);
    await standing(fixture, 'deferred');
    await fixture.store.queue.settle([], { destination: digestOf('partner.example'), notBefore: T0 + 9 * HOUR, failures: 4 });
    t.same(await claim(fixture, { now: T0 + HOUR }), []);
    await fixture.store.queue.change(asked('retry'));
    t.equal((await claim(fixture, { now: T0 + HOUR })).length, 1);
  });

  await t.test('returned by a person: a report is owed', async (t) => {
    const fixture = await open(t);
    await standing(fixture, 'held');
    await fixture.store.queue.change(asked('return', { report: 'failed', status: status(T0, 'delivery.returned-by-person') }));
    t.match(await fixture.store.queue.owedReports({ limit: 10 }), [
      { deliveries: [{ deliveryId: ID, kind: 'failed', status: { code: 'delivery.returned-by-person' } }] },
    ]);
  });

  await t.test('holds end at their deadline, with a report owed and evidence', async (t) => {
    const fixture = await open(t);
    for (let number = 1; number <= 3; number++) await accepted(fixture, acceptUnit({ number, state: 'held', at: T0 + number * MINUTE }));
    t.equal(await fixture.store.queue.expireHolds({ now: T0 + HOUR, limit: 10 }), 0);
    t.equal(await fixture.store.queue.expireHolds({ now: T0 + HOUR + MINUTE, limit: 10 }), 1);
    t.same(await statesOf(fixture, idOf(1)), ['returned']);
    t.same(kindsOf(fixture, idOf(1)).at(-1), 'delivery.returned');
    t.match(await fixture.store.queue.owedReports({ limit: 10 }), [
      { message: { id: idOf(1) }, deliveries: [{ kind: 'failed', status: { status: '5.7.1', code: 'delivery.hold-expired' } }] },
    ]);
    t.equal(await fixture.store.queue.expireHolds({ now: T0 + 3 * HOUR, limit: 1 }), 1, 'bounded');
    t.equal(await fixture.store.queue.expireHolds({ now: T0 + 3 * HOUR, limit: 10 }), 1);
    t.equal((await fixture.reader.queue.counts()).returned, 3);
    t.equal(verified(fixture).bad, null);
  });
}
