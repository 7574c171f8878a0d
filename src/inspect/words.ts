// Text cut into words: letters with marks and inner apostrophes, or digits, or both. Everything else stands between words. Each word is looked
// up in a vocabulary by the hash of its lower-case form while it is read, so that no string is made of words that are known.
import { Buffer } from 'node:buffer';
import { shapeOf, WITH_LETTERS } from './number-shape.ts';
import { WordRoom } from './word-room.ts';
import { ODD, WITH_CAPITALS } from './word-traits.ts';
import { APOSTROPHE, SMALL } from './sign-codes.ts';

/** What a word is made of. */
export const LETTERS = 1;
export const DIGITS = 2;
export const MIXED = 3;

/** In arrays side by side, by the number of a word: no object, and for known words no string, is made of any of them. */
export interface Words {
  readonly count: number;
  readonly text: string;
  /** Where it begins and ends in the text (UTF-16 code units), LETTERS, DIGITS or MIXED. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly made: Int32Array;
  /** Number of the word in the vocabulary it was cut with, from 1. One that is not there has a place among `strange`, from -1 downwards. */
  readonly known: Int32Array;
  /** What the vocabulary says of the word (word-traits.ts), and how it is written. */
  readonly traits: Int32Array;
  /** Which lists hold it, alone: where it stands in a phrase, those of the phrase, once it is looked up (lexicon.ts). */
  readonly lists: Int32Array;
  /** The text's code units: reading these is several times as fast as asking the text for them. */
  readonly codes: Uint16Array;
  /** Numbers of the words that hold a digit; of each its shape (number-shape.ts). */
  readonly withDigits: readonly number[];
  readonly shapes: readonly number[];
  /** Those of the vocabulary, by their number. */
  readonly spelt: readonly string[];
  /** How many words are in no vocabulary; in lower case they are made when first asked for, empty until then. */
  readonly strangers: number;
  readonly strange: string[];
}

/** A word in lower case, with a plain apostrophe; empty where there is none. */
export function lowerAt(words: Words, word: number): string {
  const number = word < 0 ? 0 : (words.known[word] ?? 0);
  return number > 0 ? (words.spelt[number] ?? '') : strangeAt(words, word, -1 - number);
}

function strangeAt(words: Words, word: number, place: number): string {
  const { strange, strangers } = words;
  if (place < 0) return '';
  // In most passages nobody asks.
  while (strange.length < strangers) strange.push('');
  const made = strange[place] ?? '';
  if (made !== '') return made;
  return (strange[place] = lowered(words.text.slice(words.starts[word], words.ends[word]), words.traits[word] ?? 0));
}

/** All of them, in lower case. */
export function lowerWords(words: Words): readonly string[] {
  return Array.from({ length: words.count }, (_, word) => lowerAt(words, word));
}

/** Words known beforehand, in open addressing: their strings are taken instead of made anew. */
export interface Vocabulary {
  /** Bits of all words by their hash: small enough to stay in the cache, it tells most words that are not there. */
  readonly filter: Int32Array;
  /** The number of a word, from 1, and bits of its hash above it; 0 for none. A power of two of them. */
  readonly slots: Int32Array;
  /** By number; 0 is no word. */
  readonly words: readonly string[];
  /** What is asked of a word, side by side so that it is read at once: FIELDS for each number. */
  readonly entries: Int32Array;
  /** All words, one behind another: a word with other letters than these octets can hold is found by its string. */
  readonly letters: Uint8Array;
}

/** In `entries`: the hash, where the letters begin (those of the next number are the end), the traits, the lists (lexicon.ts). */
const FIELDS = 4;
const HASH = 0;
const BEGIN = 1;
const TRAITS = 2;
const LISTS = 3;
/** More words than that are not told apart in a slot. */
const NUMBER_BITS = 20;
const MOST_WORDS = 2 ** NUMBER_BITS - 1;
/** What is left of a hash is a place in the filter: 32,768 of them. */
const FILTER_SHIFT = 17;

