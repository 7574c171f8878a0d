// Headers of any shape: their fields, where the body begins, and where else some readers take it to begin.
import t from 'tap';
import { readLooseHeader, withBareCarriageReturns } from '../../src/mime/loose-header.ts';
import { readFieldText, structuredText } from '../../src/mime/field-text.ts';

interface Case {
  readonly text: string;
  readonly keys: string;
  readonly body: string;
  readonly others?: readonly string[];
}

const CASES: readonly Case[] = [
  { text: '', keys: '', body: '' },
  { text: '\r\nx', keys: '', body: 'x' },
  { text: '\nx', keys: '', body: 'x' },
  { text: 'A: 1\r\nB: 2\r\n\r\nx', keys: 'a b', body: 'x' },
  { text: 'A: 1\nB: 2\n\nx', keys: 'a b', body: 'x' },
  { text: 'A: 1\n\nx\r\n\r\ny', keys: 'a', body: 'x\r\n\r\ny' },
  { text: 'A: 1\r\n\r\nx\n\ny', keys: 'a', body: 'x\n\ny' },
  { text: 'A: 1\r\n', keys: 'a', body: '' },
  { text: 'A: 1\r\n more\r\n\r\nx', keys: 'a', body: 'x' },
  { text: 'A: 1\r\njunk\r\nB: 2\r\n\r\nx', keys: 'a  b', body: 'x', others: ['junk\r\nB: 2\r\n\r\nx'] },
  { text: 'A: 1\r\n \r\nB: 2\r\n\r\nx', keys: 'a b', body: 'x', others: ['B: 2\r\n\r\nx'] },
  { text: ' A: 1\r\n\r\nx', keys: '', body: 'x', others: [' A: 1\r\n\r\nx'] },
  { text: 'A B: 1\r\n\r\nx', keys: 'ab', body: 'x', others: ['A B: 1\r\n\r\nx'] },
  { text: '--b--: 1\r\n\r\nx', keys: '--b--:'.slice(0, -1), body: 'x', others: ['--b--: 1\r\n\r\nx'] },
  { text: 'From a@b Mon Jan 1 00:00:00\r\nA: 1\r\n\r\nx', keys: 'froma@bmonjan100 a', body: 'x', others: [] },
  { text: '\xef\xbb\xbfA: 1\r\n\r\nx', keys: 'a', body: 'x', others: [] },
  { text: '\0A: 1\r\n\r\nx', keys: 'a', body: 'x', others: ['\0A: 1\r\n\r\nx'] },
];

await t.test('headers', async (t) => {
  for (const { text, keys, body, others = [] } of CASES) {
    const bytes = Buffer.from(text, 'latin1');
    const found = readLooseHeader(bytes);
    const name = JSON.stringify(text);
    t.equal(found.fields.map(({ key }) => key).join(' '), keys, name);
    t.equal(bytes.toString('latin1', found.bodyStart), body, name);
    t.same(
      found.otherBodyStarts.map((start) => bytes.toString('latin1', start)),
      others,
      name,
    );
  }
});

await t.test('defects', async (t) => {
  t.same(readLooseHeader(Buffer.from('A: 1\r\n\r\n')).defects, []);
  t.same(readLooseHeader(Buffer.from('A : 1\r\n\r\n')).defects, ['header-malformed']);
  t.same(readLooseHeader(Buffer.from('junk\r\n\r\n')).defects, ['header-malformed']);
  const many = readLooseHeader(Buffer.from(`${'A: 1\r\n'.repeat(5_000)}B: 2\r\n\r\nx`));
  t.same(many.defects, ['header-over-limits']);
  t.equal(many.fields.length, 5_001);
  t.equal(many.fields.at(-1)?.key, 'b');
  const larger = readLooseHeader(Buffer.from(`A: ${'x'.repeat(400_000)}\r\nB: 2\r\n\r\nx`));
  t.same(
    larger.fields.map(({ key }) => key),
    ['a', 'b'],
  );
});

await t.test('bare CR', async (t) => {
  const mended = (text: string): string | undefined => withBareCarriageReturns(readLooseHeader(Buffer.from(text)))?.toString();
  t.equal(mended('A: 1\r\n\r\nx\ry'), undefined);
  t.equal(mended('A: 1\rB: 2\r\n\r\nx\ry'), 'A: 1\nB: 2\r\n\r\nx\ry');
  t.equal(mended('A: 1\r\rx'), 'A: 1\n\nx');
});

await t.test('texts of fields', async (t) => {
  t.same(readFieldText(Buffer.from(' a\r\n b\r\n')), { readings: ['a b'], defects: [] });
  t.same(readFieldText(Buffer.from(' =?utf-8?Q?a b?=')), { readings: ['a b', '=?utf-8?Q?a b?='], defects: ['encoded-word-malformed'] });
  t.equal(structuredText(Buffer.from(' a;\r\n\tb=c\r\n')), 'a;\tb=c');
});
