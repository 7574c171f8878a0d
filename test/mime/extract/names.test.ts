// File names: which hide what they are, and what kind their ending and a media type promise.
import t from 'tap';
import { endingOf, promisedByName, promisedByType } from '../../../src/mime/extract/declared-kinds.ts';
import { isSuspiciousName } from '../../../src/mime/extract/file-names.ts';

const SUSPICIOUS: readonly string[] = [
  '../../etc/passwd',
  '..\\windows\\win.ini',
  'a/../../b.txt',
  '/etc/passwd',
  'C:\\Users\\jane\\a.doc',
  'c:/a.txt',
  'invoice.pdf.exe',
  'scan.tiff.cmd',
  'list.xlsx.vbs',
  'note.txt.lnk',
  'mail.eml.hta',
  'study.dcm.jar',
  'page.html.ps1',
  'song.mp3.pif',
  'photo.jpg.scr',
  'letter.docx.js',
  'report.pdf        .exe',
  'letter                 .com',
  'annual\u202efdp.exe',
  'a\u0000b.txt',
  'a\nb.txt',
  'a\u200eb.txt',
  'a\u2066b.pdf',
];

const PLAIN: readonly string[] = [
  '',
  'letter.pdf',
  'Lab results 2026-11-27.pdf',
  'setup.exe',
  'run.cmd',
  'readme.exe.txt',
  'my.pdf.notes.docx',
  'archive.tar.gz',
  'v1.2.3.docx',
  'J. Smith, M.D..docx',
  'Grüße.docx',
  '検査結果.pdf',
  'نتيجة.pdf',
  'a..b.txt',
  '...txt',
  'no ending',
  'name.with.many.dots.txt',
  'dir/file.txt',
];

t.test('names that hide what they are', async (t) => {
  for (const name of SUSPICIOUS) t.ok(isSuspiciousName(name), JSON.stringify(name));
  for (const name of PLAIN) t.notOk(isSuspiciousName(name), JSON.stringify(name));
});

t.test('any name, in linear time', async (t) => {
  for (const piece of ['.', ' ', 'a.', '.exe', '../', '\\', '\u202e', 'x'])
    t.type(isSuspiciousName(piece.repeat(50_000)), 'boolean', JSON.stringify(piece));
});

t.test('endings', async (t) => {
  const cases: readonly (readonly [name: string, ending: string])[] = [
    ['a.PDF', 'pdf'],
    ['a.tar.gz', 'gz'],
    ['a.docx. ', 'docx'],
    ['a', ''],
    ['', ''],
    ['.profile', 'profile'],
    ['a.', ''],
    ['a.much-too-long-for-an-ending', ''],
    [`${'x'.repeat(10_000)}.csv`, 'csv'],
  ];
  for (const [name, ending] of cases) t.equal(endingOf(name), ending, JSON.stringify(name.slice(0, 30)));
});

t.test('what a name and a type promise', async (t) => {
  const names: readonly (readonly [name: string, kind: string])[] = [
    ['a.pdf', 'pdf'],
    ['a.docx', 'docx'],
    ['a.xls', 'xls'],
    ['a.csv', 'csv'],
    ['a.jpeg', 'picture'],
    ['a.mp4', 'audio-video'],
    ['a.zip', 'zip'],
    ['a.ics', 'calendar'],
    ['a.dcm', 'dicom'],
    ['a.msg', 'outlook-message'],
    ['a.rtf', 'rtf'],
    ['a.odt', 'odf'],
    ['a.pptx', 'pptx'],
    ['a.xlsx', 'xlsx'],
    ['a.vcf', 'vcard'],
    ['a.html', 'html'],
    ['a.eml', 'message'],
    ['a.ttf', 'font'],
    ['a.gz', 'gzip'],
    ['a.tar', 'tar'],
  ];
  for (const [name, kind] of names) t.ok((promisedByName(name) as readonly string[] | null)?.includes(kind), name);
  const types: readonly (readonly [type: string, kind: string])[] = [
    ['application/pdf', 'pdf'],
    ['image/png', 'picture'],
    ['text/html', 'html'],
    ['application/zip', 'zip'],
    ['audio/mpeg', 'audio-video'],
  ];
  for (const [type, kind] of types) t.ok((promisedByType(type) as readonly string[] | null)?.includes(kind), type);
  // A name without an ending and a type that says nothing promise nothing.
  for (const name of ['a', 'a.unknownending', '']) t.equal(promisedByName(name), null, JSON.stringify(name));
  t.equal(promisedByType('application/octet-stream'), null);
  t.equal(promisedByType('x-own/thing'), null);
});
