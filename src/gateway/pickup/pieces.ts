// Pieces handed from one who pushes to one who pulls, one at a time: the next is taken when this one has been. Nothing is kept.

/** Made by whoever pushes. The reader takes it once. */
export class Pieces implements AsyncIterable<Uint8Array> {
  #piece: Uint8Array | null = null;
  #state: 'open' | 'ended' | 'broken' | 'unread' = 'open';
  #pushed: () => void = () => undefined;
  #taken: () => void = () => undefined;

  /** Resolves when the piece has been used. After the reader has gone it is dropped. */
  async push(piece: Uint8Array): Promise<void> {
    if (this.#state !== 'open' || piece.length === 0) return;
    const taken = Promise.withResolvers<void>();
    this.#taken = taken.resolve;
    this.#piece = piece;
    this.#pushed();
    await taken.promise;
  }

  end(): void {
    this.#close('ended');
  }

  /** The reader's next step throws. */
  break(): void {
    this.#close('broken');
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const piece = this.#piece;
        if (piece !== null) {
          yield piece;
          this.#piece = null;
          this.#taken();
        } else if (this.#state === 'broken') throw new Error('the one who pushed went away');
        else if (this.#state === 'ended') return;
        else await this.#next();
      }
    } finally {
      if (this.#state === 'open') this.#state = 'unread';
      this.#taken();
    }
  }

  #next(): Promise<void> {
    return new Promise((resolve) => {
      this.#pushed = resolve;
    });
  }

  #close(state: 'ended' | 'broken'): void {
    if (this.#state === 'open') this.#state = state;
    this.#pushed();
  }
}
