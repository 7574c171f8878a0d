// Tar, gzip and mailbox files: by real programs, cut, joined, and with words where none should be.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import t from 'tap';
import type { Message, PartKind } from '../../../src/mail/message.ts';
import { gzipExtractor } from '../../../src/mime/extract/gzip.ts';
import { mboxExtractor } from '../../../src/mime/extract/mbox.ts';
import { tarExtractor } from '../../../src/mime/extract/tar.ts';
import { damaged } from '../../support/damage.ts';
import { readFileWith, readPart, textOf } from '../../support/read.ts';
import { wordsAs } from '../../support/words-extractor.ts';

const DATA = join(import.meta.dirname, '../../data/extract/archives');
const WORDS = wordsAs('text', 'csv');

const blindOf = (message: Message): string[] => message.blindSpots.map(({ part, kind }) => `${part} ${kind}`.trim());
const defectsOf = (message: Message): string[] => message.defects.map(({ part, code }) => `${part} ${code}`.trim());
const namesOf = (message: Message): (string | null)[] => message.parts.slice(1).map(({ name }) => name);
const file = (name: string): Buffer => readFileSync(join(DATA, name));
const tar = (bytes: Uint8Array): Promise<Message> => readPart(tarExtractor, 'tar', bytes, {}, [WORDS]);
const gzip = (bytes: Uint8Array, name: string | null = null): Promise<Message> => readPart(gzipExtractor, 'gzip', bytes, { name }, [WORDS]);

await t.test('tar by real programs', async (t) => {
  const both = ['note.txt', 'folder/plan.txt'];
  const long = [`deep/${'n'.repeat(120)}/plan.txt`, 'sparse.txt'];
  const cases: readonly (readonly [name: string, within: string | null, members: readonly string[]])[] = [
    ['gnu.tgz', 'gnu.tar', both],
    ['pax.tar.gz', 'pax.tar', both],
    ['v7.tar.gz', 'v7.tar', both],
    ['bsdtar-pax.tar.gz', 'bsdtar-pax.tar', both],
    ['gnu-long.tar.gz', 'gnu-long.tar', long],
    ['pax-long.tar.gz', 'pax-long.tar', long],
  ];
  for (const [name, within, members] of cases) {
    const message = await readFileWith([gzipExtractor, tarExtractor, WORDS], file(name), name);
    t.same(namesOf(message), [within, ...members], `${name}: its members`);
    t.equal(textOf(message).split('The sentinel heron stands in').length - 1, 2, `${name}: their words`);
    t.same([...blindOf(message), ...defectsOf(message)], [], `${name}: nothing else`);
  }
  t.match(textOf(await tar(gunzipSync(file('gnu-long.tar.gz')))), /\nfolder\/plan\.txt\nlink\n/, 'a link and where it leads');
});

const HEADER = 512;

