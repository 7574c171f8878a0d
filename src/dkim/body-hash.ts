// The body hash of a DKIM signature: relaxed canonicalization (RFC 6376 3.4.4) and SHA-256, as the body streams by.
import { createHash } from 'node:crypto';

const CR = 13;
const LF = 10;
const SP = 32;
const TAB = 9;
const LINE_END = Buffer.from('\r\n');
const MANY = 512;
const LINE_ENDS = Buffer.from('\r\n'.repeat(MANY));

export class RelaxedBodyHash {
  readonly #hash = createHash('sha256');
  #out = Buffer.alloc(0);
  #length = 0;
  /** Line ends that count only if something follows: empty lines at the end of the body do not. */
  #lineEnds = 0;
  #whiteSpace = false;
  #cr = false;
  #empty = true;

  update(piece: Uint8Array): void {
    // CR and white space may wait from before.
    this.#out = Buffer.allocUnsafe(piece.length + 2);
    for (const octet of piece) {
      if (this.#cr) {
        this.#cr = false;
        if (octet === LF) {
          this.#whiteSpace = false;
          this.#lineEnds++;
          continue;
        }
        this.#put(CR);
      }
      if (octet === CR) this.#cr = true;
      else if (octet === SP || octet === TAB) this.#whiteSpace = true;
      else this.#put(octet);
    }
    this.#flush();
  }

  /** Ends the body. The value of the tag `bh`. */
  digest(): string {
    this.#out = Buffer.allocUnsafe(2);
    if (this.#cr) this.#put(CR);
    this.#flush();
    if (!this.#empty) this.#hash.update(LINE_END);
    return this.#hash.digest('base64');
  }

  #put(octet: number): void {
    if (this.#lineEnds > 0) {
      this.#flush();
      for (; this.#lineEnds > 0; this.#lineEnds = Math.max(0, this.#lineEnds - MANY)) {
        this.#hash.update(LINE_ENDS.subarray(0, Math.min(this.#lineEnds, MANY) * 2));
      }
    }
    if (this.#whiteSpace) this.#out[this.#length++] = SP;
    this.#whiteSpace = false;
    this.#out[this.#length++] = octet;
    this.#empty = false;
  }

  #flush(): void {
    this.#hash.update(this.#out.subarray(0, this.#length));
    this.#out = this.#out.subarray(this.#length);
    this.#length = 0;
  }
}
