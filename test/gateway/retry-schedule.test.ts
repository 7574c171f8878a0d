import t from 'tap';
import { backOffMs, retryDelayMs, type RetrySchedule } from '../../src/gateway/retry-schedule.ts';

const schedule: RetrySchedule = { firstMs: 60_000, factor: 2, longestMs: 1_800_000, jitter: 0.2 };

t.test('delays grow by the factor: each is the sum of those before it, and the first', async (t) => {
  let age = 0;
  const delays: number[] = [];
  for (let i = 0; i < 7; i++) {
    const delay = retryDelayMs(schedule, age, 0.5);
    delays.push(delay / 60_000);
    age += delay;
  }
  t.same(delays, [1, 2, 4, 8, 16, 30, 30]);
});

t.test('jitter stays within its share', async (t) => {
  t.equal(retryDelayMs(schedule, 0, 0), 48_000);
  t.equal(retryDelayMs(schedule, 0, 1), 72_000);
});

t.test('an age from the future counts as none', async (t) => {
  t.equal(retryDelayMs(schedule, -5_000_000, 0.5), 60_000);
});

t.test('back-off doubles with failures in a row up to the longest', async (t) => {
  t.same(
    [0, 1, 2, 3, 6, 50].map((failures) => backOffMs(schedule, failures, 0.5) / 60_000),
    [1, 1, 2, 4, 30, 30],
  );
});
