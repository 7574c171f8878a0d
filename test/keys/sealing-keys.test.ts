// Data keys, columns and digests of a key folder, across restarts and after periods are destroyed.
import t from 'tap';
import { createHmac } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { sealerFrom } from '../../src/keys/column-sealer.ts';
import { SEAL_BYTES } from '../../src/keys/period-cipher.ts';
import { MailError } from '../../src/mail/mail-error.ts';
import { newPlace, openedKeys } from '../support/key-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const DAY = 86_400_000;
const unreadable = { code: 'content.unreadable' };

t.test('a data key opens again, here and after a restart', (t) => {
  const place = newPlace(temporaryFolder(t));
  const keys = openedKeys(place);
  const { key, wrappedKey, periodId } = keys.newDataKey('M1', NOW);
  t.equal(key.length, 32);
  t.equal(wrappedKey.length, 32 + SEAL_BYTES);
  t.notOk(Buffer.from(wrappedKey).includes(Buffer.from(key)));
  t.notSame(keys.newDataKey('M1', NOW).key, key, 'each one is fresh');
  t.same(keys.unwrapDataKey('M1', wrappedKey, periodId), Buffer.from(key));
  t.same(openedKeys(place, 'open').unwrapDataKey('M1', wrappedKey, periodId), Buffer.from(key));
  t.end();
});

t.test('a wrapped key is bound to its message, its period and every bit', (t) => {
  const keys = openedKeys(newPlace(temporaryFolder(t)));
  const { wrappedKey, periodId } = keys.newDataKey('M1', NOW);
  const other = keys.newDataKey('M1', NOW + 8 * DAY);
  t.not(other.periodId, periodId);
  t.throws(() => keys.unwrapDataKey('M2', wrappedKey, periodId), unreadable, 'another message');
  t.throws(() => keys.unwrapDataKey('M1', wrappedKey, other.periodId), unreadable, 'another period');
  t.throws(() => keys.unwrapDataKey('M1', wrappedKey, 99), unreadable, 'a period that never was');
  for (let bit = 0; bit < wrappedKey.length * 8; bit++) {
    const bad = Uint8Array.from(wrappedKey);
    bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    t.throws(() => keys.unwrapDataKey('M1', bad, periodId), unreadable, `bit ${bit}`);
  }
  for (let length = 0; length < wrappedKey.length; length++) {
    t.throws(() => keys.unwrapDataKey('M1', wrappedKey.subarray(0, length), periodId), unreadable, `cut to ${length}`);
  }
  t.throws(() => keys.unwrapDataKey('M1', Buffer.concat([wrappedKey, Buffer.alloc(1)]), periodId), unreadable, 'one octet more');
  t.end();
});

t.test('periods: seven days of content, a quarter of detail, the next one ahead', (t) => {
  const place = newPlace(temporaryFolder(t));
  const keys = openedKeys(place);
  t.equal(keys.prepare(NOW), 'changed');
  t.equal(keys.prepare(NOW), 'unchanged');
  t.equal(keys.periods('content').length, 2);
  t.same(keys.periods('detail'), [
    { periodId: 1, endsAt: Date.UTC(2027, 0, 1) },
    { periodId: 2, endsAt: Date.UTC(2027, 3, 1) },
  ]);
  const [first, second] = keys.periods('content');
  t.ok((first?.endsAt ?? 0) > NOW && (first?.endsAt ?? 0) <= NOW + 7 * DAY);
  t.equal((second?.endsAt ?? 0) - (first?.endsAt ?? 0), 7 * DAY);
  const before = readdirSync(join(place.keyFolder, 'periods')).length;
  t.equal(keys.newDataKey('M', first?.endsAt ?? 0).periodId, second?.periodId, 'a period begins when the one before it ends');
  t.equal(keys.newDataKey('M', (first?.endsAt ?? 0) - 1).periodId, first?.periodId);
  t.equal(readdirSync(join(place.keyFolder, 'periods')).length, before, 'none was created for a message');
  t.equal(keys.prepare(Date.UTC(2026, 11, 31)), 'unchanged', 'detail has not moved on');
  t.equal(keys.prepare(Date.UTC(2027, 0, 1)), 'changed');
  t.end();
});

