// Charsets: names right and wrong, the same sentence through the iconv of the system in many charsets, and octets that are not what they say.
import { execFileSync } from 'node:child_process';
import t from 'tap';
import { charsetNamed } from '../../src/mime/charset-names.ts';
import { decodeText, isSameCharset, otherLines } from '../../src/mime/charset.ts';
import { CHARSETS } from '../support/charsets.ts';

await t.test('names', async (t) => {
  const names: readonly (readonly [name: string, meant: string])[] = [
    ['utf8', 'utf-8'],
    ['"UTF-8"', 'utf-8'],
    ['utf-8; format=flowed', 'utf-8'],
    ['charset=utf-8', 'utf-8'],
    ['unicode-1-1-utf-8', 'utf-8'],
    ['cp65001', 'utf-8'],
    ['iso8859-1', 'windows-1252'],
    ['ISO_8859-1:1987', 'windows-1252'],
    ['8859-15', 'iso-8859-15'],
    ['latin2', 'iso-8859-2'],
    ['csISOLatin1', 'windows-1252'],
    ['ISO-8859-8-I', 'iso-8859-8'],
    ['ansi_x3.110-1983', 'windows-1252'],
    ['ANSI_X3.4-1968', 'windows-1252'],
    ['us_ascii', 'windows-1252'],
    ['win-1251', 'windows-1251'],
    ['cp1250', 'windows-1250'],
    ['cp-850', 'cp850'],
    ['IBM437', 'cp437'],
    ['x-mac-roman', 'macintosh'],
    ['x-mac-ce', 'maccenteuro'],
    ['unicode-1-1-utf-7', 'utf-7'],
    ['x-unicode-2-0-utf-7', 'utf-7'],
    ['cp932', 'shift_jis'],
    ['x-sjis', 'shift_jis'],
    ['ks_c_5601-1987', 'euc-kr'],
    ['gb2312', 'gbk'],
    ['x-gbk', 'gbk'],
    ['hz', 'hz-gb-2312'],
    ['csiso2022jp', 'iso-2022-jp'],
    ['ucs-2', 'utf-16'],
    ['ucs-4', 'utf-32be'],
    ['koi8r', 'koi8-r'],
    ['tis-620', 'windows-874'],
  ];
  for (const [name, meant] of names) {
    const charset = charsetNamed(name);
    t.equal(charset === 'unknown' ? charset : charset.name, meant, name);
  }
  for (const name of [
    'x-unknown',
    'unknown-8bit',
    'base64',
    'hex',
    'binary',
    '',
    '"',
    'ebcdic-cp-us',
    'constructor',
    '__proto__',
    'x'.repeat(10_000),
  ])
    t.equal(charsetNamed(name), 'unknown', name.slice(0, 20));
  t.ok(isSameCharset('latin1', 'windows-1252'));
  t.notOk(isSameCharset('utf-8', 'latin1'));
  t.notOk(isSameCharset('x-unknown', 'x-unknown'));
});

await t.test('the same sentence by iconv', async (t) => {
  t.ok(CHARSETS.length >= 40, `${CHARSETS.length} charsets`);
  for (const { made, declared, sentence } of CHARSETS) {
    const bytes = execFileSync('iconv', ['-f', 'utf-8', '-t', made], { input: `${sentence}\n` });
    const { text, defects } = decodeText(bytes, declared);
    t.strictSame([text.trim(), defects], [sentence, []], `${made} as ${declared}`);
  }
});

interface Wrong {
  readonly name: string;
  readonly bytes: Buffer;
  readonly charset: string | null;
  readonly text: string;
  readonly defects: readonly string[];
  readonly others?: readonly string[];
}

const latin = (text: string): Buffer => Buffer.from(text, 'latin1');
const wide = (text: string): Buffer => Buffer.from(text, 'utf16le');

