// Messages made to be too much: they end with a blind spot, in time linear to their size, and never with the stack.
import t from 'tap';
import { messageExtractor, multipartExtractor } from '../../../src/mime/extract/message.ts';
import { MIME_EXTRACTORS } from '../../support/plain-leaves.ts';
import { readPart, readWith, textOf } from '../../support/read.ts';

const HEAD = 'From: a@b.example\r\nMIME-Version: 1.0\r\n';

function nested(depth: number): string {
  let text = HEAD;
  for (let i = 0; i < depth; i++) text += `Content-Type: multipart/mixed; boundary=x${i}x\r\n\r\n--x${i}x\r\n`;
  return `${text}\r\nhello`;
}

await t.test('multiparts in multiparts', async (t) => {
  const deep = await readWith(MIME_EXTRACTORS, nested(10_000));
  t.ok(
    deep.blindSpots.some(({ kind }) => kind === 'too-deep'),
    'too deep',
  );
  t.ok(deep.parts.length < 200);
  const within = await readWith(MIME_EXTRACTORS, nested(20));
  t.same(within.blindSpots, []);
  t.ok(textOf(within).includes('hello'), 'found within limits');
});

await t.test('messages in messages', async (t) => {
  const deep = await readWith(MIME_EXTRACTORS, 'Content-Type: message/rfc822\r\n\r\n'.repeat(10_000));
  t.same(
    deep.blindSpots.map(({ kind }) => kind),
    ['too-deep'],
  );
});

const MANY: readonly (readonly [name: string, text: string, kind: string])[] = [
  ['100,000 empty parts', `${HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n'.repeat(100_000)}`, 'too-large'],
  ['100,000 parts', `${HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(100_000)}--b--`, 'too-large'],
  [
    'lines that are nearly delimiters',
    `${HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--bx\r\n\r\ny\r\n--b\r\n\r\nz\r\n'.repeat(20_000)}`,
    'too-large',
  ],
];

await t.test('too many', async (t) => {
  for (const [name, text, kind] of MANY) {
    const { blindSpots, parts } = await readWith(MIME_EXTRACTORS, text);
    t.ok(
      blindSpots.some((one) => one.kind === kind),
      name,
    );
    t.ok(parts.length <= 2_000, 'parts are bounded');
  }
});

const GIANTS: readonly (readonly [name: string, text: string])[] = [
  ['a field of 4 MB', `Subject: ${'word '.repeat(800_000)}\r\n\r\nhello`],
  ['a field in many lines', `Subject: ${'word\r\n '.repeat(300_000)}\r\n\r\nhello`],
  ['100,000 fields', `${'X: y\r\n'.repeat(100_000)}\r\nhello`],
  ['lines without a colon', `${'xy\r\n'.repeat(200_000)}\r\nhello`],
  ['no end of lines', `${'X'.repeat(3_000_000)}\r\n\r\nhello`],
  ['encoded words', `Subject: ${'=?utf-8?Q?a?= '.repeat(50_000)}\r\n\r\nhello`],
  ['encoded words without end', `Subject: ${'=?utf-8?Q?a '.repeat(100_000)}\r\n\r\nhello`],
  ['beginnings of encoded words', `Subject: ${'=?'.repeat(500_000)}\r\n\r\nhello`],
  ['comments without end', `Content-Type: text/plain; ${'('.repeat(500_000)}\r\n\r\nhello`],
  ['quotes without end', `Content-Type: text/plain; ${'a=";'.repeat(200_000)}\r\n\r\nhello`],
  ['parameters', `Content-Type: text/plain; ${'a=b;'.repeat(200_000)}\r\n\r\nhello`],
  [
    'pieces of a parameter',
    `Content-Disposition: x; ${Array.from({ length: 50_000 }, (_, i) => `filename*${i}=a`).join(';')}\r\n\r\nhello`,
  ],
  ['bare CR', `Subject: x\r${'X: y\r'.repeat(200_000)}\r\n\r\nhello`],
  ['hyphens', `Content-Type: multipart/mixed; boundary="-"\r\n\r\n${'-'.repeat(2_000_000)}\r\nhello`],
  ['lines of hyphens', `Content-Type: multipart/mixed\r\n\r\n${'--\r\n'.repeat(300_000)}hello`],
  ['equals signs', `Content-Transfer-Encoding: quoted-printable\r\n\r\n${'='.repeat(2_000_000)}hello`],
  ['equals signs as base64', `Content-Transfer-Encoding: base64\r\n\r\n${'='.repeat(2_000_000)}${Buffer.from('hello').toString('base64')}`],
  ['begin lines', `Content-Transfer-Encoding: x-uuencode\r\n\r\n${'begin 644 x\r\n'.repeat(50_000)}hello`],
  ['white space', `Content-Transfer-Encoding: quoted-printable\r\n\r\n${`=${' '.repeat(900)}x`.repeat(2_000)}hello`],
];

await t.test('giants are read to their end', async (t) => {
  for (const [name, text] of GIANTS) {
    const message = await readWith(MIME_EXTRACTORS, text);
    t.ok(textOf(message).includes('hello'), name);
  }
});

await t.test('what is read again counts against what may be unpacked', async (t) => {
  const text = `Content-Type: text/plain\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n${'words '.repeat(50_000)}\r\n--b--`;
  const { blindSpots } = await readWith(MIME_EXTRACTORS, text, { limits: { unpackedBytes: 100_000 } });
  t.same(blindSpots, [{ part: '', kind: 'too-large' }]);
});

await t.test('the extractors alone', async (t) => {
  const message = await readPart(messageExtractor, 'message', '', {}, []);
  t.equal(message.parts.length, 2);
  const multipart = await readPart(
    multipartExtractor,
    'multipart',
    '--b\r\n\r\nx\r\n--b--',
    { parameters: new Map([['boundary', 'b']]) },
    MIME_EXTRACTORS.slice(1),
  );
  t.ok(textOf(multipart).includes('x'));
});
