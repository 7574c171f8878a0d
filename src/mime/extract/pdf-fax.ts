// Pictures of a PDF that are compressed as faxes are (CCITT G3 and G4), which the pdf.js we have cannot decode: taken from the file as
// they are and given a TIFF header, which OCR can read. Dictionaries of streams stand in plain text in every PDF.

export interface FaxPicture {
  readonly width: number;
  readonly height: number;
  /** TIFF. */
  readonly file: Buffer;
}

const FILTER = '/CCITTFaxDecode';
const MOST_PICTURES = 3_000;
/** Dictionaries of pictures are short. */
const DICTIONARY = 2_000;
const BLACK_IS_ONE = 0;

/** In the order of the file; none where the document is encrypted, or the fax is compressed a second time. */
export function faxPictures(bytes: Buffer): readonly FaxPicture[] {
  const found: FaxPicture[] = [];
  if (bytes.includes('/Encrypt')) return found;
  let at = bytes.indexOf(FILTER);
  while (at >= 0 && found.length < MOST_PICTURES) {
    const picture = pictureAround(bytes, at);
    if (picture !== null) found.push(picture);
    at = bytes.indexOf(FILTER, at + FILTER.length);
  }
  return found;
}

function pictureAround(bytes: Buffer, at: number): FaxPicture | null {
  const before = Math.max(0, at - DICTIONARY);
  const begun = bytes.toString('latin1', before, at).lastIndexOf(' obj');
  const behind = bytes.indexOf('stream', at);
  if (begun < 0 || behind < 0 || behind > at + DICTIONARY) return null;
  const dictionary = bytes.toString('latin1', before + begun, behind);
  if (!/\/Subtype\s*\/Image/.test(dictionary) || /Filter\s*\[\s*\/\w+\s*\/\w/.test(dictionary)) return null;
  const number = (key: string): number => Number(new RegExp(`/${key}\\s+(-?\\d{1,9})`).exec(dictionary)?.[1] ?? 0);
  const width = number('Columns') || number('Width');
  const height = number('Height');
  // Rows that begin at octets have no counterpart in TIFF.
  if (width <= 0 || height <= 0 || /EncodedByteAlign\s+true/.test(dictionary)) return null;
  const start = behind + 6 + (bytes[behind + 6] === 0x0d ? 2 : 1);
  const end = bytes.indexOf('endstream', start);
  const data = bytes.subarray(start, end < 0 ? bytes.length : end);
  return { width: number('Width'), height, file: tiffOf(data, width, height, /\/K\s+-?\d/.test(dictionary) ? number('K') : -1) };
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
