// PDF: real files of real programs, and by hand what hides in one: forms, annotations, files, layers, fonts that do not say what they mean.
import { readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import t from 'tap';
import type { BlindSpotKind, Message } from '../../../src/mail/message.ts';
import { pdfExtractor } from '../../../src/mime/extract/pdf.ts';
import { ocr } from '../../../src/mime/extract/ocr.ts';
import { OcrEngine } from '../../../src/mime/extract/ocr-engine.ts';
import { HELVETICA, onePage, pdfFile, pdfStream, textAt } from '../../support/pdf-file.ts';
import { readPart, textOf } from '../../support/read.ts';
import { ROOT } from '../../support/source-files.ts';

const DATA = join(ROOT, 'test/data/extract/pdf');
const extractor = pdfExtractor({ ocr: null });
const engine = new OcrEngine();
const file = (name: string): Buffer => readFileSync(join(DATA, name));
const read = (bytes: Uint8Array): Promise<Message> => readPart(extractor, 'pdf', bytes);
const blind = ({ blindSpots }: Message): readonly BlindSpotKind[] => blindSpots.filter(({ part }) => part === '').map(({ kind }) => kind);
const on = (message: Message, area: string, page?: number): string =>
  message.spans
    .filter(({ place }) => place.area === area && (page === undefined || place.page === page))
    .map(({ text }) => text)
    .join('\n');

interface Case {
  readonly name: string;
  readonly bytes: Buffer;
  readonly area?: string;
  readonly page?: number;
  /** What is found there. */
  readonly found: readonly string[];
  readonly blind?: readonly BlindSpotKind[];
}

const sealed = ['Sealed sentinel: patient Jane Sample, MRN 00481516'];
const update = (bytes: Buffer): Buffer => {
  const start = Number(/startxref\n(\d+)/.exec(bytes.toString('latin1'))?.[1]);
  const object = `4 0 obj\n${pdfStream(textAt([[72, 700, 'after the update']]))}\nendobj\n`;
  const xref = `xref\n4 1\n${String(bytes.length).padStart(10, '0')} 00000 n \ntrailer<</Size 6/Root 1 0 R/Prev ${start}>>\n`;
  return Buffer.concat([bytes, Buffer.from(`${object}${xref}startxref\n${bytes.length + object.length}\n%%EOF\n`, 'latin1')]);
};
const picture = (width: number, height: number, place: string, more = ''): Buffer =>
  onePage(`${more}\nq ${place} cm /P0 Do Q`, {
    resources: '/XObject<</P0 6 0 R>>',
    objects: [
      pdfStream(
        deflateSync(Buffer.alloc(Math.min(width * height, 1_000_000), 200)),
        `/Type/XObject/Subtype/Image/Width ${width}/Height ${height}/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode`,
      ),
    ],
  });
const paragraph = textAt([[72, 750, 'A letter with enough words to be read as one']]);
const twoByteFont = [
  '<</Type/Font/Subtype/Type0/BaseFont/ABCDEF+Arial/Encoding/Identity-H/DescendantFonts[7 0 R]>>',
  '<</Type/Font/Subtype/CIDFontType2/BaseFont/ABCDEF+Arial/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor 8 0 R/DW 500>>',
  '<</Type/FontDescriptor/FontName/ABCDEF+Arial/Flags 4/FontBBox[0 0 1000 1000]/ItalicAngle 0/Ascent 800/Descent -200/CapHeight 700/StemV 80>>',
];
const eastern = (cmap: string, ordering: string): readonly string[] => [
  `<</Type/Font/Subtype/Type0/BaseFont/Serif/Encoding/${cmap}/DescendantFonts[7 0 R]>>`,
  `<</Type/Font/Subtype/CIDFontType0/BaseFont/Serif/CIDSystemInfo<</Registry(Adobe)/Ordering(${ordering})/Supplement 2>>/FontDescriptor 8 0 R>>`,
  '<</Type/FontDescriptor/FontName/Serif/Flags 4/FontBBox[0 0 1000 1000]/ItalicAngle 0/Ascent 800/Descent -200/CapHeight 700/StemV 80>>',
];
const inCodes = (codes: readonly number[]): string => `<${codes.map((code) => code.toString(16).padStart(4, '0')).join('')}>`;

const CASES: readonly Case[] = [
  {
    name: 'WeasyPrint, first page',
    bytes: file('letter.pdf'),
    area: 'text',
    page: 1,
    found: ['Patient:\tJane Sample\tDOB:\t03/14/1962', 'MRN:\t00481516', 'sentinel of the columns: zebra', 'Footer sentinel page 1'],
  },
  { name: 'WeasyPrint, second page', bytes: file('letter.pdf'), area: 'text', page: 2, found: ['Second page sentinel: MRN 99887766.'] },
  {
    name: 'WeasyPrint, words parted at the end of a line',
    bytes: file('letter.pdf'),
    area: 'text',
    page: 1,
    found: ['electroencephalography', 'cholangiopancreatography'],
  },
  { name: 'WeasyPrint, title', bytes: file('letter.pdf'), area: 'property', found: ['sentinel-title'] },
  { name: 'LibreOffice', bytes: file('office.pdf'), area: 'text', page: 1, found: ['Office sentinel: patient Jane Sample, MRN 00481516.'] },
  { name: 'qpdf, linearized, objects in streams', bytes: file('linearized.pdf'), area: 'text', page: 1, found: sealed },
  { name: 'only an owner password, RC4', bytes: file('owner-password-rc4.pdf'), area: 'text', page: 1, found: sealed },
  { name: 'only an owner password, AES-128', bytes: file('owner-password-aes128.pdf'), area: 'text', page: 1, found: sealed },
  { name: 'only an owner password, AES-256', bytes: file('owner-password-aes256.pdf'), area: 'text', page: 1, found: sealed },
  { name: "the user's password", bytes: file('user-password.pdf'), found: [], blind: ['encrypted'] },
  { name: 'junk in front', bytes: Buffer.concat([Buffer.from('MIME junk\r\n\r\n'), file('linearized.pdf')]), area: 'text', found: sealed },
  { name: 'cut before the end', bytes: onePage(textAt([[72, 700, 'cut']])).subarray(0, -160), area: 'text', found: ['cut'] },
  {
    name: 'a wrong xref',
    bytes: Buffer.from(
      onePage(textAt([[72, 700, 'lost']]))
        .toString('latin1')
        .replace(/\d{10} 00000 n/g, '0000000003 00000 n'),
      'latin1',
    ),
    area: 'text',
    found: ['lost'],
  },
  { name: 'an incremental update', bytes: update(onePage(textAt([[72, 700, 'before']]))), area: 'text', found: ['after the update'] },
  { name: 'nothing but a header', bytes: Buffer.from('%PDF-1.7\nnothing'), found: [], blind: ['broken'] },
  { name: 'a picture that covers the page', bytes: picture(1000, 1000, '600 0 0 700 0 0'), found: [], blind: ['picture-not-read'] },
  { name: 'a logo beside text', bytes: picture(400, 200, '120 0 0 60 400 700', paragraph), area: 'text', found: ['A letter'] },
  {
    name: 'a large picture beside text',
    bytes: picture(400, 200, '600 0 0 300 0 100', paragraph),
    area: 'text',
    found: ['A letter'],
    blind: ['picture-not-read'],
  },
  {
    name: 'a scan with the words of its scanner',
    bytes: picture(1000, 1000, '600 0 0 700 0 0', `BT 3 Tr /F1 12 Tf 72 700 Td (Words that the scanner has read) Tj ET`),
    area: 'text',
    found: ['Words that the scanner has read'],
  },
  {
    name: 'a picture too large to decode',
    bytes: picture(50_000, 50_000, '600 0 0 700 0 0', paragraph),
    area: 'text',
    found: ['A letter'],
    blind: ['too-large'],
  },
  { name: 'letters drawn as shapes', bytes: onePage('10 10 m 20 20 l 30 10 l h f\n'.repeat(80)), found: [], blind: ['picture-not-read'] },
  { name: 'an empty page', bytes: onePage(''), found: [] },
  {
    name: 'glyphs by number, in the order of ASCII',
    bytes: onePage(`BT /F2 12 Tf 72 700 Td ${inCodes([...'The patient lives in a small house'].map((c) => c.charCodeAt(0) - 29))} Tj ET`, {
      fonts: '/F2 6 0 R',
      objects: twoByteFont,
    }),
    area: 'text',
    found: ['The patient lives in a small house'],
    blind: ['picture-not-read'],
  },
  {
    name: 'glyphs by number, in no known order',
    bytes: onePage(`BT /F2 12 Tf 72 700 Td ${inCodes([900, 17, 333, 2, 5, 700, 4, 4, 9, 8, 7, 6])} Tj ET`, {
      fonts: '/F2 6 0 R',
      objects: twoByteFont,
    }),
    found: [],
    blind: ['picture-not-read'],
  },
  {
    name: 'a font that is not in the file, by a predefined CMap (Shift_JIS)',
    bytes: onePage('BT /F2 12 Tf 72 700 Td <93fa967b8cea> Tj ET', { fonts: '/F2 6 0 R', objects: eastern('90ms-RKSJ-H', 'Japan1') }),
    area: 'text',
    found: ['\u65e5\u672c\u8a9e'],
  },
  {
    name: 'a font that is not in the file, by a predefined CMap (Unicode)',
    bytes: onePage('BT /F2 12 Tf 72 700 Td <75c54eba> Tj ET', { fonts: '/F2 6 0 R', objects: eastern('UniGB-UCS2-H', 'GB1') }),
    area: 'text',
    found: ['\u75c5\u4eba'],
  },
  {
    name: 'words in a pattern',
    bytes: onePage('/Pattern cs /T0 scn 0 0 612 792 re f', {
      resources: '/Pattern<</T0 6 0 R>>',
      objects: [
        pdfStream(
          textAt([[72, 700, 'painted with words']]),
          '/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 612 792]/XStep 612/YStep 792/Resources<</Font<</F1 5 0 R>>>>',
        ),
      ],
    }),
    area: 'text',
    page: 1,
    found: ['painted with words'],
  },
  {
    name: 'a font with a CMap that nobody knows',
    bytes: onePage('BT /F2 12 Tf 72 700 Td <75c54eba> Tj ET', { fonts: '/F2 6 0 R', objects: eastern('Nothing-H', 'Nothing') }),
    found: [],
    blind: ['picture-not-read'],
  },
];

for (const { name, bytes, area, page, found, blind: spots } of CASES) {
  await t.test(name, async (t) => {
    const message = await read(bytes);
    const text = area === undefined ? textOf(message) : on(message, area, page);
    for (const one of found) t.ok(text.includes(one), `${one} in ${JSON.stringify(text.slice(0, 300))}`);
    if (area === undefined) t.equal(text, '');
    t.same(blind(message), spots ?? []);
  });
}

await t.test('what stands beside the text of a page', async (t) => {
  const message = await read(fullForm());
  const expected: readonly (readonly [area: string, text: string])[] = [
    ['property', 'My Title'],
    ['property', 'a value of its own'],
    ['property', 'xmp description'],
    ['form-field', 'Patient name: Jane Sample: Default'],
    ['form-field', 'California'],
    ['form-field', 'check: Yes'],
    ['form-field', 'stray: on no page'],
    ['annotation', 'Dr Author'],
    ['annotation', 'note contents'],
    ['annotation', 'rich note'],
    ['annotation', 'shown in its appearance'],
    ['annotation', 'hidden note'],
    ['link', 'https://example.org/p?mrn=1'],
    ['note', 'Bookmark title'],
    ['note', 'Hidden layer'],
    ['note', 'Appendix 1'],
    ['note', 'about the file'],
    ['hidden', 'on a layer that is off'],
    ['hidden', 'cropped away'],
    ['hidden', 'app.alert("hi")'],
    ['alternative', 'words for a figure'],
    ['file-name', 'key.txt'],
    ['text', 'Visible'],
  ];
  for (const [area, text] of expected) t.ok(on(message, area).includes(text), `${area}: ${text} in ${on(message, area)}`);
  t.notMatch(on(message, 'text'), /layer|cropped/);
  t.same(
    message.defects.map(({ code }) => code),
    ['macro'],
  );
  t.ok(message.parts.some(({ name, sizeBytes }) => name === 'key.txt' && sizeBytes === 'embedded sentinel'.length));
});

await t.test('a form made by a form engine', async (t) => {
  const template =
    '<template xmlns="http://www.xfa.org/schema/xfa-template/3.0/"><subform name="form1" layout="tb"><pageSet><pageArea><contentArea w="200mm" h="250mm"/><medium short="210mm" long="297mm"/></pageArea></pageSet><subform w="200mm" h="50mm"><draw w="100mm" h="10mm"><value><text>Label of the form</text></value></draw><field name="patient" w="100mm" h="10mm"><ui><textEdit/></ui></field></subform></subform></template>';
  const datasets =
    '<xfa:datasets xmlns:xfa="http://www.xfa.org/schema/xfa-data/1.0/"><xfa:data><form1><patient>Jane Sample</patient></form1></xfa:data></xfa:datasets>';
  const xdp = `<?xml version="1.0"?><xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/">${template}${datasets}</xdp:xdp>`;
  const message = await read(
    onePage(textAt([[72, 700, 'Please wait...']]), {
      catalog: '/NeedsRendering true/AcroForm<</Fields[]/XFA 6 0 R>>',
      objects: [pdfStream(xdp)],
    }),
  );
  t.match(on(message, 'form-field'), /Label of the form[^]*Jane Sample/);
});

await t.test('more pages than are read', async (t) => {
  const message = await readPart(pdfExtractor({ ocr: null }, { pages: 1 }), 'pdf', file('letter.pdf'));
  t.match(on(message, 'text', 1), /Jane Sample/);
  t.equal(on(message, 'text', 2), '');
  t.same(blind(message), ['too-large']);
});

/** pdf.js ends these by itself; what grows without end is ended by the parent of the process. */
await t.test('hostile structures end', async (t) => {
  const form = (content: string, inner: string): string =>
    pdfStream(content, `/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<<${inner}>>>>`);
  const hostile: Readonly<Record<string, Buffer>> = {
    'a page tree in a ring': pdfFile(['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[2 0 R 2 0 R]/Count 5>>']),
    'a page tree that doubles': pdfFile([
      '<</Type/Catalog/Pages 2 0 R>>',
      ...Array.from({ length: 40 }, (_, i) => `<</Type/Pages/Kids[${i + 3} 0 R ${i + 3} 0 R]/Count 99>>`),
    ]),
    'a count that lies': pdfFile([
      '<</Type/Catalog/Pages 2 0 R>>',
      '<</Type/Pages/Kids[3 0 R]/Count 2000000000>>',
      '<</Type/Page/MediaBox[0 0 9 9]>>',
    ]),
    'a form that draws itself': onePage('/X0 Do', { resources: '/XObject<</X0 6 0 R>>', objects: [form('/X0 Do /X0 Do', '/X0 6 0 R')] }),
    'fields in a ring': onePage('', { catalog: '/AcroForm<</Fields[6 0 R]>>', objects: ['<</T(a)/Kids[6 0 R 6 0 R]/FT/Tx/V(x)>>'] }),
    'bookmarks in a ring': onePage('', { catalog: '/Outlines 6 0 R', objects: ['<</Title(t)/First 6 0 R/Next 6 0 R>>'] }),
    'arrays in arrays': onePage('['.repeat(100_000)),
    'dictionaries in dictionaries': Buffer.from(`%PDF-1.4\n1 0 obj\n${'<</A'.repeat(50_000)}\nendobj\ntrailer<</Root 1 0 R>>`),
    'a previous xref in a ring': Buffer.from(onePage('').toString('latin1').replace('trailer<<', 'trailer<</Prev 9 '), 'latin1'),
  };
  for (const [name, bytes] of Object.entries(hostile)) {
    const message = await read(bytes);
    t.ok(message.spans.length < 10, name);
  }
});

await t.test('scans are read by OCR', async (t) => {
  const reading = pdfExtractor({ ocr: ocr(engine, { budgetMs: 60_000, now: () => performance.now() }) });
  for (const name of ['scan-jpeg.pdf', 'scan-fax.pdf', 'scan-png.pdf']) {
    const message = await readPart(reading, 'pdf', file(name));
    t.match(on(message, 'picture', 1), /Scan sentinel: patient Jane Sample\nBorn 03\/14\/1962, MRN 00481516/, name);
    t.same(blind(message), [], name);
  }
  t.same(blind(await readPart(reading, 'pdf', file('scan-jpeg2000.pdf'))), ['picture-not-read'], 'no decoder');
  for (const name of ['scan-jpeg.pdf', 'scan-fax.pdf']) t.same(blind(await read(file(name))), ['picture-not-read'], `${name}, OCR off`);
});

await t.test('octets that are damaged anywhere', async (t) => {
  const originals = [file('linearized.pdf'), file('attached.pdf'), fullForm(), onePage(paragraph)];
  const damage = fc.record({
    which: fc.nat({ max: originals.length - 1 }),
    flips: fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 12 }),
    cut: fc.option(fc.nat()),
    repeat: fc.option(fc.tuple(fc.nat(), fc.nat({ max: 400 }))),
  });
  await fc.assert(
    fc.asyncProperty(damage, async ({ which, flips, cut, repeat }) => {
      const bytes = damaged(originals[which] ?? Buffer.alloc(0), flips, cut, repeat);
      const message = await read(bytes);
      return message.spans.reduce((sum, { text }) => sum + text.length, 0) < 100_000;
    }),
    { seed: 20261122, numRuns: 150 },
  );
  t.pass('150 runs');
});

