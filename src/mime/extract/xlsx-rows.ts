// Rows of the sheets of a workbook as spans: one each, and where there are very many, fifty in one.
import type { Area, Mark } from '../../mail/message.ts';
import type { Output } from './extractor.ts';
import type { PutRow } from './xlsx-row.ts';

const ROWS_ALONE = 20_000;
const ROWS_TOGETHER = 50;
const LONGEST_TOGETHER = 16_384;

interface Group {
  readonly sheet: number;
  readonly row: number;
  readonly lines: string[];
  readonly marks: Mark[];
  length: number;
}

/** One for all sheets of a workbook. */
export class WorkbookRows {
  readonly #output: Pick<Output, 'text'>;
  readonly #groups = new Map<Area, Group>();
  #rows = 0;

  constructor(output: Pick<Output, 'text'>) {
    this.#output = output;
  }

  /** Of rows that go together, only where each begins is kept of their marks. */
  row(sheet: number, { area, row, text, marks }: Parameters<PutRow>[0]): void {
    this.#rows++;
    if (this.#rows <= ROWS_ALONE) {
      this.#output.text({ area, sheet, row }, text, marks);
      return;
    }
    let group = this.#groups.get(area);
    if (group !== undefined && group.sheet !== sheet) {
      this.#end(area);
      group = undefined;
    }
    if (group === undefined) {
      group = { sheet, row, lines: [], marks: [], length: 0 };
      this.#groups.set(area, group);
    }
    group.marks.push({ at: group.length, field: marks[0]?.field ?? `A${row}` });
    group.lines.push(text);
    group.length += text.length + 1;
    if (group.lines.length >= ROWS_TOGETHER || group.length >= LONGEST_TOGETHER) this.#end(area);
  }

  end(): void {
    for (const area of [...this.#groups.keys()]) this.#end(area);
  }

  #end(area: Area): void {
    const group = this.#groups.get(area);
    if (group === undefined) return;
    this.#groups.delete(area);
    this.#output.text({ area, sheet: group.sheet, row: group.row }, group.lines.join('\n'), group.marks);
  }
}
