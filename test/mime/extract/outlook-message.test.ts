// Outlook's .msg: every place where words can stand, messages and objects in messages, and damage.
import t from 'tap';
import { outlookMessageExtractor } from '../../../src/mime/extract/outlook-message.ts';
import { writeCompound } from '../../support/compound-writer.ts';
import { mutations } from '../../support/mutations.ts';
import { blindSpotsOf, defectsOf, OLD_OFFICE, oldOfficeFile, placesOf } from '../../support/old-office.ts';
import * as outlook from '../../support/outlook-writer.ts';
import { readFileWith, readPart, textOf } from '../../support/read.ts';

const { binary, flag, msg, number, text, text8, texts, time } = outlook;
const APPOINTMENT = '00062002-0000-0000-c000-000000000046';
const ADDRESS = '00062004-0000-0000-c000-000000000046';
const PUBLIC = '00020329-0000-0000-c000-000000000046';
const OWN = '12345678-1234-1234-1234-123456789abc';

const INNER: outlook.MsgParts = {
  properties: [
    text(0x1a, 'IPM.Appointment'),
    text(0x37, 'Inner subject'),
    text(0x1000, 'Inner sentinel'),
    text(0, 'Inner ward', { set: APPOINTMENT, id: 0x8208 }),
    time(0x39, '2026-03-04T05:06:07Z'),
  ],
  recipients: [[text(0x3001, 'Inner Recipient'), number(0xc15, 2)]],
  attachments: [{ properties: [number(0x3705, 1), text(0x3707, 'deep.txt'), binary(0x3701, Buffer.from('deep sentinel '.repeat(400)))] }],
};

const WHOLE: outlook.MsgParts = {
  properties: [
    text(0x1a, 'IPM.Note'),
    text(0x37, 'Sentinel subject 山田'),
    text(0x1000, 'Body sentinel'),
    text(0x0c1a, 'Sender Sentinel'),
    text(0x0c1e, 'SMTP'),
    text(0x0c1f, 'sender@example.org'),
    text(0x0e04, 'Jane Roe; Rob Roe'),
    text(0x007d, 'Microsoft Mail Internet Headers Version 2.0\r\nFrom: header sentinel\r\nX-Trace: trace sentinel\r\n\r\n'),
    time(0x39, '2026-01-02T03:04:05Z'),
    number(0x3ffd, 1251),
    number(0x3fde, 28592),
    binary(0x1013, Buffer.from('<p>HTML sentinel</p>')),
    binary(0x1009, outlook.compressRtf('{\\rtf1 RTF sentinel\\par}')),
    text8(0x3a06, Buffer.from([0xcf, 0xe0, 0xf6, 0xe8, 0xe5, 0xed, 0xf2])),
    time(0x3a42, '1961-04-12T00:00:00Z'),
    text(0, 'Ward 7', { set: APPOINTMENT, id: 0x8208 }),
    text(0, 'Home sentinel', { set: ADDRESS, id: 0x801a }),
    texts(0, ['First keyword', 'Second keyword'], { set: PUBLIC, id: 'Keywords' }),
    text(0, 'own sentinel', { set: OWN, id: 'patient' }),
    binary(0, Buffer.from('\u0001recurring sentinel', 'utf16le'), { set: APPOINTMENT, id: 0x8216 }),
  ],
  recipients: [
    [text(0x3001, 'Jane Roe'), text(0x3002, 'SMTP'), text(0x3003, 'jane@example.org'), number(0xc15, 1)],
    [text(0x3001, 'Rob Roe'), text(0x39fe, 'rob@example.org'), number(0xc15, 3)],
  ],
  attachments: [
    {
      properties: [
        number(0x3705, 1),
        text(0x3704, 'LABRES~1.TXT'),
        text(0x3707, 'lab results.txt'),
        text(0x370e, 'text/plain'),
        binary(0x3701, Buffer.from('Attached sentinel')),
      ],
    },
    { properties: [number(0x3705, 5), text(0x3001, 'Forwarded')], message: INNER },
    { properties: [number(0x3705, 6), text(0x3001, 'Sheet')], storage: sheetStorage() },
    { properties: [number(0x3705, 6)], storage: { Unexplained: Buffer.from('object sentinel') } },
    {
      properties: [
        number(0x3705, 1),
        flag(0x7ffe, 1),
        text(0x3707, 'logo.gif'),
        binary(0x3701, Buffer.from('GIF89a\u0001\0\u0001\0\0\0\0;', 'latin1')),
      ],
    },
    { properties: [number(0x3705, 7), text(0x370d, 'https://files.example.org/linked-sentinel')] },
  ],
};

/** A workbook as an object keeps it: a storage with its streams. */
function sheetStorage(): { readonly Workbook: Buffer } {
  const record = (id: number, data: readonly number[]): Buffer => Buffer.from([id & 255, id >> 8, data.length, 0, ...data]);
  const label = [...Buffer.from('Sheet sentinel')];
  return {
    Workbook: Buffer.concat([
      record(0x809, [0, 6, 16, 0]),
      record(0x204, [0, 0, 0, 0, 0, 0, label.length, 0, 0, ...label]),
      record(0x0a, []),
    ]),
  };
}

