// Plain text in every charset, paragraphs that flow, escapes of JSON and XML, and files that stand in a text.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import t from 'tap';
import type { PartKind } from '../../../src/mail/message.ts';
import { splitFiles } from '../../../src/mime/extract/files-in-text.ts';
import { unflow } from '../../../src/mime/extract/flowed-text.ts';
import { textExtractor } from '../../../src/mime/extract/text.ts';
import { CHARSETS } from '../../support/charsets.ts';
import { fuzz } from '../../support/fuzz.ts';
import { readPart, textOf } from '../../support/read.ts';

const DATA = new URL('../../data/extract/text/', import.meta.url);

function read(kind: PartKind, bytes: Uint8Array | string, parameters: Readonly<Record<string, string>> = {}) {
  return readPart(textExtractor, kind, bytes, { parameters: new Map(Object.entries(parameters)) }, [textExtractor]);
}

await t.test('charsets', async (t) => {
  for (const { made, declared, sentence } of CHARSETS) {
    const bytes = execFileSync('iconv', ['-f', 'utf-8', '-t', made], { input: sentence });
    const { spans, defects } = await read('text', bytes, { charset: declared });
    t.strictSame(
      [spans[0]?.place, spans[0]?.text.replace('，', ','), defects],
      [{ area: 'text' }, sentence.replace('，', ','), []],
      `${made} as ${declared}`,
    );
  }
});

await t.test('two readings', async (t) => {
  const { spans, defects } = await read('text', Buffer.from('one\r\nJ\xf6rg\r\n', 'latin1'), { charset: 'utf-8' });
  t.strictSame(
    spans.map(({ place, text }) => [place.area, text]),
    [
      ['text', 'one\r\nJörg\r\n'],
      ['hidden', 'J\ufffdrg'],
    ],
  );
  t.strictSame(
    defects.map(({ code }) => code),
    ['charset-wrong'],
  );
  t.match(textOf(await read('text', 'J+AG8-hn', { charset: 'us-ascii' })), /^John$/m, 'UTF-7 in ASCII');
});

await t.test('paragraphs that flow (RFC 3676)', async (t) => {
  const cases: readonly (readonly [name: string, text: string, breaks: 'space' | 'nothing', seen: string])[] = [
    ['joined', 'one \r\ntwo\r\nthree', 'space', 'one two\nthree'],
    ['a word over two lines', 'Jo \r\nhn', 'nothing', 'John'],
    ['quotes', '> one \r\n> two\r\n>> three \r\n> four', 'space', '> one two\n>> three \n> four'],
    ['stuffed', ' From here \r\n  x\r\n >no quote', 'space', 'From here  x\n>no quote'],
    ['signature', 'Bye \r\n-- \r\nJohn \r\nSmith', 'space', 'Bye \n-- \nJohn Smith'],
    ['no end', 'one ', 'space', 'one '],
    ['nothing', '', 'space', ''],
  ];
  for (const [name, text, breaks, seen] of cases) t.equal(unflow(text, breaks), seen, name);
  const { spans } = await read('text', 'Jo \r\nhn\r\n', { format: 'Flowed', delsp: 'Yes' });
  t.equal(spans[0]?.text, 'John\n');
  t.equal((await read('text', 'Jo \r\nhn', {})).spans[0]?.text, 'Jo \r\nhn', 'not where it does not say so');
});

await t.test('JSON and XML', async (t) => {
  const cases: readonly (readonly [name: string, kind: PartKind, text: string, seen: string])[] = [
    ['escapes', 'json', '{"a": "J\\u006fhn\\n\\"S\\"\\/ \\\\u0041"}', '{"a": "John\n"S"/ \\u0041"}'],
    ['half an escape', 'json', '"\\u00', '"u00'],
    ['a pair', 'json', '"\\ud83d\\ude00"', '"😀"'],
    ['references', 'xml', '<a b="&#x4a;ohn">J&#111;hn &lt;&amp;&gt; &none; &#x110000;</a>', '<a b="John">John <&> &none; &#x110000;</a>'],
    [
      'its own encoding',
      'xml',
      '<?xml version="1.0" encoding="iso-8859-1"?><a>J\xf6rg</a>',
      '<?xml version="1.0" encoding="iso-8859-1"?><a>Jörg</a>',
    ],
  ];
  for (const [name, kind, text, seen] of cases) t.equal((await read(kind, Buffer.from(text, 'latin1'))).spans[0]?.text, seen, name);
  const wide = Buffer.from('\ufeff<?xml version="1.0" encoding="utf-16"?><a>Jörg</a>', 'utf16le');
  t.match(textOf(await read('xml', wide)), /<a>Jörg</, 'UTF-16');
});

