// What the engine remembers beside the database (head of the chain, ids of interned rows) must fall back with it:
// whoever changes such memory inside a unit says here how to undo it.

export class UnitMemory {
  #undo: (() => void)[] = [];

  /** Called by a change inside a unit. */
  onUndo(undo: () => void): void {
    this.#undo.push(undo);
  }

  /** The unit stands. */
  keep(): void {
    this.#undo = [];
  }

  /** The unit's savepoint was rolled back: last change first. */
  rollBack(): void {
    for (const undo of this.#undo.reverse()) undo();
    this.#undo = [];
  }
}
