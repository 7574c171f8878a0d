// The names at the root of an OLE2 compound file (MS-CFB): enough to tell what it is. Bounded: a chain that loops or lies ends.
const MOST_SECTORS = 512;
const MOST_NAMES = 1_024;
const NONE = 0xfffffffa;

interface Entry {
  readonly name: string;
  readonly left: number;
  readonly right: number;
  readonly child: number;
}

/** Names of the root's children; where the tree is damaged, all names of the directory. */
export function rootNames(bytes: Buffer): string[] {
  const entries = directoryOf(bytes);
  const names: string[] = [];
  const seen = new Set<number>();
  const stack = [entries[0]?.child ?? NONE];
  for (let id = stack.pop(); id !== undefined && names.length < MOST_NAMES; id = stack.pop()) {
    const entry = entries[id];
    if (entry === undefined || seen.has(id)) continue;
    seen.add(id);
    names.push(entry.name);
    stack.push(entry.left, entry.right);
  }
  return names.length > 0 ? names : entries.slice(0, MOST_NAMES).map(({ name }) => name);
}

function directoryOf(bytes: Buffer): Entry[] {
  const sectorBytes = bytes.readUInt16LE(30) === 12 ? 4_096 : 512;
  const entries: Entry[] = [];
  let sector = bytes.readUInt32LE(48);
  for (let count = 0; count < MOST_SECTORS && sector < NONE; count++) {
    const at = (sector + 1) * sectorBytes;
    if (at >= bytes.length) break;
    for (let entry = at; entry + 128 <= Math.min(at + sectorBytes, bytes.length); entry += 128) entries.push(entryAt(bytes, entry));
    // Where the table is damaged the next sector is the likely one.
    sector = nextSector(bytes, sector, sectorBytes) ?? sector + 1;
  }
  return entries;
}

function entryAt(bytes: Buffer, at: number): Entry {
  const nameLength = Math.min(64, bytes.readUInt16LE(at + 64));
  return {
    name: bytes.toString('utf16le', at, at + Math.max(0, (nameLength & ~1) - 2)),
    left: bytes.readUInt32LE(at + 68),
    right: bytes.readUInt32LE(at + 72),
    child: bytes.readUInt32LE(at + 76),
  };
}

/** By the file allocation table, whose first 109 sectors the header lists; null where it lies beyond. */
function nextSector(bytes: Buffer, sector: number, sectorBytes: number): number | null {
  const perSector = sectorBytes / 4;
  const table = Math.floor(sector / perSector);
  if (table >= 109) return null;
  const tableSector = bytes.readUInt32LE(76 + table * 4);
  const at = (tableSector + 1) * sectorBytes + (sector % perSector) * 4;
  return tableSector >= NONE || at + 4 > bytes.length ? null : bytes.readUInt32LE(at);
}
