// OpenDocument: text, sheets, slides; what is repeated, hidden, deleted, encrypted.
import { readFileSync } from 'node:fs';
import t from 'tap';
import { odfExtractor } from '../../../src/mime/extract/odf.ts';
import { type Members, placesOf, zipped } from '../../support/office.ts';
import { readPart } from '../../support/read.ts';

const read = async (bytes: Uint8Array): ReturnType<typeof readPart> => await readPart(odfExtractor, 'odf', bytes);
const fixture = (name: string): Uint8Array => readFileSync(new URL(`../../data/extract/office/${name}`, import.meta.url));

const NAMESPACES = ['office', 'style', 'text', 'table', 'draw', 'form', 'presentation', 'script', 'meta', 'svg', 'manifest']
  .map((name) => `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`)
  .concat('xmlns:dc="http://purl.org/dc/elements/1.1/"', 'xmlns:fo="urn:fo"', 'xmlns:xlink="http://www.w3.org/1999/xlink"')
  .join(' ');
const root = (inside: string): string => `<?xml version="1.0"?><office:document-content ${NAMESPACES}>${inside}</office:document-content>`;
const STYLES =
  '<office:automatic-styles><style:style style:name="H" style:family="text"><style:text-properties text:display="none"/></style:style>' +
  '<style:style style:name="HH" style:family="text" style:parent-style-name="H"/>' +
  '<style:style style:name="B" style:family="paragraph"><style:paragraph-properties fo:break-before="page"/></style:style></office:automatic-styles>';
const document = (inside: string, more: Members = {}): Uint8Array =>
  zipped({
    mimetype: 'application/vnd.oasis.opendocument.text',
    'content.xml': root(`${STYLES}<office:body>${inside}</office:body>`),
    ...more,
  });
const text = (inside: string): string => `<office:text>${inside}</office:text>`;
const sheet = (inside: string): string => `<office:spreadsheet><table:table table:name="S">${inside}</table:table></office:spreadsheet>`;
const p = (inside: string): string => `<text:p>${inside}</text:p>`;
const cell = (inside: string, attributes = ''): string => `<table:table-cell ${attributes}>${p(inside)}</table:table-cell>`;

for (const [file, expected] of [
  [
    'letter.odt',
    [
      ['body', 'text p1'],
      ['inserted', 'text p1'],
      ['box', 'text p1'],
      ['cell-a', 'text p1 r1 A1'],
      ['cell-c', 'text p1 r2 C2'],
      ['page-two', 'text p2'],
      ['deleted', 'hidden p1'],
      ['hidden', 'hidden p1'],
      ['header', 'note'],
      ['footer', 'note'],
      ['footnote', 'note p1'],
      ['endnote', 'note p1'],
      ['comment', 'annotation p1'],
      ['alt-title', 'alternative p1'],
      ['alt-text', 'alternative p1'],
      ['title', 'property'],
      ['author', 'property'],
      ['custom', 'property'],
    ],
  ],
  [
    'list.ods',
    [
      ['cell', 'text s1 r2 A2'],
      ['hidden-column', 'hidden s1 r2 E2'],
      ['hidden-row', 'hidden s1 r3 A3'],
      ['hidden-sheet', 'hidden s2 r1 A1'],
      ['repeated', 'text s1 r1004 A1004'],
      ['comment', 'annotation s1 A2'],
      ['choice', 'hidden'],
      ['header', 'note'],
    ],
  ],
  [
    'talk.odp',
    [
      ['body', 'text p1'],
      ['cell-a', 'text p1 r1 A1'],
      ['notes', 'note p1'],
      ['comment', 'annotation p1'],
      ['hidden-slide', 'hidden p2'],
      ['group', 'text p3'],
    ],
  ],
] as const) {
  await t.test(`${file}, as LibreOffice wrote it`, async (t) => {
    const message = await read(fixture(file));
    // LibreOffice's own preview of a table says it again.
    for (const [word, place] of expected) t.equal(placesOf(message, `Sentinel ${word} walnut`)[0], place, word);
    t.same(message.blindSpots, []);
    t.same(message.defects, []);
  });
}

await t.test('dates of cells are ISO', async (t) => {
  t.same(placesOf(await read(fixture('list.ods')), '1980-03-20'), ['text s1 r2 B2']);
});