t.test('a destroyed content period takes its keys along, for good', (t) => {
  const place = newPlace(temporaryFolder(t));
  const keys = openedKeys(place);
  const old = keys.newDataKey('M1', NOW);
  const longer = keys.newDataKey('M2', NOW);
  const later = keys.newDataKey('M3', NOW + 8 * DAY);
  const rewrapped = keys.rewrapDataKey('M2', longer.wrappedKey, longer.periodId, later.periodId);
  const file = join(place.keyFolder, 'periods', 'content-0000000001.key');
  t.ok(existsSync(file));
  const copy = readFileSync(file);

  keys.destroyPeriod('content', old.periodId);
  keys.destroyPeriod('content', old.periodId);
  t.notOk(existsSync(file));
  for (const each of [keys, openedKeys(place, 'open')]) {
    t.throws(() => each.unwrapDataKey('M1', old.wrappedKey, old.periodId), unreadable);
    t.throws(() => each.rewrapDataKey('M1', old.wrappedKey, old.periodId, later.periodId), unreadable);
    t.throws(() => each.rewrapDataKey('M3', later.wrappedKey, later.periodId, old.periodId), unreadable, 'nothing is wrapped under it');
    t.same(each.unwrapDataKey('M2', rewrapped, later.periodId), Buffer.from(longer.key), 'what was wrapped again lives on');
    t.same(each.unwrapDataKey('M3', later.wrappedKey, later.periodId), Buffer.from(later.key));
    t.same(
      each.periods('content').map((period) => period.periodId),
      [later.periodId],
    );
  }
  t.ok(keys.newDataKey('M4', NOW).periodId > later.periodId, 'its number is not used again');
  t.throws(() => keys.destroyPeriod('content', 77), RangeError);

  // A crash after the marker, before the key went: the start finishes it, and the key does not count meanwhile.
  writeFileSync(file, copy, { mode: 0o600 });
  const again = openedKeys(place, 'open');
  t.throws(() => again.unwrapDataKey('M1', old.wrappedKey, old.periodId), unreadable);
  again.prepare(NOW);
  t.notOk(existsSync(file));
  t.end();
});

t.test('a failure on the way leaves nothing stuck', (t) => {
  const place = newPlace(temporaryFolder(t));
  const keys = openedKeys(place);
  const old = keys.newDataKey('M1', NOW);
  const inPeriods = (name: string): string => join(place.keyFolder, 'periods', name);
  writeFileSync(inPeriods('content-0000000002.key'), 'left by an attempt whose folder could not be fsynced', { mode: 0o600 });
  t.throws(() => keys.newDataKey('M2', NOW + 8 * DAY), { code: 'store.unavailable' });
  t.equal(keys.newDataKey('M2', NOW + 8 * DAY).periodId, 3, 'the next attempt takes the next number');
  writeFileSync(inPeriods('content-0000000001.destroyed'), 'a marker whose key did not go', { mode: 0o600 });
  keys.destroyPeriod('content', 1);
  t.notOk(existsSync(inPeriods('content-0000000001.key')));
  t.throws(() => keys.unwrapDataKey('M1', old.wrappedKey, 1), unreadable);
  t.end();
});

t.test('columns', (t) => {
  const place = newPlace(temporaryFolder(t));
  const keys = openedKeys(place);
  keys.prepare(NOW);
  let now = NOW;
  const sealer = sealerFrom(keys.sealerMaterial(), () => now);
  const plain = Buffer.from('ann@example.org');
  const sealed = sealer.seal(plain, 'delivery.recipient M1/0');

  t.test('open only where they were sealed', (t) => {
    t.equal(sealed.length, plain.length + SEAL_BYTES);
    t.same(sealer.open(sealed, 'delivery.recipient M1/0'), plain);
    t.same(sealer.open(sealer.seal(Buffer.alloc(0), ''), ''), Buffer.alloc(0), 'empty');
    t.throws(() => sealer.open(sealed, 'delivery.recipient M2/0'), unreadable);
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const bad = Uint8Array.from(sealed);
      bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      t.throws(() => sealer.open(bad, 'delivery.recipient M1/0'), unreadable, `bit ${bit}`);
    }
    t.throws(() => sealer.open(new Uint8Array(0), ''), MailError);
    t.end();
  });

  t.test('never give the same bytes twice', (t) => {
    const seen = new Set(Array.from({ length: 3000 }, () => Buffer.from(sealer.seal(plain, 'x')).toString('base64')));
    t.equal(seen.size, 3000);
    const subkeys = new Set([...seen].map((each) => Buffer.from(each, 'base64')[5]));
    t.ok(subkeys.size > 250, 'all subkeys serve');
    t.end();
  });

  t.test('move on with time, and null after their period is destroyed', (t) => {
    now = Date.UTC(2027, 1, 1);
    const second = sealer.seal(plain, 'x');
    now = Date.UTC(2028, 1, 1);
    const beyond = sealer.seal(plain, 'x');
    now = Date.UTC(2020, 1, 1);
    const before = sealer.seal(plain, 'x');
    t.same(
      [second, beyond, before].map((each) => Buffer.from(each).readUInt32BE(1)),
      [2, 2, 1],
      'no period: the nearest one that there is',
    );
    keys.destroyPeriod('detail', 1);
    sealer.renew(keys.sealerMaterial());
    t.equal(sealer.open(sealed, 'delivery.recipient M1/0'), null);
    t.same(sealer.open(second, 'x'), plain);
    const restarted = sealerFrom(openedKeys(place, 'open').sealerMaterial(), () => now);
    t.equal(restarted.open(sealed, 'delivery.recipient M1/0'), null);
    t.end();
  });
  t.end();
});

