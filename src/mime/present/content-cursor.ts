// Goes through content once, from one stretch of octets to the next: stretches in their order, none twice, nothing kept but the piece at hand.

export class ContentCursor {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #piece: Uint8Array = new Uint8Array(0);
  /** Place of the piece in the content. */
  #at = 0;
  #ended = false;

  constructor(content: AsyncIterable<Uint8Array>) {
    this.#pieces = content[Symbol.asyncIterator]();
  }

  /** Has the first piece come, if there is one. */
  async begin(): Promise<void> {
    if (this.#at === 0 && this.#piece.length === 0) await this.#advance();
  }

  /** The octets from `start` up to `end`, as far as there are any. A stretch may be left before its end. */
  async *stretch(start: number, end: number): AsyncGenerator<Uint8Array, void, undefined> {
    for (let from = start; from < end;) {
      const pieceEnd = this.#at + this.#piece.length;
      if (from < pieceEnd) {
        if (from < this.#at) throw new RangeError('octets that have gone by');
        const given = this.#piece.subarray(from - this.#at, end - this.#at);
        from += given.length;
        yield given;
      } else if (!(await this.#advance())) return;
    }
  }

  async #advance(): Promise<boolean> {
    if (this.#ended) return false;
    const next = await this.#pieces.next();
    this.#at += this.#piece.length;
    this.#piece = next.done === true ? new Uint8Array(0) : next.value;
    this.#ended = next.done === true;
    return !this.#ended;
  }

  /** Lets go of the content. */
  async close(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    await this.#pieces.return?.();
  }
}
