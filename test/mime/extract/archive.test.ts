// 7z and the other archives that 7-Zip opens: by real programs, locked, cut, damaged, growing without bound; and in a process without rights.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import t from 'tap';
import type { Message } from '../../../src/mail/message.ts';
import { archiveExtractor } from '../../../src/mime/extract/archive.ts';
import { tarExtractor } from '../../../src/mime/extract/tar.ts';
import { damaged } from '../../support/damage.ts';
import { readFileWith, textOf } from '../../support/read.ts';
import { wordsAs } from '../../support/words-extractor.ts';

const ROOT = join(import.meta.dirname, '../../..');
const DATA = join(ROOT, 'test/data/extract/archives');
/** 8 MB of zeros by bzip2. */
const ZEROS = 'QlpoOTFBWSZTWSV+h+YAPUZAQMAAAEAACCAAMMwJqmmoqSG1IqSHi7kinChIEr9D8wA=';
const ALL = [archiveExtractor, tarExtractor, wordsAs('text', 'empty')];

const file = (name: string): Buffer => readFileSync(join(DATA, name));
const blindOf = (message: Message): string[] => message.blindSpots.map(({ part, kind }) => `${part} ${kind}`.trim());

await t.test('by real programs', async (t) => {
  const both = ['folder/plan.txt', 'note.txt'];
  const cases: readonly (readonly [name: string, members: readonly string[]])[] = [
    ['lzma2.7z', both],
    ['ppmd.7z', both],
    ['stored.rar', ['plan.txt']],
    ['gcab.cab', both],
    ['arj.arj', ['note.txt']],
    ['bsdtar.cpio', both],
    ['bsdtar.ar', ['note.txt']],
    ['note.txt.xz', ['note.txt']],
    ['note.txt.bz2', ['note.txt']],
    ['note.txt.zst', ['note.txt']],
    ['note.txt.Z', ['note.txt']],
    ['gnu.tar.xz', ['folder/plan.txt', 'gnu.tar', 'note.txt']],
    ['iso9660.iso.xz', ['folder/plan.txt', 'iso9660.iso']],
  ];
  for (const [name, members] of cases) {
    const message = await readFileWith(ALL, file(name), name);
    const inside = message.parts.slice(1);
    t.same(inside.map((part) => part.name).toSorted(), members, `${name}: its members`);
    const texts = inside.filter(({ kind }) => kind === 'text').length;
    t.equal(textOf(message).split('The sentinel heron stands in').length - 1, texts, `${name}: their words`);
    t.same([...blindOf(message), ...message.defects], [], `${name}: nothing else`);
  }
});

await t.test('locked', async (t) => {
  const content = await readFileWith(ALL, file('encrypted.7z'));
  t.same(blindOf(content), ['encrypted']);
  t.match(textOf(content), /^note\.txt$/, 'names are read');
  t.same(blindOf(await readFileWith(ALL, file('encrypted-names.7z'))), ['encrypted'], 'names as well');
  const rar = file('stored.rar');
  // The first header of a RAR 5.0 file with locked names: of type 4, with a size, flags, version and the key's parameters.
  const lock = Buffer.concat([Buffer.from([23, 4, 0, 0, 0, 15]), Buffer.alloc(17, 0x5a)]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32(lock));
  t.same(blindOf(await readFileWith(ALL, Buffer.concat([rar.subarray(0, 8), sum, lock, rar.subarray(20)]))), ['encrypted'], 'a RAR');
});

await t.test('cut and damaged', async (t) => {
  const cut = await readFileWith(ALL, file('note.txt.bz2').subarray(0, 300), 'note.txt.bz2');
  t.same(blindOf(cut), ['broken']);
  const short = await readFileWith(ALL, file('lzma2.7z').subarray(0, 600));
  t.same(blindOf(short), ['broken'], 'without its header');
  const stored = file('stored.rar');
  stored.write('changed', stored.indexOf('sentinel'));
  const changed = await readFileWith(ALL, stored);
  t.same(blindOf(changed), ['broken'], 'a wrong checksum');
  t.match(textOf(changed), /The changedl heron/, 'its words are read all the same');
});

await t.test('limits', async (t) => {
  const zeros = Buffer.from(ZEROS, 'base64');
  const message = await readFileWith(ALL, zeros, 'zeros.bz2', { limits: { partBytes: 1_000_000 } });
  t.same(blindOf(message), ['too-large']);
  t.ok((message.parts[1]?.sizeBytes ?? 0) <= 1_000_000, 'no more than the limit was written');
  const within = await readFileWith(ALL, zeros, 'zeros.bz2');
  t.same([within.parts[1]?.sizeBytes, ...blindOf(within)], [8_000_000]);
  // A dictionary of 1.5 GB, which the archive only says it needs: the module has no such memory.
  const greedy = file('note.txt.xz');
  const size = ((greedy[12] ?? 0) + 1) * 4;
  greedy[greedy.indexOf(0x21, 13) + 2] = 37;
  greedy.writeUInt32LE(crc32(greedy.subarray(12, 12 + size - 4)), 12 + size - 4);
  t.equal((await readFileWith(ALL, greedy, 'note.txt.xz')).blindSpots.length, 1);
  const before = process.memoryUsage().rss;
  for (let i = 0; i < 12; i++) await readFileWith(ALL, file('lzma2.7z'));
  t.ok(process.memoryUsage().rss - before < 300 * 1024 * 1024, 'modules are let go');
});

await t.test('by a process that may only read the program', (t) => {
  const script = `
    import { archiveExtractor } from './src/mime/extract/archive.ts';
    const chunks = []; for await (const chunk of process.stdin) chunks.push(chunk);
    const found = [];
    const output = { text() {}, inner: async ({ name, bytes }) => found.push(name, bytes.length), unpacked: () => 1e7, blind: (kind) => found.push('blind ' + kind), defect() {}, document() {} };
    await archiveExtractor.extract({ kind: 'archive', bytes: Buffer.concat(chunks), declaredType: null, parameters: new Map(), name: null, role: 'attachment' }, output);
    process.stdout.write(JSON.stringify(found) + process.exitCode);`;
  const may = ['src', 'node_modules', 'package.json'].map((path) => `--allow-fs-read=${join(ROOT, path)}`);
  const run = spawnSync('env', ['-i', process.execPath, '--permission', ...may, '--input-type=module', '--eval', script], {
    cwd: ROOT,
    input: file('lzma2.7z'),
    encoding: 'utf8',
  });
  t.equal(run.stdout, '["folder/plan.txt",39,"note.txt",3277]undefined', run.stderr.slice(0, 500));
  t.end();
});

await t.test('damaged files end', async (t) => {
  const files = ['lzma2.7z', 'ppmd.7z', 'stored.rar', 'gcab.cab', 'arj.arj', 'note.txt.xz', 'note.txt.Z', 'bsdtar.ar', 'bsdtar.cpio'].map(
    file,
  );
  const limits = { partBytes: 2_000_000, unpackedBytes: 4_000_000, parts: 40 };
  await damaged(files, 40, async (bytes) => (await readFileWith(ALL, bytes, null, { limits })).parts.length <= 40);
  t.pass('40 damaged files');
});
