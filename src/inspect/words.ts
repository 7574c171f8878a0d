// Text cut into words: letters with marks and inner apostrophes, or digits, or both. Everything else stands between words. Each word has
// the hash of its lower-case form, so that a list is asked without reading the word again.
import { Buffer } from 'node:buffer';

/** What a word is made of. */
export const LETTERS = 1;
export const DIGITS = 2;
export const MIXED = 3;

export interface Words {
  readonly count: number;
  /** By the number of a word: where it begins and ends in the text (UTF-16 code units), LETTERS, DIGITS or MIXED. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly made: readonly number[];
  /** In lower case, with a plain apostrophe. */
  readonly lower: readonly string[];
  /** As wordHash tells it of the word in lower case. */
  readonly hashes: readonly number[];
  /** Number of the word in the vocabulary it was cut with, from 1; 0 is not there, UNASKED is not asked. */
  readonly known: readonly number[];
}

/** Words known beforehand, in open addressing: their strings are taken instead of made anew. */
export interface Vocabulary {
  /** Numbers of words from 1, 0 for none; their hashes beside them. A power of two. */
  readonly slots: Int32Array;
  readonly slotHashes: Int32Array;
  readonly firsts: readonly string[];
  /** The code units of all words, one behind another, and where each begins; the last is the end. */
  readonly letters: Uint16Array;
  readonly begins: Int32Array;
}

export const UNASKED = -1;

const APOSTROPHE = 39;
const CURLY_APOSTROPHE = 0x2019;
const HASH_START = 0x811c9dc5 | 0;
const HASH_PRIME = 16777619;
/** Words that were cut already are shared: their strings are made once. Slots of the table they are found by, a power of two. */
const SHARED = 4096;

const CAPITAL = 4;
/** By code of US-ASCII: LETTERS, DIGITS or 0; capitals have one bit more. */
const ASCII: Uint8Array = Uint8Array.from({ length: 128 }, (_, code) =>
  code >= 48 && code <= 57 ? DIGITS : code >= 65 && code <= 90 ? LETTERS | CAPITAL : code >= 97 && code <= 122 ? LETTERS : 0,
);

/** Linear in the text. */
export function wordsOf(text: string, vocabulary?: Vocabulary): Words {
  const { length } = text;
  const codes = codesOf(text);
  // Arrays on the heap: most passages are short, and a typed array costs more to make than to fill.
  const starts: number[] = [];
  const ends: number[] = [];
  const hashes: number[] = [];
  const known: number[] = [];
  const made: number[] = [];
  const lower: string[] = [];
  // By hash: the last word that had it, from 1.
  const seen = new Array<number>(length > SHARED ? SHARED : 64).fill(0);
  let count = 0;
  for (let at = 0; at < length;) {
    let code = codes[at] ?? 0;
    let kind = code < 128 ? (ASCII[code] ?? 0) : kindAt(text, at);
    if (kind === 0) {
      at++;
      continue;
    }
    const start = at;
    let hash = HASH_START;
    let plain = true;
    for (;;) {
      hash = Math.imul(hash ^ ((kind & CAPITAL) !== 0 && code >= 65 && code <= 90 ? code | 32 : code), HASH_PRIME);
      if (code > 127 && code !== APOSTROPHE) plain = false;
      if (++at >= length) break;
      code = codes[at] ?? 0;
      const next = code < 128 ? (ASCII[code] ?? 0) : kindAt(text, at);
      if (next !== 0) {
        kind |= next;
        continue;
      }
      if (!isInnerApostrophe(text, at, code)) break;
      code = APOSTROPHE;
    }
    const number = !plain || vocabulary === undefined ? UNASKED : numberIn(vocabulary, codes, start, at, hash);
    let word = number > 0 ? (vocabulary?.firsts[number - 1] ?? '') : '';
    if (number <= 0) {
      const slot = (hash ^ (hash >>> 15)) & (seen.length - 1);
      const other = (seen[slot] ?? 0) - 1;
      if (plain && other >= 0 && hashes[other] === hash) word = lower[other] ?? '';
      if (!isSame(text, start, at, word)) {
        word = lowered(text.slice(start, at));
        if (!plain) hash = wordHash(word);
      }
      if (plain) seen[slot] = count + 1;
    }
    starts.push(start);
    ends.push(at);
    made.push(kind & MIXED);
    hashes.push(hash);
    known.push(number);
    lower.push(word);
    count++;
  }
  return { count, starts, ends, made, lower, hashes, known };
}

