// Records of Excel's binary files (MS-XLS 2.1.4, BIFF) with what continues them, and the texts in them, which may break off anywhere and
// go on in another width.
import { codePageText } from './code-page.ts';
import type { Output } from './extractor.ts';
import { f64, u16, u32, u8 } from './little-endian.ts';

export interface BiffRecord {
  readonly id: number;
  /** Of the record in its stream. */
  readonly at: number;
  /** Its own data. */
  readonly data: Buffer;
  /** Its data, then that of each Continue record behind it. */
  readonly pieces: readonly Buffer[];
}

const CONTINUE = 0x3c;

/** All records of a stream, the last one as far as it reaches. */
export function* biffRecords(stream: Buffer): Generator<BiffRecord> {
  for (let at = 0; at + 4 <= stream.length;) {
    const [start, id] = [at, u16(stream, at)];
    const pieces: Buffer[] = [];
    do {
      pieces.push(stream.subarray(at + 4, at + 4 + u16(stream, at + 2)));
      at += 4 + u16(stream, at + 2);
    } while (at + 4 <= stream.length && u16(stream, at) === CONTINUE && id !== CONTINUE);
    yield { id, at: start, data: pieces[0] ?? Buffer.alloc(0), pieces };
  }
}

/** How texts are kept: BIFF8 has UTF-16, what is older octets of a code page. */
export interface BiffTexts {
  readonly version: 'BIFF8' | 'older';
  readonly codePage: number;
  readonly output: Pick<Output, 'defect'>;
}

/** A text with its count before it, of one or two octets (MS-XLS 2.5.240, 2.5.294). */
export function textAt(data: Buffer, at: number, countBytes: 1 | 2, texts: BiffTexts): string {
  const count = countBytes === 1 ? u8(data, at) : u16(data, at);
  return charactersAt(data, at + countBytes, count, texts);
}

/** A text whose count stands elsewhere (MS-XLS 2.5.296). */
export function charactersAt(data: Buffer, at: number, count: number, texts: BiffTexts): string {
  if (texts.version === 'older') return codePageText(data.subarray(at, at + count), texts.codePage, texts.output);
  const flags = u8(data, at);
  const from = at + 1 + ((flags & 8) === 0 ? 0 : 2) + ((flags & 4) === 0 ? 0 : 4);
  const end = Math.min(data.length, from + count * ((flags & 1) + 1));
  return (flags & 1) === 0 ? data.toString('latin1', from, end) : data.toString('utf16le', from, end);
}

/** Reads across the pieces of a record (MS-XLS 2.5.293). */
export class ContinuedReader {
  readonly #pieces: readonly Buffer[];
  #piece = 0;
  #at = 0;

  constructor(pieces: readonly Buffer[]) {
    this.#pieces = pieces;
    this.#settle();
  }

  get ended(): boolean {
    return this.#piece >= this.#pieces.length;
  }

  number(octets: 1 | 2 | 4): number {
    let value = 0;
    for (let i = 0; i < octets; i++) value += this.#octet() * 2 ** (8 * i);
    return value;
  }

  skip(octets: number): void {
    this.take(octets);
  }

  take(octets: number): Buffer {
    const taken: Buffer[] = [];
    for (let left = octets; left > 0 && !this.ended;) {
      const part = this.#here().subarray(this.#at, this.#at + left);
      taken.push(part);
      left -= part.length;
      this.#move(part.length);
    }
    return taken.length === 1 && taken[0] !== undefined ? taken[0] : Buffer.concat(taken);
  }

  /** At the start of each further piece an octet says its width. */
  characters(count: number, width: 1 | 2): string {
    const parts: string[] = [];
    let bytes: 1 | 2 = width;
    // They may also begin there, their count in the piece before.
    if (count > 0 && this.#at === 0 && this.#piece > 0) bytes = (this.#octet() & 1) === 1 ? 2 : 1;
    for (let left = count; left > 0 && !this.ended;) {
      const here = this.#here();
      const piece = this.#piece;
      const fits = Math.min(left, Math.floor((here.length - this.#at) / bytes));
      const end = this.#at + fits * bytes;
      parts.push(bytes === 1 ? here.toString('latin1', this.#at, end) : here.toString('utf16le', this.#at, end));
      left -= fits;
      // An odd octet before a break belongs to nothing.
      this.#move(fits === 0 ? here.length - this.#at : fits * bytes);
      if (left > 0 && this.#piece !== piece && !this.ended) bytes = (this.#octet() & 1) === 1 ? 2 : 1;
    }
    return parts.join('');
  }

  #here(): Buffer {
    return this.#pieces[this.#piece] ?? Buffer.alloc(0);
  }

  #octet(): number {
    const octet = this.#here()[this.#at] ?? 0;
    this.#move(1);
    return octet;
  }

  #move(octets: number): void {
    this.#at += octets;
    this.#settle();
  }

  #settle(): void {
    for (let piece = this.#pieces[this.#piece]; piece !== undefined && this.#at >= piece.length; piece = this.#pieces[this.#piece]) {
      this.#piece++;
      this.#at = 0;
    }
  }
}

export interface SharedText {
  readonly text: string;
  /** How it is spoken: shown above it, or not at all. */
  readonly spoken: string;
}

/** The table of shared texts (MS-XLS 2.4.265). */
export function sharedTexts(pieces: readonly Buffer[]): readonly SharedText[] {
  const reader = new ContinuedReader(pieces);
  reader.skip(8);
  const found: SharedText[] = [];
  while (!reader.ended) {
    const count = reader.number(2);
    const flags = reader.number(1);
    const runs = (flags & 8) === 0 ? 0 : reader.number(2);
    const extra = (flags & 4) === 0 ? 0 : reader.number(4);
    const text = reader.characters(count, (flags & 1) === 1 ? 2 : 1);
    reader.skip(runs * 4);
    const spoken = reader.take(extra);
    found.push({ text, spoken: spoken.toString('utf16le', 14, Math.min(spoken.length, 14 + u16(spoken, 12) * 2)) });
  }
  return found;
}

/** RkNumber (MS-XLS 2.5.217). */
export function rkNumber(data: Buffer, at: number): number {
  const rk = u32(data, at);
  const high = Buffer.alloc(8);
  high.writeUInt32LE((rk & ~3) >>> 0, 4);
  const value = (rk & 2) === 0 ? f64(high, 0) : (rk | 0) >> 2;
  return (rk & 1) === 0 ? value : value / 100;
}
