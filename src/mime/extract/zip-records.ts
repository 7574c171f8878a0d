// The records of a ZIP file (PKWARE APPNOTE 6.3.10, 4.3 and 4.5): a member as its central directory or its local header tells it.
import { crc32 } from 'node:zlib';
import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';

export const LOCAL_HEADER = 0x04034b50;
export const DIRECTORY_ENTRY = 0x02014b50;

export interface ZipMember {
  readonly name: string;
  /** What another reader takes for its name, or null. */
  readonly otherName: string | null;
  readonly comment: string;
  readonly flags: number;
  readonly method: number;
  /** CRC-32 of what it unpacks to, as said. */
  readonly checksum: number;
  readonly compressedBytes: number;
  /** As said; 0 where only a data descriptor knows. */
  readonly plainBytes: number;
  /** Of its local header, as said. */
  readonly headerAt: number;
  /** Of the octet behind this record. */
  readonly end: number;
}

const ENCRYPTED = 0x0001;
const SIZES_BEHIND = 0x0008;
const HEADER_MASKED = 0x2000;
const UTF8_NAME = 0x0800;
/** Method 99: AES (APPNOTE annex E, WinZip AE-2). */
const AES = 99;

export function isEncrypted({ flags, method }: Pick<ZipMember, 'flags' | 'method'>): boolean {
  return (flags & (ENCRYPTED | HEADER_MASKED)) !== 0 || method === AES;
}

export function hasSizesBehind({ flags }: Pick<ZipMember, 'flags'>): boolean {
  return (flags & SIZES_BEHIND) !== 0;
}

/** APPNOTE 4.3.12; null where none stands there. */
export function directoryEntryAt(bytes: Buffer, at: number): ZipMember | null {
  if (at < 0 || at + 46 > bytes.length || bytes.readUInt32LE(at) !== DIRECTORY_ENTRY) return null;
  const nameEnd = at + 46 + bytes.readUInt16LE(at + 28);
  const extraEnd = nameEnd + bytes.readUInt16LE(at + 30);
  const end = extraEnd + bytes.readUInt16LE(at + 32);
  if (nameEnd > bytes.length) return null;
  const flags = bytes.readUInt16LE(at + 8);
  const extra = extraFields(bytes.subarray(nameEnd, Math.min(extraEnd, bytes.length)));
  const sizes = largeSizes(extra, [bytes.readUInt32LE(at + 24), bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 42)]);
  return {
    ...namesOf(bytes.subarray(at + 46, nameEnd), flags, extra),
    comment: decodeName(bytes.subarray(extraEnd, end), flags),
    flags,
    method: bytes.readUInt16LE(at + 10),
    checksum: bytes.readUInt32LE(at + 16),
    plainBytes: sizes[0] ?? 0,
    compressedBytes: sizes[1] ?? 0,
    headerAt: sizes[2] ?? 0,
    end,
  };
}

/** APPNOTE 4.3.7; null where none stands there. `end` is where its data begin. */
export function localHeaderAt(bytes: Buffer, at: number): ZipMember | null {
  if (at < 0 || at + 30 > bytes.length || bytes.readUInt32LE(at) !== LOCAL_HEADER) return null;
  const nameEnd = at + 30 + bytes.readUInt16LE(at + 26);
  const end = nameEnd + bytes.readUInt16LE(at + 28);
  if (nameEnd > bytes.length) return null;
  const flags = bytes.readUInt16LE(at + 6);
  const extra = extraFields(bytes.subarray(nameEnd, Math.min(end, bytes.length)));
  const sizes = largeSizes(extra, [bytes.readUInt32LE(at + 22), bytes.readUInt32LE(at + 18)]);
  return {
    ...namesOf(bytes.subarray(at + 30, nameEnd), flags, extra),
    comment: '',
    flags,
    method: bytes.readUInt16LE(at + 8),
    checksum: bytes.readUInt32LE(at + 14),
    plainBytes: sizes[0] ?? 0,
    compressedBytes: sizes[1] ?? 0,
    headerAt: at,
    end,
  };
}

/** By their number (APPNOTE 4.5.1); the first of each. */
function extraFields(extra: Buffer): ReadonlyMap<number, Buffer> {
  const fields = new Map<number, Buffer>();
  for (let at = 0; at + 4 <= extra.length;) {
    const id = extra.readUInt16LE(at);
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (!fields.has(id)) fields.set(id, extra.subarray(at + 4, end));
    at = end;
  }
  return fields;
}

/** The zip64 field (APPNOTE 4.5.3) holds those numbers that did not fit, in their order. */
function largeSizes(extra: ReadonlyMap<number, Buffer>, sizes: readonly number[]): number[] {
  const field = extra.get(0x0001);
  let at = 0;
  return sizes.map((size) => {
    if (size !== 0xffffffff || field === undefined || at + 8 > field.length) return size;
    at += 8;
    return Number(field.readBigUInt64LE(at - 8));
  });
}

interface Names {
  readonly name: string;
  readonly otherName: string | null;
}

/** The field of Info-ZIP for names in UTF-8 (APPNOTE 4.6.9) counts where it belongs to the name; where it does not, readers differ. */
function namesOf(raw: Buffer, flags: number, extra: ReadonlyMap<number, Buffer>): Names {
  const plain = decodeName(raw, flags);
  const field = extra.get(0x7075);
  if (field === undefined || field.length < 6) return { name: plain, otherName: null };
  const better = field.toString('utf8', 5);
  if (field.readUInt32LE(1) === crc32(raw)) return { name: better, otherName: null };
  return { name: plain, otherName: better === plain ? null : better };
}

/** IBM code page 437, unless flag 11 says UTF-8 or it can hardly be anything else (APPNOTE annex D). */
export function decodeName(raw: Buffer, flags: number): string {
  return (flags & UTF8_NAME) !== 0 || isUtf8(raw) ? raw.toString('utf8') : iconv.decode(raw, 'cp437');
}
