// The walk through a message: where each part lies to the octet, and what is told when limits are met.
import t from 'tap';
import { MimeWalk, WALK_LIMITS, type Walked } from '../../src/mime/mime-walk.ts';

function walk(text: string, piece = text.length || 1): Walked {
  const walking = new MimeWalk();
  const bytes = Buffer.from(text, 'latin1');
  for (let i = 0; i < bytes.length; i += piece) walking.push(bytes.subarray(i, i + piece));
  return walking.finish();
}

const MULTI = 'Content-Type: multipart/mixed; boundary=';

interface Case {
  readonly name: string;
  readonly text: string;
  /** Kind and body of each entity; the body of a multipart or message is not told. */
  readonly parts: readonly (readonly [kind: string, body: string | null])[];
}

const CASES: readonly Case[] = [
  { name: 'nothing', text: '', parts: [['leaf', '']] },
  { name: 'a body only', text: '\r\nHi\r\n', parts: [['leaf', 'Hi\r\n']] },
  {
    name: 'two parts',
    text: `${MULTI}b\r\n\r\npre\r\n--b\r\n\r\none\r\n--b\r\nA: 1\r\n\r\ntwo\r\n\r\n--b--\r\nend\r\n`,
    parts: [
      ['multipart', null],
      ['leaf', 'one'],
      ['leaf', 'two\r\n'],
    ],
  },
  {
    name: 'white space behind a delimiter',
    text: `${MULTI}b\r\n\r\n--b \t\r\n\r\none\r\n--b-- \r\n`,
    parts: [
      ['multipart', null],
      ['leaf', 'one'],
    ],
  },
  {
    name: 'lines that only begin like a delimiter',
    text: `${MULTI}b\r\n\r\n--b\r\n\r\n--bx\r\n--b-\r\n --b\r\n---b\r\n--B\r\n--b--`,
    parts: [
      ['multipart', null],
      ['leaf', '--bx\r\n--b-\r\n --b\r\n---b\r\n--B'],
    ],
  },
  {
    name: 'empty parts',
    text: `${MULTI}b\r\n\r\n--b\r\n\r\n--b\r\n--b\r\n\r\n\r\n--b--\r\n`,
    parts: [
      ['multipart', null],
      ['leaf', ''],
      ['leaf', ''],
      ['leaf', ''],
    ],
  },
  {
    name: 'a header cut by a delimiter',
    text: `${MULTI}b\r\n\r\n--b\r\nA: 1\r\n--b\r\n\r\ntwo\r\n--b--\r\n`,
    parts: [
      ['multipart', null],
      ['leaf', ''],
      ['leaf', 'two'],
    ],
  },
  {
    name: 'within one another',
    text: `${MULTI}b\r\n\r\n--b\r\n${MULTI}c\r\n\r\n--c\r\n\r\ninner\r\n--c--\r\n\r\n--b\r\n\r\nouter\r\n--b--\r\n`,
    parts: [
      ['multipart', null],
      ['multipart', null],
      ['leaf', 'inner'],
      ['leaf', 'outer'],
    ],
  },
  {
    name: 'the inner one never ends',
    text: `${MULTI}b\r\n\r\n--b\r\n${MULTI}c\r\n\r\n--c\r\n\r\ninner\r\n--b\r\n\r\nouter\r\n--b--\r\n`,
    parts: [
      ['multipart', null],
      ['multipart', null],
      ['leaf', 'inner'],
      ['leaf', 'outer'],
    ],
  },
  {
    name: 'a message',
    text: 'Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\nHi\r\n',
    parts: [
      ['message', null],
      ['leaf', 'Hi\r\n'],
    ],
  },
  {
    name: 'a delimiter of a signed part is not looked for',
    text: 'Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\nHi\r\n--b--\r\n',
    parts: [['opaque', '--b\r\n\r\nHi\r\n--b--\r\n']],
  },
  {
    name: 'bare LF',
    text: `${MULTI}b\n\n--b\n\none\n--b--\n`,
    parts: [
      ['multipart', null],
      ['leaf', 'one'],
    ],
  },
  {
    name: 'a delimiter in the header of the message',
    text: `A: 1\r\n--b\r\n${MULTI}b\r\n\r\n--b\r\n\r\none\r\n--b--\r\n`,
    parts: [['opaque', '--b\r\n\r\none\r\n--b--\r\n']],
  },
];

await t.test('places', async (t) => {
  for (const { name, text, parts } of CASES) {
    for (const piece of [100_000, 5, 1]) {
      const { entities, end, sizeBytes } = walk(text, piece);
      const got = entities.map(({ header, bodyStart, bodyEnd }) => [
        header.kind,
        header.kind === 'multipart' || header.kind === 'message' ? null : text.slice(bodyStart, bodyEnd),
      ]);
      t.strictSame(got, parts, `${name}, pieces of ${piece}`);
      t.strictSame([end, sizeBytes], ['complete', text.length]);
    }
  }
});

await t.test('who is inside whom', async (t) => {
  const { entities } = walk(CASES.find(({ name }) => name === 'within one another')?.text ?? '');
  t.strictSame(
    entities.map(({ parent }) => (parent === null ? null : entities.indexOf(parent))),
    [null, 0, 1, 0],
  );
});

await t.test('limits', async (t) => {
  const many = `${MULTI}b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(WALK_LIMITS.entities * 2)}--b--\r\n`;
  const startedAt = performance.now();
  const walked = walk(many, 65_536);
  t.equal(walked.end, 'over-limits');
  t.equal(walked.entities.length, WALK_LIMITS.entities);
  t.ok(performance.now() - startedAt < 3_000, `${Math.round(performance.now() - startedAt)} ms`);
  t.equal(walk(`${MULTI}b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(100)}--b--\r\n`).end, 'complete');
  t.equal(walk('Content-Type: message/rfc822\r\n\r\n'.repeat(WALK_LIMITS.depth + 5)).end, 'over-limits', 'too deep');
  t.equal(walk('Content-Type: message/rfc822\r\n\r\n'.repeat(WALK_LIMITS.depth - 5)).end, 'complete');
  t.equal(walk(`A: ${'x'.repeat(300_000)}\r\n\r\nHi\r\n`, 65_536).end, 'over-limits', 'a header too large');
  const hostile = walk(`${MULTI}b\r\n\r\n${'--'.repeat(500_000)}${'\r\n--'.repeat(200_000)}`, 65_536);
  t.equal(hostile.end, 'complete', 'hyphens without end');
});
