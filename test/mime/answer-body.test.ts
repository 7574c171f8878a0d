// What a reader answers, as the message carries it: read back by our own reader, whatever the names and octets.
import { randomBytes } from 'node:crypto';
import t from 'tap';
import { type AnswerFile, multipartBody, multipartOctets, TEXT_BODY, textOctets } from '../../src/mime/answer-body.ts';
import { outlineOf } from '../../src/mime/present/outline.ts';
import { partOctets } from '../support/part-at.ts';

async function* once(...pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

async function whole(octets: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of octets) pieces.push(piece);
  return Buffer.concat(pieces);
}

await t.test('a text alone', async (t) => {
  for (const [name, text, written] of [
    ['plain', 'Thank you.', 'Thank you.\r\n'],
    ['line ends', 'a\nb\rc\r\nd', 'a\r\nb\r\nc\r\nd\r\n'],
    ['beyond ASCII', '\u00a1s\u00ed!', '=C2=A1s=C3=AD!\r\n'],
    ['empty', '', '\r\n'],
    ['half a character', 'a\ud800', 'a=EF=BF=BD\r\n'],
  ] as const)
    t.equal((await whole(textOctets(text))).toString('latin1'), written, name);
  const long = (await whole(textOctets('x'.repeat(1_000)))).toString('latin1').split('\r\n');
  t.ok(
    long.every((line) => line.length <= 76),
    'no line is too long',
  );
  t.match(TEXT_BODY, { contentType: 'text/plain; charset=utf-8', transferEncoding: 'quoted-printable' });
});

await t.test('files come back octet for octet, under their names', async (t) => {
  const names = [
    'plain.txt',
    '\u00fcbung \u0434\u043e\u043a.pdf',
    `${'long '.repeat(28)}.png`,
    `a"; x="b.txt`,
    "it's (1)*.doc",
    'a\r\nX-Evil: yes',
  ];
  const files = names.map((name, i) => ({ name, octets: randomBytes(1_000 * (i + 1) + i) }));
  const given = async function* (): AsyncGenerator<AnswerFile> {
    for (const { name, octets } of files) yield { name, octets: once(octets.subarray(0, 7), octets.subarray(7)) };
  };
  const { contentType } = multipartBody('posternBoundary');
  const body = await whole(multipartOctets('See the files.', given(), 'posternBoundary'));
  const message = Buffer.concat([Buffer.from(`From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: ${contentType}\r\n\r\n`), body]);
  t.notMatch(body.toString('latin1'), /[^\r]\n|\r[^\n]|[^\t\r\n -~]/, '7-bit, CRLF only');
  t.ok(
    body
      .toString('latin1')
      .split('\r\n')
      .every((line) => line.length <= 78),
    'short lines',
  );
  t.notMatch(body.toString('latin1'), /^X-Evil/m);
  t.equal((await outlineOf(once(message))).end, 'complete');
  for (const [i, { octets }] of files.entries()) {
    const part = await partOctets(() => once(message), String(i + 2));
    t.same(part === null ? null : await whole(part.octets), octets, names[i] ?? '');
  }
  t.equal((await partOctets(() => once(message), '3'))?.name, '\u00fcbung \u0434\u043e\u043a.pdf');
});

await t.test('a file that breaks off is no message', async (t) => {
  const broken = async function* (): AsyncGenerator<AnswerFile> {
    yield {
      name: 'a',
      octets: (async function* () {
        yield Buffer.from('a');
        throw new Error('gone');
      })(),
    };
  };
  await t.rejects(whole(multipartOctets('x', broken(), 'b')), { message: 'gone' });
});