const WRONG: readonly Wrong[] = [
  { name: 'no name, UTF-8', bytes: Buffer.from('Jörg'), charset: null, text: 'Jörg', defects: [] },
  { name: 'no name, Windows-1252', bytes: latin('J\xf6rg \x93x\x94'), charset: null, text: 'Jörg “x”', defects: [] },
  { name: 'no name, UTF-16', bytes: wide('Jörg Müller'), charset: null, text: 'Jörg Müller', defects: [] },
  { name: 'no name, UTF-16 the other way', bytes: wide('Jörg Müller').swap16(), charset: null, text: 'Jörg Müller', defects: [] },
  {
    name: 'no name, Japanese by escapes',
    bytes: latin('\x1b$B;3ED\x1b(B'),
    charset: null,
    text: '山田',
    defects: [],
    others: ['\x1b$B;3ED\x1b(B'],
  },
  { name: 'unknown name', bytes: Buffer.from('Jörg'), charset: 'x-none', text: 'Jörg', defects: ['charset-unknown'] },
  { name: 'ASCII that is UTF-8', bytes: Buffer.from('Jörg'), charset: 'us-ascii', text: 'Jörg', defects: ['charset-wrong'] },
  { name: 'ASCII that is Latin-1', bytes: latin('J\xf6rg'), charset: 'us-ascii', text: 'Jörg', defects: ['charset-wrong'] },
  {
    name: 'UTF-8 that is Latin-1',
    bytes: latin('J\xf6rg'),
    charset: 'utf-8',
    text: 'Jörg',
    defects: ['charset-wrong'],
    others: ['J\ufffdrg'],
  },
  {
    name: 'UTF-8 with one bad octet',
    bytes: Buffer.concat([Buffer.from('Jörg '), latin('\xff')]),
    charset: 'utf-8',
    text: 'Jörg \ufffd',
    defects: ['charset-wrong'],
    others: ['JÃ¶rg ÿ'],
  },
  {
    name: 'Latin-1 that is UTF-8',
    bytes: Buffer.from('Jörg'),
    charset: 'iso-8859-1',
    text: 'Jörg',
    defects: ['charset-wrong'],
    others: ['JÃ¶rg'],
  },
  {
    name: 'UTF-16 that is none',
    bytes: latin('John Smith'),
    charset: 'utf-16',
    text: 'John Smith',
    defects: ['charset-wrong'],
    others: ['潊湨匠業桴'],
  },
  {
    name: 'Latin-1 that is UTF-16',
    bytes: wide('John Smith'),
    charset: 'iso-8859-1',
    text: 'John Smith',
    defects: ['charset-wrong'],
  },
  {
    name: 'octets that Shift_JIS does not have',
    bytes: latin('John \xfd\xff'),
    charset: 'shift_jis',
    text: 'John \ufffd\ufffd',
    defects: ['charset-wrong'],
    others: ['John ýÿ'],
  },
  { name: 'a mark of UTF-8', bytes: Buffer.from('\ufeffJörg'), charset: 'iso-8859-1', text: 'Jörg', defects: [] },
  {
    name: 'a mark of UTF-16 and another name',
    bytes: wide('\ufeffHi'),
    charset: 'iso-8859-1',
    text: 'Hi',
    defects: ['charset-wrong'],
    others: ['H\0i\0'],
  },
  {
    name: 'UTF-7 in ASCII',
    bytes: latin('+ADw-b+AD4-Hi, +1-555-0100 C+Add a+b'),
    charset: 'us-ascii',
    text: '+ADw-b+AD4-Hi, +1-555-0100 C+Add a+b',
    defects: ['charset-wrong'],
    others: ['<b>Hi, +1-555-0100 C+Add a+b'],
  },
  {
    name: 'UTF-7 that says so',
    bytes: latin('J+AG8-hn 1 +- 2'),
    charset: 'utf-7',
    text: 'John 1 + 2',
    defects: [],
    others: ['J+AG8-hn 1 +- 2'],
  },
  {
    name: 'words as Chinese for those who know HZ',
    bytes: latin('~{John~}\nab~~'),
    charset: 'hz-gb-2312',
    text: '术雍\nab~'.replace('术雍', decodeText(latin('\xca\xef\xe8\xee'), 'gbk').text),
    defects: [],
    others: ['~{John~}\nab~~'],
  },
  {
    name: 'partly wide',
    bytes: Buffer.concat([wide('Smith, John Smith'), latin('ab')]),
    charset: null,
    text: 'Smith, John Smith扡',
    defects: [],
    others: ['Smith, John Smithab'],
  },
  { name: 'one NUL', bytes: latin('John\0'), charset: null, text: 'John\0', defects: [] },
  { name: 'nothing', bytes: latin(''), charset: 'utf-16', text: '', defects: [] },
];

await t.test('octets that are not what they say', async (t) => {
  for (const { name, bytes, charset, text, defects, others = [] } of WRONG) {
    const decoded = decodeText(bytes, charset);
    if (name === 'nothing') t.equal(decoded.text, '', name);
    else t.strictSame(decoded, { text, defects, others }, name);
  }
});

await t.test('of other readings only the lines that differ', async (t) => {
  t.strictSame(otherLines(decodeText(latin('one\r\nJ\xf6rg\r\nthree'), 'utf-8')), ['J\ufffdrg']);
  t.strictSame(otherLines(decodeText(latin('one'), 'utf-8')), []);
});

await t.test('hostile octets', async (t) => {
  const units = ['\x1b$B', '\x1b$BAA\x1b(B', '\x1bN', '\x0e', '+', '+AAA', '+AAA-', '~{', '~{a~}', '~', '\0', '\xff\xfe', '\xc3', '\x1b'];
  for (const unit of units) {
    for (const charset of [null, 'utf-8', 'utf-7', 'iso-2022-jp', 'iso-2022-cn', 'hz', 'utf-16', 'utf-32', 'gbk', 'cp437', 'us-ascii']) {
      const bytes = latin(unit.repeat(20_000));
      const { text, others } = decodeText(bytes, charset);
      t.ok(
        [text, ...others].every((one) => one.length <= bytes.length * 2) && others.length <= 2,
        `${encodeURIComponent(unit)} as ${charset}`,
      );
    }
  }
});
