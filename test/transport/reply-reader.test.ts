// Replies as bytes: split anywhere, within limits, consistent; whatever else comes ends the reading.
import fc from 'fast-check';
import t from 'tap';
import {
  MAX_REPLY_CHARACTERS,
  MAX_REPLY_LINE,
  MAX_REPLY_LINES,
  MAX_UNREAD_REPLIES,
  type RawReply,
  ReplyReader,
} from '../../src/transport/reply-reader.ts';

function readAll(bytes: Buffer | string, pieces: readonly number[] = []): { replies: readonly RawReply[]; reader: ReplyReader } {
  const reader = new ReplyReader();
  const whole = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
  let from = 0;
  for (const size of [...pieces, whole.length]) {
    reader.push(whole.subarray(from, from + size));
    from += size;
  }
  const replies: RawReply[] = [];
  for (let reply = reader.take(); reply !== null; reply = reader.take()) replies.push(reply);
  return { replies, reader };
}

const GOOD: readonly (readonly [name: string, bytes: string, replies: readonly RawReply[]])[] = [
  ['one line', '250 ok\r\n', [{ code: 250, lines: ['ok'] }]],
  ['several lines', '250-a\r\n250-b\r\n250 c\r\n', [{ code: 250, lines: ['a', 'b', 'c'] }]],
  ['code alone', '250\r\n', [{ code: 250, lines: [''] }]],
  ['code and space', '250 \r\n', [{ code: 250, lines: [''] }]],
  ['empty text in the middle', '250-\r\n250 end\r\n', [{ code: 250, lines: ['', 'end'] }]],
  ['bare LF, as some servers send', '220 hello\n', [{ code: 220, lines: ['hello'] }]],
  [
    'two replies in one read',
    '250 a\r\n354 b\r\n',
    [
      { code: 250, lines: ['a'] },
      { code: 354, lines: ['b'] },
    ],
  ],
  ['octets over 127 as latin1', '550 \xff\xfe\r\n', [{ code: 550, lines: ['\xff\xfe'] }]],
  ['NUL and control octets stay text', '550 a\0b\x07\r\n', [{ code: 550, lines: ['a\0b\x07'] }]],
  ['CR inside a line stays text', '550 a\rb\r\n', [{ code: 550, lines: ['a\rb'] }]],
  ['the longest line', `250 ${'x'.repeat(MAX_REPLY_LINE - 6)}\r\n`, [{ code: 250, lines: ['x'.repeat(MAX_REPLY_LINE - 6)] }]],
];

const BAD: readonly (readonly [name: string, bytes: string])[] = [
  ['no code', 'hello\r\n'],
  ['empty line', '\r\n'],
  ['two digits', '25 ok\r\n'],
  ['four digits', '2500 ok\r\n'],
  ['1xx', '150 wait\r\n'],
  ['6xx', '650 what\r\n'],
  ['letters in the code', '2x0 ok\r\n'],
  ['another separator', '250+ok\r\n'],
  ['tab as separator', '250\tok\r\n'],
  ['codes that differ', '250-a\r\n251 b\r\n'],
  ['a line too long', `250 ${'x'.repeat(MAX_REPLY_LINE)}\r\n`],
  ['a line too long without an end', '250 '.padEnd(MAX_REPLY_LINE + 1, 'x')],
  ['too many lines', '250-x\r\n'.repeat(MAX_REPLY_LINES + 1)],
  ['too many characters', `250-${'x'.repeat(3_000)}\r\n`.repeat(Math.ceil(MAX_REPLY_CHARACTERS / 3_000) + 1)],
  ['too many replies that nobody reads', '250 x\r\n'.repeat(MAX_UNREAD_REPLIES + 1)],
  ['HTTP', 'HTTP/1.1 400 Bad Request\r\n'],
  ['a TLS alert', '\x15\x03\x01\x00\x02\x02\x28\r\n'],
];

await t.test('replies', async (t) => {
  for (const [name, bytes, replies] of GOOD) {
    const read = readAll(bytes);
    t.same(read.replies, replies, name);
    t.ok(read.reader.empty, `${name}: nothing left`);
    t.same(
      readAll(
        bytes,
        Array.from(bytes, () => 1),
      ).replies,
      replies,
      `${name}: octet by octet`,
    );
  }
});

await t.test('what is no reply', async (t) => {
  for (const [name, bytes] of BAD) {
    const { reader } = readAll(bytes);
    t.ok(reader.broken, name);
    reader.push(Buffer.from('250 ok\r\n'));
    t.equal(reader.take(), null, `${name}: nothing counts after it`);
  }
});

await t.test('replies before the bad one can still be taken', async (t) => {
  const { replies, reader } = readAll('421 bye\r\ngarbage\r\n');
  t.same(replies, [{ code: 421, lines: ['bye'] }]);
  t.ok(reader.broken);
  t.notOk(reader.empty);
});

await t.test('a part of a reply is not empty', async (t) => {
  for (const bytes of ['2', '250-a\r\n', '250 ok']) t.notOk(readAll(bytes).reader.empty, JSON.stringify(bytes));
});

await t.test('any split gives the same', async (t) => {
  const line = fc.tuple(
    fc.integer({ min: 200, max: 599 }),
    fc.array(fc.stringMatching(/^[\x20-\x7e\x80-\xff]{0,40}$/), { minLength: 1, maxLength: 5 }),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 20 }), (replies, pieces) => {
      const bytes = replies
        .map(([code, lines]) => lines.map((text, i) => `${code}${i === lines.length - 1 ? ' ' : '-'}${text}\r\n`).join(''))
        .join('');
      const read = readAll(bytes, pieces);
      t.same(
        read.replies,
        replies.map(([code, lines]) => ({ code, lines })),
      );
    }),
    { seed: 5321, numRuns: 200 },
  );
});

await t.test('any octets at all: never more than the limits, never an exception', async (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (octets) => {
      const { replies } = readAll(Buffer.from(octets));
      return replies.every(({ code, lines }) => code >= 200 && code < 600 && lines.length <= MAX_REPLY_LINES);
    }),
    { seed: 5321, numRuns: 500 },
  );
  t.pass('500 inputs');
});
