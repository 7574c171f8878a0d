// Law: content goes only when every delivery of its message has ended and every report has been settled; rows and evidence stay.
import type { Test } from 'tap';
import { acceptUnit, evidence, HOUR, MINUTE, settlement, status, T0 } from '../../support/store-units.ts';
import { idOf } from '../../support/store-names.ts';
import { accepted, claim, kindsOf, statesOf, verified } from './fixture.ts';
import type { OpenFixture } from './fixture.ts';

const ALL = { endedBefore: T0 + 9 * HOUR, limit: 10 };

export async function retentionLaws(t: Test, open: OpenFixture): Promise<void> {
  await t.test('not before the last delivery has ended and its report is settled', async (t) => {
    const fixture = await open(t);
    const { retention, queue } = fixture.store;
    const active = await accepted(fixture, acceptUnit({ number: 1, recipients: ['a@x.example', 'b@x.example'], state: 'active' }));
    const [first, second] = active.map(({ lease }) => lease);
    if (first === undefined || second === undefined) throw new Error('not claimed');
    t.same(await retention.endedBefore(ALL), []);
    await queue.settle([settlement(first)], null);
    t.same(await retention.endedBefore(ALL), [], 'one of two has ended');
    await queue.settle([settlement(second, { at: T0 + HOUR, after: { state: 'returned' }, report: 'failed', status: status(T0) })], null);
    t.same(await retention.endedBefore(ALL), [], 'a report is owed');
    await queue.withholdReports([{ deliveryId: second.deliveryId, kind: 'failed' }], []);
    t.same(await retention.endedBefore(ALL), [{ messageId: idOf(1), place: 'row', periodId: 7 }]);
    t.same(await retention.endedBefore({ ...ALL, endedBefore: T0 + HOUR }), [], 'the last one ended at that time, not before');
  });

  await t.test('oldest end first, no more than asked', async (t) => {
    const fixture = await open(t);
    for (const number of [1, 2, 3]) {
      const [one] = await accepted(fixture, acceptUnit({ number, state: 'active' }));
      await fixture.store.queue.settle([settlement(one?.lease ?? fail(), { at: T0 + (9 - number) * MINUTE })], null);
    }
    t.same(
      (await fixture.store.retention.endedBefore({ ...ALL, limit: 2 })).map(({ messageId }) => messageId),
      [idOf(3), idOf(2)],
    );
  });

  await t.test('removed: bytes and wrapped key are gone, the rest stays', async (t) => {
    const fixture = await open(t);
    const [one] = await accepted(fixture, acceptUnit({ number: 1, state: 'active' }));
    await fixture.store.queue.settle([settlement(one?.lease ?? fail())], null);
    await fixture.store.retention.removeContent([idOf(1), idOf(99)], [evidence('content.removed', idOf(1))]);
    const again = await fixture.reopen();
    t.equal(await again.store.journal.readSealed(idOf(1)), null);
    t.match(await again.store.journal.readMessage(idOf(1)), {
      content: { wrappedKey: { length: 0 } },
      headerMessageId: '<1@hospital.example>',
    });
    t.same(await again.store.retention.endedBefore(ALL), []);
    t.same(await statesOf(again, idOf(1)), ['relayed']);
    t.equal(kindsOf(again, idOf(1)).at(-1), 'content.removed');
    t.equal(verified(again).bad, null);
  });

  await t.test('periods that still have content', async (t) => {
    const fixture = await open(t);
    const { content } = acceptUnit({ number: 1 }).message;
    for (const [number, periodId] of [3, 5, 3, 9].entries())
      await accepted(fixture, acceptUnit({ number, message: { content: { ...content, periodId } } }));
    t.same(await fixture.store.retention.periodsInUse(), [3, 5, 9]);
    await fixture.store.retention.removeContent([idOf(1)], []);
    t.same(await fixture.store.retention.periodsInUse(), [3, 9]);
    t.equal((await claim(fixture)).length, 4);
  });
}

function fail(): never {
  throw new Error('nothing was claimed');
}
