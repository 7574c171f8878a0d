// What a part is, told by its content: every kind, on real files and on the smallest that shows it; what contradicts, and what two programs
// would read differently.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import t from 'tap';
import { PART_KINDS, type PartKind } from '../../../src/mail/message.ts';
import type { Inner } from '../../../src/mime/extract/extractor.ts';
import { sniff, type Sniffed } from '../../../src/mime/extract/sniff.ts';
import { fuzz } from '../../support/fuzz.ts';
import { zipOf } from '../../support/zip-maker.ts';

const DATA = join(import.meta.dirname, '../../data');

function told(bytes: Uint8Array | string, about: Partial<Inner> = {}): Sniffed {
  const octets = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : Buffer.from(bytes);
  return sniff({ declaredType: null, parameters: new Map(), name: null, role: 'attachment', ...about, bytes: octets });
}

/** Real files under test/data, by a program each. */
const FILES: readonly (readonly [path: string, kind: PartKind])[] = [
  ['sentinel/found/writer.pdf', 'pdf'],
  ['sentinel/found/qpdf-object-streams.pdf', 'pdf'],
  ['sentinel/found/writer.docx', 'docx'],
  ['sentinel/found/calc.xlsx', 'xlsx'],
  ['sentinel/found/impress.pptx', 'pptx'],
  ['sentinel/found/writer.odt', 'odf'],
  ['sentinel/found/odfpy.ods', 'odf'],
  ['sentinel/found/writer.rtf', 'rtf'],
  ['sentinel/found/writer.doc', 'doc'],
  ['sentinel/found/xlwt.xls', 'xls'],
  ['sentinel/found/oxmsg-text.msg', 'outlook-message'],
  ['sentinel/found/oxmsg-docx.msg', 'outlook-message'],
  ['sentinel/encrypted/locked.docx', 'office-encrypted'],
  ['sentinel/encrypted/locked.pptx', 'office-encrypted'],
  ['sentinel/found/explicit.dcm', 'dicom'],
  ['sentinel/found/pdf2dcm.dcm', 'dicom'],
  ['sentinel/found/hl7.hl7', 'hl7v2'],
  ['sentinel/found/icalendar.ics', 'calendar'],
  ['sentinel/found/vobject.vcf', 'vcard'],
  ['sentinel/found/python-base64.eml', 'message'],
  ['sentinel/found/ustar.tar', 'tar'],
  ['sentinel/found/gnu-long.tgz', 'gzip'],
  ['sentinel/encrypted/smime.p7m', 'smime-encrypted'],
  ['sentinel/encrypted/armored.asc', 'pgp-encrypted'],
  ['sentinel/encrypted/binary.gpg', 'pgp-encrypted'],
  ['sentinel/picture/text.png', 'picture'],
  ['sentinel/picture/text.jpg', 'picture'],
  ['sentinel/picture/text.gif', 'picture'],
  ['sentinel/picture/text.bmp', 'picture'],
  ['sentinel/picture/g4.tiff', 'picture'],
  ['extract/archives/info-zip.zip', 'zip'],
  ['extract/archives/lzma2.7z', 'archive'],
  ['extract/archives/stored.rar', 'archive'],
  ['extract/archives/gcab.cab', 'archive'],
  ['extract/archives/arj.arj', 'archive'],
  ['extract/archives/bsdtar.cpio', 'archive'],
  ['extract/archives/note.txt.Z', 'archive'],
  ['extract/archives/note.txt.zst', 'archive'],
];

await t.test('real files', async (t) => {
  for (const [path, kind] of FILES) {
    const bytes = readFileSync(join(DATA, path));
    t.same(told(bytes, { name: path.split('/').at(-1) ?? null }), { kind, also: [], defects: [] }, path);
    // By content alone; what is binary OpenPGP only a name can tell.
    if (!path.endsWith('.gpg')) t.equal(told(bytes).kind, kind, `${path} without a name`);
  }
});

const ISA = `ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260101*1200*^*00501*000000001*0*P*:~GS*HC*`;
const CERTIFICATE = '3082003030820020a003020102020101300d06092a864886f70d01010b0500300000000000000000000000000000000000';
const wide = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');

