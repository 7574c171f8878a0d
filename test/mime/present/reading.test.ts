// Names, types and header fields of what is presented: cases from mail that means well and mail that does not.
import t from 'tap';
import { headerDateIn } from '../../../src/mime/date-time.ts';
import { readHead } from '../../../src/mime/present/head.ts';
import { cleanName, nameByPlace, uniqueNames } from '../../../src/mime/present/shown-name.ts';
import { toldType } from '../../../src/mime/present/told-type.ts';
import { PNG_BASE64 } from '../../support/letters-to-show.ts';

const NAMES: readonly (readonly [raw: string, name: string | null])[] = [
  ['report.pdf', 'report.pdf'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\me\\scan.png', 'scan.png'],
  ['a/b/', 'b'],
  ['/', null],
  ['', null],
  [' . ', null],
  ['...', null],
  ['.htaccess', 'htaccess'],
  ['a\u202egpj.exe', 'agpj.exe'],
  ['a\r\nSet-Cookie: x', 'aSet-Cookie_ x'],
  ['a\0b', 'ab'],
  ['a<b>:"|?*.txt', 'a_b______.txt'],
  ['CON', '_CON'],
  ['nul.txt', '_nul.txt'],
  ['console.txt', 'console.txt'],
  ['a   b.txt', 'a b.txt'],
  ['name. ', 'name'],
  ['u\u0308ber.txt', 'über.txt'],
  ['結果.pdf', '結果.pdf'],
  [`${'x'.repeat(300)}.pdf`, `${'x'.repeat(146)}.pdf`],
  [`${'x'.repeat(10)}.${'y'.repeat(300)}`, `${'x'.repeat(10)}.${'y'.repeat(139)}`],
];

t.test('file names', (t) => {
  for (const [raw, name] of NAMES) {
    t.equal(cleanName(raw), name, JSON.stringify(raw.slice(0, 40)));
    if (name !== null) t.equal(cleanName(name), name, 'cleaned again');
  }
  t.equal(nameByPlace('1.2', 'image/png'), 'attachment-1.2.png');
  t.equal(nameByPlace('3', 'x/y'), 'attachment-3.bin');
  t.same(uniqueNames(['a.pdf', 'A.PDF', 'a.pdf', 'a (2).pdf', 'b', 'b', '.x', '.x']), [
    ...['a.pdf', 'A (2).PDF', 'a (3).pdf', 'a (2) (2).pdf', 'b', 'b (2)', '.x', '.x (2)'],
  ]);
  t.end();
});

const WEBP = Buffer.from('RIFF\x24\0\0\0WEBPVP8 ', 'latin1');
const TYPES: readonly (readonly [name: string, head: Buffer | string, declared: string, file: string | null, told: string])[] = [
  ['PNG', Buffer.from(PNG_BASE64, 'base64'), 'text/html', 'a.html', 'image/png picture'],
  ['JPEG', '\xff\xd8\xff\xe0\0\x10JFIF', 'application/x', null, 'image/jpeg picture'],
  ['GIF', 'GIF89a\x01\0\x01\0', 'application/x', null, 'image/gif picture'],
  ['WebP', WEBP, 'application/x', null, 'image/webp picture'],
  ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/png', 'a.png', 'application/octet-stream none'],
  ['TIFF', 'II*\0\x08\0\0\0', 'image/tiff', 'a.tif', 'application/octet-stream none'],
  ['PDF', '%PDF-1.7\n', 'text/html', 'a.html', 'application/pdf pdf'],
  ['no PDF', 'x%PDF-1.7\0\x01\x02', 'application/pdf', 'a.pdf', 'application/octet-stream none'],
  ['a page', '<!doctype html><p>x', 'text/plain', 'a.txt', 'application/octet-stream none'],
  ['a page behind words', 'words <script>x</script>', 'text/plain', 'a.txt', 'application/octet-stream none'],
  ['words', 'Hello\r\nWorld', 'application/octet-stream', 'a.txt', 'text/plain text'],
  ['a table', 'a,b\r\n1,2', 'text/csv', 'a.csv', 'text/csv text'],
  ['a calendar', 'BEGIN:VCALENDAR\r\n', 'text/plain', null, 'text/calendar text'],
  ['rich text', '{\\rtf1 x}', 'text/plain', null, 'application/rtf none'],
  ['a ZIP', 'PK\x03\x04\x14\0', 'application/pdf', 'a.pdf', 'application/zip none'],
  ['a document', 'PK\x03\x04\x14\0', 'x/y', 'a.docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document none'],
  ['an old document', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'x/y', 'a.doc', 'application/msword none'],
  ['an old something', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'x/y', 'a.html', 'application/octet-stream none'],
  ['a message', 'Subject: x\r\n', 'message/rfc822', null, 'message/rfc822 none'],
  ['a program', 'MZ\x90\0\x03\0\0\0\x04', 'image/png', 'a.png', 'application/octet-stream none'],
  ['nothing', '', 'image/png', 'a.png', 'application/octet-stream none'],
];

t.test('types told from octets', (t) => {
  for (const [name, head, declared, file, told] of TYPES) {
    const { mediaType, preview } = toldType(typeof head === 'string' ? Buffer.from(head, 'latin1') : head, declared, file);
    t.equal(`${mediaType} ${preview}`, told, name);
  }
  t.end();
});

const DATES: readonly (readonly [value: string, iso: string | null])[] = [
  ['Fri, 27 Nov 2026 10:00:00 -0500', '2026-11-27T15:00:00.000Z'],
  ['27 Nov 2026 10:00 +0000', '2026-11-27T10:00:00.000Z'],
  ['Fri, 27 Nov 2026 10:00:00 GMT (UTC)', '2026-11-27T10:00:00.000Z'],
  ['Fri, 27 Nov 26 10:00:00 PST', '2026-11-27T18:00:00.000Z'],
  ['1 Jan 99 00:00:00 +0530', '1998-12-31T18:30:00.000Z'],
  ['31 Feb 2026 10:00:00 +0000', null],
  ['27 Nox 2026 10:00:00 +0000', null],
  ['27 Nov 2026 25:00:00 +0000', null],
  ['yesterday', null],
  ['', null],
];

t.test('dates', (t) => {
  for (const [value, iso] of DATES) {
    const at = headerDateIn(value);
    t.equal(at === null ? null : new Date(at).toISOString(), iso, value);
  }
  t.end();
});

function head(...fields: readonly string[]): ReturnType<typeof readHead> {
  return readHead(Buffer.from(`${fields.join('\r\n')}\r\n\r\n`));
}

t.test('header fields', (t) => {
  t.match(head('Subject: a\r\n folded'), { subject: 'a folded' });
  t.match(head('Subject: =?utf-8?q?a=0D=0AX:_b=E2=80=AEc?='), { subject: 'a X: bc' });
  t.match(head('Subject:  '), { subject: null });
  t.match(head('Message-ID: bare@x'), { headerMessageId: '<bare@x>' });
  t.match(head('X: y'), { from: [], to: [], cc: [], date: null, subject: null, headerMessageId: null, references: null, end: 'complete' });
  t.same(head('From: "a\u202eb" <x@y.example>').from, [{ name: 'ab', address: 'x@y.example' }]);
  t.same(head('To: undisclosed-recipients:;').to, []);
  t.same(
    head('To: a@b.example', 'To: c@d.example').to.map(({ address }) => address),
    ['a@b.example', 'c@d.example'],
  );
  const many = head(`To: ${Array.from({ length: 600 }, (_, i) => `a${i}@b.example`).join(', ')}`);
  t.equal(many.to.length, 500);
  t.equal(many.end, 'over-limits');
  t.equal(head(`Subject: ${'x'.repeat(5_000)}`).subject?.length, 1_000);
  t.end();
});