await t.test('by a process that may only read the program', async (t) => {
  const script = `
    import { pdfExtractor } from './src/mime/extract/pdf.ts';
    import { ocr } from './src/mime/extract/ocr.ts';
    import { OcrEngine } from './src/mime/extract/ocr-engine.ts';
    const extractor = pdfExtractor({ ocr: ocr(new OcrEngine(), { budgetMs: 60000, now: () => performance.now() }) });
    const chunks = []; for await (const chunk of process.stdin) chunks.push(chunk);
    const found = [];
    const output = { text: (place, text) => found.push(text), inner: async () => {}, unpacked: () => 1e9, blind: (kind) => found.push('blind ' + kind), defect() {}, document() {} };
    await extractor.extract({ kind: 'pdf', bytes: Buffer.concat(chunks), declaredType: null, parameters: new Map(), name: null, role: 'body' }, output);
    process.stdout.write(JSON.stringify(found.filter((one) => /sentinel|blind/.test(one))));`;
  const may = [join(ROOT, 'src'), join(ROOT, 'node_modules')].map((path) => `--allow-fs-read=${path}`);
  for (const [name, found] of [
    ['letter.pdf', 'Second page sentinel'],
    ['scan-fax.pdf', 'Scan sentinel: patient'],
  ] as const) {
    const run = spawnSync('env', ['-i', process.execPath, '--permission', ...may, '--input-type=module', '--eval', script], {
      cwd: ROOT,
      input: file(name),
      encoding: 'utf8',
    });
    t.equal(run.stderr, '', `${name}: nothing is printed`);
    const words: unknown = JSON.parse(run.stdout);
    t.ok(JSON.stringify(words).includes(found), `${name}: ${run.stdout.slice(0, 200)}`);
    t.notMatch(run.stdout, /blind/);
  }
});

