// Lines of visible and hidden text as a page is laid out: white space collapsed, inline markup leaves no trace, cells parted by tabs.
// Distinct values (links, alternatives) beside them.
import type { Area } from '../../mail/message.ts';
import type { Output } from './extractor.ts';

type TextOutput = Pick<Output, 'text'>;

/** A span grows to this size and ends with a line. */
const SPAN_LENGTH = 32_768;
const NONE = 0;
const BLANK = 1;
const CELL = 2;
const LINE = 3;
const ROW = 4;
const COLLAPSIBLE = /[ \t\n\f\r]+/g;
const NEEDS_COLLAPSING = /[\t\n\f\r]| {2}/;
/** Three or more cells with one character each: boxes of a form. */
const BOXES = /(?<![^\t\n])[^\s](?:\t[^\s]){2,}(?![^\t\n])/g;

export class LineStream {
  readonly #area: Area;
  readonly #output: TextOutput;
  #pieces: string[] = [];
  #length = 0;
  #pending = NONE;
  #cells = 0;
  /** What came since the last line end. */
  #lineLength = 0;

  constructor(area: Area, output: TextOutput) {
    this.#area = area;
    this.#output = output;
  }

  get isAtLineStart(): boolean {
    return this.#pending >= LINE || this.#lineLength === 0;
  }

  /** Collapses white space. */
  flow(text: string): void {
    const even = NEEDS_COLLAPSING.test(text) ? text.replace(COLLAPSIBLE, ' ') : text;
    const first = even.startsWith(' ') ? 1 : 0;
    if (first === 1) this.#raise(BLANK);
    if (even.length === first) return;
    const ends = even.endsWith(' ');
    this.#put(even.slice(first, ends ? -1 : undefined));
    if (ends) this.#raise(BLANK);
  }

  /** Keeps white space. */
  preformatted(text: string): void {
    if (text !== '') this.#put(text);
  }

  block(): void {
    this.#raise(LINE);
  }

  row(): void {
    this.#raise(ROW);
  }

  cell(): void {
    if (this.#length === 0 || this.#pending === ROW) return;
    this.#cells = this.#pending === CELL ? this.#cells + 1 : 1;
    this.#pending = CELL;
  }

  flush(): void {
    const text = this.#pieces.join('');
    this.#pieces = [];
    this.#length = 0;
    this.#lineLength = 0;
    this.#pending = NONE;
    if (text.trim() === '') return;
    this.#output.text({ area: this.#area }, text);
    if (!text.includes('\t')) return;
    const boxes = Array.from(text.matchAll(BOXES), ([row]) => row.replaceAll('\t', ''));
    if (boxes.length > 0) this.#output.text({ area: 'hidden' }, boxes.join('\n'));
  }

  /** A block at the beginning of a cell or row does not end it. */
  #raise(pending: number): void {
    if (this.#pending === CELL && pending === LINE) return;
    if (pending > this.#pending) this.#pending = pending;
  }

  #put(text: string): void {
    if (this.#pending >= LINE && this.#length >= SPAN_LENGTH) this.flush();
    const parting = this.#length === 0 ? '' : this.#parting();
    if (parting !== '') this.#pieces.push(parting);
    this.#pieces.push(text);
    this.#length += parting.length + text.length;
    this.#lineLength = parting === '\n' ? text.length : this.#lineLength + text.length;
    this.#pending = NONE;
  }

  #parting(): string {
    if (this.#pending >= LINE) return '\n';
    if (this.#pending === CELL) return '\t'.repeat(Math.min(this.#cells, 64));
    return this.#pending === BLANK ? ' ' : '';
  }
}

/** Values, each once, one a line. */
export class DistinctLines {
  readonly #area: Area;
  readonly #output: TextOutput;
  readonly #known = new Set<string>();
  #lines: string[] = [];
  #length = 0;

  constructor(area: Area, output: TextOutput) {
    this.#area = area;
    this.#output = output;
  }

  add(value: string): void {
    const line = value.trim();
    if (line === '' || this.#known.has(line)) return;
    if (this.#known.size < MOST_KNOWN && line.length < LONGEST_KNOWN) this.#known.add(line);
    this.#lines.push(line);
    this.#length += line.length;
    if (this.#length >= SPAN_LENGTH) this.flush();
  }

  flush(): void {
    if (this.#lines.length > 0) this.#output.text({ area: this.#area }, this.#lines.join('\n'));
    this.#lines = [];
    this.#length = 0;
  }
}

const MOST_KNOWN = 50_000;
const LONGEST_KNOWN = 10_000;
