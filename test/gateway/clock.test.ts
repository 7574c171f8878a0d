// Steps of the machine's clock: told once each, and never moving what deadlines run on.
import t from 'tap';
import { type Clock, steadyClock } from '../../src/gateway/clock.ts';
import { NOON } from '../support/gateway-ground.ts';

const SECOND = 1_000;
const HOUR = 3_600_000;

/** A machine whose clock a test sets; the monotonic one it cannot. */
function machine(): {
  readonly clock: Clock;
  readonly steps: number[];
  readonly pass: (ms: number) => void;
  readonly set: (byMs: number) => void;
} {
  let wall = NOON;
  let monotonic = 5_000.25;
  const steps: number[] = [];
  const clock = steadyClock(
    () => wall,
    () => monotonic,
    (stepMs) => steps.push(stepMs),
  );
  return {
    clock,
    steps,
    pass(ms) {
      wall += ms;
      monotonic += ms;
    },
    set(byMs) {
      wall += byMs;
    },
  };
}

interface Case {
  readonly name: string;
  /** Passing of time and, as [step], setting of the clock. */
  readonly what: readonly (number | readonly [step: number])[];
  readonly steps: readonly number[];
}

const cases: readonly Case[] = [
  { name: 'time passes', what: [SECOND, HOUR, 24 * HOUR], steps: [] },
  { name: 'an hour ahead', what: [SECOND, [HOUR], SECOND], steps: [HOUR] },
  { name: 'a year back', what: [SECOND, [-365 * 24 * HOUR], SECOND], steps: [-365 * 24 * HOUR] },
  { name: 'ahead and back again are two steps', what: [[HOUR], SECOND, [-HOUR], SECOND], steps: [HOUR, -HOUR] },
  { name: 'less than half a minute is what time services do', what: [[29 * SECOND], SECOND, [-29 * SECOND]], steps: [] },
  { name: 'small ones in one direction add up', what: [[20 * SECOND], SECOND, [20 * SECOND], SECOND], steps: [40 * SECOND] },
];

for (const { name, what, steps } of cases) {
  t.test(name, async (t) => {
    const { clock, steps: told, pass, set } = machine();
    let passed = 0;
    let stepped = 0;
    for (const one of what) {
      if (typeof one === 'number') {
        pass(one);
        passed += one;
      } else {
        set(one[0]);
        stepped += one[0];
      }
      t.equal(clock.now(), NOON + passed + stepped, 'now is the machine clock');
      t.equal(clock.steady(), NOON + passed, 'steady goes on as if nothing had happened');
    }
    t.same(told, steps);
  });
}

t.test('a step is told once, however often the time is asked', async (t) => {
  const { clock, steps, set } = machine();
  set(HOUR);
  for (let i = 0; i < 10; i++) clock.now();
  t.same(steps, [HOUR]);
});

t.test('steady time is in whole milliseconds', async (t) => {
  const { clock, pass } = machine();
  pass(0.4);
  t.equal(clock.steady(), NOON);
});
