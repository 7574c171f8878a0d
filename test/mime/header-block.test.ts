// Header blocks: fields with their exact place, defects, and that no octet is ever lost.
import fc from 'fast-check';
import t from 'tap';
import { fieldBytes, fieldText, HEADER_LIMITS, parseHeaderBlock, type HeaderDefect } from '../../src/mime/header-block.ts';
import { fuzz } from '../support/fuzz.ts';

interface Case {
  readonly name: string;
  readonly block: string;
  readonly fields: readonly (readonly [key: string, text: string])[];
  readonly defects: readonly HeaderDefect[];
  readonly body?: string;
}

const CASES: readonly Case[] = [
  { name: 'nothing', block: '', fields: [], defects: ['no-end'] },
  { name: 'an empty header', block: '\r\n', fields: [], defects: [] },
  { name: 'one field', block: 'Subject: hello\r\n\r\n', fields: [['subject', 'hello']], defects: [] },
  { name: 'a body behind it', block: 'A: 1\r\n\r\nB: 2\r\n\r\n', fields: [['a', '1']], defects: [], body: 'B: 2\r\n\r\n' },
  {
    name: 'no empty line',
    block: 'A: 1\r\nB: 2\r\n',
    fields: [
      ['a', '1'],
      ['b', '2'],
    ],
    defects: ['no-end'],
  },
  {
    name: 'no last line end',
    block: 'A: 1\r\nB: 2',
    fields: [
      ['a', '1'],
      ['b', '2'],
    ],
    defects: ['no-end'],
  },
  {
    name: 'folded',
    block: 'A: 1\r\n 2\r\n\t3\r\nB: 4\r\n\r\n',
    fields: [
      ['a', '1 2\t3'],
      ['b', '4'],
    ],
    defects: [],
  },
  { name: 'value on the second line', block: 'A:\r\n 1\r\n\r\n', fields: [['a', '1']], defects: [] },
  { name: 'white space before the colon', block: 'From : a@b.example\r\n\r\n', fields: [['from', 'a@b.example']], defects: [] },
  { name: 'case kept in the name, not in the key', block: 'MESSAGE-id: <x>\r\n\r\n', fields: [['message-id', '<x>']], defects: [] },
  { name: 'no white space behind the colon', block: 'A:1\r\n\r\n', fields: [['a', '1']], defects: [] },
  { name: 'a colon in the value', block: 'A: b:c\r\n\r\n', fields: [['a', 'b:c']], defects: [] },
  {
    name: 'an empty value',
    block: 'A:\r\nB: 1\r\n\r\n',
    fields: [
      ['a', ''],
      ['b', '1'],
    ],
    defects: [],
  },
  { name: 'UTF-8', block: 'A: Grüße\r\n\r\n', fields: [['a', 'Grüße']], defects: [] },
  {
    name: 'a line without a colon',
    block: 'A: 1\r\nhello\r\nB: 2\r\n\r\n',
    fields: [
      ['a', '1'],
      ['', 'hello'],
      ['b', '2'],
    ],
    defects: ['no-colon'],
  },
  { name: 'a colon only in the fold', block: 'hello\r\n a: b\r\n\r\n', fields: [['', 'hello a: b']], defects: ['no-colon'] },
  {
    name: 'an mbox line',
    block: 'From a@b Mon Nov 22 10:00:00\r\nA: 1\r\n\r\n',
    fields: [
      ['from a@b mon nov 22 10', '00:00'],
      ['a', '1'],
    ],
    defects: ['bad-name'],
  },
  { name: 'no name', block: ': x\r\n\r\n', fields: [['', 'x']], defects: ['bad-name'] },
  { name: 'a name beyond US-ASCII', block: 'Frööm: x\r\n\r\n', fields: [['frã¶ã¶m', 'x']], defects: ['bad-name'] },
  {
    name: 'begins with a fold',
    block: ' A: 1\r\nB: 2\r\n\r\n',
    fields: [
      ['', 'A: 1'],
      ['b', '2'],
    ],
    defects: ['leading-fold'],
  },
  {
    name: 'a fold of white space only',
    block: 'A: 1\r\n \r\nB: 2\r\n\r\n',
    fields: [
      ['a', '1'],
      ['b', '2'],
    ],
    defects: ['blank-fold'],
  },
  {
    name: 'bare LF',
    block: 'A: 1\n 2\nB: 3\n\nbody',
    fields: [
      ['a', '1 2'],
      ['b', '3'],
    ],
    defects: [],
    body: 'body',
  },
];

await t.test('fields', async (t) => {
  for (const { name, block, fields, defects, body } of CASES) {
    const bytes = Buffer.from(block);
    const parsed = parseHeaderBlock(bytes);
    t.strictSame(
      parsed.fields.map((field) => [field.key, fieldText(parsed, field)]),
      fields,
      name,
    );
    t.strictSame(parsed.defects, defects, `${name}: defects`);
    t.equal(bytes.subarray(parsed.bodyStart).toString(), body ?? '', `${name}: body`);
  }
});

await t.test('limits', async (t) => {
  const many = parseHeaderBlock(Buffer.from('A: 1\r\n'.repeat(HEADER_LIMITS.fields + 5) + '\r\n'));
  t.strictSame(many.defects, ['too-many-fields', 'no-end']);
  t.equal(many.fields.length, HEADER_LIMITS.fields + 1, 'the rest is one field without a name');
  t.equal(many.fields.at(-1)?.key, '');
  const large = parseHeaderBlock(Buffer.from(`A: 1\r\n${` ${'x'.repeat(900)}\r\n`.repeat(300)}B: 2\r\n\r\n`));
  t.strictSame(large.defects, ['too-large', 'no-end']);
});

/** Octets that matter to the reader come often. */
const octets = fc
  .array(
    fc.oneof(
      fc.constantFrom('\r\n', '\r\n', '\n', '\r', ':', ' ', '\t', 'From', 'a', 'Bcc: x\r\n', '\r\n\r\n', '\0', 'é'),
      fc.string({ maxLength: 5 }),
    ),
    { maxLength: 40 },
  )
  .map((pieces) => Buffer.from(pieces.join(''), 'latin1'));

await t.test('no octet is lost, fields follow one another without gaps', async (t) => {
  fuzz(
    t,
    5_000,
    fc.property(octets, (bytes) => {
      const parsed = parseHeaderBlock(bytes);
      const pieces = [...parsed.fields.map((field) => fieldBytes(parsed, field)), bytes.subarray(parsed.end)];
      let at = 0;
      for (const field of parsed.fields) {
        if (field.start !== at || field.end <= field.start || field.valueStart > field.end) return false;
        at = field.end;
      }
      return (
        parsed.end === at &&
        Buffer.concat(pieces).equals(bytes) &&
        /^(?:\r?\n)?$/.test(bytes.toString('latin1', parsed.end, parsed.bodyStart))
      );
    }),
  );
});
