// Memory in which texts are cut into words, used again and again: new memory for each text costs as much as cutting it, since it is cleared, is
// not in the processor's cache and is collected.
import { Buffer } from 'node:buffer';

/** For the words and the units of the passages that are read at once (examined.ts), and the units of the longest passage (passage.ts). */
const WORDS_SIZE = 128 * 1024;
const CODES_SIZE = 256 * 1024 + 2;

/** Owns that memory. What it gave stays right until `clear`; what does not fit gets memory of its own. */
export class WordRoom {
  readonly #codes: Uint16Array;
  readonly #octets: Buffer;
  readonly #integers: Int32Array;
  #usedCodes = 0;
  #usedIntegers = 0;

  constructor(size: { readonly codes: number; readonly words: number } = { codes: CODES_SIZE, words: WORDS_SIZE }) {
    this.#codes = new Uint16Array(size.codes);
    this.#octets = Buffer.from(this.#codes.buffer);
    this.#integers = new Int32Array(size.words);
  }

  /** The UTF-16 code units of a text and a NUL behind them. */
  codesOf(text: string): Uint16Array {
    const from = this.#usedCodes;
    const to = from + text.length + 1;
    if (to > this.#codes.length) return new WordRoom({ codes: text.length + 1, words: 0 }).codesOf(text);
    this.#usedCodes = to;
    this.#octets.write(text, 2 * from, 'utf16le');
    this.#codes[to - 1] = 0;
    return this.#codes.subarray(from, to);
  }

  /** So many integers, of any value. */
  take(length: number): Int32Array {
    const from = this.#usedIntegers;
    if (from + length > this.#integers.length) return new Int32Array(length);
    this.#usedIntegers += length;
    return this.#integers.subarray(from, from + length);
  }

  clear(): void {
    this.#usedCodes = 0;
    this.#usedIntegers = 0;
  }
}
