// A segment, an entry or a resource as one line of text: its fields are cells with a mark each.
import type { Mark, Place } from '../../mail/message.ts';
import type { Marked } from '../marked.ts';
import type { Output } from './extractor.ts';

export class MarkedRow {
  readonly #pieces: string[] = [];
  readonly #marks: Mark[] = [];
  #length = 0;

  /**
   * @param field as the standard spells it, or null where it has no name there
   * @param between what parts it from the cell before: a blank within a name or an address that fields cut in pieces
   */
  cell(field: string | null, text: string, between: '\t' | ' ' = '\t'): void {
    const seen = text.trim();
    if (seen === '') return;
    if (this.#pieces.length > 0) this.#push(between);
    if (field !== null) this.#marks.push({ at: this.#length, field });
    this.#push(seen);
  }

  /** More of the cell that was begun last. */
  more(text: string, separator = ' '): void {
    const seen = text.trim();
    if (seen === '') return;
    if (this.#pieces.length > 0) this.#push(separator);
    this.#push(seen);
  }

  get length(): number {
    return this.#length;
  }

  marked(): Marked {
    return { text: this.#pieces.join(''), marks: this.#marks };
  }

  #push(piece: string): void {
    this.#pieces.push(piece);
    this.#length += piece.length;
  }
}

/** So many spans one part may make of its rows; where it has more of them, several make a span. */
const ROW_SPANS = 50_000;

/** Puts rows out as spans, in groups where there are too many. */
export class RowSpans {
  readonly #output: Output;
  readonly #group: number;
  #place: Place | null = null;
  #rows: Marked[] = [];

  /** @param expected how many rows there will be, about */
  constructor(output: Output, expected: number) {
    this.#output = output;
    this.#group = Math.ceil(expected / ROW_SPANS);
  }

  /** @throws LimitReached */
  row(place: Place, row: Marked): void {
    if (row.text === '') return;
    if (this.#group <= 1) this.#output.text(place, row.text, row.marks);
    else {
      if (this.#place !== null && this.#place.area !== place.area) this.end();
      this.#place ??= place;
      this.#rows.push(row);
      if (this.#rows.length >= this.#group) this.end();
    }
  }

  /** @throws LimitReached */
  end(): void {
    if (this.#place === null) return;
    const { area, row } = this.#place;
    const marks: Mark[] = [];
    let at = 0;
    for (const one of this.#rows) {
      for (const mark of one.marks) marks.push({ at: at + mark.at, field: mark.field });
      at += one.text.length + 1;
    }
    const text = this.#rows.map((one) => one.text).join('\n');
    this.#rows = [];
    this.#place = null;
    this.#output.text(row === undefined ? { area } : { area, row }, text, marks);
  }
}
