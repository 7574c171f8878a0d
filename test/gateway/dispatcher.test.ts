// Who is delivered when: bounds in all and per destination, rate, places given back early, leases given back at a stop. Over the real
// queue; what a delivery comes to is the test's to say.
import t from 'tap';
import type { DeliveryGroup } from '../../src/gateway/deliver.ts';
import { Dispatcher, type DispatcherDeps, type DispatcherSettings, groupsOf } from '../../src/gateway/dispatcher.ts';
import type { ActiveDelivery } from '../../src/store/queue.ts';
import { activeDelivery, messageRecord } from '../support/active-delivery.ts';
import { ToldEvents } from '../support/gateway-ground.ts';
import { digestOf } from '../support/store-names.ts';
import { acceptUnit, settlement } from '../support/store-units.ts';
import { openTestDirect, testFolder } from '../support/test-store.ts';

const hexOf = (domain: string): string => Buffer.from(digestOf(domain)).toString('hex');

/** One group under way: its domain, and how it is to end. */
interface UnderWay {
  readonly domain: string;
  readonly group: DeliveryGroup;
  readonly signal: AbortSignal;
  readonly offTheWire: () => void;
  /** Settled as relayed. */
  readonly relayed: () => void;
  /** Put off for so long. */
  readonly deferred: (ms: number) => void;
  /** The lease is given back unused, as deliver does when it is cut off. */
  readonly givenBack: () => void;
  /** The settlement fails. */
  readonly failed: () => void;
}

interface Bench {
  readonly dispatcher: Dispatcher;
  readonly events: ToldEvents;
  readonly underWay: UnderWay[];
  /** Most groups at once, in all and to one domain. */
  readonly most: { total: number; ofOne: number };
  readonly begun: Map<string, number>;
  readonly accept: (count: number, domain: string) => Promise<void>;
  /** Resolves when it is so; looks whenever one has begun or ended. */
  readonly until: (is: () => boolean) => Promise<void>;
  /** Another process on the same folder, after this one has stopped. */
  again(): Dispatcher;
}

const usual: DispatcherSettings = {
  total: 100,
  perDestination: 20,
  perDestinationPerMinute: null,
  recipientsPerGroup: 100,
  leaseMs: 60_000,
};

