// Collects the header block from the start of a stream of pieces, whatever their size, up to its limit.
// Memory: the limit, and the last piece.
import { HEADER_LIMITS } from './header-block.ts';
import { CR, LF } from './octets.ts';

export type Collected =
  /** No empty line yet. */
  | { readonly kind: 'more' }
  /** `header` ends with the empty line; `rest` is what of the last piece belongs to the body. Both may be views of that piece. */
  | { readonly kind: 'header'; readonly header: Uint8Array; readonly rest: Uint8Array }
  | { readonly kind: 'too-large' };

export class HeaderCollector {
  #kept = Buffer.alloc(0);
  #length = 0;

  /** After 'header' or 'too-large' nothing more may be given. */
  push(piece: Uint8Array): Collected {
    if (this.#length === 0) {
      // Usually the first piece holds the whole header: no copy.
      const end = headerEnd(piece, 0);
      if (end >= 0 && end <= HEADER_LIMITS.sizeBytes) return { kind: 'header', header: piece.subarray(0, end), rest: piece.subarray(end) };
    }
    const known = this.#length;
    this.#keep(piece);
    const end = headerEnd(this.end(), Math.max(0, known - 2));
    if (end > HEADER_LIMITS.sizeBytes || (end < 0 && this.#length > HEADER_LIMITS.sizeBytes)) return { kind: 'too-large' };
    if (end < 0) return { kind: 'more' };
    return { kind: 'header', header: this.#kept.subarray(0, end), rest: piece.subarray(end - known) };
  }

  /** All that was given, where the stream ended before an empty line: a header without a body. */
  end(): Uint8Array {
    return this.#kept.subarray(0, this.#length);
  }

  #keep(piece: Uint8Array): void {
    // Of a piece that goes far over the limit only so much is kept as shows that it does.
    const taken = piece.subarray(0, HEADER_LIMITS.sizeBytes + 4 - this.#length);
    const length = this.#length + taken.length;
    if (length > this.#kept.length) {
      const larger = Buffer.alloc(Math.max(length, this.#kept.length * 2, 4096));
      larger.set(this.end());
      this.#kept = larger;
    }
    this.#kept.set(taken, this.#length);
    this.#length = length;
  }
}

/** Index behind the empty line that ends the header, or -1. Before `from` no line ends that an empty line could follow. */
function headerEnd(bytes: Uint8Array, from: number): number {
  if (bytes[0] === LF) return 1;
  if (bytes[0] === CR && bytes[1] === LF) return 2;
  for (let lf = bytes.indexOf(LF, from); lf >= 0; lf = bytes.indexOf(LF, lf + 1)) {
    if (bytes[lf + 1] === LF) return lf + 2;
    if (bytes[lf + 1] === CR && bytes[lf + 2] === LF) return lf + 3;
  }
  return -1;
}
