// How many codes may go to telephones: for an address, for a number, for all, and what comes back with time.
import t from 'tap';
import { phoneLimits, type PhoneLimits } from '../../src/access/phone-limits.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const asks = (limits: PhoneLimits, target: string, at: number, count: number): number =>
  Array.from({ length: count }, () => limits.ask(target, at)).filter((answer) => answer === 'ask').length;
const sends = (limits: PhoneLimits, number: string, at: number, count: number): number =>
  Array.from({ length: count }, () => limits.send(number, at)).filter((answer) => answer === 'send').length;

await t.test('so many a day for an address and for a number, each for itself', async (t) => {
  const limits = phoneLimits(() => ({ perPersonPerDay: 3, perHour: 1_000 }));
  t.equal(asks(limits, 'pat', 0, 5), 3);
  t.equal(asks(limits, 'ann', 0, 5), 3, 'nobody pays for another');
  t.equal(sends(limits, 'one', 0, 5), 3);
  t.equal(sends(limits, 'two', 0, 5), 3);
  t.equal(asks(limits, 'pat', DAY - 1, 1), 0);
  t.equal(asks(limits, 'pat', DAY, 5), 3);
  t.equal(sends(limits, 'one', DAY, 1), 1);
});

await t.test('what was refused does not count: who asks over and over waits no longer', async (t) => {
  const limits = phoneLimits(() => ({ perPersonPerDay: 1, perHour: 1_000 }));
  for (let at = 0; at < DAY; at += HOUR) limits.ask('pat', at);
  t.equal(limits.ask('pat', DAY), 'ask');
});

await t.test('so many an hour of all that were sent, and then nobody need ask', async (t) => {
  let perHour = 4;
  const limits = phoneLimits(() => ({ perPersonPerDay: 100, perHour }));
  t.equal(asks(limits, 'pat', 0, 10), 10, 'asking costs nothing');
  t.equal(sends(limits, 'one', 0, 3) + sends(limits, 'two', MINUTE, 3), 4);
  t.same([limits.ask('ann', MINUTE), limits.send('three', MINUTE)], ['no-more', 'no-more']);
  t.equal(sends(limits, 'three', HOUR, 10), 3, 'the first three are an hour old');
  perHour = 0;
  t.equal(limits.ask('ann', 10 * DAY), 'no-more', 'a configuration that was changed holds at once');
});

await t.test('memory is bounded: those that were quiet for longest are forgotten first', async (t) => {
  const limits = phoneLimits(() => ({ perPersonPerDay: 1, perHour: 1_000_000 }));
  limits.ask('early', 0);
  limits.send('early', 0);
  for (let i = 0; i < 20_000; i++) limits.ask(`other ${i}`, 1);
  t.equal(limits.ask('early', 2), 'ask', 'forgotten');
  t.equal(limits.ask('other 19999', 2), 'no-more', 'remembered');
  t.equal(limits.send('early', 2), 'no-more', 'numbers are counted apart');
});