interface Case {
  readonly name: string;
  readonly bytes: Uint8Array | string;
  readonly kind: PartKind;
  readonly about?: Partial<Inner>;
  readonly also?: readonly PartKind[];
  readonly defects?: Sniffed['defects'];
}

const CASES: readonly Case[] = [
  { name: 'nothing', bytes: '', kind: 'empty' },
  { name: 'white space and a mark', bytes: '\xef\xbb\xbf \r\n\t\n', kind: 'empty' },
  { name: 'words', bytes: 'Dear doctor,\r\n', kind: 'text' },
  { name: 'words in UTF-16 with a mark', bytes: wide('Dear doctor'), kind: 'text' },
  { name: 'words in UTF-16 without one', bytes: Buffer.from('Dear doctor, hello', 'utf16le'), kind: 'text' },
  { name: 'words in KOI8-R', bytes: Buffer.from('f0d2c9d7c5d42c20cdc9d221', 'hex'), kind: 'text' },
  {
    name: 'words in UTF-16 that only the charset tells',
    bytes: Buffer.from('\u7530\u4e2d\u0300\u0101', 'utf16le'),
    kind: 'text',
    about: { declaredType: 'text/plain', parameters: new Map([['charset', 'utf-16le']]), role: 'body' },
  },
  { name: 'noise', bytes: Buffer.from(Array.from({ length: 512 }, (_, i) => (i * 167 + 13 * (i >> 3)) & 255)), kind: 'unknown' },
  { name: 'a program', bytes: '\x7fELF\x02\x01\x01\0\0\0\0\0', kind: 'unknown' },
  { name: 'text/html without markup', bytes: 'Dear doctor', about: { declaredType: 'text/html' }, kind: 'html' },
  { name: 'html by its start', bytes: '<!-- x --><html><body>x', kind: 'html' },
  { name: 'xhtml', bytes: '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', kind: 'html' },
  { name: 'a calendar', bytes: 'BEGIN:VCALENDAR\r\nEND:VCALENDAR', kind: 'calendar' },
  { name: 'a table by its name', bytes: 'name,mrn\nRoe,12\n', about: { name: 'list.csv' }, kind: 'csv' },
  { name: 'a table without separators', bytes: 'name\nRoe\n', about: { declaredType: 'text/csv' }, kind: 'text' },
  { name: 'xml', bytes: '<?xml version="1.0"?><note>x</note>', kind: 'xml' },
  { name: 'xml without a declaration', bytes: '<note><to>x</to></note>\n', kind: 'xml' },
  {
    name: 'a picture in xml',
    bytes: '<svg xmlns="http://www.w3.org/2000/svg"><text>x</text></svg>',
    about: { name: 'a.svg' },
    kind: 'xml',
  },
  { name: 'xml in UTF-16', bytes: wide('<?xml version="1.0"?><note>x</note>'), kind: 'xml' },
  { name: 'an address in angle brackets', bytes: '<roe@hospital.example> wrote:\n> hello\n', kind: 'text' },
  { name: 'cda', bytes: '<?xml version="1.0"?><!-- x --><ClinicalDocument xmlns="urn:hl7-org:v3">', kind: 'cda' },
  { name: 'cda with a prefix', bytes: '<n1:ClinicalDocument xmlns:n1="urn:hl7-org:v3"/>', kind: 'cda' },
  { name: 'fhir in xml', bytes: '<Patient xmlns="http://hl7.org/fhir"><id value="1"/></Patient>', kind: 'fhir-xml' },
  { name: 'fhir in xml with a prefix', bytes: "<f:Bundle a='>' xmlns:f='http://hl7.org/fhir'/>", kind: 'fhir-xml' },
  { name: 'fhir in json', bytes: '{ "id": "1",\n "resourceType" : "Patient" }', kind: 'fhir-json' },
  { name: 'fhir that tells late', bytes: `{"text":"${'x'.repeat(70_000)}","resourceType":"Patient"}`, kind: 'fhir-json' },
  { name: 'fhir by the line', bytes: '{"resourceType":"Patient"}\n{"resourceType":"Patient"}\n', kind: 'fhir-json' },
  { name: 'json', bytes: '[{"a":1}]', kind: 'json' },
  { name: 'words in brackets', bytes: '[Note: see below]', kind: 'text' },
  { name: 'hl7 in an mllp frame', bytes: '\x0bMSH|^~\\&|A|B\rPID|1\r\x1c\r', kind: 'hl7v2' },
  { name: 'hl7 with other separators', bytes: 'FHS#*~\\&#A#B\r', kind: 'hl7v2' },
  { name: 'words that begin like hl7', bytes: 'MSH is a segment', kind: 'text' },
  { name: 'x12', bytes: ISA, kind: 'x12' },
  { name: 'x12 without padding', bytes: 'ISA*00**00**ZZ*A*ZZ*B*260101*1200*^*00501*1*0*P*:~GS*HC*A*B~', kind: 'x12' },
  { name: 'edifact', bytes: "UNA:+.? 'UNB+UNOA:1+A+B'", kind: 'text' },
  {
    name: 'ncpdp telecommunication',
    bytes: '610066D0B1          1011234567893     20260101          \x1e\x1cAM04\x1cC2123\x1e\x1cAM01\x1cCBROE',
    kind: 'ncpdp',
  },
  { name: 'ncpdp script', bytes: '<Message xmlns="http://www.ncpdp.org/schema/SCRIPT" version="010">', kind: 'ncpdp' },
  {
    name: 'ncpdp script of 2017',
    bytes: '<?xml version="1.0"?><Message DatatypesVersion="20170715" TransactionDomain="SCRIPT">',
    kind: 'ncpdp',
  },
  {
    name: 'dicom without a preamble',
    bytes: Buffer.from('080005000a000000' + '49534f5f49522036' + '2030' + '08001600', 'hex'),
    kind: 'dicom',
  },
  { name: 'tnef', bytes: Buffer.from('789f3e22010001', 'hex'), about: { name: 'winmail.dat' }, kind: 'tnef' },
  { name: 'a pdf behind words', bytes: `%!PS words\n%PDF-1.4\n1 0 obj\n${'x'.repeat(50)}\nstartxref\n0\n%%EOF\n`, kind: 'pdf' },
  { name: 'a message', bytes: 'From: a@b.example\r\nSubject: x\r\n\r\nhello', kind: 'message' },
  {
    name: 'a header quoted in a body',
    bytes: 'From: a@b.example\r\nSubject: x\r\n\r\nhello',
    about: { declaredType: 'text/plain', role: 'body' },
    kind: 'text',
  },
  { name: 'a mailbox', bytes: 'From a@b.example Mon Jan  5 10:00:00 2026\nFrom: a@b.example\nSubject: x\n\nhello\n', kind: 'mbox' },
  { name: 'a declared message', bytes: 'hello', about: { declaredType: 'message/rfc822' }, kind: 'message' },
  { name: 'a declared multipart', bytes: '--b\r\n', about: { declaredType: 'multipart/mixed' }, kind: 'multipart' },
  { name: 'a declared report', bytes: 'Reporting-MTA: dns;a', about: { declaredType: 'message/delivery-status' }, kind: 'delivery-status' },
  { name: 'a film', bytes: '\0\0\0\x18ftypisom\0\0\0\0', kind: 'audio-video' },
  { name: 'a picture like a film', bytes: '\0\0\0\x18ftypheic\0\0\0\0', kind: 'picture' },
  { name: 'sound', bytes: 'RIFF\0\0\0\0WAVEfmt ', kind: 'audio-video' },
  { name: 'webp', bytes: 'RIFF\0\0\0\0WEBPVP8 ', kind: 'picture' },
  { name: 'words that begin like a bitmap', bytes: 'BMI 31, MZ twins, ID3', kind: 'text' },
  { name: 'a font', bytes: `wOF2\0\x01\0\0\0\0\x10\0\x80\x81\x82\x83${'\x01\x02\xfe'.repeat(30)}`, kind: 'font' },
  {
    name: 'words behind the start of a font',
    bytes: `wOF2\0\x01\0\0${'Roe, diabetes. '.repeat(20)}`,
    kind: 'font',
    also: ['text'],
    defects: ['type-mismatch'],
  },
  {
    name: 'words behind the start of a picture',
    bytes: 'GIF89a Roe, diabetes',
    kind: 'picture',
    also: ['text'],
    defects: ['type-mismatch'],
  },
  { name: 'a certificate', bytes: Buffer.from(CERTIFICATE, 'hex'), kind: 'key' },
  {
    name: 'a key in armor',
    bytes: '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDME\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----\n',
    kind: 'key',
  },
  {
    name: 'a signature in armor',
    bytes: '-----BEGIN PGP SIGNATURE-----\nVersion: GnuPG v2\n\niQEz\n=abcd\n-----END PGP SIGNATURE-----\n',
    about: { declaredType: 'application/pgp-signature' },
    kind: 'signature',
  },
  {
    name: 'words behind a signature',
    bytes: '-----BEGIN PGP SIGNATURE-----\n\niQEz\n-----END PGP SIGNATURE-----\nRoe has diabetes',
    kind: 'signature',
    also: ['text'],
  },
  { name: 'clear signed', bytes: '-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nhello\n', kind: 'pgp-signed' },
  {
    name: 'words before a sealed message',
    bytes: 'Hello\n-----BEGIN PGP MESSAGE-----\n\nhQEM\n-----END PGP MESSAGE-----\n',
    kind: 'text',
    also: ['pgp-encrypted'],
  },
  {
    name: 'the control part of PGP/MIME',
    bytes: 'Version: 1\r\n',
    about: { declaredType: 'application/pgp-encrypted' },
    kind: 'signature',
  },
  {
    name: 'words where a signature is declared',
    bytes: 'Roe has diabetes',
    about: { declaredType: 'application/pkcs7-signature', name: 'smime.p7s' },
    kind: 'text',
    defects: ['type-mismatch'],
  },
  {
    name: 'cms in base64',
    bytes: Buffer.from('3080060b2a864886f70d0109100109a080', 'hex').toString('base64'),
    kind: 'smime-signed',
  },
];

