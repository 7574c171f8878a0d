// The end of a ZIP's central directory (APPNOTE 4.3.16, 4.3.14 for zip64): where the directory lies, whatever stands before or behind the ZIP.

export interface DirectoryEnd {
  /** Of the first entry of the central directory. */
  readonly directoryAt: number;
  readonly directoryBytes: number;
  /** As the record says; more than a directory can hold is a lie. */
  readonly entries: number;
  /** Octets that stand before the ZIP: to be added to each offset in it. */
  readonly shift: number;
  /** Of the record. */
  readonly at: number;
  /** Of the first octet behind the record and its comment. */
  readonly end: number;
  readonly comment: Buffer;
}

const RECORD = 22;
/** A comment has at most 65,535 octets; readers forgive a little more behind it. */
const FARTHEST = 65_535 + RECORD + 4_096;
const MOST_TRIED = 64;

/** The last record that leads to a directory, or null. */
export function findDirectoryEnd(bytes: Buffer): DirectoryEnd | null {
  const from = Math.max(0, bytes.length - FARTHEST);
  let at = bytes.length - RECORD;
  for (let tried = 0; tried < MOST_TRIED && at >= from; tried++) {
    at = bytes.lastIndexOf('PK\x05\x06', at, 'latin1');
    if (at < from) return null;
    const found = directoryEndAt(bytes, at);
    if (found !== null) return found;
    at--;
  }
  return null;
}

export function directoryEndAt(bytes: Buffer, at: number): DirectoryEnd | null {
  if (at < 0 || at + RECORD > bytes.length) return null;
  let entries = bytes.readUInt16LE(at + 10);
  let directoryBytes = bytes.readUInt32LE(at + 12);
  let offset = bytes.readUInt32LE(at + 16);
  let directoryEnd = at;
  const large = zip64Of(bytes, at);
  if (large !== null) {
    if (entries === 0xffff) entries = large.entries;
    if (directoryBytes === 0xffffffff) directoryBytes = large.directoryBytes;
    if (offset === 0xffffffff) offset = large.offset;
    directoryEnd = large.at;
  }
  const commentLength = bytes.readUInt16LE(at + 20);
  const comment = bytes.subarray(at + RECORD, at + RECORD + commentLength);
  const about = { directoryBytes, entries, at, comment, end: Math.min(bytes.length, at + RECORD + commentLength) };
  if (entries === 0 && directoryBytes === 0) return { ...about, directoryAt: directoryEnd, shift: 0 };
  // Where it ends is surer than where it says it begins: something may stand before the ZIP.
  const before = directoryEnd - directoryBytes;
  if (isEntry(bytes, before)) return { ...about, directoryAt: before, shift: before - offset };
  return isEntry(bytes, offset) ? { ...about, directoryAt: offset, shift: 0 } : null;
}

function isEntry(bytes: Buffer, at: number): boolean {
  return at >= 0 && at + 46 <= bytes.length && bytes.readUInt32LE(at) === 0x02014b50;
}

interface Zip64End {
  readonly at: number;
  readonly entries: number;
  readonly directoryBytes: number;
  readonly offset: number;
}

/** By its locator, 20 octets before the record. */
function zip64Of(bytes: Buffer, end: number): Zip64End | null {
  const locator = end - 20;
  if (locator < 0 || bytes.readUInt32LE(locator) !== 0x07064b50) return null;
  const said = Number(bytes.readBigUInt64LE(locator + 8));
  for (const at of [said, locator - 56]) {
    if (at >= 0 && at + 56 <= locator && bytes.readUInt32LE(at) === 0x06064b50) {
      return {
        at,
        entries: Number(bytes.readBigUInt64LE(at + 32)),
        directoryBytes: Number(bytes.readBigUInt64LE(at + 40)),
        offset: Number(bytes.readBigUInt64LE(at + 48)),
      };
    }
  }
  return null;
}
