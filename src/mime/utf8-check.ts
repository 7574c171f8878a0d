// Whether a stream of octets is UTF-8 (RFC 3629), wherever it is cut.

export class Utf8Check {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  #valid = true;

  update(piece: Uint8Array): void {
    if (this.#valid) this.#valid = this.#accepts(() => this.#decoder.decode(piece, { stream: true }));
  }

  finish(): 'utf-8' | 'unknown' {
    return this.#valid && this.#accepts(() => this.#decoder.decode()) ? 'utf-8' : 'unknown';
  }

  #accepts(decode: () => string): boolean {
    try {
      decode();
      return true;
    } catch {
      return false;
    }
  }
}
