// DOCX: each place of a document has a sentinel, and each is found with what it is and where it stands.
import { readFileSync } from 'node:fs';
import t from 'tap';
import { docxExtractor } from '../../../src/mime/extract/docx.ts';
import { docx, type Members, placesOf, root, zipped } from '../../support/office.ts';
import { readPart, textOf } from '../../support/read.ts';

const p = (inside: string): string => `<w:p>${inside}</w:p>`;
const r = (text: string, properties = ''): string => `<w:r><w:rPr>${properties}</w:rPr><w:t xml:space="preserve">${text}</w:t></w:r>`;
const read = async (bytes: Uint8Array): ReturnType<typeof readPart> => await readPart(docxExtractor, 'docx', bytes);

await t.test('a letter that LibreOffice wrote', async (t) => {
  const message = await read(readFileSync(new URL('../../data/extract/office/letter.docx', import.meta.url)));
  for (const [word, place] of [
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
    ['footnote', 'note'],
    ['endnote', 'note'],
    ['comment', 'annotation'],
    ['title', 'property'],
    ['author', 'property'],
    ['keyword', 'property'],
    ['custom', 'property'],
    ['reviser', 'property'],
  ] as const) {
    t.same(placesOf(message, `Sentinel ${word} walnut`), [place], word);
  }
  t.same(placesOf(message, 'sentinel-link-walnut'), ['link']);
  t.same(message.blindSpots, []);
  t.same(message.defects, []);
});

const INLINE: readonly (readonly [name: string, body: string, text: string, places: readonly string[]])[] = [
  ['a word split over runs', p(r('Wal') + r('nut', '<w:b/>')), 'Walnut', ['text p1']],
  [
    'tab, break, hyphens',
    p('<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t><w:softHyphen/><w:t>e</w:t></w:r>'),
    'a\tb\nc-de',
    ['text p1'],
  ],
  ['a symbol of a font', p('<w:r><w:sym w:font="Arial" w:char="F041"/></w:r>' + r('BC')), 'ABC', ['text p1']],
  ['hidden', p(r('walnut', '<w:vanish/>')), 'walnut', ['hidden p1']],
  ['not hidden after all', p(r('walnut', '<w:vanish w:val="0"/>')), 'walnut', ['text p1']],
  ['hidden before a change of format only', p(r('walnut', '<w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>')), 'walnut', ['text p1']],
  ['hidden by a style', p(r('walnut', '<w:rStyle w:val="S2"/>')), 'walnut', ['hidden p1']],
  ['white on white', p(r('walnut', '<w:color w:val="FFFFFF"/>')), 'walnut', ['hidden p1']],
  ['white on dark', p(r('walnut', '<w:color w:val="FFFFFF"/><w:shd w:fill="000000"/>')), 'walnut', ['text p1']],
  ['moved away', p(`<w:moveFrom w:author="Ann">${r('walnut')}</w:moveFrom>`), 'walnut', ['hidden p1']],
  [
    'a content control',
    `<w:sdt><w:sdtPr><w:alias w:val="Label-walnut"/></w:sdtPr><w:sdtContent>${p(r('walnut!'))}</w:sdtContent></w:sdt>`,
    'walnut!',
    ['text p1'],
  ],
  ['its label', '<w:sdt><w:sdtPr><w:alias w:val="Label-walnut"/></w:sdtPr></w:sdt>', 'Label-walnut', ['form-field p1']],
  [
    'a form field',
    p(
      '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:textInput><w:default w:val="given-walnut"/></w:textInput></w:ffData></w:fldChar></w:r>',
    ),
    'given-walnut',
    ['form-field p1'],
  ],
  [
    'an instruction',
    p('<w:r><w:instrText>QUOTE wal</w:instrText></w:r><w:r><w:instrText>nut</w:instrText></w:r>'),
    'QUOTE walnut',
    ['hidden p1'],
  ],
  ['a simple field', p(`<w:fldSimple w:instr="AUTHOR walnut">${r('Ann')}</w:fldSimple>`), 'AUTHOR walnut', ['hidden p1']],
  [
    'alternative text',
    p('<w:r><w:drawing><wp:docPr id="1" name="Picture 1" descr="alt-walnut"/></w:drawing></w:r>'),
    'alt-walnut',
    ['alternative p1'],
  ],
  ['an equation', p('<m:oMath><m:r><m:t>x=walnut</m:t></m:r></m:oMath>'), 'x=walnut', ['text p1']],
  ['a page that was broken', p(r('one')) + p('<w:r><w:br w:type="page"/></w:r>') + p(r('walnut')), 'walnut', ['text p2']],
  [
    'breaks told twice',
    p('<w:r><w:br w:type="page"/></w:r>') + p(`<w:r><w:lastRenderedPageBreak/></w:r>${r('walnut')}`),
    'walnut',
    ['text p2'],
  ],
  ['a section', `<w:p><w:pPr><w:sectPr/></w:pPr>${r('one')}</w:p>${p(r('walnut'))}`, 'walnut', ['text p2']],
  [
    'a table in a table',
    `<w:tbl><w:tr><w:tc>${p(r('out'))}<w:tbl><w:tr><w:tc>${p(r('walnut'))}</w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl>`,
    'walnut',
    ['text p1 r1 A1'],
  ],
  ['an element nobody knows', p('<w:r><w:unknown>walnut</w:unknown></w:r>'), 'walnut', ['hidden p1']],
  ['a comment of XML', `<!-- walnut -->${p(r('x'))}`, 'walnut', ['comment']],
  [
    'a text box told in two ways',
    p(
      `<w:r><mc:AlternateContent><mc:Choice><w:txbxContent>${p(r('walnut'))}</w:txbxContent></mc:Choice><mc:Fallback><v:textbox><w:txbxContent>${p(r('walnut'))}</w:txbxContent></v:textbox></mc:Fallback></mc:AlternateContent></w:r>`,
    ),
    'walnut',
    ['text p1'],
  ],
  [
    'what only the second way says',
    p(
      `<w:r><mc:AlternateContent><mc:Choice><w:t>one</w:t></mc:Choice><mc:Fallback><w:t>walnut</w:t></mc:Fallback></mc:AlternateContent></w:r>`,
    ),
    'walnut',
    ['hidden p1'],
  ],
  ['a paragraph that never ends', `<w:p>${r('walnut')}`, 'walnut', ['text p1']],
];