/** A member as ustar has it, header and data, with its checksum. */
function member(
  name: string,
  data: string | Uint8Array,
  about: { readonly type?: string; readonly size?: string; readonly link?: string } = {},
): Buffer {
  const octets = Buffer.from(data);
  const block = Buffer.alloc(HEADER + Math.ceil(octets.length / HEADER) * HEADER);
  block.write(name, 0, 100);
  block.write('0000644\x000000000\x000000000\x00', 100);
  block.write(`${about.size ?? octets.length.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
  block.write('00000000000\0        ', 136);
  block.write(about.type ?? '0', 156);
  block.write(about.link ?? '', 157, 100);
  block.write('ustar\x0000', 257);
  octets.copy(block, HEADER);
  return summed(block);
}

function summed(block: Buffer): Buffer {
  block.fill(' ', 148, 156);
  const sum = block.subarray(0, HEADER).reduce((total, octet) => total + octet, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

const END = Buffer.alloc(1_024);
const pax = (key: string, value: string): string => {
  const rest = ` ${key}=${value}\n`;
  return `${Buffer.byteLength(rest) + 2}${rest}`;
};

interface Case {
  readonly name: string;
  readonly pieces: readonly Buffer[];
  readonly texts: readonly string[];
  readonly names: readonly (string | null)[];
  readonly blind?: readonly string[];
  readonly defects?: readonly string[];
}

const wrong = member('a.txt', 'the first words');
wrong.write('9999', 148);
const slack = member('a.txt', 'the first words');
slack.write('words in the padding', HEADER + 100);

const CASES: readonly Case[] = [
  { name: 'a usual one', pieces: [member('a.txt', 'the first words'), END], texts: ['the first words'], names: ['a.txt'] },
  {
    name: 'a folder and a link',
    pieces: [member('Roe/', '', { type: '5' }), member('b', '', { type: '2', link: 'to Roe' }), END],
    texts: ['Roe/', 'b', 'to Roe'],
    names: [],
  },
  {
    name: 'an unknown type',
    pieces: [member('a.txt', 'the first words', { type: 'Z' }), END],
    texts: ['the first words'],
    names: ['a.txt'],
  },
  { name: 'a wrong checksum', pieces: [wrong, END], texts: ['the first words'], names: ['a.txt'], defects: ['container-malformed'] },
  {
    name: 'words in the padding',
    pieces: [slack, END],
    texts: ['the first words', 'words in the padding'],
    names: ['a.txt'],
    defects: ['container-malformed'],
  },
  {
    name: 'a member behind the end',
    pieces: [member('a.txt', 'the first words'), END, member('b.txt', 'the last words'), END],
    texts: ['the first words', 'the last words'],
    names: ['a.txt', 'b.txt'],
    defects: ['container-malformed'],
  },
  {
    name: 'words behind the end',
    pieces: [member('a.txt', 'the first words'), END, Buffer.from('words behind the end')],
    texts: ['the first words', 'words behind the end'],
    names: ['a.txt'],
    defects: ['container-malformed'],
  },
  {
    name: 'damage between members',
    pieces: [member('a.txt', 'the first words'), Buffer.alloc(HEADER * 2, 'damage '), member('b.txt', 'the last words'), END],
    texts: ['the first words', 'the last words'],
    names: ['a.txt', 'b.txt'],
    blind: ['broken'],
    defects: ['container-malformed'],
  },
  {
    name: 'cut',
    pieces: [member('a.txt', 'the first words'), member('b.txt', 'the last words '.repeat(100)).subarray(0, 900)],
    texts: ['the first words'],
    names: ['a.txt', 'b.txt'],
    blind: ['broken'],
  },
  {
    name: 'cut between members',
    pieces: [member('a.txt', 'the first words')],
    texts: ['the first words'],
    names: ['a.txt'],
    blind: ['broken'],
  },
  {
    name: 'a size beyond everything',
    pieces: [member('a.txt', 'the first words', { size: '\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff' }), END],
    texts: [],
    names: ['a.txt'],
    blind: ['broken'],
  },
  {
    name: 'pax records',
    pieces: [
      member('x', pax('path', 'M\u00fcller') + pax('comment', 'a remark') + pax('SCHILY.xattr.user.note', 'a note'), { type: 'x' }),
      member('short', 'the first words'),
      END,
    ],
    texts: ['the first words', 'a remark', 'a note'],
    names: ['M\u00fcller'],
  },
  {
    name: 'a pax record that lies',
    pieces: [member('x', '999999999 path=far\n', { type: 'x' }), member('a.txt', 'the first words'), END],
    texts: ['the first words'],
    names: ['a.txt'],
  },
  {
    name: 'a path upwards',
    pieces: [member('../../a.txt', 'the first words'), END],
    texts: ['the first words'],
    names: ['../../a.txt'],
    defects: ['1 name-suspicious'],
  },
];

await t.test('tar made by hand', async (t) => {
  for (const { name, pieces, texts, names, blind = [], defects = [] } of CASES) {
    const message = await tar(Buffer.concat(pieces));
    const found = message.spans.map(({ text }) => text.replaceAll('\0', ''));
    t.same(
      texts.filter((text) => !found.includes(text)),
      [],
      `${name}: all words are found`,
    );
    t.same(namesOf(message), names, `${name}: names`);
    t.same(blindOf(message), blind, `${name}: blind spots`);
    t.same(defectsOf(message), defects, `${name}: defects`);
  }
});

await t.test('gzip', async (t) => {
  const whole = file('note.txt.gz');
  const plain = gzipSync('more words');
  t.same(namesOf(await gzip(whole)), ['note.txt'], 'the name in it');
  t.same(namesOf(await gzip(plain, 'list.csv.gz')), ['list.csv'], 'the name of the file');
  t.match(textOf(await gzip(Buffer.concat([whole, plain]))), /stands in note\.txt\.\nmore words$/, 'two members are one file');

  const commented = Buffer.concat([Buffer.from('1f8b0818000000000003', 'hex'), Buffer.from('a.txt\0a comment\0'), plain.subarray(10)]);
  t.same(textOf(await gzip(commented)), 'a comment\na.txt\nmore words');

  const trailed = await gzip(Buffer.concat([plain, Buffer.from('words behind it')]));
  t.match(textOf(trailed), /more words\nwords behind it/);
  t.same(defectsOf(trailed), ['container-malformed']);
  t.same(defectsOf(await gzip(Buffer.concat([plain, Buffer.alloc(512)]))), [], 'blanks behind it');

  const cut = await gzip(whole.subarray(0, 400));
  t.ok(textOf(cut).length > 300, 'what is there of a cut one');
  t.same(blindOf(cut), ['broken']);
  const wrongSum = Buffer.from(plain);
  wrongSum[wrongSum.length - 7] = 0;
  t.same(defectsOf(await gzip(wrongSum)), ['container-malformed'], 'a wrong checksum');
});

await t.test('gzip that grows', async (t) => {
  const bomb = gzipSync(Buffer.alloc(20_000_000));
  t.same(blindOf(await readPart(gzipExtractor, 'gzip', bomb, {}, [], { limits: { partBytes: 1_000_000 } })), ['too-large']);
  const many = Buffer.concat(Array.from({ length: 30 }, () => gzipSync(Buffer.alloc(100_000))));
  t.same(blindOf(await readPart(gzipExtractor, 'gzip', many, {}, [], { limits: { partBytes: 1_000_000 } })), ['too-large'], 'by members');
  let nested = gzipSync('the innermost words');
  for (let i = 0; i < 40; i++) nested = gzipSync(nested);
  const deep = await readFileWith([gzipExtractor, WORDS], nested);
  t.same(
    deep.blindSpots.map(({ kind }) => kind),
    ['too-deep'],
  );
});

await t.test('mailbox', async (t) => {
  const one = 'From a@b.example Mon Jan  5 10:00:00 2026\nFrom: a\nSubject: one\n\nFrom here on\n>From there\n\nFrom words\n\n';
  const two = 'From c@d.example Tue Jan  6 10:00:00 2026\r\nSubject: two\r\n\r\nhello\r\n';
  const message = await readFileWith([mboxExtractor, wordsAs('message')], one + two);
  t.same(
    message.parts.slice(1).map(({ kind, declaredType }): [PartKind, string | null] => [kind, declaredType]),
    [
      ['message', 'message/rfc822'],
      ['message', 'message/rfc822'],
    ],
  );
  t.same(
    message.spans.map(({ place, text }) => [place.area, text]),
    [
      ['header', 'From a@b.example Mon Jan  5 10:00:00 2026'],
      ['text', 'From: a\nSubject: one\n\nFrom here on\n>From there\n\nFrom words\n\n'],
      ['header', 'From c@d.example Tue Jan  6 10:00:00 2026'],
      ['text', 'Subject: two\r\n\r\nhello\r\n'],
    ],
  );
});

await t.test('damaged files end', async (t) => {
  const files = [file('gnu.tgz'), file('note.txt.gz'), gzipSync('a'), gzipSync(Buffer.concat([gzipSync('b'), gzipSync('c')]))];
  const tars = [gunzipSync(file('gnu-long.tar.gz')), gunzipSync(file('pax-long.tar.gz')), gunzipSync(file('v7.tar.gz'))];
  const limits = { partBytes: 2_000_000, unpackedBytes: 4_000_000, parts: 60 };
  const all = [gzipExtractor, tarExtractor, WORDS];
  await damaged([...files, ...tars], 250, async (bytes) => (await readFileWith(all, bytes, null, { limits })).parts.length <= 60);
  await damaged(tars, 200, async (bytes) => (await readPart(tarExtractor, 'tar', bytes, {}, [WORDS], { limits })).parts.length <= 60);
  t.pass('450 damaged files');
});
