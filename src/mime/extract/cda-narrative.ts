// The narrative of a section (CDA R2 4.3.5): what a reader of the document sees, a paragraph, an item or a row of a table at a time.
import type { Marked } from '../marked.ts';
import { MarkedRow } from './marked-row.ts';
import type { XmlElement } from './xml.ts';

/** Begin a line of their own. */
const BLOCKS: ReadonlySet<string> = new Set([
  'paragraph',
  'item',
  'tr',
  'caption',
  'list',
  'table',
  'footnote',
  'title',
  'text',
  'br',
  'p',
  'li',
  'div',
]);

export interface NarrativeOutput {
  block(row: Marked): void;
  link(target: string): void;
}

export class CdaNarrative {
  readonly #output: NarrativeOutput;
  readonly #depth: number;
  #row = new MarkedRow();
  #pieces: string[] = [];
  #inCell = 0;
  #rows = 0;
  #columns = 0;

  /** @param depth of the element that holds the narrative */
  constructor(depth: number, output: NarrativeOutput) {
    this.#depth = depth;
    this.#output = output;
  }

  open(element: XmlElement): void {
    const { name } = element;
    if (name === 'td' || name === 'th') {
      this.#inCell++;
      if (this.#inCell === 1) this.#columns++;
    } else if (BLOCKS.has(name)) this.#break();
    if (name === 'tr' && this.#inCell === 0) {
      this.#rows++;
      this.#columns = 0;
    }
    const target = name === 'linkHtml' ? (element.attribute('href') ?? '') : '';
    if (target !== '') this.#output.link(target);
  }

  text(text: string): void {
    this.#pieces.push(text.replace(/\s+/g, ' '));
  }

  /** @returns whether the narrative has ended */
  close({ name }: XmlElement, depth: number): 'ended' | 'goes-on' {
    if ((name === 'td' || name === 'th') && this.#inCell > 0) {
      this.#inCell--;
      if (this.#inCell === 0) this.#row.cell(`${columnName(this.#columns)}${this.#rows}`, this.#taken());
    } else if (BLOCKS.has(name)) this.#break();
    if (depth > this.#depth) return 'goes-on';
    this.#inCell = 0;
    this.#break();
    return 'ended';
  }

  #break(): void {
    if (this.#inCell > 0) {
      if (this.#pieces.length > 0) this.#pieces.push('\n');
      return;
    }
    this.#row.cell(null, this.#taken());
    if (this.#row.length > 0) this.#output.block(this.#row.marked());
    this.#row = new MarkedRow();
  }

  #taken(): string {
    const text = this.#pieces
      .join('')
      .replace(/ {2,}/g, ' ')
      .replace(/ ?\n[ \n]*/g, '\n');
    this.#pieces = [];
    return text;
  }
}

function columnName(column: number): string {
  let name = '';
  for (let left = column; left > 0 && name.length < 4; left = Math.floor((left - 1) / 26))
    name = String.fromCharCode(65 + ((left - 1) % 26)) + name;
  return name;
}
