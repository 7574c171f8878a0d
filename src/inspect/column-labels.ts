// The heads of columns: rows of cells parted by tabs, bars or commas under a line of labels. A text is read for tables only behind a word that ends
// a label and a cell: most have none.
import { type Label, labelsEnding, SAYS_NUMBER } from './id-labels.ts';
import { wordFrom } from './near.ts';
import { ENDS_LABEL, LABEL_WORD } from './word-traits.ts';
import { lowerAt, type Words } from './words.ts';
import { BAR, COMMA, EXCLAMATION, FULL_STOP, LINE_FEED, NUMBER_SIGN, QUESTION, SEMICOLON, TAB, isDigit } from './sign-codes.ts';

const LONGEST_ROW = 4_000;
const MOST_COLUMNS = 200;
const LONGEST_CELL = 60;

interface Table {
  readonly separator: string;
  readonly labels: readonly (Label | null)[];
}

/** How far a text has been read, in order. */
export interface Columns {
  readonly words: Words;
  /** What words do before a number (Lexicon.labelUses). */
  readonly uses: Int32Array;
  /** Lines that are heads, and the end of the last line looked at for one. */
  readonly heads: { readonly start: number; readonly table: Table }[];
  judged: number;
  /** Whether the text has tabs or bars. */
  parted: boolean | null;
  /** The next of each sign that parts cells, as far as it was looked for. */
  tab: number;
  bar: number;
  comma: number;
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

export function columnsOf(words: Words, uses: Int32Array): Columns {
  return {
    words,
    uses,
    heads: [],
    judged: 0,
    parted: null,
    tab: -1,
    bar: -1,
    comma: -1,
    read: 0,
    next: 0,
    asked: -1,
    lineStart: -1,
    lineEnd: -1,
    table: null,
    column: 0,
    counted: 0,
  };
}

/** To be told of each word that ends a label, before what stands behind it is asked for. */
export function sawLabel(columns: Columns, word: number): void {
  const { words } = columns;
  const at = words.starts[word] ?? 0;
  columns.parted ??= words.text.includes('\t') || words.text.includes('|');
  if (at < columns.judged || !mayEndCell(columns, word, columns.parted)) return;
  const start = lineStart(words, at);
  const end = lineEnd(words.text, at);
  columns.judged = end;
  const separator = end - start > LONGEST_ROW ? 0 : separatorOf(columns, start, end);
  if (separator === 0) return;
  const labels = headOf(columns, start, end, separator);
  if (labels !== null) columns.heads.push({ start, table: { separator: String.fromCharCode(separator), labels } });
}

/** What parts the cells of a line; 0 where nothing does. */
function separatorOf(columns: Columns, start: number, end: number): number {
  const { text } = columns.words;
  if (columns.tab < start) columns.tab = placeFrom(text, '\t', start);
  if (columns.tab < end) return TAB;
  if (columns.bar < start) columns.bar = placeFrom(text, '|', start);
  if (columns.bar < end) return BAR;
  if (columns.comma < start) columns.comma = placeFrom(text, ',', start);
  return columns.comma < end && isPlainRow(columns.words, start, end) ? COMMA : 0;
}

/** Past the end where there is none. */
function placeFrom(text: string, sign: string, from: number): number {
  const at = text.indexOf(sign, from);
  return at < 0 ? text.length : at;
}

/** A row of cells, and no sentence. */
function isPlainRow({ codes, text }: Words, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const code = codes[at] ?? 0;
    if (code === FULL_STOP || code === SEMICOLON || code === QUESTION || code === EXCLAMATION) return false;
  }
  const { length } = text.slice(start, end).trimEnd();
  return length >= 5 && length <= 600;
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

/** Where the line of a place begins; so far back only as a row is long. */
function lineStart({ codes }: Words, at: number): number {
  let start = at;
  while (start > 0 && codes[start - 1] !== LINE_FEED && at - start <= LONGEST_ROW) start--;
  return start;
}

/** Where the line of a place ends, behind its LF. */
function lineEnd(text: string, at: number): number {
  const feed = text.indexOf('\n', at);
  return feed < 0 ? text.length : feed + 1;
}

/**
 * Most words that end a label stand before other words of a sentence, or before what is labelled. Behind one that ends a cell stand signs, or
 * words that say "number"; of a row parted by commas two cells are labels, and behind the first stands a comma.
 */
function mayEndCell({ words, uses }: Columns, word: number, parted: boolean): boolean {
  const { starts, ends, codes, count } = words;
  if (word + 1 >= count) return parted;
  if (isNumberWord(words, uses, word + 1)) return true;
  const next = starts[word + 1] ?? 0;
  for (let at = ends[word] ?? 0; at < next; at++) {
    const code = codes[at] ?? 0;
    if (code === COMMA || (parted && (code === TAB || code === BAR || code === LINE_FEED))) return true;
  }
  return false;
}

/** Labels of a row by its cells, or null where it is no head. */
function headOf(columns: Columns, start: number, end: number, separator: number): readonly (Label | null)[] | null {
  const { words } = columns;
  const { starts, codes, count } = words;
  if (!isShort(words, start, end, separator)) return null;
  const labels: (Label | null)[] = [];
  let any = 0;
  let word = wordFrom(words, start);
  for (let cell = start; cell < end && labels.length < MOST_COLUMNS;) {
    let past = cell;
    let numbered = false;
    for (; past < end && codes[past] !== separator; past++) numbered ||= codes[past] === NUMBER_SIGN;
    const first = word;
    while (word < count && (starts[word] ?? 0) < past) word++;
    const label = labelOfCell(columns, first, word - 1, numbered);
    if (label !== null) any++;
    labels.push(label);
    cell = past + 1;
  }
  return any === 0 || (separator === COMMA && any < 2) ? null : labels;
}

/** No cell is longer than a label, and none holds a number of three digits. */
function isShort({ codes }: Words, start: number, end: number, separator: number): boolean {
  for (let at = start, cell = start, digits = 0; at < end; at++) {
    const code = codes[at] ?? 0;
    digits = isDigit(code) ? digits + 1 : 0;
    if (code === separator) cell = at + 1;
    if (digits === 3 || at - cell >= LONGEST_CELL) return false;
  }
  return true;
}

/**
 * A cell is a label where all its words are: `Patient MRN`, `patient_id`, `Member #`.
 * @param signed whether it has the sign for number
 */
function labelOfCell({ words, uses }: Columns, first: number, last: number, signed: boolean): Label | null {
  let numbered = signed;
  const named: number[] = [];
  for (let word = last; word >= first; word--) {
    if (isNumberWord(words, uses, word)) numbered = true;
    else if (named.length === 4 || (named.length === 0 && ((words.traits[word] ?? 0) & ENDS_LABEL) === 0)) return null;
    else named.push(word);
  }
  const [ending] = named;
  if (ending === undefined) return null;
  for (const { before: rest, label } of labelsEnding(uses[words.known[ending] ?? 0] ?? 0) ?? [])
    if ((label.needs === 'alone' || numbered) && rest.every((one, i) => lowerAt(words, named[i + 1] ?? -1) === one)) return label;
  return null;
}

function isNumberWord({ traits, known }: Words, uses: Int32Array, word: number): boolean {
  return ((traits[word] ?? 0) & LABEL_WORD) !== 0 && ((uses[known[word] ?? 0] ?? 0) & SAYS_NUMBER) !== 0;
}