const PLACES: readonly (readonly [name: string, body: string, words: string, places: readonly string[]])[] = [
  ['a word split over spans', text(p('Wal<text:span>n</text:span>ut')), 'Walnut', ['text p1']],
  ['white space', text(p('a<text:s text:c="2"/>b<text:tab/>c<text:line-break/>d   \n e')), 'a  b\tc\nd e', ['text p1']],
  ['spaces without end', text(p('a<text:s text:c="999999999"/>walnut')), 'walnut', ['text p1']],
  ['hidden by a style', text(p('<text:span text:style-name="HH">walnut</text:span>')), 'walnut', ['hidden p1']],
  ['a hidden section', text(`<text:section text:display="none">${p('walnut')}</text:section>`), 'walnut', ['hidden p1']],
  ['a hidden paragraph', text(p('<text:hidden-paragraph text:is-hidden="true"/>walnut')), 'walnut', ['hidden p1']],
  ['hidden text of a field', text(p('<text:hidden-text text:string-value="walnut"/>')), 'walnut', ['hidden p1']],
  ['another page', text(p('a') + '<text:p text:style-name="B">walnut</text:p>'), 'walnut', ['text p2']],
  [
    'a note between',
    text(
      p('be<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>walnut</text:p></text:note-body></text:note>fore'),
    ),
    'before',
    ['text p1'],
  ],
  [
    'a form',
    text('<office:forms><form:form><form:text form:name="n" form:current-value="walnut"/></form:form></office:forms>'),
    'walnut',
    ['form-field p1'],
  ],
  ['a link', text(p('<text:a xlink:href="http://x.example/walnut">x</text:a>')), 'http://x.example/walnut', ['link p1']],
  ['a variable', text('<text:user-field-decl text:name="v" office:string-value="walnut"/>'), 'walnut', ['hidden p1']],
  ['text nowhere', text('walnut'), 'walnut', ['hidden p1']],
  ['an equation', '<math><semantics><mi>x</mi><mo>=</mo><mtext>walnut</mtext></semantics></math>', 'x=walnut', ['text p1']],
  [
    'cells with repeats',
    sheet(
      `<table:table-row table:number-rows-repeated="99999999"><table:table-cell table:number-columns-repeated="16000"/>${cell('walnut', 'table:number-columns-repeated="900"')}</table:table-row><table:table-row>${cell('after')}</table:table-row>`,
    ),
    'walnut',
    ['text s1 r1 WQK1'],
  ],
  [
    'a cell behind rows without end',
    sheet(`<table:table-row table:number-rows-repeated="99999999"/><table:table-row>${cell('walnut')}</table:table-row>`),
    'walnut',
    ['text s1 r1048576 A1048576'],
  ],
  [
    'a cell that only has a value',
    sheet('<table:table-row><table:table-cell office:value="42001"/></table:table-row>'),
    '42001',
    ['text s1 r1 A1'],
  ],
  [
    'a covered cell',
    sheet('<table:table-row><table:covered-table-cell><text:p>walnut</text:p></table:covered-table-cell></table:table-row>'),
    'walnut',
    ['hidden s1 A1'],
  ],
  [
    'a formula',
    sheet(`<table:table-row>${cell('x', 'table:formula="of:=&quot;walnut&quot;"')}</table:table-row>`),
    'of:="walnut"',
    ['hidden s1 A1'],
  ],
  [
    'a change of a sheet',
    `<office:spreadsheet><table:tracked-changes><table:previous><table:change-track-table-cell>${p('walnut')}</table:change-track-table-cell></table:previous></table:tracked-changes></office:spreadsheet>`,
    'walnut',
    ['hidden'],
  ],
];

for (const [name, body, words, places] of PLACES) {
  await t.test(name, async (t) => {
    const message = await read(document(body));
    t.same(placesOf(message, words), places);
    t.same(message.blindSpots, []);
  });
}

await t.test('objects, macros, pictures, previews', async (t) => {
  const message = await read(
    document(
      text(p('x') + `<draw:image><office:binary-data>${Buffer.from('inside-walnut').toString('base64')}</office:binary-data></draw:image>`),
      {
        'Object 1/content.xml': root(text(p('object-walnut'))),
        'ObjectReplacements/Object 1': 'VCLMTF\0\0preview-walnut\0',
        'Basic/Standard/Module1.xml': '<m>Sub Main: macro-walnut</m>',
        'Pictures/1.png': 'picture',
        'Thumbnails/thumbnail.png': 'thumb',
        'settings.xml': '<s><config-item name="x">setting of walnut</config-item></s>',
      },
    ),
  );
  t.same(placesOf(message, 'object-walnut'), ['text p1']);
  t.same(placesOf(message, 'preview-walnut'), ['hidden']);
  t.same(placesOf(message, 'macro-walnut'), ['hidden']);
  t.same(placesOf(message, 'setting of walnut'), ['hidden']);
  t.same(
    message.parts.slice(1).map(({ name }) => name),
    [null, '1.png'],
  );
  t.same(
    message.defects.filter(({ part }) => part === '').map(({ code }) => code),
    ['macro'],
  );
});

await t.test('encrypted', async (t) => {
  const manifest = `<manifest:manifest ${NAMESPACES}><manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>`;
  const message = await read(document(text(p('cipher')), { 'META-INF/manifest.xml': manifest }));
  t.same(placesOf(message, 'cipher'), []);
  t.same(message.blindSpots, [{ part: '', kind: 'encrypted' }]);
});
