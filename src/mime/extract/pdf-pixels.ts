// Pixels as pdf.js decodes them, as a file that OCR reads: Netpbm, which is a line of header and the pixels.

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Of pdf.js: 1 is a bit for each pixel, 2 RGB, 3 RGBA. */
  readonly kind: number;
  readonly data: Uint8Array;
}

const BITS = 1;
const RGBA = 3;
/** Letters of a page scanned at more than some 350 dpi are larger than OCR needs. */
const ENOUGH_PIXELS = 12_000_000;

/** Checks what pdf.js hands over; a mask does not say its kind. */
export function pixelsOf(value: unknown, mask: boolean): Pixels | null {
  if (typeof value !== 'object' || value === null || !('data' in value) || !('width' in value) || !('height' in value)) return null;
  const { width, height, data } = value;
  const octets =
    data instanceof Uint8Array || data instanceof Uint8ClampedArray ? new Uint8Array(data.buffer, data.byteOffset, data.length) : null;
  if (typeof width !== 'number' || typeof height !== 'number' || octets === null) return null;
  const kind = mask ? BITS : 'kind' in value && typeof value.kind === 'number' ? value.kind : 0;
  const pixels = { width, height, kind, data: octets };
  return kind >= BITS && kind <= RGBA && octets.length >= rowSize(pixels) * height ? pixels : null;
}

function rowSize({ width, kind }: Pick<Pixels, 'width' | 'kind'>): number {
  return kind === BITS ? (width + 7) >> 3 : width * (kind === RGBA ? 4 : 3);
}

/** One below the other, where they are strips of one picture: of one width and kind. */
export function stacked(strips: readonly Pixels[]): Pixels | null {
  const [first] = strips;
  if (first === undefined || strips.some(({ width, kind }) => width !== first.width || kind !== first.kind)) return null;
  const height = strips.reduce((sum, strip) => sum + strip.height, 0);
  const data = Buffer.concat(strips.map((strip) => strip.data.subarray(0, rowSize(strip) * strip.height)));
  return { width: first.width, height, kind: first.kind, data };
}

/** PBM or PGM (Netpbm). Colours become grey, which OCR does anyway; what shines through is laid on white. */
export function toNetpbm(pixels: Pixels): Buffer {
  if (pixels.kind === BITS) return toBitmap(pixels);
  const { width, height, kind, data } = pixels;
  const step = kind === RGBA ? 4 : 3;
  const every = width * height > ENOUGH_PIXELS ? 2 : 1;
  const [columns, rows] = [Math.floor(width / every), Math.floor(height / every)];
  const header = Buffer.from(`P5\n${columns} ${rows}\n255\n`, 'latin1');
  const file = Buffer.alloc(header.length + columns * rows);
  header.copy(file);
  let to = header.length;
  for (let y = 0; y < rows; y++) {
    let from = y * every * width * step;
    for (let x = 0; x < columns; x++, from += step * every) {
      const grey = ((data[from] ?? 0) * 77 + (data[from + 1] ?? 0) * 150 + (data[from + 2] ?? 0) * 29) >> 8;
      file[to++] = step === 3 ? grey : 255 - (((255 - grey) * (data[from + 3] ?? 255)) >> 8);
    }
  }
  return file;
}

/** In PBM a set bit is black, in a PDF it is white. */
function toBitmap({ width, height, data }: Pixels): Buffer {
  const header = Buffer.from(`P4\n${width} ${height}\n`, 'latin1');
  const file = Buffer.alloc(header.length + ((width + 7) >> 3) * height);
  header.copy(file);
  for (let from = 0, to = header.length; to < file.length; from++, to++) file[to] = ~(data[from] ?? 0);
  return file;
}
