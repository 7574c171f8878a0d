// Law: claims are fair, bounded, in order of due time, and give a backed-off destination one probe only.
import type { Test } from 'tap';
import type { ActiveDelivery, DestinationNews } from '../../../src/store/queue.ts';
import { acceptUnit, HOUR, MINUTE, settlement, T0 } from '../../support/store-units.ts';
import { digestOf, idOf } from '../../support/store-names.ts';
import { accepted, claim, OWNER } from './fixture.ts';
import type { OpenFixture, StoreFixture } from './fixture.ts';

const hex = (domain: string): string => Buffer.from(digestOf(domain)).toString('hex');
const numbers = (claimed: readonly ActiveDelivery[]): readonly number[] =>
  claimed.map(({ message }) => Number(message.headerMessageId?.slice(1, -18)));

/** Queues `count` messages to a domain, one minute apart, from number `from` on. */
async function queued(fixture: StoreFixture, domain: string, from: number, count: number): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, (_, i) =>
      accepted(fixture, acceptUnit({ number: from + i, recipients: [`p@${domain}`], at: T0 + i * MINUTE })),
    ),
  );
}

async function backOff({ store }: StoreFixture, news: Omit<DestinationNews, 'destination'>): Promise<void> {
  await store.queue.settle([], { destination: digestOf('dead.example'), ...news });
}

const LATER = T0 + HOUR;

