// Fields put into messages of others: folded, 7-bit, and read back as what was meant.
import fc from 'fast-check';
import t from 'tap';
import { encodedWords, foldedField, unstructuredField } from '../../src/mime/field-writing.ts';
import { readFieldText } from '../../src/mime/field-text.ts';
import { fuzz } from '../support/fuzz.ts';

const readBack = (field: string): readonly string[] => readFieldText(Buffer.from(field.slice(field.indexOf(':') + 1), 'latin1')).readings;

await t.test('written', async (t) => {
  const table: readonly (readonly [value: string, field: string])[] = [
    ['yes', 'X-A: yes\r\n'],
    ['', 'X-A:\r\n'],
    ['Köln', 'X-A: =?UTF-8?B?S8O2bG4=?=\r\n'],
    ['looks like =?UTF-8?Q?a?=', `X-A: =?UTF-8?B?${Buffer.from('looks like =?UTF-8?Q?a?=').toString('base64')}?=\r\n`],
    ['a\r\nBcc: b@c', `X-A: =?UTF-8?B?${Buffer.from('a\r\nBcc: b@c').toString('base64')}?=\r\n`],
    [`${'word '.repeat(20)}end`, `X-A:${' word'.repeat(14)}\r\n${' word'.repeat(6)} end\r\n`],
    [`short ${'x'.repeat(100)} y`, `X-A: short\r\n ${'x'.repeat(100)}\r\n y\r\n`],
    ['x'.repeat(100), `X-A: ${'x'.repeat(100)}\r\n`],
  ];
  for (const [value, field] of table) t.equal(unstructuredField('X-A', value), field, JSON.stringify(value).slice(0, 40));
});

await t.test('octets stay, and only SP and TAB fold', async (t) => {
  const value = Buffer.from('à la carte '.repeat(12)).toString('latin1').trim();
  const field = foldedField('Subject', `  ${value}`);
  t.equal(field.replaceAll('\r\n', ''), `Subject: ${value}`);
  t.ok(field.split('\r\n').every((line) => line.length <= 78 && !/^[ \t]+$/.test(line)));
});

await t.test('any text: lines that may be sent, 7-bit, and the same text again', async (t) => {
  const text = fc
    .array(
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.constantFrom('Köln', '漢字', '\r\n', '=?', '?=', ' ', '😀', 'x'.repeat(80)),
      ),
      {
        maxLength: 8,
      },
    )
    .map((pieces) => pieces.join(''));
  fuzz(
    t,
    500,
    fc.property(text, (value) => {
      const field = unstructuredField('X-A', value);
      const wanted = value.toWellFormed();
      if (!/^(?:[ -~]*\r\n)+$/.test(field)) return false;
      const lines = field.slice(0, -2).split('\r\n');
      if (lines.slice(1).some((line) => !/^[ ]+[^ ]/.test(line))) return false;
      const words = field.match(/=\?[^ \r]*/g) ?? [];
      if (words.some((word) => word.length > 75)) return false;
      // A byte order mark at the front of a word is one to some readers; white space at the ends is nobody's.
      return /\ufeff/.test(wanted) || readBack(field)[0]?.trim() === wanted.trim();
    }),
  );
});

await t.test('no character is parted', async (t) => {
  const words = encodedWords('😀'.repeat(100)).split(' ');
  t.ok(words.length > 5);
  for (const word of words) t.match(Buffer.from(word.slice(10, -2), 'base64').toString(), /^(?:😀)+$/u, 'whole characters');
  t.equal(encodedWords('\ud800x'), '=?UTF-8?B?77+9eA==?=', 'half a character is none');
});
