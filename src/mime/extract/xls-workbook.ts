// A workbook stream (MS-XLS 2.1.7.20): first what all sheets share, then each sheet, in the order in which a reader meets them.
import {
  biffRecords,
  type BiffRecord,
  type BiffTexts,
  charactersAt,
  rkNumber,
  type SharedText,
  sharedTexts,
  textAt,
} from './biff-records.ts';
import type { Output } from './extractor.ts';
import { f64, u16, u32, u8 } from './little-endian.ts';
import { type DateSystem, NumberFormat } from './number-format.ts';
import { readBlips } from './office-art.ts';
import { RECORD } from './xls-record-ids.ts';
import { SheetExtras } from './xls-extras.ts';
import { SheetRows } from './xls-sheet.ts';

const BOF: ReadonlySet<number> = new Set([0x809, 0x409, 0x209, 0x009]);
/** dt of the substream of what all sheets share. */
const GLOBALS = 0x05;
const ERRORS: ReadonlyMap<number, string> = new Map([
  [0x00, '#NULL!'],
  [0x07, '#DIV/0!'],
  [0x0f, '#VALUE!'],
  [0x17, '#REF!'],
  [0x1d, '#NAME?'],
  [0x24, '#NUM!'],
  [0x2a, '#N/A'],
]);

export class Workbook {
  readonly #stream: Buffer;
  readonly #output: Output;
  #texts: BiffTexts;
  #dates: DateSystem = 'from 1900';
  #shared: readonly SharedText[] = [];
  readonly #formats = new Map<number, NumberFormat | null>();
  /** Number format of each cell format. */
  readonly #cellFormats: number[] = [];
  /** By where its substream begins. */
  readonly #sheets = new Map<number, SheetRows>();
  #rows: SheetRows;
  #extras: SheetExtras;
  #depth = 0;
  #pictures: Buffer[] = [];
  /** Where the text of the formula read last belongs. */
  #awaited: { readonly row: number; readonly column: number } | null = null;

  constructor(stream: Buffer, output: Output) {
    this.#stream = stream;
    this.#output = output;
    this.#texts = { version: 'older', codePage: 1252, output };
    this.#rows = new SheetRows(0, 'shown', output);
    this.#extras = new SheetExtras(this.#rows, this.#texts, output);
  }

