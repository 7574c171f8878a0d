// Changes places of a stream of octets as it goes by: octets replaced, put in, or encoded. All others pass unchanged and uncopied.
import { Base64Encoder, Base64LineBreaker } from './base64.ts';
import { QuotedPrintableEncoder } from './quoted-printable.ts';

/** Octets from `start` up to `end` of the stream are replaced by `text`. */
export interface Replacement {
  readonly kind: 'replace';
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Octets from `start` up to `end` are encoded; `tail` follows them. */
export interface Encoding {
  readonly kind: 'encode';
  readonly start: number;
  readonly end: number;
  readonly how: 'quoted-printable' | 'mend-quoted-printable' | 'base64' | 'break-base64';
  readonly tail: string;
}

export type Edit = Replacement | Encoding;

interface Encoder {
  push(piece: Uint8Array): Uint8Array;
  end(): Uint8Array;
}

/**
 * @param edits in order of `start`, none reaching into another
 */
export async function* splice(pieces: AsyncIterable<Uint8Array>, edits: readonly Edit[]): AsyncGenerator<Uint8Array> {
  const splicer = new Splicer(edits);
  for await (const piece of pieces) yield* splicer.push(piece);
  yield* splicer.end();
}

class Splicer {
  readonly #edits: readonly Edit[];
  #next = 0;
  #offset = 0;
  #encoder: Encoder | null = null;

  constructor(edits: readonly Edit[]) {
    this.#edits = edits;
  }

  *push(piece: Uint8Array): Generator<Uint8Array> {
    let at = 0;
    while (at < piece.length) {
      const edit = this.#edits[this.#next];
      const here = this.#offset + at;
      if (edit === undefined || here < edit.start) {
        const stop = edit === undefined ? piece.length : Math.min(piece.length, edit.start - this.#offset);
        yield piece.subarray(at, stop);
        at = stop;
      } else {
        const stop = Math.min(piece.length, edit.end - this.#offset);
        yield* this.#within(edit, piece.subarray(at, stop), this.#offset + stop);
        at = stop;
      }
    }
    this.#offset += piece.length;
  }

  /** What is put in behind the last octet. */
  *end(): Generator<Uint8Array> {
    for (
      let edit = this.#edits[this.#next];
      edit !== undefined && edit.start === edit.end && edit.start === this.#offset;
      edit = this.#edits[this.#next]
    ) {
      yield* this.#within(edit, new Uint8Array(), edit.end);
    }
  }

  *#within(edit: Edit, octets: Uint8Array, here: number): Generator<Uint8Array> {
    if (edit.kind === 'encode') {
      this.#encoder ??= encoderOf(edit.how);
      if (octets.length > 0) yield this.#encoder.push(octets);
    }
    if (here < edit.end) return;
    if (edit.kind === 'replace') yield Buffer.from(edit.text, 'latin1');
    else {
      if (this.#encoder !== null) yield this.#encoder.end();
      if (edit.tail !== '') yield Buffer.from(edit.tail, 'latin1');
      this.#encoder = null;
    }
    this.#next++;
  }
}

function encoderOf(how: Encoding['how']): Encoder {
  switch (how) {
    case 'quoted-printable':
      return new QuotedPrintableEncoder('encode');
    case 'mend-quoted-printable':
      return new QuotedPrintableEncoder('mend');
    case 'base64':
      return new Base64Encoder();
    case 'break-base64':
      return new Base64LineBreaker();
  }
}
