// Compound files: what is in them comes out; loops, lies and masses cost no more than the file is long.
import t from 'tap';
import { nodesOf, writeCompoundFile } from '../../../src/mime/extract/compound-copy.ts';
import { type CompoundEntry, CompoundFile } from '../../../src/mime/extract/compound-file.ts';
import { LimitReached } from '../../../src/mime/extract/extractor.ts';
import { oleObjectExtractor } from '../../../src/mime/extract/ole-object.ts';
import { writeCompound, type WrittenStorage } from '../../support/compound-writer.ts';
import { blindSpotsOf, placesOf } from '../../support/old-office.ts';
import { readPart } from '../../support/read.ts';

const END = 0xfffffffe;

/** Counts what is accounted for; nothing is refused. */
function budget(most = Infinity): { unpacked(sizeBytes: number): number; readonly spent: number } {
  let spent = 0;
  return {
    unpacked(sizeBytes): number {
      spent += sizeBytes;
      if (spent > most) throw new LimitReached('too-large');
      return 1_000_000_000;
    },
    get spent() {
      return spent;
    },
  };
}

const STREAMS: WrittenStorage = {
  empty: Buffer.alloc(0),
  short: Buffer.from('short sentinel'),
  'just below': Buffer.alloc(4095, 'b'),
  'just at': Buffer.alloc(4096, 'a'),
  long: Buffer.alloc(70_000, 'l'),
  Folder: { Inner: { deep: Buffer.from('deep sentinel') }, other: Buffer.alloc(64, 'o') },
};

function listing(file: CompoundFile, storage: CompoundEntry = file.root, path = ''): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of file.children(storage)) {
    if (entry.type === 'storage') Object.assign(found, listing(file, entry, `${path}${entry.name}/`));
    else found[path + entry.name] = file.read(entry).toString('latin1');
  }
  return found;
}

const LISTED = {
  empty: '',
  short: 'short sentinel',
  'just below': 'b'.repeat(4095),
  'just at': 'a'.repeat(4096),
  long: 'l'.repeat(70_000),
  'Folder/Inner/deep': 'deep sentinel',
  'Folder/other': 'o'.repeat(64),
};

for (const sectorBytes of [512, 4096] as const) {
  t.test(`sectors of ${sectorBytes}`, async (t) => {
    const file = new CompoundFile(writeCompound(STREAMS, sectorBytes).bytes, budget());
    t.same(listing(file), LISTED);
    t.ok(file.whole);
    t.equal(file.child(file.root, 'FOLDER')?.type, 'storage', 'names without case');
    t.equal(file.child(file.root, 'none'), null);
  });
}

t.test('a storage as a file of its own', async (t) => {
  const file = new CompoundFile(writeCompound(STREAMS).bytes, budget());
  const copied = new CompoundFile(writeCompoundFile(nodesOf(file, file.root), budget()), budget());
  t.same(listing(copied), LISTED);
  t.ok(copied.whole);
  const large = {
    big: Buffer.alloc(9_000_000, 'x'),
    many: Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`s${i}`, Buffer.from(`${i}`)])),
  };
  const nodes = [
    { name: 'big', content: large.big },
    { name: 'many', content: Object.entries(large.many).map(([name, content]) => ({ name, content })) },
  ];
  const again = new CompoundFile(writeCompoundFile(nodes, budget()), budget());
  t.equal(listing(again)['big']?.length, 9_000_000, 'with a DIFAT');
  t.equal(listing(again)['many/s499'], '499');
  t.throws(() => writeCompoundFile(nodes, budget(1_000_000)), LimitReached);
});

interface Damage {
  readonly name: string;
  /** Changes a file in place. */
  readonly apply: (written: ReturnType<typeof writeCompound>) => void;
  /** Still found. */
  readonly finds?: readonly string[];
  /** Where what was lost leaves no trace. */
  readonly whole?: true;
}

const entryAt = (written: ReturnType<typeof writeCompound>, name: string): number =>
  written.bytes.indexOf(Buffer.from(`${name}\0`, 'utf16le'), written.directoryAt);