/** Traits and lists of a word by its number. */
export function traitsOf({ entries }: Vocabulary, number: number): number {
  return entries[number * FIELDS + TRAITS] ?? 0;
}

export function listsOf({ entries }: Vocabulary, number: number): number {
  return entries[number * FIELDS + LISTS] ?? 0;
}

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

/**
 * Linear in the text.
 * @param room where they are written: they are right until it is cleared
 */
export function wordsOf(text: string, vocabulary: Vocabulary | null = null, room: WordRoom = new WordRoom({ codes: 0, words: 0 })): Words {
  // Most texts have a word in six units.
  return cut(text, vocabulary, room, (text.length >> 2) + 8);
}

/** @param most words that are expected; where there are more, the text is cut again with room for all there can be */
function cut(text: string, vocabulary: Vocabulary | null, room: WordRoom, most: number): Words {
  const { length } = text;
  const codes = room.codesOf(text);
  const fields = room.take(6 * most);
  const withDigits: number[] = [];
  const shapes: number[] = [];
  let count = 0;
  let strange = 0;
  for (let at = 0; at < length;) {
    let code = codes[at] ?? 0;
    let next = code < 128 ? (ASCII[code] ?? 0) : beyondAt(text, at);
    if (next === 0) {
      at++;
      continue;
    }
    const start = at;
    let kind = 0;
    let hash = HASH_START;
    for (;;) {
      do {
        kind |= next;
        hash = Math.imul(hash ^ ((next & CAPITAL) === 0 ? code : code | SMALL), HASH_PRIME);
        code = codes[++at] ?? 0;
        next = code < 128 ? (ASCII[code] ?? 0) : beyondAt(text, at);
      } while (next !== 0);
      if ((code !== APOSTROPHE && code !== CURLY_APOSTROPHE) || !isLetterAt(text, at + 1)) break;
      code = APOSTROPHE;
      next = LETTERS | INNER_SIGN;
    }
    if (count === most) return cut(text, vocabulary, room, length);
    const written = kind < CAPITAL ? 0 : kind < INNER_SIGN ? WITH_CAPITALS : WITH_CAPITALS | ODD;
    let number = 0;
    if (vocabulary !== null)
      number =
        (kind & BEYOND) === 0
          ? numberOfCodes(vocabulary, codes, start, at, hash)
          : numberOf(vocabulary, lowered(text.slice(start, at), written));
    if ((kind & DIGITS) !== 0) {
      withDigits.push(count);
      const before = start === 0 ? 0 : (codes[start - 1] ?? 0);
      const shape = shapeOf(at - start, codes[start] ?? 0, before, code);
      shapes.push((kind & LETTERS) === 0 ? shape : shape | WITH_LETTERS);
    }
    fields[count] = start;
    fields[most + count] = at;
    fields[2 * most + count] = kind & MIXED;
    fields[3 * most + count] = number === 0 ? --strange : number;
    const known = number !== 0 && vocabulary !== null;
    fields[4 * most + count] = known ? written | traitsOf(vocabulary, number) : written;
    fields[5 * most + count] = known ? listsOf(vocabulary, number) : 0;
    count++;
  }
  return {
    count,
    text,
    starts: fields.subarray(0, count),
    ends: fields.subarray(most, most + count),
    made: fields.subarray(2 * most, 2 * most + count),
    known: fields.subarray(3 * most, 3 * most + count),
    traits: fields.subarray(4 * most, 4 * most + count),
    lists: fields.subarray(5 * most, 5 * most + count),
    codes,
    withDigits,
    shapes,
    spelt: vocabulary?.words ?? [],
    strange: [],
    strangers: -strange,
  };
}

