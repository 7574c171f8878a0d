// The text of DrawingML (ECMA-376 part 1, 21): slides, notes, shapes, tables, charts, diagrams, and the comments of presentations.
import type { Mark, Place } from '../../mail/message.ts';
import { AlternateContent } from './alternate-content.ts';
import { NumberFormat } from './number-format.ts';
import type { TextBlocks } from './text-blocks.ts';
import { readXml, type XmlElement } from './xml.ts';

/** Reads one part of DrawingML. Its text goes to `place`, what hidden shapes say to 'hidden', what stands for pictures to 'alternative'. */
export function readDrawing(bytes: Buffer, place: Place, blocks: TextBlocks, alternates = new AlternateContent()): void {
  const reader = new DrawingReader(place, blocks, alternates);
  readXml(bytes, {
    open: (element) => reader.open(element),
    close: (element) => reader.close(element),
    text: (text) => reader.text(text),
    comment: (comment) => blocks.line({ ...place, area: 'comment' }, comment),
  });
  reader.end();
}

interface Row {
  readonly cells: string[];
}

const SHAPES: ReadonlySet<string> = new Set(['sp', 'pic', 'graphicFrame', 'grpSp', 'cxnSp', 'wsp', 'wgp']);
/** Elements whose character data are no words. */
const NO_WORDS: ReadonlySet<string> = new Set([
  'posOffset',
  'pctWidth',
  'pctHeight',
  'pctPosHOffset',
  'pctPosVOffset',
  'align',
  'attrName',
  'col',
  'colOff',
  'row',
  'rowOff',
  'ptCount',
]);

class DrawingReader {
  readonly #place: Place;
  readonly #blocks: TextBlocks;
  readonly #alternates: AlternateContent;
  readonly #rows: Row[] = [];
  /** Of each shape that is open, whether it is hidden. */
  readonly #shapes: boolean[] = [];
  #hiddenShapes = 0;
  #inside = '';
  #text = '';
  #values: string[] = [];
  #format: NumberFormat | null = null;
  #row = 0;

  constructor(place: Place, blocks: TextBlocks, alternates: AlternateContent) {
    this.#place = place;
    this.#alternates = alternates;
    this.#blocks = blocks;
  }

  open(element: XmlElement): void {
    const { name } = element;
    this.#inside = name;
    this.#alternates.open(name);
    if (SHAPES.has(name)) this.#shapes.push(false);
    else if (name === 'cNvPr' || name === 'docPr') this.#properties(element);
    else if (name === 'br') this.#text += '\n';
    else if (name === 'tab') this.#text += '\t';
    else if (name === 'tbl') this.#row = 0;
    else if (name === 'tr') this.#rows.push({ cells: [] });
    else if (name === 'tc') this.#rows.at(-1)?.cells.push('');
    else if (name === 'numCache' || name === 'strCache' || name === 'lvl') this.#line();
    if (name.startsWith('hlink')) this.#blocks.line({ ...this.#place, area: 'alternative' }, element.attribute('tooltip') ?? '');
    if (name === 'lvl' || name === 'numCache') this.#format = NumberFormat.of(element.attribute('formatCode') ?? '');
  }

  text(text: string): void {
    if (this.#inside !== 't' && (NO_WORDS.has(this.#inside) || text.trim() === '')) return;
    this.#text += text;
  }

  close({ name }: XmlElement): void {
    this.#alternates.close(name);
    if (name === 'v' || name === 'pt') this.#value();
    else if (name === 'formatCode') this.#format = NumberFormat.of(this.#taken());
    else if (name === 'f') this.#formula();
    else if (name === 'p' || name === 'text' || name === 'numCache' || name === 'strCache' || name === 'lvl') this.#line();
    else if (name === 'tr') this.#endRow();
    else if (SHAPES.has(name)) {
      this.#line();
      if (this.#shapes.pop() === true) this.#hiddenShapes--;
    }
    this.#inside = '';
  }

  end(): void {
    this.#line();
  }

  /** Alternative text, and a name where it is that of a file. */
  #properties(element: XmlElement): void {
    const hidden = element.attribute('hidden');
    if ((hidden === '1' || hidden === 'true') && this.#shapes.at(-1) === false) {
      this.#shapes[this.#shapes.length - 1] = true;
      this.#hiddenShapes++;
    }
    for (const words of [element.attribute('title'), element.attribute('descr')]) {
      if (words !== null && this.#alternates.admits(words)) this.#blocks.line({ ...this.#place, area: 'alternative' }, words);
    }
    const name = element.attribute('name') ?? '';
    if (/\.\w{2,5}$/.test(name) && this.#alternates.admits(name)) this.#blocks.line({ ...this.#place, area: 'file-name' }, name);
  }

  #taken(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }

  #value(): void {
    const text = this.#taken();
    if (text !== '') this.#values.push(this.#format?.shown(text, 'from 1900') ?? text);
  }

  #formula(): void {
    const formula = this.#taken();
    if (this.#alternates.admits(formula)) this.#blocks.line({ ...this.#place, area: 'hidden' }, formula);
  }

  /** A paragraph ends, or the values of one series. */
  #line(): void {
    const line = [...this.#values, this.#taken()].filter((piece) => piece !== '').join('\t');
    this.#values = [];
    this.#format = null;
    const cells = this.#rows.at(-1)?.cells;
    if (line.trim() === '') return;
    if (cells !== undefined && cells.length > 0) cells.push([cells.pop() ?? '', line].filter((piece) => piece !== '').join('\n'));
    else if (this.#alternates.admits(line)) this.#blocks.line(this.#shown(), line);
  }

  #endRow(): void {
    this.#line();
    const { cells } = this.#rows.pop() ?? { cells: [] };
    this.#row++;
    const { text, marks } = rowOfCells(cells, this.#row);
    if (this.#alternates.admits(text)) this.#blocks.alone({ ...this.#shown(), row: this.#row }, text, marks);
  }

  #shown(): Place {
    return this.#hiddenShapes > 0 ? { ...this.#place, area: 'hidden' } : this.#place;
  }
}

/** A row of a table as one text, its cells separated by tabs and marked as a spreadsheet names them. */
export function rowOfCells(cells: readonly string[], row: number): { readonly text: string; readonly marks: readonly Mark[] } {
  const marks: Mark[] = [];
  let at = 0;
  cells.forEach((cell, index) => {
    if (cell !== '') marks.push({ at, field: `${columnName(index + 1)}${row}` });
    at += cell.length + 1;
  });
  return { text: cells.join('\t'), marks };
}

/** 1 is A, 27 is AA. */
export function columnName(column: number): string {
  let [left, name] = [column, ''];
  while (left > 0) {
    name = String.fromCharCode(65 + ((left - 1) % 26)) + name;
    left = Math.floor((left - 1) / 26);
  }
  return name;
}
