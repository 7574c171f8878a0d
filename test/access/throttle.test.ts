// Throttling: an account and an address together, an address by itself; nobody else is slowed.
import t from 'tap';
import { loginThrottle } from '../../src/access/throttle.ts';
import type { Throttle } from '../../src/access/throttle.ts';

const SETTINGS = { failuresAllowed: 5, windowMs: 900_000 };

/** One failed attempt; gives whether it was let through at all. */
function guess(throttle: Throttle, name: string, address: string, at: number): string {
  const gate = throttle.begin(name, address, at);
  if (gate === 'open') throttle.failed(name, address, at);
  return gate;
}

await t.test('a stranger who hammers an account does not lock out the EHR', async (t) => {
  const throttle = loginThrottle(SETTINGS);
  const answers = Array.from({ length: 1_000 }, (_, i) => guess(throttle, 'ehr', '203.0.113.9', i));
  t.equal(answers.filter((gate) => gate === 'open').length, 5, 'five guesses');
  t.equal(throttle.begin('ehr', '10.0.0.5', 1_000), 'open', 'the EHR is let in from its own address');
  t.equal(throttle.begin('anna', '203.0.113.9', 1_000), 'open', 'another name from there is not yet too much');
});

await t.test('a botnet gets its few guesses each, and the EHR is still let in', async (t) => {
  const throttle = loginThrottle(SETTINGS);
  for (let i = 0; i < 200; i++) for (let n = 0; n < 10; n++) guess(throttle, 'ehr', `198.51.100.${i}`, n);
  t.equal(throttle.begin('ehr', '10.0.0.5', 10), 'open');
});

await t.test('many names from one address', async (t) => {
  const throttle = loginThrottle(SETTINGS);
  const answers = Array.from({ length: 100 }, (_, i) => guess(throttle, `user${i}`, '203.0.113.9', i));
  t.equal(answers.filter((gate) => gate === 'open').length, 50);
  t.equal(guess(throttle, 'user7', '203.0.113.10', 200), 'open', 'the next address is another one');
  t.equal(guess(throttle, 'user7', '203.0.113.9', 49 + 900_000), 'open', 'the wait of an address does not grow');
});

await t.test('one good login does not wash away failures with other names', async (t) => {
  const throttle = loginThrottle(SETTINGS);
  for (let i = 0; i < 49; i++) guess(throttle, `user${i}`, '203.0.113.9', i);
  throttle.begin('mine', '203.0.113.9', 60);
  throttle.succeeded('mine', '203.0.113.9', 60);
  t.equal(guess(throttle, 'user50', '203.0.113.9', 61), 'open');
  t.equal(guess(throttle, 'user51', '203.0.113.9', 62), 'waiting');
});

await t.test('success forgives typing errors', async (t) => {
  const throttle = loginThrottle(SETTINGS);
  for (let round = 0; round < 5; round++) {
    for (let i = 0; i < 4; i++) t.equal(guess(throttle, 'anna', '10.0.0.7', round), 'open');
    t.equal(throttle.begin('anna', '10.0.0.7', round), 'open');
    throttle.succeeded('anna', '10.0.0.7', round);
  }
});

await t.test('an attempt that came to nothing is no failure', async (t) => {
  const throttle = loginThrottle(SETTINGS);
  for (let i = 0; i < 100; i++) {
    t.equal(throttle.begin('anna', '10.0.0.7', i), 'open');
    throttle.abandoned('anna', '10.0.0.7', i);
  }
});

await t.test('addresses that belong together', async (t) => {
  const throttle = loginThrottle(SETTINGS);
  for (let i = 0; i < 5; i++) guess(throttle, 'ehr', `2001:db8:1:2::${i}`, i);
  t.equal(guess(throttle, 'ehr', '2001:db8:1:2:ffff::1', 9), 'waiting', 'one /64 is one client');
  t.equal(guess(throttle, 'ehr', '2001:db8:1:3::1', 9), 'open', 'the next /64 is another');
  for (let i = 0; i < 5; i++) guess(throttle, 'lab', '192.0.2.1', i);
  t.equal(guess(throttle, 'lab', '::ffff:192.0.2.1', 9), 'waiting', 'an IPv4 address in IPv6 spelling is the same');
});

await t.test('guesses made at the same moment', async (t) => {
  const throttle = loginThrottle(SETTINGS);
  const gates = Array.from({ length: 20 }, () => throttle.begin('ehr', '203.0.113.9', 0));
  t.same(
    gates.map((gate) => gate),
    [...Array<string>(5).fill('open'), ...Array<string>(15).fill('busy')],
  );
});
