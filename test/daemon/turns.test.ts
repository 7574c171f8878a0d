// Side by side, or alone: nothing runs beside what must be alone, nothing waits for ever, and what fails keeps nobody waiting.
import fc from 'fast-check';
import t from 'tap';
import { Turns } from '../../src/daemon/turns.ts';

interface Job {
  readonly start: Promise<void>;
  readonly end: () => void;
  readonly fail: () => void;
  readonly done: Promise<string>;
}

function jobs(turns: Turns): { readonly add: (name: string, how: 'beside' | 'alone') => Job; readonly log: string[] } {
  const log: string[] = [];
  const add = (name: string, how: 'beside' | 'alone'): Job => {
    const started = Promise.withResolvers<undefined>();
    const ended = Promise.withResolvers<undefined>();
    const done = turns[how](async () => {
      log.push(`+${name}`);
      started.resolve(undefined);
      await ended.promise.finally(() => log.push(`-${name}`));
      return name;
    });
    return { start: started.promise, end: () => ended.resolve(undefined), fail: () => ended.reject(new Error(name)), done };
  };
  return { add, log };
}

await t.test('beside one another', async (t) => {
  const { add, log } = jobs(new Turns());
  const [a, b] = [add('a', 'beside'), add('b', 'beside')];
  await Promise.all([a.start, b.start]);
  b.end();
  t.equal(await b.done, 'b');
  a.end();
  t.equal(await a.done, 'a');
  t.same(log, ['+a', '+b', '-b', '-a']);
});

await t.test('alone: after all before it, before all behind it', async (t) => {
  const { add, log } = jobs(new Turns());
  const a = add('a', 'beside');
  const [x, y] = [add('x', 'alone'), add('y', 'alone')];
  const b = add('b', 'beside');
  for (const job of [b, y, x, a]) job.end();
  t.same(await Promise.all([a, x, y, b].map(({ done }) => done)), ['a', 'x', 'y', 'b']);
  t.same(log, ['+a', '-a', '+x', '-x', '+y', '-y', '+b', '-b']);
  const c = add('c', 'beside');
  await c.start;
  t.pass('and afterwards nobody waits');
  c.end();
});

await t.test('what fails keeps nobody waiting', async (t) => {
  const { add, log } = jobs(new Turns());
  const a = add('a', 'beside');
  const x = add('x', 'alone');
  const b = add('b', 'beside');
  a.fail();
  x.fail();
  b.end();
  await t.rejects(a.done, /a/);
  await t.rejects(x.done, /x/);
  t.equal(await b.done, 'b');
  t.same(log, ['+a', '-a', '+x', '-x', '+b', '-b']);
});

await t.test('any order: all end, and alone is alone', async (t) => {
  const turn = fc.tuple(fc.constantFrom('beside' as const, 'alone' as const), fc.nat({ max: 4 }), fc.boolean());
  for (const turns of fc.sample(fc.array(turn, { maxLength: 30 }), { seed: 20261122, numRuns: 200 })) {
    const room = new Turns();
    let [inside, alone, broken] = [0, 0, false];
    const results = await Promise.allSettled(
      turns.map(([how, ticks, fails]) =>
        room[how](async () => {
          inside++;
          if (how === 'alone') alone++;
          for (let tick = 0; tick <= ticks; tick++) {
            broken ||= alone > 0 && inside > 1;
            await Promise.resolve();
          }
          inside--;
          if (how === 'alone') alone--;
          if (fails) throw new Error('fails');
          return ticks;
        }),
      ),
    );
    const wanted = turns.map(([, , fails]) => (fails ? 'rejected' : 'fulfilled'));
    if (broken || JSON.stringify(results.map(({ status }) => status)) !== JSON.stringify(wanted)) t.fail(JSON.stringify(turns));
  }
  t.pass('200 orders');
});
