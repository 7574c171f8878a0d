// Whose turn it is to have a large file: so many of all and of each session, the rest in their order.
import t from 'tap';
import { type Transfer, transfers } from '../../src/portal/transfers.ts';

const LIMITS = { atOnce: 3, perSession: 2, waiting: 2, waitMs: 60_000 };

/** What has become of it so far. */
function watched(begun: Promise<Transfer | 'busy'>): { is: 'waiting' | 'under way' | 'busy'; transfer: Transfer | null } {
  const state: ReturnType<typeof watched> = { is: 'waiting', transfer: null };
  void begun.then((given) => {
    state.is = given === 'busy' ? 'busy' : 'under way';
    state.transfer = given === 'busy' ? null : given;
  });
  return state;
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

await t.test('who comes, who goes', async (t) => {
  const cases: readonly (readonly [name: string, steps: string, at: string])[] = [
    ['within all bounds', 'a b c', 'under way, under way, under way'],
    ['two of one session', 'a a', 'under way, under way'],
    ['three of one session', 'a a a', 'under way, under way, waiting'],
    ['four of all', 'a b c d', 'under way, under way, under way, waiting'],
    ['another passes who waits for their own', 'a a a b', 'under way, under way, waiting, under way'],
    ['too many wait', 'a b c d e f', 'under way, under way, under way, waiting, waiting, busy'],
    ['one ends, the first who waits comes', 'a b c d e -0', 'under way, under way, under way, under way, waiting'],
    ['one that ends twice counts once', 'a b c d e -0 -0', 'under way, under way, under way, under way, waiting'],
    ['one of another session ends', 'a a b a c -2', 'under way, under way, under way, waiting, under way'],
    ['one of the same session ends', 'a a b a c -0', 'under way, under way, under way, under way, waiting'],
    [
      'who was told that it is busy does not come',
      'a b c d e f -0 -1 -2',
      Array.from({ length: 5 }, () => 'under way').join(', ') + ', busy',
    ],
  ];
  for (const [name, steps, at] of cases) {
    const { begin } = transfers(LIMITS);
    const all: ReturnType<typeof watched>[] = [];
    for (const step of steps.split(' ')) {
      if (step.startsWith('-')) all[Number(step.slice(1))]?.transfer?.end();
      else all.push(watched(begin(step)));
      await settled();
    }
    t.equal(all.map(({ is }) => is).join(', '), at, name);
    for (let left = all.length; left > 0; left--) {
      for (const { transfer } of all) transfer?.end();
      await settled();
    }
    t.notOk(
      all.some(({ is }) => is === 'waiting'),
      `${name}: nobody waits for ever`,
    );
  }
});

await t.test('who waits too long is told, and takes nobody’s place', async (t) => {
  const { begin } = transfers({ ...LIMITS, atOnce: 1, waitMs: 1 });
  const first = await begin('a');
  t.equal(await begin('b'), 'busy');
  if (first !== 'busy') first.end();
  t.not(await begin('c'), 'busy');
});
