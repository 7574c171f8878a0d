// Tables with a column of names: a line of headings, then lines of as many cells. What stands in that column is a name, whatever the lists
// say. Tables come as cells parted by tabs (that is how spreadsheets and HTML are read), bars, semicolons or commas.
import type { Role } from '../mail/finding.ts';
import type { NameView } from './name-view.ts';

export interface NameCell {
  /** Number of the first word of the cell. */
  readonly word: number;
  readonly role: Role | null;
}

const HEADING =
  /^["' ]*(?:(patient|pt|member|client|subscriber|insured|resident|mother|father|provider|doctor|physician)(?:'s)?[ _-]?)?(?:(?:full|last|first|family|given|middle)[ _-]?)?(names?|surname)?["' ]*$/i;
const SEPARATORS = ['\t', '|', ';', ','] as const;
export const COLUMN_HEADS: ReadonlySet<string> = new Set([
  'name',
  'names',
  'patient',
  'surname',
  'member',
  'client',
  'resident',
  'subscriber',
  'insured',
  'lastname',
  'firstname',
]);
const LONGEST_LINE = 2_000;
const MOST_COLUMNS = 60;

/** What is known so far of the tables of a passage, while its words are read in order. Each line of a table is cut once. */
export class NameTable {
  readonly #view: NameView;
  /** By number of a word: whose name begins there. Made when there is a table. */
  #cells: Map<number, NameCell> | null = null;
  #behind = -1;

  constructor(view: NameView) {
    this.#view = view;
  }

  /** The table that a word may head. */
  readAt(word: number): void {
    const { text, starts } = this.#view;
    const start = starts[word] ?? 0;
    if (start < this.#behind) return;
    const head = headAt(text, start);
    this.#behind = head === null ? lineEnd(text, start) : readRows(this.#view, head, word, (this.#cells ??= new Map<number, NameCell>()));
  }

  cellAt(word: number): NameCell | undefined {
    return this.#cells?.get(word);
  }
}

/** The rest of a line that is no heading is not looked at again. */
function lineEnd(text: string, at: number): number {
  const feed = text.indexOf('\n', at);
  return feed < 0 ? text.length : feed + 1;
}

interface Head {
  readonly separator: string;
  readonly columns: number;
  /** By number of a column. */
  readonly names: ReadonlyMap<number, Role | null>;
  readonly end: number;
}

function headAt(text: string, at: number): Head | null {
  const start = text.lastIndexOf('\n', Math.max(0, at - 1)) + 1;
  const feed = text.indexOf('\n', at);
  if (feed < 0 || feed - start > LONGEST_LINE) return null;
  const line = text.slice(start, feed);
  const separator = SEPARATORS.find((one) => line.includes(one));
  if (separator === undefined) return null;
  const names = new Map<number, Role | null>();
  let columns = 0;
  for (let from = 0; columns < MOST_COLUMNS && from <= line.length; columns++) {
    const found = line.indexOf(separator, from);
    const to = found < 0 ? line.length : found;
    const heading = to - from < 40 && mayHead(line, from) ? HEADING.exec(line.slice(from, to)) : null;
    if (heading !== null && (heading[1] !== undefined || heading[2] !== undefined)) names.set(columns, roleOf(heading[1]));
    from = to + 1;
  }
  return names.size === 0 ? null : { separator, columns, names, end: feed + 1 };
}

/** Most cells of a line begin with other letters. */
function mayHead(line: string, from: number): boolean {
  let at = from;
  while (QUOTES.includes(line.charAt(at)) && at < line.length) at++;
  return FIRST_LETTERS.includes(line.charAt(at).toLowerCase());
}
const QUOTES = `"' `;
/** Of patient, member, client, subscriber, insured, resident, father, doctor, last, given, name. */
const FIRST_LETTERS = 'pmcsirfdlgn';

function roleOf(whose: string | undefined): Role | null {
  const word = whose?.toLowerCase();
  if (word === undefined) return null;
  if (word === 'provider' || word === 'doctor' || word === 'physician') return 'provider';
  return word === 'mother' || word === 'father' ? 'relative' : 'patient';
}

/** Rows as long as there are as many cells as headings. Gives where the table ends. */
function readRows(view: NameView, { separator, columns, names, end }: Head, from: number, cells: Map<number, NameCell>): number {
  const { text } = view;
  const { starts } = view;
  let word = from;
  let at = end;
  while (at < text.length) {
    const feed = text.indexOf('\n', at);
    const stop = feed < 0 ? text.length : feed;
    if (stop - at > LONGEST_LINE) break;
    const row = text.slice(at, stop).split(separator, MOST_COLUMNS);
    if (row.length !== columns) break;
    let cell = at;
    for (const [column, content] of row.entries()) {
      const role = names.get(column);
      if (role !== undefined && content.trim() !== '' && content.length < 60) {
        while (word < view.count && (starts[word] ?? 0) < cell) word++;
        if ((starts[word] ?? 0) < cell + content.length) cells.set(word, { word, role });
      }
      cell += content.length + 1;
    }
    at = stop + 1;
  }
  return at;
}
