// Work that comes round: never twice at once, called early, told where it failed, and over when it is stopped.
import t from 'tap';
import { round } from '../../src/daemon/rounds.ts';

const NEVER = 2 ** 31 - 1;

/** Work whose runs a test ends one by one. */
function steps() {
  const begun: PromiseWithResolvers<'more' | 'done'>[] = [];
  let atOnce = 0;
  const most = { atOnce: 0 };
  let waiting: (() => void)[] = [];
  return {
    begun,
    most,
    work: async (): Promise<'more' | 'done'> => {
      const run = Promise.withResolvers<'more' | 'done'>();
      begun.push(run);
      most.atOnce = Math.max(most.atOnce, ++atOnce);
      for (const wake of waiting) wake();
      waiting = [];
      try {
        return await run.promise;
      } finally {
        atOnce--;
      }
    },
    until: async (runs: number): Promise<void> => {
      while (begun.length < runs) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const failed = (): void => undefined;

t.test('by its timer', async (t) => {
  const { begun, work, until } = steps();
  const running = round(5, work, failed);
  await until(1);
  begun[0]?.resolve('done');
  await until(2);
  begun[1]?.resolve('done');
  await running.stop();
  const after = begun.length;
  await new Promise((resolve) => setTimeout(resolve, 15));
  t.equal(begun.length, after, 'stopped');
});

t.test('called early, once more for all who called meanwhile', async (t) => {
  const { begun, work, until, most } = steps();
  const running = round(NEVER, work, failed);
  t.equal(begun.length, 0, 'not at once');
  running.wake();
  running.wake();
  running.wake();
  await until(1);
  begun[0]?.resolve('done');
  await until(2);
  begun[1]?.resolve('done');
  await turn();
  t.equal(begun.length, 2);
  running.wake();
  await until(3);
  begun[2]?.resolve('done');
  await running.stop();
  t.same([begun.length, most.atOnce], [3, 1], 'never twice at once');
});

t.test('more to do: again at once', async (t) => {
  const { begun, work, until } = steps();
  const running = round(NEVER, work, failed);
  running.wake();
  for (let run = 1; run <= 5; run++) {
    await until(run);
    begun[run - 1]?.resolve(run < 5 ? 'more' : 'done');
  }
  await turn();
  t.equal(begun.length, 5);
  await running.stop();
});

t.test('what a run throws is told, and the round goes on', async (t) => {
  const { begun, work, until } = steps();
  const told: unknown[] = [];
  const running = round(NEVER, work, (error) => told.push(error));
  const error = new Error('the disk');
  running.wake();
  await until(1);
  begun[0]?.reject(error);
  await turn();
  t.same(told, [error]);
  t.equal(begun.length, 1, 'not tried in a circle');
  running.wake();
  await until(2);
  begun[1]?.resolve('done');
  await running.stop();
});

t.test('stop waits for the run under way and begins no other', async (t) => {
  const { begun, work, until } = steps();
  const running = round(NEVER, work, failed);
  running.wake();
  running.wake();
  await until(1);
  let state = 'stopping';
  const stopped = running.stop().then(() => (state = 'stopped'));
  await turn();
  t.equal(state, 'stopping');
  begun[0]?.resolve('more');
  await stopped;
  running.wake();
  await turn();
  t.equal(begun.length, 1, 'neither for those who called nor for more');
});

t.test('called for soon: one run for all who called until then', async (t) => {
  const { begun, work, until } = steps();
  const running = round(NEVER, work, failed);
  const calledAt = performance.now();
  for (let i = 0; i < 5; i++) running.wakeAfter(30);
  await turn();
  t.equal(begun.length, 0, 'not yet');
  await until(1);
  t.ok(performance.now() - calledAt >= 28);
  begun[0]?.resolve('done');
  running.wakeAfter(1);
  await until(2);
  begun[1]?.resolve('done');
  running.wakeAfter(1);
  await running.stop();
  await new Promise((resolve) => setTimeout(resolve, 10));
  t.equal(begun.length, 2, 'a stop leaves none behind');
});

t.test('stop without a run', async (t) => {
  const { begun, work } = steps();
  await round(NEVER, work, failed).stop();
  t.equal(begun.length, 0);
});
