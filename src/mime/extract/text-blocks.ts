// Gathers lines of a document into spans of a readable length: one span for each paragraph would be many, one for a whole file too few.
import type { Mark, Place } from '../../mail/message.ts';
import type { Output } from './extractor.ts';

const BLOCK_LENGTH = 2_000;

interface Block {
  readonly place: Place;
  readonly lines: string[];
  readonly marks: Mark[];
  length: number;
}

/** Neighbouring lines of one area and page go together; `flush` ends what is open. */
export class TextBlocks {
  readonly #output: Pick<Output, 'text'>;
  readonly #open = new Map<string, Block>();

  constructor(output: Pick<Output, 'text'>) {
    this.#output = output;
  }

  /** @param field marks where the line begins; marked lines are apart from others, which belong to no field */
  line(place: Place, text: string, field?: string): void {
    const trimmed = text.trim();
    if (trimmed === '') return;
    const block = this.#blockFor(place, field !== undefined);
    if (field !== undefined) block.marks.push({ at: block.length, field });
    block.lines.push(trimmed);
    block.length += trimmed.length + 1;
    if (block.length >= BLOCK_LENGTH) this.#end(place.area);
  }

  /** A span of its own, in order behind what is open of its area. */
  alone(place: Place, text: string, marks: readonly Mark[] = []): void {
    this.#end(place.area);
    if (text.trim() !== '') this.#output.text(place, text, marks);
  }

  flush(): void {
    for (const area of [...this.#open.keys()]) this.#end(area);
  }

  #blockFor(place: Place, marked: boolean): Block {
    const open = this.#open.get(place.area);
    if (open !== undefined) {
      const same = marked === open.marks.length > 0;
      if (same && open.place.page === place.page && open.place.sheet === place.sheet && open.place.row === place.row) return open;
      this.#end(place.area);
    }
    const block: Block = { place, lines: [], marks: [], length: 0 };
    this.#open.set(place.area, block);
    return block;
  }

  #end(area: string): void {
    const block = this.#open.get(area);
    if (block === undefined) return;
    this.#open.delete(area);
    this.#output.text(block.place, block.lines.join('\n'), block.marks);
  }
}
