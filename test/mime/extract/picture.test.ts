// Pictures: their size, the words in their chunks, the words in their pixels, and which are blind spots.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import t from 'tap';
import type { BlindSpotKind, Message } from '../../../src/mail/message.ts';
import { ocr, type Ocr } from '../../../src/mime/extract/ocr.ts';
import { OcrEngine } from '../../../src/mime/extract/ocr-engine.ts';
import { pictureExtractor } from '../../../src/mime/extract/picture.ts';
import { pictureSize, type PictureSize } from '../../../src/mime/extract/picture-size.ts';
import { readPart, textOf } from '../../support/read.ts';
import { ROOT } from '../../support/source-files.ts';

const engine = new OcrEngine();
const now = (): number => performance.now();
const withOcr = pictureExtractor({ ocr: ocr(engine, { budgetMs: 60_000, now }) });
const withoutOcr = pictureExtractor({ ocr: null });
const file = (name: string): Buffer => readFileSync(join(ROOT, 'test/data/extract/picture', name));
const blind = (message: Message): readonly BlindSpotKind[] => message.blindSpots.map(({ kind }) => kind);
const u32 = (value: number): Buffer => {
  const octets = Buffer.alloc(4);
  octets.writeUInt32BE(value);
  return octets;
};
const chunk = (kind: string, data: Buffer | string): Buffer =>
  Buffer.concat([u32(Buffer.byteLength(data)), Buffer.from(kind), Buffer.from(data), u32(0)]);
const png = (width: number, height: number, ...chunks: readonly Buffer[]): Buffer =>
  Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', Buffer.concat([u32(width), u32(height), Buffer.from([8, 0, 0, 0, 0])])),
    ...chunks,
    chunk('IDAT', deflateSync(Buffer.alloc(Math.min((width + 1) * height, 100_000), 255))),
    chunk('IEND', ''),
  ]);

const SIZES: readonly (readonly [name: string, bytes: Buffer, size: PictureSize])[] = [
  ...(
    [
      ['scan.png', 'png', 1000, 420, 1],
      ['scan.jpg', 'jpeg', 1008, 436, 1],
      ['scan.gif', 'gif', 1000, 420, 1],
      ['animated.gif', 'gif', 420, 80, 2],
      ['small.bmp', 'bmp', 330, 40, 1],
      ['fax.tif', 'tiff', 1000, 420, 2],
      ['scan.webp', 'webp', 1000, 420, 1],
      ['scan.heic', 'heif', 500, 210, 1],
      ['scan.jp2', 'jp2', 1000, 420, 1],
    ] as const
  ).map(([name, format, width, height, frames]) => [name, file(name), { format, width, height, frames }] as const),
  ['an icon', Buffer.from([0, 0, 1, 0, 1, 0, 48, 48, 0, 0]), { format: 'ico', width: 48, height: 48, frames: 1 }],
  ['a cut header', file('scan.png').subarray(0, 12), { format: 'png', width: 0, height: 0, frames: 1 }],
  ['no picture', Buffer.from('words'), { format: 'unknown', width: 0, height: 0, frames: 1 }],
  ['nothing', Buffer.alloc(0), { format: 'unknown', width: 0, height: 0, frames: 1 }],
];

for (const [name, bytes, size] of SIZES) await t.test(`size of ${name}`, async (t) => t.same(pictureSize(bytes), size));

await t.test('words in chunks come out, with and without OCR', async (t) => {
  const notes: readonly (readonly [name: string, bytes: Buffer, words: readonly string[]])[] = [
    [
      'JPEG',
      file('scan.jpg'),
      ['jpeg comment', 'exif description', 'exif user comment', 'title of windows', 'xmp description', 'iptc caption'],
    ],
    ['GIF', file('scan.gif'), ['gif comment']],
    ['TIFF', file('fax.tif'), ['tiff description']],
    ['PNG', png(100, 100, chunk('tEXt', 'Title\0plain words')), ['Title: plain words']],
    [
      'PNG, packed',
      png(100, 100, chunk('zTXt', Buffer.concat([Buffer.from('Comment\0\0'), deflateSync('packed words')]))),
      ['packed words'],
    ],
    ['PNG, Unicode', png(100, 100, chunk('iTXt', 'Author\0\0\0en\0Autorin\0Zo\u00eb')), ['Autorin: Zo\u00eb']],
    [
      'PNG, Unicode, packed',
      png(100, 100, chunk('iTXt', Buffer.concat([Buffer.from('Author\0\x01\0\0\0'), deflateSync('packed too')]))),
      ['packed too'],
    ],
  ];
  for (const [name, bytes, words] of notes) {
    const message = await readPart(withoutOcr, 'picture', bytes);
    for (const word of words) t.ok(textOf(message).includes(word), `${name}: ${word} in ${textOf(message)}`);
    t.same(blind(message), ['picture-not-read'], name);
  }
});

await t.test('a chunk that grows without end ends at the limit', async (t) => {
  const bomb = png(100, 100, chunk('zTXt', Buffer.concat([Buffer.from('Comment\0\0'), deflateSync(Buffer.alloc(4_000_000))])));
  t.same(blind(await readPart(withoutOcr, 'picture', bomb, {}, [], { limits: { unpackedBytes: 1_000_000 } })), ['too-large']);
});

