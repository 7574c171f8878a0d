// A storage of a compound file as a compound file of its own (MS-CFB): an embedded message or document then is a file like any other, with
// its own path, its own size and the same limits.
import type { CompoundEntry, CompoundFile } from './compound-file.ts';
import { LimitReached, type Output } from './extractor.ts';

const SECTOR = 512;
const END = 0xfffffffe;
const FREE = 0xffffffff;
const FAT_SECTOR = 0xfffffffd;
const MAX_DEPTH = 100;

/** A node of the file to be written. */
export interface CompoundNode {
  readonly name: string;
  /** Octets of a stream, or what a storage holds. */
  readonly content: Buffer | readonly CompoundNode[];
}

/** What a storage holds, to be changed before it is written. @throws LimitReached where it is deeper than any real file */
export function nodesOf(file: CompoundFile, storage: CompoundEntry, depth = 0): readonly CompoundNode[] {
  if (depth > MAX_DEPTH) throw new LimitReached('too-deep');
  return file.children(storage).map((entry) => ({
    name: entry.name,
    content: entry.type === 'stream' ? file.read(entry) : nodesOf(file, entry, depth + 1),
  }));
}

/**
 * Writes a compound file of version 3 whose streams all lie in whole sectors (a mini stream cutoff of one octet is not allowed, so short
 * ones are padded in their sector and lie in a mini stream that is laid out like the sectors).
 * @throws LimitReached
 */
export function writeCompoundFile(nodes: readonly CompoundNode[], output: Pick<Output, 'unpacked'>): Buffer {
  const flat = flatten(nodes);
  output.unpacked(sizeOf(flat));
  const sectors = new Sectors();
  const mini = new Sectors(64);
  const directory = Buffer.alloc(Math.ceil((flat.length * 128) / SECTOR) * SECTOR);
  flat.forEach((node, id) => {
    const bytes = Buffer.isBuffer(node.content) ? node.content : null;
    const start = bytes === null ? 0 : bytes.length < 4096 ? mini.add(bytes) : sectors.add(bytes);
    writeEntry(directory, id, node, start, bytes?.length ?? 0);
  });
  const miniFatStart = sectors.add(mini.fat());
  const miniBytes = mini.bytes();
  directory.writeUInt32LE(sectors.add(miniBytes), 116);
  directory.writeUInt32LE(miniBytes.length, 120);
  const directoryStart = sectors.add(directory);
  return assemble(sectors, directoryStart, miniFatStart, mini.fatSectors());
}

interface FlatNode extends CompoundNode {
  readonly child: number;
  readonly right: number;
}

/** Siblings hang to the right of one another: a legal, if unbalanced, tree for readers that do not look at colours. */
function flatten(nodes: readonly CompoundNode[]): readonly FlatNode[] {
  const flat: { name: string; content: CompoundNode['content']; child: number; right: number }[] = [
    { name: 'Root Entry', content: nodes, child: FREE, right: FREE },
  ];
  for (let id = 0; id < flat.length; id++) {
    const node = flat[id];
    if (node === undefined || Buffer.isBuffer(node.content)) continue;
    const inside = node.content.toSorted(byName);
    if (inside.length > 0) node.child = flat.length;
    inside.forEach((one, i) => flat.push({ ...one, child: FREE, right: i + 1 < inside.length ? flat.length + 1 : FREE }));
  }
  return flat;
}

/** Shorter names first, then by upper case (MS-CFB 2.6.4). */
function byName(a: CompoundNode, b: CompoundNode): number {
  const [left, right] = [a.name.toUpperCase(), b.name.toUpperCase()];
  return left.length - right.length || (left < right ? -1 : left > right ? 1 : 0);
}

function sizeOf(nodes: readonly FlatNode[]): number {
  return nodes.reduce((sum, { content }) => sum + (Buffer.isBuffer(content) ? content.length : 0) + 128, 4 * SECTOR);
}

function writeEntry(directory: Buffer, id: number, node: FlatNode, start: number, sizeBytes: number): void {
  const at = id * 128;
  const name = node.name.slice(0, 31);
  directory.write(name, at, 'utf16le');
  directory.writeUInt16LE(name.length * 2 + 2, at + 64);
  directory[at + 66] = id === 0 ? 5 : Buffer.isBuffer(node.content) ? 2 : 1;
  directory[at + 67] = 1;
  directory.writeUInt32LE(FREE, at + 68);
  directory.writeUInt32LE(node.right, at + 72);
  directory.writeUInt32LE(node.child, at + 76);
  directory.writeUInt32LE(sizeBytes === 0 && Buffer.isBuffer(node.content) ? END : start, at + 116);
  directory.writeUInt32LE(sizeBytes, at + 120);
}

