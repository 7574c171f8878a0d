// ZIP files by real programs, and such as no honest program writes: two directories, members that only one reader sees, bombs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import t from 'tap';
import type { Message } from '../../../src/mail/message.ts';
import { zipExtractor } from '../../../src/mime/extract/zip.ts';
import { damaged } from '../../support/damage.ts';
import { readFileWith, readPart, type ReadSettings, textOf } from '../../support/read.ts';
import { wordsAs } from '../../support/words-extractor.ts';
import { type MadeMember, type MadeZip, zipOf } from '../../support/zip-maker.ts';

const DATA = join(import.meta.dirname, '../../data/extract/archives');
const WORDS = wordsAs('text', 'csv');

const read = (bytes: Uint8Array, settings: ReadSettings = {}): Promise<Message> =>
  readPart(zipExtractor, 'zip', bytes, {}, [WORDS], settings);
const blindOf = (message: Message): string[] => message.blindSpots.map(({ part, kind }) => `${part} ${kind}`.trim());
const defectsOf = (message: Message): string[] => message.defects.map(({ part, code }) => `${part} ${code}`.trim());

await t.test('by real programs', async (t) => {
  const both = ['note.txt', 'folder/plan.txt'];
  const cases: readonly (readonly [file: string, names: readonly string[]])[] = [
    ['info-zip.zip', both],
    ['bsdtar.zip', both],
    ['data-descriptor.zip', ['-']],
    ['zip64.zip', ['note.txt']],
    ['deflate64.zip', ['note.txt']],
    ['bzip2.zip', both],
    ['lzma.zip', both],
    ['ppmd.zip', both],
    ['xz.zip', ['note.txt']],
    ['utf-8-names.zip', ['\u00dcberweisung M\u00fcller.txt']],
  ];
  for (const [file, names] of cases) {
    const message = await read(readFileSync(join(DATA, file)));
    const members = message.parts.filter(({ role }) => role === 'member');
    t.same(members.map(({ name }) => name).toSorted(), names.toSorted(), `${file}: its members`);
    t.equal(textOf(message).split('The sentinel heron stands in').length - 1, names.length, `${file}: their words`);
    t.same([...blindOf(message), ...defectsOf(message)], [], `${file}: nothing else`);
  }
  t.match(textOf(await read(readFileSync(join(DATA, 'utf-8-names.zip')))), 'A heron in the comment');
});

await t.test('locked', async (t) => {
  for (const file of ['aes.zip', 'zipcrypto.zip']) {
    const message = await read(readFileSync(join(DATA, file)));
    t.same(blindOf(message), ['encrypted'], file);
    t.match(textOf(message), /note\.txt/, `${file}: its names are read`);
  }
});

interface Case {
  readonly name: string;
  readonly members: readonly MadeMember[];
  readonly zip?: MadeZip;
  /** Each of these is among the spans. */
  readonly texts: readonly string[];
  readonly blind?: readonly string[];
  readonly defects?: readonly string[];
  /** Parts in the role 'other-reading'. */
  readonly others?: number;
}

const MALFORMED = ['container-malformed'];
const RAW_NAME = Buffer.from('M\u00fcller.txt');
const unicodePath = (name: string, checksum: number): Buffer => {
  const field = Buffer.alloc(9);
  field.writeUInt16LE(0x7075, 0);
  field.writeUInt16LE(5 + Buffer.byteLength(name), 2);
  field[4] = 1;
  field.writeUInt32LE(checksum, 5);
  return Buffer.concat([field, Buffer.from(name)]);
};

