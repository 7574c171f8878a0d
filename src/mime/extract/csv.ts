// Tables as text (RFC 4180, and with the separators of other programs): a row is a line of cells. Long tables go many rows to a span.
import type { Mark } from '../../mail/message.ts';
import { decodeText, otherLines } from '../charset.ts';
import type { Extractor, Output } from './extractor.ts';
import { cellName } from './xls-sheet.ts';

/** Where two stand equally often, the first: commas stand in numbers and names too. */
const SEPARATORS = ['\t', ';', '|', ','] as const;
/** How much of the beginning tells the separator. */
const HEAD = 65_536;
/** So many rows have a span and a mark for each cell of their own; behind them many share a span, with a mark for each row. */
const OWN_SPANS = 20_000;
const ROWS_TOGETHER = 50;
const MOST_MARKS = 1_000;

export const csvExtractor: Extractor = {
  kinds: ['csv'],
  extract({ bytes, parameters }, output) {
    const decoded = decodeText(bytes, parameters.get('charset') ?? null);
    for (const code of decoded.defects) output.defect(code);
    readTable(decoded.text, output);
    for (const other of otherLines(decoded)) if (other.trim() !== '') output.text({ area: 'hidden' }, other);
  },
};

function readTable(whole: string, output: Output): void {
  // Excel's own line says the separator.
  const told = /^sep=(.)\r?\n/.exec(whole);
  const text = told === null ? whole : whole.slice(told[0].length);
  const spans = new RowSpanWriter(output);
  for (const row of rowsOf(text, told?.[1] ?? separatorOf(text.slice(0, HEAD)))) spans.row(row);
  spans.flush();
}

/** The one that stands equally often in most lines. */
function separatorOf(head: string): string {
  const lines = head.split(/\r\n|\n|\r/, 200).filter((line) => line.trim() !== '');
  let best: string = ',';
  let most = 0;
  for (const separator of SEPARATORS) {
    const counts = lines.map((line) => line.replace(/"[^"]*"/g, '').split(separator).length - 1);
    const usual = counts.toSorted((a, b) => a - b)[Math.floor(counts.length / 2)] ?? 0;
    const alike = usual === 0 ? 0 : counts.filter((count) => count === usual).length / counts.length;
    const score = alike * 100 + Math.min(usual, 50);
    if (usual > 0 && score > most) {
      most = score;
      best = separator;
    }
  }
  return best;
}

/** Rows of cells. A quote that never ends takes the rest of the table, as it does in a spreadsheet. */
function* rowsOf(text: string, separator: string): Generator<readonly string[]> {
  const code = separator.charCodeAt(0);
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell: string;
    if (text.charCodeAt(at) === 34) {
      const end = quoteEnd(text, at + 1);
      cell = text.slice(at + 1, end).replaceAll('""', '"');
      at = Math.min(text.length, end + 1);
    } else cell = '';
    const from = at;
    let next = text.charCodeAt(at);
    while (at < text.length && next !== code && next !== 10 && next !== 13) next = text.charCodeAt(++at);
    row.push(cell === '' ? text.slice(from, at) : cell + text.slice(from, at));
    if (at < text.length && next === code) {
      at++;
      if (at < text.length) continue;
      row.push('');
    }
    if (next === 13 && text.charCodeAt(at + 1) === 10) at++;
    at++;
    yield row;
    row = [];
  }
}

/** Where the quoted cell ends: at the first quote that is no pair. */
function quoteEnd(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at >= 0 && text.charCodeAt(at + 1) === 34) at = text.indexOf('"', at + 2);
  return at < 0 ? text.length : at;
}

class RowSpanWriter {
  readonly #output: Output;
  #row = 0;
  #first = 0;
  #lines: string[] = [];
  #marks: Mark[] = [];
  #length = 0;

  constructor(output: Output) {
    this.#output = output;
  }

  row(cells: readonly string[]): void {
    this.#row++;
    if (this.#lines.length === 0) this.#first = this.#row;
    const own = this.#row <= OWN_SPANS;
    const mostMarks = own ? MOST_MARKS : 1;
    const pieces: string[] = [];
    let marked = 0;
    let at = this.#length;
    for (let column = 0; column < cells.length; column++) {
      // Tabs and line ends within a cell would part it.
      const cell = (cells[column] ?? '').trim().replace(/[\t\r\n]+/g, ' ');
      if (cell !== '' && marked < mostMarks) {
        this.#marks.push({ at, field: cellName(this.#row - 1, column) });
        marked++;
      }
      pieces.push(cell);
      at += cell.length + 1;
    }
    const line = pieces.join('\t').trimEnd();
    if (line !== '') {
      this.#lines.push(line);
      this.#length += line.length + 1;
    }
    if (own || this.#lines.length >= ROWS_TOGETHER) this.flush();
  }

  flush(): void {
    if (this.#lines.length > 0) this.#output.text({ area: 'text', row: this.#first }, this.#lines.join('\n'), this.#marks);
    this.#lines = [];
    this.#marks = [];
    this.#length = 0;
  }
}
