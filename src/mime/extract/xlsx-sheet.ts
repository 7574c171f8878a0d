// One sheet of a workbook (ECMA-376 part 1, 18.3): its rows, and all beside them that holds words.
import type { Area } from '../../mail/message.ts';
import { columnName } from './drawing-text.ts';
import type { TextBlocks } from './text-blocks.ts';
import type { CellFormats } from './xlsx-formats.ts';
import { HiddenColumns, SheetRow } from './xlsx-row.ts';
import type { WorkbookRows } from './xlsx-rows.ts';
import { type SharedStrings, withoutEscapes } from './xlsx-strings.ts';
import { readXml, type XmlElement } from './xml.ts';

export interface SheetSettings {
  /** From 1. */
  readonly sheet: number;
  /** 'hidden' for a hidden sheet. */
  readonly area: Area;
  readonly strings: SharedStrings;
  readonly formats: CellFormats;
  readonly rows: WorkbookRows;
  readonly blocks: TextBlocks;
}

export function readSheet(bytes: Buffer, settings: SheetSettings): void {
  const sheet = new Sheet(settings);
  readXml(bytes, {
    open: (element) => sheet.open(element),
    close: ({ name }) => sheet.close(name),
    text: (text) => sheet.text(text),
    comment: (comment) => settings.blocks.line({ area: 'comment', sheet: settings.sheet }, comment),
  });
}

/** Attributes that are words, by element. */
const WORDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['hyperlink', ['display', 'tooltip', 'location']],
  ['dataValidation', ['promptTitle', 'prompt', 'errorTitle', 'error']],
  ['cfRule', ['text']],
  ['filter', ['val']],
  ['customFilter', ['val']],
  ['protectedRange', ['name']],
  ['scenario', ['name', 'user', 'comment']],
  ['inputCells', ['val']],
  ['customPr', ['name']],
  ['control', ['name']],
  ['controlPr', ['altText']],
  ['objectPr', ['altText']],
  ['webPublishItem', ['title', 'destinationFile']],
]);
const LAST_COLUMN = 16_384;
const LAST_ROW = 1_048_576;

class Sheet {
  readonly #settings: SheetSettings;
  readonly #hiddenColumns = new HiddenColumns();
  #row: SheetRow | null = null;
  #rowNumber = 0;
  #rowHidden = false;
  #column = 0;
  #type = 'n';
  #style = 0;
  #value = '';
  #formula = '';
  #inCell = false;
  #inside = '';
  #inPhonetic = false;
  #text = '';

  constructor(settings: SheetSettings) {
    this.#settings = settings;
  }

  open(element: XmlElement): void {
    const { name } = element;
    if (name === 'c') this.#openCell(element);
    else if (name === 'row') this.#openRow(element);
    else if (name === 'col') this.#openColumn(element);
    else if (name === 'rPh') this.#inPhonetic = true;
    else if (!this.#inCell) this.#openOther(element);
    this.#inside = name;
  }

  #openRow(element: XmlElement): void {
    const told = Number(element.attribute('r') ?? NaN);
    this.#rowNumber = Number.isInteger(told) && told > 0 && told <= LAST_ROW ? told : Math.min(this.#rowNumber + 1, LAST_ROW);
    this.#rowHidden = isOn(element.attribute('hidden')) || element.attribute('ht') === '0';
    this.#column = 0;
    this.#row = this.#newRow();
  }

  #newRow(): SheetRow {
    const [hidden, columns] = [this.#rowHidden, this.#hiddenColumns];
    return new SheetRow(this.#rowNumber, (column) => hidden || columns.has(column));
  }

  #openColumn(element: XmlElement): void {
    const hidden = isOn(element.attribute('hidden')) || element.attribute('width') === '0';
    if (hidden) this.#hiddenColumns.add(Number(element.attribute('min') ?? 0), Number(element.attribute('max') ?? LAST_COLUMN));
  }

  #openCell(element: XmlElement): void {
    const told = columnOf(element.attribute('r') ?? '');
    this.#column = told ?? Math.min(this.#column + 1, LAST_COLUMN);
    this.#type = element.attribute('t') ?? 'n';
    this.#style = Number(element.attribute('s') ?? 0);
    this.#value = this.#formula = '';
    this.#inCell = true;
  }

  #openOther(element: XmlElement): void {
    for (const attribute of WORDS.get(element.name) ?? []) {
      const area = element.name === 'hyperlink' ? (attribute === 'location' ? 'link' : 'alternative') : 'hidden';
      this.#line(area, element.attribute(attribute) ?? '');
    }
    this.#text = '';
  }

  text(text: string): void {
    if (!this.#inCell) this.#text += text;
    else if (this.#inside === 'f') this.#formula += text;
    else if (this.#inside === 'v' || this.#inside === 't') {
      if (this.#inPhonetic) this.#line('hidden', text);
      else this.#value += text;
    }
  }

  close(name: string): void {
    if (name === 'c') this.#closeCell();
    else if (name === 'row') {
      const { rows, area, sheet } = this.#settings;
      this.#row?.put((row) => rows.row(sheet, row), area);
      this.#row = null;
    } else if (name === 'rPh') this.#inPhonetic = false;
    else if (!this.#inCell) this.#closeOther(name);
    this.#inside = '';
  }

  #closeCell(): void {
    this.#inCell = false;
    if (this.#row === null) return;
    this.#row.cell(this.#column, this.#shown());
    if (this.#formula !== '') {
      const { blocks, sheet } = this.#settings;
      blocks.line({ area: 'hidden', sheet }, `=${this.#formula}`, `${columnName(this.#column)}${this.#rowNumber}`);
    }
  }

  #shown(): string {
    const { strings, formats } = this.#settings;
    switch (this.#type) {
      case 's':
        return strings.at(Number(this.#value)) ?? '';
      case 'n':
        return this.#value === '' ? '' : formats.shown(this.#value, this.#style);
      case 'b':
        return this.#value === '1' ? 'TRUE' : this.#value === '0' ? 'FALSE' : this.#value;
      default:
        return withoutEscapes(this.#value);
    }
  }

  #closeOther(name: string): void {
    const text = this.#text.trim();
    this.#text = '';
    if (text === '') return;
    if (/^(?:odd|even|first)(?:Header|Footer)$/.test(name)) this.#line('note', withoutCodes(text));
    else this.#line('hidden', text);
  }

  #line(area: Area, text: string): void {
    this.#settings.blocks.line({ area, sheet: this.#settings.sheet }, text);
  }
}

function isOn(value: string | null): boolean {
  return value === '1' || value === 'true';
}

/** `B7` is 2; null where it is no reference. */
export function columnOf(reference: string): number | null {
  let column = 0;
  for (let at = 0; at < reference.length && at < 4; at++) {
    const letter = reference.charCodeAt(at) & ~0x20;
    if (letter < 65 || letter > 90) break;
    column = column * 26 + letter - 64;
  }
  return column > 0 && column <= LAST_COLUMN ? column : null;
}

/** Codes of headers and footers (ECMA-376 part 1, 18.3.1.46): places, fonts, sizes, fields. */
function withoutCodes(text: string): string {
  return text
    .replace(/&(?:"[^"]*"|K(?:[\da-fA-F]{6}|\d\d[+-]\d{3})|\d{1,3})/g, '')
    .replace(/&([LCRPNDTZFAGUEXYSBIOH&])/gi, (_, code: string) => (code === '&' ? '&' : /[lcr]/i.test(code) ? '\t' : ''))
    .trim();
}
