// Takes the transfer encoding off a body as it streams by (RFC 2045 6), in the usual reading of body-decoding.ts. Memory: one piece and a line.
import type { Coding } from './media-type.ts';
import { asBuffer, CR, LF, SP, TAB } from './octets.ts';
import { readQuotedPrintable } from './quoted-printable-reading.ts';

export interface TransferDecoder {
  /** What can be decoded now; may be a view of the piece. */
  push(piece: Uint8Array): Buffer;
  end(): Buffer;
}

/** What is neither base64 nor quoted-printable stays as it is. */
export function transferDecoder(coding: Coding): TransferDecoder {
  if (coding === 'base64') return new Base64Decoder();
  return coding === 'quoted-printable' ? new QuotedPrintableDecoder() : AS_IT_IS;
}

export async function* decodeTransfer(octets: AsyncIterable<Uint8Array>, coding: Coding): AsyncGenerator<Buffer, void, undefined> {
  const decoder = transferDecoder(coding);
  for await (const piece of octets) {
    const decoded = decoder.push(piece);
    if (decoded.length > 0) yield decoded;
  }
  const rest = decoder.end();
  if (rest.length > 0) yield rest;
}

const AS_IT_IS: TransferDecoder = { push: asBuffer, end: () => Buffer.alloc(0) };

/** Skips what is not of the alphabet; behind padding a new group of four begins, as for several files put together. */
class Base64Decoder implements TransferDecoder {
  #carry = '';

  push(piece: Uint8Array): Buffer {
    const text =
      this.#carry +
      asBuffer(piece)
        .toString('latin1')
        .replace(/[^A-Za-z0-9+/=]+/g, '');
    const groups = text.split(/=+/);
    const last = groups.pop() ?? '';
    const whole = last.length & ~3;
    this.#carry = last.slice(whole);
    const rest = Buffer.from(last.slice(0, whole), 'base64');
    return groups.length === 0 ? rest : Buffer.concat([...groups.map((group) => Buffer.from(group, 'base64')), rest]);
  }

  end(): Buffer {
    return Buffer.from(this.#carry, 'base64');
  }
}

/** Longer lines are no quoted-printable; they are cut where no escape and no white space is. */
const LONGEST_LINE = 64 * 1024;
const EQUALS = 61;

class QuotedPrintableDecoder implements TransferDecoder {
  #carry = Buffer.alloc(0);

  push(piece: Uint8Array): Buffer {
    const data = this.#carry.length === 0 ? asBuffer(piece) : Buffer.concat([this.#carry, piece]);
    const lines = data.lastIndexOf(LF) + 1;
    const end = data.length - lines > LONGEST_LINE ? cutBefore(data, lines) : lines;
    this.#carry = Buffer.from(data.subarray(end));
    return readQuotedPrintable(data.subarray(0, end)).bytes;
  }

  end(): Buffer {
    return readQuotedPrintable(this.#carry).bytes;
  }
}

/** A place behind `least` that parts nothing which belongs together, or the end where there is none within reach. */
function cutBefore(data: Buffer, least: number): number {
  for (let at = data.length; at > Math.max(least, data.length - 4_096); at--) {
    const [before, second, third] = [data[at - 1], data[at - 2], data[at - 3]];
    const escaped = before === EQUALS || second === EQUALS || third === EQUALS;
    if (!escaped && before !== SP && before !== TAB && before !== CR) return at;
  }
  return data.length;
}
