// Excel 5 to 2003: cells of every kind, texts that break off and go on, what is hidden, locked, embedded, damaged.
import t from 'tap';
import { xlsExtractor } from '../../../src/mime/extract/xls.ts';
import { mutations } from '../../support/mutations.ts';
import {
  biff,
  blip,
  f64,
  type SheetRecords,
  shapeTexts,
  u16,
  u32,
  wide,
  workbook,
  xlsFile,
  xlShort,
  xlText,
} from '../../support/office-writer.ts';
import { blindSpotsOf, defectsOf, OLD_OFFICE, oldOfficeFile, placesOf } from '../../support/old-office.ts';
import { readFileWith, readPart, textOf } from '../../support/read.ts';

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55', 'hex');
const cell = (row: number, column: number, format = 0): Buffer => u16(row, column, format);
const label = (row: number, column: number, text: string): Buffer => biff(0x204, cell(row, column), xlText(text));

t.test('as LibreOffice writes it', async (t) => {
  const message = await readFileWith(OLD_OFFICE, oldOfficeFile('libreoffice-plain.xls'), 'list.xls');
  const places: readonly (readonly [string, readonly string[]])[] = [
    ['Sentinel A1\tName 山田\tSentinel C1', ['text sheet 1 row 1']],
    ['417\t3.14159\t1961-04-12', ['text sheet 1 row 2']],
    ['834\tTRUE', ['text sheet 1 row 3']],
    ['Sentinel hidden row', ['hidden sheet 1 row 4']],
    ['Sentinel hidden column', ['hidden sheet 1 row 1']],
    ['Sentinel hidden sheet', ['hidden sheet 2 row 1']],
    ['Sentinel cell comment', ['comment sheet 1 row 1']],
    ['Commenter', ['property sheet 1']],
    ['Sentinel Sheet', ['property sheet 1']],
    ['Sentinel page header', ['note sheet 1', 'note sheet 2']],
    ['Sentinel page footer', ['note sheet 1', 'note sheet 2']],
    ['Sentinel title', ['property title']],
    ['Ward: Sentinel ward 7', ['property custom']],
  ];
  for (const [found, where] of places) t.same(placesOf(message, found), where, found);
  t.same(message.spans.find(({ text }) => text.startsWith('417'))?.marks, [
    { at: 0, field: 'A2' },
    { at: 4, field: 'B2' },
    { at: 12, field: 'C2' },
  ]);
  t.same([defectsOf(message), blindSpotsOf(message)], [[], []]);
});

t.test('Excel 5', async (t) => {
  const message = await readFileWith(OLD_OFFICE, oldOfficeFile('poi-testEXCEL_5.xls'), 'old.xls');
  t.same(placesOf(message, 'Number\tSquare\tFormatted'), ['text sheet 1 row 4']);
  t.same([defectsOf(message), blindSpotsOf(message)], [[], []]);
});

t.test('encrypted', async (t) => {
  for (const bytes of [oldOfficeFile('poi-xor-encryption-abc.xls'), xlsFile(workbook([biff(0x2f, u16(1), Buffer.alloc(50))], []))]) {
    t.same(blindSpotsOf(await readPart(xlsExtractor, 'xls', bytes)), ['encrypted']);
  }
});

const read = async (globals: readonly Buffer[], sheets: readonly SheetRecords[]): ReturnType<typeof readPart> =>
  await readPart(
    xlsExtractor,
    'xls',
    xlsFile(workbook(globals, sheets)),
    {},
    OLD_OFFICE.filter((one) => one !== xlsExtractor),
  );

