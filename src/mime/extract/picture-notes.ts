// Words that a picture carries beside its pixels: comments, captions and titles in the chunks of its format.
import { asBuffer } from '../octets.ts';
import { decodeText } from '../charset.ts';
import { LimitReached, type Output } from './extractor.ts';
import { exifDirectories, type TiffEntry, tiffNumber, tiffOctets } from './picture-tiff.ts';
import { gifBlocks } from './picture-size.ts';
import { unpack } from './unpack.ts';
import { readXmlText } from './xml.ts';

const MOST_NOTES = 2_000;
const TYPE_ASCII = 2;
const ORIENTATION = 274;
const USER_COMMENT = 37_510;
const IPTC = 33_723;
/** XPTitle, XPComment, XPAuthor, XPKeywords, XPSubject of Windows: UTF-16LE as octets. */
const XP_FIRST = 0x9c9b;
const XP_LAST = 0x9c9f;

/** Emits the words of every chunk that is meant for words. Damage ends the chunk it is in. */
export function readPictureNotes(octets: Uint8Array, format: string, output: Output): void {
  const bytes = asBuffer(octets);
  if (format === 'png') readPng(bytes, output);
  if (format === 'jpeg') readJpeg(bytes, output);
  if (format === 'gif') readGif(bytes, output);
  const exif = exifOf(bytes, format);
  if (exif !== null) readExif(exif, output);
  readXmp(bytes, output);
}

/** As EXIF counts, 1 where nothing is said. In TIFF the decoder looks itself. */
export function orientationOf(octets: Uint8Array, format: string): number {
  const exif = format === 'tiff' ? null : exifOf(asBuffer(octets), format);
  if (exif === null) return 1;
  const said = exifDirectories(exif).map(({ entries }) => tiffNumber(exif, entries.get(ORIENTATION)));
  return said.find((value) => value >= 1 && value <= 8) ?? 1;
}

function comment(output: Output, text: string): void {
  output.text({ area: 'comment' }, text.replaceAll('\0', ' ').trim());
}

/** tEXt, zTXt, iTXt (PNG 3rd edition, 11.3.3). */
function readPng(bytes: Buffer, output: Output): void {
  for (let at = 8, chunks = 0; at + 8 <= bytes.length && chunks < MOST_NOTES; chunks++) {
    const size = bytes.readUInt32BE(at);
    const kind = bytes.toString('latin1', at + 4, at + 8);
    const data = bytes.subarray(at + 8, at + 8 + size);
    if (kind === 'tEXt' || kind === 'zTXt' || kind === 'iTXt') orSkip(() => readPngText(kind, data, output));
    at += 12 + size;
  }
}

function readPngText(kind: string, data: Buffer, output: Output): void {
  const keyEnd = data.indexOf(0);
  if (keyEnd < 0) return;
  const key = data.toString('latin1', 0, keyEnd);
  const rest = data.subarray(keyEnd + 1);
  if (key.startsWith('XML:com.adobe')) return;
  if (kind === 'tEXt') comment(output, `${key}: ${decodeText(rest, null).text}`);
  if (kind === 'zTXt') comment(output, `${key}: ${decodeText(unpack(rest.subarray(1), 'zlib', output), null).text}`);
  if (kind !== 'iTXt') return;
  // Compression flag and method, language tag, translated keyword, text.
  const language = rest.indexOf(0, 2);
  const keyword = language < 0 ? -1 : rest.indexOf(0, language + 1);
  if (keyword < 0) return;
  const text = rest.subarray(keyword + 1);
  const plain = rest[0] === 1 ? unpack(text, 'zlib', output) : text;
  comment(output, `${key} ${rest.toString('utf8', language + 1, keyword)}: ${plain.toString('utf8')}`);
}

/** COM and the IPTC record in APP13 (ITU-T T.81, B.2.4.5). */
function readJpeg(bytes: Buffer, output: Output): void {
  for (let at = 2, segments = 0; at + 4 <= bytes.length && segments < MOST_NOTES; segments++) {
    if (bytes[at] !== 0xff) return;
    const marker = bytes[at + 1];
    if (marker === 0xda) return;
    const size = bytes.readUInt16BE(at + 2);
    const data = bytes.subarray(at + 4, at + 2 + size);
    if (marker === 0xfe) comment(output, decodeText(data, null).text);
    if (marker === 0xed) readIptc(data, output);
    at += 2 + Math.max(2, size);
  }
}

