// One row of a sheet while it is read: the cells that are shown, and those in hidden columns or a hidden row.
import type { Area, Mark } from '../../mail/message.ts';
import { columnName } from './drawing-text.ts';
import type { WorkbookRows } from './xlsx-rows.ts';

class Cells {
  readonly #texts: string[] = [];
  readonly #marks: Mark[] = [];
  #length = 0;

  add(text: string, field: string): void {
    this.#marks.push({ at: this.#length, field });
    this.#texts.push(text);
    this.#length += text.length + 1;
  }

  put(rows: WorkbookRows, area: Area, sheet: number, row: number): void {
    if (this.#texts.length > 0) rows.row(area, sheet, row, this.#texts.join('\t'), this.#marks);
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
  put(rows: WorkbookRows, area: Area, sheet: number): void {
    this.#shown.put(rows, area, sheet, this.number);
    this.#hidden.put(rows, 'hidden', sheet, this.number);
  }
}