t.test('cells of every kind', async (t) => {
  const format = (id: number, code: string): Buffer => biff(0x41e, u16(id), xlText(code));
  const formats = [0, 14, 200, 201].map((id) => biff(0xe0, u16(0, id), Buffer.alloc(16)));
  const formulaText = Buffer.concat([Buffer.from([0, 0, 0, 0, 0, 0]), u16(0xffff)]);
  const formulaError = Buffer.concat([Buffer.from([2, 0, 0x07, 0, 0, 0]), u16(0xffff)]);
  const tokens = Buffer.concat([u16(18), Buffer.from([0x17, 15, 0]), Buffer.from('formula constant'.slice(0, 15))]);
  const records: readonly (readonly [Buffer, string])[] = [
    [label(0, 0, 'label sentinel'), 'label sentinel'],
    [biff(0xd6, cell(1, 0), xlText('rich sentinel'), u16(1, 3, 5)), 'rich sentinel'],
    [biff(0x203, cell(2, 0), f64(0.1 + 0.2)), '0.3'],
    [biff(0x203, cell(3, 0, 1), f64(22383)), '1961-04-12'],
    [biff(0x203, cell(4, 0, 2), f64(123456789)), '123-45-6789'],
    [biff(0x27e, cell(5, 0), u32((4711 << 2) | 2)), '4711'],
    [biff(0x27e, cell(6, 0), u32((4711 << 2) | 3)), '47.11'],
    [biff(0xbd, u16(7, 0), u16(0), u32((11 << 2) | 2), u16(1), u32((22383 << 2) | 2), u16(1)), '11\t1961-04-12'],
    [biff(0x205, cell(8, 0), Buffer.from([1, 0])), 'TRUE'],
    [biff(0x205, cell(9, 0), Buffer.from([0x2a, 1])), '#N/A'],
    [
      Buffer.concat([biff(0x06, cell(10, 0), formulaText, Buffer.alloc(6), tokens), biff(0x207, xlText('computed sentinel'))]),
      'computed sentinel',
    ],
    [biff(0x06, cell(11, 0), formulaError, Buffer.alloc(8)), '#DIV/0!'],
    [biff(0x06, cell(12, 0, 3), f64(0.5), Buffer.alloc(8)), '12:00'],
  ];
  const message = await read(
    [format(200, '000\\-00\\-0000'), format(201, 'h:mm'), ...formats],
    [{ name: 'S', records: records.map(([bytes]) => bytes) }],
  );
  for (const [i, [, text]] of records.entries()) {
    const span = message.spans.find(({ place }) => place.area === 'text' && place.row === i + 1);
    t.equal(span?.text, text, text);
    t.equal(span?.marks[0]?.field, `A${i + 1}`);
  }
  t.same(placesOf(message, 'formula constan'), ['hidden sheet 1']);
  const from1904 = await read([biff(0x22, u16(1)), ...formats], [{ name: 'S', records: [biff(0x203, cell(0, 0, 1), f64(20921))] }]);
  t.same(placesOf(from1904, '1961-04-12'), ['text sheet 1 row 1']);
});

t.test('shared texts that break off', async (t) => {
  const shared = (row: number, index: number): Buffer => biff(0xfd, cell(row, 0), u32(index));
  const head = (count: number, flags: number): Buffer => Buffer.concat([u16(count), Buffer.from([flags])]);
  const table = Buffer.concat([
    biff(0xfc, u32(6, 6), head(14, 0), Buffer.from('broken ')),
    // Goes on in the other width.
    biff(0x3c, Buffer.from([1]), wide('Łódź...'), head(12, 1)),
    // Begins behind the break.
    biff(0x3c, Buffer.from([0]), Buffer.from('head at end.'), head(9, 0x0c), u16(2), u32(26), Buffer.from('rich text'), u32(1, 2)),
    biff(0x3c, u16(1, 22, 0, 0, 0, 0, 5), u16(5), wide('kana!'), head(4, 0), Buffer.from('last')),
  ]);
  const message = await read([table], [{ name: 'S', records: [0, 1, 2, 3, 4].map((i) => shared(i, i)) }]);
  t.same(placesOf(message, 'broken Łódź...'), ['text sheet 1 row 1']);
  t.same(placesOf(message, 'head at end.'), ['text sheet 1 row 2']);
  t.same(placesOf(message, 'rich text'), ['text sheet 1 row 3']);
  t.same(placesOf(message, 'last'), ['text sheet 1 row 4']);
  t.same(placesOf(message, 'kana'), ['alternative']);
});

t.test('beside the cells', async (t) => {
  const box = (type: number, id: number, text: string): Buffer =>
    Buffer.concat([
      biff(0x5d, u16(0x15, 18, type, id), Buffer.alloc(14)),
      biff(0x1b6, u16(0, 0, 0, 0, 0, text.length, 8), Buffer.alloc(4)),
      biff(0x3c, Buffer.from([0]), Buffer.from(text.slice(0, 5))),
      biff(0x3c, Buffer.from([1]), wide(text.slice(5))),
      biff(0x3c, Buffer.alloc(16)),
    ]);
  const crn = biff(0x5a, Buffer.from([1, 0]), u16(0), Buffer.from([2]), xlText('cached sentinel'), Buffer.from([1]), f64(4711.5));
  const message = await read(
    [
      biff(0x5c, xlText('Writer Sentinel   ')),
      biff(0x18, u16(0), Buffer.from([0, 13]), Buffer.alloc(10), Buffer.from([0]), Buffer.from('name_sentinel')),
      crn,
      biff(0xeb, blip(0xf01e, 0x6e0, PNG).subarray(0, 30)),
      biff(0x3c, blip(0xf01e, 0x6e0, PNG).subarray(30)),
    ],
    [
      {
        name: 'First sentinel',
        records: [
          biff(0x14, xlText('&L&"Arial,Bold"&12Page sentinel && more&R&P')),
          box(0x19, 7, 'Comment sentinel'),
          box(0x06, 8, 'Textbox sentinel'),
          biff(0x1c, u16(4, 2, 0, 7), xlText('Commenting Sentinel')),
          box(0x19, 9, 'Lost comment sentinel'),
          biff(0xec, shapeTexts([[0x0381, 'Alternative sentinel']])),
          biff(0x1b8, u16(0, 0, 0, 0), Buffer.alloc(24), wide('https://example.org/link-sentinel')),
          biff(0x1be, u32(0), xlText('Prompt sentinel')),
          Buffer.concat([biff(0x809, u16(0x600, 0x20, 0, 0), u32(0, 0)), biff(0x100d, u16(0), xlShort('Chart sentinel')), biff(0x0a)]),
        ],
      },
      { name: 'Second', hidden: 'yes', records: [label(0, 27, 'hidden sentinel')] },
    ],
  );
  const places: readonly (readonly [string, readonly string[]])[] = [
    ['Writer Sentinel', ['property']],
    ['name_sentinel', ['property']],
    ['cached sentinel\t4711.5', ['hidden']],
    ['First sentinel', ['property sheet 1']],
    ['Page sentinel & more', ['note sheet 1']],
    ['Textbox sentinel', ['text sheet 1']],
    ['Commenting Sentinel', ['property sheet 1']],
    ['Lost comment sentinel', ['comment sheet 1']],
    ['Alternative sentinel', ['alternative']],
    ['link-sentinel', ['link sheet 1']],
    ['Prompt sentinel', ['hidden sheet 1']],
    ['Chart sentinel', ['text sheet 1']],
    ['hidden sentinel', ['hidden sheet 2 row 1']],
  ];
  for (const [found, where] of places) t.same(placesOf(message, found), where, found);
  const comment = message.spans.find(({ text }) => text === 'Comment sentinel');
  t.match(comment, { place: { area: 'comment', row: 5 }, marks: [{ at: 0, field: 'C5' }] });
  t.equal(message.spans.find(({ text }) => text === 'hidden sentinel')?.marks[0]?.field, 'AB1');
  t.same(blindSpotsOf(message), ['1 picture-not-read']);
});

