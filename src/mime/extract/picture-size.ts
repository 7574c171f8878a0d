// How large a picture is and how many frames it has, read from its header: nothing is decoded.
import { asBuffer } from '../octets.ts';
import { tiffDirectories, tiffNumber } from './picture-tiff.ts';

export interface PictureSize {
  readonly format: 'png' | 'jpeg' | 'gif' | 'bmp' | 'tiff' | 'webp' | 'heif' | 'ico' | 'jp2' | 'pnm' | 'unknown';
  /** Of the largest frame; 0 where the header does not say. */
  readonly width: number;
  readonly height: number;
  /** At least 1. */
  readonly frames: number;
}

type Format = Exclude<PictureSize['format'], 'unknown'>;
type Measure = readonly [width: number, height: number, frames: number];

const NOT_SAID: Measure = [0, 0, 1];
const MOST_STEPS = 10_000;

/** By the signature and header of each format; see the functions below. Never throws. */
export function pictureSize(octets: Uint8Array): PictureSize {
  const bytes = asBuffer(octets);
  const format = formatOf(bytes);
  if (format === null) return { format: 'unknown', width: 0, height: 0, frames: 1 };
  const [width, height, frames] = measure(format, bytes);
  return { format, width, height, frames };
}

function measure(format: Format, bytes: Buffer): Measure {
  try {
    return MEASURES[format](bytes);
  } catch (error) {
    // The header is cut.
    if (error instanceof RangeError) return NOT_SAID;
    throw error;
  }
}

function formatOf(bytes: Buffer): Format | null {
  const start = bytes.toString('latin1', 0, 12);
  if (start.startsWith('\x89PNG')) return 'png';
  if (start.startsWith('\xff\xd8')) return 'jpeg';
  if (/^GIF8[79]a/.test(start)) return 'gif';
  if (start.startsWith('BM')) return 'bmp';
  if (/^(?:II[*+]\0|MM\0[*+])/.test(start)) return 'tiff';
  if (/^RIFF[^]{4}WEBP/.test(start)) return 'webp';
  if (/^\0\0\0\x0cjP {2}\r\n/.test(start) || start.startsWith('\xff\x4f\xff\x51')) return 'jp2';
  if (/^[^]{4}ftyp/.test(start)) return 'heif';
  if (/^\0\0[\x01\x02]\0/.test(start)) return 'ico';
  return /^P[1-6]\s/.test(start) ? 'pnm' : null;
}

const MEASURES: Readonly<Record<Format, (bytes: Buffer) => Measure>> = {
  /** IHDR (PNG 3rd edition, 11.2.1); frames of acTL. */
  png(bytes) {
    const animated = bytes.indexOf('acTL');
    const frames = animated === 37 ? bytes.readUInt32BE(animated + 4) : 1;
    return [bytes.readUInt32BE(16), bytes.readUInt32BE(20), Math.max(1, frames)];
  },
  jpeg: ofJpeg,
  gif: ofGif,
  /** BITMAPINFOHEADER; a negative height means from the top. */
  bmp(bytes) {
    if (bytes.readUInt32LE(14) === 12) return [bytes.readUInt16LE(18), bytes.readUInt16LE(20), 1];
    return [Math.abs(bytes.readInt32LE(18)), Math.abs(bytes.readInt32LE(22)), 1];
  },
  tiff: ofTiff,
  webp: ofWebp,
  heif: ofHeif,
  /** ICONDIR: a size of 0 means 256. */
  ico(bytes) {
    const frames = bytes.readUInt16LE(4);
    let side = 0;
    for (let i = 0; i < Math.min(frames, 64); i++) side = Math.max(side, bytes.readUInt8(6 + i * 16) || 256);
    return [side, side, 1];
  },
  jp2: ofJp2,
  pnm(bytes) {
    const [, width, height] = /^P[1-6]\s+(\d{1,9})\s+(\d{1,9})/.exec(bytes.toString('latin1', 0, 64)) ?? [];
    return [Number(width ?? 0), Number(height ?? 0), 1];
  },
};

/** SOFn (ITU-T T.81, B.2.2), behind whatever other segments. */
function ofJpeg(bytes: Buffer): Measure {
  let at = 2;
  for (let step = 0; step < MOST_STEPS; step++) {
    while (bytes.readUInt8(at) !== 0xff) at++;
    while (bytes.readUInt8(at) === 0xff) at++;
    const marker = bytes.readUInt8(at++);
    if (marker === 0xd9 || marker === 0xda) break;
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) continue;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return [bytes.readUInt16BE(at + 5), bytes.readUInt16BE(at + 3), 1];
    at += Math.max(2, bytes.readUInt16BE(at));
  }
  return NOT_SAID;
}