const DAMAGES: readonly Damage[] = [
  {
    name: 'every FAT entry leads to the first sector',
    apply: ({ bytes, fatAt }) => {
      for (let at = fatAt; at < fatAt + 512; at += 4) bytes.writeUInt32LE(0, at);
    },
  },
  {
    name: 'each sector leads to itself',
    apply: ({ bytes, fatAt }) => {
      for (let i = 0; i < 128; i++) bytes.writeUInt32LE(i, fatAt + i * 4);
    },
  },
  {
    name: 'mini sectors in a loop',
    apply: ({ bytes, miniFatAt }) => {
      for (let at = miniFatAt; at < miniFatAt + 512; at += 4) bytes.writeUInt32LE(1, at);
    },
    finds: ['short sentinel'],
    whole: true,
  },
  {
    name: 'sector numbers out of range',
    apply: ({ bytes, fatAt }) => {
      for (let at = fatAt; at < fatAt + 512; at += 4) bytes.writeUInt32LE(0x7fffffff, at);
    },
  },
  {
    name: 'a stream of 4 GB',
    apply: (written) => {
      written.bytes.writeUInt32LE(0xffffffff, entryAt(written, 'long') + 120);
    },
    finds: ['short sentinel', 'deep sentinel', 'l'.repeat(70_000)],
  },
  {
    name: 'a stream that begins nowhere',
    apply: (written) => {
      written.bytes.writeUInt32LE(0x00fffff0, entryAt(written, 'long') + 116);
    },
    finds: ['short sentinel', 'deep sentinel'],
  },
  {
    name: 'an entry that is its own sibling',
    apply: (written) => {
      const at = entryAt(written, 'short');
      written.bytes.writeUInt32LE((at - written.directoryAt) / 128, at + 68);
      written.bytes.writeUInt32LE(0, at + 72);
    },
    finds: ['short sentinel'],
  },
  {
    name: 'a storage that holds the root',
    apply: (written) => written.bytes.writeUInt32LE(0, entryAt(written, 'Inner') + 76),
    finds: ['short sentinel', 'deep sentinel'],
  },
  {
    name: 'a root without children: what is left is put under it',
    apply: ({ bytes, directoryAt }) => bytes.writeUInt32LE(0xffffffff, directoryAt + 76),
    finds: ['short sentinel', 'deep sentinel'],
  },
  { name: 'a FAT list that is all one sector', apply: ({ bytes }) => bytes.fill(Buffer.from([1, 0, 0, 0]), 76, 512) },
  { name: 'a DIFAT that leads to itself', apply: ({ bytes }) => bytes.writeUInt32LE(0, 68) },
  { name: 'a sector size that is none', apply: ({ bytes }) => bytes.writeUInt16LE(31, 30), finds: ['short sentinel'] },
];

for (const { name, apply, finds = [], whole = false } of DAMAGES) {
  t.test(name, async (t) => {
    const written = writeCompound(STREAMS);
    apply(written);
    const account = budget();
    const file = new CompoundFile(written.bytes, account);
    const texts = Object.values(listing(file));
    for (const text of finds) t.ok(texts.includes(text) || texts.some((one) => one.includes(text)), text.slice(0, 20));
    const read = texts.reduce((sum, text) => sum + text.length, 0);
    t.ok(read <= written.bytes.length * 2 + account.spent, `${read} octets read`);
    t.equal(file.whole, whole, 'damage is known');
  });
}

t.test('cut at every sector', async (t) => {
  const { bytes } = writeCompound(STREAMS);
  for (let length = 512; length < bytes.length; length += 512) {
    const file = new CompoundFile(bytes.subarray(0, length), budget());
    listing(file);
  }
  t.throws(() => new CompoundFile(bytes.subarray(0, 100), budget()), 'less than a header');
});

