// A board in shared memory where a caller that may wait no longer and the storage thread agree who was first:
// a unit is either taken into a commit or withdrawn, never both (DESIGN.md section 2, the reply within 4 s).

const FREE = 0;
const WAITING = 1;
const TAKEN = 2;
const WITHDRAWN = 3;

/** One slot per unit under way. Shared between threads by its buffer. */
export class WithdrawalBoard {
  readonly buffer: SharedArrayBuffer;
  readonly #slots: Int32Array;
  readonly #free: number[];

  constructor(slots: number | SharedArrayBuffer) {
    this.buffer = typeof slots === 'number' ? new SharedArrayBuffer(slots * 4) : slots;
    this.#slots = new Int32Array(this.buffer);
    this.#free = typeof slots === 'number' ? Array.from({ length: slots }, (_, i) => i) : [];
  }

  /** A slot for a new unit, or null where all are in use (too much at once: refuse with 451). */
  open(): number | null {
    const slot = this.#free.pop();
    if (slot === undefined) return null;
    Atomics.store(this.#slots, slot, WAITING);
    return slot;
  }

  /** The caller gives up. 'withdrawn': no commit has it and none will. 'taken': it is in a commit and counts as accepted. */
  withdraw(slot: number): 'withdrawn' | 'taken' {
    const was = Atomics.compareExchange(this.#slots, slot, WAITING, WITHDRAWN);
    return was === WAITING || was === WITHDRAWN ? 'withdrawn' : 'taken';
  }

  /** The storage thread takes a unit into the commit it is about to make. False: it was withdrawn. */
  take(slot: number): boolean {
    const was = Atomics.compareExchange(this.#slots, slot, WAITING, TAKEN);
    return was === WAITING || was === TAKEN;
  }

  /** The unit has its answer from the storage thread: the slot may serve another. */
  close(slot: number): void {
    Atomics.store(this.#slots, slot, FREE);
    this.#free.push(slot);
  }
}
