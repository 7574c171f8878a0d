// The directory of a ZIP file, as far as office documents need it; without one, what the heads of the members say.

export interface ZipEntry {
  readonly name: string;
  readonly encrypted: boolean;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly packedBytes: number;
  readonly sizeBytes: number;
  /** Where its octets begin. */
  readonly at: number;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;

/** The members in the order of the central directory (APPNOTE 6.3 4.3.12), or of the file where that is missing or leads nowhere. */
export function zipEntries(bytes: Buffer): readonly ZipEntry[] {
  const listed = fromDirectory(bytes);
  return listed.length > 0 ? listed : fromHeads(bytes);
}

function fromDirectory(bytes: Buffer): readonly ZipEntry[] {
  const entries: ZipEntry[] = [];
  const found = directoryOf(bytes);
  if (found === null) return entries;
  let { at } = found;
  while (at + 46 <= bytes.length && bytes.readUInt32LE(at) === CENTRAL) {
    const nameEnd = at + 46 + bytes.readUInt16LE(at + 28);
    const extraEnd = nameEnd + bytes.readUInt16LE(at + 30);
    const flags = bytes.readUInt16LE(at + 8);
    const sizes = sizesOf(bytes, at, nameEnd, Math.min(extraEnd, bytes.length));
    const data = dataAt(bytes, sizes.local + found.before);
    if (data !== null) {
      entries.push({
        name: nameOf(bytes.subarray(at + 46, nameEnd), flags),
        encrypted: (flags & 1) === 1,
        method: bytes.readUInt16LE(at + 10),
        packedBytes: sizes.packed,
        sizeBytes: sizes.plain,
        at: data,
      });
    }
    at = extraEnd + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

/** Where the directory begins, and how many octets lie before the file proper. */
function directoryOf(bytes: Buffer): { readonly at: number; readonly before: number } | null {
  const end = bytes.lastIndexOf('PK\x05\x06', bytes.length - 22, 'latin1');
  if (end < 0 || end < bytes.length - 22 - 0x20000 || bytes.readUInt32LE(end) !== END) return null;
  let [size, offset, from] = [bytes.readUInt32LE(end + 12), bytes.readUInt32LE(end + 16), end];
  if (offset === 0xffffffff && end >= 20 && bytes.readUInt32LE(end - 20) === LOCATOR_64) {
    const at = Number(bytes.readBigUInt64LE(end - 12));
    if (at + 56 > bytes.length || bytes.readUInt32LE(at) !== END_64) return null;
    size = Number(bytes.readBigUInt64LE(at + 40));
    offset = Number(bytes.readBigUInt64LE(at + 48));
    from = at;
  }
  for (const at of [offset, from - size]) {
    if (at >= 0 && at + 4 <= bytes.length && bytes.readUInt32LE(at) === CENTRAL) return { at, before: at - offset };
  }
  return null;
}

interface Sizes {
  readonly packed: number;
  readonly plain: number;
  readonly local: number;
}

/** With what the extra field of ZIP64 says instead (4.5.3). */
function sizesOf(bytes: Buffer, at: number, extraAt: number, extraEnd: number): Sizes {
  let [packed, plain, local] = [bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 24), bytes.readUInt32LE(at + 42)];
  for (let field = extraAt; field + 4 <= extraEnd; field += 4 + bytes.readUInt16LE(field + 2)) {
    if (bytes.readUInt16LE(field) !== 1) continue;
    let next = field + 4;
    const wide = (narrow: number): number => {
      if (narrow !== 0xffffffff || next + 8 > extraEnd) return narrow;
      next += 8;
      return Number(bytes.readBigUInt64LE(next - 8));
    };
    plain = wide(plain);
    packed = wide(packed);
    local = wide(local);
    break;
  }
  return { packed, plain, local };
}

function dataAt(bytes: Buffer, local: number): number | null {
  if (local < 0 || local + 30 > bytes.length || bytes.readUInt32LE(local) !== LOCAL) return null;
  return local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
}

/** A file that lost its end: each member's head, with the size it tells or up to the next head. */
function fromHeads(bytes: Buffer): readonly ZipEntry[] {
  const entries: ZipEntry[] = [];
  let at = bytes.indexOf('PK\x03\x04', 0, 'latin1');
  while (at >= 0 && at + 30 <= bytes.length) {
    const data = dataAt(bytes, at) ?? bytes.length;
    const flags = bytes.readUInt16LE(at + 6);
    const told = bytes.readUInt32LE(at + 18);
    const from = Math.min((flags & 8) === 0 && told !== 0xffffffff ? data + told : data, bytes.length);
    const next = bytes.indexOf('PK\x03\x04', from, 'latin1');
    entries.push({
      name: nameOf(bytes.subarray(at + 30, at + 30 + bytes.readUInt16LE(at + 26)), flags),
      encrypted: (flags & 1) === 1,
      method: bytes.readUInt16LE(at + 8),
      packedBytes: (from > data ? from : next < 0 ? bytes.length : next) - data,
      sizeBytes: bytes.readUInt32LE(at + 22),
      at: data,
    });
    at = next;
  }
  return entries;
}

/** UTF-8 where flag 11 says so; else what it was meant to be is not told, and part names are US-ASCII. */
function nameOf(bytes: Buffer, flags: number): string {
  return bytes.toString((flags & 0x800) === 0 ? 'latin1' : 'utf8');
}
