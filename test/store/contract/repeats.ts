// Law: the same message to the same recipient is taken once while the earlier one has not failed; two at the same moment make one.
import type { Test } from 'tap';
import type { AcceptUnit } from '../../../src/store/journal.ts';
import { acceptUnit, evidence, HOUR, newPickup, settlement, status, T0 } from '../../support/store-units.ts';
import { digestOf, idOf } from '../../support/store-names.ts';
import { accepted, begun, kindsOf, recordsOf, statesOf, verified } from './fixture.ts';
import type { OpenFixture, StoreFixture } from './fixture.ts';

const TO = ['bob@partner.example', 'carol@other.example'];

/** The message of number 1 again, under another id of ours. */
function again(number: number, recipients: readonly string[] = TO, change: Partial<AcceptUnit> = {}, at = T0 + 1000): AcceptUnit {
  return acceptUnit(
    { number, recipients, at, state: 'active', delivery: (_, address) => ({ repeatDigest: digestOf(`repeat 1 ${address}`) }) },
    change,
  );
}

export async function repeatLaws(t: Test, open: OpenFixture): Promise<void> {
  await t.test('all recipients again: nothing is stored but evidence', async (t) => {
    const fixture = await open(t);
    await accepted(fixture, again(1));
    t.same(await fixture.store.journal.accept(again(2)), { kind: 'repeated', earlierMessageId: idOf(1) });
    t.equal(await fixture.store.journal.readMessage(idOf(2)), null);
    t.equal(await fixture.store.journal.readSealed(idOf(2)), null);
    t.same(
      recordsOf(fixture)
        .filter(({ messageId }) => messageId === idOf(2))
        .map(({ kind, deliveryId, codes }) => [kind, deliveryId, codes['earlier'], codes['likely']]),
      [
        ['delivery.repeated', `${idOf(2)}/0`, `${idOf(1)}/0`, false],
        ['delivery.repeated', `${idOf(2)}/1`, `${idOf(1)}/1`, false],
      ],
    );
  });

  await t.test('some recipients again: the others are delivered', async (t) => {
    const fixture = await open(t);
    await accepted(fixture, again(1, ['bob@partner.example']));
    const result = await fixture.store.journal.accept(again(2, ['bob@partner.example', 'carol@other.example']));
    t.match(result, { kind: 'accepted', repeated: [0], active: [{ n: 1, recipient: 'carol@other.example' }] });
    t.same(kindsOf(fixture, idOf(2)), ['message.accepted', 'delivery.decided', 'delivery.repeated']);
    const decided = recordsOf(fixture).filter(({ kind, messageId }) => kind === 'delivery.decided' && messageId === idOf(2));
    t.same(
      decided.map(({ deliveryId }) => deliveryId),
      [`${idOf(2)}/1`],
      'no evidence of the repeated one but that it was',
    );
    t.same(await statesOf(fixture, idOf(2)), ['active']);
  });

  await t.test('two at the same moment make one', async (t) => {
    const fixture = await open(t);
    const results = await Promise.all(Array.from({ length: 20 }, (_, i) => fixture.store.journal.accept(again(i + 1))));
    t.equal(results.filter(({ kind }) => kind === 'accepted').length, 1);
    t.equal(results.filter(({ kind }) => kind === 'repeated').length, 19);
    t.equal(verified(fixture).bad, null);
  });

  await t.test('a recipient named twice in one envelope gets one copy', async (t) => {
    const fixture = await open(t);
    const result = await fixture.store.journal.accept(again(1, ['bob@partner.example', 'bob@partner.example']));
    t.match(result, { kind: 'accepted', repeated: [1] });
    t.same(await statesOf(fixture, idOf(1)), ['active']);
  });

  await t.test('after its time, a repeat is a new message', async (t) => {
    const fixture = await open(t);
    await accepted(fixture, again(1, TO, { repeatUntil: T0 + HOUR }));
    t.equal((await fixture.store.journal.accept(again(2, TO, {}, T0 + HOUR - 1))).kind, 'repeated');
    t.equal((await fixture.store.journal.accept(again(3, TO, {}, T0 + HOUR))).kind, 'accepted');
    t.match(await fixture.store.journal.accept(again(4, TO, {}, T0 + HOUR + 1)), { earlierMessageId: idOf(3) }, 'and is itself remembered');
  });

  await t.test('one that is past its time does not take others with it', async (t) => {
    const fixture = await open(t);
    await accepted(fixture, acceptUnit({ number: 11 }, { repeatUntil: T0 + 1 }));
    await accepted(fixture, again(1));
    for (const number of [12, 13]) await accepted(fixture, acceptUnit({ number, at: T0 + HOUR }));
    t.equal((await fixture.store.journal.accept(again(2, TO, {}, T0 + HOUR))).kind, 'repeated');
  });

  await t.test('which ends of the earlier delivery make it a new message', async (t) => {
    const ends = {
      relayed: 'repeated',
      waiting: 'repeated',
      deferred: 'repeated',
      held: 'repeated',
      returned: 'accepted',
      expired: 'accepted',
    } as const;
    for (const [state, expected] of Object.entries(ends)) {
      const fixture = await open(t);
      await endedAs(fixture, state);
      t.equal((await fixture.store.journal.accept(again(2, ['bob@partner.example']))).kind, expected, state);
    }
    const cancelled = await open(t);
    await accepted(cancelled, acceptUnit({ number: 1, delivery: () => ({ repeatDigest: digestOf('repeat 1 bob@partner.example') }) }));
    await cancelled.store.queue.change({
      deliveryId: `${idOf(1)}/0`,
      change: 'cancel',
      at: T0,
      hold: null,
      decision: null,
      report: null,
      judgement: null,
      status: null,
      evidence: evidence('delivery.cancelled', idOf(1), `${idOf(1)}/0`),
    });
    t.equal((await cancelled.store.journal.accept(again(2, ['bob@partner.example']))).kind, 'accepted', 'cancelled');
  });

  await t.test('a likely repeat is reported, or suppressed where the unit says so', async (t) => {
    const likely = (number: number, likelyRepeats: 'report' | 'suppress'): AcceptUnit =>
      acceptUnit({ number, delivery: () => ({ likelyDigest: digestOf('the same letter') }) }, { likelyRepeats });
    const fixture = await open(t);
    await accepted(fixture, likely(1, 'report'));
    t.match(await fixture.store.journal.accept(likely(2, 'report')), { kind: 'accepted', repeated: [] });
    t.match(
      recordsOf(fixture).filter(({ kind }) => kind === 'delivery.repeated'),
      [{ deliveryId: `${idOf(2)}/0`, codes: { likely: true, earlier: `${idOf(1)}/0` } }],
    );
    t.match(await fixture.store.journal.accept(likely(3, 'suppress')), { kind: 'repeated', earlierMessageId: idOf(2) });
  });

  await t.test('without a digest nothing is a repeat', async (t) => {
    const fixture = await open(t);
    for (const number of [1, 2]) {
      t.equal((await fixture.store.journal.accept(acceptUnit({ number, delivery: () => ({ repeatDigest: null }) }))).kind, 'accepted');
    }
  });
}

async function endedAs(fixture: StoreFixture, state: string): Promise<void> {
  const [delivery] = await accepted(fixture, again(1, ['bob@partner.example']));
  if (delivery === undefined) throw new Error('not claimed');
  await begun(fixture, [delivery.lease]);
  const after =
    state === 'deferred'
      ? ({ state, dueAt: T0 + HOUR } as const)
      : state === 'held'
        ? ({ state, hold: { reason: 'below-floor', owner: 'gateway', deadline: T0 + HOUR } } as const)
        : state === 'waiting'
          ? ({ state, pickup: newPickup() } as const)
          : ({ state: state as 'relayed' | 'returned' | 'expired' } as const);
  await fixture.store.queue.settle([settlement(delivery.lease, { after, status: status(T0) })], null);
}
