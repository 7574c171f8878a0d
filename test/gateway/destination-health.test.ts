// Next hops as a whole: silence backs off twice as long each time, one answer clears it, and a start finds what was known.
import t from 'tap';
import { destinationHealth, type DestinationHealthDeps } from '../../src/gateway/destination-health.ts';
import type { DestinationNews } from '../../src/store/queue.ts';
import { type GatewayGround, gatewayGround, NOON } from '../support/gateway-ground.ts';

const MINUTE = 60_000;
const A = Buffer.alloc(32, 1);
const B = Buffer.alloc(32, 2);
type Health = ReturnType<typeof destinationHealth>['news'];

function health({ store, clock }: GatewayGround, queue: DestinationHealthDeps['queue'] = store.queue): Health {
  const retry = { firstMs: MINUTE, factor: 2, longestMs: 8 * MINUTE, jitter: 0 };
  return destinationHealth({ queue, clock, retry, chance: () => 0.5 }).news;
}

type Said =
  | readonly [destination: Uint8Array, answered: 'answered' | 'silent', minutes: number | null, failures: number]
  | readonly [Uint8Array, 'answered', 'nothing new'];

const cases: readonly (readonly [name: string, said: readonly Said[]])[] = [
  [
    'silence in a row',
    [
      [A, 'silent', 1, 1],
      [A, 'silent', 2, 2],
      [A, 'silent', 4, 3],
      [A, 'silent', 8, 4],
      [A, 'silent', 8, 5],
    ],
  ],
  [
    'one answer clears it',
    [
      [A, 'silent', 1, 1],
      [A, 'silent', 2, 2],
      [A, 'answered', null, 0],
      [A, 'answered', 'nothing new'],
      [A, 'silent', 1, 1],
    ],
  ],
  [
    'one that answers says so once',
    [
      [A, 'answered', null, 0],
      [A, 'answered', 'nothing new'],
      [A, 'answered', 'nothing new'],
    ],
  ],
  [
    'each by itself',
    [
      [A, 'silent', 1, 1],
      [B, 'answered', null, 0],
      [A, 'silent', 2, 2],
      [B, 'answered', 'nothing new'],
      [B, 'silent', 1, 1],
    ],
  ],
];

for (const [name, said] of cases) {
  t.test(name, async (t) => {
    const ground = await gatewayGround(t);
    const news = health(ground);
    for (const [destination, answered, minutes, failures] of said) {
      const notBefore = typeof minutes === 'number' ? NOON + minutes * MINUTE : null;
      const expected: DestinationNews | null = minutes === 'nothing new' ? null : { destination, notBefore, failures: failures ?? 0 };
      t.same(await news(destination, answered), expected);
    }
  });
}

t.test('a start goes on from what the queue was told', async (t) => {
  const ground = await gatewayGround(t);
  const before = health(ground);
  for (let i = 0; i < 3; i++) await ground.store.queue.settle([], await before(A, 'silent'));
  t.same(await ground.store.queue.readDestination(A), { destination: A, notBefore: NOON + 4 * MINUTE, failures: 3 });
  const after = health(ground);
  t.same(await after(A, 'silent'), { destination: A, notBefore: NOON + 8 * MINUTE, failures: 4 });
  await ground.store.queue.settle([], await after(A, 'answered'));
  t.equal((await ground.store.queue.readDestination(A))?.failures ?? 0, 0, 'cleared for good');
});

t.test('what is remembered is bounded, and forgetting loses nothing but a write', async (t) => {
  const ground = await gatewayGround(t);
  let reads = 0;
  const news = health(ground, {
    readDestination: async (destination) => {
      reads++;
      return ground.store.queue.readDestination(destination);
    },
  });
  t.match(await news(A, 'answered'), { failures: 0 });
  for (let i = 0; i < 10_000; i++) await news(Buffer.from(`destination ${i}`), 'answered');
  t.equal(reads, 0, 'an answer needs no look');
  t.match(await news(A, 'answered'), { notBefore: null, failures: 0 }, 'forgotten, told again');
  t.match(await news(B, 'silent'), { failures: 1 });
  t.equal(reads, 1, 'only a silence of one that is not known is looked up');
});

t.test('jitter: two gateways do not come back at the same moment', async (t) => {
  const { store, clock } = await gatewayGround(t);
  const at = async (chance: number): Promise<number | null | undefined> => {
    const retry = { firstMs: MINUTE, factor: 2, longestMs: 8 * MINUTE, jitter: 0.5 };
    return (await destinationHealth({ queue: store.queue, clock, retry, chance: () => chance }).news(A, 'silent'))?.notBefore;
  };
  t.same([await at(0), await at(0.5), await at(1)], [NOON + MINUTE / 2, NOON + MINUTE, NOON + 1.5 * MINUTE]);
});

t.test('new mail for a silent destination waits for the probe; one answer opens it again, and others are not touched', async (t) => {
  const ground = await gatewayGround(t);
  const retry = { firstMs: MINUTE, factor: 2, longestMs: 8 * MINUTE, jitter: 0 };
  const { news, mayTry } = destinationHealth({ queue: ground.store.queue, clock: ground.clock, retry, chance: () => 0.5 });
  t.ok(mayTry(A.toString('hex')), 'nothing is known');
  await news(A, 'silent');
  t.notOk(mayTry(A.toString('hex')));
  t.ok(mayTry(B.toString('hex')));
  await news(A, 'answered');
  t.ok(mayTry(A.toString('hex')));
});
