// Work side by side, and work that must be alone: what goes wrong while it is alone is its own doing.

export class Turns {
  readonly #beside = new Set<Promise<unknown>>();
  /** Ends with the last that must be alone; null where none is. */
  #alone: Promise<void> | null = null;

  /** Beside any other, once nothing is or waits to be alone. */
  async beside<T>(work: () => Promise<T>): Promise<T> {
    while (this.#alone !== null) await this.#alone;
    const working = work();
    this.#beside.add(working);
    try {
      return await working;
    } finally {
      this.#beside.delete(working);
    }
  }

  /** After all that is under way, before all that comes. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#alone === null ? [...this.#beside] : [...this.#beside, this.#alone];
    const working = Promise.allSettled(before).then(work);
    const ended = (): void => {
      if (this.#alone === alone) this.#alone = null;
    };
    const alone = working.then(ended, ended);
    this.#alone = alone;
    return working;
  }
}
