// Which part of a message a reading child is at, and how much of its time each part took without the parts in it: who is to blame when
// the child has to be ended.
import type { ReadEvent } from '../mail/read-event.ts';

export class ReadClock {
  readonly #own = new Map<string, number>();
  readonly #open: string[] = [];
  #last: number;

  /** @param usedMs processor time of the child so far */
  constructor(usedMs: number) {
    this.#last = usedMs;
  }

  /** The innermost part that is being read, or null before the first and after the last. */
  get current(): string | null {
    return this.#open.at(-1) ?? null;
  }

  add(event: ReadEvent, usedMs: number): void {
    if (event.event === 'part') {
      this.#count(usedMs);
      this.#open.push(event.part.path);
    } else if (event.event === 'part-read') {
      this.#count(usedMs);
      const at = this.#open.lastIndexOf(event.path);
      if (at >= 0) this.#open.length = at;
    }
  }

  /** Processor time of the current part up to now. */
  ownMs(usedMs: number): number {
    const { current } = this;
    return current === null ? 0 : (this.#own.get(current) ?? 0) + usedMs - this.#last;
  }

  #count(usedMs: number): void {
    const { current } = this;
    if (current !== null) this.#own.set(current, this.ownMs(usedMs));
    this.#last = usedMs;
  }
}
