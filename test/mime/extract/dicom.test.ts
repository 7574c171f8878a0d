// DICOM: every transfer syntax as the same text, charsets, structured reports, DICOMDIR, encapsulated documents, pixels as blind spots.
import { deflateRawSync } from 'node:zlib';
import t from 'tap';
import { dicomExtractor } from '../../../src/mime/extract/dicom.ts';
import { fuzzFiles, healthFixture, marked, told } from '../../support/health.ts';
import { readPart, textOf } from '../../support/read.ts';

const FILES = [
  'sr',
  'sr-implicit',
  'sr-undefined',
  'sr-big-endian',
  'sr-deflated',
  'sr-headerless',
  'japanese',
  'dicomdir',
  'pdf',
  'sc-rgb',
];

async function read(bytes: Buffer): ReturnType<typeof readPart> {
  return readPart(dicomExtractor, 'dicom', bytes);
}

/** An element in explicit little endian. */
function element(tag: string, vr: string, value: Buffer | string): Buffer {
  const bytes = Buffer.from(value);
  const padded = bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.from(' ')]);
  const head = Buffer.alloc(/^(?:O[BWF]|SQ|U[NT])$/.test(vr) ? 12 : 8);
  head.writeUInt16LE(Number.parseInt(tag.slice(0, 4), 16), 0);
  head.writeUInt16LE(Number.parseInt(tag.slice(4), 16), 2);
  head.write(vr, 4);
  if (head.length === 12) head.writeUInt32LE(padded.length, 8);
  else head.writeUInt16LE(padded.length, 6);
  return Buffer.concat([head, padded]);
}

function file(...elements: Buffer[]): Buffer {
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), element('00020010', 'UI', '1.2.840.10008.1.2.1\0'), ...elements]);
}

const NAME = element('00100010', 'PN', 'Rivers^Nadia');
const PIXELS = element('7FE00010', 'OW', Buffer.alloc(64, 1));

await t.test('transfer syntaxes', async (t) => {
  for (const name of FILES.slice(0, 6)) {
    const message = await read(healthFixture(`dicom/${name}.dcm`));
    t.equal(told(message), 'SR; 1; name birth-date address phone mrn other-id; diagnosis result note', name);
    t.strictSame(marked(message.spans, '(0010,0010)'), ['Rivers Nadia'], name);
    t.strictSame(marked(message.spans, '(0040,A160)'), ['Consolidation in the left lower lobe.', 'Improved since May.'], name);
    t.match(textOf(message), /private remark about Nadia/, name);
    t.strictSame(message.blindSpots, [], name);
  }
});

await t.test('real files', async (t) => {
  const cases: readonly (readonly [name: string, told: string, blind: readonly string[]])[] = [
    ['sc-rgb', 'OT; 1; name mrn; image', ['picture-not-read']],
    ['dicomdir', 'DICOMDIR; 2; name mrn other-id; ', []],
    ['pdf', 'DOC; 1; name mrn; note', []],
    ['cda', 'DOC; 1; name birth-date mrn; note', []],
  ];
  for (const [name, expected, blind] of cases) {
    const message = await read(healthFixture(`dicom/${name}.dcm`));
    t.equal(told(message), expected, name);
    t.strictSame(
      message.blindSpots.filter(({ part }) => part === '').map(({ kind }) => kind),
      blind,
      name,
    );
  }
  const pdf = await read(healthFixture('dicom/pdf.dcm'));
  t.strictSame([pdf.parts[1]?.declaredType, pdf.parts[1]?.path], ['application/pdf', '1'], 'what is encapsulated is read');
  t.equal((await read(healthFixture('dicom/cda.dcm'))).parts[1]?.sizeBytes, healthFixture('cda/direct-address.xml').length);
});

await t.test('charsets', async (t) => {
  const cases: readonly (readonly [name: string, seen: string])[] = [
    ['japanese', 'Yamada Tarou; 山田 太郎; やまだ たろう'],
    ['korean', 'Hong Gildong; 洪 吉洞; 홍 길동'],
    ['russian', 'Люксембург'],
  ];
  for (const [name, seen] of cases)
    t.strictSame(marked((await read(healthFixture(`dicom/${name}.dcm`))).spans, '(0010,0010)'), [seen], name);
  const octets: readonly (readonly [charset: string, octets: string, seen: string])[] = [
    ['ISO_IR 100', 'M\xfcller', 'Müller'],
    ['ISO_IR 192', 'M\xc3\xbcller', 'Müller'],
    ['GB18030', '\xcd\xf5', '王'],
    ['', 'M\xfcller', 'Müller'],
    ['nonsense', 'M\xfcller', 'Müller'],
  ];
  for (const [charset, value, seen] of octets) {
    const { spans } = await read(file(element('00080005', 'CS', charset), element('00100010', 'PN', Buffer.from(value, 'latin1'))));
    t.strictSame(marked(spans, '(0010,0010)'), [seen], charset);
  }
});

