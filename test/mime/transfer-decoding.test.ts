// Transfer encodings taken off a stream: in any pieces the same octets as of the whole body.
import fc from 'fast-check';
import t from 'tap';
import { decodeBase64Loosely } from '../../src/mime/base64-reading.ts';
import type { Coding } from '../../src/mime/media-type.ts';
import { readQuotedPrintable } from '../../src/mime/quoted-printable-reading.ts';
import { decodeTransfer, transferDecoder } from '../../src/mime/transfer-decoding.ts';
import { fuzz } from '../support/fuzz.ts';

function decoded(body: Buffer, coding: Coding, sizes: readonly number[]): Buffer {
  const decoder = transferDecoder(coding);
  const out: Buffer[] = [];
  let at = 0;
  for (let i = 0; at < body.length; i++) {
    const size = Math.max(1, sizes[i % sizes.length] ?? 1);
    out.push(Buffer.from(decoder.push(body.subarray(at, at + size))));
    at += size;
  }
  return Buffer.concat([...out, decoder.end()]);
}

/** Counted from the second piece on. */
function counted(body: Buffer, coding: Coding, sizes: readonly number[]): number {
  const decoder = transferDecoder(coding);
  let [length, at] = [0, 0];
  for (let i = 0; at < body.length; i++) {
    const piece = body.subarray(at, at + Math.max(1, sizes[i % sizes.length] ?? 1));
    length += i === 0 ? decoder.push(piece).length : decoder.count(piece);
    at += piece.length;
  }
  return length + decoder.end().length;
}

/** White space before a line end was added on the way (RFC 2045 6.7, rule 3): it may be left or taken. */
function evened(octets: Buffer): string {
  return octets.toString('latin1').replace(/[ \t]+(?=\r?\n)/g, '');
}

const CASES: readonly (readonly [name: string, coding: Coding, body: string, plain: string])[] = [
  ['nothing', 'base64', '', ''],
  ['base64', 'base64', 'SGVsbG8=\r\n', 'Hello'],
  ['base64 in lines', 'base64', 'SGVs\r\nbG8g\r\nV29y\r\nbGQ=\r\n', 'Hello World'],
  ['base64 without padding', 'base64', 'SGVsbG8', 'Hello'],
  ['base64 with garbage', 'base64', 'SG*Vs\0bG8=', 'Hello'],
  ['two base64 texts put together', 'base64', 'SGVsbG8=\r\nV29ybGQ=\r\n', 'HelloWorld'],
  ['padding alone', 'base64', '====', ''],
  ['cut in a group', 'base64', 'SGVsbG8gV', 'Hello '],
  ['quoted-printable', 'quoted-printable', 'Gr=C3=BC=C3=9Fe\r\n', 'Grüße\r\n'],
  ['soft breaks', 'quoted-printable', 'one =\r\ntwo=20\r\n', 'one two \r\n'],
  ['white space added on the way', 'quoted-printable', '=6Fne  \t\r\ntwo', 'one  \t\r\ntwo'],
  ['a stray equals sign', 'quoted-printable', 'a=b = c=', 'a=b = c'],
  ['as it is', 'identity', 'a=3D\r\n', 'a=3D\r\n'],
  ['a name that nobody knows', 'unknown', 'SGVsbG8=', 'SGVsbG8='],
];

t.test('encodings', (t) => {
  for (const [name, coding, body, plain] of CASES) {
    for (const sizes of [[1], [2, 3], [1_000]]) {
      t.equal(evened(decoded(Buffer.from(body), coding, sizes)), evened(Buffer.from(plain)), `${name}: ${sizes.join()}`);
      t.equal(
        counted(Buffer.from(body), coding, sizes),
        decoded(Buffer.from(body), coding, sizes).length,
        `${name}: counted, ${sizes.join()}`,
      );
    }
  }
  t.end();
});

const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 6 });
const oddBase64 = fc
  .array(fc.constantFrom('QUJD', 'RA==', 'R', '=', '\r\n', ' ', '-', '\xff', 'abc', '===', 'x=y'), { maxLength: 25 })
  .map((pieces) => Buffer.from(pieces.join(''), 'latin1'));
const oddPrintable = fc
  .array(fc.constantFrom('a', ' ', '\t', '=', '\r\n', '\n', '\r', '=20', '=C3', '=A', '=\r\n', '= \r\n', '\xff', 'word'), { maxLength: 25 })
  .map((pieces) => Buffer.from(pieces.join(''), 'latin1'));

t.test('base64 in any pieces reads as whole', (t) => {
  fuzz(
    t,
    3_000,
    fc.property(oddBase64, sizes, (body, list) => {
      const whole = decodeBase64Loosely(body, 'restart');
      return decoded(body, 'base64', list).equals(whole) && counted(body, 'base64', list) === whole.length;
    }),
  );
  t.end();
});

t.test('quoted-printable in any pieces reads as whole', (t) => {
  fuzz(
    t,
    3_000,
    fc.property(
      oddPrintable,
      sizes,
      (body, list) => evened(decoded(body, 'quoted-printable', list)) === evened(readQuotedPrintable(body).bytes),
    ),
  );
  t.end();
});

t.test('a line without end keeps memory bounded', (t) => {
  const decoder = transferDecoder('quoted-printable');
  let given = 0;
  for (let i = 0; i < 400; i++) given += decoder.push(Buffer.from('=41b '.repeat(2_000))).length;
  const whole = 400 * 2_000 * 3;
  t.ok(whole - given < 200_000, 'it is given as it comes');
  t.equal(given + decoder.end().length, whole, 'and nothing is lost');
  t.end();
});

t.test('a line of white space and equals signs', (t) => {
  const decoder = transferDecoder('quoted-printable');
  let given = 0;
  for (let i = 0; i < 40; i++) given += decoder.push(Buffer.from('= '.repeat(5_000))).length;
  t.ok(given > 300_000);
  t.end();
});

t.test('as a stream', async (t) => {
  async function* lines(): AsyncGenerator<Buffer> {
    for (let i = 0; i < 1_000; i++) yield Buffer.from('QUJDREVGR0hJSktM\r\n');
  }
  const out: Buffer[] = [];
  for await (const piece of decodeTransfer(lines(), 'base64')) out.push(piece);
  t.equal(Buffer.concat(out).toString(), 'ABCDEFGHIJKL'.repeat(1_000));
});
