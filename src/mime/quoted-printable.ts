// Quoted-printable (RFC 2045 6.7) as a stream: what comes out is 7-bit, in lines of at most 76 characters, and decodes to what went in.
import { CR, LF, SP, TAB } from './octets.ts';

const EQUALS = 61;
const HYPHEN = 45;
const LONGEST_LINE = 76;
const HEX = Buffer.from('0123456789ABCDEF', 'latin1');

/**
 * 'encode': octets in, quoted-printable out.
 * 'mend': what is quoted-printable already but has octets over 127 or lines that are too long; its "=" stay.
 */
export type QuotedPrintableMode = 'encode' | 'mend';

export class QuotedPrintableEncoder {
  readonly #mode: QuotedPrintableMode;
  #out = Buffer.alloc(0);
  #length = 0;
  #column = 0;
  /** The line began with a soft break of ours. */
  #softStart = false;
  /** White space or CR that waits for what follows it. */
  #held: number | null = null;
  /** Mending: octets of an `=XX` still to come, which no break may part. */
  #together = 0;

  constructor(mode: QuotedPrintableMode) {
    this.#mode = mode;
  }

  push(piece: Uint8Array): Uint8Array {
    // Three for an octet, three for each soft break, and those held before.
    this.#out = Buffer.allocUnsafe(piece.length * 4 + 16);
    this.#length = 0;
    for (const octet of piece) this.#take(octet);
    return this.#out.subarray(0, this.#length);
  }

  /** What was held back. The encoded text ends without a line end, unless the last octets were one. */
  end(): Uint8Array {
    this.#out = Buffer.allocUnsafe(16);
    this.#length = 0;
    if (this.#held !== null) this.#code(this.#held);
    this.#held = null;
    return this.#out.subarray(0, this.#length);
  }

  #take(octet: number): void {
    const held = this.#held;
    if (held !== null) {
      this.#held = null;
      if (held === CR && octet === LF) return this.#lineEnd();
      // White space at the end of a line is lost on the way, so it is encoded; elsewhere it stays.
      if (held !== CR && octet !== CR) this.#plain(held);
      else this.#code(held);
    }
    if (octet === CR || (this.#mode === 'encode' && (octet === SP || octet === TAB))) this.#held = octet;
    else if (octet === EQUALS && this.#mode === 'mend') this.#escape();
    else if (octet > 126 || octet === EQUALS || (octet < SP && octet !== TAB)) this.#code(octet);
    else this.#plain(octet);
  }

  #plain(octet: number): void {
    if (this.#together > 0) {
      this.#together--;
      this.#put(octet);
      return;
    }
    this.#breakBefore(1);
    // A line that our own break made must not look like the delimiter of a multipart.
    if (octet === HYPHEN && this.#column === 0 && this.#softStart) return this.#code(octet);
    this.#put(octet);
  }

  #code(octet: number): void {
    this.#together = 0;
    this.#breakBefore(3);
    this.#put(EQUALS);
    this.#put(HEX[octet >> 4] ?? 0);
    this.#put(HEX[octet & 15] ?? 0);
  }

  #escape(): void {
    this.#breakBefore(3);
    this.#put(EQUALS);
    this.#together = 2;
  }

  #lineEnd(): void {
    this.#out[this.#length++] = CR;
    this.#out[this.#length++] = LF;
    this.#column = 0;
    this.#softStart = false;
    this.#together = 0;
  }

  #breakBefore(characters: number): void {
    if (this.#column + characters < LONGEST_LINE) return;
    this.#out[this.#length++] = EQUALS;
    this.#lineEnd();
    this.#softStart = true;
  }

  #put(octet: number): void {
    this.#out[this.#length++] = octet;
    this.#column++;
  }
}
