// XLSX: cells as their reader sees them, with dates; what is hidden, and what lies beside the cells.
import { readFileSync } from 'node:fs';
import t from 'tap';
import { NumberFormat } from '../../../src/mime/extract/number-format.ts';
import { xlsxExtractor } from '../../../src/mime/extract/xlsx.ts';
import { placesOf, relations, root, xlsx } from '../../support/office.ts';
import { readPart, textOf } from '../../support/read.ts';

const read = async (bytes: Uint8Array): ReturnType<typeof readPart> => await readPart(xlsxExtractor, 'xlsx', bytes);
const rows = (inside: string): string => `<sheetData>${inside}</sheetData>`;

await t.test('a list that LibreOffice wrote', async (t) => {
  const message = await read(readFileSync(new URL('../../data/extract/office/list.xlsx', import.meta.url)));
  for (const [text, places] of [
    ['Sentinel cell walnut', ['text s1 r2 A2']],
    ['1980-03-20', ['text s1 r2 B2']],
    ['1234567', ['text s1 r2 C2']],
    ['=1234500+67', ['hidden s1 C2']],
    ['Sentinel hidden-column walnut', ['hidden s1 r2 E2']],
    ['Sentinel hidden-row walnut', ['hidden s1 r3 A3']],
    ['Sentinel hidden-sheet walnut', ['hidden s2 r1 A1']],
    ['Sentinel choice walnut', ['hidden s1']],
    ['Sentinel defined walnut', ['hidden']],
    ['Sentinel comment walnut', ['annotation s1 A2']],
    ['Sentinel header walnut', ['note s1', 'note s2']],
    ['Hidden sheet walnut', ['property s2']],
  ] as const) {
    t.same(placesOf(message, text), places, text);
  }
  t.same(message.blindSpots, []);
});

const STYLES = `<numFmts><numFmt numFmtId="164" formatCode="000\\-00\\-0000"/><numFmt numFmtId="165" formatCode="dd/mm/yyyy;@"/></numFmts>
<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="46"/></cellXfs>`;
const STRINGS = `<si><t>plain</t></si><si><r><t>Wal</t></r><r><rPr/><t xml:space="preserve">nut </t></r><rPh><t>phonetic-pecan</t></rPh></si><si><t>unused-pecan</t></si><si><t>a_x000A_b</t></si>`;

const CELLS: readonly (readonly [name: string, cell: string, text: string, places: readonly string[]])[] = [
  ['a shared string', '<c r="B2" t="s"><v>0</v></c>', 'plain', ['text s1 r2 B2']],
  ['rich text in pieces', '<c r="B2" t="s"><v>1</v></c>', 'Walnut', ['text s1 r2 B2']],
  ['an escape', '<c r="B2" t="s"><v>3</v></c>', 'a\nb', ['text s1 r2 B2']],
  ['an inline string', '<c r="B2" t="inlineStr"><is><r><t>wal</t></r><r><t>nut</t></r></is></c>', 'walnut', ['text s1 r2 B2']],
  ['a formula and its value', '<c r="B2" t="str"><f>"wal"&amp;"nut"</f><v>walnut</v></c>', 'walnut', ['text s1 r2 B2']],
  ['a formula', '<c r="B2" t="str"><f>"wal"&amp;A1</f><v>walnut</v></c>', '="wal"&A1', ['hidden s1 B2']],
  ['a number', '<c r="B2"><v>12345</v></c>', '12345', ['text s1 r2 B2']],
  ['a binary fraction', '<c r="B2"><v>7.0999999999999996</v></c>', '7.1', ['text s1 r2 B2']],
  ['a long number', '<c r="B2"><v>1.23456789012E+11</v></c>', '123456789012', ['text s1 r2 B2']],
  ['a date', '<c r="B2" s="1"><v>29300</v></c>', '1980-03-20', ['text s1 r2 B2']],
  ['a date by its own format', '<c r="B2" s="3"><v>29300.5</v></c>', '1980-03-20T12:00', ['text s1 r2 B2']],
  ['a length of time', '<c r="B2" s="4"><v>1.5</v></c>', '36:00', ['text s1 r2 B2']],
  ['an ISO date', '<c r="B2" t="d"><v>1980-03-20</v></c>', '1980-03-20', ['text s1 r2 B2']],
  ['digits behind a mask', '<c r="B2" s="2"><v>123456789</v></c>', '123-45-6789', ['text s1 r2 B2']],
  ['a boolean', '<c r="B2" t="b"><v>1</v></c>', 'TRUE', ['text s1 r2 B2']],
  ['an error', '<c r="B2" t="e"><v>#N/A</v></c>', '#N/A', ['text s1 r2 B2']],
  ['no reference', '<c><v>1</v></c><c t="str"><v>walnut</v></c>', 'walnut', ['text s1 r2 B2']],
  ['a reference that lies', '<c r="ZZZZZ9"><v>1</v></c><c r="" t="str"><v>walnut</v></c>', 'walnut', ['text s1 r2 B2']],
  ['the last column', '<c r="XFD2" t="str"><v>walnut</v></c><c t="str"><v>beyond</v></c>', 'walnut', ['text s1 r2 XFD2']],
  ['a string that is not there', '<c r="B2" t="s"><v>99</v></c><c r="C2" t="str"><v>walnut</v></c>', 'walnut', ['text s1 r2 C2']],
  ['a style that is not there', '<c r="B2" s="77"><v>42</v></c>', '42', ['text s1 r2 B2']],
];

