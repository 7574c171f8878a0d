// RTF: where each destination's text goes, code pages, what is hidden, files inside, HTML in disguise, and input made to hurt.
import { readFileSync } from 'node:fs';
import t from 'tap';
import type { Extractor } from '../../../src/mime/extract/extractor.ts';
import { rtfExtractor } from '../../../src/mime/extract/rtf.ts';
import { placesOf } from '../../support/office.ts';
import { readPart, textOf } from '../../support/read.ts';

const read = async (rtf: string, others: readonly Extractor[] = []): ReturnType<typeof readPart> =>
  await readPart(rtfExtractor, 'rtf', Buffer.from(rtf, 'latin1'), {}, others);

await t.test('a letter that LibreOffice wrote', async (t) => {
  const file = readFileSync(new URL('../../data/extract/office/letter.rtf', import.meta.url), 'latin1');
  const message = await read(file);
  for (const [word, place] of [
    ['body', 'text p1'],
    ['inserted', 'text p1'],
    ['box', 'text p1'],
    ['cell-a', 'text p1 r1 A1'],
    ['cell-c', 'text p1 r2 C2'],
    ['page-two', 'text p2'],
    ['deleted', 'hidden p1'],
    ['hidden', 'hidden p1'],
    ['header', 'note p1'],
    ['footnote', 'note p1'],
    ['endnote', 'note p1'],
    ['comment', 'annotation p1'],
    ['title', 'property'],
    ['author', 'property'],
    ['custom', 'property'],
    ['commenter', 'property'],
  ] as const) {
    t.same([...new Set(placesOf(message, `Sentinel ${word} walnut`))], [place], word);
  }
  t.same(placesOf(message, 'sentinel-link-walnut'), ['link p1']);
  t.match(textOf(message), 'One\ttwo\nthree   four \u00e9\u20ac\u010d');
  t.same(message.blindSpots, []);
});

const PLACES: readonly (readonly [name: string, rtf: string, text: string, places: readonly string[]])[] = [
  ['plain', '{\\rtf1 walnut}', 'walnut', ['text p1']],
  ['a word over groups and lines', '{\\rtf1 wal{\\b n}\r\nut}', 'walnut', ['text p1']],
  ['Western', "{\\rtf1\\ansi caf\\'e9}", 'caf\u00e9', ['text p1']],
  ['Cyrillic', "{\\rtf1\\ansi\\ansicpg1251 \\'cf\\'f0}", '\u041f\u0440', ['text p1']],
  [
    'by its font',
    "{\\rtf1\\ansi{\\fonttbl{\\f0\\fcharset0 A;}{\\f1\\fcharset128 B;}}\\f1 \\'93\\'fa\\'96\\'7b}",
    '\u65e5\u672c',
    ['text p1'],
  ],
  ['by the font it begins with', "{\\rtf1\\ansi\\deff3{\\fonttbl{\\f3\\fcharset204 A;}}\\'cf}", '\u041f', ['text p1']],
  ['Macintosh', "{\\rtf1\\mac \\'8e}", '\u00e9', ['text p1']],
  ['Unicode with what stands in', "{\\rtf1 \\u1055?\\u1088\\'f0\\uc2\\u1080 ab\\uc0\\u1074 et}", '\u041f\u0440\u0438\u0432et', ['text p1']],
  ['surrogates', '{\\rtf1 \\u-10179?\\u-8704?}', '\u{1f600}', ['text p1']],
  ['symbols', '{\\rtf1 a\\_b\\-c\\{d\\}\\\\\\emdash e}', 'a-bc{d}\\\u2014e', ['text p1']],
  ['hidden', '{\\rtf1 x{\\v walnut}}', 'walnut', ['hidden p1']],
  ['hidden until plain', '{\\rtf1\\v x\\plain walnut}', 'walnut', ['text p1']],
  ['deleted', '{\\rtf1 x{\\deleted walnut}}', 'walnut', ['hidden p1']],
  ['a page', '{\\rtf1 one\\page walnut}', 'walnut', ['text p2']],
  ['a section without a page', '{\\rtf1\\sbknone one\\sect walnut}', 'walnut', ['text p1']],
  ['a cell', '{\\rtf1\\trowd\\intbl a\\cell wal\\par nut\\cell\\row}', 'wal\nnut', ['text p1 r1 B1']],
  ['a destination nobody knows', '{\\rtf1{\\*\\mystery walnut}}', 'walnut', ['hidden p1']],
  ['names of styles', '{\\rtf1{\\stylesheet{\\*\\cs1 walnut;}}x}', 'walnut', []],
  ['a field', '{\\rtf1{\\field{\\*\\fldinst QUOTE walnut}{\\fldrslt shown}}}', 'QUOTE walnut', ['hidden p1']],
  ['its result', '{\\rtf1{\\field{\\*\\fldinst QUOTE x}{\\fldrslt walnut}}}', 'walnut', ['text p1']],
  ['a form field', '{\\rtf1{\\field{\\*\\fldinst{\\*\\formfield{\\*\\ffdeftext walnut}}}}}', 'walnut', ['form-field p1']],
  ['Unicode in place of ANSI', '{\\rtf1{\\info{\\title{\\upr{old}{\\*\\ud{walnut}}}}}}', 'walnut', ['property']],
  ['a shape', '{\\rtf1{\\shp{\\*\\shpinst{\\sp{\\sn wzDescription}{\\sv walnut}}{\\shptxt boxed\\par}}}}', 'walnut', ['alternative p1']],
  ['text in a shape', '{\\rtf1{\\shp{\\*\\shpinst{\\sp{\\sn wzName}{\\sv x}}{\\shptxt walnut\\par}}}}', 'walnut', ['text p1']],
  ['a variable', '{\\rtf1{\\*\\docvar{MRN}{walnut}}x}', 'walnut', ['hidden p1']],
  ['behind the end', '{\\rtf1 x}walnut', 'walnut', ['hidden']],
  ['binary that lies', '{\\rtf1 \\bin99999999 walnut}', 'walnut', ['text p1']],
  ['binary below zero', '{\\rtf1 \\bin-3 walnut}', 'walnut', ['text p1']],
  ['never closed', '{\\rtf1{{{{ walnut', 'walnut', ['text p1']],
  ['closed too often', '{\\rtf1 x}}}} walnut', 'walnut', ['hidden']],
];