await t.test('pixels', async (t) => {
  const burned = (value: string): Buffer => element('00280301', 'CS', value);
  const cases: readonly (readonly [name: string, bytes: Buffer, kinds: readonly string[]])[] = [
    ['pixels', file(NAME, PIXELS), ['picture-not-read']],
    ['nothing burned in', file(NAME, burned('NO'), PIXELS), []],
    ['something burned in', file(NAME, burned('YES'), PIXELS), ['picture-not-read']],
    ['an overlay', file(NAME, element('60003000', 'OW', Buffer.alloc(64, 1))), ['picture-not-read']],
    ['no pixels', file(NAME), []],
    ['cut in the pixels', file(NAME, PIXELS).subarray(0, -10), ['broken', 'picture-not-read']],
  ];
  for (const [name, bytes, kinds] of cases) {
    const message = await read(bytes);
    t.strictSame(message.blindSpots.map(({ kind }) => kind).toSorted(), kinds, name);
    t.strictSame(marked(message.spans, '(0010,0010)'), ['Rivers Nadia'], name);
  }
  const undefinedLength = Buffer.from(element('7FE00010', 'OB', ''));
  undefinedLength.writeUInt32LE(0xffffffff, 8);
  const item = Buffer.from('feff00e008000000ffd8ffe000000000feffdde000000000', 'hex');
  const fragments = await read(file(NAME, undefinedLength, item, element('FFFCFFFC', 'OB', 'end')));
  t.strictSame([told(fragments), fragments.blindSpots.length], ['unknown; 1; name; image', 1], 'fragments');
});

await t.test('types and odd values', async (t) => {
  const cases: readonly (readonly [name: string, bytes: Buffer, told: string])[] = [
    ['a modality', file(element('00080060', 'CS', 'CT'), NAME), 'CT; 1; name; '],
    ['a modality that is text', file(element('00080060', 'CS', 'NADIA RIVERS'), NAME), 'unknown; 1; name; '],
    ['an email', file(NAME, element('00102155', 'LT', 'n@r.example')), 'unknown; 1; name email; '],
    ['private text without VR', file(NAME, element('00110010', 'UN', 'Nadia told us so')), 'unknown; 1; name; '],
  ];
  for (const [name, bytes, expected] of cases) t.equal(told(await read(bytes)), expected, name);
  t.match(textOf(await read(cases[3]?.[1] ?? Buffer.alloc(0))), /Nadia told us so/);
});

await t.test('hostile files', async (t) => {
  const item = Buffer.from('feff00e0ffffffff', 'hex');
  const sequence = Buffer.from('400030a75351' + '0000ffffffff', 'hex');
  const deflated = Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    element('00020010', 'UI', '1.2.840.10008.1.2.1.99'),
    deflateRawSync(Buffer.alloc(50_000_000)),
  ]);
  const deep = await read(file(NAME, ...Array.from({ length: 20_000 }, () => [sequence, item]).flat()));
  t.strictSame(
    deep.blindSpots.map(({ kind }) => kind),
    ['too-deep'],
  );
  const bomb = await readPart(dicomExtractor, 'dicom', deflated, {}, [], { limits: { unpackedBytes: 1_000_000 } });
  t.strictSame([bomb.blindSpots.map(({ kind }) => kind), bomb.documents.length], [['too-large'], 1]);
  const cases: readonly (readonly [name: string, bytes: Buffer])[] = [
    ['many small elements', file(Buffer.concat(Array.from({ length: 100_000 }, () => element('00104000', 'LT', 'x'))))],
    ['items without sequence', file(Buffer.alloc(400_000, Buffer.from('feff00e000000000', 'hex')))],
    ['delimiters', file(Buffer.alloc(400_000, Buffer.from('feffdde000000000', 'hex')))],
    ['lengths beyond the end', file(Buffer.from('10001000504effff', 'hex'), Buffer.alloc(20))],
    ['blanks in a text', file(element('00404000', 'UT', `a${' '.repeat(500_000)}\0${' '.repeat(500_000)}b`))],
    ['nulls', Buffer.alloc(100_000)],
    ['nothing', Buffer.alloc(0)],
  ];
  for (const [name, bytes] of cases) t.equal((await read(bytes)).documents.length, 1, name);
  await fuzzFiles(
    t,
    dicomExtractor,
    'dicom',
    FILES.slice(0, 9).map((name) => healthFixture(`dicom/${name}.dcm`)),
    500,
  );
});
