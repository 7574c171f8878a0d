// Records of a CSV file (RFC 4180), with the line that each begins in.
import fc from 'fast-check';
import t from 'tap';
import { csvRecords } from '../../src/cli/csv-records.ts';
import { fuzz } from '../support/fuzz.ts';

const CASES: readonly (readonly [
  name: string,
  text: string,
  records: readonly (readonly [line: number, ...fields: readonly string[]])[],
])[] = [
  ['nothing', '', []],
  ['one line without an end', 'a,b', [[1, 'a', 'b']]],
  [
    'both line ends',
    'a,b\r\nc,d\n',
    [
      [1, 'a', 'b'],
      [2, 'c', 'd'],
    ],
  ],
  [
    'empty lines are passed over, and counted',
    'a\n\n\r\nb\n',
    [
      [1, 'a'],
      [4, 'b'],
    ],
  ],
  [
    'empty fields stay',
    ',a,\n,,\n',
    [
      [1, '', 'a', ''],
      [2, '', '', ''],
    ],
  ],
  ['commas and quotes in quotes', '"a,b","say ""hi"""\n', [[1, 'a,b', 'say "hi"']]],
  [
    'a line end in quotes',
    '"a\nb",c\nd,e\n',
    [
      [1, 'a\nb', 'c'],
      [3, 'd', 'e'],
    ],
  ],
  ['an empty field in quotes', '"",a\n', [[1, '', 'a']]],
];
for (const [name, text, records] of CASES)
  t.same(
    csvRecords(text),
    records.map(([line, ...fields]) => ({ line, fields, fault: null })),
    name,
  );

const FAULTS: readonly (readonly [name: string, text: string, line: number])[] = [
  ['a quote that is not closed', 'a\n"b\n', 2],
  ['a quote inside a field', 'a\nb\nc"d"\n', 3],
  ['text behind a quoted field', '"a"b\n', 1],
];
for (const [name, text, line] of FAULTS) {
  const last = csvRecords(text).at(-1);
  t.same([last?.line, last?.fault], [line, 'a quote is not closed or stands inside a field'], name);
}

t.test('what is written in quotes is read back', async (t) => {
  const field = fc.string({ maxLength: 8 }).map((text) => `x${text.replaceAll('\r', '')}`);
  fuzz(
    t,
    300,
    fc.property(fc.array(fc.array(field, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }), (rows) => {
      const text = rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(',')).join('\r\n');
      return JSON.stringify(csvRecords(text).map(({ fields }) => fields)) === JSON.stringify(rows);
    }),
  );
});
