// Word 6 to 2003: each place of a document, pieces of either width, what is embedded, locked, damaged.
import { deflateSync } from 'node:zlib';
import t from 'tap';
import { docExtractor } from '../../../src/mime/extract/doc.ts';
import { mutations } from '../../support/mutations.ts';
import {
  blip,
  container,
  docFile,
  metafile,
  metafileBlip,
  record,
  shapeTexts,
  u16,
  u32,
  wide,
  workbook,
  xlText,
  biff,
} from '../../support/office-writer.ts';
import { blindSpotsOf, defectsOf, OLD_OFFICE, oldOfficeFile, placesOf } from '../../support/old-office.ts';
import { readFileWith, readPart, textOf } from '../../support/read.ts';

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55', 'hex');

t.test('as LibreOffice writes it', async (t) => {
  const message = await readFileWith(OLD_OFFICE, oldOfficeFile('libreoffice-picture.doc'), 'letter.doc');
  const places: readonly (readonly [string, readonly string[]])[] = [
    ['Sentinel body Jane Roe, born 1961-04-12, MRN 00417.', ['text']],
    ['Zweite Zeile: Änderung für Łukasz Дмитрий 山田太郎.', ['text']],
    ['Before  after.', ['text']],
    ['Sentinel invisible', ['hidden']],
    ['Sentinel footnote', ['note']],
    ['Sentinel endnote', ['note']],
    ['Sentinel header', ['note']],
    ['Sentinel footer', ['note']],
    ['Sentinel remark', ['comment']],
    ['Sentinel Commenter', ['property comment-author']],
    ['https://example.org/sentinel-link', ['link']],
    ['See Sentinel anchor.', ['text']],
    ['Sentinel A1\t\tSentinel C1', ['text']],
    ['Sentinel A2\tSentinel B2 one\nSentinel B2 two\tx', ['text']],
    ['Sentinel frame', ['text']],
    ['Sentinel title', ['property title']],
    ['Sentinel Author', ['property author']],
    ['sentinel keyword', ['property keywords']],
    ['Ward: Sentinel ward 7', ['property custom']],
  ];
  for (const [found, where] of places) t.same(placesOf(message, found), where, found);
  t.same(
    message.spans.find(({ text }) => text.startsWith('Sentinel A1'))?.marks,
    [
      { at: 0, field: 'A' },
      { at: 12, field: 'B' },
      { at: 13, field: 'C' },
    ],
    'a mark for each cell',
  );
  t.same(defectsOf(message), []);
  t.same(blindSpotsOf(message), ['1 picture-not-read']);
});

t.test('Word 6, which keeps no pieces', async (t) => {
  const message = await readFileWith(OLD_OFFICE, oldOfficeFile('poi-Word6.doc'), 'old.doc');
  t.same(placesOf(message, 'The quick brown fox jumps over the lazy dog'), ['text', 'property title']);
  t.same([defectsOf(message), blindSpotsOf(message)], [[], []]);
});

t.test('encrypted', async (t) => {
  for (const bytes of [
    oldOfficeFile('poi-password_tika_binaryrc4.doc'),
    docFile({ pieces: [{ text: 'Sentinel', form: 'narrow' }], flags: 0x0100 }),
    docFile({ pieces: [{ text: 'Sentinel', form: 'narrow' }], flags: 0x8100 }),
  ]) {
    const message = await readPart(docExtractor, 'doc', bytes);
    t.same(blindSpotsOf(message), ['encrypted']);
    t.same(placesOf(message, 'Sentinel'), []);
  }
});

t.test('pieces of either width, stories across pieces', async (t) => {
  const bytes = docFile({
    pieces: [
      { text: 'Body sen', form: 'narrow' },
      { text: 'tinel Łódź\rNote senti', form: 'wide' },
      { text: 'nel\rComment sentinel\r', form: 'narrow' },
      { text: 'Behind the last story', form: 'wide' },
    ],
    counts: [19, 14, 0, 0, 17],
  });
  const message = await readPart(docExtractor, 'doc', bytes);
  t.same(placesOf(message, 'Body sentinel Łódź'), ['text']);
  t.same(placesOf(message, 'Note sentinel'), ['note']);
  t.same(placesOf(message, 'Comment sentinel'), ['comment']);
  t.same(placesOf(message, 'Behind the last story'), ['hidden']);
});

t.test('fields', async (t) => {
  const text = (inside: string): Buffer => docFile({ pieces: [{ text: inside, form: 'narrow' }] });
  const cases: readonly (readonly [string, string, readonly (readonly [string, string])[]])[] = [
    [
      'in one another',
      'a \x13IF \x13MERGEFIELD x\x14inner\x15 = "1" "instruction sentinel"\x14result sentinel\x15 b',
      [
        ['a result sentinel b', 'text'],
        ['instruction sentinel', 'hidden'],
      ],
    ],
    ['never ended', 'a \x13PAGE instruction sentinel', [['instruction sentinel', 'hidden']]],
    ['ended too often', 'a\x15\x15\x14 sentinel\x15', [['a sentinel', 'text']]],
    ['over paragraphs', '\x13INDEX\x14one\rtwo sentinel\x15 three', [['two sentinel three', 'text']]],
    ['soft hyphens and breaks', 'Senti\x1fnel\x0bnext\x1eline', [['Sentinel\nnext-line', 'text']]],
  ];
  for (const [name, inside, expected] of cases) {
    const message = await readPart(docExtractor, 'doc', text(inside));
    for (const [found, area] of expected) t.same(placesOf(message, found), [area], name);
  }
  const deep = await readPart(docExtractor, 'doc', text(`${'\x13x'.repeat(50_000)}sentinel`));
  t.same(placesOf(deep, 'sentinel'), ['hidden'], 'fields without end');
});