for (const sectorBytes of [512, 4096] as const) {
  t.test(`every place, sectors of ${sectorBytes}`, async (t) => {
    const message = await readFileWith(OLD_OFFICE, msg(WHOLE, sectorBytes), 'mail.msg');
    const places: readonly (readonly [string, readonly string[]])[] = [
      ['Sentinel subject 山田', ['header subject']],
      ['Body sentinel', ['text']],
      ['Sender Sentinel', ['header sender']],
      ['sender@example.org', ['header sender']],
      ['Jane Roe; Rob Roe', ['header to']],
      ['header sentinel', ['header from']],
      ['trace sentinel', ['header x-trace']],
      ['2026-01-02T03:04:05Z', ['header date']],
      ['HTML sentinel', ['2 text']],
      ['RTF sentinel', ['1 text']],
      ['Пациент', ['property PidTagGivenName']],
      ['1961-04-12', ['property PidTagBirthday']],
      ['Ward 7', ['property PidLidLocation']],
      ['Home sentinel', ['property PidLidHomeAddress']],
      ['Keywords: First keyword', ['property named']],
      ['Keywords: Second keyword', ['property named']],
      ['patient: own sentinel', ['property named']],
      ['recurring sentinel', ['hidden PidLidAppointmentRecur']],
      ['Jane Roe jane@example.org', ['header to']],
      ['Rob Roe rob@example.org', ['header bcc']],
      ['LABRES~1.TXT', ['file-name']],
      ['lab results.txt', ['3 file-name']],
      ['Attached sentinel', ['3 text']],
      ['Inner subject', ['4 header subject']],
      ['Inner sentinel', ['4 text']],
      ['Inner ward', ['4 property PidLidLocation']],
      ['2026-03-04T05:06:07Z', ['4 header date']],
      ['Inner Recipient', ['4 header cc']],
      ['deep sentinel', ['4.1 text']],
      ['deep.txt', ['4.1 file-name']],
      ['Sheet sentinel', ['5 text sheet 1 row 1']],
      ['object sentinel', ['hidden']],
      ['linked-sentinel', ['link']],
    ];
    for (const [found, where] of places) t.same(placesOf(message, found), where, found);
    t.same(defectsOf(message), []);
    t.same(blindSpotsOf(message), ['6 picture-not-read']);
    t.same(
      message.parts.map(({ path, kind, role }) => [path, kind, role]),
      [
        ['', 'outlook-message', 'attachment'],
        ['1', 'rtf', 'body'],
        ['2', 'html', 'body'],
        ['3', 'text', 'attachment'],
        ['4', 'outlook-message', 'attachment'],
        ['4.1', 'text', 'attachment'],
        ['5', 'xls', 'attachment'],
        ['6', 'picture', 'inline'],
      ],
    );
  });
}

t.test('a signed and an encrypted message keep theirs as an attachment', async (t) => {
  const signed =
    'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary=b\r\n\r\n--b\r\n\r\nsigned sentinel\r\n--b--\r\n';
  const parts = (type: string, data: string | Buffer): outlook.MsgParts => ({
    properties: [text(0x1a, 'IPM.Note.SMIME.MultipartSigned')],
    attachments: [{ properties: [number(0x3705, 1), text(0x370e, type), binary(0x3701, Buffer.from(data))] }],
  });
  const whole = await readPart(outlookMessageExtractor, 'outlook-message', msg(parts('multipart/signed', signed)));
  t.match(whole.parts[1], { kind: 'message', declaredType: 'message/rfc822' });
  const sealed = Buffer.from('308006092a864886f70d010703a0803080020100', 'hex');
  const locked = await readPart(outlookMessageExtractor, 'outlook-message', msg(parts('application/pkcs7-mime', sealed)));
  t.equal(locked.parts[1]?.kind, 'smime-encrypted');
  t.same(blindSpotsOf(locked), ['1 encrypted']);
});

t.test('messages in messages end at the limit of depth', async (t) => {
  let parts = INNER;
  for (let depth = 0; depth < 40; depth++)
    parts = { properties: [text(0x37, `level ${depth} sentinel`)], attachments: [{ properties: [number(0x3705, 5)], message: parts }] };
  const message = await readFileWith(OLD_OFFICE, msg(parts));
  t.same(
    message.blindSpots.map(({ kind }) => kind),
    ['too-deep'],
  );
  t.equal(message.parts.length, 25);
  t.ok(placesOf(message, 'level 39 sentinel').length > 0, 'the outer ones are read');
});

t.test('a storage that holds many messages of the whole size', async (t) => {
  const data = Buffer.alloc(300_000, 'x');
  const attachments = Array.from({ length: 20 }, () => ({
    properties: [],
    message: { properties: [], attachments: [{ properties: [binary(0x3701, data)] }] },
  }));
  const { bytes } = writeCompound(outlook.msgStorage({ properties: [text(0x37, 'Sentinel subject')], attachments }));
  const message = await readFileWith(OLD_OFFICE, bytes, null, { limits: { unpackedBytes: 2_000_000 } });
  t.same(placesOf(message, 'Sentinel subject'), ['header subject']);
  t.same(blindSpotsOf(message), ['too-large'], 'what copies grow to is accounted for');
});

t.test('damage', async (t) => {
  const bytes = msg(WHOLE);
  const cut = await readFileWith(OLD_OFFICE, bytes.subarray(0, bytes.length - 5_000), 'cut.msg');
  t.ok(blindSpotsOf(cut).includes('broken'), 'a cut file is known to be one');
  const nothing = await readPart(outlookMessageExtractor, 'outlook-message', Buffer.alloc(2_000));
  t.same(blindSpotsOf(nothing), ['broken']);
  const word = await readPart(outlookMessageExtractor, 'outlook-message', oldOfficeFile('poi-Word6.doc'));
  t.same(blindSpotsOf(word), [], 'another compound file is an empty message');
});

t.test('fuzz', async (t) => {
  const bytes = msg(WHOLE);
  for (const changed of mutations(bytes, 300)) {
    const message = await readPart(
      outlookMessageExtractor,
      'outlook-message',
      changed,
      {},
      OLD_OFFICE.filter((one) => one !== outlookMessageExtractor),
    );
    if (textOf(message).length > bytes.length * 40) t.fail('text without bound');
  }
  t.pass('no throw, no hang');
});