/** Of a stretch of US-ASCII, by its hash; 0 where it is not there. */
function numberIn(
  { slots, slotHashes, letters, begins }: Vocabulary,
  codes: Uint16Array,
  start: number,
  end: number,
  hash: number,
): number {
  const mask = slots.length - 1;
  for (let slot = slotOf(hash, mask); ; slot = (slot + 1) & mask) {
    const number = slots[slot] ?? 0;
    if (number === 0) return 0;
    if (slotHashes[slot] === hash && areLetters(letters, begins[number - 1] ?? 0, begins[number] ?? 0, codes, start, end)) return number;
  }
}

function areLetters(letters: Uint16Array, from: number, to: number, codes: Uint16Array, start: number, end: number): boolean {
  if (to - from !== end - start) return false;
  for (let i = from, at = start; i < to; i++, at++) {
    const code = codes[at] ?? 0;
    const small = code >= 65 && code <= 90 ? code | 32 : code === CURLY_APOSTROPHE ? APOSTROPHE : code;
    if (letters[i] !== small) return false;
  }
  return true;
}

/** A table of words, at most half full, so that a word that is not in it is soon told from those that are. */
export function vocabularyOf(firsts: readonly string[]): Vocabulary {
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * firsts.length + 2)));
  const slotHashes = new Int32Array(slots.length);
  const begins = new Int32Array(firsts.length + 1);
  const letters = codesOf(firsts.join(''));
  const mask = slots.length - 1;
  for (const [i, first] of firsts.entries()) {
    const hash = wordHash(first);
    let slot = slotOf(hash, mask);
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = i + 1;
    slotHashes[slot] = hash;
    begins[i + 1] = (begins[i] ?? 0) + first.length;
  }
  return { slots, slotHashes, firsts, letters, begins };
}

/** Reading these is several times as fast as reading the text, whose kind is asked at each place. */
function codesOf(text: string): Uint16Array {
  // From the pool where it is short; it begins at a multiple of eight.
  const octets = Buffer.allocUnsafe(2 * text.length);
  octets.write(text, 'utf16le');
  return new Uint16Array(octets.buffer, octets.byteOffset, text.length);
}

/** Where a hash is first looked for in a table of 2^n slots. */
export function slotOf(hash: number, mask: number): number {
  return (hash ^ (hash >>> 15)) & mask;
}

/** FNV-1a over the code units. */
export function wordHash(word: string): number {
  let hash = HASH_START;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), HASH_PRIME);
  return hash;
}

function lowered(word: string): string {
  const small = word.toLowerCase();
  return small.includes('\u2019') ? small.replaceAll('\u2019', "'") : small;
}

/** Whether a stretch of US-ASCII is a word in lower case. */
function isSame(text: string, start: number, end: number, word: string): boolean {
  if (word.length !== end - start) return false;
  for (let i = 0; i < word.length; i++) {
    const code = text.charCodeAt(start + i);
    const small = code >= 65 && code <= 90 ? code | 32 : code === CURLY_APOSTROPHE ? APOSTROPHE : code;
    if (word.charCodeAt(i) !== small) return false;
  }
  return true;
}

/** Between letters: o'brien, patient's. Not after a digit's word: 5' 4 is two. */
function isInnerApostrophe(text: string, at: number, code: number): boolean {
  return (code === APOSTROPHE || code === CURLY_APOSTROPHE) && at + 1 < text.length && kindAt(text, at + 1) === LETTERS;
}

const LETTER = /^[\p{L}\p{M}]$/u;

/** Surrogates tell what the pair is: a letter of old scripts and mathematics, or a picture, which is no part of a word. */
function kindAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code < 128) {
    if (code >= 48 && code <= 57) return DIGITS;
    return (code >= 65 && code <= 90) || (code >= 97 && code <= 122) ? LETTERS : 0;
  }
  if (code === CURLY_APOSTROPHE || code === 0xa0 || (code >= 0x2000 && code <= 0x206f)) return 0;
  // Latin, Cyrillic without the two signs among them, Han, Hangul.
  if (code >= 0xc0 && code <= 0x24f) return code === 0xd7 || code === 0xf7 ? 0 : LETTERS;
  if ((code >= 0x400 && code <= 0x481) || (code >= 0x4e00 && code <= 0x9fff) || (code >= 0xac00 && code <= 0xd7a3)) return LETTERS;
  if (code >= 0xd800 && code <= 0xdfff) return pairKind(text, code >= 0xdc00 ? at - 1 : at);
  return LETTER.test(String.fromCharCode(code)) ? LETTERS : 0;
}

function pairKind(text: string, at: number): number {
  const point = at < 0 ? 0 : (text.codePointAt(at) ?? 0);
  return point > 0xffff && LETTER.test(String.fromCodePoint(point)) ? LETTERS : 0;
}