/** Of a stretch of US-ASCII, by its hash; 0 where it is not there. */
function numberOfCodes(vocabulary: Vocabulary, codes: Uint16Array, start: number, end: number, hash: number): number {
  const { filter, slots, entries } = vocabulary;
  const bits = filterBits(hash);
  if (((filter[hash >>> FILTER_SHIFT] ?? 0) & bits) !== bits) return 0;
  const mask = slots.length - 1;
  for (let slot = slotOf(hash) & mask; ; slot = (slot + 1) & mask) {
    const taken = slots[slot] ?? 0;
    if (taken === 0) return 0;
    if (((taken ^ hash) & ~MOST_WORDS) !== 0) continue;
    const number = taken & MOST_WORDS;
    if (entries[number * FIELDS + HASH] === hash && areLetters(vocabulary, number, codes, start, end)) return number;
  }
}

function areLetters({ letters, entries }: Vocabulary, number: number, codes: Uint16Array, start: number, end: number): boolean {
  const from = entries[number * FIELDS + BEGIN] ?? 0;
  const to = entries[(number + 1) * FIELDS + BEGIN] ?? 0;
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
  const mask = slots.length - 1;
  for (let slot = slotOf(wordHash(word)) & mask; ; slot = (slot + 1) & mask) {
    const taken = slots[slot] ?? 0;
    if (taken === 0 || words[taken & MOST_WORDS] === word) return taken & MOST_WORDS;
  }
}

/**
 * A table of words, at most half full, so that a word that is not in it is soon told from those that are.
 * @param traits of each word, the common ones first: what lies together is read together
 * @param lists of the words that have any
 */
export function vocabularyOf(traits: ReadonlyMap<string, number>, lists: ReadonlyMap<string, number> = new Map()): Vocabulary {
  if (traits.size > MOST_WORDS) throw new RangeError(`a vocabulary holds no more than ${String(MOST_WORDS)} words`);
  const words = ['', ...traits.keys()];
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * words.length)));
  const filter = new Int32Array(2 ** (32 - FILTER_SHIFT));
  const entries = new Int32Array((words.length + 1) * FIELDS);
  const letters = Buffer.from(words.join(''), 'latin1');
  const mask = slots.length - 1;
  for (let number = 1, begin = 0; number < words.length; number++) {
    const word = words[number] ?? '';
    const hash = wordHash(word);
    let slot = slotOf(hash) & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = (hash & ~MOST_WORDS) | number;
    filter[hash >>> FILTER_SHIFT] = (filter[hash >>> FILTER_SHIFT] ?? 0) | filterBits(hash);
    entries.set([hash, begin, traits.get(word) ?? 0, lists.get(word) ?? 0, 0, (begin += word.length)], number * FIELDS);
  }
  return { filter, slots, words, entries, letters };
}

/** Two bits of 32 for each word (B. H. Bloom, CACM 13(7), 1970). */
function filterBits(hash: number): number {
  return (1 << hash) | (1 << (hash >>> 5));
}

/** Where a hash is first looked for, before it is cut to the table. */
function slotOf(hash: number): number {
  return hash ^ (hash >>> 15);
}

/** FNV-1a over the code units. */
export function wordHash(word: string): number {
  let hash = HASH_START;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), HASH_PRIME);
  return hash;
}

/** @param written WITH_CAPITALS and ODD, as they are of the word */
function lowered(word: string, written: number): string {
  if ((written & WITH_CAPITALS) === 0) return word;
  const small = word.toLowerCase();
  return (written & ODD) !== 0 && small.includes('\u2019') ? small.replaceAll('\u2019', "'") : small;
}

/** An apostrophe before it is an inner one: o'brien, patient's. Not before a digit's word: 5' 4 is two. */
function isLetterAt(text: string, at: number): boolean {
  return at < text.length && kindAt(text, at) === LETTERS;
}

/** Of what is beyond US-ASCII, and of the end of a text. */
function beyondAt(text: string, at: number): number {
  return kindAt(text, at) === 0 ? 0 : LETTERS | BEYOND;
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
