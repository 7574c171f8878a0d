// Guessing is slowed down, and nobody is locked out of their own by a stranger.
import t from 'tap';
import { codesAsked, portalTries } from '../../src/access/portal-throttle.ts';

const MINUTE = 60_000;
const DAY = 24 * 3_600_000;
const [PATIENT, STRANGER] = ['192.0.2.7', '198.51.100.9'];

/** Tries as fast as they are let, for so long; gives how many. */
function tries(
  throttle: ReturnType<typeof portalTries>,
  target: (i: number) => string,
  address: (i: number) => string,
  forMs: number,
): number {
  let [count, at] = [0, 0];
  while (at < forMs) {
    const waitMs = throttle.begin(target(count), address(count), at);
    if (waitMs === 0) {
      throttle.failed(target(count), address(count), at);
      count++;
    }
    at += Math.max(waitMs, 100);
  }
  return count;
}

t.test('one network, one target: a few tries in a day', async (t) => {
  const throttle = portalTries();
  const count = tries(
    throttle,
    () => 'pickup',
    () => STRANGER,
    DAY,
  );
  t.ok(count > 5 && count < 50, `${count} tries`);
  t.equal(throttle.begin('pickup', PATIENT, DAY), 0, 'the person from another network is not slowed down');
  t.equal(throttle.begin('another', STRANGER, DAY), 0, 'nor the stranger at their own');
});

t.test('one network, many targets', async (t) => {
  const count = tries(
    portalTries(),
    (i) => `pickup ${i}`,
    () => STRANGER,
    DAY,
  );
  t.ok(count < 6_000, `${count} tries`);
});

t.test('an IPv6 network is one, whatever its last half', async (t) => {
  const count = tries(
    portalTries(),
    () => 'pickup',
    (i) => `2001:db8::${(i % 60_000).toString(16)}`,
    DAY,
  );
  t.ok(count < 50, `${count} tries`);
});

t.test('many at once count while they are under way', async (t) => {
  const throttle = portalTries();
  const begun = Array.from({ length: 20 }, () => throttle.begin('pickup', STRANGER, 0)).filter((waitMs) => waitMs === 0);
  t.equal(begun.length, 5);
  throttle.abandoned('pickup', STRANGER, 0);
  t.equal(throttle.begin('pickup', STRANGER, 0), 0, 'one that came to nothing makes room');
});

t.test('what is right forgives the target, not the network', async (t) => {
  const throttle = portalTries();
  for (let i = 0; i < 4; i++) {
    t.equal(throttle.begin('pickup', PATIENT, 0), 0);
    throttle.failed('pickup', PATIENT, 0);
  }
  t.equal(throttle.begin('pickup', PATIENT, 0), 0);
  throttle.succeeded('pickup', PATIENT, 0);
  for (let i = 0; i < 4; i++) {
    t.equal(throttle.begin('pickup', PATIENT, 0), 0);
    throttle.failed('pickup', PATIENT, 0);
  }
});

t.test('codes that are asked for', async (t) => {
  const codes = codesAsked();
  t.equal(codes.ask('pickup', PATIENT, 0), 'make');
  t.equal(codes.ask('pickup', PATIENT, 30_000), 'wait', 'within the minute');
  t.equal(codes.ask('other', PATIENT, 30_000), 'make', 'another target');
  t.equal(codes.ask('pickup', PATIENT, 60_000), 'make');
  codes.notMade('pickup');
  t.equal(codes.ask('pickup', PATIENT, 61_000), 'make', 'nobody waits for a code that could not be made');
  let made = 0;
  for (let at = 2 * MINUTE; at < DAY; at += MINUTE) if (codes.ask('pickup', STRANGER, at) === 'make') made++;
  t.ok(made < 60, `${made} in a day for a stranger: no mail bomb`);
  t.equal(codes.ask('pickup', PATIENT, DAY), 'make', 'the person gets one all the same');
  t.ok(codes.asked('pickup', PATIENT, DAY + 9 * MINUTE));
  t.notOk(codes.asked('pickup', PATIENT, DAY + 10 * MINUTE));
  t.notOk(codes.asked('pickup', '203.0.113.1', DAY));
});
