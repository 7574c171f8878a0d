// One stream of text of an RTF document while it is read: the body, a header, a footnote. Its paragraphs and rows go out as they end.
import type { Area, Place } from '../../mail/message.ts';
import { rowOfCells } from './drawing-text.ts';
import type { TextBlocks } from './text-blocks.ts';

export class RtfFrame {
  readonly area: Area;
  readonly #blocks: TextBlocks;
  readonly #page: () => number | null;
  #text = '';
  #hidden = '';
  #cells: string[] = [];
  #row = 0;
  #startPage: number | null = null;
  inTable = false;

  /** @param page that is being read, or null where pages say nothing */
  constructor(area: Area, blocks: TextBlocks, page: () => number | null) {
    this.area = area;
    this.#blocks = blocks;
    this.#page = page;
  }

  add(text: string): void {
    if (this.#text === '') this.#startPage ??= this.#page();
    this.#text += text;
  }

  hide(text: string): void {
    this.#hidden += text;
  }

  endParagraph(): void {
    if (this.inTable) this.#text += '\n';
    else {
      this.#endRow();
      this.#row = 0;
      this.#tellHidden();
      const words = this.#text;
      this.#text = '';
      if (this.area === 'hidden' && /^\s*HYPERLINK\b/i.test(words)) this.#blocks.line(this.#place('link'), words.trim());
      else this.#blocks.line(this.#place(this.area), words);
      this.#startPage = null;
    }
  }

  endCell(): void {
    this.#cells.push(this.#text.trim());
    this.#text = '';
  }

  endRow(): void {
    if (this.#text.trim() !== '') this.endCell();
    this.#endRow();
  }

  end(): void {
    this.inTable = false;
    if (this.#cells.length > 0 && this.#text.trim() !== '') this.endCell();
    this.endParagraph();
  }

  #endRow(): void {
    this.#tellHidden();
    if (this.#cells.length === 0) return;
    this.#row++;
    const { text, marks } = rowOfCells(this.#cells, this.#row);
    this.#cells = [];
    this.#blocks.alone({ ...this.#place(this.area), row: this.#row }, text, marks);
    this.#startPage = null;
  }

  #tellHidden(): void {
    const hidden = this.#hidden;
    this.#hidden = '';
    this.#blocks.line(this.#place('hidden'), hidden);
  }

  #place(area: Area): Place {
    const page = this.#startPage ?? this.#page();
    return page === null ? { area } : { area, page };
  }
}
