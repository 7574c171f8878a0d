// Watches the content of a message for bare CR, bare LF and NUL (RFC 5321 2.3.8). Every known smuggling form holds one of them:
// LF.LF, CR.CR, CRLF.LF, LF.CRLF, CRLF.CR, CRLF NUL .CRLF ... so none gets past, whatever the next server takes for an end of mail.
// Works piece by piece, over any borders, at memory speed: one compiled search over a piece, no loop over octets.

const LF = 10;
const CR = 13;
/** A CR without LF (at the end of a piece it may still come), an LF without CR, NUL. */
const BROKEN = /\r(?!\n|$)|(?<!\r)\n|\0/;

export class LineEndings {
  #endsInCr = false;
  #state: 'clean' | 'broken' = 'clean';

  /** Looks at the next piece. Once broken it stays broken. */
  push(piece: Uint8Array): 'clean' | 'broken' {
    if (this.#state === 'clean' && piece.length > 0) this.#state = this.#scan(piece);
    return this.#state;
  }

  /** After the last piece: a CR at the very end is bare. */
  end(): 'clean' | 'broken' {
    return this.#endsInCr ? 'broken' : this.#state;
  }

  #scan(piece: Uint8Array): 'clean' | 'broken' {
    if (this.#endsInCr && piece[0] !== LF) return 'broken';
    const rest = this.#endsInCr ? piece.subarray(1) : piece;
    this.#endsInCr = piece.at(-1) === CR;
    // One character per octet: none is read as part of another.
    const text = Buffer.from(rest.buffer, rest.byteOffset, rest.length).toString('latin1');
    return BROKEN.test(text) ? 'broken' : 'clean';
  }
}
