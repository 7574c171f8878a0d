// Drawings of old Office files (MS-ODRAW): pictures, the texts that stand for them, and words drawn as art.
import { LimitReached, type Output } from './extractor.ts';
import { u16, u32, utf16 } from './little-endian.ts';
import { tellMetafile } from './metafile.ts';
import { unpack } from './unpack.ts';

interface Blip {
  readonly type: string;
  /** Instances of the record with one and with two digests before the data (MS-ODRAW 2.2.24 to 2.2.31). */
  readonly instances: readonly (readonly [instance: number, digests: number])[];
  readonly form: 'bitmap' | 'metafile';
}

const JPEG: Blip = {
  type: 'image/jpeg',
  instances: [
    [0x46a, 1],
    [0x46b, 2],
    [0x6e2, 1],
    [0x6e3, 2],
  ],
  form: 'bitmap',
};
const BLIPS: ReadonlyMap<number, Blip> = new Map([
  [0xf01a, { type: 'image/emf', instances: pair(0x3d4), form: 'metafile' }],
  [0xf01b, { type: 'image/wmf', instances: pair(0x216), form: 'metafile' }],
  [0xf01c, { type: 'image/x-pict', instances: pair(0x542), form: 'metafile' }],
  [0xf01d, JPEG],
  [0xf01e, { type: 'image/png', instances: pair(0x6e0), form: 'bitmap' }],
  [0xf01f, { type: 'image/bmp', instances: pair(0x7a8), form: 'bitmap' }],
  [0xf029, { type: 'image/tiff', instances: pair(0x6e4), form: 'bitmap' }],
  [0xf02a, JPEG],
]);

function pair(first: number): Blip['instances'] {
  return [
    [first, 1],
    [first + 1, 2],
  ];
}

/**
 * Reads all pictures in octets, wherever they stand: their records are told by type and instance together, 28 bits that hardly occur by
 * chance. Linear.
 * @throws LimitReached
 */
export async function readBlips(bytes: Buffer, output: Output): Promise<void> {
  // The second octet of the type, four behind the record's first, is F0 in all of them.
  for (let at = bytes.indexOf(0xf0, 3); at >= 0 && at + 5 <= bytes.length;) {
    const head = at - 3;
    const blip = BLIPS.get(u16(bytes, head + 2));
    const found = blip?.instances.find(([instance]) => u16(bytes, head) === instance << 4);
    const length = u32(bytes, head + 4);
    if (blip === undefined || found === undefined || length < 17 || head + 8 + length > bytes.length) {
      at = bytes.indexOf(0xf0, at + 1);
      continue;
    }
    await readBlip(bytes.subarray(head + 8 + found[1] * 16, head + 8 + length), blip, output);
    at = bytes.indexOf(0xf0, head + 8 + length + 3);
  }
}

async function readBlip(body: Buffer, { type, form }: Blip, output: Output): Promise<void> {
  const inner = async (bytes: Buffer, declaredType: string): Promise<void> =>
    await output.inner({ bytes, declaredType, parameters: new Map(), name: null, role: 'member' });
  if (form === 'bitmap') return await inner(type === 'image/bmp' ? withFileHeader(body.subarray(1)) : body.subarray(1), type);
  // OfficeArtMetafileHeader: 34 octets, the last but one says whether the data are deflated.
  let bytes = body.subarray(34);
  try {
    if (body[32] === 0) bytes = unpack(bytes, 'zlib, cut', output);
  } catch (error) {
    if (error instanceof LimitReached) throw error;
    output.blind('broken');
    return;
  }
  if (tellMetafile(bytes, output) === 'words only') return;
  // A PICT has no signature to be told by.
  if (type === 'image/x-pict') output.blind('picture-not-read');
  else await inner(bytes, type);
}

/** A DIB as a file: BITMAPFILEHEADER (MS-WMF 2.2.2.9 has the rest). */
function withFileHeader(dib: Buffer): Buffer {
  const header = Buffer.alloc(14);
  header.write('BM', 'latin1');
  header.writeUInt32LE(14 + dib.length, 2);
  const colours = u16(dib, 14) <= 8 ? (u32(dib, 32) || 2 ** u16(dib, 14)) * 4 : 0;
  header.writeUInt32LE(Math.min(0xffffffff, 14 + u32(dib, 0) + colours), 10);
  return Buffer.concat([header, dib]);
}

/** Properties of a shape whose values are text (MS-ODRAW 2.3): words drawn as art, file name, name, description. */
const SHAPE_TEXTS: ReadonlyMap<number, 'text' | 'alternative' | 'link'> = new Map([
  [0x00c0, 'text'],
  [0x0105, 'alternative'],
  [0x0380, 'alternative'],
  [0x0381, 'alternative'],
  [0x038d, 'alternative'],
]);
const FOPT = new Set([0xf00b, 0xf121, 0xf122]);
const isDrawing = (type: number): boolean => (type >= 0xf000 && type < 0xf030) || (type >= 0xf118 && type < 0xf123);

/** Tells the texts of a shape's property table, given without its record header (MS-ODRAW 2.2.7). @throws LimitReached */
export function tellShapeTexts(body: Buffer, count: number, output: Output): void {
  let complex = count * 6;
  for (let i = 0; i < count && i * 6 + 6 <= body.length; i++) {
    const [opid, value] = [u16(body, i * 6), u32(body, i * 6 + 2)];
    if ((opid & 0x8000) === 0) continue;
    const area = SHAPE_TEXTS.get(opid & 0x3fff);
    if (area !== undefined) output.text({ area }, utf16(body, complex, value));
    complex += value;
  }
}

/**
 * Walks drawing records and tells what shapes say. Containers are entered by going on behind their head, so depth costs nothing; what is
 * no record is passed over.
 * @throws LimitReached
 */
export function tellDrawing(bytes: Buffer, output: Output): void {
  for (let at = 0; at + 8 <= bytes.length;) {
    const [head, type, length] = [u16(bytes, at), u16(bytes, at + 2), u32(bytes, at + 4)];
    if (!isDrawing(type) || length > bytes.length - at - 8) {
      // In Word one octet stands before each drawing (MS-DOC 2.9.172), and a head of its own before each picture.
      at++;
      continue;
    }
    if (FOPT.has(type)) tellShapeTexts(bytes.subarray(at + 8, at + 8 + length), head >> 4, output);
    at += (head & 15) === 15 ? 8 : 8 + length;
  }
}
