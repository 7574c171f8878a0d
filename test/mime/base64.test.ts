// Base64 as a stream: lines of 76 characters, and the same octets back.
import fc from 'fast-check';
import t from 'tap';
import { Base64Encoder, Base64LineBreaker } from '../../src/mime/base64.ts';
import { fuzz } from '../support/fuzz.ts';

function through(coder: { push(piece: Uint8Array): Uint8Array; end(): Uint8Array }, octets: Uint8Array, piece: number): string {
  const out: Uint8Array[] = [];
  for (let i = 0; i < octets.length; i += piece) out.push(Buffer.from(coder.push(octets.subarray(i, i + piece))));
  return Buffer.concat([...out, coder.end()]).toString('latin1');
}

await t.test('lengths around a line', async (t) => {
  for (const length of [0, 1, 2, 3, 56, 57, 58, 113, 114, 115, 10_000]) {
    const octets = Buffer.alloc(length, 'abc');
    const expected = (octets.toString('base64').match(/.{1,76}/g) ?? []).join('\r\n');
    for (const piece of [1, 2, 57, 64, 100_000])
      t.equal(through(new Base64Encoder(), octets, piece), expected, `${length} octets in pieces of ${piece}`);
  }
});

await t.test('any octets come back', async (t) => {
  fuzz(
    t,
    1_000,
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.integer({ min: 1, max: 200 }), (octets, piece) => {
      const text = through(new Base64Encoder(), octets, piece);
      return Buffer.from(text, 'base64').equals(octets) && text.split('\r\n').every((line) => line.length <= 76) && !/\r\n$/.test(text);
    }),
  );
});

await t.test('long lines are broken and nothing else', async (t) => {
  const table: readonly (readonly [text: string, expected: string])[] = [
    ['', ''],
    ['x'.repeat(76), 'x'.repeat(76)],
    [`${'x'.repeat(76)}\r\n`, `${'x'.repeat(76)}\r\n`],
    ['x'.repeat(77), `${'x'.repeat(76)}\r\nx`],
    [`${'x'.repeat(200)}\r\nyy\r\n`, `${'x'.repeat(76)}\r\n${'x'.repeat(76)}\r\n${'x'.repeat(48)}\r\nyy\r\n`],
  ];
  for (const [text, expected] of table)
    for (const piece of [1, 3, 1_000])
      t.equal(through(new Base64LineBreaker(), Buffer.from(text), piece), expected, `${text.length} in ${piece}`);
  fuzz(
    t,
    500,
    fc.property(
      fc.array(fc.constantFrom('\r\n', 'A'.repeat(50), 'Zz0+/=='), { maxLength: 20 }),
      fc.integer({ min: 1, max: 90 }),
      (pieces, piece) => {
        const text = pieces.join('');
        const broken = through(new Base64LineBreaker(), Buffer.from(text), piece);
        return broken.replaceAll('\r\n', '') === text.replaceAll('\r\n', '') && broken.split('\r\n').every((line) => line.length <= 76);
      },
    ),
  );
});
