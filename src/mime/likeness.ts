// Recognises a message that a client built anew: PHPMailer gives every try a new Message-ID and new boundaries (FACTS of its source).
// A keyed digest over the content but for those lines; streaming, bounded by one line.
import { createHmac, type Hmac } from 'node:crypto';

const LF = 10;
const LONGEST_LINE = 1_000;
const DELIMITER = Buffer.from('\n--');
const PARAMETER = Buffer.from('boundary=');

/** Digest of a body without its boundary delimiters and boundary parameters. Header fields are given as values by the caller. */
export class Likeness {
  readonly #hmac: Hmac;
  #carry: Buffer = Buffer.alloc(0);

  constructor(key: Uint8Array) {
    this.#hmac = createHmac('sha256', key);
  }

  /** Pieces of the body in order. */
  update(piece: Uint8Array): void {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    const work = this.#carry.length === 0 ? bytes : Buffer.concat([this.#carry, bytes]);
    const end = work.lastIndexOf(LF);
    if (end < 0 && work.length < LONGEST_LINE) {
      this.#carry = Buffer.from(work);
      return;
    }
    // The LF of the line before stays with the carried line, so that a delimiter at its start is still seen as one.
    const cut = end < 0 ? work.length : end;
    this.#lines(work.subarray(0, cut));
    this.#carry = Buffer.from(work.subarray(cut));
  }

  /** Ends the body. `fields` are header values that belong to the likeness (Subject, From). */
  digest(...fields: readonly string[]): Uint8Array {
    this.#lines(this.#carry);
    for (const field of fields) this.#hmac.update(`\u0000${field}`);
    return this.#hmac.digest();
  }

  #lines(bytes: Buffer): void {
    let from = 0;
    while (from < bytes.length) {
      const delimiter = bytes.indexOf(DELIMITER, from);
      const parameter = bytes.indexOf(PARAMETER, from);
      const mark = delimiter < 0 ? parameter : parameter < 0 ? delimiter : Math.min(delimiter, parameter);
      if (mark < 0) break;
      const lineStart = mark === delimiter ? mark : Math.max(from, bytes.lastIndexOf(LF, mark));
      this.#hmac.update(bytes.subarray(from, lineStart));
      const next = bytes.indexOf(LF, mark + 1);
      from = next < 0 ? bytes.length : next;
    }
    if (from < bytes.length) this.#hmac.update(bytes.subarray(from));
  }
}
