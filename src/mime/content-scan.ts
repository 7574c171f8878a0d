// Notes, as content streams in, what `pack` would have to re-encode: octets over 127 and lines over 998 octets.
// Pieces are looked at, never kept; a message of usual lines costs one search each thousand octets.
import { isAscii } from 'node:buffer';
import { asBuffer, LF, LINE_OCTETS } from './octets.ts';

export class ContentScan {
  #eightBit = false;
  #longLines = false;
  /** Octets so far of the line that the last piece left open. */
  #open = 0;

  /** True once an octet over 127 was seen. */
  get eightBit(): boolean {
    return this.#eightBit;
  }

  /** True once a line of more than 998 octets was seen, its CRLF not counted (RFC 5322 2.1.1). */
  get longLines(): boolean {
    return this.#longLines;
  }

  /** What `pack` has to do: ContentFacts.needs. */
  get needs(): 'nothing' | 're-encoding' {
    return this.#eightBit || this.#longLines ? 're-encoding' : 'nothing';
  }

  /** @param piece of content with CRLF line ends */
  update(piece: Uint8Array): void {
    if (!this.#eightBit) this.#eightBit = !isAscii(piece);
    if (!this.#longLines) this.#measure(asBuffer(piece));
  }

  /** Leaps as far as one line may reach and looks back for a line end: only where there is none is a line too long. */
  #measure(piece: Buffer): void {
    let lineStart = -this.#open;
    for (;;) {
      // After 998 octets and CR the LF stands 999 behind the start of the line.
      const reach = lineStart + LINE_OCTETS + 1;
      const lf = reach < 0 ? -1 : piece.lastIndexOf(LF, Math.min(reach, piece.length - 1));
      if (lf < lineStart || lf < 0) {
        this.#longLines = reach < piece.length;
        break;
      }
      lineStart = lf + 1;
      if (lineStart === piece.length) break;
    }
    this.#open = piece.length - lineStart;
  }
}
