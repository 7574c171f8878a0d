// The collector finds the same header end however the stream is cut, within its limit.
import fc from 'fast-check';
import t from 'tap';
import { HEADER_LIMITS } from '../../src/mime/header-block.ts';
import { HeaderCollector } from '../../src/mime/header-collector.ts';
import { fuzz } from '../support/fuzz.ts';

function collect(pieces: readonly Uint8Array[]): { header: string; body: string } | 'too-large' | 'open' {
  const collector = new HeaderCollector();
  for (const [i, piece] of pieces.entries()) {
    const result = collector.push(piece);
    if (result.kind === 'too-large') return 'too-large';
    if (result.kind === 'header') {
      const body = Buffer.concat([result.rest, ...pieces.slice(i + 1)]);
      return { header: Buffer.from(result.header).toString('latin1'), body: body.toString('latin1') };
    }
  }
  return 'open';
}

await t.test('cases', async (t) => {
  const table: readonly (readonly [name: string, pieces: readonly string[], expected: unknown])[] = [
    ['one piece', ['A: 1\r\n\r\nbody'], { header: 'A: 1\r\n\r\n', body: 'body' }],
    ['octet by octet', [...'A: 1\r\n\r\nbody'], { header: 'A: 1\r\n\r\n', body: 'body' }],
    ['an empty header', ['\r\nbody'], { header: '\r\n', body: 'body' }],
    ['an empty header in two', ['\r', '\nbody'], { header: '\r\n', body: 'body' }],
    ['nothing behind it', ['A: 1\r\n', '\r\n'], { header: 'A: 1\r\n\r\n', body: '' }],
    ['empty pieces', ['', 'A: 1\r', '', '\n\r\n'], { header: 'A: 1\r\n\r\n', body: '' }],
    ['no end', ['A: 1\r\n', 'B: 2\r\n'], 'open'],
    ['bare LF', ['A: 1\n\nbody'], { header: 'A: 1\n\n', body: 'body' }],
  ];
  for (const [name, pieces, expected] of table) t.strictSame(collect(pieces.map((piece) => Buffer.from(piece))), expected, name);
});

await t.test('a header without an end is all of it', async (t) => {
  const collector = new HeaderCollector();
  collector.push(Buffer.from('A: 1\r\n'));
  collector.push(Buffer.from('B: 2\r\n'));
  t.equal(Buffer.from(collector.end()).toString(), 'A: 1\r\nB: 2\r\n');
  t.equal(new HeaderCollector().end().length, 0);
});

await t.test('the limit', async (t) => {
  const line = `A: ${'x'.repeat(91)}\r\n`;
  const exact = line.repeat(HEADER_LIMITS.sizeBytes / 96 - 1).padEnd(HEADER_LIMITS.sizeBytes - 4, 'y') + '\r\n\r\n';
  t.match(collect([Buffer.from(`${exact}body`)]), { body: 'body' }, 'as large as it may be');
  t.match(collect([Buffer.from(exact.slice(0, 5)), Buffer.from(`${exact.slice(5)}body`)]), { body: 'body' }, 'in two');
  t.equal(collect([Buffer.from(`y${exact}`)]), 'too-large', 'one octet more');
  t.equal(collect([Buffer.alloc(HEADER_LIMITS.sizeBytes + 1, 'x')]), 'too-large', 'one piece without an end');
  t.equal(collect(Array.from({ length: 300 }, () => Buffer.alloc(1024, 'x'))), 'too-large', 'many pieces');
  t.equal(collect([Buffer.alloc(8 * 1024 * 1024, 'x')]), 'too-large', 'a huge piece');
});

await t.test('a caller may use its memory again after "more"', async (t) => {
  const collector = new HeaderCollector();
  const memory = Buffer.from('A: 1\r\n');
  collector.push(memory);
  memory.fill(0);
  const result = collector.push(Buffer.from('\r\n'));
  t.equal(result.kind === 'header' && Buffer.from(result.header).toString(), 'A: 1\r\n\r\n');
});

await t.test('cuts do not matter', async (t) => {
  const content = fc
    .array(fc.constantFrom('A: b\r\n', '\r\n', 'x', '\r', '\n', ' '), { maxLength: 30 })
    .map((pieces) => Buffer.from(pieces.join('')));
  fuzz(
    t,
    3_000,
    fc.property(content, fc.array(fc.nat(40), { maxLength: 10 }), (bytes, cuts) => {
      const places = [0, ...cuts.filter((cut) => cut <= bytes.length).sort((a, b) => a - b), bytes.length];
      const pieces = places.slice(1).map((place, i) => bytes.subarray(places[i], place));
      return JSON.stringify(collect(pieces)) === JSON.stringify(collect([bytes]));
    }),
  );
});