await t.test('files in a text', async (t) => {
  for (const file of ['uuencode.txt', 'uuencode-base64.txt']) {
    const message = await read('text', readFileSync(new URL(file, DATA)));
    t.strictSame(
      message.parts.slice(1).map(({ name, role, kind }) => [name, role, kind]),
      [['result.txt', 'attachment', 'text']],
      file,
    );
    t.strictSame(
      message.spans.map(({ part, text }) => [part, text]),
      [
        ['', 'See the file.\n'],
        ['', 'Regards\n'],
        ['1', 'result.txt'],
        ['1', 'Result of John Smith: positive.\n'],
      ],
    );
    t.strictSame(message.defects, [{ part: '', code: 'file-in-text' }]);
  }
  const plain = Buffer.from('Result of John Smith: positive. = \n\r\0');
  const coded = [...plain].map((octet) => {
    const code = (octet + 42) & 255;
    return [0, 10, 13, 61].includes(code) ? [61, (code + 64) & 255] : [code];
  });
  const yenc = Buffer.concat([
    Buffer.from('Hi\r\n=ybegin line=128 size=32 name=result.txt\r\n'),
    Buffer.from(coded.flat()),
    Buffer.from('\r\n=yend size=32\r\nBye\r\n'),
  ]);
  const message = await read('text', yenc);
  t.strictSame(
    message.parts.slice(1).map(({ name }) => name),
    ['result.txt'],
    'yEnc',
  );
  t.match(textOf(message), /Result of John Smith: positive/);
  for (const text of ['begin 644 the day\nwith a walk\nend\n', 'We begin 644 x\nM\nend', 'begin 644 x\n', '=ybegin the day\n']) {
    const read1 = await read('text', text);
    t.strictSame([read1.parts.length, read1.defects, textOf(read1)], [1, [], text], 'words that look so');
  }
});

await t.test('a word split is found', async (t) => {
  for (const text of ['J\u200bohn', 'Jo\u00adhn', '\u202enhoJ\u202c', 'Jοhn', 'J𝐨hn', 'J\u0336o\u0336hn', 'Jｏhn'])
    t.equal((await read('text', text, { charset: 'utf-8' })).spans[0]?.text, 'John', encodeURIComponent(text));
});

await t.test('hostile text', async (t) => {
  const units = [
    'begin 644 x\n',
    `begin 644 x\nM${'A'.repeat(60)}\n`,
    '=ybegin line=128 size=1 name=x\n',
    '> \n',
    '>',
    '\\u',
    '&#',
    'begin',
    '=ybegin',
  ];
  for (const unit of units) {
    for (const kind of ['text', 'json', 'xml'] as const) {
      const text = unit.repeat(30_000);
      const message = await read(kind, text, { format: 'flowed', charset: 'utf-8' });
      const length = message.spans.reduce((sum, span) => sum + span.text.length, 0);
      t.ok(length <= text.length * 2 && message.parts.length <= 210, `${JSON.stringify(unit.slice(0, 10))} as ${kind}`);
    }
  }
});

await t.test('nothing is lost beside files', async (t) => {
  const lines = fc.array(fc.constantFrom('begin 644 x', 'M'.padEnd(61, '0'), '`', 'end', '=ybegin line=1 name=x', '=yend', 'text', ''), {
    maxLength: 20,
  });
  fuzz(
    t,
    2_000,
    fc.property(lines, (all) => {
      const bytes = Buffer.from(all.join('\n'));
      const { texts, files } = splitFiles(bytes);
      const words = (text: string): number => text.split('text').length;
      const left = Buffer.concat([...texts]).toString();
      return files.length > 0 || (left === bytes.toString() && words(left) === words(bytes.toString()));
    }),
  );
});