for (const [name, cell, text, places] of CELLS) {
  await t.test(name, async (t) => {
    const message = await read(xlsx(rows(`<row r="2">${cell}</row>`), { strings: STRINGS, styles: STYLES }));
    t.same(placesOf(message, text), places);
    t.same(message.blindSpots, []);
  });
}

await t.test('dates from 1904', async (t) => {
  const message = await read(
    xlsx(rows('<row><c s="1"><v>27838</v></c></row>'), { styles: STYLES, properties: '<workbookPr date1904="1"/>' }),
  );
  t.same(placesOf(message, '1980-03-20'), ['text s1 r1 A1']);
});

await t.test('beside the cells', async (t) => {
  const first = `<cols><col min="3" max="4" hidden="1"/></cols>${rows(
    '<row r="1"><c r="A1" t="str"><v>shown-walnut</v></c><c r="D1" t="str"><v>column-walnut</v></c></row><row r="5" hidden="1"><c t="str"><v>row-walnut</v></c></row>',
  )}<conditionalFormatting><cfRule><formula>A1="rule-walnut"</formula></cfRule></conditionalFormatting>
<dataValidations><dataValidation prompt="prompt-walnut"><formula1>"choice-walnut,b"</formula1></dataValidation></dataValidations>
<hyperlinks><hyperlink ref="A1" tooltip="tip-walnut"/></hyperlinks><headerFooter><oddHeader>&amp;L&amp;"Arial,Bold"&amp;12head-&amp;Bwalnut&amp;RPage &amp;P</oddHeader></headerFooter>`;
  const message = await read(
    xlsx(
      first,
      {
        strings: STRINGS,
        workbook: '<definedNames><definedName name="N">"defined-walnut"</definedName></definedNames>',
        sheets: [['state="veryHidden"', rows('<row><c t="str"><v>very-walnut</v></c></row>')]],
      },
      {
        'xl/worksheets/_rels/sheet1.xml.rels': relations({
          a: ['comments', '../comments1.xml'],
          b: ['threadedComment', '../threadedComments/t.xml'],
          d: ['drawing', '../drawings/drawing1.xml'],
          t: ['table', '../tables/table1.xml'],
        }),
        'xl/comments1.xml': root(
          'comments',
          '<authors><author>author-walnut</author></authors><comment ref="B3"><text><r><t>comm</t></r><r><t>ent-walnut</t></r></text></comment>',
        ),
        'xl/threadedComments/t.xml': root('ThreadedComments', '<threadedComment ref="B4"><text>thread-walnut</text></threadedComment>'),
        'xl/drawings/drawing1.xml': root(
          'd',
          '<sp><cNvPr id="1" name="n" descr="alt-walnut"/><a:p><a:r><a:t>shape-walnut</a:t></a:r></a:p></sp>',
        ),
        'xl/drawings/_rels/drawing1.xml.rels': relations({ c: ['chart', '../charts/chart1.xml'] }),
        'xl/charts/chart1.xml': root(
          'c:chart',
          '<c:numCache><c:formatCode>m/d/yyyy</c:formatCode><c:pt><c:v>29300</c:v></c:pt><c:pt><c:v>29301</c:v></c:pt></c:numCache>',
        ),
        'xl/tables/table1.xml': root('table', '<tableColumn name="Column walnut"/>'),
        'xl/pivotCache/pivotCacheRecords1.xml': root(
          'p',
          '<r><s v="pivot-walnut"/><n v="1234567"/><d v="1980-03-20T00:00:00"/><x v="3"/></r>',
        ),
        'xl/externalLinks/externalLink1.xml': root('e', '<cell r="A1"><v>external-walnut</v></cell>'),
        'xl/worksheets/sheet9.xml': root('worksheet', rows('<row><c t="str"><v>lost-walnut</v></c></row>')),
        'xl/printerSettings/printerSettings1.bin': new Uint8Array(64),
        'xl/vbaProject.bin': 'x',
        'docProps/core.xml': '<p><creator>core-walnut</creator></p>',
      },
    ),
  );
  for (const [text, places] of [
    ['shown-walnut', ['text s1 r1 A1']],
    ['column-walnut', ['hidden s1 r1 D1']],
    ['row-walnut', ['hidden s1 r5 A5']],
    ['rule-walnut', ['hidden s1']],
    ['prompt-walnut', ['hidden s1']],
    ['choice-walnut', ['hidden s1']],
    ['tip-walnut', ['alternative s1']],
    ['head-walnut', ['note s1']],
    ['defined-walnut', ['hidden']],
    ['very-walnut', ['hidden s2 r1 A1']],
    ['lost-walnut', ['hidden s3 r1 A1']],
    ['author-walnut', ['property']],
    ['comment-walnut', ['annotation s1 B3']],
    ['thread-walnut', ['annotation s1 B4']],
    ['alt-walnut', ['alternative s1']],
    ['shape-walnut', ['text s1']],
    ['1980-03-20\t1980-03-21', ['text s1']],
    ['Column walnut', ['hidden']],
    ['pivot-walnut', ['hidden']],
    ['1980-03-20T00:00:00', ['hidden']],
    ['external-walnut', ['hidden']],
    ['unused-pecan', ['hidden']],
    ['phonetic-pecan', ['hidden']],
    ['core-walnut', ['property']],
  ] as const) {
    t.same(placesOf(message, text), places, text);
  }
  t.same(
    message.defects.filter(({ part }) => part === '').map(({ code }) => code),
    ['macro'],
  );
  t.same(
    message.parts.slice(1).map(({ name }) => name),
    ['vbaProject.bin'],
  );
});

