// Content that is sealed, written and read back, on real files.
import t from 'tap';
import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CHUNK_BYTES, ROW_BYTES } from '../../src/spool/spool.ts';
import { openSpool } from '../../src/spool/file-spool.ts';
import { sealedBytesOf } from '../../src/spool/sealed-format.ts';
import { contentOf, fileOf, newMessageId, readWhole, writeWhole } from '../support/sealed-content.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SIZES: readonly (readonly [name: string, sizeBytes: number, place: 'row' | 'file'])[] = [
  ['nothing', 0, 'row'],
  ['one octet', 1, 'row'],
  ['a small mail', 2048, 'row'],
  ['one octet under a chunk', CHUNK_BYTES - 1, 'row'],
  ['exactly a chunk', CHUNK_BYTES, 'row'],
  ['one octet over a chunk', CHUNK_BYTES + 1, 'row'],
  ['exactly two chunks', CHUNK_BYTES * 2, 'row'],
  ['one octet under what a row takes', ROW_BYTES - 1, 'row'],
  ['exactly what a row takes', ROW_BYTES, 'row'],
  ['one octet more than a row takes', ROW_BYTES + 1, 'file'],
  ['five chunks and one octet', CHUNK_BYTES * 5 + 1, 'file'],
  ['a million octets', 1_000_000, 'file'],
];
const PIECES: readonly (readonly [name: string, sizeBytes: number])[] = [
  ['pieces of 1 octet', 1],
  ['pieces of 1,400', 1400],
  ['pieces of a chunk', CHUNK_BYTES],
  ['pieces of a chunk and one', CHUNK_BYTES + 1],
  ['one piece', Infinity],
];

for (const [size, sizeBytes, place] of SIZES) {
  t.test(`${size} comes back as it was`, async (t) => {
    const data = temporaryFolder(t);
    const spool = await openSpool(data);
    for (const [pieces, pieceBytes] of PIECES) {
      if (sizeBytes / pieceBytes > 200_000) continue;
      const messageId = newMessageId();
      const key = randomBytes(32);
      const plain = randomBytes(sizeBytes);
      const finished = await writeWhole(spool.writer(messageId, key), plain, pieceBytes);
      t.equal(finished.place, place, pieces);
      t.equal(finished.sizeBytes, sizeBytes, pieces);
      const stored = place === 'row' ? (finished.sealed?.length ?? 0) : statSync(fileOf(data, messageId)).size;
      t.equal(stored, sealedBytesOf(sizeBytes), `${pieces}: size on disk`);
      t.equal(existsSync(fileOf(data, messageId)), place === 'file', `${pieces}: only large content is a file`);
      const back = await readWhole(spool.read(contentOf(messageId, key, finished)));
      t.ok(back.equals(plain), pieces);
    }
  });
}

t.test('any pieces give the same content', async (t) => {
  const spool = await openSpool(temporaryFolder(t));
  const piece = fc.oneof(fc.nat(20), fc.nat(70_000), fc.constantFrom(CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, CHUNK_BYTES * 2));
  const check = fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (sizes) => {
    const messageId = newMessageId();
    const key = randomBytes(32);
    const pieces = sizes.map((size) => randomBytes(size));
    const writer = spool.writer(messageId, key);
    for (const each of pieces) await writer.write(each);
    const finished = await writer.finish();
    return (await readWhole(spool.read(contentOf(messageId, key, finished)))).equals(Buffer.concat(pieces));
  });
  await t.resolves(fc.assert(check, { seed: 2026, numRuns: 40 }));
});

t.test('chunks are given one by one, none larger than a chunk', async (t) => {
  const spool = await openSpool(temporaryFolder(t));
  const messageId = newMessageId();
  const key = randomBytes(32);
  const finished = await writeWhole(spool.writer(messageId, key), randomBytes(CHUNK_BYTES * 2 + 5));
  const sizes: number[] = [];
  for await (const chunk of spool.read(contentOf(messageId, key, finished))) sizes.push(chunk.length);
  t.same(sizes, [CHUNK_BYTES, CHUNK_BYTES, 5]);
});

t.test('the writer keeps nothing of a piece after write resolves', async (t) => {
  const spool = await openSpool(temporaryFolder(t));
  const messageId = newMessageId();
  const key = randomBytes(32);
  const writer = spool.writer(messageId, key);
  const piece = Buffer.alloc(100_000, 'a');
  await writer.write(piece);
  piece.fill('b');
  await writer.write(piece);
  piece.fill('c');
  const finished = await writer.finish();
  const back = await readWhole(spool.read(contentOf(messageId, key, finished)));
  t.ok(back.equals(Buffer.concat([Buffer.alloc(100_000, 'a'), Buffer.alloc(100_000, 'b')])));
});

t.test('what is on disk is 0600 in 0700 folders and shows nothing of the content', async (t) => {
  const data = temporaryFolder(t);
  const spool = await openSpool(data);
  const messageId = newMessageId();
  const canary = Buffer.from('CANARY-Jane-Doe-HIV-positive ');
  const plain = Buffer.alloc(400_000, canary);
  const row = await writeWhole(spool.writer(newMessageId(), randomBytes(32)), plain.subarray(0, 3000));
  await writeWhole(spool.writer(messageId, randomBytes(32)), plain);
  const path = fileOf(data, messageId);
  t.equal(statSync(path).mode & 0o777, 0o600);
  t.equal(statSync(join(path, '..')).mode & 0o777, 0o700);
  t.equal(statSync(join(data, 'spool')).mode & 0o777, 0o700);
  for (const bytes of [readFileSync(path), Buffer.from(row.sealed ?? [])]) {
    t.notOk(bytes.includes('CANARY'));
    t.notOk(bytes.includes('Jane-Doe'));
  }
  t.same(readdirSync(join(data, 'spool')), [messageId.slice(-2)]);
});

