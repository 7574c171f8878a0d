// Law: after a crash nothing stays with a process that is gone, and what may have been sent is marked so.
import type { Test } from 'tap';
import { acceptUnit, HOUR, MINUTE, settlement, T0 } from '../../support/store-units.ts';
import { idOf } from '../../support/store-names.ts';
import { accepted, begun, claim, kindsOf, recordsOf, statesOf, verified } from './fixture.ts';
import type { OpenFixture } from './fixture.ts';
import type { Lease } from '../../../src/store/queue.ts';

const START = { owner: 'gateway-2', now: T0 + HOUR, scope: 'start', limit: 100 } as const;

export async function reclaimLaws(t: Test, open: OpenFixture): Promise<void> {
  await t.test('begun without a result: outcome unknown, with evidence; not begun: queued again as it was', async (t) => {
    const fixture = await open(t);
    const active = await accepted(fixture, acceptUnit({ number: 1, recipients: ['a@x.example', 'b@y.example'], state: 'active' }));
    await begun(fixture, [active[0]?.lease ?? fail()]);
    const again = await fixture.reopen();
    t.equal(await again.store.queue.reclaim(START), 2);
    t.same(await statesOf(again, idOf(1)), ['deferred', 'queued']);
    t.match(
      recordsOf(again).filter(({ kind }) => kind === 'attempt.lost'),
      [{ deliveryId: `${idOf(1)}/0`, codes: { attempt: 1 } }],
    );
    const claimed = await claim(again, { owner: 'gateway-2', now: T0 + HOUR });
    t.same(claimed.map(({ n, outcomeUnknown, attempts }) => [n, outcomeUnknown, attempts]).toSorted(), [
      [0, true, 1],
      [1, false, 0],
    ]);
    t.same(
      await again.store.queue.settle(
        active.map(({ lease }) => settlement(lease)),
        null,
      ),
      active.map(({ lease }) => lease),
      'the leases of before are gone',
    );
    t.equal(verified(again).bad, null);
  });

  await t.test('an attempt that was settled is not lost', async (t) => {
    const fixture = await open(t);
    const [one] = await accepted(fixture, acceptUnit({ number: 1, state: 'active' }));
    await begun(fixture, [one?.lease ?? fail()]);
    await fixture.store.queue.settle([settlement(one?.lease ?? fail(), { after: { state: 'deferred', dueAt: T0 } })], null);
    await claim(fixture);
    t.equal(await fixture.store.queue.reclaim(START), 1);
    t.notOk(kindsOf(fixture, idOf(1)).includes('attempt.lost'));
    t.match(await claim(fixture, { now: T0 + HOUR }), [{ outcomeUnknown: false }]);
  });

  await t.test('bounded, and until nothing is left', async (t) => {
    const fixture = await open(t);
    for (let number = 1; number <= 5; number++) await accepted(fixture, acceptUnit({ number, state: 'active' }));
    const counts: number[] = [];
    for (let round = 0; round < 4; round++) counts.push(await fixture.store.queue.reclaim({ ...START, limit: 2 }));
    t.same(counts, [2, 2, 1, 0]);
  });

  await t.test('what waits for a time that no schedule gave is due at a start', async (t) => {
    const fixture = await open(t);
    const [far] = await accepted(fixture, acceptUnit({ number: 1, recipients: ['a@far.example'], state: 'active' }));
    const [near] = await accepted(fixture, acceptUnit({ number: 2, recipients: ['b@near.example'], state: 'active' }));
    const later = (lease: Lease | undefined, dueAt: number) => settlement(lease ?? fail(), { after: { state: 'deferred', dueAt } });
    await fixture.store.queue.settle([later(far?.lease, T0 + 50 * HOUR)], null);
    await fixture.store.queue.settle([later(near?.lease, T0 + HOUR + MINUTE)], null);
    const again = await fixture.reopen();
    await again.store.queue.reclaim({ ...START, latestDueAt: T0 + 2 * HOUR });
    const claimed = await claim(again, { owner: 'gateway-2', now: T0 + HOUR });
    t.same(
      claimed.map(({ recipient }) => recipient),
      ['a@far.example'],
      'the far one now, the near one in its time',
    );
    t.equal((await claim(again, { owner: 'gateway-2', now: T0 + HOUR + MINUTE })).length, 1);
  });

  await t.test('our own leases stay ours', async (t) => {
    const fixture = await open(t);
    const active = await accepted(fixture, acceptUnit({ number: 1, state: 'active' }));
    t.equal(await fixture.store.queue.reclaim({ ...START, owner: 'gateway-1' }), 0);
    t.equal(await fixture.store.queue.reclaim({ ...START, owner: 'gateway-1', scope: 'expired' }), 0);
    t.equal((await begun(fixture, [active[0]?.lease ?? fail()])).length, 1);
  });

  await t.test('of others, later only what is past its time', async (t) => {
    const fixture = await open(t);
    await accepted(fixture, acceptUnit({ number: 1, state: 'active' }));
    t.equal(await fixture.store.queue.reclaim({ ...START, scope: 'expired', now: T0 + MINUTE - 1 }), 0);
    t.equal(await fixture.store.queue.reclaim({ ...START, scope: 'expired', now: T0 + MINUTE }), 1);
  });
}

function fail(): never {
  throw new Error('nothing was claimed');
}
