// Reading order: words, lines, columns, rows of tables, whatever the order and the pieces in which a page draws them.
import t from 'tap';
import { pdfExtractor } from '../../../src/mime/extract/pdf.ts';
import { onePage, textAt } from '../../support/pdf-file.ts';
import { readPart } from '../../support/read.ts';

const extractor = pdfExtractor({ ocr: null });

interface Case {
  readonly name: string;
  readonly content: string;
  readonly text: string;
  readonly hidden?: string;
}

const letters = (word: string, step: number): string => [...word].map((letter) => `(${letter}) ${-step}`).join(' ');
const prose = (x: number, words: string): string =>
  textAt(Array.from({ length: 4 }, (_, i): [number, number, string] => [x, 700 - i * 14, `${words} on line number ${i + 1}`]));

const CASES: readonly Case[] = [
  { name: 'one string', content: textAt([[72, 700, 'Jane Sample']]), text: 'Jane Sample' },
  {
    name: 'lines',
    content: textAt([
      [72, 700, 'one'],
      [72, 680, 'two'],
    ]),
    text: 'one\ntwo',
  },
  {
    name: 'lines drawn from below',
    content: textAt([
      [72, 680, 'two'],
      [72, 700, 'one'],
    ]),
    text: 'one\ntwo',
  },
  { name: 'a word kerned apart', content: 'BT /F1 12 Tf 72 700 Td [(Sa) 40 (m) -60 (ple)] TJ ET', text: 'Sample' },
  { name: 'words parted by a move', content: 'BT /F1 12 Tf 72 700 Td [(Jane) -280 (Sample)] TJ ET', text: 'Jane Sample' },
  {
    name: 'a word set letter by letter',
    content: textAt([
      [72, 700, 'S'],
      [80, 700, 'a'],
      [86.7, 700, 'm'],
      [96.7, 700, 'p'],
      [103.4, 700, 'l'],
      [106, 700, 'e'],
    ]),
    text: 'Sample',
  },
  { name: 'letter-spacing by the operator', content: 'BT /F1 12 Tf 6 Tc 72 700 Td (Sample) Tj ET', text: 'Sample' },
  {
    name: 'letter-spacing by moves',
    content: `BT /F1 12 Tf 72 700 Td [${letters('SAMPLE', 350)} -700 ${letters('JANE', 350)}] TJ ET`,
    text: 'SAMPLE JANE',
  },
  {
    name: 'a string drawn twice to be bold',
    content: textAt([
      [72, 700, 'Jane'],
      [72.3, 700, 'Jane'],
    ]),
    text: 'Jane',
  },
  { name: 'double letters, set narrow', content: 'BT /F1 12 Tf 30 Tz 72 700 Td (Bill called Ann) Tj ET', text: 'Bill called Ann' },
  {
    name: 'letters drawn twice to be bold',
    content: textAt([
      [72, 700, 'l'],
      [72.2, 700, 'l'],
      [75, 700, 'l'],
      [75.2, 700, 'l'],
    ]),
    text: 'll',
  },
  {
    name: 'labels and values, drawn apart',
    content: textAt([
      [72, 700, 'Name:'],
      [72, 680, 'MRN:'],
      [200, 700, 'Jane'],
      [200, 680, '00481516'],
    ]),
    text: 'Name:\tJane\nMRN:\t00481516',
  },
  {
    name: 'columns of prose',
    content: `${prose(72, 'left column')}\n${prose(330, 'right column')}`,
    text: [...['left', 'right'].flatMap((side) => [1, 2, 3, 4].map((i) => `${side} column on line number ${i}`))].join('\n'),
  },
  {
    name: 'a hyphen at the end of a line',
    content: textAt([
      [72, 700, 'hyper-'],
      [72, 686, 'tension'],
    ]),
    text: 'hypertension',
  },
  {
    name: 'a hyphen that is none',
    content: textAt([
      [72, 700, '123-'],
      [72, 686, '45-6789'],
    ]),
    text: '123-\n45-6789',
  },
  {
    name: 'scaled and shifted',
    content: 'q 2 0 0 2 10 20 cm BT /F1 6 Tf 1 0 0 1 30 300 Tm (Jane) Tj ( Sample) Tj ET Q',
    text: 'Jane Sample',
  },
  { name: 'upside down space', content: 'q 1 0 0 -1 0 792 cm BT /F1 12 Tf 1 0 0 -1 72 90 Tm (Jane Sample) Tj ET Q', text: 'Jane Sample' },
  { name: 'on its side', content: 'BT /F1 12 Tf 0 1 -1 0 300 200 Tm (Jane Sample) Tj 0 -14 Td (next) Tj ET', text: 'Jane Sample\nnext' },
  {
    name: 'askew by a degree',
    content: 'BT /F1 12 Tf 0.9998 0.0175 -0.0175 0.9998 72 600 Tm (Jane) Tj ( Sample) Tj ET',
    text: 'Jane Sample',
  },
  { name: 'raised signs', content: 'BT /F1 12 Tf 72 700 Td (10) Tj 5 Ts /F1 8 Tf (9) Tj 0 Ts /F1 12 Tf (/L) Tj ET', text: '109/L' },
  { name: 'invisible, as over a scan', content: 'BT 3 Tr /F1 12 Tf 72 700 Td (Jane Sample) Tj ET', text: 'Jane Sample' },
  {
    name: 'by the operators with quotes',
    content: 'BT /F1 12 Tf 14 TL 72 700 Td (one) Tj (two) \' 0 0 (three) " ET',
    text: 'one\ntwo\nthree',
  },
  {
    name: 'beside the page',
    content: textAt([
      [72, 700, 'shown'],
      [900, 700, 'beside'],
    ]),
    text: 'shown',
    hidden: 'beside',
  },
  { name: 'nested states', content: `${'q '.repeat(50)}${textAt([[72, 700, 'deep']])}${'Q '.repeat(50)}`, text: 'deep' },
];

for (const { name, content, text, hidden } of CASES) {
  await t.test(name, async (t) => {
    const message = await readPart(extractor, 'pdf', onePage(content));
    const of = (area: string): string =>
      message.spans
        .filter(({ place }) => place.area === area && place.page === 1)
        .map((span) => span.text)
        .join('|');
    t.equal(of('text'), text);
    t.equal(of('hidden'), hidden ?? '');
    t.same(message.blindSpots, []);
  });
}

await t.test('letters of the right-to-left scripts are told in the order of reading', async (t) => {
  // As drawn from the left: the last letter of each word first.
  const hebrew = ['05DD', '05D5', '05DC', '05E9'];
  const map = hebrew.map((code, i) => `<${(65 + i).toString(16)}> <${code}>`).join('\n');
  const cmap = `/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <ff> endcodespacerange 4 beginbfchar\n${map}\nendbfchar endcmap`;
  const font = '<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 7 0 R/FirstChar 65/LastChar 68/Widths[500 500 500 500]>>';
  const message = await readPart(
    extractor,
    'pdf',
    onePage('BT /F2 12 Tf 72 700 Td (ABCD) Tj ET', {
      fonts: '/F2 6 0 R',
      objects: [font, `<</Length ${cmap.length}>>stream\n${cmap}\nendstream`],
    }),
  );
  t.equal(message.spans[0]?.text, '\u05e9\u05dc\u05d5\u05dd');
});
