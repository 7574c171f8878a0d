// Writes compound files (MS-CFB) for tests, in either sector size, and tells where things lie, so that tests can damage them.
export interface WrittenStorage {
  readonly [name: string]: Buffer | WrittenStorage;
}

export interface Written {
  readonly bytes: Buffer;
  /** Where the first FAT sector and the directory begin. */
  readonly fatAt: number;
  readonly directoryAt: number;
  readonly miniFatAt: number;
}

const [FREE, END, FAT] = [0xffffffff, 0xfffffffe, 0xfffffffd];

interface Node {
  readonly name: string;
  readonly stream: Buffer | null;
  child: number;
  left: number;
  right: number;
}

/** Children of a storage as a balanced tree, sorted as the specification wants. */
function flatten(root: WrittenStorage): Node[] {
  const nodes: Node[] = [{ name: 'Root Entry', stream: null, child: FREE, left: FREE, right: FREE }];
  const open: (readonly [id: number, storage: WrittenStorage])[] = [[0, root]];
  for (let one = open.shift(); one !== undefined; one = open.shift()) {
    const [parent, storage] = one;
    const names = Object.keys(storage).sort((a, b) => a.length - b.length || (a.toUpperCase() < b.toUpperCase() ? -1 : 1));
    const first = nodes.length;
    for (const name of names) {
      const content = storage[name];
      nodes.push({ name, stream: Buffer.isBuffer(content) ? content : null, child: FREE, left: FREE, right: FREE });
      if (content !== undefined && !Buffer.isBuffer(content)) open.push([nodes.length - 1, content]);
    }
    const tree = (from: number, to: number): number => {
      if (from >= to) return FREE;
      const middle = (from + to) >> 1;
      const node = nodes[first + middle];
      if (node !== undefined) [node.left, node.right] = [tree(from, middle), tree(middle + 1, to)];
      return first + middle;
    };
    const top = nodes[parent];
    if (top !== undefined) top.child = tree(0, names.length);
  }
  return nodes;
}

/** At most 109 FAT sectors: 7 MB in small sectors. */
export function writeCompound(root: WrittenStorage, sectorBytes: 512 | 4096 = 512): Written {
  const nodes = flatten(root);
  const next: number[] = [];
  const pieces: Buffer[] = [];
  const add = (bytes: Buffer): number => {
    if (bytes.length === 0) return END;
    const start = next.length;
    const count = Math.ceil(bytes.length / sectorBytes);
    pieces.push(bytes, Buffer.alloc(count * sectorBytes - bytes.length));
    for (let i = 1; i <= count; i++) next.push(i === count ? END : start + i);
    return start;
  };
  const mini: Buffer[] = [];
  const miniNext: number[] = [];
  const starts = nodes.map(({ stream }) => {
    if (stream === null || stream.length >= 4096) return stream === null ? 0 : add(stream);
    if (stream.length === 0) return END;
    const start = miniNext.length;
    const count = Math.ceil(stream.length / 64);
    mini.push(stream, Buffer.alloc(count * 64 - stream.length));
    for (let i = 1; i <= count; i++) miniNext.push(i === count ? END : start + i);
    return start;
  });
  const miniBytes = Buffer.concat(mini);
  const miniFat = Buffer.alloc(Math.ceil((miniNext.length * 4) / sectorBytes) * sectorBytes, 0xff);
  miniNext.forEach((value, i) => miniFat.writeUInt32LE(value, i * 4));
  starts[0] = add(miniBytes);
  const directory = Buffer.alloc(Math.ceil((nodes.length * 128) / sectorBytes) * sectorBytes);
  nodes.forEach((node, id) => {
    const at = id * 128;
    directory.write(node.name, at, 'utf16le');
    directory.writeUInt16LE(node.name.length * 2 + 2, at + 64);
    directory[at + 66] = id === 0 ? 5 : node.stream === null ? 1 : 2;
    directory[at + 67] = 1;
    [node.left, node.right, node.child].forEach((value, i) => directory.writeUInt32LE(value, at + 68 + i * 4));
    directory.writeUInt32LE(starts[id] ?? END, at + 116);
    directory.writeUInt32LE(id === 0 ? miniBytes.length : (node.stream?.length ?? 0), at + 120);
  });
  const directoryStart = add(directory);
  const miniFatStart = add(miniFat);
  const fatStart = next.length;
  let fats = 1;
  while (Math.ceil(((fatStart + fats) * 4) / sectorBytes) > fats) fats++;
  const fat = Buffer.alloc(fats * sectorBytes, 0xff);
  [...next, ...Array.from({ length: fats }, () => FAT)].forEach((value, i) => fat.writeUInt32LE(value, i * 4));
  const header = Buffer.alloc(sectorBytes);
  header.write('d0cf11e0a1b11ae1', 'hex');
  const words: readonly (readonly [number, number])[] = [
    [24, 0x3e],
    [26, sectorBytes === 512 ? 3 : 4],
    [28, 0xfffe],
    [30, sectorBytes === 512 ? 9 : 12],
    [32, 6],
  ];
  for (const [at, value] of words) header.writeUInt16LE(value, at);
  const longs: readonly (readonly [number, number])[] = [
    [40, sectorBytes === 512 ? 0 : directory.length / sectorBytes],
    [44, fats],
    [48, directoryStart],
    [56, 4096],
    [60, miniFatStart],
    [64, miniFat.length / sectorBytes],
    [68, END],
  ];
  for (const [at, value] of longs) header.writeUInt32LE(value, at);
  header.fill(0xff, 76, 512);
  for (let i = 0; i < fats; i++) header.writeUInt32LE(fatStart + i, 76 + i * 4);
  const place = (sector: number): number => (sector + 1) * sectorBytes;
  return {
    bytes: Buffer.concat([header, ...pieces, fat]),
    fatAt: place(fatStart),
    directoryAt: place(directoryStart),
    miniFatAt: place(miniFatStart),
  };
}
