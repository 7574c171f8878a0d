// TNEF: every place of a winmail.dat where words can stand, and what is cut, lies or is nested without end.
import t from 'tap';
import { tnefExtractor } from '../../../src/mime/extract/tnef.ts';
import { mutations } from '../../support/mutations.ts';
import { blindSpotsOf, defectsOf, OLD_OFFICE, placesOf } from '../../support/old-office.ts';
import * as outlook from '../../support/outlook-writer.ts';
import { readFileWith, readPart, textOf } from '../../support/read.ts';

const { attribute, binary, guid, mapiList, number, object, text, text8, texts, time, tnef, u32 } = outlook;
const APPOINTMENT = '00062002-0000-0000-c000-000000000046';
const PUBLIC = '00020329-0000-0000-c000-000000000046';
const HEADERS = '00020386-0000-0000-c000-000000000046';
const RTF = '{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0\\fswiss Arial;}}\\pard Sentinel in RTF, once and again: Sentinel in RTF.\\par}';

const words = (value: string): Buffer => Buffer.from(`${value}\0`, 'latin1');
const date = (...parts: readonly number[]): Buffer => Buffer.concat(parts.map((part) => Buffer.from([part & 255, part >> 8])));
const INNER = tnef([attribute(1, 0x69003, mapiList([text(0x37, 'Inner subject'), text(0x1000, 'Inner sentinel')]))]);

const MESSAGE = tnef([
  attribute(1, 0x69007, u32(1251)),
  attribute(1, 0x78008, words('IPM.Microsoft Mail.Note')),
  attribute(1, 0x18004, words('Sentinel subject')),
  attribute(1, 0x08000, Buffer.concat([date(4, 32, 16, 32), words('Sender Sentinel'), words('SMTP:sender@example.org')])),
  attribute(1, 0x2800c, Buffer.from([0xcf, 0xe0, 0xf6, 0xe8, 0xe5, 0xed, 0xf2, 0])),
  attribute(1, 0x38005, date(2026, 1, 2, 3, 4, 5, 5)),
  attribute(1, 0x30006, date(2026, 2, 3, 4, 5, 6, 2)),
  attribute(
    1,
    0x69003,
    mapiList([
      text(0x1000, 'Plain sentinel'),
      binary(0x1009, outlook.compressRtf(RTF)),
      binary(0x1013, Buffer.from('<p>HTML sentinel</p>')),
      number(0x3fde, 65001),
      text8(0x3a06, 'Given'),
      time(0x3a42, '1961-04-12T00:00:00Z'),
      time(0x3007, '2020-05-06T00:00:00Z'),
      text(0x8001, 'Ward 7', { set: APPOINTMENT, id: 0x8208 }),
      time(0x8002, '2026-03-04T09:30:00Z', { set: APPOINTMENT, id: 0x820d }),
      binary(0x8003, Buffer.concat([Buffer.alloc(9, 1), Buffer.from('Exception sentinel', 'utf16le')]), { set: APPOINTMENT, id: 0x8216 }),
      texts(0x8004, ['Red sentinel', 'Blue sentinel'], { set: PUBLIC, id: 'Keywords' }),
      text(0x8005, 'mailer sentinel', { set: HEADERS, id: 'x-mailer' }),
      text(0x007d, 'From: Header Sentinel <h@example.org>\r\nX-Folded: one\r\n two\r\nSubject: =?utf-8?q?encoded=20sentinel?=\r\n'),
      text(0x8506, 'unnamed sentinel', { set: 'ffffffff-0000-0000-c000-000000000046', id: 0x1234 }),
    ]),
  ),
  attribute(
    1,
    0x69004,
    Buffer.concat([
      u32(2),
      mapiList([text(0x3001, 'Jane Roe'), text(0x3003, 'jane@example.org'), text(0x3002, 'SMTP'), number(0xc15, 1)]),
      mapiList([text(0x3001, 'Rob Roe'), text(0x3003, 'rob@example.org'), number(0xc15, 3)]),
    ]),
  ),
  attribute(2, 0x69002, Buffer.alloc(14)),
  attribute(2, 0x18010, words('LABRES~1.TXT')),
  attribute(2, 0x6800f, Buffer.from('Attached sentinel')),
  attribute(2, 0x69005, mapiList([text(0x3707, 'lab results.txt'), text(0x370e, 'Text/Plain')])),
  attribute(2, 0x69002, Buffer.alloc(14)),
  attribute(2, 0x18010, words('Forwarded')),
  attribute(2, 0x69005, mapiList([object(0x3701, Buffer.concat([guid(outlook.IID_MESSAGE), INNER]))])),
  attribute(2, 0x69002, Buffer.alloc(14)),
  attribute(2, 0x69005, mapiList([text(0x370d, '\\\\server\\share\\linked sentinel.doc')])),
]);

