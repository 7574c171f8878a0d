// Compound files (MS-CFB), the file system inside old Office files and .msg: directory and streams, read within the bounds of the octets
// that are there. Loops, sectors out of range and sizes that lie cut a stream short; they never cost more than the file is long.
import { LimitReached, type Output } from './extractor.ts';
import { u16, u32 } from './little-endian.ts';

export interface CompoundEntry {
  /** Number in the directory. */
  readonly id: number;
  readonly name: string;
  readonly type: 'storage' | 'stream';
  readonly sizeBytes: number;
  readonly start: number;
}

const SIGNATURE = Buffer.from('d0cf11e0a1b11ae1', 'hex');
const LAST_SECTOR = 0xfffffffa;
const NO_ENTRY = 0xffffffff;
const MOST_ENTRIES = 200_000;
const MINI_BYTES = 64;
/** The one value that MS-CFB 2.2 allows. */
const MINI_CUTOFF = 4096;

export function isCompoundFile(bytes: Buffer): boolean {
  return bytes.length >= 512 && bytes.subarray(0, 8).equals(SIGNATURE);
}

export class CompoundFile {
  readonly root: CompoundEntry;
  readonly #bytes: Buffer;
  readonly #output: Pick<Output, 'unpacked'>;
  readonly #sectorBytes: number;
  readonly #fat: Uint32Array;
  readonly #miniFat: Uint32Array;
  readonly #miniStream: Buffer;
  readonly #children: ReadonlyMap<number, readonly CompoundEntry[]>;
  /** Octets that may still be given out for free: honest streams share none. */
  #fair: number;
  #whole = true;

