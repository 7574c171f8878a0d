// Relaxed body hashes: RFC 6376's own examples, odd endings, and the same hash however the body is cut.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import t from 'tap';
import { RelaxedBodyHash } from '../../src/dkim/body-hash.ts';
import { fuzz } from '../support/fuzz.ts';

function hash(body: string, piece = body.length || 1): string {
  const hasher = new RelaxedBodyHash();
  const octets = Buffer.from(body, 'latin1');
  for (let i = 0; i < octets.length; i += piece) hasher.update(octets.subarray(i, i + piece));
  return hasher.digest();
}

const sha256 = (text: string): string => createHash('sha256').update(text, 'latin1').digest('base64');

/** Another reading of RFC 6376 3.4.4: by regular expressions over the whole body. */
function canonical(body: string): string {
  const lines = body
    .replace(/[ \t]+/g, ' ')
    .replace(/ \r\n/g, '\r\n')
    .replace(/(?:\r\n)+$/, '');
  const trimmed = lines.replace(/ $/, '').replace(/(?:\r\n)+$/, '');
  return trimmed === '' ? '' : `${trimmed}\r\n`;
}

await t.test('cases', async (t) => {
  const table: readonly (readonly [name: string, body: string, canonical: string])[] = [
    ['nothing', '', ''],
    ['one line end', '\r\n', ''],
    ['the example of 3.4.5', ' C \r\nD \t E\r\n\r\n\r\n', ' C\r\nD E\r\n'],
    ['no line end', 'a', 'a\r\n'],
    ['empty lines at the end', 'a\r\n\r\n\r\n', 'a\r\n'],
    ['empty lines within', 'a\r\n\r\n\r\nb\r\n', 'a\r\n\r\n\r\nb\r\n'],
    ['empty lines at the start', '\r\n\r\na\r\n', '\r\n\r\na\r\n'],
    ['lines of white space', ' \r\n\t\r\na\r\n \t\r\n', '\r\n\r\na\r\n'],
    ['white space only', ' \t ', ''],
    ['white space at the end without a line end', 'a \t', 'a\r\n'],
    ['thousands of empty lines within', `a${'\r\n'.repeat(3_000)}b\r\n`, `a${'\r\n'.repeat(3_000)}b\r\n`],
    ['octets over 127', 'Gr\xfc\xdfe\xa0 \r\n', 'Gr\xfc\xdfe\xa0\r\n'],
  ];
  for (const [name, body, expected] of table)
    for (const piece of [1, 2, 3, 100_000]) t.equal(hash(body, piece), sha256(expected), `${name}, pieces of ${piece}`);
});

await t.test('the same as another reading of the RFC', async (t) => {
  const body = fc
    .array(fc.constantFrom('\r\n', '\r\n', ' ', '\t', 'a', '--', '\xff', 'xyz'), { maxLength: 40 })
    .map((pieces) => pieces.join(''));
  fuzz(
    t,
    3_000,
    fc.property(body, fc.integer({ min: 1, max: 20 }), (text, piece) => hash(text, piece) === sha256(canonical(text))),
  );
});