const read = (bytes: Buffer): ReturnType<typeof readPart> =>
  readPart(
    tnefExtractor,
    'tnef',
    bytes,
    {},
    OLD_OFFICE.filter((one) => one !== tnefExtractor),
  );

t.test('every place', async (t) => {
  const message = await readFileWith(OLD_OFFICE, MESSAGE, 'winmail.dat');
  const places: readonly (readonly [string, readonly string[]])[] = [
    ['Sentinel subject', ['header subject']],
    ['Sender Sentinel SMTP:sender@example.org', ['header from']],
    ['Пациент', ['text']],
    ['2026-01-02T03:04:05', ['header date']],
    ['2026-02-03T04:05:06', ['property PidLidAppointmentStartWhole']],
    ['Plain sentinel', ['text']],
    ['Sentinel in RTF, once and again: Sentinel in RTF.', ['1 text']],
    ['HTML sentinel', ['2 text']],
    ['Given', ['property PidTagGivenName']],
    ['1961-04-12', ['property PidTagBirthday']],
    ['2020-05-06', []],
    ['Ward 7', ['property PidLidLocation']],
    ['2026-03-04T09:30:00Z', ['property PidLidAppointmentStartWhole']],
    ['Exception sentinel', ['hidden PidLidAppointmentRecur']],
    ['Keywords: Red sentinel', ['property named']],
    ['Keywords: Blue sentinel', ['property named']],
    ['mailer sentinel', ['header']],
    ['Header Sentinel <h@example.org>', ['header from']],
    ['encoded sentinel', ['header subject']],
    ['unnamed sentinel', ['property 0x1234']],
    ['Jane Roe jane@example.org', ['header to']],
    ['Rob Roe rob@example.org', ['header bcc']],
    ['LABRES~1.TXT', ['file-name']],
    ['lab results.txt', ['3 file-name']],
    ['Attached sentinel', ['3 text']],
    ['Inner subject', ['4 header subject']],
    ['Inner sentinel', ['4 text']],
    ['linked sentinel.doc', ['link']],
    ['IPM.Microsoft Mail.Note', ['property PidTagMessageClass']],
  ];
  for (const [found, where] of places) t.same(placesOf(message, found), where, found);
  t.same(blindSpotsOf(message), []);
  t.same(defectsOf(message), []);
  t.same(
    message.parts.map(({ path, kind, role, declaredType }) => [path, kind, role, declaredType]),
    [
      ['', 'tnef', 'attachment', null],
      ['1', 'rtf', 'body', 'application/rtf'],
      ['2', 'html', 'body', 'text/html'],
      ['3', 'text', 'attachment', 'text/plain'],
      ['4', 'tnef', 'attachment', 'application/ms-tnef'],
    ],
  );
});