const STYLES = root(
  'w:styles',
  '<w:style w:styleId="S1"><w:rPr><w:vanish/></w:rPr></w:style><w:style w:styleId="S2"><w:basedOn w:val="S1"/></w:style><w:style w:styleId="L"><w:basedOn w:val="L"/></w:style>',
);

for (const [name, body, text, places] of INLINE) {
  await t.test(name, async (t) => {
    const message = await read(docx(body, { 'styles.xml': ['styles', STYLES] }));
    t.same(placesOf(message, text), places);
    t.same(message.blindSpots, []);
  });
}

await t.test('every other part', async (t) => {
  const more: Members = {
    'docProps/custom.xml': '<Properties><property name="Ward"><vt:lpwstr xmlns:vt="v">custom-walnut</vt:lpwstr></property></Properties>',
    'docProps/thumbnail.jpeg': '\xff\xd8\xff thumb-walnut',
    'word/media/image1.png': 'picture-walnut',
    'word/embeddings/oleObject1.bin': 'object-walnut',
    'customXml/item1.xml': '<a>data-walnut</a>',
    'word/glossary/document.xml': root('w:glossaryDocument', p(r('glossary-walnut'))),
    'word/charts/chart1.xml': root('c:chart', '<c:strCache><c:pt><c:v>chart-walnut</c:v></c:pt></c:strCache>'),
    'word/diagrams/data1.xml': root('dgm', '<a:p><a:r><a:t>dia</a:t></a:r><a:r><a:t>gram-walnut</a:t></a:r></a:p>'),
    'word/diagrams/drawing1.xml': root('dgm', '<a:p><a:r><a:t>diagram-walnut</a:t></a:r></a:p>'),
    'word/vbaProject.bin': 'macro-walnut',
    'word/unknown.xml': '<x words="some attribute-walnut"/>',
  };
  const message = await read(
    docx(
      p(r('x')),
      {
        'header9.xml': ['header', root('w:hdr', p(r('header-walnut')))],
        'remarks.xml': ['comments', root('w:comments', `<w:comment w:author="author-walnut">${p(r('comment-walnut'))}</w:comment>`)],
        'settings.xml': ['settings', root('w:settings', '<w:docVars><w:docVar w:name="MRN" w:val="var-walnut"/></w:docVars>')],
        'numbering.xml': ['numbering', root('w:numbering', '<w:lvlText w:val="Case level-walnut %1"/>')],
        'glossary/document.xml': ['glossaryDocument', more['word/glossary/document.xml'] as string],
      },
      more,
    ),
  );
  for (const [text, places] of [
    ['header-walnut', ['note']],
    ['comment-walnut', ['annotation']],
    ['author-walnut', ['property']],
    ['MRN: var-walnut', ['hidden']],
    ['level-walnut', ['hidden']],
    ['glossary-walnut', ['hidden']],
    ['chart-walnut', ['text']],
    ['diagram-walnut', ['text']],
    ['Ward: custom-walnut', ['property']],
    ['outside-pecan', ['link']],
    ['attribute-walnut', ['hidden']],
    ['thumb-walnut', []],
  ] as const) {
    t.same(placesOf(message, text), places, text);
  }
  const inner = message.parts.filter(({ role }) => role === 'member').map(({ name }) => name);
  t.same(inner.toSorted(), ['image1.png', 'item1.xml', 'oleObject1.bin', 'vbaProject.bin']);
  t.same(
    message.defects.filter(({ part }) => part === '').map(({ code }) => code),
    ['macro'],
  );
});