await t.test('the smallest that shows it', async (t) => {
  for (const { name, bytes, kind, about = {}, also = [], defects = [] } of CASES) t.same(told(bytes, about), { kind, also, defects }, name);
});

await t.test('every kind is among them', async (t) => {
  const seen = new Set<PartKind>([...FILES.map(([, kind]) => kind), ...CASES.map(({ kind }) => kind), 'ppt', 'ole-object']);
  t.same(
    PART_KINDS.filter((kind) => !seen.has(kind)),
    [],
  );
  t.equal(told(gunzipSync(readFileSync(join(DATA, 'sentinel/found/impress.ppt.gz')))).kind, 'ppt');
  const doc = readFileSync(join(DATA, 'sentinel/found/writer.doc'));
  doc.write('XordDocument', doc.indexOf(Buffer.from('WordDocument', 'utf16le')), 'utf16le');
  t.equal(told(doc).kind, 'ole-object');
});

await t.test('what is in a ZIP', async (t) => {
  const types = (main: string): string => `<Types><Override PartName="/a" ContentType="application/vnd.${main}.main+xml"/></Types>`;
  const cases: readonly (readonly [name: string, members: Readonly<Record<string, string>>, kind: PartKind])[] = [
    ['any files', { 'a.txt': 'x' }, 'zip'],
    [
      'a document',
      { '[Content_Types].xml': types('openxmlformats-officedocument.wordprocessingml.document'), 'odd/place.xml': 'x' },
      'docx',
    ],
    ['a document with macros', { '[Content_Types].xml': types('ms-word.document.macroEnabled'), 'word/document.xml': 'x' }, 'docx'],
    ['a workbook', { '[Content_Types].xml': types('openxmlformats-officedocument.spreadsheetml.sheet'), 'xl/workbook.xml': 'x' }, 'xlsx'],
    [
      'a binary workbook',
      {
        '[Content_Types].xml': '<Override ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>',
        'xl/workbook.bin': 'x',
      },
      'xlsx',
    ],
    [
      'slides',
      { '[Content_Types].xml': types('openxmlformats-officedocument.presentationml.slideshow'), 'ppt/presentation.xml': 'x' },
      'pptx',
    ],
    ['a document whose types are broken', { '[Content_Types].xml': '?', 'word/document.xml': 'x' }, 'docx'],
    ['a word/ folder of any files', { 'word/a.txt': 'x' }, 'zip'],
    ['ODF by its mimetype', { mimetype: 'application/vnd.oasis.opendocument.text', 'content.xml': 'x' }, 'odf'],
    ['ODF without', { 'content.xml': 'x', 'META-INF/manifest.xml': 'x' }, 'odf'],
    ['a book', { mimetype: 'application/epub+zip', 'a.xhtml': 'x' }, 'zip'],
  ];
  for (const [name, members, kind] of cases) {
    const zip = zipOf(Object.entries(members).map(([name, data]) => ({ name, data })));
    t.equal(told(zip).kind, kind, name);
    t.same(told(zip, { declaredType: 'application/zip' }).defects, [], `${name}, declared as a ZIP`);
  }
});

