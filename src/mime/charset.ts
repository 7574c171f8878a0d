// Octets to Unicode, whatever the charset: by byte order mark, by its name, or where that is missing, unknown or wrong, by what the octets
// are. Where mail programs would read them differently, every reading is given.
import { isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import type { DefectCode } from '../mail/message.ts';
import { type Charset, charsetNamed, UTF_8, WINDOWS_1252 } from './charset-names.ts';
import { decodeHz, decodeIso2022, hasIso2022Escape } from './iso-2022.ts';
import { decodeUtf7, utf7Inside } from './utf-7.ts';

export interface Decoded {
  readonly text: string;
  readonly defects: readonly DefectCode[];
  /** How other mail programs read the same octets, where that gives other text. Empty as a rule. */
  readonly others: readonly string[];
}

/** @param charset as declared, or null */
export function decodeText(bytes: Buffer, charset: string | null): Decoded {
  const declared = charset === null || charset.trim() === '' ? null : charsetNamed(charset);
  const marked = markOf(bytes);
  if (marked !== null) return behindMark(bytes.subarray(marked.length), marked.charset, declared);
  if (declared === 'unknown') {
    const { text, others } = guessed(bytes);
    return { text, defects: ['charset-unknown'], others };
  }
  return declared === null ? guessed(bytes) : asDeclared(bytes, declared);
}

/** Do two names mean the same reading? Unknown ones are like nothing. */
export function isSameCharset(one: string, other: string): boolean {
  const [a, b] = [charsetNamed(one), charsetNamed(other)];
  return a !== 'unknown' && b !== 'unknown' && a.by === b.by && a.name === b.name;
}

/** Lines of other readings that the first one does not have. */
export function otherLines({ text, others }: Decoded): readonly string[] {
  if (others.length === 0) return [];
  const known = new Set(text.split(/\r?\n/));
  return others.map((other) =>
    other
      .split(/\r?\n/)
      .filter((line) => !known.has(line))
      .join('\n'),
  );
}

interface ByteOrderMark {
  readonly charset: Charset;
  readonly length: number;
}

function markOf(bytes: Buffer): ByteOrderMark | null {
  const [a, b, c, d] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return { charset: UTF_8, length: 3 };
  if (a === 0xff && b === 0xfe && c === 0 && d === 0) return { charset: wide('utf-32le'), length: 4 };
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return { charset: wide('utf-32be'), length: 4 };
  if (a === 0xff && b === 0xfe) return { charset: wide('utf-16le'), length: 2 };
  if (a === 0xfe && b === 0xff) return { charset: wide('utf-16be'), length: 2 };
  return null;
}

function wide(name: string): Charset {
  return { by: name.startsWith('utf-16') ? 'whatwg' : 'iconv', name, shape: 'wide' };
}

function behindMark(body: Buffer, marked: Charset, declared: Charset | 'unknown' | null): Decoded {
  if (marked.shape === 'utf-8' && (declared === null || declared === 'unknown' || declared.shape !== 'wide'))
    return asDeclared(body, UTF_8);
  const { text } = decode(body, marked);
  if (declared === null || declared === 'unknown' || declared.name.slice(0, 6) === marked.name.slice(0, 6)) return readings([text], []);
  // Programs that know no mark go by the name.
  return readings([text, decode(body, declared).text], ['charset-wrong']);
}

function guessed(bytes: Buffer): Decoded {
  const seen = wideBySight(bytes);
  if (seen !== null) return readings([decode(bytes, seen).text, withoutNuls(decode(bytes, WINDOWS_1252).text)], []);
  if (hasIso2022Escape(bytes)) return readings([decodeIso2022(bytes), bytes.toString('latin1')], []);
  if (isAscii(bytes)) return withEscapes(bytes, bytes.toString('latin1'), []);
  return withEscapes(bytes, decode(bytes, isUtf8(bytes) ? UTF_8 : WINDOWS_1252).text, []);
}

function asDeclared(bytes: Buffer, charset: Charset): Decoded {
  if (charset.shape === 'wide') return asWide(bytes, charset);
  const seen = wideBySight(bytes);
  if (seen !== null) return readings([decode(bytes, seen).text, withoutNuls(decode(bytes, charset).text)], ['charset-wrong']);
  if (charset.shape === 'escaped') return asEscaped(bytes, charset);
  if (isAscii(bytes)) return asAscii(bytes, charset);
  const utf8 = isUtf8(bytes);
  if (charset.shape === 'utf-8') return utf8 ? withEscapes(bytes, decode(bytes, UTF_8).text, []) : asBrokenUtf8(bytes);
  if (charset.shape === 'ascii') return withEscapes(bytes, decode(bytes, utf8 ? UTF_8 : WINDOWS_1252).text, ['charset-wrong']);
  const { text, end } = decode(bytes, charset);
  if (utf8) {
    // Nothing else is UTF-8 by chance, but for a letter or two of a double-byte charset.
    const other = decode(bytes, UTF_8).text;
    return charset.shape === 'double' && end === 'whole' ? readings([text, other], []) : readings([other, text], ['charset-wrong']);
  }
  if (end === 'broken') return readings([text, decode(bytes, WINDOWS_1252).text], ['charset-wrong']);
  return withEscapes(bytes, text, []);
}

function asAscii(bytes: Buffer, charset: Charset): Decoded {
  const plain = bytes.toString('latin1');
  // Of the single-byte ones some have other characters in the lower half.
  const text = charset.by === 'iconv' ? decode(bytes, charset).text : plain;
  return withEscapes(bytes, text, []);
}

/** Programs show it as UTF-8 with holes, or as Windows-1252. */
function asBrokenUtf8(bytes: Buffer): Decoded {
  const holed = decode(bytes, UTF_8).text;
  const latin = decode(bytes, WINDOWS_1252).text;
  return readings(/[^\0-\x7f\ufffd]/.test(holed) ? [holed, latin] : [latin, holed], ['charset-wrong']);
}

function asWide(bytes: Buffer, charset: Charset): Decoded {
  const seen = wideBySight(bytes);
  const { text } = decode(bytes, seen ?? charset);
  if (seen !== null) return readings([text], charset.name.slice(0, 6) === seen.name.slice(0, 6) ? [] : ['charset-wrong']);
  // Without one NUL it may be other scripts, or no UTF-16 at all: programs that know this read it as ASCII.
  if (isUtf8(bytes) && !BINARY.test(bytes.toString('latin1'))) return readings([decode(bytes, UTF_8).text, text], ['charset-wrong']);
  if (charset.name !== 'utf-16') return readings([text], []);
  return readings(byLikelihood(text, decode(bytes, wide('utf-16be')).text), []);
}

/** Octets that stand in no text of one octet a character. */
const BINARY = /[\0-\x08\x0e-\x1a\x1c-\x1f]/;

/** Of the two orders of octets, first the one with more spaces and line ends. */
function byLikelihood(little: string, big: string): readonly string[] {
  const spaces = (text: string): number => text.match(/[ \r\n\u3000-\u3002]/g)?.length ?? 0;
  return spaces(little) >= spaces(big) ? [little, big] : [big, little];
}

function asEscaped(bytes: Buffer, charset: Charset): Decoded {
  const { text } = decode(bytes, charset);
  const ascii = isAscii(bytes);
  const raw = ascii ? bytes.toString('latin1') : decode(bytes, isUtf8(bytes) ? UTF_8 : WINDOWS_1252).text;
  if (!ascii) return readings([text, raw], ['charset-wrong']);
  // All programs read Japanese so; the others are shown as they stand by many.
  return readings(charset.name === 'iso-2022-jp' ? [text] : [text, raw.replace(/[\x0e\x0f\x1b]/g, '')], []);
}

/** Text whose escape sequences some programs follow though its charset has none. */
function withEscapes(bytes: Buffer, text: string, defects: readonly DefectCode[]): Decoded {
  const others: string[] = [];
  if (hasIso2022Escape(bytes)) others.push(decodeIso2022(bytes));
  const utf7 = utf7Inside(text);
  if (utf7 !== null) others.push(utf7);
  return readings([text, ...others], others.length > 0 ? ['charset-wrong'] : defects);
}

/** Programs that read octet by octet show no NUL: where only some of the text is wide, the rest of it stands there. */
function withoutNuls(text: string): string {
  return text.replaceAll('\0', '');
}

function readings([text = '', ...others]: readonly string[], defects: readonly DefectCode[]): Decoded {
  return { text, defects, others: others.filter((other, i) => other !== text && others.indexOf(other) === i) };
}

interface Reading {
  readonly text: string;
  /** 'broken' where there were octets that the charset does not have. */
  readonly end: 'whole' | 'broken';
}

function decode(bytes: Buffer, { by, name }: Charset): Reading {
  if (by === 'own') {
    if (name === 'utf-7') return { text: decodeUtf7(bytes.toString('latin1')), end: 'whole' };
    return { text: name === 'hz-gb-2312' ? decodeHz(bytes) : decodeIso2022(bytes), end: 'whole' };
  }
  if (by === 'iconv') {
    const text = iconv.encodingExists(name) ? iconv.decode(bytes, name, { stripBOM: false }) : bytes.toString('latin1');
    return { text, end: text.includes('\ufffd') ? 'broken' : 'whole' };
  }
  if (name === 'utf-8') return { text: bytes.toString('utf8'), end: isUtf8(bytes) ? 'whole' : 'broken' };
  const text = new TextDecoder(name, { ignoreBOM: true }).decode(bytes);
  return { text, end: text.includes('\ufffd') ? 'broken' : 'whole' };
}

const SAMPLE = 1 << 20;

/** UTF-16 or UTF-32 by where the NULs stand, which no other charset has. */
function wideBySight(bytes: Buffer): Charset | null {
  if (bytes.length < 4 || !bytes.includes(0)) return null;
  const zeros = [0, 0, 0, 0];
  const end = Math.min(bytes.length, SAMPLE);
  for (let i = 0; i < end; i++) if (bytes[i] === 0) zeros[i % 4] = (zeros[i % 4] ?? 0) + 1;
  const quads = end / 4;
  const [a = 0, b = 0, c = 0, d = 0] = zeros.map((count) => count / quads);
  if (c > 0.9 && d > 0.9 && a < 0.2) return wide('utf-32le');
  if (a > 0.9 && b > 0.9 && d < 0.2) return wide('utf-32be');
  if (b + d > 0.6 && Math.min(b, d) > 0.2 && a + c < 0.2) return wide('utf-16le');
  if (a + c > 0.6 && Math.min(a, c) > 0.2 && b + d < 0.2) return wide('utf-16be');
  return null;
}
