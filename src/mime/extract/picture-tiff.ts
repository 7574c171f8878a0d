// Directories of TIFF, which carry frames and tags of TIFF files and EXIF: read within bounds, whatever they point to.
import { asBuffer } from '../octets.ts';

export interface TiffEntry {
  readonly type: number;
  readonly count: number;
  /** Where the values stand: in the entry itself where four octets hold them. */
  readonly at: number;
}

export interface TiffDirectory {
  readonly at: number;
  readonly entries: ReadonlyMap<number, TiffEntry>;
}

const MOST_DIRECTORIES = 1_000;
const MOST_ENTRIES = 1_000;
const SIZES: readonly number[] = [1, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];
/** Directories that entries point to: EXIF and GPS. */
const SUBDIRECTORIES: readonly number[] = [0x8769, 0x8825];

/** The chain of directories (TIFF 6.0, section 2), each once, as far as it is whole. */
export function tiffDirectories(octets: Uint8Array): readonly TiffDirectory[] {
  const bytes = asBuffer(octets);
  const seen = new Set<number>();
  const found: TiffDirectory[] = [];
  let at = bytes.length < 8 ? 0 : u32(bytes, 4);
  while (at !== 0 && !seen.has(at) && seen.size < MOST_DIRECTORIES && at + 2 <= bytes.length) {
    seen.add(at);
    const directory = readDirectory(bytes, at);
    found.push(directory);
    const next = at + 2 + u16(bytes, at) * 12;
    at = next + 4 <= bytes.length ? u32(bytes, next) : 0;
  }
  return found;
}

/** The directories and those for EXIF and GPS that they point to. */
export function exifDirectories(octets: Uint8Array): readonly TiffDirectory[] {
  const bytes = asBuffer(octets);
  return tiffDirectories(bytes).flatMap((directory) => {
    const places = SUBDIRECTORIES.flatMap((tag) => {
      const entry = directory.entries.get(tag);
      return entry === undefined ? [] : [tiffNumber(bytes, entry)];
    });
    return [directory, ...places.filter((at) => at > 0 && at + 2 <= bytes.length).map((at) => readDirectory(bytes, at))];
  });
}

function readDirectory(bytes: Buffer, at: number): TiffDirectory {
  const entries = new Map<number, TiffEntry>();
  const count = Math.min(u16(bytes, at), MOST_ENTRIES);
  for (let i = 0, entry = at + 2; i < count && entry + 12 <= bytes.length; i++, entry += 12) {
    const type = u16(bytes, entry + 2);
    const values = u32(bytes, entry + 4);
    const inside = values * (SIZES[type] ?? 1) <= 4;
    entries.set(u16(bytes, entry), { type, count: values, at: inside ? entry + 8 : u32(bytes, entry + 8) });
  }
  return { at, entries };
}

/** The first value as a number, 0 where there is none. */
export function tiffNumber(octets: Uint8Array, entry: TiffEntry | undefined): number {
  const bytes = asBuffer(octets);
  if (entry === undefined || entry.at + 4 > bytes.length) return 0;
  if (entry.type === 3) return u16(bytes, entry.at);
  return entry.type === 1 ? (bytes[entry.at] ?? 0) : u32(bytes, entry.at);
}

/** All octets of the values, as far as they are there. */
export function tiffOctets(octets: Uint8Array, { type, count, at }: TiffEntry): Buffer {
  return asBuffer(octets).subarray(at, at + count * (SIZES[type] ?? 1));
}

/** A picture whose first frame is this one; the same octets otherwise. */
export function withFirstFrame(octets: Uint8Array, { at }: TiffDirectory): Buffer {
  const bytes = Buffer.from(octets);
  if (isBigEndian(bytes)) bytes.writeUInt32BE(at, 4);
  else bytes.writeUInt32LE(at, 4);
  return bytes;
}

function isBigEndian(bytes: Buffer): boolean {
  return bytes[0] === 0x4d;
}

function u16(bytes: Buffer, at: number): number {
  if (at + 2 > bytes.length) return 0;
  return isBigEndian(bytes) ? bytes.readUInt16BE(at) : bytes.readUInt16LE(at);
}

function u32(bytes: Buffer, at: number): number {
  if (at + 4 > bytes.length) return 0;
  return isBigEndian(bytes) ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
}