await t.test('very many rows go together', async (t) => {
  const many = Array.from(
    { length: 20_120 },
    (_, index) => `<row><c><v>${index + 1}</v></c><c t="str"><v>w${index + 1}-walnut</v></c></row>`,
  ).join('');
  const message = await read(xlsx(rows(many)));
  t.same(placesOf(message, 'w20000-walnut'), ['text s1 r20000 B20000']);
  t.same(placesOf(message, 'w20060-walnut'), ['text s1 r20051 A20060']);
  t.equal(message.spans.filter(({ place }) => place.area === 'text').length, 20_003);
});

await t.test('a repeated hit of a lying workbook', async (t) => {
  const message = await read(xlsx(rows('<row r="99999999"><c t="str"><v>a</v></c></row><row r="-1"><c t="str"><v>b</v></c></row>')));
  t.match(textOf(message), /a[^]*b/);
});

const FORMATS: readonly (readonly [code: string, value: string, shown: string | null])[] = [
  ['General', '29300', null],
  ['0.00', '1', null],
  ['#,##0', '1234', null],
  ['0.00E+00', '5', null],
  ['[Red]0', '5', null],
  ['[$-409]d\\-mmm\\-yy;@', '29300.25', '1980-03-20T06:00'],
  ['yyyy', '29300', '1980-03-20'],
  ['mm:ss', '0.01', '00:14:24'],
  ['[h]:mm', '1.5', '36:00'],
  ['m/d/yyyy', '1', '1900-01-01'],
  ['m/d/yyyy', '60', '1900-02-29'],
  ['m/d/yyyy', '61', '1900-03-01'],
  ['m/d/yyyy', '99999999', '99999999'],
  ['m/d/yyyy', 'x', 'x'],
  ['00000', '1234', '01234'],
  ['00000\\-0000', '627041234', '62704-1234'],
  ['[<=9999999]###\\-####;\\(###\\)\\ ###\\-####', '5551234', '555-1234'],
  ['[<=9999999]###\\-####;\\(###\\)\\ ###\\-####', '2175551234', '(217) 555-1234'],
  ['"MRN "0000000', '12345', 'MRN 0012345'],
];

await t.test('number formats', async (t) => {
  for (const [code, value, shown] of FORMATS) {
    t.equal(NumberFormat.of(code)?.shown(value, 'from 1900') ?? null, shown, `${code} ${value}`.replaceAll('#', 'n'));
  }
});
