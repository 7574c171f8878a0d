// Tables of an OpenDocument while they are read: sheets of a spreadsheet and tables in text alike. Repeats are counted, never written out.
import { HiddenColumns, SheetRow } from './xlsx-row.ts';
import type { XmlElement } from './xml.ts';

const LAST_ROW = 1_048_576;
const LAST_COLUMN = 16_384;

export class OdfTable {
  /** From 1 where this is a sheet. */
  readonly sheet: number | null;
  readonly hidden: boolean;
  /** Of its text, as it was outside. */
  readonly page: number;
  readonly #hiddenColumns = new HiddenColumns();
  #columns = 0;
  #nextRow = 1;
  #nextColumn = 1;
  row: SheetRow | null = null;
  cell: OdfCell | null = null;

  constructor(sheet: number | null, hidden: boolean, page: number) {
    this.sheet = sheet;
    this.hidden = hidden;
    this.page = page;
  }

  openColumn(element: XmlElement): void {
    const first = this.#columns + 1;
    this.#columns = Math.min(this.#columns + repeats(element, 'number-columns-repeated'), LAST_COLUMN);
    if (isHidden(element)) this.#hiddenColumns.add(first, this.#columns);
  }

  openRow(element: XmlElement): void {
    const hidden = isHidden(element);
    const columns = this.#hiddenColumns;
    this.row = new SheetRow(this.#nextRow, (column) => hidden || columns.has(column));
    this.#nextRow = Math.min(this.#nextRow + repeats(element, 'number-rows-repeated'), LAST_ROW);
    this.#nextColumn = 1;
  }

  openCell(element: XmlElement): void {
    this.cell = new OdfCell(element, this.#nextColumn);
    this.#nextColumn = Math.min(this.#nextColumn + repeats(element, 'number-columns-repeated'), LAST_COLUMN);
  }

  closeCell(): OdfCell | null {
    const { cell } = this;
    this.cell = null;
    if (cell !== null) this.row?.cell(cell.column, cell.shown());
    return cell;
  }
}

/** One cell; what its paragraphs say counts, but a date comes as ISO 8601. */
export class OdfCell {
  readonly column: number;
  readonly formula: string;
  readonly #date: string | null;
  readonly #value: string;
  readonly #lines: string[] = [];

  constructor(element: XmlElement, column: number) {
    this.column = column;
    this.formula = element.attribute('formula') ?? '';
    this.#date = element.attribute('date-value');
    this.#value = element.attribute('string-value') ?? element.attribute('time-value') ?? element.attribute('value') ?? '';
  }

  add(line: string): void {
    this.#lines.push(line);
  }

  shown(): string {
    if (this.#date !== null) return this.#date.replace(/T00:00:00(?:\.0*)?$/, '');
    return this.#lines.length > 0 ? this.#lines.join('\n') : this.#value;
  }
}

function repeats(element: XmlElement, attribute: string): number {
  const told = Number(element.attribute(attribute) ?? 1);
  return Number.isInteger(told) && told > 0 ? told : 1;
}

function isHidden(element: XmlElement): boolean {
  const visibility = element.attribute('visibility');
  return visibility === 'collapse' || visibility === 'filter';
}
