// One sheet of an Excel binary file: cells gathered into rows, each a span with a mark per cell; what is hidden apart.
import type { Area, Mark, Place } from '../../mail/message.ts';
import type { Output } from './extractor.ts';
import { columnName } from './word-text.ts';

interface Cell {
  readonly column: number;
  readonly text: string;
}

const LAST_COLUMN = 255;
/** A sheet of 256 columns has no need of more records about them. */
const MOST_COLUMN_RECORDS = 1_000;

export class SheetRows {
  readonly #output: Output;
  readonly #sheet: number;
  readonly #shown: 'shown' | 'hidden';
  readonly #hiddenRows = new Set<number>();
  readonly #hiddenColumns = new Set<number>();
  #columnRecords = 0;
  #row = -1;
  #cells: Cell[] = [];

  /** @param sheet from 1, or 0 for what belongs to none */
  constructor(sheet: number, shown: 'shown' | 'hidden', output: Output) {
    this.#output = output;
    this.#sheet = sheet;
    this.#shown = shown;
  }

  get sheet(): number {
    return this.#sheet;
  }

  place(area: Area, row?: number): Place {
    const about = this.#sheet === 0 ? { area } : { area, sheet: this.#sheet };
    return row === undefined ? about : { ...about, row: row + 1 };
  }

  hideRow(row: number): void {
    this.#hiddenRows.add(row);
  }

  hideColumns(from: number, to: number): void {
    if (this.#columnRecords++ > MOST_COLUMN_RECORDS) return;
    for (let column = from; column <= Math.min(to, LAST_COLUMN); column++) this.#hiddenColumns.add(column);
  }

  /** @throws LimitReached */
  cell(row: number, column: number, text: string): void {
    if (row !== this.#row) this.end();
    this.#row = row;
    if (text !== '') this.#cells.push({ column, text });
  }

  /** @throws LimitReached */
  end(): void {
    const cells = this.#cells;
    this.#cells = [];
    const rowHidden = this.#shown === 'hidden' || this.#hiddenRows.has(this.#row);
    const seen = cells.filter(({ column }) => !rowHidden && !this.#hiddenColumns.has(column));
    const hidden = cells.filter(({ column }) => rowHidden || this.#hiddenColumns.has(column));
    this.#tell('text', seen);
    this.#tell('hidden', hidden);
  }

  #tell(area: Area, cells: readonly Cell[]): void {
    if (cells.length === 0) return;
    const marks: Mark[] = [];
    let length = 0;
    for (const { column, text } of cells) {
      marks.push({ at: length, field: cellName(this.#row, column) });
      length += text.length + 1;
    }
    this.#output.text(this.place(area, this.#row), cells.map(({ text }) => text).join('\t'), marks);
  }
}

export function cellName(row: number, column: number): string {
  return `${columnName(column)}${row + 1}`;
}
