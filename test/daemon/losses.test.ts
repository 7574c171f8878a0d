// How often a thread was lost with a message: counted, forgiven, and never more of them than a bound.
import t from 'tap';
import { lossesOf } from '../../src/daemon/losses.ts';

t.test('counted and forgiven', async (t) => {
  const losses = lossesOf(3);
  t.equal(losses.of('a'), 0);
  losses.count('a');
  losses.count('a');
  losses.count('b');
  t.same([losses.of('a'), losses.of('b')], [2, 1]);
  losses.forgive('a');
  losses.forgive('never');
  t.same([losses.of('a'), losses.of('b')], [0, 1]);
});

t.test('the latest are kept', async (t) => {
  const losses = lossesOf(3);
  for (const id of ['a', 'b', 'c', 'a', 'd']) losses.count(id);
  t.same(
    ['a', 'b', 'c', 'd'].map((id) => losses.of(id)),
    [2, 0, 1, 1],
    'b was lost longest ago',
  );
  for (let i = 0; i < 10_000; i++) losses.count(`m${i}`);
  t.same(
    ['a', 'd', 'm9996', 'm9997', 'm9999'].map((id) => losses.of(id)),
    [0, 0, 0, 1, 1],
  );
});
