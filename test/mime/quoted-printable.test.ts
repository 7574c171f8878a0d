// Quoted-printable: exact cases, and that any octets come back through Python's decoder, wherever the stream is cut.
import fc from 'fast-check';
import t from 'tap';
import { QuotedPrintableEncoder, type QuotedPrintableMode } from '../../src/mime/quoted-printable.ts';
import { fuzz } from '../support/fuzz.ts';
import { askPython } from '../support/python.ts';

function encode(octets: Uint8Array, mode: QuotedPrintableMode = 'encode', piece = octets.length || 1): string {
  const encoder = new QuotedPrintableEncoder(mode);
  const out: Uint8Array[] = [];
  for (let i = 0; i < octets.length; i += piece) out.push(Buffer.from(encoder.push(octets.subarray(i, i + piece))));
  return Buffer.concat([...out, encoder.end()]).toString('latin1');
}

await t.test('encode', async (t) => {
  const table: readonly (readonly [name: string, text: string, expected: string])[] = [
    ['nothing', '', ''],
    ['plain', 'Hello\r\n', 'Hello\r\n'],
    ['UTF-8', 'Grüße', 'Gr=C3=BC=C3=9Fe'],
    ['equals', 'a=b', 'a=3Db'],
    ['white space at the end of a line', 'a \r\nb\t\r\n', 'a=20\r\nb=09\r\n'],
    ['white space at the very end', 'a ', 'a=20'],
    ['white space within', 'a b\tc', 'a b\tc'],
    ['controls', '\0\x07\x7f', '=00=07=7F'],
    ['bare CR and LF', 'a\rb\nc\r\r\n', 'a=0Db=0Ac=0D\r\n'],
    ['75 characters and one more', `${'x'.repeat(75)}y`, `${'x'.repeat(75)}=\r\ny`],
    ['75 characters and a line end', `${'x'.repeat(75)}\r\n`, `${'x'.repeat(75)}\r\n`],
    ['an octet that does not fit any more', `${'x'.repeat(73)}é`, `${'x'.repeat(73)}=\r\n=C3=A9`],
    ['a delimiter that only a break of ours would make', `${'x'.repeat(75)}--outer`, `${'x'.repeat(75)}=\r\n=2D-outer`],
    ['hyphens at the start of a line stay', '-- \r\n', '--=20\r\n'],
  ];
  for (const [name, text, expected] of table) {
    t.equal(encode(Buffer.from(text)), expected, name);
    t.equal(encode(Buffer.from(text), 'encode', 1), expected, `${name}, octet by octet`);
  }
});

await t.test('mend', async (t) => {
  const table: readonly (readonly [name: string, text: string, expected: string])[] = [
    ['what is right stays', 'Gr=C3=BC=C3=9Fe =\r\n=20 \r\n', 'Gr=C3=BC=C3=9Fe =\r\n=20 \r\n'],
    ['octets over 127', 'Grüße=3D', 'Gr=C3=BC=C3=9Fe=3D'],
    ['a long line', `${'x'.repeat(74)}=3Dyz`, `${'x'.repeat(74)}=\r\n=3Dyz`],
    ['an escape is not parted', `${'x'.repeat(73)}=3Dyz`, `${'x'.repeat(73)}=\r\n=3Dyz`],
    ['an escape that just fits', `${'x'.repeat(72)}=3Dyz`, `${'x'.repeat(72)}=3D=\r\nyz`],
  ];
  for (const [name, text, expected] of table) {
    t.equal(encode(Buffer.from(text), 'mend'), expected, name);
    t.equal(encode(Buffer.from(text), 'mend', 1), expected, `${name}, octet by octet`);
  }
});

const octets = fc
  .array(
    fc.oneof(
      fc.constantFrom('\r\n', ' ', '\t', '=', '-', '--', '\r', '\n', '.', 'é', 'x'.repeat(70), 'From '),
      fc.string({ unit: 'binary', maxLength: 20 }),
    ),
    { maxLength: 25 },
  )
  .map((pieces) => Buffer.from(pieces.join('')));

await t.test('always 7-bit, in lines of at most 76 characters, however it is cut', async (t) => {
  fuzz(
    t,
    2_000,
    fc.property(octets, fc.integer({ min: 1, max: 50 }), (bytes, piece) => {
      const text = encode(bytes);
      const lines = text.split('\r\n');
      return (
        /^[\t\r\n -~]*$/.test(text) &&
        lines.every((line) => line.length <= 76 && !/[ \t]$/.test(line)) &&
        encode(bytes, 'encode', piece) === text
      );
    }),
  );
});

await t.test('Python decodes it to what went in', async (t) => {
  const samples = fc.sample(octets, { seed: 20261122, numRuns: 1_000 });
  const decode =
    'import sys,json,base64,quopri\nprint(json.dumps([base64.b64encode(quopri.decodestring(s.encode("latin1"))).decode() for s in json.load(sys.stdin)]))';
  const decoded = (await askPython(
    decode,
    samples.map((bytes) => encode(bytes)),
  )) as readonly string[];
  const different = samples.filter((bytes, i) => bytes.toString('base64') !== decoded[i]);
  t.strictSame(different, [], '1,000 samples');
  // Mending what was encoded, cut anywhere into longer lines, decodes to the same.
  const joined = samples.map((bytes) => encode(bytes).replaceAll('=\r\n', ''));
  const mended = (await askPython(
    decode,
    joined.map((text) => encode(Buffer.from(text, 'latin1'), 'mend', 7)),
  )) as readonly string[];
  t.strictSame(
    samples.filter((bytes, i) => bytes.toString('base64') !== mended[i]),
    [],
    '1,000 mended',
  );
});
