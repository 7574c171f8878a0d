// Text cut into words: letters with marks and inner apostrophes, or digits, or both. Everything else stands between words. Each word is looked
// up in a vocabulary by the hash of its lower-case form while it is read, so that no string is made of words that are known.
import { Buffer } from 'node:buffer';
import { ODD, WITH_CAPITALS } from './word-traits.ts';

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
  /** Number of the word in the vocabulary it was cut with, from 1; 0 is not there. */
  readonly known: readonly number[];
  /** What the vocabulary says of the word (word-traits.ts). */
  readonly traits: readonly number[];
  /** Numbers of the words that hold a digit. */
  readonly withDigits: readonly number[];
}

/** Words known beforehand, in open addressing: their strings are taken instead of made anew. */
export interface Vocabulary {
  /** Pairs of a hash and the number of a word from 1, 0 for none. Twice a power of two. */
  readonly slots: Int32Array;
  /** By number; 0 is no word. */
  readonly words: readonly string[];
  readonly traits: Int32Array;
  /** The code units of all words, one behind another, and by number where each begins; the last is the end. */
  readonly letters: Uint16Array;
  readonly begins: Int32Array;
}

const APOSTROPHE = 39;
const CURLY_APOSTROPHE = 0x2019;
const HASH_START = 0x811c9dc5 | 0;
const HASH_PRIME = 16777619;

/** Seen in a word while it is read: capitals, an apostrophe, what is beyond US-ASCII. */
const CAPITAL = 4;
const INNER_SIGN = 8;
const BEYOND = 16;
/** By code of US-ASCII: LETTERS, DIGITS or 0; capitals have one bit more. */
const ASCII: Uint8Array = Uint8Array.from({ length: 128 }, (_, code) =>
  code >= 48 && code <= 57 ? DIGITS : code >= 65 && code <= 90 ? LETTERS | CAPITAL : code >= 97 && code <= 122 ? LETTERS : 0,
);

/** Linear in the text. */
export function wordsOf(text: string, vocabulary: Vocabulary | null = null): Words {
  const { length } = text;
  const codes = codesOf(text);
  // Arrays on the heap: most passages are short, and a typed array costs more to make than to fill.
  const starts: number[] = [];
  const ends: number[] = [];
  const known: number[] = [];
  const traits: number[] = [];
  const made: number[] = [];
  const lower: string[] = [];
  const withDigits: number[] = [];
  for (let at = 0; at < length;) {
    let code = codes[at] ?? 0;
    let kind = code < 128 ? (ASCII[code] ?? 0) : kindAt(text, at);
    if (kind === 0) {
      at++;
      continue;
    }
    const start = at;
    let hash = HASH_START;
    for (;;) {
      if (code > 127) kind |= BEYOND;
      hash = Math.imul(hash ^ (code >= 65 && code <= 90 ? code | 32 : code), HASH_PRIME);
      if (++at >= length) break;
      code = codes[at] ?? 0;
      const next = code < 128 ? (ASCII[code] ?? 0) : kindAt(text, at);
      if (next !== 0) kind |= next;
      else if (isInnerApostrophe(text, at, code)) {
        kind |= INNER_SIGN;
        code = APOSTROPHE;
      } else break;
    }
    let number = 0;
    if (vocabulary !== null)
      number =
        (kind & BEYOND) === 0
          ? numberOfCodes(vocabulary, codes, start, at, hash)
          : numberOf(vocabulary, lowered(text.slice(start, at), kind));
    const word = number > 0 ? (vocabulary?.words[number] ?? '') : lowered(text.slice(start, at), kind);
    if ((kind & DIGITS) !== 0) withDigits.push(starts.length);
    starts.push(start);
    ends.push(at);
    made.push(kind & MIXED);
    known.push(number);
    traits.push((vocabulary?.traits[number] ?? 0) | (kind < CAPITAL ? 0 : kind < INNER_SIGN ? WITH_CAPITALS : WITH_CAPITALS | ODD));
    lower.push(word);
  }
  return { count: starts.length, starts, ends, made, lower, known, traits, withDigits };
}

/** Of a stretch of US-ASCII, by its hash; 0 where it is not there. */
function numberOfCodes({ slots, letters, begins }: Vocabulary, codes: Uint16Array, start: number, end: number, hash: number): number {
  const mask = slots.length - 2;
  for (let slot = slotOf(hash) & mask; ; slot = (slot + 2) & mask) {
    const number = slots[slot + 1] ?? 0;
    if (number === 0) return 0;
    if (slots[slot] === hash && areLetters(letters, begins[number] ?? 0, begins[number + 1] ?? 0, codes, start, end)) return number;
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

/** Of a word in lower case; 0 where it is not there. */
export function numberOf({ slots, words }: Vocabulary, word: string): number {
  const mask = slots.length - 2;
  for (let slot = slotOf(wordHash(word)) & mask; ; slot = (slot + 2) & mask) {
    const number = slots[slot + 1] ?? 0;
    if (number === 0 || words[number] === word) return number;
  }
}

/**
 * A table of words, at most half full, so that a word that is not in it is soon told from those that are.
 * @param traits of each word, the common ones first: what lies together is read together
 */
export function vocabularyOf(traits: ReadonlyMap<string, number>): Vocabulary {
  const words = ['', ...traits.keys()];
  const slots = new Int32Array(2 * 2 ** Math.ceil(Math.log2(2 * words.length)));
  const begins = new Int32Array(words.length + 1);
  const letters = codesOf(words.join(''));
  const mask = slots.length - 2;
  for (let number = 1; number < words.length; number++) {
    const word = words[number] ?? '';
    const hash = wordHash(word);
    let slot = slotOf(hash) & mask;
    while (slots[slot + 1] !== 0) slot = (slot + 2) & mask;
    slots[slot] = hash;
    slots[slot + 1] = number;
    begins[number + 1] = (begins[number] ?? 0) + word.length;
  }
  return { slots, words, traits: Int32Array.from([0, ...traits.values()]), letters, begins };
}

/** Reading these is several times as fast as reading the text, whose kind is asked at each place. */
function codesOf(text: string): Uint16Array {
  // From the pool where it is short; it begins at a multiple of eight.
  const octets = Buffer.allocUnsafe(2 * text.length);
  octets.write(text, 'utf16le');
  return new Uint16Array(octets.buffer, octets.byteOffset, text.length);
}

/** Where a hash is first looked for, before it is cut to the table: an even number. */
function slotOf(hash: number): number {
  return (hash ^ (hash >>> 15)) << 1;
}

/** FNV-1a over the code units. */
export function wordHash(word: string): number {
  let hash = HASH_START;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), HASH_PRIME);
  return hash;
}

function lowered(word: string, kind: number): string {
  if (kind < CAPITAL) return word;
  const small = word.toLowerCase();
  return kind >= INNER_SIGN && small.includes('\u2019') ? small.replaceAll('\u2019', "'") : small;
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
