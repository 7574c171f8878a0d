// How much a client may ask: spent, filled up again, and never more clients than there is room for.
import t from 'tap';
import { allowance } from '../../src/http/allowance.ts';

const RULES = { most: 10, perSecond: 2, clients: 3 };

t.test('spent and filled up', async (t) => {
  const budgets = allowance(RULES);
  const steps: readonly (readonly [name: string, cost: number, at: number, expected: 'within' | 'over'])[] = [
    ['most of it', 8, 0, 'within'],
    ['more than is left', 3, 0, 'over'],
    ['what is left', 2, 0, 'within'],
    ['nothing is left', 1, 0, 'over'],
    ['half a second', 1, 500, 'within'],
    ['and no more', 1, 999, 'over'],
    ['never more than the most', 11, 1_000_000, 'over'],
    ['but that', 10, 1_000_000, 'within'],
  ];
  for (const [name, cost, at, expected] of steps) t.equal(budgets.spend('a', cost, at), expected, name);
});

t.test('bounded: who has been quiet longest is forgotten', async (t) => {
  const budgets = allowance(RULES);
  for (const client of ['a', 'b', 'c', 'a', 'd']) budgets.spend(client, 6, 0);
  t.equal(budgets.size, 3);
  t.equal(budgets.spend('a', 6, 0), 'over', 'was heard of since');
  t.equal(budgets.spend('b', 6, 0), 'within', 'begins anew');
  for (let i = 0; i < 1_000; i++) budgets.spend(`x${i}`, 1, 0);
  t.equal(budgets.size, 3);
});
