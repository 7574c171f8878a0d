// Bodies without their transfer encoding: base64, quoted-printable, uuencode, yEnc, and what is none of them.
import fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import t from 'tap';
import { decodeBase64Loosely, otherBase64Readings, readBase64 } from '../../src/mime/base64-reading.ts';
import { decodeBody, looksLikeBase64, looksLikeWords } from '../../src/mime/body-decoding.ts';
import { CODINGS } from '../../src/mime/media-type.ts';
import { QuotedPrintableEncoder } from '../../src/mime/quoted-printable.ts';
import { readQuotedPrintable } from '../../src/mime/quoted-printable-reading.ts';
import { findUuencoded, findYenc } from '../../src/mime/uuencode-reading.ts';
import { fuzz } from '../support/fuzz.ts';

const BASE64: readonly (readonly [body: string, bytes: string, build: 'proper' | 'malformed'])[] = [
  ['', '', 'proper'],
  ['YWJj', 'abc', 'proper'],
  ['YWI=', 'ab', 'proper'],
  ['YQ==\r\n', 'a', 'proper'],
  ['YW\r\nJj', 'abc', 'proper'],
  [' Y W\tJ\vj ', 'abc', 'proper'],
  ['YQ', 'a', 'malformed'],
  ['YWJjZ', 'abc', 'malformed'],
  ['YW!Jj', 'abc', 'malformed'],
  ['YQ==YQ==', 'aa', 'malformed'],
  ['YQ==\r\nhello', 'a', 'malformed'],
];

await t.test('base64', async (t) => {
  for (const [body, bytes, build] of BASE64) {
    const found = readBase64(Buffer.from(body, 'latin1'));
    t.equal(found.bytes.toString('latin1').slice(0, bytes.length), bytes, JSON.stringify(body));
    t.equal(found.build, build);
  }
});

await t.test('other readings of base64', async (t) => {
  const readings = (body: string): readonly string[] => {
    const bytes = Buffer.from(body, 'latin1');
    return Array.from(otherBase64Readings(bytes, readBase64(bytes).bytes), (one) => one.toString('latin1'));
  };
  t.ok(readings('YW=JjZGVm').includes('abcdef'), 'padding passed over');
  t.ok(readings('YWJj\r\nXX\r\nZGVm').includes('abcdef'), 'lines on their own');
  t.ok(readings('YWJj#aaa\r\nZGVm').includes('abcdef'), 'lines cut at garbage');
  t.ok(readings('x!\r\n\r\nYWJj').includes('abc'), 'behind an empty line');
  t.ok(
    readings('_-__').some((one) => one === '\xff\xef\xff'),
    'the URL-safe alphabet',
  );
  t.equal(decodeBase64Loosely(Buffer.from('Y=Jj'), 'zero').toString('latin1'), '`\x02c');
  t.equal(decodeBase64Loosely(Buffer.from('YQ==YQ=='), 'stop').toString('latin1'), 'a');
});

const QUOTED: readonly (readonly [body: string, bytes: string, build?: 'malformed'])[] = [
  ['', ''],
  ['abc', 'abc'],
  ['a=3Db', 'a=b'],
  ['=c3=BC', '\xc3\xbc'],
  ['a=\r\nb', 'ab'],
  ['a=\nb', 'ab'],
  ['a=\rb', 'ab'],
  ['a= \t\r\nb', 'ab'],
  ['a=', 'a'],
  ['=20\r\nb', ' \r\nb'],
  ['=3D a \t\r\nb', '= a\r\nb'],
  ['=3D a =20 \r\nb', '= a  \r\nb'],
  ['=3D\n \nb', '=\n\nb'],
  ['a=b', 'a=b', 'malformed'],
  ['a==3D', 'a==', 'malformed'],
  ['=3', '=3', 'malformed'],
];

await t.test('quoted-printable', async (t) => {
  for (const [body, bytes, build] of QUOTED) {
    const found = readQuotedPrintable(Buffer.from(body, 'latin1'));
    t.equal(found.bytes.toString('latin1'), bytes, JSON.stringify(body));
    t.equal(found.build, build ?? 'proper');
  }
  t.equal(readQuotedPrintable(Buffer.from('a=b=3D'), 'drop').bytes.toString(), 'ab=');
});

