// Law: an attempt is begun and settled only under its lease; what it became is kept with its evidence.
import type { Test } from 'tap';
import type { Settlement } from '../../../src/store/queue.ts';
import { acceptUnit, DECISION, evidence, HOUR, MINUTE, newPickup, settlement, status, T0 } from '../../support/store-units.ts';
import { idOf } from '../../support/store-names.ts';
import { accepted, begun, claim, kindsOf, OWNER, statesOf, verified } from './fixture.ts';
import type { OpenFixture, StoreFixture } from './fixture.ts';

const ID = `${idOf(1)}/0`;

async function activeOne(fixture: StoreFixture) {
  const [delivery] = await accepted(fixture, acceptUnit({ number: 1, state: 'active' }));
  if (delivery === undefined) throw new Error('not claimed');
  return delivery;
}

export async function attemptLaws(t: Test, open: OpenFixture): Promise<void> {
  await t.test('begun, settled, kept', async (t) => {
    const fixture = await open(t);
    const { lease } = await activeOne(fixture);
    t.same(await begun(fixture, [lease]), [lease]);
    t.same(await fixture.store.queue.settle([settlement(lease)], null), []);
    const again = await fixture.reopen();
    t.same(await statesOf(again, idOf(1)), ['relayed']);
    t.same(kindsOf(again, idOf(1)), ['message.accepted', 'delivery.decided', 'attempt.started', 'delivery.relayed']);
    t.match(await again.reader.queue.show(idOf(1)), {
      entries: [{ attempts: 1, lastStatus: status(T0 + 10, 'relayed'), dueAt: null, hold: null }],
    });
    t.equal(verified(again).bad, null);
  });

  await t.test('a lease that is not ours changes nothing and leaves no evidence', async (t) => {
    const fixture = await open(t);
    const { lease } = await activeOne(fixture);
    const wrong = [
      { ...lease, token: lease.token + 1 },
      { ...lease, owner: 'gateway-2' },
      { ...lease, deliveryId: `${idOf(1)}/1` },
      { ...lease, deliveryId: `${idOf(2)}/0` },
      { ...lease, deliveryId: 'nonsense' },
    ];
    const before = fixture.store.lastHead().seq;
    t.same(await begun(fixture, wrong), []);
    t.same(
      await fixture.store.queue.settle(
        wrong.map((one) => settlement(one)),
        null,
      ),
      wrong,
    );
    await fixture.store.queue.renew(wrong, T0 + HOUR);
    t.equal(fixture.store.lastHead().seq, before);
    t.same(await statesOf(fixture, idOf(1)), ['active']);
  });

  await t.test('one lease of several gone: the others are settled', async (t) => {
    const fixture = await open(t);
    const active = await accepted(
      fixture,
      acceptUnit({ number: 1, recipients: ['a@x.example', 'b@x.example', 'c@x.example'], state: 'active' }),
    );
    const [first, second, third] = active.map(({ lease }) => lease);
    if (first === undefined || second === undefined || third === undefined) throw new Error('not claimed');
    await fixture.store.queue.settle([settlement(second)], null);
    const gone = await fixture.store.queue.settle([settlement(first), settlement(second), settlement(third)], null);
    t.same(gone, [second]);
    t.same(await statesOf(fixture, idOf(1)), ['relayed', 'relayed', 'relayed']);
  });

  await t.test('what is settled cannot be settled again: one end', async (t) => {
    const fixture = await open(t);
    const { lease } = await activeOne(fixture);
    const ends = (['relayed', 'returned', 'expired'] as const).map((state) => settlement(lease, { after: { state }, status: status(T0) }));
    const results = await Promise.all(ends.map((one) => fixture.store.queue.settle([one], null)));
    t.equal(results.filter((gone) => gone.length === 0).length, 1);
    t.equal((await fixture.reader.queue.counts()).relayed, 1, 'the first one');
  });

  await t.test('every state after an attempt', async (t) => {
    const hold = { reason: 'below-floor', owner: 'gateway', deadline: T0 + HOUR };
    const after: readonly Settlement['after'][] = [
      { state: 'queued', dueAt: T0 + MINUTE },
      { state: 'deferred', dueAt: T0 + MINUTE },
      { state: 'held', hold },
      { state: 'waiting', pickup: newPickup() },
      { state: 'relayed' },
      { state: 'returned' },
      { state: 'expired' },
    ];
    for (const one of after) {
      const fixture = await open(t);
      const { lease } = await activeOne(fixture);
      await fixture.store.queue.settle([settlement(lease, { after: one })], null);
      const found = await fixture.reader.queue.show(idOf(1));
      t.match(
        found?.entries,
        [{ state: one.state, dueAt: 'dueAt' in one ? one.dueAt : null, hold: 'hold' in one ? hold : null }],
        one.state,
      );
      t.equal((await claim(fixture, { now: T0 + MINUTE })).length, 'dueAt' in one ? 1 : 0, `${one.state}: claimed when due, or not at all`);
    }
  });

  await t.test('decision, method and unknown outcome go on to the next attempt', async (t) => {
    const fixture = await open(t);
    const { lease } = await activeOne(fixture);
    await begun(fixture, [lease]);
    const decision = { ...DECISION, rule: 'decided-again', floor: 'tls' } as const;
    const after = { state: 'deferred', dueAt: T0 + MINUTE } as const;
    await fixture.store.queue.settle(
      [settlement(lease, { after, decision, methodIndex: 1, methodSince: T0 + 7, outcome: 'unknown' })],
      null,
    );
    const [second] = await claim(fixture, { now: T0 + MINUTE });
    t.match(second, { decision, methodIndex: 1, methodSince: T0 + 7, outcomeUnknown: true, attempts: 1, delayReported: false });
    await begun(fixture, [second?.lease ?? lease]);
    await fixture.store.queue.settle(
      [settlement(second?.lease ?? lease, { after, report: 'delayed', status: status(T0, 'delivery.timeout'), methodSince: null })],
      null,
    );
    const [third] = await claim(fixture, { now: T0 + MINUTE });
    t.match(
      third,
      { outcomeUnknown: true, attempts: 2, delayReported: true, methodSince: null },
      'once unknown, later attempts may be duplicates',
    );
    await fixture.store.queue.settle([settlement(third?.lease ?? lease, { after })], null);
    t.match(await claim(fixture, { now: T0 + MINUTE }), [{ outcomeUnknown: true, delayReported: true }], 'a delay is reported once');
  });

  await t.test('a renewed lease is not reclaimed, one past its time is', async (t) => {
    const fixture = await open(t);
    const { lease } = await activeOne(fixture);
    await fixture.store.queue.renew([lease], T0 + HOUR);
    const request = { owner: 'gateway-2', scope: 'expired', limit: 10 } as const;
    t.equal(await fixture.store.queue.reclaim({ ...request, now: T0 + HOUR - 1 }), 0);
    t.equal(await fixture.store.queue.reclaim({ ...request, now: T0 + HOUR }), 1);
  });

  await t.test('a report without a status to report is refused, and nothing happens', async (t) => {
    const fixture = await open(t);
    const { lease } = await activeOne(fixture);
    await t.rejects(
      fixture.store.queue.settle([settlement(lease, { after: { state: 'returned' }, report: 'failed', status: null })], null),
    );
    t.same(await statesOf(fixture, idOf(1)), ['active']);
    t.equal(verified(fixture).bad, null);
  });

  await t.test('a step that is not legal is refused, and nothing happens', async (t) => {
    const fixture = await open(t);
    const { lease } = await activeOne(fixture);
    for (const state of ['cancelled', 'picked-up', 'active']) {
      await t.rejects(fixture.store.queue.settle([settlement(lease, { after: { state: state as 'relayed' } })], null), state);
    }
    t.same(await statesOf(fixture, idOf(1)), ['active']);
    t.same(kindsOf(fixture, idOf(1)), ['message.accepted', 'delivery.decided']);
  });

  await t.test('evidence of a settlement names what it is about', async (t) => {
    const fixture = await open(t);
    const { lease } = await activeOne(fixture);
    await fixture.store.queue.settle(
      [settlement(lease, { evidence: [evidence('tls.downgraded', idOf(1), ID), evidence('delivery.relayed', idOf(1), ID)] })],
      null,
    );
    const latest = fixture.reader.audit.latest({ messageId: idOf(1), beforeSeq: null, limit: 2 });
    t.equal(latest.length, 2);
    t.equal(fixture.reader.audit.latest({ messageId: idOf(2), beforeSeq: null, limit: 2 }).length, 0);
    t.equal(lease.owner, OWNER);
  });
}
