// One row of a sheet while it is read: the cells that are shown, and those in hidden columns or a hidden row.
import type { Area, Mark } from '../../mail/message.ts';
import { columnName } from './drawing-text.ts';

class Cells {
  readonly #texts: string[] = [];
  readonly #marks: Mark[] = [];
  #length = 0;

  add(text: string, field: string): void {
    this.#marks.push({ at: this.#length, field });
    this.#texts.push(text);
    this.#length += text.length + 1;
  }

  put(put: PutRow, area: Area, row: number): void {
    if (this.#texts.length > 0) put({ area, row, text: this.#texts.join('\t'), marks: this.#marks });
  }
}

export type PutRow = (row: { readonly area: Area; readonly row: number; readonly text: string; readonly marks: readonly Mark[] }) => void;

const LAST_COLUMN = 16_384;
/** More ranges than that lie. */
const MOST_RANGES = 1_000;

/** Columns that a sheet hides, looked up for each cell. */
export class HiddenColumns {
  /** Made when the first is hidden: most tables hide none. */
  #hidden: Uint8Array | null = null;
  #ranges = 0;

  add(from: number, to: number): void {
    this.#hidden ??= new Uint8Array(LAST_COLUMN + 1);
    if (this.#ranges++ < MOST_RANGES) this.#hidden.fill(1, Math.max(from, 0), Math.min(to, LAST_COLUMN) + 1);
  }

  has(column: number): boolean {
    return this.#hidden !== null && this.#hidden[column] === 1;
  }
}

export class SheetRow {
  readonly number: number;
  readonly #isHidden: (column: number) => boolean;
  readonly #shown = new Cells();
  readonly #hidden = new Cells();

  /** @param isHidden tells which columns are */
  constructor(number: number, isHidden: (column: number) => boolean) {
    this.number = number;
    this.#isHidden = isHidden;
  }

  cell(column: number, text: string): void {
    if (text.trim() === '') return;
    const cells = this.#isHidden(column) ? this.#hidden : this.#shown;
    cells.add(text.replaceAll('\t', ' ').trim(), `${columnName(column)}${this.number}`);
  }

  /** @param area of what is shown */
  put(put: PutRow, area: Area): void {
    this.#shown.put(put, area, this.number);
    this.#hidden.put(put, 'hidden', this.number);
  }
}
