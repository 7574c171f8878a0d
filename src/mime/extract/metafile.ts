// The words in Windows metafiles (MS-EMF, MS-WMF): how an embedded object looks is often kept as one, and what it draws as text is text.
import type { Output } from './extractor.ts';
import { u16, u32, utf16 } from './little-endian.ts';

/** EMR_EXTTEXTOUTA, EMR_EXTTEXTOUTW, EMR_SMALLTEXTOUT (MS-EMF 2.3.5). */
const [TEXT_A, TEXT_W, SMALL_TEXT] = [0x53, 0x54, 0x6c];
/** Records that draw a bitmap (MS-EMF 2.3.1). */
const BITMAPS: ReadonlySet<number> = new Set([0x4c, 0x4d, 0x4e, 0x4f, 0x50, 0x51, 0x72, 0x74]);
/** EMR_COMMENT, which carries EMF+ drawings; records of curves; ETO_GLYPH_INDEX. */
const COMMENT = 0x46;
const CURVES: ReadonlySet<number> = new Set([0x02, 0x05, 0x38, 0x55, 0x58, 0x5c]);
const GLYPHS = 0x10;
/** META_TEXTOUT, META_EXTTEXTOUT (MS-WMF 2.3.3.20, 2.3.3.5), and its records that draw bitmaps. */
const [WMF_TEXT, WMF_EXT_TEXT] = [0x0521, 0x0a32];
const WMF_BITMAPS: ReadonlySet<number> = new Set([0x0922, 0x0b23, 0x0940, 0x0b41, 0x0d33, 0x0f43]);
const SMALL_BITMAP = 1_024;

/** Tells the words it draws. What is drawn as a bitmap, and what is no metafile, is 'a picture'. @throws LimitReached */
export function tellMetafile(bytes: Buffer, output: Output): 'words only' | 'a picture' {
  if (u32(bytes, 0) === 1 && bytes.toString('latin1', 40, 44) === ' EMF') return tellEnhanced(bytes, output);
  const start = u32(bytes, 0) === 0x9ac6cdd7 ? 22 : 0;
  return (u16(bytes, start) === 1 || u16(bytes, start) === 2) && u16(bytes, start + 2) === 9
    ? tellOld(bytes, start + 18, output)
    : 'a picture';
}

function tellEnhanced(bytes: Buffer, output: Output): 'words only' | 'a picture' {
  const words: string[] = [];
  let picture = false;
  let curves = 0;
  for (let at = 0; at + 8 <= bytes.length;) {
    const [type, length] = [u32(bytes, at), u32(bytes, at + 4)];
    const record = bytes.subarray(at, at + length);
    // Glyph numbers of a font are no characters.
    if ((type === TEXT_W || type === TEXT_A) && (u32(record, 52) & GLYPHS) !== 0) picture = true;
    else if (type === TEXT_W) words.push(utf16(record, u32(record, 48), u32(record, 44) * 2));
    else if (type === TEXT_A) words.push(record.toString('latin1', u32(record, 48), u32(record, 48) + u32(record, 44)));
    else if (type === SMALL_TEXT) words.push(smallText(record));
    else if ((BITMAPS.has(type) || type === COMMENT) && length > SMALL_BITMAP) picture = true;
    else if (CURVES.has(type)) curves++;
    if (length < 8) break;
    at += length;
  }
  output.text({ area: 'alternative' }, words.join(' '));
  // Outlines of letters can be drawn as well.
  return picture || (words.length === 0 && curves > 8) ? 'a picture' : 'words only';
}

/** MS-EMF 2.3.5.37: a rectangle unless option 0x100, octets with option 0x200. */
function smallText(record: Buffer): string {
  const options = u32(record, 20);
  const from = 36 + ((options & 0x100) === 0 ? 16 : 0);
  const count = u32(record, 16);
  return (options & 0x200) === 0 ? utf16(record, from, count * 2) : record.toString('latin1', from, from + count);
}

function tellOld(bytes: Buffer, start: number, output: Output): 'words only' | 'a picture' {
  const words: string[] = [];
  let picture = false;
  for (let at = start; at + 6 <= bytes.length;) {
    const [words16, type] = [u32(bytes, at), u16(bytes, at + 4)];
    if (type === WMF_TEXT) words.push(bytes.toString('latin1', at + 8, Math.min(at + 8 + u16(bytes, at + 6), at + words16 * 2)));
    else if (type === WMF_EXT_TEXT) {
      const from = at + 14 + ((u16(bytes, at + 12) & 6) === 0 ? 0 : 8);
      words.push(bytes.toString('latin1', from, Math.min(from + u16(bytes, at + 10), at + words16 * 2)));
    } else if (WMF_BITMAPS.has(type) && words16 * 2 > SMALL_BITMAP) picture = true;
    if (words16 < 3 || type === 0) break;
    at += words16 * 2;
  }
  output.text({ area: 'alternative' }, words.join(' '));
  return picture ? 'a picture' : 'words only';
}