t.test('RTF as it is kept', async (t) => {
  const long = `{\\rtf1 ${Array.from({ length: 3_000 }, (_, i) => `word${i % 97} `).join('')}}`;
  for (const [name, kept] of [
    ['compressed', outlook.compressRtf(long)],
    ['as it is', outlook.storedRtf(long)],
  ] as const) {
    const message = await read(tnef([attribute(1, 0x69003, mapiList([binary(0x1009, kept)]))]));
    t.equal(textOf(message).trim(), long, name);
    t.same(defectsOf(message), [], name);
  }
  const kept = outlook.compressRtf(long);
  const damages: readonly (readonly [string, (bytes: Buffer) => Buffer, string[], string[]])[] = [
    ['a wrong checksum', (bytes) => (bytes.writeUInt32LE(1, 12), bytes), ['container-malformed'], []],
    ['a wrong length', (bytes) => (bytes.writeUInt32LE(0xffffffff, 4), bytes), ['container-malformed'], []],
    ['cut', (bytes) => bytes.subarray(0, 200), ['container-malformed'], []],
    ['of no kind', (bytes) => (bytes.writeUInt32LE(7, 8), bytes), [], ['broken']],
    ['only a head', (bytes) => bytes.subarray(0, 7), ['container-malformed'], ['broken']],
  ];
  for (const [name, damage, defects, blind] of damages) {
    const message = await read(tnef([attribute(1, 0x69003, mapiList([binary(0x1009, damage(Buffer.from(kept)))]))]));
    t.same([defectsOf(message), blindSpotsOf(message)], [defects, blind], name);
  }
});

const SMALL = (data: Buffer): Buffer => tnef([attribute(1, 0x18004, words('Sentinel subject')), data]);

t.test('damage: what stands before it is kept', async (t) => {
  const list = mapiList([text(0x1000, 'Body sentinel')]);
  const cases: readonly (readonly [string, Buffer, string[], string[]])[] = [
    ['a wrong checksum', SMALL(attribute(1, 0x2800c, words('Body sentinel'), 1)), ['container-malformed'], []],
    ['a cut attribute', SMALL(attribute(1, 0x2800c, words('Body sentinel')).subarray(0, 15)), ['container-malformed'], ['broken']],
    [
      'a length of 4 GB',
      SMALL(Buffer.concat([Buffer.from([1]), u32(0x2800c), u32(0xffffffff), words('Body')])),
      ['container-malformed'],
      ['broken'],
    ],
    ['octets behind the end', Buffer.concat([SMALL(Buffer.alloc(0)), Buffer.from([1, 2, 3])]), ['container-malformed'], []],
    [
      'more properties than there are',
      SMALL(attribute(1, 0x69003, Buffer.concat([u32(0xffffffff), list.subarray(4)]))),
      ['container-malformed'],
      ['broken'],
    ],
    [
      'a type that is none',
      SMALL(attribute(1, 0x69003, Buffer.concat([u32(1), Buffer.from([0x99, 0, 1, 0, 0, 0, 0, 0])]))),
      ['container-malformed'],
      ['broken'],
    ],
    [
      'a text of 4 GB',
      SMALL(attribute(1, 0x69003, Buffer.concat([u32(1), Buffer.from([0x1f, 0, 0, 0x10]), u32(1), u32(0xffffffff)]))),
      ['container-malformed'],
      ['broken'],
    ],
    ['rows without end', SMALL(attribute(1, 0x69004, u32(0xffffffff))), [], []],
    ['an attachment without a beginning', SMALL(attribute(2, 0x6800f, Buffer.from('Attached'))), [], []],
  ];
  for (const [name, bytes, defects, blind] of cases) {
    const message = await read(bytes);
    t.same([defectsOf(message), blindSpotsOf(message)], [defects, blind], name);
    t.same(placesOf(message, 'Sentinel subject'), ['header subject'], name);
  }
  t.same(blindSpotsOf(await read(Buffer.from('no TNEF at all'))), ['broken']);
});

t.test('messages in messages', async (t) => {
  let bytes = INNER;
  for (let depth = 0; depth < 60; depth++) {
    const list = mapiList([object(0x3701, Buffer.concat([guid(outlook.IID_MESSAGE), bytes]))]);
    bytes = tnef([attribute(2, 0x69002, Buffer.alloc(14)), attribute(2, 0x69005, list)]);
  }
  const message = await readFileWith(OLD_OFFICE, bytes);
  t.same(
    message.blindSpots.map(({ kind }) => kind),
    ['too-deep'],
  );
});

t.test('fuzz', async (t) => {
  for (const changed of mutations(MESSAGE, 300)) {
    const message = await readFileWith(OLD_OFFICE, changed, 'winmail.dat');
    if (textOf(message).length > MESSAGE.length * 40) t.fail('text without bound');
  }
  t.pass('no throw, no hang');
});
