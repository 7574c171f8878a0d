// Tables as text: whatever the separator and the quotes, a row is a line and a cell has its name.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import t from 'tap';
import type { Message } from '../../../src/mail/message.ts';
import { csvExtractor } from '../../../src/mime/extract/csv.ts';
import { readPart } from '../../support/read.ts';

const DATA = new URL('../../data/extract/csv/', import.meta.url);

function read(bytes: Uint8Array | string): Promise<Message> {
  return readPart(csvExtractor, 'csv', bytes);
}

/** Cells by their names. */
function cells({ spans }: Message): Readonly<Record<string, string>> {
  return Object.fromEntries(
    spans.flatMap(({ text, marks }) => marks.map(({ at, field }, i) => [field, text.slice(at, marks[i + 1]?.at).trim()])),
  );
}

await t.test('tables by a real program', async (t) => {
  for (const file of ['excel.csv', 'excel-tab.csv', 'unix.csv', 'semicolon.csv']) {
    const message = await read(readFileSync(new URL(file, DATA)));
    t.strictSame(
      cells(message),
      { A1: 'Name', B1: 'Born', C1: 'Note', A2: 'Smith, John', B2: '1970-01-31', C2: 'says "fine"', A3: 'Müller', C3: 'two lines' },
      file,
    );
    t.strictSame(
      message.spans.map(({ place }) => place),
      [1, 2, 3].map((row) => ({ area: 'text', row })),
    );
    t.strictSame([message.defects, message.blindSpots], [[], []]);
  }
});

const CASES: readonly (readonly [name: string, text: string, cells: Readonly<Record<string, string>>])[] = [
  ['commas', 'a,b\nc,d', { A1: 'a', B1: 'b', A2: 'c', B2: 'd' }],
  ['bars', 'a|b\rc|d\r', { A1: 'a', B1: 'b', A2: 'c', B2: 'd' }],
  ['semicolons with decimal commas', 'a;1,5\nb;2,5\n', { A1: 'a', B1: '1,5', A2: 'b', B2: '2,5' }],
  ['a separator that is told', 'sep=|\r\na,b|c\r\n', { A1: 'a,b', B1: 'c' }],
  ['one column', 'John\nSmith\n', { A1: 'John', A2: 'Smith' }],
  ['empty cells and rows', 'a,,b\n\n,,\n,c', { A1: 'a', C1: 'b', B4: 'c' }],
  ['quotes', '"a ""b"", c","d\ne"\n', { A1: 'a "b", c', B1: 'd e' }],
  ['text behind a quote', '"Jo"hn,b', { A1: 'John', B1: 'b' }],
  ['a quote within', 'Jo"hn,b', { A1: 'Jo"hn', B1: 'b' }],
  ['a quote without end', 'a,b\n"John,c\nd,e', { A1: 'a', B1: 'b', A2: 'John,c d,e' }],
  ['a mark', '\ufeffa,b', { A1: 'a', B1: 'b' }],
  ['nothing', '', {}],
];

await t.test('what tables look like', async (t) => {
  for (const [name, text, found] of CASES) t.strictSame(cells(await read(text)), found, name);
});

await t.test('long tables', async (t) => {
  const rows = 60_000;
  const message = await read(Array.from({ length: rows }, (_, i) => `Smith ${i},John,${i}\n`).join(''));
  t.strictSame(message.blindSpots, []);
  t.equal(message.spans.length, 20_000 + (rows - 20_000) / 50, 'behind many rows, many to a span');
  const last = message.spans.at(-1);
  t.strictSame([last?.place.row, last?.marks.length, last?.marks.at(-1)], [59_951, 50, { at: 49 * 23, field: 'A60000' }]);
  t.ok(last?.text.endsWith('Smith 59999\tJohn\t59999'));
});

await t.test('hostile tables', async (t) => {
  for (const unit of [',', '"', '"a', '""', '\n', '\r', 'a,', '",', ',"\n', '\t']) {
    const text = `a,b\n${unit.repeat(200_000)}`;
    const message = await read(text);
    const size = message.spans.reduce((sum, span) => sum + span.text.length, 0);
    const marks = message.spans.reduce((sum, span) => sum + span.marks.length, 0);
    t.ok(size <= text.length && marks <= 201_000, `${JSON.stringify(unit)}: ${size}, ${marks} marks`);
    t.strictSame(message.blindSpots, []);
  }
});

await t.test('any table: every word comes out', async (t) => {
  const pieces = fc.constantFrom(',', ';', '\t', '|', '"', '""', '\n', '\r\n', 'John', 'x', ' ', '\0');
  const tables = fc.sample(fc.array(pieces, { maxLength: 40 }), { seed: 20261122, numRuns: 1_500 });
  const lost: string[] = [];
  for (const all of tables) {
    const text = all.join('');
    const message = await read(text);
    const found = message.spans
      .map((span) => span.text)
      .join('\n')
      .split('John').length;
    if (found < text.split('John').length || message.blindSpots.length > 0) lost.push(text);
  }
  t.strictSame(lost, []);
});
