// Transparency of content (RFC 5321 4.5.2): a dot at the start of a line is doubled. The same pass refuses what could end the mail early
// at a lenient server (bare CR, bare LF, NUL): intake lets none in, so here it is a fault of ours, and nothing more is sent.
import { MailError } from '../mail/mail-error.ts';

const NUL = 0;
const LF = 10;
const CR = 13;
const DOT = 46;

/** One message's content, chunk after chunk. */
export class DotStuffer {
  /** The octet before the chunk: content starts at the start of a line. */
  #last = LF;

  /** What follows the last chunk: the final dot, after a line ending where the content has none. */
  terminator(): string {
    if (this.#last === CR) throw new MailError('content.bare-line-ending');
    return this.#last === LF ? '.\r\n' : '\r\n.\r\n';
  }

  /**
   * The chunk with its dots doubled; the same bytes, not copied, where there is none.
   * @throws MailError content.bare-line-ending
   */
  stuff(chunk: Uint8Array): Uint8Array {
    const { length } = chunk;
    let last = this.#last;
    let dots = 0;
    for (let i = 0; i < length; i++) {
      const octet = chunk[i] ?? 0;
      // Most octets are text: one comparison. CR is looked at with the octet after it.
      if (octet > DOT && last !== CR) {
        last = octet;
        continue;
      }
      if ((octet === LF) !== (last === CR) || octet === NUL) throw new MailError('content.bare-line-ending');
      if (octet === DOT && last === LF) dots++;
      last = octet;
    }
    const stuffed = dots === 0 ? chunk : doubled(chunk, this.#last, dots);
    this.#last = last;
    return stuffed;
  }
}

function doubled(chunk: Uint8Array, before: number, dots: number): Uint8Array {
  const out = Buffer.allocUnsafe(chunk.length + dots);
  let last = before;
  let from = 0;
  let to = 0;
  for (let i = chunk.indexOf(DOT); i >= 0; i = chunk.indexOf(DOT, i + 1)) {
    if (i > 0) last = chunk[i - 1] ?? 0;
    if (last !== LF) continue;
    out.set(chunk.subarray(from, i), to);
    to += i - from;
    out[to++] = DOT;
    from = i;
  }
  out.set(chunk.subarray(from), to);
  return out;
}