for (const [name, rtf, text, places] of PLACES) {
  await t.test(name, async (t) => {
    t.same(placesOf(await read(rtf), text), places);
  });
}

await t.test('files inside', async (t) => {
  const counted = (text: string): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length + 1);
    return Buffer.concat([length, Buffer.from(`${text}\0`)]);
  };
  const payload = Buffer.from('payload-walnut');
  const size = Buffer.alloc(4);
  size.writeUInt32LE(payload.length);
  const native = Buffer.concat([
    Buffer.from('\x02\0note.txt\0C:\\note.txt\0\0\0\x03\0', 'latin1'),
    counted('C:\\temp\\note.txt'),
    size,
    payload,
  ]);
  const nativeSize = Buffer.alloc(4);
  nativeSize.writeUInt32LE(native.length);
  const object = Buffer.concat([
    Buffer.from('\x01\x05\0\0\x02\0\0\0', 'latin1'),
    counted('Package'),
    Buffer.alloc(8),
    nativeSize,
    native,
  ]).toString('hex');
  const files: string[] = [];
  const taker: Extractor = {
    kinds: ['text'],
    extract(source) {
      files.push(`${source.name} ${source.bytes.toString('latin1')}`);
    },
  };
  const message = await read(
    `{\\rtf1{\\pict\\pngblip 8950\n4e47{\\*\\blipuid ffff}}{\\object{\\*\\objclass Package}{\\*\\objdata ${object}}{\\result shown}}{\\pict\\bin4 abcd}}`,
    [taker],
  );
  t.equal(message.parts.length, 4);
  t.equal(message.parts[1]?.sizeBytes, 4);
  t.ok(files.includes('note.txt payload-walnut'), 'the packaged file with its name');
  t.same(placesOf(message, 'C:\\note.txt'), ['file-name']);
  t.same(placesOf(message, 'shown'), ['text p1']);
});

await t.test('HTML that Outlook wrapped', async (t) => {
  let html = '';
  const taker: Extractor = {
    kinds: ['html', 'text'],
    extract(source) {
      html = source.bytes.toString('utf8');
      t.equal(source.declaredType, 'text/html');
    },
  };
  const rtf = `{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 \\deff0{\\fonttbl{\\f0\\fswiss Arial;}}
{\\*\\htmltag19 <html>}{\\*\\htmltag64 <p class="a\\'e9">}\\htmlrtf {\\f0 \\htmlrtf0 Wal{\\*\\htmltag84 <b>}n{\\*\\htmltag92 </b>}ut & caf\\'e9 <ok>\\htmlrtf \\par suppressed-walnut}\\htmlrtf0
{\\*\\mhtmltag64 <p bad>}{\\*\\htmltag72 </p>}{\\*\\htmltag27 </html>}}`;
  const message = await read(rtf, [taker]);
  t.equal(html, '<html><p class="a\u00e9">Wal<b>n</b>ut &amp; caf\u00e9 &lt;ok&gt;</p></html>');
  t.same(placesOf(message, 'suppressed-walnut'), ['hidden']);
});

await t.test('input made to hurt', async (t) => {
  for (const [name, rtf] of [
    ['braces', `${'{'.repeat(500_000)}walnut${'}'.repeat(500_000)}`],
    ['notes in notes', `{\\rtf1 ${'{\\footnote '.repeat(100_000)}walnut`],
    ['destinations in destinations', `{\\rtf1 ${'{\\upr{\\*\\ud '.repeat(50_000)}walnut`],
    ['octets', `{\\rtf1 ${"\\'41".repeat(500_000)}walnut}`],
    ['paragraphs', `{\\rtf1 ${'a\\par '.repeat(300_000)}walnut}`],
    ['cells', `{\\rtf1\\intbl ${'a\\cell '.repeat(300_000)}walnut}`],
    ['fonts', `{\\rtf1{\\fonttbl${'{\\f1\\fcharset204 A;}'.repeat(100_000)}}walnut}`],
  ] as const) {
    t.ok(textOf(await read(rtf)).includes('walnut'), name);
  }
});