/** Logical screen and images (GIF89a, 18 and 20). */
function ofGif(bytes: Buffer): Measure {
  return [bytes.readUInt16LE(6), bytes.readUInt16LE(8), Math.max(1, gifFrames(bytes))];
}

function gifFrames(bytes: Buffer): number {
  let frames = 0;
  for (const block of gifBlocks(bytes)) if (block.kind === 'image') frames++;
  return frames;
}

export interface GifBlock {
  /** 254 and 1 are the labels of comments and plain text. */
  readonly kind: 'image' | number;
  readonly data: readonly Buffer[];
}

/** Images and extensions of a GIF, as far as it is whole; their data in sub-blocks (GIF89a, 15). */
export function* gifBlocks(bytes: Buffer): Generator<GifBlock> {
  const table = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 << ((flags & 7) + 1));
  let at = 13 + table(bytes[10] ?? 0);
  for (let step = 0; step < MOST_STEPS && at < bytes.length; step++) {
    const introducer = bytes[at];
    const isImage = introducer === 0x2c;
    if (!isImage && introducer !== 0x21) return;
    const kind = isImage ? ('image' as const) : (bytes[at + 1] ?? 0);
    at += isImage ? 11 + table(bytes[at + 9] ?? 0) : 2;
    const data: Buffer[] = [];
    for (let size = bytes[at] ?? 0; size > 0; size = bytes[at] ?? 0) {
      data.push(bytes.subarray(at + 1, at + 1 + size));
      at += 1 + size;
    }
    at++;
    yield { kind, data };
  }
}

function ofTiff(bytes: Buffer): Measure {
  let largest: Measure = NOT_SAID;
  const directories = tiffDirectories(bytes);
  for (const { entries } of directories) {
    const width = tiffNumber(bytes, entries.get(256));
    const height = tiffNumber(bytes, entries.get(257));
    if (width * height > largest[0] * largest[1]) largest = [width, height, 1];
  }
  return [largest[0], largest[1], Math.max(1, directories.length)];
}

/** VP8, VP8L or VP8X (RFC 9649, 2.5 to 2.7, RFC 6386 9.1); frames of ANMF. */
function ofWebp(bytes: Buffer): Measure {
  const kind = bytes.toString('latin1', 12, 16);
  if (kind === 'VP8 ') return [bytes.readUInt16LE(26) & 0x3fff, bytes.readUInt16LE(28) & 0x3fff, 1];
  if (kind === 'VP8L') {
    const bits = bytes.readUInt32LE(21);
    return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1, 1];
  }
  if (kind !== 'VP8X') return NOT_SAID;
  let frames = 0;
  for (let at = 12, step = 0; at + 8 <= bytes.length && step < MOST_STEPS; step++) {
    if (bytes.toString('latin1', at, at + 4) === 'ANMF') frames++;
    at += 8 + bytes.readUInt32LE(at + 4) + (bytes.readUInt32LE(at + 4) & 1);
  }
  return [bytes.readUIntLE(24, 3) + 1, bytes.readUIntLE(27, 3) + 1, Math.max(1, frames)];
}

/** The largest `ispe` (ISO/IEC 23008-12, 6.5.3): those of tiles and thumbnails are smaller. */
function ofHeif(bytes: Buffer): Measure {
  let largest: Measure = NOT_SAID;
  let at = bytes.indexOf('ispe');
  for (let step = 0; at >= 0 && step < 100; step++) {
    const [width, height] = [bytes.readUInt32BE(at + 8), bytes.readUInt32BE(at + 12)];
    if (width * height > largest[0] * largest[1]) largest = [width, height, 1];
    at = bytes.indexOf('ispe', at + 4);
  }
  return largest;
}

/** `ihdr` of the container (ISO/IEC 15444-1, I.5.3.1), or SIZ of a bare codestream (A.5.1). */
function ofJp2(bytes: Buffer): Measure {
  if (bytes[0] === 0xff) return [bytes.readUInt32BE(8), bytes.readUInt32BE(12), 1];
  const header = bytes.indexOf('ihdr');
  return header < 0 ? NOT_SAID : [bytes.readUInt32BE(header + 8), bytes.readUInt32BE(header + 4), 1];
}