function bench(
  t: { teardown(handler: () => Promise<void>): void },
  settings: Partial<DispatcherSettings>,
  change: Partial<DispatcherDeps> = {},
): Bench {
  const folder = testFolder();
  const { store } = openTestDirect(folder.path);
  const events = new ToldEvents();
  const underWay: UnderWay[] = [];
  const begun = new Map<string, number>();
  let waiting: (() => void)[] = [];
  let accepted = 0;
  const happened = (): void => {
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  };
  const onTheWire = new Map<string, number>();
  const most = { total: 0, ofOne: 0 };
  const count = (domain: string, by: number): void => {
    onTheWire.set(domain, (onTheWire.get(domain) ?? 0) + by);
    most.ofOne = Math.max(most.ofOne, onTheWire.get(domain) ?? 0);
    most.total = Math.max(
      most.total,
      [...onTheWire.values()].reduce((sum, one) => sum + one, 0),
    );
  };
  const deliver: DispatcherDeps['deliver'] = async (group, signal, offTheWire) => {
    const domain = group.deliveries[0]?.recipient.split('@')[1] ?? '';
    begun.set(domain, (begun.get(domain) ?? 0) + 1);
    count(domain, 1);
    let place: 'taken' | 'given' = 'taken';
    const give = (): void => {
      if (place === 'taken') count(domain, -1);
      place = 'given';
    };
    const end = Promise.withResolvers<{ readonly dueInMs: number | null } | 'failed'>();
    const one: UnderWay = {
      domain,
      group,
      signal,
      offTheWire: () => {
        give();
        offTheWire();
      },
      relayed: () => end.resolve({ dueInMs: null }),
      deferred: (ms) => end.resolve({ dueInMs: ms }),
      givenBack: () => end.resolve({ dueInMs: 0 }),
      failed: () => end.resolve('failed'),
    };
    underWay.push(one);
    happened();
    const how = await end.promise;
    underWay.splice(underWay.indexOf(one), 1);
    give();
    if (how === 'failed') throw new Error('the settlement failed');
    const now = Date.now();
    const dueAt = how.dueInMs === null ? null : now + how.dueInMs;
    const after =
      dueAt === null ? { state: 'relayed' as const } : { state: how.dueInMs === 0 ? ('queued' as const) : ('deferred' as const), dueAt };
    await store.queue.settle(
      group.deliveries.map(({ lease }) => settlement(lease, { at: now, after, evidence: [] })),
      null,
    );
    happened();
    return dueAt;
  };
  const dispatchers: Dispatcher[] = [];
  const dispatcherOf = (owner: string): Dispatcher => {
    const clock = { now: Date.now, steady: Date.now };
    const given = {
      queue: store.queue,
      deliver,
      settings: { ...usual, ...settings },
      owner,
      clock,
      events,
      mayTry: () => true,
      mayDeliver: () => true,
    };
    const dispatcher = new Dispatcher({ ...given, ...change });
    dispatchers.push(dispatcher);
    return dispatcher;
  };
  const made: Bench = {
    dispatcher: dispatcherOf('one'),
    events,
    underWay,
    most,
    begun,
    again: () => dispatcherOf('two'),
    async accept(number, domain) {
      const units = Array.from({ length: number }, () =>
        acceptUnit({ number: ++accepted, recipients: [`p${accepted}@${domain}`], at: Date.now() }),
      );
      await Promise.all(units.map((unit) => store.journal.accept(unit)));
    },
    async until(is) {
      while (!is()) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
  t.teardown(async () => {
    for (const one of dispatchers) {
      const stopped = one.stop(0);
      for (const left of [...underWay]) left.givenBack();
      await stopped;
    }
    await store.close();
    folder.remove();
  });
  return made;
}

t.test('bounds in all and per destination hold, and everything is delivered', async (t) => {
  const { dispatcher, underWay, until, most, accept, ...rest } = bench(t, { total: 5, perDestination: 2 });
  const domains = ['a.example', 'b.example', 'c.example', 'd.example'];
  for (const domain of domains) await accept(10, domain);
  dispatcher.start();
  await until(() => underWay.length === 5);
  t.ok(new Set(underWay.map(({ domain }) => domain)).size >= 3, 'one destination does not take all places');
  const seen = new Set<string>();
  while (seen.size < 40) {
    await until(() => underWay.length > 0);
    const one = underWay[0];
    for (const { lease } of one?.group.deliveries ?? []) seen.add(lease.deliveryId);
    one?.relayed();
    await until(() => !underWay.includes(one as UnderWay));
  }
  t.same([most.total, most.ofOne], [5, 2], 'never more, and the places are used');
  t.equal(seen.size, 40, 'each once');
  t.same(rest.events.bugs, []);
});

t.test('a silent destination keeps its share and no more', async (t) => {
  const { dispatcher, underWay, until, accept } = bench(t, { total: 4, perDestination: 2 });
  await accept(20, 'dead.example');
  await accept(20, 'good.example');
  dispatcher.start();
  let delivered = 0;
  while (delivered < 20) {
    await until(() => underWay.some(({ domain }) => domain === 'good.example'));
    const one = underWay.find(({ domain }) => domain === 'good.example');
    one?.relayed();
    delivered++;
    await until(() => !underWay.includes(one as UnderWay));
  }
  t.same(
    underWay.map(({ domain }) => domain),
    ['dead.example', 'dead.example'],
  );
});

t.test('a rate per destination and minute', async (t) => {
  const { dispatcher, underWay, until, begun, accept } = bench(t, { perDestination: 5, perDestinationPerMinute: 3 });
  await accept(10, 'slow.example');
  await accept(3, 'other.example');
  dispatcher.start();
  await until(() => underWay.length === 6);
  t.same(Object.fromEntries(begun), { 'slow.example': 3, 'other.example': 3 });
  for (const one of [...underWay]) one.relayed();
  await until(() => underWay.length === 0);
  await accept(1, 'third.example');
  dispatcher.wake();
  await until(() => underWay.length === 1);
  t.same(Object.fromEntries(begun), { 'slow.example': 3, 'other.example': 3, 'third.example': 1 }, 'the minute is used up');
  t.equal(dispatcher.reserve(hexOf('slow.example')), false);
  t.equal(dispatcher.reserve(hexOf('fourth.example')), true);
  dispatcher.release(hexOf('fourth.example'));
});

t.test('places for what has just been accepted', async (t) => {
  const may = { deliver: true };
  const { dispatcher } = bench(t, { total: 3, perDestination: 2 }, { mayDeliver: () => may.deliver });
  const [a, b] = ['a', 'b'];
  t.same([dispatcher.reserve(a), dispatcher.reserve(a), dispatcher.reserve(a)], [true, true, false], 'two to one destination');
  t.same([dispatcher.reserve(b), dispatcher.reserve(b)], [true, false], 'three in all');
  dispatcher.release(a);
  t.equal(dispatcher.inUse, 2);
  t.equal(dispatcher.reserve(b), true, 'given back');
  dispatcher.release(b);
  may.deliver = false;
  t.equal(dispatcher.reserve(b), false, 'the disk is too full to record what it would come to');
  may.deliver = true;
  await dispatcher.stop(0);
  t.equal(dispatcher.reserve(b), false, 'stopped');
});

t.test('the place is free when the dialogue is over, the work goes on until it is settled', async (t) => {
  const { dispatcher, underWay, until, accept } = bench(t, { perDestination: 1 });
  await accept(2, 'a.example');
  dispatcher.start();
  await until(() => underWay.length === 1);
  const [first] = underWay;
  t.equal(dispatcher.inUse, 1);
  first?.offTheWire();
  await until(() => underWay.length === 2);
  t.equal(dispatcher.inUse, 1, 'the first counts no more');
  first?.offTheWire();
  first?.relayed();
  await until(() => !underWay.includes(first as UnderWay));
  t.equal(dispatcher.inUse, 1, 'a place is given back once');
});

t.test('what is put off comes again when it is due, not at the next look', async (t) => {
  const { dispatcher, underWay, until, accept } = bench(t, {});
  await accept(1, 'a.example');
  dispatcher.start();
  await until(() => underWay.length === 1);
  const [first] = underWay;
  const putOffAt = performance.now();
  first?.deferred(150);
  await until(() => underWay.length === 1 && underWay[0] !== first);
  const waited = performance.now() - putOffAt;
  t.ok(waited >= 140 && waited < 5_000, `came again after ${Math.round(waited)} ms`);
});

t.test('what could not be settled is taken back when its lease runs out', async (t) => {
  const { dispatcher, events, underWay, until, accept } = bench(t, { leaseMs: 90 });
  await accept(1, 'a.example');
  dispatcher.start();
  await until(() => underWay.length === 1);
  const [first] = underWay;
  first?.failed();
  await until(() => underWay.length === 1 && underWay[0] !== first);
  t.same(
    events.bugs.map(({ where }) => where),
    ['dispatcher'],
  );
  t.equal(underWay[0]?.group.deliveries[0]?.recipient, first?.group.deliveries[0]?.recipient);
});

t.test('what is worked on keeps its lease however long it takes', async (t) => {
  const { dispatcher, underWay, until, begun, accept, ...rest } = bench(t, { leaseMs: 60 });
  await accept(2, 'a.example');
  dispatcher.start();
  await until(() => underWay.length === 2);
  const [long] = underWay;
  // Ten leases long, by the clock of the other one.
  for (let i = 0; i < 10; i++) {
    const before = underWay.find((one) => one !== long);
    before?.deferred(60);
    await until(() => underWay.some((one) => one !== long && one !== before));
  }
  t.equal(begun.get('a.example'), 12, 'the long one was begun once');
  long?.relayed();
  await until(() => !underWay.includes(long as UnderWay));
  t.same(rest.events.bugs, []);
});

t.test('stop: what ends within the grace ends well', async (t) => {
  const { dispatcher, underWay, until, accept, ...rest } = bench(t, {});
  await accept(3, 'a.example');
  dispatcher.start();
  await until(() => underWay.length === 3);
  const signals = underWay.map(({ signal }) => signal);
  const stopping = dispatcher.stop(60_000);
  for (const one of [...underWay]) one.relayed();
  await stopping;
  t.same(
    signals.map(({ aborted }) => aborted),
    [false, false, false],
  );
  t.same(rest.events.bugs, []);
});

t.test('stop: after the grace it is cut off, and another process has it at once', async (t) => {
  const made = bench(t, {});
  const { dispatcher, underWay, until, accept } = made;
  await accept(3, 'a.example');
  dispatcher.start();
  await until(() => underWay.length === 3);
  const given = underWay.map(
    ({ signal, givenBack }) => new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(givenBack()))),
  );
  await Promise.all([dispatcher.stop(20), ...given]);
  t.equal(underWay.length, 0);
  await accept(1, 'b.example');
  dispatcher.wake();
  made.again().start();
  await until(() => underWay.length === 4);
  t.same(
    [...new Set(underWay.flatMap(({ group }) => group.deliveries.map(({ lease }) => lease.owner)))],
    ['two'],
    'the one that stopped claims no more',
  );
});

