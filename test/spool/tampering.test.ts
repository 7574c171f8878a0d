// Whoever can write to the disk can destroy content, but never have other bytes taken for it: each harm ends as content.unreadable,
// and what was given before is the true beginning.
import t from 'tap';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSpool } from '../../src/spool/file-spool.ts';
import { HEADER_BYTES, SEALED_CHUNK_BYTES, TAG_BYTES } from '../../src/spool/sealed-format.ts';
import { CHUNK_BYTES } from '../../src/spool/spool.ts';
import type { SealedContent, Spool } from '../../src/spool/spool.ts';
import { contentOf, fileOf, newMessageId, writeWhole } from '../support/sealed-content.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const LAST_BYTES = 100;
const PLAIN = randomBytes(CHUNK_BYTES * 5 + LAST_BYTES);
/** Where chunk n begins in the file. */
const chunkAt = (n: number): number => HEADER_BYTES + n * SEALED_CHUNK_BYTES;
const END = chunkAt(5) + LAST_BYTES + TAG_BYTES;

/** Reads until the end or the error; every chunk that was given must be true. */
async function outcome(spool: Spool, content: SealedContent): Promise<{ readonly given: number; readonly code: unknown }> {
  let given = 0;
  try {
    for await (const chunk of spool.read(content)) {
      if (!PLAIN.subarray(given, given + chunk.length).equals(chunk)) return { given, code: 'false content was given' };
      given += chunk.length;
    }
    return { given, code: null };
  } catch (error) {
    return { given, code: error instanceof Error && 'code' in error ? error.code : error };
  }
}

const flip = (bytes: Buffer, at: number, bit = 0): Buffer => {
  const bad = Buffer.from(bytes);
  bad[at] = (bad[at] ?? 0) ^ (1 << bit);
  return bad;
};
const swapped = (bytes: Buffer, a: number, b: number): Buffer => {
  const bad = Buffer.from(bytes);
  bytes.copy(bad, chunkAt(a), chunkAt(b), chunkAt(b + 1));
  bytes.copy(bad, chunkAt(b), chunkAt(a), chunkAt(a + 1));
  return bad;
};
const without = (bytes: Buffer, n: number): Buffer => Buffer.concat([bytes.subarray(0, chunkAt(n)), bytes.subarray(chunkAt(n + 1))]);
const twice = (bytes: Buffer, n: number): Buffer => Buffer.concat([bytes.subarray(0, chunkAt(n + 1)), bytes.subarray(chunkAt(n))]);

interface Harm {
  readonly name: string;
  /** Octets that may be given before it is noticed. */
  readonly given: number;
  readonly harm: (bytes: Buffer) => Buffer;
  /** What the journal says of the size, where it errs too. */
  readonly sizeBytes?: number;
}

const FLIPS: readonly (readonly [name: string, at: number, given: number])[] = [
  ['first octet of the magic', 0, 0],
  ['version', 2, 0],
  ['chunk size', 3, 0],
  ['prefix of the nonces, first octet', 4, 0],
  ['prefix of the nonces, last octet', HEADER_BYTES - 1, 0],
  ['chunk 0, first octet', chunkAt(0), 0],
  ['chunk 0, middle', chunkAt(0) + 30_000, 0],
  ['chunk 0, last octet', chunkAt(1) - TAG_BYTES - 1, 0],
  ['tag of chunk 0, first octet', chunkAt(1) - TAG_BYTES, 0],
  ['tag of chunk 0, last octet', chunkAt(1) - 1, 0],
  ['chunk 1, first octet', chunkAt(1), CHUNK_BYTES],
  ['tag of chunk 1', chunkAt(2) - 1, CHUNK_BYTES],
  ['last chunk, first octet', chunkAt(5), CHUNK_BYTES * 5],
  ['last chunk, last octet', END - TAG_BYTES - 1, CHUNK_BYTES * 5],
  ['tag of the last chunk, last octet', END - 1, CHUNK_BYTES * 5],
];
const CUTS: readonly number[] = [
  0,
  1,
  HEADER_BYTES - 1,
  HEADER_BYTES,
  ...[1, 2, 3].flatMap((n) => [chunkAt(n) - 1, chunkAt(n), chunkAt(n) + 1]),
  END - TAG_BYTES,
  END - 1,
];