t.test('100,000 entries', async (t) => {
  const entries = 100_000;
  const directory = Buffer.alloc(entries * 128);
  for (let id = 0; id < entries; id++) {
    const name = id === 0 ? 'Root Entry' : `s${id}`;
    directory.write(name, id * 128, 'utf16le');
    directory.writeUInt16LE(name.length * 2 + 2, id * 128 + 64);
    directory[id * 128 + 66] = id === 0 ? 5 : 2;
    directory.writeUInt32LE(0xffffffff, id * 128 + 68);
    directory.writeUInt32LE(id > 0 && id + 1 < entries ? id + 1 : 0xffffffff, id * 128 + 72);
    directory.writeUInt32LE(id === 0 ? 1 : 0xffffffff, id * 128 + 76);
    // All of them are the whole file.
    directory.writeUInt32LE(id === 0 ? END : 0, id * 128 + 116);
    directory.writeUInt32LE(id === 0 ? 0 : directory.length, id * 128 + 120);
  }
  const bytes = flatFile(directory);
  const account = budget(50_000_000);
  const file = new CompoundFile(bytes, account);
  t.equal(file.children(file.root).length, entries - 1);
  t.throws(() => listing(file), LimitReached, 'streams that lie over one another are accounted for');
  const message = await readPart(oleObjectExtractor, 'ole-object', bytes);
  t.same(blindSpotsOf(message), ['unknown', 'too-large']);
  t.throws(
    () => new CompoundFile(flatFile(Buffer.concat([directory, directory, directory])), budget()),
    LimitReached,
    'more than is ever looked at',
  );
});

/** A directory as the only content, its sectors one behind the other. */
function flatFile(directory: Buffer): Buffer {
  const count = directory.length / 4096;
  const fats = Math.ceil((count + 64) / 1024);
  const header = Buffer.alloc(4096);
  header.write('d0cf11e0a1b11ae1', 'hex');
  header.writeUInt16LE(12, 30);
  header.writeUInt32LE(fats, 44);
  header.writeUInt32LE(END, 60);
  header.writeUInt32LE(END, 68);
  header.fill(0xff, 76, 512);
  const fat = Buffer.alloc(fats * 4096, 0xff);
  for (let i = 0; i < count; i++) fat.writeUInt32LE(i + 1 < count ? i + 1 : END, i * 4);
  for (let i = 0; i < fats; i++) header.writeUInt32LE(count + i, 76 + i * 4);
  return Buffer.concat([header, directory, fat]);
}

t.test('objects of no known kind', async (t) => {
  const native = nativeFile('report.txt', 'C:\\temp\\report.txt', 'packaged sentinel');
  const storage = {
    '\u0001CompObj': Buffer.alloc(100, 'CompObj words'),
    '\u0001Ole10Native': native,
    Small: Buffer.from('\0\0\0unexplained sentinel\0\0'),
    Wide: Buffer.concat([Buffer.from([1, 2, 3]), Buffer.from('wide sentinel', 'utf16le')]),
    Contents: Buffer.from('%PDF-1.4 whatever'),
  };
  const message = await readPart(oleObjectExtractor, 'ole-object', writeCompound(storage).bytes);
  t.same(placesOf(message, 'unexplained sentinel'), ['hidden']);
  t.same(placesOf(message, 'wide sentinel'), ['hidden']);
  t.same(placesOf(message, 'C:\\temp\\report.txt'), ['file-name']);
  t.same(
    message.parts.map(({ kind, name }) => [kind, name]),
    [
      ['message', null],
      ['pdf', null],
      ['text', 'report.txt'],
    ],
  );
  t.same(placesOf(message, 'CompObj words'), []);
  const large = await readPart(oleObjectExtractor, 'ole-object', writeCompound({ Large: Buffer.alloc(5_000, 7) }).bytes);
  t.same(large.blindSpots, [{ part: '', kind: 'unknown' }]);
  const macros = await readPart(
    oleObjectExtractor,
    'ole-object',
    writeCompound({ VBA: { _VBA_PROJECT: Buffer.from('x'), dir: Buffer.alloc(9) } }).bytes,
  );
  t.same(macros.defects, [{ part: '', code: 'macro' }]);
});

/** A file as the packager wraps it (MS-OLEDS 2.3.6). */
function nativeFile(name: string, path: string, content: string): Buffer {
  const number = (value: number): Buffer => Buffer.from([value & 255, value >> 8, 0, 0]);
  const data = Buffer.concat([
    Buffer.from([2, 0]),
    Buffer.from(`${name}\0${path}\0`),
    Buffer.from([0, 0, 3, 0]),
    number(path.length + 1),
    Buffer.from(`${path}\0`),
    number(content.length),
    Buffer.from(content),
  ]);
  return Buffer.concat([number(data.length), data]);
}
