// What a sheet has beside its cells: comments, text boxes, page headers and footers, names, links, hidden rows and columns, chart titles.
import { type BiffRecord, type BiffTexts, charactersAt, ContinuedReader, textAt } from './biff-records.ts';
import type { Output } from './extractor.ts';
import { f64, u16, u8 } from './little-endian.ts';
import { tellDrawing } from './office-art.ts';
import { readableRuns } from './readable-runs.ts';
import { RECORD, WORDY } from './xls-record-ids.ts';
import { cellName, type SheetRows } from './xls-sheet.ts';

/** ot of a comment's box (MS-XLS 2.5.143). */
const NOTE_BOX = 0x19;
const SHORTEST_WORDS = 4;
/** PtgStr: a text in a formula (MS-XLS 2.5.198.89). */
const TEXT_TOKEN = 0x17;

export class SheetExtras {
  readonly #rows: SheetRows;
  readonly #texts: BiffTexts;
  readonly #output: Output;
  /** Texts of comments by their object's number, until their cell is known. */
  readonly #notes = new Map<number, string>();
  #object: { readonly type: number; readonly id: number } = { type: 0, id: 0 };

  constructor(rows: SheetRows, texts: BiffTexts, output: Output) {
    this.#rows = rows;
    this.#texts = texts;
    this.#output = output;
  }

  /** @throws LimitReached */
  record(record: BiffRecord): void {
    const { id, data } = record;
    if (WORDY.has(id)) this.#readable(data);
    switch (id) {
      case RECORD.row:
        if ((u8(data, 12) & 0x20) !== 0) this.#rows.hideRow(u16(data, 0));
        return;
      case RECORD.columnInfo:
        if ((u8(data, 8) & 1) !== 0) this.#rows.hideColumns(u16(data, 0), u16(data, 2));
        return;
      case RECORD.header:
      case RECORD.footer:
        return this.#output.text(this.#rows.place('note'), pageText(textAt(data, 0, this.#texts.version === 'BIFF8' ? 2 : 1, this.#texts)));
      case RECORD.object:
        this.#object = { type: u16(data, 4), id: u16(data, 6) };
        return;
      case RECORD.textObject:
        return this.#textObject(record);
      case RECORD.note:
        return this.#note(data);
      case RECORD.drawing:
        return tellDrawing(Buffer.concat(record.pieces), this.#output);
      case RECORD.chartText:
        return this.#output.text(this.#rows.place('text'), textAt(data, 2, 1, this.#texts));
      case RECORD.link:
        for (const run of readableRuns(data.subarray(24), SHORTEST_WORDS)) this.#output.text(this.#rows.place('link'), run);
        return;
      case RECORD.writeAccess:
        return this.#output.text({ area: 'property' }, textAt(data, 0, this.#texts.version === 'BIFF8' ? 2 : 1, this.#texts).trim());
      case RECORD.name:
        return this.#output.text({ area: 'property' }, nameOf(charactersAt(data, 14, u8(data, 3), this.#texts)));
      case RECORD.externalCells:
        return this.#externalCells(data);
      default:
        return;
    }
  }

  /** Words that stand in a formula: each is known by its token, a count that fits and characters that people write. @throws LimitReached */
  formula(tokens: Buffer): void {
    const found: string[] = [];
    for (let at = tokens.indexOf(TEXT_TOKEN); at >= 0 && at + 3 < tokens.length;) {
      const count = u8(tokens, at + 1);
      const end = at + (this.#texts.version === 'older' ? 2 + count : 3 + count * ((u8(tokens, at + 2) & 1) + 1));
      const text = end > tokens.length || count < 2 ? '' : charactersAt(tokens, at + 2, count, this.#texts);
      const isText = text.length === count && !/[\0-\x1f]/.test(text);
      if (isText) found.push(text);
      at = tokens.indexOf(TEXT_TOKEN, isText ? end : at + 1);
    }
    this.#output.text(this.#rows.place('hidden'), found.join('\n'));
  }

  /** @throws LimitReached */
  end(): void {
    for (const text of this.#notes.values()) this.#output.text(this.#rows.place('comment'), text);
    this.#notes.clear();
  }

  #readable(data: Buffer): void {
    this.#output.text(this.#rows.place('hidden'), readableRuns(data, SHORTEST_WORDS).join('\n'));
  }

  /** Its text stands in the records that continue it, each with its width before it. */
  #textObject({ data, pieces }: BiffRecord): void {
    const texts = pieces.slice(1);
    const reader = new ContinuedReader(texts);
    const width = (reader.number(1) & 1) === 1 ? 2 : 1;
    const text = reader.characters(u16(data, 10), width);
    if (this.#object.type === NOTE_BOX) this.#notes.set(this.#object.id, text);
    else this.#output.text(this.#rows.place('text'), text);
  }

  /** MS-XLS 2.4.179; before BIFF8 the text stands in the record itself. */
  #note(data: Buffer): void {
    const [row, column, id] = [u16(data, 0), u16(data, 2), u16(data, 6)];
    const place = this.#rows.place('comment', row);
    if (this.#texts.version === 'older') {
      return this.#output.text(place, charactersAt(data, 6, data.length, this.#texts), [{ at: 0, field: cellName(row, column) }]);
    }
    const text = this.#notes.get(id) ?? '';
    this.#notes.delete(id);
    this.#output.text(place, text, [{ at: 0, field: cellName(row, column) }]);
    this.#output.text(this.#rows.place('property'), textAt(data, 8, 2, this.#texts));
  }

  /** Copies of cells of another workbook (CRN, MS-XLS 2.4.65). */
  #externalCells(data: Buffer): void {
    const found: string[] = [];
    for (let at = 4; at < data.length;) {
      const type = u8(data, at);
      if (type === 2) {
        found.push(textAt(data, at + 1, 2, this.#texts));
        const wide = this.#texts.version === 'BIFF8' ? 1 + u16(data, at + 1) * ((u8(data, at + 3) & 1) + 1) : u8(data, at + 1);
        at += 3 + wide;
      } else {
        if (type === 1) found.push(`${f64(data, at + 1)}`);
        at += 9;
      }
    }
    this.#output.text(this.#rows.place('hidden'), found.join('\t'));
  }
}

/** Without the codes for fonts, fields and sides (MS-XLS 2.4.136). */
function pageText(text: string): string {
  return text.replace(/&(?:"[^"&]{0,200}"|K[0-9A-F]{6}|\d{1,3}|[A-Z&])/gi, (code) => (code === '&&' ? '&' : ' ')).trim();
}

/** Built-in names are one control character. */
function nameOf(text: string): string {
  return text.length === 1 ? '' : text;
}