await t.test('too small for words, or too large to decode', async (t) => {
  const cases: readonly (readonly [width: number, height: number, blind: readonly BlindSpotKind[]])[] = [
    [1, 1, []],
    [16, 16, []],
    [600, 1, []],
    [20, 600, []],
    [24, 41, []],
    [25, 41, ['picture-not-read']],
    [88, 31, ['picture-not-read']],
    [50_000, 50_000, ['too-large']],
  ];
  for (const [width, height, expected] of cases) {
    t.same(blind(await readPart(withoutOcr, 'picture', png(width, height))), expected, `${width} x ${height}`);
  }
  t.same(blind(await readPart(withOcr, 'picture', png(50_000, 50_000))), ['too-large']);
});

await t.test('words in pixels', async (t) => {
  const four = /Scan sentinel: patient Jane Sample\nBorn 03\/14\/1962, MRN 00481516\nGlucose 182 mg\/dL, hemoglobin 13\.9 g\/dL/;
  for (const name of ['scan.png', 'scan.jpg', 'scan.gif', 'scan.webp', 'upside-down.png', 'fax.tif']) {
    const message = await readPart(withOcr, 'picture', file(name));
    const spans = message.spans.filter(({ place }) => place.area === 'picture');
    t.match(spans[0]?.text, four, name);
    t.equal(spans[0]?.place.page, 1);
    if (name === 'fax.tif') t.match(spans[1], { text: 'Second page of the fax', place: { page: 2 } });
    t.same(blind(message), [], name);
  }
  const small = await readPart(withOcr, 'picture', file('small.bmp'));
  t.match(textOf(small), /Bitmap sentinel: Jane Sample/);
  const animated = await readPart(withOcr, 'picture', file('animated.gif'));
  t.match(textOf(animated), /First frame[^]*Other frame sentinel/);
});

await t.test('a picture without words has been read', async (t) => {
  const message = await readPart(withOcr, 'picture', file('photo.jpg'));
  t.same([textOf(message), ...blind(message)], ['']);
});

await t.test('formats that cannot be decoded', async (t) => {
  for (const name of ['scan.heic', 'scan.jp2']) t.same(blind(await readPart(withOcr, 'picture', file(name))), ['picture-not-read'], name);
});

await t.test('the time for pictures is shared by a message', async (t) => {
  let clock = 0;
  const shared: Ocr = ocr(engine, { budgetMs: 10, now: () => (clock += 10) });
  const picture = { bytes: file('small.bmp'), pixels: 13_200, orientation: 1 };
  t.equal((await shared.read(picture)).outcome, 'read');
  t.equal((await shared.read(picture)).outcome, 'timed-out');
  const message = await readPart(pictureExtractor({ ocr: shared }), 'picture', file('scan.png'));
  t.same(blind(message), ['timed-out']);
});

await t.test('how a picture lies is said by EXIF', async (t) => {
  const exif = Buffer.from('Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x03\0\0\0\0\0\0', 'latin1');
  const seen: number[] = [];
  const looking: Ocr = {
    async read({ orientation }) {
      seen.push(orientation);
      return { outcome: 'read', text: '' };
    },
  };
  const extractor = pictureExtractor({ ocr: looking });
  await readPart(extractor, 'picture', png(100, 100, chunk('eXIf', exif.subarray(6))));
  await readPart(extractor, 'picture', png(100, 100));
  t.same(seen, [3, 1]);
});

await t.test('an engine reads on after octets that are no picture', async (t) => {
  const garbage = Buffer.from(Array.from({ length: 5_000 }, (_, i) => (i * 7919) % 256));
  for (const start of ['', '\x89PNG\r\n\x1a\n', '\xff\xd8\xff\xe0', 'II*\0', 'GIF89a', 'RIFF1234WEBPVP8 ']) {
    const bytes = Buffer.concat([Buffer.from(start, 'latin1'), garbage]);
    t.equal(await engine.read({ bytes, pixels: 1, orientation: 1 }, () => true), null, JSON.stringify(start));
  }
  t.match(await engine.read({ bytes: file('small.bmp'), pixels: 1, orientation: 1 }, () => true), /Bitmap sentinel/);
});

await t.test('octets that are damaged anywhere', async (t) => {
  const originals = ['scan.png', 'scan.jpg', 'scan.gif', 'fax.tif', 'scan.webp', 'scan.heic', 'scan.jp2', 'small.bmp'].map(file);
  const damage = fc.record({
    which: fc.nat({ max: originals.length - 1 }),
    flips: fc.array(fc.tuple(fc.nat({ max: 600 }), fc.nat({ max: 255 })), { maxLength: 20 }),
    cut: fc.option(fc.nat()),
  });
  await fc.assert(
    fc.asyncProperty(damage, async ({ which, flips, cut }) => {
      const bytes = Buffer.from(originals[which] ?? Buffer.alloc(0));
      for (const [at, value] of flips) bytes[at % bytes.length] = value;
      const message = await readPart(withoutOcr, 'picture', cut === null ? bytes : bytes.subarray(0, cut % bytes.length));
      return !blind(message).includes('broken') && textOf(message).length < 100_000;
    }),
    { seed: 20261122, numRuns: 400 },
  );
  t.pass('400 runs');
});