await t.test('one file, two readings', async (t) => {
  const zip = zipOf([{ name: 'a.txt', data: 'words' }]);
  const pdf = '%PDF-1.4\n1 0 obj\nendobj\nstartxref\n0\n%%EOF\n';
  const cases: readonly (readonly [name: string, bytes: Buffer, kinds: readonly PartKind[]])[] = [
    ['GIF and ZIP', Buffer.concat([Buffer.from('GIF89a\x01\0\x01\0\0\0\0\x3b\x80\x81\xff', 'latin1'), zip]), ['picture', 'zip']],
    ['PDF and ZIP', Buffer.concat([Buffer.from(pdf), zip]), ['pdf', 'zip']],
    ['a program and ZIP', Buffer.concat([Buffer.from('MZ\x90\0\x03\0\0\0\x04\0\xff\xff', 'latin1'), zip]), ['unknown', 'zip']],
    ['HTML in a picture', Buffer.from('\xff\xd8\xff\xfe\0\x40<html><script>x</script>\xff\xd9\0\x01\x02', 'latin1'), ['picture', 'html']],
    ['a picture and PDF', Buffer.from(`\xff\xd8\xff\xe0\0\x10\x01\x02${pdf}`, 'latin1'), ['picture', 'pdf']],
  ];
  for (const [name, bytes, [kind, ...also]] of cases) t.same(told(bytes), { kind, also, defects: ['type-mismatch'] }, name);
  const stored = zipOf([{ name: 'a.pdf', data: pdf, method: 0 }]);
  t.same(told(stored), { kind: 'zip', also: [], defects: [] }, 'a PDF stored in a ZIP is a member');
  const document = [
    { name: '[Content_Types].xml', data: 'x' },
    { name: 'word/document.xml', data: 'x' },
  ];
  t.same(told(zipOf(document)).also, [], 'a document alone');
  for (const [name, bytes] of [
    ['a document and a member that is not listed', zipOf([...document, { name: 'a.txt', data: 'x', where: 'local' }])],
    ['a document and words behind it', zipOf(document, { after: 'words' })],
  ] as const) {
    t.same(told(bytes), { kind: 'docx', also: ['zip'], defects: ['type-mismatch'] }, name);
  }
  const declared = told(pdf, { declaredType: 'multipart/mixed' });
  t.same(declared, { kind: 'multipart', also: ['pdf'], defects: ['type-mismatch'] }, 'a PDF where a multipart is declared');
  const shown = told(`${pdf}words`, { declaredType: 'text/plain', role: 'body' });
  t.same([shown.kind, shown.also], ['pdf', ['text']], 'a PDF that is shown as text');
  t.same(told('<html>x', { declaredType: 'text/plain', role: 'body' }).also, ['html'], 'HTML that is shown as text');
  t.same(told('MSH|^~\\&|A', { declaredType: 'text/html' }), { kind: 'html', also: ['hl7v2'], defects: [] }, 'HL7 that is shown as HTML');
});