const CASES: readonly Case[] = [
  { name: 'empty', members: [], texts: [] },
  { name: 'a folder is a name', members: [{ name: 'Roe/', data: '', method: 0 }], texts: ['Roe/'] },
  {
    name: 'comments',
    members: [{ name: 'a.txt', data: 'one', comment: 'of a' }],
    zip: { comment: 'of all' },
    texts: ['one', 'of a', 'of all'],
  },
  {
    name: 'words before it',
    members: [{ name: 'a.txt', data: 'one' }],
    zip: { before: 'before it' },
    texts: ['one', 'before it'],
    defects: MALFORMED,
  },
  {
    name: 'words behind it',
    members: [{ name: 'a.txt', data: 'one' }],
    zip: { after: 'behind it' },
    texts: ['one', 'behind it'],
    defects: MALFORMED,
  },
  {
    name: 'words between members',
    members: [
      { name: 'a.txt', data: 'one', behind: 'between them' },
      { name: 'b.txt', data: 'two' },
    ],
    texts: ['one', 'between them', 'two'],
    defects: MALFORMED,
  },
  {
    name: 'blanks between members',
    members: [
      { name: 'a.txt', data: 'one', behind: '\0\0\0\0' },
      { name: 'b.txt', data: 'two' },
    ],
    texts: ['one', 'two'],
  },
  {
    name: 'a member without an entry',
    members: [
      { name: 'a.txt', data: 'one' },
      { name: 'b.txt', data: 'two', where: 'local' },
    ],
    texts: ['one', 'b.txt', 'two'],
    defects: MALFORMED,
    others: 1,
  },
  {
    name: 'another ZIP before it',
    members: [{ name: 'a.txt', data: 'one' }],
    zip: { before: zipOf([{ name: 'b.txt', data: 'two' }], { comment: 'old' }) },
    texts: ['one', 'b.txt', 'two', 'old'],
    defects: MALFORMED,
    others: 1,
  },
  {
    name: 'another ZIP in the comment',
    members: [{ name: 'a.txt', data: 'one' }],
    zip: { comment: zipOf([{ name: 'b.txt', data: 'two', method: 0 }]) },
    texts: ['one', 'two'],
    defects: MALFORMED,
    others: 1,
  },
  {
    name: 'another name in the member itself',
    members: [{ name: 'a.txt', data: 'one', local: { name: 'b.txt' } }],
    texts: ['a.txt', 'b.txt', 'one'],
    defects: MALFORMED,
  },
  {
    name: 'another method in the member itself',
    members: [{ name: 'a.txt', data: 'one', method: 0, local: { method: 8 } }],
    texts: ['one'],
    blind: ['broken'],
    defects: MALFORMED,
    others: 1,
  },
  {
    name: 'another size in the member itself',
    members: [{ name: 'a.txt', data: 'one and more', method: 0, local: { sizeBytes: 3 } }],
    texts: ['one and more', 'one'],
    defects: MALFORMED,
    others: 1,
  },
  {
    name: 'a lock that only the directory tells of',
    members: [{ name: 'a.txt', data: 'one', flags: 1, local: { flags: 0 } }],
    texts: ['a.txt', 'one'],
    blind: ['encrypted'],
    defects: MALFORMED,
    others: 1,
  },
  {
    name: 'one member twice',
    members: [
      { name: 'a.txt', data: 'one' },
      { name: 'a.txt', data: 'two' },
    ],
    texts: ['one', 'two'],
    defects: MALFORMED,
  },
  {
    name: 'entries that share octets',
    members: [
      { name: 'a.txt', data: 'one' },
      { name: 'b.txt', data: 'one', where: 'same' },
    ],
    texts: ['one', 'b.txt'],
    defects: MALFORMED,
  },
  {
    name: 'a member that says too little of itself',
    members: [
      { name: 'a.txt', data: 'one' },
      { name: 'b.txt', data: '', where: 'local', method: 8, flags: 8, local: { sizeBytes: 0 } },
    ],
    texts: ['one'],
    defects: MALFORMED,
    others: 1,
  },
  {
    name: 'without a directory',
    members: [
      { name: 'a.txt', data: 'one' },
      { name: 'b.txt', data: 'two' },
    ],
    zip: { directory: 'missing' },
    texts: ['one', 'two'],
    blind: ['broken'],
    defects: MALFORMED,
  },
  { name: 'a mark of several pieces', members: [{ name: 'a.txt', data: 'one' }], zip: { before: 'PK\x07\x08' }, texts: ['one'] },
  {
    name: 'a method nobody knows',
    members: [
      { name: 'a.txt', data: 'one', method: 77 },
      { name: 'b.txt', data: 'two' },
    ],
    texts: ['two'],
    blind: ['unknown'],
  },
  {
    name: 'a better name',
    members: [{ name: 'M.txt', data: 'one', extra: unicodePath('M\u00fcller.txt', crc32('M.txt')) }],
    texts: ['M\u00fcller.txt', 'one'],
  },
  {
    name: 'a better name of another',
    members: [{ name: 'M.txt', data: 'one', extra: unicodePath('Roe.txt', crc32(RAW_NAME)) }],
    texts: ['M.txt', 'Roe.txt', 'one'],
    defects: MALFORMED,
  },
  { name: 'a path upwards', members: [{ name: '../a.txt', data: 'one' }], texts: ['../a.txt', 'one'], defects: ['1 name-suspicious'] },
];

await t.test('made by hand', async (t) => {
  for (const { name, members, zip, texts, blind = [], defects = [], others = 0 } of CASES) {
    const message = await read(zipOf(members, zip));
    const found = message.spans.map(({ text }) => text);
    t.same(
      texts.filter((text) => !found.includes(text)),
      [],
      `${name}: all words are found`,
    );
    t.same(blindOf(message), blind, `${name}: blind spots`);
    t.same(defectsOf(message), defects, `${name}: defects`);
    t.equal(message.parts.filter(({ role }) => role === 'other-reading').length, others, `${name}: other readings`);
  }
});

