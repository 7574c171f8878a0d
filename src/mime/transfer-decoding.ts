// Takes the transfer encoding off a body as it streams by (RFC 2045 6), in the usual reading of body-decoding.ts. Memory: one piece and a line.
import type { Coding } from './media-type.ts';
import { asBuffer, CR, LF, SP, TAB } from './octets.ts';
import { readQuotedPrintable } from './quoted-printable-reading.ts';

export interface TransferDecoder {
  /** What can be decoded now; may be a view of the piece. */
  push(piece: Uint8Array): Buffer;
  /** How many octets `push` would give; none are made. */
  count(piece: Uint8Array): number;
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

const AS_IT_IS: TransferDecoder = { push: asBuffer, count: ({ length }) => length, end: () => Buffer.alloc(0) };

const PADDING_OCTET = Buffer.from('=');
const GARBAGE = -1;
const PADDING = -2;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Of each octet its six bits. */
const VALUES = Int8Array.from({ length: 256 }, (_, octet) => {
  const character = String.fromCharCode(octet);
  return character === '=' ? PADDING : ALPHABET.indexOf(character);
});

/**
 * Skips what is not of the alphabet; behind padding a new group of four begins, as for several files put together. By the octet: strings and pieces on
 * the way would be garbage of several times a file's size.
 */
class Base64Decoder implements TransferDecoder {
  /** Characters of the group that is not whole, and their bits. */
  #count = 0;
  #bits = 0;

  push(piece: Uint8Array): Buffer {
    const out = Buffer.allocUnsafe(((this.#count + piece.length) >> 2) * 3 + 3);
    let length = 0;
    let [count, bits] = [this.#count, this.#bits];
    for (let i = 0; i < piece.length; i++) {
      const value = VALUES[piece[i] ?? 0] ?? GARBAGE;
      if (value >= 0) {
        bits = (bits << 6) | value;
        if (++count < 4) continue;
        out[length++] = bits >> 16;
        out[length++] = bits >> 8;
        out[length++] = bits;
      } else if (value === GARBAGE) continue;
      else {
        if (count > 1) out[length++] = bits >> (count === 2 ? 4 : 10);
        if (count > 2) out[length++] = bits >> 2;
      }
      count = 0;
      bits = 0;
    }
    [this.#count, this.#bits] = [count, bits];
    return out.subarray(0, length);
  }

  count(piece: Uint8Array): number {
    let octets = 0;
    let count = this.#count;
    for (let i = 0; i < piece.length; i++) {
      const value = VALUES[piece[i] ?? 0] ?? GARBAGE;
      if (value === GARBAGE) continue;
      if (value === PADDING) octets += Math.max(0, count - 1);
      else if (++count < 4) continue;
      else octets += 3;
      count = 0;
    }
    // The bits of a group that is not whole are not known: only its length is told at the end.
    this.#count = count;
    return octets;
  }

  end(): Buffer {
    return this.push(PADDING_OCTET);
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

  count(piece: Uint8Array): number {
    return this.push(piece).length;
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