function damaged(
  original: Buffer,
  flips: readonly (readonly [number, number])[],
  cut: number | null,
  repeat: readonly [number, number] | null,
): Buffer {
  const bytes = Buffer.from(original);
  for (const [at, value] of flips) bytes[at % bytes.length] = value;
  const whole =
    repeat === null
      ? bytes
      : Buffer.concat([
          bytes.subarray(0, repeat[0] % bytes.length),
          ...Array.from({ length: 20 }, () => bytes.subarray(repeat[0] % bytes.length, (repeat[0] % bytes.length) + repeat[1])),
          bytes.subarray(repeat[0] % bytes.length),
        ]);
  return cut === null ? whole : whole.subarray(0, cut % whole.length);
}

function fullForm(): Buffer {
  const rdf = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
  const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="${rdf}"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description>xmp description</dc:description></rdf:Description></rdf:RDF></x:xmpmeta>`;
  const widget = '/Type/Annot/Subtype/Widget/P 4 0 R';
  return pdfFile(
    [
      '<</Type/Catalog/Pages 3 0 R/AcroForm<</Fields[6 0 R 7 0 R 8 0 R 26 0 R]/DR<</Font<</F1 5 0 R>>>>/DA(/F1 12 Tf 0 g)>>/Names<</EmbeddedFiles<</Names[(key.txt) 10 0 R]>>/JavaScript<</Names[(js) 16 0 R]>>>>/Outlines 12 0 R/Metadata 14 0 R/PageLabels<</Nums[0<</P(Appendix )/S/D>>]>>/OCProperties<</OCGs[17 0 R]/D<</OFF[17 0 R]>>>>/MarkInfo<</Marked true>>/StructTreeRoot 18 0 R>>',
      '<</Title(My Title)/Author(Jane Author)/Reference(a value of its own)>>',
      '<</Type/Pages/Kids[4 0 R]/Count 1>>',
      '<</Type/Page/Parent 3 0 R/StructParents 0/MediaBox[0 0 612 792]/CropBox[0 100 612 792]/Contents 20 0 R/Resources<</Font<</F1 5 0 R>>/Properties<</oc1 17 0 R>>>>/Annots[6 0 R 7 0 R 8 0 R 9 0 R 15 0 R 21 0 R 22 0 R 23 0 R]>>',
      HELVETICA,
      `<<${widget}/FT/Tx/T(name)/TU(Patient name)/V(Jane Sample)/DV(Default)/Rect[100 600 300 620]>>`,
      `<<${widget}/FT/Ch/Ff 131072/T(state)/V(CA)/Opt[[(CA)(California)][(NV)(Nevada)]]/Rect[100 560 300 580]>>`,
      `<<${widget}/FT/Btn/T(check)/V/Yes/AS/Yes/Rect[100 540 110 550]/AP<</N<</Yes 25 0 R/Off 25 0 R>>>>>>`,
      '<</Type/Annot/Subtype/Text/Contents(note contents)/T(Dr Author)/RC(<body><p>rich note</p></body>)/Rect[400 700 420 720]>>',
      '<</Type/Filespec/F(key.txt)/UF(key.txt)/Desc(about the file)/EF<</F 11 0 R>>>>',
      pdfStream('embedded sentinel', '/Type/EmbeddedFile'),
      '<</Type/Outlines/First 13 0 R/Last 13 0 R/Count 1>>',
      '<</Title(Bookmark title)/Parent 12 0 R/Dest[4 0 R/Fit]>>',
      pdfStream(xmp, '/Type/Metadata/Subtype/XML'),
      '<</Type/Annot/Subtype/Link/Rect[10 10 50 50]/A<</S/URI/URI(https://example.org/p?mrn=1)>>>>',
      '<</S/JavaScript/JS(app.alert\\("hi"\\))>>',
      '<</Type/OCG/Name(Hidden layer)>>',
      '<</Type/StructTreeRoot/K 19 0 R/ParentTree<</Nums[0[19 0 R]]>>>>',
      '<</Type/StructElem/S/Figure/P 18 0 R/Alt(words for a figure)/K 0/Pg 4 0 R>>',
      pdfStream(
        `/Figure<</MCID 0>>BDC ${textAt([[72, 720, 'Visible']])} EMC /OC/oc1 BDC ${textAt([[72, 700, 'on a layer that is off']])} EMC ${textAt([[72, 50, 'cropped away']])}`,
      ),
      '<</Type/Annot/Subtype/FileAttachment/Contents(att)/FS 10 0 R/Rect[1 1 2 2]>>',
      '<</Type/Annot/Subtype/FreeText/Contents(free text)/DA(/F1 12 Tf)/AP<</N 24 0 R>>/Rect[100 300 300 320]>>',
      '<</Type/Annot/Subtype/Text/F 2/Contents(hidden note)/Rect[400 700 420 720]>>',
      pdfStream(
        'BT /F1 12 Tf 0 5 Td (shown in its appearance) Tj ET',
        '/Type/XObject/Subtype/Form/BBox[0 0 200 20]/Resources<</Font<</F1 5 0 R>>>>',
      ),
      pdfStream('', '/Type/XObject/Subtype/Form/BBox[0 0 10 10]'),
      '<</Type/Annot/Subtype/Widget/Rect[0 0 1 1]/FT/Tx/T(stray)/V(on no page)>>',
    ],
    '/Info 2 0 R',
  );
}