export async function claimLaws(t: Test, open: OpenFixture): Promise<void> {
  await t.test('what is due, in the order in which it fell due, and never twice', async (t) => {
    const fixture = await open(t);
    await queued(fixture, 'x.example', 1, 5);
    t.same(numbers(await claim(fixture, { now: T0 + 2 * MINUTE })), [1, 2, 3]);
    t.same(numbers(await claim(fixture, { now: T0 + 2 * MINUTE })), []);
    t.same(numbers(await claim(fixture, { now: LATER })), [4, 5]);
  });

  await t.test('at most so many of a destination, less what is under way there', async (t) => {
    const fixture = await open(t);
    await queued(fixture, 'x.example', 1, 10);
    await queued(fixture, 'y.example', 11, 2);
    t.same(numbers(await claim(fixture, { now: LATER, perDestination: 3 })).toSorted(byNumber), [1, 2, 3, 11, 12]);
    t.same(numbers(await claim(fixture, { now: LATER, perDestination: 3, busy: { [hex('x.example')]: 2, [hex('y.example')]: 3 } })), [4]);
    t.same(numbers(await claim(fixture, { now: LATER, perDestination: 3, busy: { [hex('x.example')]: 3 } })), []);
  });

  await t.test('at most `limit` in all', async (t) => {
    const fixture = await open(t);
    await queued(fixture, 'x.example', 1, 10);
    t.equal((await claim(fixture, { now: LATER, limit: 4 })).length, 4);
    t.equal((await claim(fixture, { now: LATER, limit: 0 })).length, 0);
  });

  await t.test('one large destination does not starve the others', async (t) => {
    const fixture = await open(t);
    await queued(fixture, 'large.example', 1, 50);
    for (let i = 0; i < 10; i++) await queued(fixture, `small${i}.example`, 100 + i, 1);
    const rounds: (readonly number[])[] = [];
    for (let round = 0; round < 7; round++) rounds.push(numbers(await claim(fixture, { now: LATER + round, limit: 4, perDestination: 2 })));
    const small = rounds.flat().filter((number) => number >= 100);
    t.equal(small.length, 10, 'all of the small ones came within seven rounds of four');
    t.ok(
      rounds.every((round) => round.filter((number) => number < 100).length <= 2),
      'the large one never had more than its share of a round',
    );
  });

  await t.test('a destination that was served stands behind those that were not', async (t) => {
    const fixture = await open(t);
    for (let number = 1; number <= 5; number++) await accepted(fixture, acceptUnit({ number, recipients: ['p@large.example'] }));
    for (const number of [101, 102]) {
      await accepted(fixture, acceptUnit({ number, recipients: ['p@small.example'], at: T0 + number * MINUTE - 100 * MINUTE }));
    }
    const turns: (readonly number[])[] = [];
    for (let turn = 0; turn < 4; turn++) turns.push(numbers(await claim(fixture, { now: LATER + turn, limit: 1 })));
    t.same(turns, [[1], [101], [2], [102]]);
  });

  await t.test('says when the next falls due', async (t) => {
    const fixture = await open(t);
    const next = async (now: number): Promise<number | null> =>
      (await fixture.store.queue.claim({ owner: OWNER, now, until: now, limit: 10, perDestination: 10, busy: {} })).nextDueAt;
    t.equal(await next(T0), null, 'nothing waits');
    await queued(fixture, 'x.example', 1, 3);
    await queued(fixture, 'y.example', 11, 1);
    t.equal(await next(T0 - 5), T0);
    t.equal(await next(T0), T0 + MINUTE);
    t.equal(await next(T0 + 3 * MINUTE), null);
  });

  await t.test('a new claim has a new token, and the claim is gone with the next', async (t) => {
    const fixture = await open(t);
    const [first] = await accepted(fixture, acceptUnit({ number: 1, state: 'active' }));
    const lease = first?.lease ?? fail();
    await fixture.store.queue.settle([settlement(lease, { after: { state: 'queued', dueAt: T0 } })], null);
    const [second] = await claim(fixture);
    t.not(second?.lease.token, lease.token);
    t.same(await fixture.store.queue.settle([settlement(lease)], null), [lease], 'the old lease is gone');
  });

  await t.test('a backed-off destination gives nothing, then one probe until that one is settled', async (t) => {
    const fixture = await open(t);
    await queued(fixture, 'dead.example', 1, 5);
    await backOff(fixture, { notBefore: LATER, failures: 1 });
    t.same(await fixture.store.queue.readDestination(digestOf('dead.example')), {
      destination: digestOf('dead.example'),
      notBefore: LATER,
      failures: 1,
    });
    t.same(await claim(fixture, { now: LATER - 1 }), []);
    const [probe, ...more] = await claim(fixture, { now: LATER });
    t.equal(more.length, 0, 'one');
    t.same(await claim(fixture, { now: LATER + 1 }), [], 'and no other while it is under way');
    const lease = probe?.lease ?? fail();
    const after = { state: 'deferred', dueAt: LATER + HOUR } as const;
    await fixture.store.queue.settle([settlement(lease, { after })], {
      destination: digestOf('dead.example'),
      notBefore: LATER + 2 * HOUR,
      failures: 2,
    });
    t.same(await claim(fixture, { now: LATER + 2 * HOUR - 1 }), [], 'it failed: backed off further');
    const [next] = await claim(fixture, { now: LATER + 2 * HOUR });
    await fixture.store.queue.settle([settlement(next?.lease ?? fail())], {
      destination: digestOf('dead.example'),
      notBefore: null,
      failures: 0,
    });
    t.equal(await fixture.store.queue.readDestination(digestOf('dead.example')), null);
    t.equal((await claim(fixture, { now: LATER + 2 * HOUR })).length, 4, 'it answered: all the others at once');
  });

  await t.test('what comes in while a destination is backed off waits too', async (t) => {
    const fixture = await open(t);
    await backOff(fixture, { notBefore: LATER, failures: 3 });
    await queued(fixture, 'dead.example', 1, 2);
    t.same(await claim(fixture, { now: LATER - 1 }), []);
    t.equal((await claim(fixture, { now: LATER })).length, 1);
    await queued(fixture, 'dead.example', 3, 1);
    t.same(await claim(fixture, { now: LATER + HOUR }), [], 'the probe is still under way');
  });

  await t.test('a back-off and its probe outlive a restart', async (t) => {
    const fixture = await open(t);
    await queued(fixture, 'dead.example', 1, 3);
    await backOff(fixture, { notBefore: LATER, failures: 1 });
    const again = await fixture.reopen();
    t.same(await claim(again, { now: LATER - 1 }), []);
    t.equal((await claim(again, { now: LATER })).length, 1);
    const third = await again.reopen();
    await third.store.queue.reclaim({ owner: 'gateway-2', now: LATER, scope: 'start', limit: 10 });
    t.equal(
      (await claim(third, { now: LATER, owner: 'gateway-2' })).length,
      1,
      'the probe of a process that died is taken back, and one goes again',
    );
  });

  await t.test('two who claim at the same moment share, and never have the same', async (t) => {
    const fixture = await open(t);
    await queued(fixture, 'x.example', 1, 40);
    const request = { now: LATER, limit: 10 } as const;
    const claims = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((owner) => claim(fixture, { ...request, owner })));
    const ids = claims.flat().map(({ lease }) => lease.deliveryId);
    t.equal(ids.length, 40);
    t.equal(new Set(ids).size, 40);
    t.ok(ids.includes(`${idOf(40)}/0`));
  });
}

function byNumber(a: number, b: number): number {
  return a - b;
}

function fail(): never {
  throw new Error('nothing was claimed');
}