  /**
   * @param output where octets that several streams share are accounted for
   * @throws where it is no compound file, and LimitReached where its directory is too long
   */
  constructor(bytes: Buffer, output: Pick<Output, 'unpacked'>) {
    if (!isCompoundFile(bytes)) throw new Error('not a compound file');
    this.#bytes = bytes;
    this.#output = output;
    this.#fair = bytes.length * 2;
    const shift = u16(bytes, 30);
    this.#sectorBytes = shift === 12 ? 4096 : 512;
    if (shift !== 9 && shift !== 12) this.#whole = false;
    this.#fat = this.#readFat();
    const directory = this.#chain(u32(bytes, 48), this.#fat, bytes.length);
    if (directory.length / 128 > MOST_ENTRIES) throw new LimitReached('too-large');
    this.root = entryOf(directory, 0, this.#sectorBytes);
    this.#miniFat = toNumbers(this.#chain(u32(bytes, 60), this.#fat, bytes.length));
    this.#miniStream = this.#chain(this.root.start, this.#fat, this.root.sizeBytes);
    this.#children = this.#readTree(directory);
  }

  /** False where damage was met until now: what was read may lack something. */
  get whole(): boolean {
    return this.#whole;
  }

  children(of: CompoundEntry): readonly CompoundEntry[] {
    return this.#children.get(of.id) ?? [];
  }

  /** Names are compared without case (MS-CFB 2.6.4). */
  child(of: CompoundEntry, name: string): CompoundEntry | null {
    const wanted = name.toUpperCase();
    return this.children(of).find((entry) => entry.name.toUpperCase() === wanted) ?? null;
  }

  /** The octets of a stream, as far as they are there. @throws LimitReached */
  read(entry: CompoundEntry): Buffer {
    if (entry.type !== 'stream') return Buffer.alloc(0);
    const mini = entry.sizeBytes < MINI_CUTOFF;
    const bytes = mini ? this.#mini(entry) : this.#chain(entry.start, this.#fat, entry.sizeBytes);
    if (bytes.length < entry.sizeBytes) this.#whole = false;
    this.#fair -= bytes.length;
    if (this.#fair < 0) this.#output.unpacked(bytes.length);
    return bytes;
  }

  /** The stream of this name, or null where there is none. */
  stream(of: CompoundEntry, name: string): Buffer | null {
    const entry = this.child(of, name);
    return entry?.type === 'stream' ? this.read(entry) : null;
  }

  #readFat(): Uint32Array {
    const sectors: number[] = [];
    const most = Math.ceil(this.#bytes.length / this.#sectorBytes);
    const take = (at: number): void => {
      const sector = u32(this.#bytes, at);
      if (sector < LAST_SECTOR && sectors.length <= most) sectors.push(sector);
    };
    for (let i = 0; i < 109; i++) take(76 + i * 4);
    let next = u32(this.#bytes, 68);
    for (let seen = 0; next < LAST_SECTOR && seen <= most && this.#offset(next) < this.#bytes.length; seen++) {
      const at = this.#offset(next);
      for (let i = 0; i < this.#sectorBytes / 4 - 1; i++) take(at + i * 4);
      next = u32(this.#bytes, at + this.#sectorBytes - 4);
    }
    const pieces = sectors.filter((sector) => this.#offset(sector) < this.#bytes.length).slice(0, Math.ceil(most / 64) + 109);
    if (pieces.length < sectors.length) this.#whole = false;
    return toNumbers(Buffer.concat(pieces.map((sector) => this.#sector(sector))));
  }

  #offset(sector: number): number {
    return (sector + 1) * this.#sectorBytes;
  }

  #sector(sector: number): Buffer {
    const at = this.#offset(sector);
    const piece = this.#bytes.subarray(at, at + this.#sectorBytes);
    return piece.length === this.#sectorBytes ? piece : Buffer.concat([piece], this.#sectorBytes);
  }

  /** Sectors that follow one another in the file come without a copy. */
  #chain(start: number, fat: Uint32Array, sizeBytes: number): Buffer {
    const runs: Buffer[] = [];
    const starts = new Set<number>();
    let left = Math.min(sizeBytes, this.#bytes.length);
    let sector = start;
    while (left > 0 && sector < LAST_SECTOR && this.#offset(sector) < this.#bytes.length) {
      if (starts.has(sector)) {
        this.#whole = false;
        break;
      }
      starts.add(sector);
      let last = sector;
      let length = this.#sectorBytes;
      while (length < left && fat[last] === last + 1) {
        last++;
        length += this.#sectorBytes;
      }
      const at = this.#offset(sector);
      const run = this.#bytes.subarray(at, at + Math.min(length, left));
      runs.push(run);
      left -= run.length;
      sector = fat[last] ?? NO_ENTRY;
    }
    return runs.length === 1 && runs[0] !== undefined ? runs[0] : Buffer.concat(runs);
  }

  #mini(entry: CompoundEntry): Buffer {
    const pieces: Buffer[] = [];
    let left = entry.sizeBytes;
    let sector = entry.start;
    // Shorter than the cutoff, so a loop ends soon.
    while (left > 0 && sector < LAST_SECTOR && sector * MINI_BYTES < this.#miniStream.length) {
      const piece = this.#miniStream.subarray(sector * MINI_BYTES, sector * MINI_BYTES + Math.min(MINI_BYTES, left));
      pieces.push(piece);
      left -= piece.length;
      sector = this.#miniFat[sector] ?? NO_ENTRY;
    }
    return Buffer.concat(pieces);
  }

  /** Each entry has one place: the first that is met. Entries in no storage's tree are put under the root, so that they are not lost. */
  #readTree(directory: Buffer): ReadonlyMap<number, readonly CompoundEntry[]> {
    const count = Math.floor(directory.length / 128);
    const placed = new Uint8Array(count);
    placed[0] = 1;
    const children = new Map<number, CompoundEntry[]>();
    const trees: (readonly [top: number, parent: number])[] = [[u32(directory, 76), 0]];
    for (let tree = trees.pop(); tree !== undefined; tree = trees.pop()) {
      const [top, parent] = tree;
      const under: CompoundEntry[] = [];
      const nodes = [top];
      for (let id = nodes.pop(); id !== undefined; id = nodes.pop()) {
        if (id === NO_ENTRY) continue;
        if (id >= count || placed[id] === 1) {
          this.#whole = false;
          continue;
        }
        placed[id] = 1;
        const entry = entryOf(directory, id, this.#sectorBytes);
        if (directory[id * 128 + 66] !== 0) under.push(entry);
        nodes.push(u32(directory, id * 128 + 68), u32(directory, id * 128 + 72));
        if (entry.type === 'storage') trees.push([u32(directory, id * 128 + 76), id]);
      }
      children.set(parent, under);
    }
    const orphans: CompoundEntry[] = [];
    for (let id = 1; id < count; id++) {
      const type = directory[id * 128 + 66];
      if (placed[id] !== 1 && (type === 1 || type === 2)) orphans.push(entryOf(directory, id, this.#sectorBytes));
    }
    if (orphans.length > 0) this.#whole = false;
    const top = [...(children.get(0) ?? []), ...orphans];
    for (const [id, list] of [...children, [0, top] as const])
      children.set(
        id,
        list.toSorted((a, b) => a.id - b.id),
      );
    return children;
  }
}

function entryOf(directory: Buffer, id: number, sectorBytes: number): CompoundEntry {
  const at = id * 128;
  const nameBytes = Math.min(64, u16(directory, at + 64));
  const high = sectorBytes === 512 ? 0 : u32(directory, at + 124);
  return {
    id,
    name: directory.toString('utf16le', at, at + Math.max(0, nameBytes - 2)),
    type: directory[at + 66] === 2 ? 'stream' : 'storage',
    sizeBytes: high * 2 ** 32 + u32(directory, at + 120),
    start: u32(directory, at + 116),
  };
}

function toNumbers(bytes: Buffer): Uint32Array {
  const numbers = new Uint32Array(Math.floor(bytes.length / 4));
  for (let i = 0; i < numbers.length; i++) numbers[i] = bytes.readUInt32LE(i * 4);
  return numbers;
}