  /** @throws LimitReached */
  async tell(): Promise<void> {
    for (const record of biffRecords(this.#stream)) {
      if (record.id === RECORD.filePass) {
        this.#output.blind('encrypted');
        return;
      }
      if (BOF.has(record.id)) this.#begin(record);
      else if (record.id === RECORD.eof) this.#end();
      else if (!this.#global(record) && !this.#cell(record)) this.#extras.record(record);
    }
    while (this.#depth > 0) this.#end();
    this.#end();
    const pictures = this.#pictures;
    this.#pictures = [];
    if (pictures.length > 0) await readBlips(Buffer.concat(pictures), this.#output);
  }

  #begin({ id, at, data }: BiffRecord): void {
    this.#rows.end();
    this.#depth++;
    if (this.#depth > 1) return; // a chart within its sheet
    this.#texts = { ...this.#texts, version: id === 0x809 && u16(data, 0) >= 0x600 ? 'BIFF8' : 'older' };
    const sheet = this.#sheets.get(at);
    const shared = u16(data, 2) === GLOBALS ? new SheetRows(0, 'shown', this.#output) : null;
    // Sheets that the workbook does not list are shown by no reader; Excel 4 and older have one, and no list.
    const unlisted = (): SheetRows => new SheetRows(this.#sheets.size + 1, this.#sheets.size === 0 ? 'shown' : 'hidden', this.#output);
    this.#rows = sheet ?? shared ?? unlisted();
    this.#extras = new SheetExtras(this.#rows, this.#texts, this.#output);
  }

  #end(): void {
    this.#rows.end();
    this.#depth--;
    if (this.#depth <= 0) this.#extras.end();
    this.#depth = Math.max(0, this.#depth);
  }

  /** What all sheets share. */
  #global({ id, data, pieces }: BiffRecord): boolean {
    switch (id) {
      case RECORD.codePage:
        this.#texts = { ...this.#texts, codePage: u16(data, 0) };
        this.#extras = new SheetExtras(this.#rows, this.#texts, this.#output);
        return true;
      case RECORD.date1904:
        this.#dates = u16(data, 0) === 1 ? 'from 1904' : 'from 1900';
        return true;
      case RECORD.boundSheet: {
        const number = this.#sheets.size + 1;
        const name = textAt(data, 6, 1, this.#texts);
        this.#output.text({ area: 'property', sheet: number }, name);
        this.#sheets.set(u32(data, 0), new SheetRows(number, (u8(data, 4) & 3) === 0 ? 'shown' : 'hidden', this.#output));
        if (u8(data, 5) === 1 || u8(data, 5) === 6) this.#output.defect('macro');
        return true;
      }
      case RECORD.sharedTexts:
        this.#shared = sharedTexts(pieces);
        for (const { spoken } of this.#shared) this.#output.text({ area: 'alternative' }, spoken);
        return true;
      case RECORD.format:
        this.#formats.set(u16(data, 0), NumberFormat.of(textAt(data, 2, this.#texts.version === 'BIFF8' ? 2 : 1, this.#texts)));
        return true;
      case RECORD.cellFormat:
        this.#cellFormats.push(u16(data, 2));
        return true;
      case RECORD.drawingGroup:
        this.#pictures.push(...pieces);
        return true;
      default:
        return false;
    }
  }

  #cell({ id, data, pieces }: BiffRecord): boolean {
    const [row, column, format] = [u16(data, 0), u16(data, 2), u16(data, 4)];
    const put = (text: string): void => this.#rows.cell(row, column, text);
    switch (id) {
      case RECORD.labelShared: {
        put(this.#shared[u32(data, 6)]?.text ?? '');
        return true;
      }
      case RECORD.label:
      case RECORD.richText:
        put(textAt(data, 6, 2, this.#texts));
        return true;
      case RECORD.number:
        put(this.#number(f64(data, 6), format));
        return true;
      case RECORD.rk:
        put(this.#number(rkNumber(data, 6), format));
        return true;
      case RECORD.manyRk:
        for (let at = 4, i = 0; at + 8 <= data.length; at += 6, i++) {
          this.#rows.cell(row, column + i, this.#number(rkNumber(data, at + 2), u16(data, at)));
        }
        return true;
      case RECORD.booleanOrError:
        put(u8(data, 7) === 0 ? (u8(data, 6) === 0 ? 'FALSE' : 'TRUE') : (ERRORS.get(u8(data, 6)) ?? ''));
        return true;
      case RECORD.formula:
      case 0x206:
      case 0x406:
        this.#formula(data);
        return true;
      case RECORD.formulaText:
        this.#formulaText(pieces);
        return true;
      default:
        return false;
    }
  }

  /** The value as it was last computed (MS-XLS 2.5.133); words within the formula itself are told as hidden. */
  #formula(data: Buffer): void {
    const [row, column] = [u16(data, 0), u16(data, 2)];
    this.#awaited = null;
    if (u16(data, 12) !== 0xffff) this.#rows.cell(row, column, this.#number(f64(data, 6), u16(data, 4)));
    else if (u8(data, 6) === 0) this.#awaited = { row, column };
    else if (u8(data, 6) === 1) this.#rows.cell(row, column, u8(data, 8) === 0 ? 'FALSE' : 'TRUE');
    else if (u8(data, 6) === 2) this.#rows.cell(row, column, ERRORS.get(u8(data, 8)) ?? '');
    this.#extras.formula(data.subarray(22));
  }

  #formulaText(pieces: readonly Buffer[]): void {
    if (this.#awaited === null) return;
    const { row, column } = this.#awaited;
    this.#awaited = null;
    const first = pieces[0] ?? Buffer.alloc(0);
    const count = u16(first, 0);
    let text = charactersAt(first, 2, count, this.#texts);
    for (const piece of pieces.slice(1)) text += charactersAt(piece, 0, count - text.length, this.#texts);
    this.#rows.cell(row, column, text);
  }

  /** As a reader sees it: dates as ISO 8601, masks of digits filled in. */
  #number(value: number, cellFormat: number): string {
    const text = `${Number(value.toPrecision(15))}`;
    const id = this.#cellFormats[cellFormat];
    if (id === undefined) return text;
    const format = this.#formats.has(id) ? this.#formats.get(id) : NumberFormat.builtIn(id);
    return format?.shown(text, this.#dates) ?? text;
  }
}
