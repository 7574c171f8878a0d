// Whether octets are text, and their beginning as characters. Looks at windows of a fixed size, never at all of a large part.
import { isUtf8 } from 'node:buffer';

const WINDOW = 4_096;
/** How much of the beginning is decoded to look for signs. */
export const HEAD = 65_536;

export type TextCoding = 'octets' | 'utf-16le' | 'utf-16be';

/** How UTF-16 shows: by its mark, or by NUL in every second octet of words in Latin letters. */
export function textCoding(bytes: Buffer): TextCoding {
  const [a, b] = bytes;
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  const length = Math.min(bytes.length, 512) & ~1;
  if (length < 4) return 'octets';
  let [even, odd, blank] = [0, 0, 0];
  for (let i = 0; i < length; i += 2) {
    if (bytes[i] === 0 && bytes[i + 1] === 0) blank++;
    else if (bytes[i] === 0 && isPrintable(bytes[i + 1] ?? 0)) even++;
    else if (bytes[i + 1] === 0 && isPrintable(bytes[i] ?? 0)) odd++;
  }
  const pairs = length / 2;
  if (blank > pairs / 10) return 'octets';
  if (odd > pairs * 0.6 && even === 0) return 'utf-16le';
  return even > pairs * 0.6 && odd === 0 ? 'utf-16be' : 'octets';
}

function isPrintable(octet: number): boolean {
  return (octet >= 32 && octet !== 127) || (octet >= 9 && octet <= 13);
}

/** The beginning as text; octets above 127 are not looked at for signs, so that UTF-8 stays as it is. Without byte order mark and leading white space. */
export function textHead(bytes: Buffer, size = HEAD): string {
  const coding = textCoding(bytes);
  const window = bytes.subarray(0, size);
  const text = coding === 'octets' ? window.toString('latin1') : new TextDecoder(coding).decode(window);
  return text.replace(/^(?:\u00ef\u00bb\u00bf|\ufeff)?[\s\0]*/, '');
}

/** Its end, likewise. */
export function textTail(bytes: Buffer, size = WINDOW): string {
  const coding = textCoding(bytes);
  const window = bytes.subarray(Math.max(0, bytes.length - size) & ~1);
  return (coding === 'octets' ? window.toString('latin1') : new TextDecoder(coding).decode(window)).trimEnd();
}

export type Textness = 'text' | 'mixed' | 'binary';

/** 'mixed' where it begins or ends as text and is something else elsewhere. */
export function textness(bytes: Buffer): Textness {
  const coding = textCoding(bytes);
  const windows = windowsOf(bytes)
    .map(withoutPadding)
    .filter(({ length }) => length > 0)
    .map((window) => (coding === 'octets' ? isTextOctets(window) : isTextPairs(window, coding)));
  if (windows.length > 0 && windows.every(Boolean)) return 'text';
  return windows.some(Boolean) ? 'mixed' : 'binary';
}

/** NUL before and behind words pads them. Pairs stay pairs. */
function withoutPadding(window: Buffer): Buffer {
  let [start, end] = [0, window.length];
  while (start < end && window[start] === 0) start++;
  while (end > start && window[end - 1] === 0) end--;
  return window.subarray(start & ~1, Math.min(window.length, (end + 1) & ~1));
}

function windowsOf(bytes: Buffer): Buffer[] {
  if (bytes.length <= 3 * WINDOW) return [bytes];
  const starts = [0, Math.floor(bytes.length / 4), Math.floor(bytes.length / 2), Math.floor((bytes.length * 3) / 4), bytes.length - WINDOW];
  return starts.map((start) => bytes.subarray(start & ~1, (start & ~1) + WINDOW));
}

/** A rare control may stand in text of any charset; ESC, SO and SI switch charsets (ISO 2022), and SUB ends files of old programs. */
function isTextOctets(window: Buffer): boolean {
  let controls = 0;
  let high = 0;
  for (const octet of window) {
    if (octet >= 128) high++;
    else if ((octet < 32 && !isSpaceOrShift(octet)) || octet === 127) controls++;
  }
  if (controls === 0) return high === 0 || high < window.length * 0.3 || isUtf8(wholeCharacters(window)) || isLegacyText(window);
  const utf8 = isUtf8(wholeCharacters(window));
  return controls <= window.length * (utf8 ? 0.1 : 0.005);
}

function isSpaceOrShift(octet: number): boolean {
  return (octet >= 8 && octet <= 15) || octet === 0x1b || octet === 0x1a;
}

/** Many letters above 127: words of an alphabet or of East Asia have few C1 controls, or pairs of octets; noise has as many as anything else. */
function isLegacyText(window: Buffer): boolean {
  return window.length < 64 || window.some((octet) => octet === 0x20 || octet === 0x0a);
}

function isTextPairs(window: Buffer, coding: TextCoding): boolean {
  let bad = 0;
  const pairs = window.length >> 1;
  for (let i = 0; i + 1 < window.length; i += 2) {
    const unit = coding === 'utf-16le' ? window.readUInt16LE(i) : window.readUInt16BE(i);
    if ((unit < 32 && !isSpaceOrShift(unit)) || unit === 0xffff) bad++;
  }
  return bad <= pairs * 0.02;
}

/** Without the octets of characters that the window cuts at its edges. */
function wholeCharacters(window: Buffer): Buffer {
  let start = 0;
  while (start < 3 && ((window[start] ?? 0) & 0xc0) === 0x80) start++;
  let end = window.length;
  for (let back = 1; back <= 3 && back <= window.length; back++) {
    const octet = window[window.length - back] ?? 0;
    if ((octet & 0xc0) === 0x80) continue;
    const needs = octet >= 0xf0 ? 4 : octet >= 0xe0 ? 3 : octet >= 0xc0 ? 2 : 1;
    if (needs > back) end = window.length - back;
    break;
  }
  return window.subarray(start, end);
}

/** Nothing but white space, NUL and byte order marks. Ends at the first octet that is something. */
export function isBlank(bytes: Buffer): boolean {
  const mark = /^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)/.exec(bytes.toString('latin1', 0, 3))?.[0] ?? '';
  for (let i = mark.length; i < bytes.length; i++) {
    const octet = bytes[i] ?? 0;
    if (octet !== 0x20 && octet !== 0 && (octet < 9 || octet > 13)) return false;
  }
  return true;
}
