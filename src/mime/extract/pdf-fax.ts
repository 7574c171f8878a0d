// Pictures of a PDF that are compressed as faxes are (CCITT G3 and G4), which the pdf.js we have cannot decode: taken from the file as
// they are and given a TIFF header, which OCR can read.
import { numberIn, type PictureDictionary, pictureDictionaries } from './pdf-picture-dictionaries.ts';

export interface FaxPicture {
  readonly width: number;
  readonly height: number;
  /** TIFF. */
  readonly file: Buffer;
}

const MOST_PICTURES = 3_000;
const BLACK_IS_ONE = 0;

/** In the order of the file; none where the document is encrypted, or the fax is compressed a second time. */
export function faxPictures(bytes: Buffer): readonly FaxPicture[] {
  const found: FaxPicture[] = [];
  if (!bytes.includes('/CCITTFaxDecode') || bytes.includes('/Encrypt')) return found;
  for (const picture of pictureDictionaries(bytes)) {
    if (found.length >= MOST_PICTURES) break;
    const fax = faxOf(bytes, picture);
    if (fax !== null) found.push(fax);
  }
  return found;
}

function faxOf(bytes: Buffer, { width, height, text, dataAt }: PictureDictionary): FaxPicture | null {
  const isFax = /\/Filter\s*(?:\[\s*)?\/CCITTFaxDecode\s*(?!\s*\/\w+Decode)/.test(text);
  // Rows that begin at octets have no counterpart in TIFF.
  if (!isFax || width <= 0 || height <= 0 || /EncodedByteAlign\s+true/.test(text)) return null;
  const end = bytes.indexOf('endstream', dataAt);
  const data = bytes.subarray(dataAt, end < 0 ? bytes.length : end);
  const k = /\/K\s+-?\d/.test(text) ? numberIn(text, 'K') : -1;
  return { width, height, file: tiffOf(data, numberIn(text, 'Columns') || width, height, k) };
}

/** One strip (TIFF 6.0, sections 2, 10 and 11). @param k as CCITTFaxDecode counts (ISO 32000-1, 7.4.6) */
function tiffOf(data: Buffer, width: number, height: number, k: number): Buffer {
  const entries: readonly (readonly [tag: number, value: number])[] = [
    [256, width],
    [257, height],
    [258, 1],
    [259, k < 0 ? 4 : 3],
    [262, BLACK_IS_ONE],
    [273, HEADER + 2 + 9 * 12 + 4],
    [277, 1],
    [279, data.length],
    [k < 0 ? 293 : 292, k > 0 ? 1 : 0],
  ];
  const head = Buffer.alloc(HEADER + 2 + entries.length * 12 + 4);
  head.write('II*\0', 'latin1');
  head.writeUInt32LE(HEADER, 4);
  head.writeUInt16LE(entries.length, HEADER);
  entries.forEach(([tag, value], i) => {
    const at = HEADER + 2 + i * 12;
    head.writeUInt16LE(tag, at);
    head.writeUInt16LE(LONG, at + 2);
    head.writeUInt32LE(1, at + 4);
    head.writeUInt32LE(value, at + 8);
  });
  return Buffer.concat([head, data]);
}

const HEADER = 8;
const LONG = 4;
