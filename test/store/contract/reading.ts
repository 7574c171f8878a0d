// Law: the reader shows what the writer committed, beside it and in bounded slices.
import type { Test } from 'tap';
import { acceptUnit, HOUR, settlement, status, T0 } from '../../support/store-units.ts';
import { idOf } from '../../support/store-names.ts';
import { accepted, begun, claim } from './fixture.ts';
import type { OpenFixture } from './fixture.ts';

export async function readingLaws(t: Test, open: OpenFixture): Promise<void> {
  await t.test('a list by state, in slices', async (t) => {
    const fixture = await open(t);
    for (let number = 1; number <= 6; number++)
      await accepted(fixture, acceptUnit({ number, state: number % 2 === 0 ? 'held' : 'queued' }));
    const list = async (states: readonly ('held' | 'queued' | 'relayed')[] | null, after: string | null, limit = 100) =>
      (await fixture.reader.queue.list({ states, after, limit })).map(({ deliveryId }) => Number(deliveryId.slice(-3, -2)));
    t.same(await list(null, null), [1, 2, 3, 4, 5, 6]);
    t.same(await list(['held'], null), [2, 4, 6]);
    t.same(await list(['queued', 'held', 'held'], null, 4), [1, 2, 3, 4]);
    t.same(await list(['queued', 'held'], `${idOf(4)}/0`), [5, 6]);
    t.same(await list(['held'], `${idOf(4)}/0`), [6]);
    t.same(await list(['relayed'], null), []);
    t.same(await list([], null), []);
  });

  await t.test('an entry, with addresses opened', async (t) => {
    const fixture = await open(t);
    await accepted(fixture, acceptUnit({ number: 1, recipients: ['bob@partner.example'] }));
    const [one] = await claim(fixture);
    await begun(fixture, one === undefined ? [] : [one.lease]);
    const last = status(T0 + 3, 'delivery.timeout');
    if (one !== undefined)
      await fixture.store.queue.settle([settlement(one.lease, { after: { state: 'deferred', dueAt: T0 + HOUR }, status: last })], null);
    t.same(await fixture.reader.queue.list({ states: ['deferred'], after: null, limit: 5 }), [
      {
        deliveryId: `${idOf(1)}/0`,
        state: 'deferred',
        kind: 'message',
        recipient: 'bob@partner.example',
        reversePath: 'ann@hospital.example',
        acceptedAt: T0,
        dueAt: T0 + HOUR,
        expiresAt: T0 + 24 * HOUR,
        attempts: 1,
        sizeBytes: 2000,
        hold: null,
        lastStatus: last,
        decision: acceptUnit({ number: 1 }).deliveries[0]?.decision,
      },
    ]);
  });

  await t.test('counts follow every step', async (t) => {
    const fixture = await open(t);
    const counts = async () => Object.entries(await fixture.reader.queue.counts()).filter(([, count]) => count !== 0);
    t.same(await counts(), []);
    const active = await accepted(fixture, acceptUnit({ number: 1, recipients: ['a@x.example', 'b@x.example'], state: 'active' }));
    await accepted(fixture, acceptUnit({ number: 2 }));
    await accepted(fixture, acceptUnit({ number: 3, state: 'held' }));
    t.same(await counts(), [
      ['queued', 1],
      ['active', 2],
      ['held', 1],
    ]);
    await fixture.store.queue.settle(
      active.map(({ lease, n }) => settlement(lease, n === 0 ? {} : { after: { state: 'deferred', dueAt: T0 + HOUR } })),
      null,
    );
    await claim(fixture);
    await fixture.store.queue.expireHolds({ now: T0 + 5 * HOUR, limit: 10 });
    await fixture.store.queue.reclaim({ owner: 'gateway-2', now: T0, scope: 'start', limit: 10 });
    t.same(await counts(), [
      ['queued', 1],
      ['deferred', 1],
      ['relayed', 1],
      ['returned', 1],
    ]);
  });

  await t.test('the log, forwards and backwards', async (t) => {
    const fixture = await open(t);
    for (let number = 1; number <= 5; number++) await accepted(fixture, acceptUnit({ number }));
    const { audit } = fixture.reader;
    const seqs = (records: readonly { seq: number }[]): readonly number[] => records.map(({ seq }) => seq);
    t.same(seqs(audit.read({ afterSeq: 0, limit: 4 })), [1, 2, 3, 4]);
    t.same(seqs(audit.read({ afterSeq: 8, limit: 4 })), [9, 10]);
    t.same(seqs(audit.latest({ messageId: null, beforeSeq: null, limit: 3 })), [10, 9, 8]);
    t.same(seqs(audit.latest({ messageId: null, beforeSeq: 3, limit: 3 })), [2, 1]);
    t.same(seqs(audit.latest({ messageId: idOf(2), beforeSeq: null, limit: 9 })), [4, 3]);
    t.same(seqs(audit.latest({ messageId: idOf(2), beforeSeq: 4, limit: 9 })), [3]);
    t.equal(audit.logId(), fixture.store.lastHead().logId);
    t.same(await fixture.store.audit.head(), fixture.store.lastHead());
  });
}