t.test('a column sealed in a worker thread opens here, and the other way round', async (t) => {
  const keys = openedKeys(newPlace(temporaryFolder(t)));
  keys.prepare(NOW);
  const here = sealerFrom(keys.sealerMaterial(), () => NOW);
  const code = `
    import { parentPort, workerData } from 'node:worker_threads';
    import { sealerFrom } from ${JSON.stringify(new URL('../../src/keys/column-sealer.ts', import.meta.url).href)};
    const sealer = sealerFrom(workerData.material, () => ${NOW});
    parentPort.postMessage({ opened: sealer.open(workerData.sealed, 'there'), sealed: sealer.seal(Buffer.from('from there'), 'here') });`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), {
    workerData: { material: keys.sealerMaterial(), sealed: here.seal(Buffer.from('from here'), 'there') },
  });
  const answer = await new Promise<{ readonly opened: Uint8Array; readonly sealed: Uint8Array }>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  t.equal(Buffer.from(answer.opened).toString(), 'from here');
  t.equal(Buffer.from(here.open(answer.sealed, 'here') ?? []).toString(), 'from there');
  await worker.terminate();
});

t.test('digests', (t) => {
  const place = newPlace(temporaryFolder(t));
  const keys = openedKeys(place);
  const hex = (label: string, ...values: readonly (string | Uint8Array)[]): string =>
    Buffer.from(keys.digest(label, ...values)).toString('hex');
  t.equal(hex('recipient', 'ann@example.org').length, 64);
  t.equal(hex('recipient', 'ann@example.org'), hex('recipient', Buffer.from('ann@example.org')), 'text counts as UTF-8');
  t.equal(
    Buffer.from(openedKeys(place, 'open').digest('recipient', 'a')).toString('hex'),
    hex('recipient', 'a'),
    'the same after a restart',
  );
  const different: readonly (readonly [string, ...string[]])[] = [
    ['recipient', 'ab', 'c'],
    ['recipient', 'a', 'bc'],
    ['recipient', 'abc'],
    ['recipient', 'abc', ''],
    ['recipient', '', 'abc'],
    ['recipient'],
    ['recipient', ''],
    ['recipientabc'],
    ['destination', 'abc'],
    ['recipient', '\u0000\u0000\u0000\u0001a', 'b'],
  ];
  t.equal(new Set(different.map(([label, ...values]) => hex(label, ...values))).size, different.length, 'no two lists of values meet');
  t.not(hex('recipient', 'a'), createHmac('sha256', '').update('a').digest('hex'));
  const others = openedKeys(newPlace(temporaryFolder(t)));
  t.notSame(others.digest('recipient', 'a'), keys.digest('recipient', 'a'), 'another master key, another digest');
  t.equal(keys.digest('x').buffer.byteLength, 32, 'memory of its own: cheap to post to a thread');
  t.equal(keys.newDataKey('M', NOW).wrappedKey.buffer.byteLength, 32 + SEAL_BYTES);
  t.end();
});

t.test('many data keys are all different', (t) => {
  const keys = openedKeys(newPlace(temporaryFolder(t)));
  const seen = new Set(Array.from({ length: 2000 }, (_, i) => Buffer.from(keys.newDataKey(`M${i}`, NOW).key).toString('hex')));
  t.equal(seen.size, 2000);
  t.end();
});
