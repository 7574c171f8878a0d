// Tables, amounts and colour: what a person sees on 80 columns.
import { PassThrough } from 'node:stream';
import t from 'tap';
import { countOf, sizeOf, spanOf, timeOf, whenFrom } from '../../src/cli/amounts.ts';
import { facts, table } from '../../src/cli/table.ts';
import type { Column } from '../../src/cli/table.ts';
import { createTerminal, plainText } from '../../src/cli/terminal.ts';

const plain = (_name: string, text: string): string => text;
const COLUMNS: readonly Column[] = [
  { title: 'Id', align: 'left', overflow: 'keep' },
  { title: 'Count', align: 'right', overflow: 'keep' },
  { title: 'Address', align: 'left', overflow: 'cut' },
];

await t.test('columns are aligned', async (t) => {
  const text = table(
    COLUMNS,
    [
      ['a', '5', 'ann@clinic.example'],
      ['longer', '1234567', 'b'],
    ],
    { columns: null, style: plain },
  );
  t.equal(text, ['Id        Count  Address', 'a             5  ann@clinic.example', 'longer  1234567  b'].join('\n'));
});

await t.test('what is too wide is cut where it may be', async (t) => {
  const rows = [['01JDB2V3X8QK4T6M9W0YHZ5RCE/0', '1', 'a-very-long-address-that-goes-on-and-on@a-long-name.clinic.example']];
  const lines = table(COLUMNS, rows, { columns: 60, style: plain }).split('\n');
  for (const line of lines) t.ok([...line].length <= 60, line);
  t.match(lines[1], /^01JDB2V3X8QK4T6M9W0YHZ5RCE\/0 {6}1 {2}a-very-long-[a-z-]+…$/);
  t.match(table(COLUMNS, rows, { columns: null, style: plain }), /clinic\.example$/, 'nothing is cut for a pipe');
  t.doesNotThrow(() => table(COLUMNS, rows, { columns: 5, style: plain }));
});

await t.test('missing cells and no rows', async (t) => {
  t.equal(table(COLUMNS, [], { columns: 80, style: plain }), 'Id  Count  Address');
  t.equal(table(COLUMNS, [['a']], { columns: 80, style: plain }).split('\n')[1], 'a');
});

await t.test('text from outside cannot steer the terminal', async (t) => {
  const nasty = '\x1b[31mred\x07\u202Ertl\n\r\u009b2J';
  t.equal(plainText(nasty), '?[31mred??rtl???2J');
  for (const text of [table(COLUMNS, [[nasty, nasty, nasty]], { columns: 80, style: plain }), facts([['name', nasty]], plain)]) {
    t.notMatch(text.replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u);
  }
});

await t.test('facts', async (t) => {
  t.equal(
    facts(
      [
        ['a', '1'],
        ['longer', 'two'],
      ],
      plain,
    ),
    'a       1\nlonger  two',
  );
});

await t.test('amounts', async (t) => {
  for (const [ms, text] of [
    [0, '0 s'],
    [999, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3_599_999, '59 min'],
    [7_200_000, '2 h'],
    [90_000_000, '1 d'],
  ] as const)
    t.equal(spanOf(ms), text);
  for (const [bytes, text] of [
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [2_048, '2.0 kB'],
    [9_949, '9.9 kB'],
    [9_950, '10 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [50_000_000, '50 MB'],
    [2e15, '2000 TB'],
  ] as const)
    t.equal(sizeOf(bytes), text);
  t.equal(whenFrom(1_000_000, 1_000_500), 'now');
  t.equal(whenFrom(1_060_000, 1_000_000), 'in 1 min');
  t.equal(whenFrom(1_000_000, 8_200_000), '2 h ago');
  t.equal(countOf(1, 'delivery', 'deliveries'), '1 delivery');
  t.equal(countOf(0, 'delivery', 'deliveries'), '0 deliveries');
});

await t.test('a time names its zone', async (t) => {
  t.match(timeOf(Date.UTC(2026, 10, 22, 5, 4, 3)), /^2026-11-2[123] \d\d:\d\d:\d\d \S+/);
});

await t.test('colour', async (t) => {
  const cases: readonly (readonly [name: string, isTty: boolean, environment: Record<string, string>, coloured: boolean])[] = [
    ['a terminal', true, {}, true],
    ['a pipe', false, {}, false],
    ['NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['an empty NO_COLOR', true, { NO_COLOR: '' }, true],
    ['a dumb terminal', true, { TERM: 'dumb' }, false],
  ];
  for (const [name, isTTY, environment, coloured] of cases) {
    const stream = Object.assign(new PassThrough(), { isTTY, columns: 100 });
    const terminal = createTerminal({
      input: process.stdin,
      output: stream as object as NodeJS.WriteStream,
      errors: stream as object as NodeJS.WriteStream,
      environment,
    });
    t.equal(terminal.style('trouble', 'x').includes('\x1b'), coloured, name);
    t.equal(terminal.columns, isTTY ? 100 : null, `${name}: columns`);
  }
});
