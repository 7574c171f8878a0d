// The watch for bare CR, LF and NUL: every known smuggling form, at every border, and against the plainest possible check.
import fc from 'fast-check';
import t from 'tap';
import { LineEndings } from '../../src/mime/line-endings.ts';
import { FALSE_ENDS } from '../support/smuggling.ts';
import { fuzz } from '../support/fuzz.ts';

/** The verdict over a text cut into pieces. */
function verdict(pieces: readonly Uint8Array[]): 'clean' | 'broken' {
  const endings = new LineEndings();
  for (const piece of pieces) endings.push(piece);
  return endings.end();
}

/** Octet by octet, from the words of RFC 5321 2.3.8. */
function plainVerdict(octets: Uint8Array): 'clean' | 'broken' {
  return octets.every((octet, i) => octet !== 0 && (octet !== 10 || octets[i - 1] === 13) && (octet !== 13 || octets[i + 1] === 10))
    ? 'clean'
    : 'broken';
}

function cut(octets: Uint8Array, at: readonly number[]): Uint8Array[] {
  const borders = [0, ...at.map((one) => one % (octets.length + 1)).sort((a, b) => a - b), octets.length];
  return borders.slice(1).map((border, i) => octets.subarray(borders[i], border));
}

await t.test('clean', async (t) => {
  for (const text of [
    '',
    'a',
    '\r\n',
    '\r\n\r\n',
    'a\r\nb\r\n',
    '.\r\n',
    'tab\there\r\n',
    'é\u0085\u2028\r\n',
    '\x01\x0b\x0c\x1f\x7f\r\n',
  ]) {
    t.equal(verdict([Buffer.from(text)]), 'clean', Buffer.from(text).toString('hex'));
  }
});

await t.test('every known form, in one piece, octet by octet and cut at every place', async (t) => {
  for (const [name, end] of FALSE_ENDS) {
    const octets = Buffer.from(`line\r\n.${end}MAIL FROM:<x@y.example>\r\n`, 'latin1');
    t.equal(verdict([octets]), 'broken', name);
    t.equal(verdict([...octets].map((octet) => Uint8Array.of(octet))), 'broken', `${name}, octet by octet`);
    for (let i = 0; i <= octets.length; i++) if (verdict(cut(octets, [i])) !== 'broken') t.fail(`${name}, cut at ${i}`);
  }
});

await t.test('broken stays broken', async (t) => {
  const endings = new LineEndings();
  t.equal(endings.push(Buffer.from('a\nb')), 'broken');
  t.equal(endings.push(Buffer.from('all is well\r\n')), 'broken');
  t.equal(endings.end(), 'broken');
});

await t.test('a CR at the very end', async (t) => {
  t.equal(verdict([Buffer.from('a\r')]), 'broken');
  t.equal(verdict([Buffer.from('a\r'), Buffer.from('')]), 'broken');
  t.equal(verdict([Buffer.from('a\r'), Buffer.from('\n')]), 'clean');
  t.equal(verdict([Buffer.from('a\r'), Buffer.from('\r\n')]), 'broken');
  t.equal(verdict([Buffer.from('a\r'), Buffer.from('\n\n')]), 'broken');
});

await t.test('the same as the plain check, however it is cut', async (t) => {
  const octet = fc.constantFrom(0, 10, 13, 13, 10, 46, 65, 0xc3, 0x85);
  const mostlyClean = fc
    .array(fc.constantFrom('\r\n', 'a', 'bc', '.', '\r\n', '\r', '\n', '\0'), { maxLength: 20 })
    .map((parts) => Buffer.from(parts.join('')));
  const octets = fc.oneof(
    fc.array(octet, { maxLength: 12 }).map((list) => Uint8Array.from(list)),
    mostlyClean,
  );
  fuzz(
    t,
    5_000,
    fc.property(octets, fc.array(fc.nat(40), { maxLength: 5 }), (text, cuts) => verdict(cut(text, cuts)) === plainVerdict(text)),
  );
});