t.test('what is embedded', async (t) => {
  const sheet = workbook([], [{ name: 'One', records: [biff(0x204, u16(0, 0, 0), xlText('Sheet sentinel'))] }]);
  const drawing = container(0xf002, [
    container(0xf004, [
      shapeTexts([
        [0x00c0, 'Art sentinel'],
        [0x0381, 'Alternative sentinel'],
      ]),
    ]),
  ]);
  const data = Buffer.concat([
    u32(500),
    Buffer.alloc(40),
    blip(0xf01e, 0x6e0, PNG),
    metafileBlip(0xf01a, 0x3d4, deflateSync(metafile('Drawn sentinel')), 'deflated'),
    metafileBlip(0xf01a, 0x3d4, metafile('Second drawn sentinel', [record(0x51, Buffer.alloc(10))]), 'as it is'),
    metafileBlip(0xf01a, 0x3d4, Buffer.from('no zlib at all'), 'deflated'),
  ]);
  const associated = Buffer.concat([u16(0xffff, 1, 0, 17), wide('Associated title!')]);
  const message = await readFileWith(
    OLD_OFFICE,
    docFile({
      pieces: [{ text: 'Body sentinel\r', form: 'narrow' }],
      structures: new Map([
        [50, Buffer.concat([container(0xf000, []), Buffer.from([0]), drawing])],
        [32, associated],
      ]),
      more: {
        Data: data,
        ObjectPool: { _1: { Workbook: sheet }, _2: { '\u0003ObjInfo': Buffer.alloc(6), Own: Buffer.from('object sentinel') } },
        Macros: { VBA: { dir: Buffer.alloc(10) } },
        MsoDataStore: { A: { Item: Buffer.from('<?xml version="1.0"?><x>store sentinel</x>') } },
      },
    }),
  );
  const places: readonly (readonly [string, readonly string[]])[] = [
    ['Sheet sentinel', ['2 text sheet 1 row 1']],
    ['object sentinel', ['hidden']],
    ['Art sentinel', ['text']],
    ['Alternative sentinel', ['alternative']],
    ['Drawn sentinel', ['alternative']],
    ['Second drawn sentinel', ['alternative']],
    ['store sentinel', ['3 text']],
    ['Associated title!', ['property associated']],
  ];
  for (const [found, where] of places) t.same(placesOf(message, found), where, found);
  t.same(defectsOf(message), ['macro']);
  t.same(blindSpotsOf(message), ['1 picture-not-read', 'broken']);
});

t.test('hostile pieces', async (t) => {
  const lies = docFile({ pieces: [{ text: 'x'.repeat(100_000), form: 'narrow' }] });
  // The same octets a forty thousand times over.
  const count = 40_000;
  const list = Buffer.alloc((count + 1) * 4 + count * 8);
  for (let i = 0; i <= count; i++) list.writeUInt32LE(i * 100_000, i * 4);
  for (let i = 0; i < count; i++) list.writeUInt32LE(0x40000000 | (0x600 * 2), (count + 1) * 4 + i * 8 + 2);
  const clx = Buffer.concat([Buffer.from([2]), u32(list.length), list]);
  const bomb = docFile({
    pieces: [{ text: '\x01'.repeat(100_000), form: 'narrow' }],
    counts: [0xffffffff],
    structures: new Map([[33, clx]]),
  });
  const message = await readPart(docExtractor, 'doc', bomb);
  t.same(blindSpotsOf(message), ['too-large'], 'pieces over one another are accounted for');
  t.equal(textOf(await readPart(docExtractor, 'doc', lies)).length, 100_000);
  const cut = await readPart(
    docExtractor,
    'doc',
    docFile({ pieces: [{ text: 'Sentinel', form: 'narrow' }], structures: new Map([[33, clx.subarray(0, 3)]]) }),
  );
  t.same(blindSpotsOf(cut), ['broken'], 'no piece table');
});

t.test('fuzz', async (t) => {
  for (const name of ['libreoffice-picture.doc', 'poi-Word6.doc']) {
    const bytes = oldOfficeFile(name);
    for (const changed of mutations(bytes, 250)) {
      const message = await readPart(
        docExtractor,
        'doc',
        changed,
        {},
        OLD_OFFICE.filter((one) => one !== docExtractor),
      );
      if (textOf(message).length > bytes.length * 40) t.fail('text without bound');
    }
  }
  t.pass('no throw, no hang');
});