await t.test('what was encoded comes back', async (t) => {
  fuzz(
    t,
    300,
    fc.property(fc.uint8Array({ maxLength: 500 }), (octets) => {
      const encoder = new QuotedPrintableEncoder('encode');
      const encoded = Buffer.concat([Buffer.from(encoder.push(octets)), Buffer.from(encoder.end())]);
      const found = readQuotedPrintable(encoded);
      return found.build === 'proper' && found.bytes.equals(Buffer.from(octets));
    }),
  );
  fuzz(
    t,
    300,
    fc.property(fc.uint8Array({ maxLength: 500 }), fc.integer({ min: 1, max: 100 }), (octets, width) => {
      const encoded = Buffer.from(
        Buffer.from(octets)
          .toString('base64')
          .replace(new RegExp(`.{${width}}`, 'g'), '$&\r\n'),
      );
      const found = readBase64(encoded);
      const loosely = decodeBase64Loosely(encoded, 'restart');
      return found.build === 'proper' && found.bytes.equals(Buffer.from(octets)) && loosely.equals(Buffer.from(octets));
    }),
  );
  fuzz(
    t,
    300,
    fc.property(fc.uint8Array({ maxLength: 500 }), (octets) => {
      const body = Buffer.from(octets);
      return CODINGS.every((coding) => {
        if (coding === 'gzip64') return true;
        const found = decodeBody(body, coding, { unpack: (bytes) => bytes });
        return found.bytes.length <= body.length + 3 && [...found.others()].length < 12;
      });
    }),
  );
});

await t.test('uuencode', async (t) => {
  const body = Buffer.from(`before\r\nbegin 644 a b.txt\r\n#86)C\r\n\`\r\nend\r\nbehind\r\n`);
  const file = findUuencoded(body, 0);
  t.equal(file?.bytes.toString(), 'abc');
  t.equal(file?.name, 'a b.txt');
  t.equal(body.toString('latin1', file?.end), 'behind\r\n');
  t.equal(findUuencoded(Buffer.from('begin 644 x\nno such thing as this, which is far longer than it says\n'), 0), null);
  t.equal(findUuencoded(Buffer.from('to begin 644 x\n#86)C\n'), 0), null);
  t.equal(findUuencoded(Buffer.from('begin-base64 644 x\nYWJj\n====\n'), 0)?.bytes.toString(), 'abc');
  const decoded = decodeBody(body, 'uuencode', { unpack: (bytes) => bytes });
  t.equal(decoded.name, 'a b.txt');
  t.same(Array.from(decoded.others(), String), ['before\r\n', 'behind\r\n']);
});

await t.test('yEnc and gzip64', async (t) => {
  const encoded = Buffer.from(Array.from('heron', (letter) => letter.charCodeAt(0) + 42));
  const body = Buffer.concat([Buffer.from('=ybegin line=128 size=5 name=a.txt\r\n'), encoded, Buffer.from('\r\n=yend size=5\r\n')]);
  t.equal(findYenc(body, 0)?.bytes.toString(), 'heron');
  t.equal(decodeBody(body, 'yenc', { unpack: (bytes) => bytes }).name, 'a.txt');
  const packed = Buffer.from(gzipSync('heron').toString('base64'));
  t.equal(decodeBody(packed, 'gzip64', { unpack: () => Buffer.from('unpacked') }).bytes.toString(), 'unpacked');
});

await t.test('looks', async (t) => {
  t.ok(looksLikeBase64(Buffer.from(Buffer.alloc(300, 'abc').toString('base64').replace(/.{76}/g, '$&\r\n'))));
  t.notOk(looksLikeBase64(Buffer.from('The heron waits at dusk in azure water.')));
  t.notOk(looksLikeBase64(Buffer.from('short')));
  t.ok(looksLikeWords(Buffer.from('The heron waits at dusk in azure water.')));
  t.notOk(looksLikeWords(Buffer.from('(This file must be converted with BinHex 4.0)\r\n:!!3r2cmr2cmr2')));
});