const HARMS: readonly Harm[] = [
  ...FLIPS.flatMap(([name, at, given]) =>
    [0, 7].map((bit) => ({ name: `bit ${bit}: ${name}`, given, harm: (bytes: Buffer) => flip(bytes, at, bit) })),
  ),
  ...CUTS.map((at) => ({ name: `cut to ${at} octets`, given: 0, harm: (bytes: Buffer) => bytes.subarray(0, at) })),
  // The journal is deceived as well, so that the sizes agree: the mark of the last chunk tells.
  ...[1, 2, 3].map((n) => ({
    name: `cut after chunk ${n - 1}, and the journal says so too`,
    given: CHUNK_BYTES * (n - 1),
    harm: (bytes: Buffer) => bytes.subarray(0, chunkAt(n)),
    sizeBytes: CHUNK_BYTES * n,
  })),
  { name: 'one octet more', given: 0, harm: (bytes) => Buffer.concat([bytes, Buffer.alloc(1)]) },
  {
    name: 'one octet more, and the journal says so too',
    given: CHUNK_BYTES * 5,
    harm: (bytes) => Buffer.concat([bytes, Buffer.alloc(1)]),
    sizeBytes: PLAIN.length + 1,
  },
  { name: 'a chunk more', given: 0, harm: (bytes) => Buffer.concat([bytes, bytes.subarray(chunkAt(1), chunkAt(2))]) },
  {
    name: 'a chunk more at the front, and the journal says so too',
    given: CHUNK_BYTES,
    harm: (bytes) => twice(bytes, 0),
    sizeBytes: PLAIN.length + CHUNK_BYTES,
  },
  { name: 'chunks 0 and 1 swapped', given: 0, harm: (bytes) => swapped(bytes, 0, 1) },
  { name: 'chunks 1 and 2 swapped', given: CHUNK_BYTES, harm: (bytes) => swapped(bytes, 1, 2) },
  { name: 'chunk 1 left out', given: 0, harm: (bytes) => without(bytes, 1) },
  {
    name: 'chunk 1 left out, and the journal says so too',
    given: CHUNK_BYTES,
    harm: (bytes) => without(bytes, 1),
    sizeBytes: PLAIN.length - CHUNK_BYTES,
  },
  { name: 'chunk 1 in place of chunk 2', given: CHUNK_BYTES * 2, harm: (bytes) => twice(without(bytes, 2), 1) },
  { name: 'zeros', given: 0, harm: (bytes) => Buffer.alloc(bytes.length) },
];

