// Recognises a message that a client built anew: PHPMailer gives every try a new Message-ID and new boundaries (FACTS of its source).
// A keyed digest over the body in which each boundary stands for its place in the order of boundaries, and over header values that the
// caller names. Streaming: what it gives does not depend on how the body is cut into pieces. Memory: one line of bounded length.
import { createHmac, type Hmac, type KeyObject } from 'node:crypto';
import { asBuffer, LF } from './octets.ts';

/** Longer lines hold no boundary (RFC 5322 2.1.1). */
const LONGEST_LINE = 1_000;
const DELIMITER = Buffer.from('\n--');
const PARAMETER = Buffer.from('boundary=');
/** The field that declares a boundary, or a line that it was folded to. */
const DECLARES = /^(?:content-type:[^\r\n]*|[ \t][^\r\n]*)boundary=/i;
/** Every program that makes boundaries makes them longer; what is shorter is rather text, and text is not to be passed over. */
const DECLARED = /boundary=(?:"([ -!#-~]{8,200})"|([!#-:<-~]{8,200}))/g;
const MOST_BOUNDARIES = 64;

export class Likeness {
  readonly #hmac: Hmac;
  /** Boundary -> its place in the order of their declarations. */
  readonly #boundaries = new Map<string, number>();
  /** The line that the last piece left open, or nothing of it where it is too long to matter. */
  #open: Buffer = Buffer.alloc(0);
  #inLongLine = false;

  constructor(key: KeyObject) {
    this.#hmac = createHmac('sha256', key);
  }

  /** The boundary of the header's Content-Type. To be told before the body. */
  declare(boundary: string): void {
    this.#place(boundary);
  }

  /** Pieces of the body in order. */
  update(piece: Uint8Array): void {
    let bytes = asBuffer(piece);
    if (this.#inLongLine || this.#open.length > 0) {
      const end = bytes.indexOf(LF) + 1;
      if (end === 0) return this.#openLine(bytes);
      this.#endLine(bytes.subarray(0, end));
      bytes = bytes.subarray(end);
    }
    const whole = bytes.lastIndexOf(LF) + 1;
    this.#lines(bytes.subarray(0, whole));
    if (whole < bytes.length) this.#openLine(bytes.subarray(whole));
  }

  /** Ends the body. `fields` are header values that belong to the likeness (Subject, From). */
  digest(...fields: readonly string[]): Uint8Array {
    this.#lines(this.#open);
    for (const field of fields) this.#hmac.update(`\0field\0${field}`);
    return this.#hmac.digest();
  }

  /** More of a line that has no end yet. */
  #openLine(more: Buffer): void {
    if (!this.#inLongLine && this.#open.length + more.length <= LONGEST_LINE) {
      this.#open = Buffer.concat([this.#open, more]);
      return;
    }
    this.#hmac.update(this.#open).update(more);
    this.#open = Buffer.alloc(0);
    this.#inLongLine = true;
  }

  #endLine(rest: Buffer): void {
    if (this.#inLongLine) this.#hmac.update(rest);
    else this.#lines(Buffer.concat([this.#open, rest]));
    this.#open = Buffer.alloc(0);
    this.#inLongLine = false;
  }

  /** Lines from the start of the first to the end of the last. */
  #lines(bytes: Buffer): void {
    let done = 0;
    for (const start of candidates(bytes)) {
      const end = lineEnd(bytes, start);
      const written = end - start > LONGEST_LINE + 1 ? null : this.#rewritten(bytes.toString('latin1', start, end));
      if (written === null) continue;
      this.#hmac.update(bytes.subarray(done, start)).update(written, 'latin1');
      done = end;
    }
    if (done < bytes.length) this.#hmac.update(bytes.subarray(done));
  }

  /** The line with places instead of boundaries, or null where it has none. */
  #rewritten(line: string): string | null {
    if (line.startsWith('--')) {
      const named = line.slice(2).trimEnd();
      const place = this.#boundaries.get(named);
      if (place !== undefined) return marked(`delimiter ${place}`);
      const closed = named.endsWith('--') ? this.#boundaries.get(named.slice(0, -2)) : undefined;
      return closed === undefined ? null : marked(`end ${closed}`);
    }
    if (!DECLARES.test(line)) return null;
    return line.replace(DECLARED, (all, quoted: string | undefined, bare: string | undefined) => {
      const place = this.#place(quoted ?? bare ?? '');
      return place === null ? all : marked(`boundary ${place}`);
    });
  }

  #place(boundary: string): number | null {
    const known = this.#boundaries.get(boundary);
    if (known !== undefined) return known;
    if (this.#boundaries.size >= MOST_BOUNDARIES) return null;
    this.#boundaries.set(boundary, this.#boundaries.size);
    return this.#boundaries.size - 1;
  }
}

/** Starts of the lines that may be a delimiter or declare a boundary, in order. Each octet is searched once for either. */
function* candidates(bytes: Buffer): Generator<number> {
  let delimiter = bytes[0] === DASH && bytes[1] === DASH ? 0 : lineOf(bytes, DELIMITER, 0);
  let declared = lineOf(bytes, PARAMETER, 0);
  while (delimiter < bytes.length || declared < bytes.length) {
    const start = Math.min(delimiter, declared);
    yield start;
    const next = lineEnd(bytes, start);
    // A delimiter begins with the end of the line before.
    if (delimiter < next) delimiter = lineOf(bytes, DELIMITER, next - 1);
    if (declared < next) declared = lineOf(bytes, PARAMETER, next);
  }
}

const DASH = 0x2d;

/** Start of the line with the first of these marks, or the end of the bytes. */
function lineOf(bytes: Buffer, mark: Buffer, from: number): number {
  const at = bytes.indexOf(mark, from);
  if (at < 0) return bytes.length;
  return mark === DELIMITER ? at + 1 : bytes.lastIndexOf(LF, at) + 1;
}

function lineEnd(bytes: Buffer, at: number): number {
  const lf = bytes.indexOf(LF, at);
  return lf < 0 ? bytes.length : lf + 1;
}

/** NUL stands in no message, so no text can look like a mark. */
function marked(what: string): string {
  return `\0${what}\0`;
}