/** Sectors in the order in which they were added; each stream lies in one run. */
class Sectors {
  readonly #sectorBytes: number;
  readonly #pieces: Buffer[] = [];
  readonly #next: number[] = [];

  constructor(sectorBytes = SECTOR) {
    this.#sectorBytes = sectorBytes;
  }

  get count(): number {
    return this.#next.length;
  }

  /** Number of its first sector. */
  add(bytes: Buffer): number {
    if (bytes.length === 0) return END;
    const start = this.#next.length;
    const count = Math.ceil(bytes.length / this.#sectorBytes);
    const padding = count * this.#sectorBytes - bytes.length;
    this.#pieces.push(bytes);
    if (padding > 0) this.#pieces.push(Buffer.alloc(padding));
    for (let i = 1; i <= count; i++) this.#next.push(i === count ? END : start + i);
    return start;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#pieces);
  }

  fatSectors(): number {
    return Math.ceil((this.count * 4) / SECTOR);
  }

  fat(): Buffer {
    const fat = Buffer.alloc(this.fatSectors() * SECTOR, 0xff);
    this.#next.forEach((next, i) => fat.writeUInt32LE(next, i * 4));
    return fat;
  }
}

function assemble(sectors: Sectors, directoryStart: number, miniFatStart: number, miniFatSectors: number): Buffer {
  const data = sectors.count;
  const perSector = SECTOR / 4;
  // The FAT also tells of its own sectors and of those of the DIFAT, which hold where it lies.
  let [fatCount, difatCount] = [1, 0];
  for (;;) {
    const wantedFat = Math.ceil((data + fatCount + difatCount) / perSector);
    const wantedDifat = Math.ceil(Math.max(0, wantedFat - 109) / (perSector - 1));
    if (wantedFat === fatCount && wantedDifat === difatCount) break;
    [fatCount, difatCount] = [wantedFat, wantedDifat];
  }
  const fat = Buffer.alloc(fatCount * SECTOR, 0xff);
  sectors.fat().copy(fat, 0, 0, data * 4);
  for (let i = 0; i < fatCount; i++) fat.writeUInt32LE(FAT_SECTOR, (data + i) * 4);
  for (let i = 0; i < difatCount; i++) fat.writeUInt32LE(FAT_SECTOR - 1, (data + fatCount + i) * 4);
  const difat = Buffer.alloc(difatCount * SECTOR, 0xff);
  const header = writeHeader([directoryStart, fatCount, miniFatStart, miniFatSectors, difatCount > 0 ? data + fatCount : END, difatCount]);
  for (let i = 0; i < fatCount; i++) {
    if (i < 109) header.writeUInt32LE(data + i, 76 + i * 4);
    else difat.writeUInt32LE(data + i, Math.floor((i - 109) / 127) * SECTOR + ((i - 109) % 127) * 4);
  }
  for (let i = 0; i < difatCount; i++) {
    difat.writeUInt32LE(i + 1 < difatCount ? data + fatCount + i + 1 : END, (i + 1) * SECTOR - 4);
  }
  return Buffer.concat([header, sectors.bytes(), fat, difat]);
}

function writeHeader([directory, fats, miniFat, miniFats, difat, difats]: readonly [
  number,
  number,
  number,
  number,
  number,
  number,
]): Buffer {
  const header = Buffer.alloc(SECTOR);
  header.write('d0cf11e0a1b11ae1', 'hex');
  header.writeUInt16LE(0x3e, 24);
  header.writeUInt16LE(3, 26);
  header.writeUInt16LE(0xfffe, 28);
  header.writeUInt16LE(9, 30);
  header.writeUInt16LE(6, 32);
  header.writeUInt32LE(fats, 44);
  header.writeUInt32LE(directory, 48);
  header.writeUInt32LE(4096, 56);
  header.writeUInt32LE(miniFat, 60);
  header.writeUInt32LE(miniFats, 64);
  header.writeUInt32LE(difat, 68);
  header.writeUInt32LE(difats, 72);
  header.fill(0xff, 76);
  return header;
}