await t.test('what type or name say', async (t) => {
  const png = readFileSync(join(DATA, 'sentinel/picture/text.png'));
  const docx = readFileSync(join(DATA, 'sentinel/found/writer.docx'));
  const cases: readonly (readonly [name: string, bytes: Uint8Array | string, about: Partial<Inner>, defects: Sniffed['defects']])[] = [
    ['a picture as PDF', png, { declaredType: 'application/pdf' }, ['type-mismatch']],
    ['a picture named PDF', png, { declaredType: 'application/octet-stream', name: 'a.pdf' }, ['type-mismatch']],
    ['PNG as JPEG', png, { declaredType: 'image/jpeg', name: 'a.jpg' }, []],
    ['words as a picture', 'hello', { declaredType: 'image/png' }, ['type-mismatch']],
    ['DOCX as a ZIP', docx, { declaredType: 'application/zip', name: 'a.docx' }, []],
    ['DOCX as a spreadsheet', docx, { declaredType: 'application/vnd.ms-excel' }, ['type-mismatch']],
    ['HL7 as text', 'MSH|^~\\&|A', { declaredType: 'text/plain', name: 'a.txt' }, []],
    ['anything as octets', 'hello', { declaredType: 'application/octet-stream', name: 'a.qqq' }, []],
    ['a spreadsheet that is HTML', '<html><table>', { declaredType: 'application/vnd.ms-excel', name: 'a.xls' }, []],
    ['a program behind an ending', 'hello', { name: 'result.pdf.exe' }, ['name-suspicious']],
    ['a program behind blanks', 'hello', { name: `result.txt${' '.repeat(80)}.exe` }, ['name-suspicious']],
    ['a reversed ending', 'hello', { name: 'result\u202efdp.txt' }, ['name-suspicious']],
    ['a path upwards', 'hello', { name: '../../etc/passwd' }, ['name-suspicious']],
    ['a drive', 'hello', { name: 'C:\\a.txt' }, ['name-suspicious']],
    ['a control', 'hello', { name: 'a\0.txt' }, ['name-suspicious']],
    ['a folder', 'hello', { name: 'results/2026.01/a.txt' }, []],
    ['two endings', 'hello', { name: 'a.final.txt' }, []],
  ];
  for (const [name, bytes, about, defects] of cases) t.same(told(bytes, about).defects, defects, name);
});