t.test('one key used twice still gives two different nonces', async (t) => {
  const spool = await openSpool(temporaryFolder(t));
  const key = randomBytes(32);
  const messageId = newMessageId();
  const plain = randomBytes(500);
  const [one, two] = [await writeWhole(spool.writer(messageId, key), plain), await writeWhole(spool.writer(messageId, key), plain)];
  t.notSame(Buffer.from(one.sealed ?? []).subarray(11), Buffer.from(two.sealed ?? []).subarray(11));
});

t.test('a writer gives up', async (t) => {
  const data = temporaryFolder(t);
  const spool = await openSpool(data);

  await t.test('in the middle: the file goes', async (t) => {
    const messageId = newMessageId();
    const writer = spool.writer(messageId, randomBytes(32));
    for (let i = 0; i < 10; i++) await writer.write(randomBytes(CHUNK_BYTES));
    t.ok(existsSync(fileOf(data, messageId)));
    await writer.abort();
    t.notOk(existsSync(fileOf(data, messageId)));
    await writer.abort();
    await t.rejects(writer.write(randomBytes(1)));
  });

  await t.test('while a write is under way: nothing is written afterwards', async (t) => {
    const messageId = newMessageId();
    const writer = spool.writer(messageId, randomBytes(32));
    const writing = writer.write(randomBytes(CHUNK_BYTES * 20));
    const [written] = await Promise.allSettled([writing, writer.abort()]);
    t.equal(written.status, 'rejected');
    t.notOk(existsSync(fileOf(data, messageId)));
  });

  await t.test('while finish is under way: finish fails and the file goes', async (t) => {
    const messageId = newMessageId();
    const writer = spool.writer(messageId, randomBytes(32));
    await writer.write(randomBytes(ROW_BYTES + CHUNK_BYTES));
    const [finished] = await Promise.allSettled([writer.finish(), writer.abort()]);
    t.match(finished, { status: 'rejected', reason: { code: 'store.unavailable' } });
    t.notOk(existsSync(fileOf(data, messageId)));
  });

  await t.test('after finish: nothing happens, for the message may be accepted already', async (t) => {
    const messageId = newMessageId();
    const writer = spool.writer(messageId, randomBytes(32));
    await writer.write(randomBytes(ROW_BYTES + CHUNK_BYTES));
    await writer.finish();
    await writer.abort();
    t.ok(existsSync(fileOf(data, messageId)));
  });
});

t.test('remove and sweep', async (t) => {
  const data = temporaryFolder(t);
  const spool = await openSpool(data);
  const ids = [newMessageId(), newMessageId(), newMessageId()];
  for (const id of ids) await writeWhole(spool.writer(id, randomBytes(32)), randomBytes(ROW_BYTES + 1));
  const unfinished = newMessageId();
  const writer = spool.writer(unfinished, randomBytes(32));
  await writer.write(randomBytes(ROW_BYTES + CHUNK_BYTES));
  await writer.write(randomBytes(ROW_BYTES + CHUNK_BYTES));

  await spool.remove(ids[0] ?? '');
  t.notOk(existsSync(fileOf(data, ids[0] ?? '')));
  await t.resolves(spool.remove(ids[0] ?? ''), 'a second time is fine');

  await mkdir(join(data, 'spool', 'lost+found'));
  await writeFile(join(data, 'spool', 'note.txt'), 'of an administrator');
  const again = await openSpool(data);
  t.equal(await again.sweep(new Set([ids[1] ?? ''])), 2, 'one without a journal row, one unfinished');
  t.ok(existsSync(fileOf(data, ids[1] ?? '')));
  t.notOk(existsSync(fileOf(data, ids[2] ?? '')));
  t.notOk(existsSync(fileOf(data, unfinished)));
  t.ok(existsSync(join(data, 'spool', 'note.txt')), 'what is not ours stays');
  await writer.abort();
});

t.test('a name that is no message id never becomes a path', async (t) => {
  const spool = await openSpool(temporaryFolder(t));
  for (const id of ['', '../../../../etc/passwd', 'A'.repeat(25), `${'A'.repeat(24)}/.`, 'a'.repeat(26)]) {
    t.throws(() => spool.writer(id, randomBytes(32)), TypeError, JSON.stringify(id));
    await t.rejects(spool.remove(id), TypeError, JSON.stringify(id));
  }
});

t.test('many at once into the same folders', async (t) => {
  const data = temporaryFolder(t);
  const spool = await openSpool(data);
  const same = newMessageId().slice(-2);
  const all = Array.from({ length: 24 }, () => ({
    id: newMessageId().slice(0, -2) + same,
    key: randomBytes(32),
    plain: randomBytes(ROW_BYTES + 9),
  }));
  const finished = await Promise.all(all.map(({ id, key, plain }) => writeWhole(spool.writer(id, key), plain, 5000)));
  for (const [i, { id, key, plain }] of all.entries()) {
    const one = finished[i];
    if (one === undefined) return t.fail('missing');
    t.ok((await readWhole(spool.read(contentOf(id, key, one)))).equals(plain));
  }
});