t.test('stop waits for a claim that is under way', async (t) => {
  const gate = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const folder = testFolder();
  const { store } = openTestDirect(folder.path);
  t.teardown(async () => {
    await store.close();
    folder.remove();
  });
  await store.journal.accept(acceptUnit({ number: 1, at: Date.now() }));
  const worked: string[] = [];
  const dispatcher = new Dispatcher({
    queue: {
      ...store.queue,
      claim: async (request) => {
        asked.resolve();
        await gate.promise;
        return store.queue.claim(request);
      },
    },
    deliver: async ({ deliveries }) => {
      worked.push(...deliveries.map(({ lease }) => lease.deliveryId));
      return null;
    },
    settings: usual,
    owner: 'one',
    clock: { now: Date.now, steady: Date.now },
    events: new ToldEvents(),
    mayTry: () => true,
    mayDeliver: () => true,
  });
  dispatcher.start();
  await asked.promise;
  const stopping = dispatcher.stop(60_000).then(() => worked.push('stopped'));
  gate.resolve();
  await stopping;
  t.equal(worked.length, 2, 'what it claimed was worked');
  t.equal(worked.at(-1), 'stopped', 'and then it had stopped');
});

t.test('a failing queue is told and tried again, not asked in a circle', async (t) => {
  let asked = 0;
  const told = Promise.withResolvers<void>();
  const events = new ToldEvents();
  const failing = async (): Promise<never> => {
    asked++;
    setImmediate(() => told.resolve());
    throw new Error('the store is gone');
  };
  const dispatcher = new Dispatcher({
    queue: { claim: failing, renew: failing, reclaim: failing },
    deliver: async () => null,
    settings: usual,
    owner: 'one',
    clock: { now: Date.now, steady: Date.now },
    events,
    mayTry: () => true,
    mayDeliver: () => true,
  });
  t.teardown(() => dispatcher.stop(0));
  dispatcher.start();
  await told.promise;
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  t.equal(asked, 1);
  t.equal(events.bugs.length, 1);
});

