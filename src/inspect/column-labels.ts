// The heads of columns: rows of cells parted by tabs, bars or commas under a line of labels. A text is read for tables only behind a word that ends
// a label and a cell: most have none.
import { type Label, LABELS_BY_LAST_WORD, NUMBER_WORDS } from './id-labels.ts';
import { LABEL_WORD } from './word-traits.ts';
import type { Words } from './words.ts';

const LONGEST_ROW = 4_000;
const MOST_COLUMNS = 200;
const SPACE = 32;

interface Table {
  readonly separator: string;
  readonly labels: readonly (Label | null)[];
}

/** How far a text has been read, in order. */
export interface Columns {
  readonly words: Words;
  /** Lines that are heads, and the end of the last line looked at for one. */
  readonly heads: { readonly start: number; readonly table: Table }[];
  judged: number;
  /** Lines before this are no heads any more; the head looked for next. */
  read: number;
  next: number;
  /** The last place asked for while there was no head, or -1. */
  asked: number;
  /** The line asked for last, the table it is of, and how many cells stand before a place in it. */
  lineStart: number;
  lineEnd: number;
  table: Table | null;
  column: number;
  counted: number;
}

export function columnsOf(words: Words): Columns {
  const line = { lineStart: -1, lineEnd: -1, table: null, column: 0, counted: 0 };
  return { words, heads: [], judged: 0, read: 0, next: 0, asked: -1, ...line };
}

/** To be told of each word that ends a label, before what stands behind it is asked for. */
export function sawLabel(columns: Columns, word: number): void {
  const { text, starts } = columns.words;
  const at = starts[word] ?? 0;
  if (at < columns.judged || !mayEndCell(columns.words, word)) return;
  const start = text.lastIndexOf('\n', at) + 1;
  const end = lineEnd(text, at);
  columns.judged = end;
  const table = end - start <= LONGEST_ROW ? headOf(text.slice(start, end)) : null;
  if (table !== null) columns.heads.push({ start, table });
}

/** What the head of the column in which a place stands says. Places are asked for in order. */
export function labelAbove(columns: Columns, place: number): Label | null {
  if (columns.heads.length === 0) {
    columns.asked = place;
    return null;
  }
  if (place >= columns.lineEnd) toLineOf(columns, place);
  const { table } = columns;
  if (table === null) return null;
  const { text } = columns.words;
  for (; columns.counted < place; columns.counted++) if (text[columns.counted] === table.separator) columns.column++;
  return table.labels[columns.column] ?? null;
}

function toLineOf(columns: Columns, place: number): void {
  const { text } = columns.words;
  if (columns.asked >= 0) columns.read = lineEnd(text, columns.asked);
  columns.asked = -1;
  columns.lineStart = Math.max(text.lastIndexOf('\n', place - 1) + 1, place - LONGEST_ROW, 0);
  columns.lineEnd = lineEnd(text, place);
  columns.table = tableAbove(columns);
  columns.read = columns.lineEnd;
  columns.column = 0;
  columns.counted = columns.lineStart;
}

/** The table so far where this line goes on with it, or one whose head stands among the lines since. */
function tableAbove(columns: Columns): Table | null {
  const { heads, lineStart, lineEnd: end } = columns;
  const { text } = columns.words;
  let current = columns.table;
  for (let start = Math.max(columns.read, lineStart - LONGEST_ROW); start < lineStart; start = lineEnd(text, start)) {
    while ((heads[columns.next]?.start ?? start) < start) columns.next++;
    const head = heads[columns.next];
    if (head?.start === start) current = head.table;
    else if (current !== null && isOutside(text, start, current)) current = null;
  }
  return current === null || end - lineStart > LONGEST_ROW || !text.slice(lineStart, end).includes(current.separator) ? null : current;
}

/** A line that is not empty, and has no cells of the table. */
function isOutside(text: string, start: number, { separator }: Table): boolean {
  const end = lineEnd(text, start);
  return end - start > 1 && !text.slice(start, end).includes(separator);
}

/** Where the line of a place ends, behind its LF. */
function lineEnd(text: string, at: number): number {
  const feed = text.indexOf('\n', at);
  return feed < 0 ? text.length : feed + 1;
}

/** Most words that end a label stand before other words of a sentence. */
function mayEndCell({ starts, ends, codes, traits, count }: Words, word: number): boolean {
  const end = ends[word] ?? 0;
  const next = word + 1 < count ? (starts[word + 1] ?? 0) : -1;
  if (next - end !== 1 || codes[end] !== SPACE) return true;
  return ((traits[word + 1] ?? 0) & LABEL_WORD) !== 0;
}

function headOf(row: string): Table | null {
  const separator = row.includes('\t') ? '\t' : row.includes('|') ? '|' : row.includes(',') ? ',' : null;
  if (separator === null || (separator === ',' && !/^[^.!?;]{5,600}$/.test(row.trimEnd()))) return null;
  const cells = row.split(separator, MOST_COLUMNS);
  if (cells.length < 2 || cells.some((cell) => cell.length > 60 || /\d{3}/.test(cell))) return null;
  const labels = cells.map(labelOfCell);
  const most = labels.filter((label) => label !== null).length;
  return most === 0 || (separator === ',' && most < 2) ? null : { separator, labels };
}

/** A cell is a label where all its words are: `Patient MRN`, `patient_id`, `Member #`. */
function labelOfCell(cell: string): Label | null {
  const words = cell
    .toLowerCase()
    .replaceAll('#', ' number ')
    .split(/[^\p{L}\d']+/u)
    .filter((word) => word !== '');
  const numbered = words.some((word) => NUMBER_WORDS.has(word));
  const named = words.filter((word) => !NUMBER_WORDS.has(word));
  if (named.length === 0 || named.length > 4) return null;
  const entries = LABELS_BY_LAST_WORD.get(named.at(-1) ?? '') ?? [];
  const backwards = named.slice(0, -1).reverse();
  return (
    entries.find(({ before: rest, label }) => (label.needs === 'alone' || numbered) && rest.every((one, i) => backwards[i] === one))
      ?.label ?? null
  );
}