/** Datasets of the application record (IIM 4.2, chapter 6): headline, caption, keywords and others that are words. */
function readIptc(data: Buffer, output: Output): void {
  let at = data.indexOf('\x1c\x02');
  for (let sets = 0; at >= 0 && at + 5 <= data.length && sets < MOST_NOTES; sets++) {
    const size = data.readUInt16BE(at + 3);
    if (data[at + 2] !== 0) comment(output, decodeText(data.subarray(at + 5, at + 5 + size), null).text);
    at = data.indexOf('\x1c\x02', at + 5 + size);
  }
}

/** Comment and plain text (GIF89a, 24 and 25). */
function readGif(bytes: Buffer, output: Output): void {
  for (const { kind, data } of gifBlocks(bytes)) {
    if (kind === 0xfe) comment(output, decodeText(Buffer.concat(data), null).text);
    if (kind === 0x01) output.text({ area: 'text' }, decodeText(Buffer.concat(data.slice(1)), null).text);
  }
}

function exifOf(bytes: Buffer, format: string): Buffer | null {
  if (format === 'tiff') return bytes;
  // In JPEG, HEIF and WebP behind this name, in PNG in a chunk of its own (EXIF 2.32, 4.7.2; PNG 3rd edition, 11.3.4.5).
  const named = bytes.indexOf('Exif\0\0');
  if (named >= 0) return bytes.subarray(named + 6);
  const chunk = ['png', 'webp'].includes(format) ? Math.max(bytes.indexOf('eXIf'), bytes.indexOf('EXIF')) : -1;
  if (chunk < 0) return null;
  return bytes.subarray(chunk + (format === 'png' ? 4 : 8));
}

/** Every tag that holds words: ImageDescription, Artist, UserComment, titles of Windows ... (EXIF 2.32, 4.6). */
function readExif(exif: Buffer, output: Output): void {
  let notes = 0;
  for (const { entries } of exifDirectories(exif)) {
    for (const [tag, entry] of entries) {
      if (++notes > MOST_NOTES) return;
      if (tag === IPTC) readIptc(tiffOctets(exif, entry), output);
      else comment(output, wordsOf(exif, tag, entry));
    }
  }
}

function wordsOf(exif: Buffer, tag: number, entry: TiffEntry): string {
  const octets = tiffOctets(exif, entry);
  if (tag >= XP_FIRST && tag <= XP_LAST) return octets.toString('utf16le');
  if (entry.type === TYPE_ASCII) return decodeText(withoutPadding(octets), null).text;
  if (tag !== USER_COMMENT) return '';
  const code = octets.toString('latin1', 0, 7);
  const words = octets.subarray(8);
  if (code !== 'UNICODE') return decodeText(withoutPadding(words), null).text;
  // In the byte order of the file; writers differ.
  return decodeText(words, words[0] === 0 ? 'utf-16be' : 'utf-16le').text;
}

/** Strings of TIFF end with NUL, which would look like UTF-16. */
function withoutPadding(octets: Buffer): Buffer {
  const end = octets.indexOf(0);
  return end < 0 ? octets : octets.subarray(0, end);
}

/** XMP (ISO 16684-1) stands as plain XML in every format. */
function readXmp(bytes: Buffer, output: Output): void {
  let at = bytes.indexOf('<x:xmpmeta');
  for (let packets = 0; at >= 0 && packets < 8; packets++) {
    const end = bytes.indexOf('</x:xmpmeta>', at);
    if (end < 0) return;
    readXmpText(bytes.toString('utf8', at, end + 12), output);
    at = bytes.indexOf('<x:xmpmeta', end);
  }
}

/** Values of XMP, of elements and attributes; names of namespaces are no words. */
export function readXmpText(xml: string, output: Output): void {
  const words: string[] = [];
  readXmlText(xml, {
    open: ({ attributes }) => {
      for (const { name, prefix, value } of attributes) if (prefix !== 'xmlns' && name !== 'xmlns') words.push(value);
    },
    text: (text) => words.push(text),
  });
  const lines = words.map((word) => word.trim()).filter((word) => word !== '');
  output.text({ area: 'property' }, lines.join('\n'));
}

function orSkip(read: () => void): void {
  try {
    read();
  } catch (error) {
    if (error instanceof LimitReached) throw error;
  }
}
