// PowerPoint 97 to 2003: slides, notes, comments, what was overwritten, what is embedded, locked, damaged.
import { deflateSync } from 'node:zlib';
import t from 'tap';
import { pptExtractor } from '../../../src/mime/extract/ppt.ts';
import { writeCompound } from '../../support/compound-writer.ts';
import { mutations } from '../../support/mutations.ts';
import {
  biff,
  blip,
  container,
  currentUser,
  pptFile,
  record,
  shapeTexts,
  u16,
  u32,
  wide,
  workbook,
  xlText,
} from '../../support/office-writer.ts';
import { blindSpotsOf, defectsOf, OLD_OFFICE, oldOfficeFile, placesOf } from '../../support/old-office.ts';
import { readFileWith, readPart, textOf } from '../../support/read.ts';

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55', 'hex');

t.test('as LibreOffice writes it', async (t) => {
  const message = await readFileWith(OLD_OFFICE, oldOfficeFile('libreoffice-picture.ppt'), 'talk.ppt');
  const places: readonly (readonly [string, readonly string[]])[] = [
    ['Sentinel slide one\n山田太郎 anchor', ['text page 1']],
    ['Sentinel slide two', ['text page 2']],
    ['Sentinel hidden slide', ['hidden page 3']],
    ['Sentinel speaker notes', ['note page 1']],
    ['Sentinel slide comment', ['comment page 1']],
    ['Commenter', ['property page 1']],
    ['https://example.org/sentinel-link', ['link', 'link']],
    ['Sentinel title', ['property title']],
    ['Ward: Sentinel ward 7', ['property custom']],
  ];
  for (const [found, where] of places) t.same(placesOf(message, found), where, found);
  t.same([defectsOf(message), blindSpotsOf(message)], [[], ['1 picture-not-read']]);
});

t.test('encrypted', async (t) => {
  const locked = record(0x2f14, Buffer.alloc(20), { container: 'yes' });
  for (const bytes of [
    oldOfficeFile('poi-Password_Protected-hello.ppt'),
    pptFile(locked),
    pptFile(record(0x0fa8, Buffer.from('sentinel')), { 'Current User': currentUser(0xf3d1c4df) }),
  ]) {
    const message = await readPart(pptExtractor, 'ppt', bytes);
    t.same(blindSpotsOf(message), ['encrypted']);
    t.same(placesOf(message, 'sentinel'), []);
  }
});

const textBytes = (text: string): Buffer => record(0x0fa8, Buffer.from(text, 'latin1'));
const textChars = (text: string): Buffer => record(0x0fa0, wide(text));
const cString = (text: string, instance = 0): Buffer => record(0x0fba, wide(text), { instance });
const slide = (...inside: readonly Buffer[]): Buffer => container(0x03ee, inside);
const slidePersist = (id: number): Buffer => record(0x03f3, u32(id, 0, 0, 0, 0));

interface Deck {
  readonly stream: Buffer;
}

/** Records at the top of the stream under numbers from 1, then the directory of where they lie. */
function deck(records: readonly Buffer[], older: readonly Buffer[] = []): Deck {
  const places: number[] = [];
  let at = older.reduce((sum, { length }) => sum + length, 0);
  for (const one of records) {
    places.push(at);
    at += one.length;
  }
  const directory = record(0x1772, u32((records.length << 20) | 1, ...places));
  return { stream: Buffer.concat([...older, ...records, directory]) };
}

t.test('slides in order, and what was overwritten', async (t) => {
  const document = container(0x03e8, [
    container(0x0ff0, [slidePersist(3), textBytes('Outline of one'), slidePersist(2), textChars('Outline of two')], 0),
    container(0x0ff0, [slidePersist(4)], 2),
    container(0x0fd9, [cString('Footer sentinel', 2)]),
    container(0x0fd7, [cString('Friendly sentinel', 0), cString('https://example.org/link-sentinel', 1)]),
  ]);
  const hiddenInfo = record(0x03f9, Buffer.concat([Buffer.alloc(10), u16(4), Buffer.alloc(4)]));
  const { stream } = deck(
    [
      document,
      slide(textBytes('Second sentinel'), hiddenInfo),
      slide(
        textBytes('First\rsentinel\x0bline'),
        shapeTexts([
          [0x0381, 'Alternative sentinel'],
          [0x00c0, 'Art sentinel'],
        ]),
      ),
      container(0x03f0, [textChars('Notes sentinel')]),
      container(0x03f8, [textBytes('Master sentinel')]),
    ],
    [slide(textBytes('Overwritten sentinel'))],
  );
  const message = await readPart(pptExtractor, 'ppt', pptFile(stream));
  const places: readonly (readonly [string, readonly string[]])[] = [
    ['Outline of one', ['text page 1']],
    ['Outline of two', ['text page 2']],
    ['First\nsentinel\nline', ['text page 1']],
    ['Second sentinel', ['hidden page 2']],
    ['Notes sentinel', ['note page 1']],
    ['Master sentinel', ['note']],
    ['Overwritten sentinel', ['hidden']],
    ['Footer sentinel', ['note']],
    ['Friendly sentinel', ['link']],
    ['link-sentinel', ['link']],
    ['Alternative sentinel', ['alternative']],
    ['Art sentinel', ['text']],
  ];
  for (const [found, where] of places) t.same(placesOf(message, found), where, found);
  t.same([defectsOf(message), blindSpotsOf(message)], [[], []]);
});