await t.test('octets of any kind', async (t) => {
  const files = FILES.map(([path]) => readFileSync(join(DATA, path))).filter(({ length }) => length < 100_000);
  const kinds = new Set<string>(PART_KINDS);
  const fits = ({ kind, also }: Sniffed): boolean => kinds.has(kind) && !also.includes(kind) && also.length < 4;
  fuzz(
    t,
    500,
    fc.property(fc.uint8Array({ maxLength: 700 }), (bytes) => fits(told(bytes))),
  );
  const damage = fc.record({
    file: fc.nat(files.length - 1),
    keep: fc.nat(100),
    at: fc.nat(4_000),
    octets: fc.uint8Array({ minLength: 1, maxLength: 8 }),
  });
  fuzz(
    t,
    400,
    fc.property(damage, ({ file, keep, at, octets }) => {
      const bytes = Buffer.from(files[file] ?? []);
      bytes.set(octets.subarray(0, Math.max(0, bytes.length - at)), Math.min(at, bytes.length));
      return fits(told(bytes.subarray(0, Math.ceil((bytes.length * keep) / 100))));
    }),
  );
});

await t.test('only windows are looked at', async (t) => {
  // Each of these would take very long if all of it were read once for each sign.
  const size = 24 * 1024 * 1024;
  const large = [
    '<',
    '{',
    '[',
    '<!--',
    '-----BEGIN PGP MESSAGE-----\n',
    'PK\x05\x06',
    'PK\x03\x04',
    '\r\n',
    'A: b\r\n',
    '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1',
    'x=',
  ];
  for (const piece of large) t.ok(told(Buffer.alloc(size, piece, 'latin1')).kind, JSON.stringify(piece.replace(/[^ -~]/g, '.')));
});
