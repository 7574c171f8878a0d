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
