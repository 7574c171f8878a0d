// Sealed content that comes over a wire: opened in any pieces, and refused when one octet is not what was sealed.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import t from 'tap';
import { MailError } from '../../src/mail/mail-error.ts';
import { openSpool } from '../../src/spool/file-spool.ts';
import { HEADER_BYTES, SEALED_CHUNK_BYTES } from '../../src/spool/sealed-format.ts';
import { openSealed } from '../../src/spool/sealed-stream.ts';
import { CHUNK_BYTES, ROW_BYTES } from '../../src/spool/spool.ts';
import { fileOf, newMessageId, readWhole, writeWhole } from '../support/sealed-content.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Sealed {
  readonly messageId: string;
  readonly key: Buffer;
  readonly sizeBytes: number;
  readonly plain: Buffer;
  readonly octets: Buffer;
}

async function seal(t: Parameters<typeof temporaryFolder>[0], sizeBytes: number): Promise<Sealed> {
  const data = temporaryFolder(t);
  const spool = await openSpool(data);
  const [messageId, key, plain] = [newMessageId(), randomBytes(32), randomBytes(sizeBytes)];
  const finished = await writeWhole(spool.writer(messageId, key), plain);
  return { messageId, key, sizeBytes, plain, octets: Buffer.from(finished.sealed ?? readFileSync(fileOf(data, messageId))) };
}

async function* pieces(octets: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let at = 0;
  for (let i = 0; at < octets.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    yield octets.subarray(at, at + size);
    at += size;
  }
}

const SIZES = [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, ROW_BYTES, ROW_BYTES + 1, 700_000];

t.test('every size, in pieces of every kind', async (t) => {
  for (const size of SIZES) {
    const sealed = await seal(t, size);
    for (const piece of [7, 1_400, CHUNK_BYTES, SEALED_CHUNK_BYTES, 1_000_000]) {
      const back = await readWhole(openSealed(pieces(sealed.octets, [piece]), sealed));
      t.ok(back.equals(sealed.plain), `${size} octets in pieces of ${piece}`);
    }
  }
});

t.test('any pieces', async (t) => {
  const sealed = await seal(t, CHUNK_BYTES * 3 + 5);
  const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 90_000 })), { minLength: 1, maxLength: 9 });
  for (const list of fc.sample(sizes, { seed: 7, numRuns: 60 })) {
    const whole = list.reduce((sum, one) => sum + one, 0) < 2_000 ? [...list, 50_000] : list;
    t.ok((await readWhole(openSealed(pieces(sealed.octets, whole), sealed))).equals(sealed.plain), whole.join(' '));
  }
});

t.test('what is not what was sealed is not given', async (t) => {
  const sealed = await seal(t, CHUNK_BYTES * 2 + 100);
  const other = await seal(t, CHUNK_BYTES * 2 + 100);
  const { octets } = sealed;
  const first = octets.subarray(HEADER_BYTES, HEADER_BYTES + SEALED_CHUNK_BYTES);
  const second = octets.subarray(HEADER_BYTES + SEALED_CHUNK_BYTES, HEADER_BYTES + 2 * SEALED_CHUNK_BYTES);
  const last = octets.subarray(HEADER_BYTES + 2 * SEALED_CHUNK_BYTES);
  const header = octets.subarray(0, HEADER_BYTES);
  const cases: readonly (readonly [name: string, octets: Buffer, about?: Partial<Sealed>])[] = [
    ['nothing', Buffer.alloc(0)],
    ['half a header', octets.subarray(0, 5)],
    ['a header alone', header],
    ['without its last octet', octets.subarray(0, -1)],
    ['cut at a chunk', octets.subarray(0, HEADER_BYTES + SEALED_CHUNK_BYTES)],
    ['an octet more', Buffer.concat([octets, Buffer.from('x')])],
    ['all of it twice', Buffer.concat([octets, octets])],
    ['chunks swapped', Buffer.concat([header, second, first, last])],
    ['a chunk repeated', Buffer.concat([header, first, first, last])],
    ['the header of another', Buffer.concat([other.octets.subarray(0, HEADER_BYTES), octets.subarray(HEADER_BYTES)])],
    ['no header of ours', Buffer.concat([Buffer.alloc(HEADER_BYTES, 65), octets.subarray(HEADER_BYTES)])],
    ['the key of another', octets, { key: other.key }],
    ['the id of another', octets, { messageId: other.messageId }],
    ['a size that is too small', octets, { sizeBytes: sealed.sizeBytes - 1 }],
    ['a size that is too large', octets, { sizeBytes: sealed.sizeBytes + 1 }],
    ['a size of one chunk', octets, { sizeBytes: CHUNK_BYTES }],
  ];
  for (const [name, bytes, about] of cases) {
    await t.rejects(readWhole(openSealed(pieces(bytes, [9_000]), { ...sealed, ...about })), { code: 'content.unreadable' }, name);
  }
});

t.test('an octet changed anywhere', async (t) => {
  const sealed = await seal(t, 3_000);
  const outcomes: string[] = [];
  for (let at = 0; at < sealed.octets.length; at += 13) {
    const changed = Buffer.from(sealed.octets);
    changed[at] = (changed[at] ?? 0) ^ 1;
    outcomes.push(
      await readWhole(openSealed(pieces(changed, [500]), sealed)).then(
        () => `read at ${at}`,
        () => 'refused',
      ),
    );
  }
  t.same([...new Set(outcomes)], ['refused']);
});

t.test('chunks before a bad one were verified: they are the plain ones', async (t) => {
  const sealed = await seal(t, CHUNK_BYTES * 2);
  const changed = Buffer.from(sealed.octets);
  const at = changed.length - 1;
  changed[at] = (changed[at] ?? 0) ^ 1;
  const given: Buffer[] = [];
  const reading = (async () => {
    for await (const chunk of openSealed(pieces(changed, [30_000]), sealed)) given.push(Buffer.from(chunk));
  })();
  await t.rejects(reading, { code: 'content.unreadable' });
  t.ok(Buffer.concat(given).equals(sealed.plain.subarray(0, CHUNK_BYTES)));
});

t.test('a wire that breaks', async (t) => {
  const sealed = await seal(t, 500);
  async function* breaking(): AsyncGenerator<Buffer> {
    yield sealed.octets.subarray(0, 100);
    throw new RangeError('broken');
  }
  await t.rejects(readWhole(openSealed(breaking(), sealed)), { name: 'RangeError' });
});

t.test('noise', async (t) => {
  const noise = fc.tuple(fc.uint8Array({ maxLength: 200 }), fc.nat(150));
  const ends: string[] = [];
  for (const [octets, sizeBytes] of fc.sample(noise, { seed: 11, numRuns: 200 })) {
    const reading = readWhole(openSealed(pieces(Buffer.from(octets), [11]), { messageId: 'x', key: Buffer.alloc(32), sizeBytes }));
    ends.push(
      await reading.then(
        () => 'read',
        (error: unknown) => (error instanceof MailError ? error.code : 'fault'),
      ),
    );
  }
  t.same([...new Set(ends)], ['content.unreadable']);
});
