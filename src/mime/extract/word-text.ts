// The characters of an old Word document as a reader sees them: paragraphs and table rows as spans, fields split into instruction and
// result, hidden and deleted text apart.
import type { Area, Mark } from '../../mail/message.ts';
import type { Output } from './extractor.ts';

/** How a run of characters is shown, and whether a cell mark in it ends a row. */
export interface RunForm {
  readonly shown: 'plain' | 'hidden';
  readonly cellMark: 'cell' | 'row';
}

const [FIELD_BEGIN, FIELD_SEPARATOR, FIELD_END] = [0x13, 0x14, 0x15];
const [CELL, TAB, LINE, PAGE, PARAGRAPH, COLUMN] = [0x07, 0x09, 0x0b, 0x0c, 0x0d, 0x0e];
const MOST_PARAGRAPH = 100_000;
const DEEPEST_FIELD = 1_000;

/** Takes the characters of one story (MS-DOC 2.3) in order. */
export class StoryText {
  readonly #area: Area;
  readonly #output: Output;
  readonly #pieces: string[] = [];
  /** Of what is gathered, and of what of it is shown. */
  #length = 0;
  #visible = 0;
  readonly #hidden: string[] = [];
  #marks: Mark[] = [];
  #cells = 0;
  /** For each open field, whether its instruction is still being read. */
  readonly #fields: ('instruction' | 'result')[] = [];
  readonly #instruction: string[] = [];

  constructor(area: Area, output: Output) {
    this.#area = area;
    this.#output = output;
  }

  /** @throws LimitReached */
  run(text: string, { shown, cellMark }: RunForm): void {
    let start = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code >= 0x20) continue;
      this.#words(text.slice(start, at), shown);
      start = at + 1;
      this.#control(code, cellMark, shown);
    }
    this.#words(text.slice(start), shown);
  }

  /** @throws LimitReached */
  end(): void {
    this.#paragraph();
    this.#tellInstruction();
    this.#fields.length = 0;
  }

  #control(code: number, cellMark: RunForm['cellMark'], shown: RunForm['shown']): void {
    switch (code) {
      case CELL:
        return cellMark === 'row' ? this.#paragraph() : this.#cell();
      case PARAGRAPH:
      case PAGE:
      case COLUMN:
        // In a cell a paragraph is a line of it.
        return this.#cells > 0 ? this.#words('\n', shown) : this.#paragraph();
      case TAB:
        return this.#words(' ', shown);
      case LINE:
        return this.#words('\n', shown);
      case 0x1e:
        return this.#words('-', shown);
      case FIELD_BEGIN:
        if (this.#fields.length < DEEPEST_FIELD) this.#fields.push('instruction');
        return;
      case FIELD_SEPARATOR:
        if (this.#fields.length > 0) this.#fields[this.#fields.length - 1] = 'result';
        return;
      case FIELD_END:
        this.#fields.pop();
        if (!this.#fields.includes('instruction')) this.#tellInstruction();
        return;
      default:
        return;
    }
  }

  #words(text: string, shown: RunForm['shown']): void {
    if (text === '') return;
    const into = this.#inInstruction() ? this.#instruction : shown === 'hidden' ? this.#hidden : this.#pieces;
    into.push(text);
    this.#length += text.length;
    if (into === this.#pieces) this.#visible += text.length;
    if (this.#length > MOST_PARAGRAPH) this.#paragraph();
  }

  #inInstruction(): boolean {
    const { length } = this.#fields;
    return length > 0 && (this.#fields[length - 1] === 'instruction' || this.#fields.includes('instruction'));
  }

  #cell(): void {
    if (this.#cells === 0) this.#marks.push({ at: 0, field: 'A' });
    this.#cells++;
    this.#pieces.push('\t');
    this.#length++;
    this.#visible++;
    this.#marks.push({ at: this.#visible, field: columnName(this.#cells) });
  }

  #paragraph(): void {
    const text = this.#pieces.join('').replace(/\t$/, '');
    const hidden = this.#hidden.join('');
    const marks = this.#marks.filter(({ at }) => at < text.length);
    this.#pieces.length = 0;
    this.#hidden.length = 0;
    this.#marks = [];
    [this.#length, this.#visible, this.#cells] = [0, 0, 0];
    this.#output.text({ area: this.#area }, text, marks);
    this.#output.text({ area: 'hidden' }, hidden);
  }

  /** HYPERLINK has where it leads (ECMA-376 part 1, 17.16.5.25); others can have words too. */
  #tellInstruction(): void {
    const text = this.#instruction.join('').trim();
    this.#instruction.length = 0;
    this.#output.text({ area: /^HYPERLINK\b/i.test(text) ? 'link' : 'hidden' }, text);
  }
}

/** Letters of a column as spreadsheets count: A is 0. */
export function columnName(index: number): string {
  let name = '';
  for (let left = index; left >= 0; left = Math.floor(left / 26) - 1) name = String.fromCharCode(65 + (left % 26)) + name;
  return name;
}
