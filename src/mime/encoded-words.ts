// Encoded words in header fields (RFC 2047, language tags of RFC 2231 5), read as mail programs read them: also inside quoted strings, with
// spaces in them, cut in the middle of a character or without an end.
import { decodeBase64Loosely } from './base64-reading.ts';
import { decodeText } from './charset.ts';

export interface DecodedWords {
  readonly text: string;
  /** Where programs read a charset differently: the other text. */
  readonly other: string | null;
  /** 'malformed': readers differ, some show it as it stands. */
  readonly build: 'plain' | 'words' | 'malformed';
}

interface Word {
  readonly charset: string;
  readonly encoding: 'b' | 'q';
  readonly text: string;
  readonly end: number;
  readonly build: 'words' | 'malformed';
}

const WORD_START = /=\?([^?\s*]{1,60})(?:\*[^?\s]{0,60})?\?([bBqQ])\?/y;

/** @param value of a field, unfolded. Linear in its length. */
export function decodeEncodedWords(value: string): DecodedWords {
  if (!value.includes('=?')) return { text: value, other: null, build: 'plain' };
  const reading = new WordReading();
  let at = 0;
  let wordEnd = -2;
  for (let start = value.indexOf('=?'); start >= 0; start = value.indexOf('=?', at)) {
    if (wordEnd !== -1 && wordEnd < start + 6) wordEnd = value.indexOf('?=', start + 6);
    const word = readWord(value, start, wordEnd, (from) => {
      wordEnd = value.indexOf('?=', from);
      return wordEnd;
    });
    if (word === null) {
      reading.plain(value.slice(at, start + 2));
      at = start + 2;
      continue;
    }
    reading.word(value.slice(at, start), word);
    at = word.end;
  }
  reading.plain(value.slice(at));
  return reading.result();
}

/** @param known where the next `?=` stands, or -1; `next` looks further on */
function readWord(value: string, start: number, known: number, next: (from: number) => number): Word | null {
  WORD_START.lastIndex = start;
  const [opening, charset, encoding] = WORD_START.exec(value) ?? [];
  if (opening === undefined || charset === undefined || encoding === undefined) return null;
  const from = start + opening.length;
  const close = known >= 0 && known < from ? next(from) : known;
  const other = value.indexOf('=?', from);
  const cut = close < 0 || (other >= 0 && other < close && /\s/.test(value[other - 1] ?? ''));
  const end = cut ? endOfCutWord(value, from, other) : close;
  const text = value.slice(from, end);
  const build = cut || /\s/.test(text) ? 'malformed' : 'words';
  return { charset, encoding: encoding.toLowerCase() === 'b' ? 'b' : 'q', text, end: cut ? end : end + 2, build };
}

function endOfCutWord(value: string, from: number, other: number): number {
  const rest = other < 0 ? value.slice(from) : value.slice(from, other);
  const space = rest.search(/\s/);
  return from + (space < 0 ? rest.length : space);
}

/** Puts words and what stands between them together; neighbours of one charset share characters. */
class WordReading {
  readonly #pieces: string[] = [];
  readonly #others: string[] = [];
  #octets: Buffer[] = [];
  #text = '';
  #charset: string | null = null;
  #encoding: Word['encoding'] = 'q';
  #build: DecodedWords['build'] = 'plain';

  plain(text: string): void {
    this.#flush();
    this.#pieces.push(text);
    this.#others.push(text);
    if (text.includes('=?')) this.#build = 'malformed';
  }

  word(before: string, word: Word): void {
    const joins = this.#charset !== null && before.trim() === '';
    if (!joins) this.plain(before);
    const charset = word.charset.toLowerCase();
    if (charset !== this.#charset) this.#flush();
    if (word.encoding !== this.#encoding) this.#settle();
    this.#charset = charset;
    this.#encoding = word.encoding;
    if (word.build === 'malformed' || this.#build === 'plain') this.#build = word.build;
    if (word.encoding === 'q') this.#octets.push(decodeQ(word.text));
    else {
      // Some programs cut base64 anywhere.
      this.#text += word.text;
      if (this.#text.length % 4 === 0 || this.#text.endsWith('=')) this.#settle();
    }
  }

  result(): DecodedWords {
    this.#flush();
    const text = this.#pieces.join('');
    const other = this.#others.join('');
    return { text, other: other === text ? null : other, build: this.#build };
  }

  #settle(): void {
    if (this.#text === '') return;
    if (/[^A-Za-z0-9+/=]|=[^=]/.test(this.#text)) this.#build = 'malformed';
    this.#octets.push(decodeBase64Loosely(Buffer.from(this.#text), 'restart'));
    this.#text = '';
  }

  #flush(): void {
    this.#settle();
    if (this.#charset === null) return;
    const { text, defects, others } = decodeText(Buffer.concat(this.#octets), this.#charset);
    if (defects.length > 0) this.#build = 'malformed';
    this.#pieces.push(text);
    this.#others.push(others[0] ?? text);
    this.#octets = [];
    this.#charset = null;
  }
}

function decodeQ(text: string): Buffer {
  const plain = text.replaceAll('_', ' ');
  if (!plain.includes('=')) return Buffer.from(plain);
  const octets = Buffer.from(plain);
  let length = 0;
  for (let i = 0; i < octets.length; i++) {
    const code = octets[i] === 61 ? hexPair(octets[i + 1], octets[i + 2]) : -1;
    octets[length++] = code < 0 ? (octets[i] ?? 0) : code;
    if (code >= 0) i += 2;
  }
  return octets.subarray(0, length);
}

/** The octet that two hexadecimal digits of either case write, or -1. */
export function hexPair(high: number | undefined, low: number | undefined): number {
  const first = hexDigit(high);
  const second = hexDigit(low);
  return first < 0 || second < 0 ? -1 : first * 16 + second;
}

function hexDigit(octet: number | undefined): number {
  if (octet === undefined) return -1;
  if (octet >= 48 && octet <= 57) return octet - 48;
  const letter = octet | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
