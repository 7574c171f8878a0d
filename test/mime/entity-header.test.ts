// What the header of a part says about how its body is encoded.
import t from 'tap';
import { readEntityHeader } from '../../src/mime/entity-header.ts';

await t.test('kinds', async (t) => {
  const table: readonly (readonly [header: string, kind: string, encoding: string])[] = [
    ['', 'leaf', '7bit'],
    ['Content-Type: text/plain\r\nContent-Transfer-Encoding: 8BIT\r\n', 'leaf', '8bit'],
    ['Content-Type: image/png\r\nContent-Transfer-Encoding:\r\n base64 \r\n', 'leaf', 'base64'],
    ['Content-Transfer-Encoding: x-own\r\n', 'opaque', 'x-own'],
    ['Content-Type: multipart/mixed; boundary=b\r\n', 'multipart', '7bit'],
    ['Content-Type: multipart/mixed\r\n', 'opaque', '7bit'],
    ['Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: base64\r\n', 'opaque', 'base64'],
    ['Content-Type: multipart/signed; boundary=b\r\n', 'opaque', '7bit'],
    ['Content-Type: multipart/encrypted; boundary=b\r\n', 'opaque', '7bit'],
    ['Content-Type: message/rfc822\r\n', 'message', '7bit'],
    ['Content-Type: message/rfc822\r\nContent-Transfer-Encoding: quoted-printable\r\n', 'opaque', 'quoted-printable'],
    ['Content-Type: message/delivery-status\r\n', 'opaque', '7bit'],
    ['Content-Type: message/global\r\n', 'opaque', '7bit'],
    ['Content-Type: application/pkcs7-mime\r\n', 'opaque', '7bit'],
    ['Content-Type: application/x-pkcs7-mime; name=smime.p7m\r\n', 'opaque', '7bit'],
    ['Content-Type: application/pkcs7-signature\r\n', 'leaf', '7bit'],
    ['Content-Type: text\r\n', 'opaque', '7bit'],
    ['Content-Type: text/plain\r\nContent-Type: text/plain\r\n', 'opaque', '7bit'],
    ['nonsense\r\nContent-Type: text/plain\r\n', 'opaque', '7bit'],
  ];
  for (const [header, kind, encoding] of table)
    t.match(readEntityHeader(Buffer.from(`${header}\r\n`), 0, null), { kind, encoding }, JSON.stringify(header));
});

await t.test('a part of a digest is a message', async (t) => {
  const digest = { type: 'multipart', subtype: 'digest', boundary: 'b' };
  t.equal(readEntityHeader(Buffer.from('\r\n'), 0, digest).kind, 'message');
  t.equal(readEntityHeader(Buffer.from('Content-Type: text/plain\r\n\r\n'), 0, digest).kind, 'leaf');
  t.equal(readEntityHeader(Buffer.from('\r\n'), 0, { ...digest, subtype: 'mixed' }).kind, 'leaf');
});

await t.test('places are those of the message', async (t) => {
  const read = readEntityHeader(Buffer.from('A: 1\r\nContent-Transfer-Encoding:\r\n 8bit\r\nB: 2\r\n\r\n'), 100, null);
  t.strictSame(read.encodingField, { start: 106, end: 141 });
  t.equal(read.insertAt, 147);
});

await t.test('folds: only within the value, at single white space between words, under 998 octets', async (t) => {
  const words = 'word '.repeat(400);
  const table: readonly (readonly [name: string, header: string, folds: number])[] = [
    ['short', 'X: a b\r\n', 0],
    ['long', `X: ${words}end\r\n`, 2],
    ['long in a continuation', `X: a\r\n ${words}end\r\n`, 2],
    ['many short lines', `X: ${'word\r\n '.repeat(400)}end\r\n`, 0],
    ['no white space', `X: ${'y'.repeat(2_000)}\r\n`, 0],
    ['white space only', `X:${' '.repeat(2_000)}y\r\n`, 0],
    ['white space before the colon', `Content-Transfer-Encoding :${' '.repeat(2_000)}7bit\r\n`, 0],
  ];
  for (const [name, header, folds] of table) {
    const read = readEntityHeader(Buffer.from(`${header}\r\n`), 0, null);
    t.equal(read.folds.length, folds, name);
    const folded = read.folds.reduceRight((text, place) => `${text.slice(0, place)}\r\n${text.slice(place)}`, header);
    t.equal(folded.replace(/\r\n(?=[ \t])/g, ''), header.replace(/\r\n(?=[ \t])/g, ''), `${name}: unfolds to the same`);
    if (folds > 0)
      t.ok(
        folded.split('\r\n').every((line) => line.length <= 998),
        `${name}: short lines`,
      );
  }
});