const A = digestOf('a.example');
const B = digestOf('b.example');
const one = messageRecord({ id: '01JD9Z00000000000000000ONE' });
const two = messageRecord({ id: '01JD9Z00000000000000000TWO' });
const stricter: ActiveDelivery['decision'] = { ...activeDelivery().decision, floor: 'tls-authenticated' };
const decidedAgain: ActiveDelivery['decision'] = { ...activeDelivery().decision, policyVersion: 'w' };

const groupings: readonly (readonly [name: string, claimed: readonly Partial<ActiveDelivery>[], groups: readonly (readonly number[])[]])[] =
  [
    ['none', [], []],
    ['recipients of one message at one destination', [{ n: 0 }, { n: 1 }, { n: 2 }], [[0, 1, 2]]],
    ['at two destinations', [{ n: 0 }, { n: 1, destination: B }, { n: 2 }], [[0, 2], [1]]],
    ['of two messages', [{ n: 0 }, { n: 0, message: two }, { n: 1 }], [[0, 1], [0]]],
    ['more than one transaction takes', Array.from({ length: 7 }, (_, n) => ({ n })), [[0, 1, 2], [3, 4, 5], [6]]],
    ['another floor', [{ n: 0 }, { n: 1, decision: stricter }], [[0], [1]]],
    ['another policy', [{ n: 0 }, { n: 1, decision: decidedAgain }], [[0], [1]]],
    ['another method', [{ n: 0 }, { n: 1, methodIndex: 1 }], [[0], [1]]],
    ['one that may be a duplicate', [{ n: 0 }, { n: 1, outcomeUnknown: true }], [[0], [1]]],
  ];

for (const [name, claimed, groups] of groupings) {
  t.test(`groups: ${name}`, async (t) => {
    const deliveries = claimed.map((change) => activeDelivery({ message: one, destination: A, ...change }));
    const made = groupsOf(deliveries, 3);
    t.same(
      made.map(([, group]) => group.deliveries.map(({ n }) => n)),
      groups,
    );
    for (const [destination, group] of made) t.equal(destination, Buffer.from(group.deliveries[0]?.destination ?? A).toString('hex'));
  });
}