t.test('a spool file', async (t) => {
  const data = temporaryFolder(t);
  const spool = await openSpool(data);
  const messageId = newMessageId();
  const key = randomBytes(32);
  const content = contentOf(messageId, key, await writeWhole(spool.writer(messageId, key), PLAIN));
  const path = fileOf(data, messageId);
  const good = readFileSync(path);
  t.equal(good.length, END);
  t.same(await outcome(spool, content), { given: PLAIN.length, code: null }, 'unharmed');

  for (const { name, given, harm, sizeBytes } of HARMS) {
    writeFileSync(path, harm(good));
    t.same(await outcome(spool, { ...content, sizeBytes: sizeBytes ?? content.sizeBytes }), { given, code: 'content.unreadable' }, name);
  }
  writeFileSync(path, good);
  t.same(await outcome(spool, content), { given: PLAIN.length, code: null }, 'put back');

  await t.test('another key, message or size', async (t) => {
    const other = newMessageId();
    mkdirSync(join(fileOf(data, other), '..'), { recursive: true });
    writeFileSync(fileOf(data, other), good);
    for (const [name, wrong] of [
      ['a key with one bit changed', { ...content, key: flip(key, 31) }],
      ['the file under the name of another message', { ...content, messageId: other }],
      ['a size that is one less', { ...content, sizeBytes: content.sizeBytes - 1 }],
      ['a size of nothing', { ...content, sizeBytes: 0 }],
      ['a place that is wrong', { ...content, place: 'row' as const }],
    ] as const) {
      t.same(await outcome(spool, wrong), { given: 0, code: 'content.unreadable' }, name);
    }
  });

  await t.test('a chunk of another message under the same key', async (t) => {
    const other = newMessageId();
    await writeWhole(spool.writer(other, key), PLAIN);
    const bad = Buffer.from(good);
    readFileSync(fileOf(data, other)).copy(bad, chunkAt(1), chunkAt(1), chunkAt(2));
    writeFileSync(path, bad);
    t.same(await outcome(spool, content), { given: CHUNK_BYTES, code: 'content.unreadable' });
    writeFileSync(path, good);
  });

  await t.test('the file shrinks while it is read', async (t) => {
    let given = 0;
    const reading = async (): Promise<void> => {
      for await (const chunk of spool.read(content)) {
        given += chunk.length;
        truncateSync(path, chunkAt(2));
      }
    };
    await t.rejects(reading(), { code: 'content.unreadable' });
    t.equal(given, CHUNK_BYTES * 2);
    writeFileSync(path, good);
  });

  await t.test('no file, a link, a folder', async (t) => {
    writeFileSync(join(data, 'elsewhere'), good);
    for (const [name, put] of [
      ['nothing', () => undefined],
      ['a link to the true file', () => symlinkSync(join(data, 'elsewhere'), path)],
      ['a folder', () => mkdirSync(path)],
    ] as const) {
      rmSync(path, { recursive: true, force: true });
      put();
      t.same(await outcome(spool, content), { given: 0, code: 'content.unreadable' }, name);
    }
  });
});

t.test('a journal row: every bit, every length', async (t) => {
  const spool = await openSpool(temporaryFolder(t));
  const messageId = newMessageId();
  const key = randomBytes(32);
  const finished = await writeWhole(spool.writer(messageId, key), PLAIN.subarray(0, 40));
  const content = contentOf(messageId, key, finished);
  const good = Buffer.from(finished.sealed ?? []);
  t.same(await outcome(spool, content), { given: 40, code: null });
  for (let bit = 0; bit < good.length * 8; bit++) {
    t.same(
      await outcome(spool, { ...content, sealed: flip(good, bit >> 3, bit & 7) }),
      { given: 0, code: 'content.unreadable' },
      `bit ${bit}`,
    );
  }
  for (let length = 0; length < good.length; length++) {
    const sealed = good.subarray(0, length);
    t.same(await outcome(spool, { ...content, sealed }), { given: 0, code: 'content.unreadable' }, `cut to ${length}`);
    t.same(await outcome(spool, { ...content, sealed, sizeBytes: Math.max(0, 40 - good.length + length) }), {
      given: 0,
      code: 'content.unreadable',
    });
  }
  t.same(await outcome(spool, { ...content, sealed: Buffer.concat([good, good]) }), { given: 0, code: 'content.unreadable' });
  t.same(await outcome(spool, { ...content, sealed: null }), { given: 0, code: 'content.unreadable' });
});

t.test('sealed bytes look like chance', async (t) => {
  const spool = await openSpool(temporaryFolder(t));
  const seal = async (): Promise<Buffer> =>
    Buffer.from((await writeWhole(spool.writer(newMessageId(), randomBytes(32)), Buffer.alloc(60_000))).sealed ?? []);
  const seen = new Set<string>();
  for (let i = 0; i < 5; i++) {
    const sealed = await seal();
    const counts = new Array<number>(256).fill(0);
    for (const octet of sealed.subarray(HEADER_BYTES)) counts[octet] = (counts[octet] ?? 0) + 1;
    // 60,000 zeros: 234 of each octet are expected, and 6 standard deviations are 92.
    t.ok(counts.every((count) => count > 140 && count < 330));
    seen.add(createHash('sha256').update(sealed).digest('hex'));
  }
  t.equal(seen.size, 5);
});