await t.test('names in code page 437', async (t) => {
  const zip = zipOf([{ name: 'M#ller.txt', data: 'one' }]);
  for (let at = zip.indexOf('M#'); at >= 0; at = zip.indexOf('M#', at)) zip[at + 1] = 0x81;
  t.match(textOf(await read(zip)), /M\u00fcller\.txt/);
});

await t.test('cut', async (t) => {
  const whole = zipOf([
    { name: 'a.txt', data: 'the first words' },
    { name: 'b.txt', data: 'the second words '.repeat(200), method: 0 },
  ]);
  const message = await read(whole.subarray(0, 1_000));
  t.match(textOf(message), /the first words\n.*\nthe second words/);
  t.same(blindOf(message), ['broken']);
  const deflated = zipOf([{ name: 'a.txt', data: Array.from({ length: 9_000 }, (_, i) => `line ${i * 7919}`).join('\n') }]);
  deflated.fill(0xff, 9_000, 9_100);
  const broken = await read(deflated);
  t.match(textOf(broken), /line 0\nline 7919\nline 15838\n/, 'what comes before the damage is read');
  t.same(blindOf(broken), ['broken']);
});

await t.test('limits', async (t) => {
  const nested = (deep: number): Buffer => {
    let zip = zipOf([{ name: 'a.txt', data: 'the innermost words' }]);
    for (let i = 0; i < deep; i++) zip = zipOf([{ name: `${i}.zip`, data: zip }]);
    return zip;
  };
  t.match(textOf(await readFileWith([zipExtractor, WORDS], nested(20))), /the innermost words/, 'twenty deep');
  const deep = await readFileWith([zipExtractor, WORDS], nested(60));
  t.same(
    deep.blindSpots.map(({ kind }) => kind),
    ['too-deep'],
    'sixty deep',
  );

  const zeros = zipOf([
    { name: 'zeros.bin', data: Buffer.alloc(3_000_000) },
    { name: 'b.txt', data: 'two' },
  ]);
  const large = await read(zeros, { limits: { partBytes: 1_000_000 } });
  t.match(textOf(large), /zeros\.bin[^]*two/, 'a member that is too large leaves the others');
  t.same(blindOf(large), ['too-large']);

  const wide = Array.from({ length: 12 }, (_, i) => ({ name: `${i}`, data: Buffer.alloc(1_000_000) }));
  const all = await read(zipOf(wide), { limits: { unpackedBytes: 5_000_000 } });
  t.same(blindOf(all), ['too-large'], 'all members together');
  t.equal(all.parts.length, 1 + 4);

  const bomb = Array.from(
    { length: 2_000 },
    (_, i) => ({ name: `${i}`, data: i === 0 ? Buffer.alloc(2_000_000) : '', where: i === 0 ? 'both' : 'same' }) as const,
  );
  const sharing = zipOf(bomb);
  for (let at = sharing.indexOf('PK\x01\x02'); at >= 0; at = sharing.indexOf('PK\x01\x02', at + 1))
    sharing.copy(sharing, at + 20, sharing.indexOf('PK\x01\x02') + 20, sharing.indexOf('PK\x01\x02') + 28);
  const shared = await read(sharing, { limits: { unpackedBytes: 50_000_000 } });
  t.same(blindOf(shared), ['too-large'], 'entries that all unpack the same octets');
  t.ok(shared.parts.length <= 1 + 25, `${shared.parts.length} parts`);

  const many = zipOf(Array.from({ length: 70_000 }, (_, i) => ({ name: `${i}`, data: '', method: 0 })));
  const counted = await read(many);
  t.same(blindOf(counted), ['too-large'], 'seventy thousand empty members');
  t.equal(counted.parts.length, 2_000);
});

await t.test('damaged files end', async (t) => {
  const files: Buffer[] = ['info-zip.zip', 'data-descriptor.zip', 'zip64.zip', 'aes.zip', 'bsdtar.zip'].map((file) =>
    readFileSync(join(DATA, file)),
  );
  files.push(
    zipOf(
      [
        { name: 'a.txt', data: 'one', behind: 'between' },
        { name: 'b.txt', data: 'two', where: 'local' },
      ],
      { before: 'PK\x03\x04' },
    ),
  );
  const limits = { partBytes: 2_000_000, unpackedBytes: 4_000_000, parts: 100 };
  await damaged(files, 400, async (bytes) => (await read(bytes, { limits })).parts.length <= 100);
  t.pass('400 damaged files');
});
