// Counting failures: windows, waits that double, attempts under way, bounded memory.
import t from 'tap';
import { Failures } from '../../src/access/failures.ts';

const RULES = { allowed: 3, windowMs: 1_000, longestWaitMs: 8_000, maxKeys: 4 };

/** Fails n times, one after the other. */
function fail(failures: Failures, key: string, at: number, n: number): void {
  for (let i = 0; i < n; i++) {
    failures.begin(key, at);
    failures.end(key, at, 'failed');
  }
}

await t.test('so many in a window, then a wait', async (t) => {
  const failures = new Failures(RULES);
  fail(failures, 'a', 0, 2);
  t.equal(failures.state('a', 0), 'open');
  fail(failures, 'a', 500, 1);
  t.equal(failures.state('a', 500), 'waiting');
  t.equal(failures.state('a', 1_499), 'waiting');
  t.equal(failures.state('a', 1_500), 'open', 'the wait is over');
  t.equal(failures.state('b', 500), 'open', 'others are not touched');
});

await t.test('failures in an older window do not count', async (t) => {
  const failures = new Failures(RULES);
  fail(failures, 'a', 0, 2);
  fail(failures, 'a', 1_001, 2);
  t.equal(failures.state('a', 1_001), 'open');
  fail(failures, 'a', 1_002, 1);
  t.equal(failures.state('a', 1_002), 'waiting');
});

await t.test('waits double up to the longest, and shrink only by success or long quiet', async (t) => {
  const failures = new Failures(RULES);
  let at = 0;
  const waits: number[] = [];
  for (let round = 0; round < 6; round++) {
    fail(failures, 'a', at, 3);
    const began = at;
    while (failures.state('a', at) === 'waiting') at += 100;
    waits.push(at - began);
  }
  t.same(waits, [1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
  failures.forget('a');
  fail(failures, 'a', at, 3);
  t.equal(failures.state('a', at + 999), 'waiting');
  t.equal(failures.state('a', at + 1_000), 'open', 'after a success it begins anew');
  fail(failures, 'a', at + 1_000, 3);
  t.equal(failures.state('a', at + 2_999), 'waiting');
  fail(failures, 'a', at + 100_000, 3);
  t.equal(failures.state('a', at + 101_000), 'open', 'after long quiet too');
});

await t.test('attempts under way count as if they failed', async (t) => {
  const failures = new Failures(RULES);
  for (let i = 0; i < 3; i++) {
    t.equal(failures.state('a', 0), 'open');
    failures.begin('a', 0);
  }
  t.equal(failures.state('a', 0), 'busy', 'a fourth could be one too many');
  failures.end('a', 0, 'unknown');
  t.equal(failures.state('a', 0), 'open');
  failures.end('a', 0, 'failed');
  failures.end('a', 0, 'failed');
  t.equal(failures.state('a', 0), 'open');
  fail(failures, 'a', 0, 1);
  t.equal(failures.state('a', 0), 'waiting');
});

await t.test('success keeps the others that are under way', async (t) => {
  const failures = new Failures(RULES);
  for (let i = 0; i < 3; i++) failures.begin('a', 0);
  failures.forget('a');
  t.equal(failures.state('a', 0), 'open');
  failures.begin('a', 0);
  t.equal(failures.state('a', 0), 'busy');
});

await t.test('memory is bounded: the key that was quiet for longest goes first', async (t) => {
  const failures = new Failures(RULES);
  for (const key of ['a', 'b', 'c', 'd']) fail(failures, key, 0, 2);
  fail(failures, 'a', 1, 1);
  t.equal(failures.state('a', 1), 'waiting');
  for (const key of ['e', 'f', 'g']) fail(failures, key, 2, 2);
  t.equal(failures.size, 4);
  t.equal(failures.state('a', 2), 'waiting', 'was busy last');
  failures.begin('x', 3);
  failures.end('x', 3, 'unknown');
  t.equal(failures.size, 3, 'what holds nothing is not kept');
});
