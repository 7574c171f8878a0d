// The signed head: written whole and in order, read back, verified by others.
import t from 'tap';
import { createPublicKey, verify } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newPlace, openedKeys } from '../support/key-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

t.test('a head is signed here and verified anywhere', (t) => {
  const place = newPlace(temporaryFolder(t));
  const { head } = openedKeys(place);
  const bytes = Buffer.from('{"seq":7}');
  const signature = head.sign(bytes);
  t.equal(signature.length, 64);
  t.ok(head.verify(bytes, signature));
  t.ok(verify(null, bytes, createPublicKey(head.publicKey), signature), 'with the public key alone');
  t.notOk(head.verify(Buffer.from('{"seq":8}'), signature));
  t.notOk(head.verify(bytes, signature.subarray(1)));
  t.ok(openedKeys(place, 'open').head.verify(bytes, signature), 'after a restart');
  t.notOk(openedKeys(newPlace(temporaryFolder(t))).head.verify(bytes, signature), 'not with the key of another gateway');
  t.end();
});

t.test('heads are written in the order given', async (t) => {
  const place = newPlace(temporaryFolder(t));
  const { head } = openedKeys(place);
  t.equal(await head.read(), null);
  await head.write('{"seq":1}\n');
  t.equal(await head.read(), '{"seq":1}\n');
  t.equal(statSync(join(place.keyFolder, 'head.json')).mode & 0o777, 0o600);
  await Promise.all(Array.from({ length: 20 }, (_, i) => head.write(`{"seq":${i + 2},"pad":"${'x'.repeat(2000 - i * 100)}"}`)));
  t.equal(await head.read(), `{"seq":21,"pad":"${'x'.repeat(100)}"}`);
  t.notOk(existsSync(join(place.keyFolder, 'head.json.new')));
});

t.test('what a crash left does no harm', async (t) => {
  const place = newPlace(temporaryFolder(t));
  const { head } = openedKeys(place);
  await head.write('{"seq":1}');
  writeFileSync(join(place.keyFolder, 'head.json.new'), '{"seq":2,"cut sho');
  t.equal(await openedKeys(place, 'open').head.read(), '{"seq":1}');
  await head.write('{"seq":3}');
  t.equal(await head.read(), '{"seq":3}');
});

t.test('a head that cannot be written is an expected failure, and the next one is tried again', async (t) => {
  const place = newPlace(temporaryFolder(t));
  const { head } = openedKeys(place);
  mkdirSync(join(place.keyFolder, 'head.json.new'));
  const [first, second] = await Promise.allSettled([head.write('{"seq":1}'), head.write('{"seq":2}')]);
  t.match(first, { status: 'rejected', reason: { code: 'store.unavailable' } });
  t.match(second, { status: 'rejected', reason: { code: 'store.unavailable' } });
  rmSync(join(place.keyFolder, 'head.json.new'), { recursive: true });
  await head.write('{"seq":3}');
  t.equal(await head.read(), '{"seq":3}');
});
