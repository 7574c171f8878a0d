// Compressed streams are unpacked within what the message may still unpack to, and never beyond.
import { randomBytes } from 'node:crypto';
import { deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import t from 'tap';
import { LimitReached } from '../../../src/mime/extract/extractor.ts';
import { unpack } from '../../../src/mime/extract/unpack.ts';

type Coding = Parameters<typeof unpack>[1];

/** What a message may still unpack to, counted as read-message.ts counts. */
function budget(bytes: number): { readonly output: { unpacked(sizeBytes: number): number }; readonly used: () => number } {
  let used = 0;
  return {
    output: {
      unpacked(sizeBytes) {
        used += sizeBytes;
        if (used >= bytes) throw new LimitReached('too-large');
        return bytes - used;
      },
    },
    used: () => used,
  };
}

const CODINGS: readonly (readonly [Coding, (plain: Buffer) => Buffer])[] = [
  ['deflate', (plain) => deflateRawSync(plain)],
  ['zlib', (plain) => deflateSync(plain)],
  ['gzip', (plain) => gzipSync(plain)],
  ['zstd', (plain) => zstdCompressSync(plain)],
];

for (const [coding, pack] of CODINGS) {
  t.test(coding, async (t) => {
    const plain = Buffer.from('glomerulonephritis '.repeat(500));
    const { output, used } = budget(1_000_000);
    t.ok(unpack(pack(plain), coding, output).equals(plain));
    t.equal(used(), plain.length, 'it is accounted for');
    t.ok(unpack(pack(Buffer.from('a')), coding, output).equals(Buffer.from('a')), 'and another');
  });

  t.test(`${coding}: a bomb`, async (t) => {
    const bomb = pack(Buffer.alloc(50_000_000));
    const { output, used } = budget(1_000_000);
    t.throws(() => unpack(bomb, coding, output), { name: 'LimitReached', kind: 'too-large' });
    t.equal(used(), 0, 'nothing of it was kept');
    t.ok(unpack(pack(Buffer.from('next')), coding, output).equals(Buffer.from('next')), 'what is small is still unpacked');
  });

  t.test(`${coding}: many small ones come to a limit too`, async (t) => {
    const { output } = budget(10_000);
    const packed = pack(randomBytes(3_000));
    for (let i = 0; i < 3; i++) t.equal(unpack(packed, coding, output).length, 3_000);
    t.throws(() => unpack(packed, coding, output), LimitReached);
  });

  t.test(`${coding}: damaged`, async (t) => {
    const packed = pack(Buffer.from('glomerulonephritis '.repeat(50)));
    for (const bytes of [Buffer.alloc(0), packed.subarray(0, packed.length - 3), randomBytes(50)]) {
      const error = caught(() => unpack(bytes, coding, budget(1_000_000).output));
      t.ok(error instanceof Error && !(error instanceof LimitReached), `${bytes.length} octets: broken, and not taken for a bomb`);
    }
  });
}

t.test('a stream that was never ended', async (t) => {
  const whole = deflateSync(Buffer.from('glomerulonephritis '.repeat(50)));
  const text = unpack(whole.subarray(0, whole.length - 6), 'zlib, cut', budget(1_000_000).output).toString('latin1');
  t.ok(text.startsWith('glomerulonephritis glomerulonephritis'), 'what is there of it');
  t.throws(() => unpack(deflateSync(Buffer.alloc(5_000_000)), 'zlib, cut', budget(1_000).output), LimitReached);
});

function caught(work: () => unknown): unknown {
  try {
    work();
    return null;
  } catch (error) {
    return error;
  }
}