t.test('comments stand in a block of data', async (t) => {
  const comment = container(0x2ee0, [cString('Author Sentinel', 0), cString('Comment sentinel', 1), cString('AS', 2)]);
  const { stream } = deck([slide(container(0x1388, [container(0x138a, [cString('___PPT10'), record(0x138b, comment)])]))]);
  const message = await readPart(pptExtractor, 'ppt', pptFile(stream));
  t.same(placesOf(message, 'Comment sentinel'), ['comment']);
  t.same(placesOf(message, 'Author Sentinel'), ['property']);
});

t.test('what is embedded', async (t) => {
  const sheet = workbook([], [{ name: 'One', records: [biff(0x204, u16(0, 0, 0), xlText('Sheet sentinel'))] }]);
  const object = writeCompound({ Workbook: sheet }).bytes;
  const macros = writeCompound({ VBA: { _VBA_PROJECT: Buffer.from('x') } }).bytes;
  const plain = writeCompound({ Own: Buffer.from('object sentinel') }).bytes;
  const deflated = (bytes: Buffer, cut = 0): Buffer =>
    record(0x1011, [u32(bytes.length), deflateSync(bytes).subarray(0, -cut || undefined)], { instance: 1 });
  const stream = Buffer.concat([
    deflated(object),
    record(0x1011, plain),
    deflated(macros, 4),
    deflated(Buffer.alloc(100_000, 'cut off'), 60),
    container(0x07e4, [container(0x07e6, [record(0x07e7, Buffer.from('RIFF\x24\0\0\0WAVEfmt '))])]),
  ]);
  const message = await readFileWith(OLD_OFFICE, pptFile(stream, { Pictures: blip(0xf01e, 0x6e0, PNG) }));
  t.same(placesOf(message, 'Sheet sentinel'), ['1 text sheet 1 row 1']);
  t.same(placesOf(message, 'object sentinel'), ['2 hidden']);
  t.ok(defectsOf(message).includes('3 macro'));
  t.ok(blindSpotsOf(message).includes('broken'), 'an object that is cut');
  t.ok(blindSpotsOf(message).includes('5 audio-video'));
  t.ok(blindSpotsOf(message).includes('6 picture-not-read'));
  const bomb = record(0x1011, [u32(1), deflateSync(Buffer.alloc(30_000_000))], { instance: 1 });
  const limited = await readFileWith(OLD_OFFICE, pptFile(Buffer.concat([textBytes('sentinel'), bomb])), null, {
    limits: { unpackedBytes: 1_000_000 },
  });
  t.same(blindSpotsOf(limited), ['too-large']);
  t.same(placesOf(limited, 'sentinel'), ['note'], 'what stood before it is kept');
});

t.test('a file for PowerPoint 95 as well', async (t) => {
  const storage = { 'PowerPoint Document': textBytes('Newer sentinel'), 'Current User': currentUser(0xe391c05f) };
  const bytes = writeCompound({
    'PowerPoint Document': Buffer.alloc(5_000, 3),
    Text_Content: Buffer.alloc(9_000, 3),
    PP97_DUALSTORAGE: storage,
  }).bytes;
  const message = await readPart(pptExtractor, 'ppt', bytes);
  t.same(placesOf(message, 'Newer sentinel'), ['note']);
  t.same(blindSpotsOf(message), []);
});

t.test('hostile records', async (t) => {
  const deep = Buffer.concat([
    ...Array.from({ length: 20_000 }, () => Buffer.concat([u16(15, 0x03ee), u32(0xffffffff)])),
    textBytes('deep sentinel'),
  ]);
  t.equal(placesOf(await readPart(pptExtractor, 'ppt', pptFile(deep)), 'deep sentinel').length, 1, 'containers without end');
  const many = Buffer.concat([
    record(0x1772, Buffer.concat(Array.from({ length: 2_000 }, (_, i) => u32((4_095 << 20) | (i * 4_095), 0)))),
    textBytes('sentinel'),
  ]);
  t.equal(placesOf(await readPart(pptExtractor, 'ppt', pptFile(many)), 'sentinel').length, 1, 'a directory that lies');
  const persists = container(0x03e8, [
    container(
      0x0ff0,
      Array.from({ length: 50_000 }, (_, i) => slidePersist(i)),
    ),
  ]);
  t.same(blindSpotsOf(await readPart(pptExtractor, 'ppt', pptFile(persists))), [], 'many slides');
});

t.test('fuzz', async (t) => {
  const bytes = oldOfficeFile('libreoffice-picture.ppt');
  for (const changed of mutations(bytes, 150)) {
    const message = await readPart(
      pptExtractor,
      'ppt',
      changed,
      {},
      OLD_OFFICE.filter((one) => one !== pptExtractor),
    );
    if (textOf(message).length > bytes.length * 40) t.fail('text without bound');
  }
  t.pass('no throw, no hang');
});