await t.test('strict namespaces, another main part, wrong slashes and case', async (t) => {
  const strict =
    '<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:p><w:r><w:t>walnut</w:t></w:r></w:p></w:document>';
  const rels =
    '<Relationships><Relationship Id="a" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="Word/Document2.xml"/></Relationships>';
  t.same(placesOf(await read(zipped({ '_rels/.rels': rels, 'word\\document2.xml': strict })), 'walnut'), ['text p1']);
});

await t.test('damaged packages', async (t) => {
  const whole = Buffer.from(docx(p(r('walnut '.repeat(2_000)))));
  const noDirectory = await read(whole.subarray(0, whole.lastIndexOf('PK\x01\x02', undefined, 'latin1')));
  t.match(textOf(noDirectory), 'walnut');
  const none = await read(Buffer.from('no package'));
  t.same(
    none.blindSpots.map(({ kind }) => kind),
    ['broken'],
  );
  const encrypted = Buffer.from(whole);
  for (let at = encrypted.indexOf('PK\x01\x02'); at >= 0; at = encrypted.indexOf('PK\x01\x02', at + 1)) encrypted[at + 8] = 1;
  t.ok((await read(encrypted)).blindSpots.some(({ kind }) => kind === 'encrypted'));
  const twice = zipped({ 'word/document.xml': root('w:document', p(r('first'))), 'WORD/document.xml': root('w:document', p(r('second'))) });
  const both = await read(twice);
  t.match(textOf(both), 'first');
  t.equal(both.parts.length, 2, 'the second is read as a file inside');
  t.same(
    both.defects.map(({ code }) => code),
    ['container-malformed'],
  );
});

await t.test('bombs', async (t) => {
  const huge = root('w:document', p(r('walnut'.repeat(4_000_000))));
  const message = await readPart(docxExtractor, 'docx', zipped({ 'word/document.xml': huge }), {}, [], {
    limits: { partBytes: 1_000_000 },
  });
  t.same(message.blindSpots, [{ part: '', kind: 'too-large' }]);
  const laughs = `<!DOCTYPE w [<!ENTITY a "ha">${'<!ENTITY b "&a;&a;">'.repeat(1_000)}]>${root('w:document', p(r('walnut &b;'))).replace(/^<\?.*?\?>/, '')}`;
  t.same(placesOf(await read(zipped({ 'word/document.xml': laughs })), 'walnut &b;'), ['text p1'], 'entities are not expanded');
});