t.test('pivot caches, objects and macros', async (t) => {
  const cache = Buffer.concat([
    biff(0xc7, Buffer.alloc(14), xlText('Field sentinel')),
    biff(0xcd, xlText('Cached sentinel', 'wide')),
    biff(0xc9, f64(47.11)),
    biff(0xce, u16(1961, 4), Buffer.from([12, 0, 0, 0])),
  ]);
  const inner = workbook([], [{ name: 'I', records: [label(0, 0, 'object sentinel')] }]);
  const bytes = xlsFile(workbook([], [{ name: 'S', records: [] }]), {
    _SX_DB_CUR: { '0001': cache },
    MBD0001: { Workbook: inner, '\u0001CompObj': Buffer.alloc(100) },
    _VBA_PROJECT_CUR: { VBA: { dir: Buffer.alloc(10) } },
    'Revision Log': Buffer.concat([Buffer.alloc(5_000), Buffer.from('logged sentinel')]),
  });
  const message = await readFileWith(OLD_OFFICE, bytes);
  t.same(placesOf(message, 'Field sentinel\tCached sentinel\t47.11\t1961-04-12'), ['hidden']);
  t.same(placesOf(message, 'object sentinel'), ['1 text sheet 1 row 1']);
  t.same(placesOf(message, 'logged sentinel'), ['hidden']);
  t.same([defectsOf(message), blindSpotsOf(message)], [['macro'], []]);
});

t.test('hostile records', async (t) => {
  const index = (row: number): Buffer => biff(0xfd, cell(row & 0xffff, 0), u32(0));
  const bomb = await read(
    [biff(0xfc, u32(1, 1), u16(8_000), Buffer.from([0]), Buffer.alloc(8_000, 'x'))],
    [{ name: 'S', records: Array.from({ length: 20_000 }, (_, i) => index(i)) }],
  );
  t.same(blindSpotsOf(bomb), ['too-large'], 'one text in many cells');
  const lies = await read(
    [biff(0xfc, u32(9, 9), u16(0xffff), Buffer.from([0x0c]), u16(0xffff), u32(0xffffffff), Buffer.from('sentinel'))],
    [{ name: 'S', records: [index(0)] }],
  );
  t.same(placesOf(lies, 'sentinel'), ['text sheet 1 row 1']);
  const columns = await read(
    [],
    [{ name: 'S', records: [...Array.from({ length: 5_000 }, () => biff(0x7d, u16(0, 0xffff, 0, 0, 1))), label(0, 0, 'sentinel')] }],
  );
  t.same(placesOf(columns, 'sentinel'), ['hidden sheet 1 row 1']);
  t.same(
    placesOf(await readPart(xlsExtractor, 'xls', workbook([], [{ name: 'S', records: [label(0, 0, 'bare sentinel')] }])), 'bare sentinel'),
    ['text sheet 1 row 1'],
    'records without a compound file',
  );
});

t.test('fuzz', async (t) => {
  for (const name of ['libreoffice-plain.xls', 'poi-testEXCEL_5.xls']) {
    const bytes = oldOfficeFile(name);
    for (const changed of mutations(bytes, 250)) {
      const message = await readPart(
        xlsExtractor,
        'xls',
        changed,
        {},
        OLD_OFFICE.filter((one) => one !== xlsExtractor),
      );
      if (textOf(message).length > bytes.length * 100) t.fail('text without bound');
    }
  }
  t.pass('no throw, no hang');
});
