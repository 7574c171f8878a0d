// Base64 (RFC 2045 6.8) as a stream, in lines of 76 characters.
import { asBuffer, CR, LF } from './octets.ts';

const LINE = 76;
/** Octets that make one line. */
const GROUP = 57;

export class Base64Encoder {
  #rest = Buffer.alloc(0);
  #begun = false;

  push(piece: Uint8Array): Uint8Array {
    const all = this.#rest.length === 0 ? asBuffer(piece) : Buffer.concat([this.#rest, piece]);
    const whole = all.length - (all.length % GROUP);
    this.#rest = Buffer.from(all.subarray(whole));
    return this.#lines(all.subarray(0, whole));
  }

  /** The rest. The encoded text ends without a line end. */
  end(): Uint8Array {
    return this.#lines(this.#rest);
  }

  #lines(octets: Buffer): Uint8Array {
    if (octets.length === 0) return octets;
    const text = octets.toString('base64').replace(/.{76}(?!$)/g, '$&\r\n');
    const begun = this.#begun;
    this.#begun = true;
    return Buffer.from(begun ? `\r\n${text}` : text, 'latin1');
  }
}

/** Breaks the lines of what is base64 already where they are longer than 76 characters. Nothing is taken out. */
export class Base64LineBreaker {
  #column = 0;

  push(piece: Uint8Array): Uint8Array {
    const out = Buffer.allocUnsafe(piece.length + 2 * Math.ceil((piece.length + LINE) / LINE));
    let length = 0;
    for (const octet of piece) {
      if (octet === CR || octet === LF) this.#column = -1;
      else if (this.#column === LINE) {
        out[length++] = CR;
        out[length++] = LF;
        this.#column = 0;
      }
      out[length++] = octet;
      this.#column++;
    }
    return out.subarray(0, length);
  }

  end(): Uint8Array {
    return Buffer.alloc(0);
  }
}
