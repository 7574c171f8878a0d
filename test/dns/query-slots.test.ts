// The bound on queries under way.
import t from 'tap';
import { querySlots } from '../../src/dns/query-slots.ts';

void t.test('never more than the limit; the rest waits in turn, or is turned away', async (t) => {
  const slots = querySlots({ underWay: 2, waiting: 3 });
  let underWay = 0;
  let most = 0;
  const order: number[] = [];
  const ends: (() => void)[] = [];
  const runs = Array.from({ length: 6 }, (_, i) =>
    slots.run(async () => {
      order.push(i);
      most = Math.max(most, ++underWay);
      await new Promise<void>((resolve) => ends.push(resolve));
      underWay--;
      return i;
    }),
  );
  t.equal(await runs[5], null, 'two under way, three wait: the sixth is turned away');
  for (let i = 0; i < 5; i++) {
    ends[i]?.();
    t.equal(await runs[i], i);
  }
  t.equal(most, 2);
  t.strictSame(order, [0, 1, 2, 3, 4]);
});

void t.test('work that fails gives its slot back', async (t) => {
  const slots = querySlots({ underWay: 1, waiting: 1 });
  await t.rejects(
    slots.run(async () => {
      throw new Error('no');
    }),
    { message: 'no' },
  );
  t.equal(await slots.run(async () => 'yes'), 'yes');
});
