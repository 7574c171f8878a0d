// The body of an OpenDocument, and what its styles print on every page (ODF 1.3 part 3): text, tables, sheets, slides, notes, changes.
import type { Area, Place } from '../../mail/message.ts';
import { columnName } from './drawing-text.ts';
import type { OdfStyles } from './odf-styles.ts';
import { OdfTable } from './odf-table.ts';
import { NO_WORDS, odfWords } from './odf-words.ts';
import type { TextBlocks } from './text-blocks.ts';
import type { WorkbookRows } from './xlsx-rows.ts';
import { readXml, type XmlElement } from './xml.ts';

export interface OdfSettings {
  readonly area: Area;
  readonly blocks: TextBlocks;
  readonly rows: WorkbookRows;
  /** Filled by each part; styles.xml comes first. */
  readonly styles: OdfStyles;
  /** Takes what is written into the XML as base64. */
  readonly file: (bytes: Buffer) => void;
  readonly macro: () => void;
}

export function readOdf(bytes: Buffer, settings: OdfSettings): void {
  const content = new OdfContent(settings);
  readXml(bytes, {
    open: (element) => content.open(element),
    close: (element) => content.close(element),
    text: (text) => content.text(text),
    comment: (comment) => settings.blocks.line({ area: 'comment' }, comment),
  });
}

interface Paragraph {
  text: string;
  hidden: string;
  /** All of it is hidden. */
  hides: boolean;
  readonly page: number;
}

/** Elements in which text is of another area. */
const AREAS: ReadonlyMap<string, Area> = new Map([
  ['note-body', 'note'],
  ['header', 'note'],
  ['footer', 'note'],
  ['header-left', 'note'],
  ['footer-left', 'note'],
  ['header-first', 'note'],
  ['footer-first', 'note'],
  ['notes', 'note'],
  ['annotation', 'annotation'],
  ['tracked-changes', 'hidden'],
  ['covered-table-cell', 'hidden'],
]);

class OdfContent {
  readonly #settings: OdfSettings;
  readonly #names: string[] = [];
  /** Areas, one within the other, with the depth at which each began. */
  readonly #areas: { readonly area: Area; readonly depth: number }[] = [];
  readonly #paragraphs: Paragraph[] = [];
  readonly #tables: OdfTable[] = [];
  readonly #spans: boolean[] = [];
  readonly #authors = new Set<string>();
  #hiddenSpans = 0;
  #isSpreadsheet = false;
  #pages: 'counted' | 'slides' = 'counted';
  #page = 1;
  #sheets = 0;
  /** Of the text in the cell that is open; other areas in it are beside it. */
  #cellArea: Area | null = null;
  #outside = '';
  #inMath = 0;

  constructor(settings: OdfSettings) {
    this.#settings = settings;
  }

  open(element: XmlElement): void {
    const { name } = element;
    this.#endOutside();
    this.#names.push(name);
    this.#settings.styles.open(element);
    const area = this.#areaOf(element);
    if (area !== null) this.#areas.push({ area, depth: this.#names.length });
    for (const { area: where, words } of odfWords(element)) this.#line(where, words);
    this.#openStructure(element);
    this.#openInline(element);
  }

  #areaOf(element: XmlElement): Area | null {
    const { name } = element;
    if (name === 'annotation' && this.#inMath > 0) return 'hidden';
    if (name === 'section' && element.attribute('display') === 'none') return 'hidden';
    if (name === 'page' && this.#settings.styles.isHidden('drawing-page', element.attribute('style-name'))) return 'hidden';
    return AREAS.get(name) ?? null;
  }

  #openStructure(element: XmlElement): void {
    const table = this.#tables.at(-1);
    switch (element.name) {
      case 'spreadsheet':
        this.#isSpreadsheet = true;
        break;
      case 'presentation':
      case 'drawing':
        this.#pages = 'slides';
        this.#page = 0;
        break;
      case 'page':
        if (this.#pages === 'slides') this.#page++;
        break;
      case 'table':
        this.#openTable(element);
        break;
      case 'table-column':
        table?.openColumn(element);
        break;
      case 'table-row':
        table?.openRow(element);
        break;
      case 'table-cell':
      case 'covered-table-cell':
        table?.openCell(element);
        this.#cellArea = element.name === 'table-cell' ? this.#area() : null;
        break;
      case 'math':
        this.#inMath++;
        break;
      case 'event-listener':
        this.#settings.macro();
        break;
      case 'script':
        if (element.namespace.endsWith(':text:1.0')) this.#settings.macro();
        break;
    }
  }

  #openTable(element: XmlElement): void {
    const isSheet = this.#isSpreadsheet && this.#tables.length === 0 && this.#areas.length === 0;
    if (isSheet) this.#sheets++;
    const hidden = this.#settings.styles.isHidden('table', element.attribute('style-name'));
    this.#tables.push(new OdfTable(isSheet ? this.#sheets : null, hidden, this.#page));
    if (isSheet) this.#line('property', element.attribute('name') ?? '');
  }

  #openInline(element: XmlElement): void {
    const { name } = element;
    const paragraph = this.#paragraphs.at(-1);
    if (name === 'p' || name === 'h') this.#openParagraph(element);
    else if (name === 'soft-page-break' && this.#pages === 'counted') this.#page++;
    else if (paragraph === undefined) return;
    else if (name === 's') this.#add(' '.repeat(Math.min(Math.max(Number(element.attribute('c') ?? 1) || 1, 1), 100)));
    else if (name === 'tab') this.#add('\t');
    else if (name === 'line-break') this.#add('\n');
    else if (name === 'hidden-paragraph' && element.attribute('is-hidden') === 'true') paragraph.hides = true;
    else if (isSpan(name)) {
      const hides =
        name === 'ruby-text' ||
        (name === 'hidden-text' && element.attribute('is-hidden') === 'true') ||
        (name === 'span' && this.#settings.styles.isHidden('text', element.attribute('style-name')));
      this.#spans.push(hides);
      if (hides) this.#hiddenSpans++;
    }
  }

  #openParagraph(element: XmlElement): void {
    const style = element.attribute('style-name');
    if (this.#pages === 'counted' && this.#areas.length === 0 && this.#settings.styles.beginsPage(style)) this.#page++;
    const hides = this.#settings.styles.isHidden('paragraph', style);
    this.#paragraphs.push({ text: '', hidden: '', hides, page: this.#page });
  }

  text(text: string): void {
    const inside = this.#names.at(-1) ?? '';
    if (NO_WORDS.has(inside)) return;
    const isOutside =
      this.#paragraphs.length === 0 || inside === 'creator' || inside === 'title' || inside === 'desc' || inside === 'binary-data';
    if (isOutside) this.#outside += text;
    else this.#add(text.replace(/[ \t\r\n]+/g, ' '));
  }

  #add(piece: string): void {
    const paragraph = this.#paragraphs.at(-1);
    if (paragraph === undefined) return;
    if (this.#hiddenSpans > 0 || paragraph.hides) paragraph.hidden += piece;
    else paragraph.text += piece;
  }

  close(element: XmlElement): void {
    const { name } = element;
    this.#settings.styles.close(name);
    if (name === 'math') this.#inMath--;
    this.#endOutside();
    if (name === 'p' || name === 'h') this.#endParagraph();
    else if (isSpan(name) && this.#paragraphs.length > 0 && this.#spans.pop() === true) this.#hiddenSpans--;
    else if (name.endsWith('table-cell')) this.#endCell();
    else if (name === 'table-row') this.#endRow();
    else if (name === 'table') this.#tables.pop();
    if (this.#areas.at(-1)?.depth === this.#names.length) this.#areas.pop();
    this.#names.pop();
  }

  /** Character data where no paragraph is. */
  #endOutside(): void {
    if (this.#outside === '' || this.#inMath > 0) return;
    const text = this.#outside.trim();
    this.#outside = '';
    if (!/[\p{L}\d]/u.test(text)) return;
    const inside = this.#names.at(-1) ?? '';
    if (inside === 'binary-data') this.#settings.file(Buffer.from(text, 'base64'));
    else if (inside.startsWith('creator')) this.#tellAuthor(text);
    else if (inside === 'title' || inside === 'desc') this.#line('alternative', text);
    else if (inside.endsWith('-decl')) this.#line('note', text);
    else this.#line(inside === 'math' ? this.#area() : 'hidden', text);
  }

  #tellAuthor(name: string): void {
    if (this.#authors.has(name)) return;
    this.#authors.add(name);
    this.#line('property', name);
  }

  #endParagraph(): void {
    const paragraph = this.#paragraphs.pop();
    if (paragraph === undefined) return;
    this.#line('hidden', paragraph.hidden);
    const table = this.#tables.at(-1);
    const cell = table?.cell ?? null;
    const field = cell === null ? undefined : `${columnName(cell.column)}${table?.row?.number ?? 0}`;
    if (cell !== null && this.#area() === this.#cellArea && paragraph.text.trim() !== '') cell.add(paragraph.text.trim());
    else this.#settings.blocks.line(this.#place(this.#area(), paragraph.page), paragraph.text, field);
  }

  #endCell(): void {
    const table = this.#tables.at(-1);
    const cell = table?.closeCell() ?? null;
    if (cell === null || cell.formula === '') return;
    const field = `${columnName(cell.column)}${table?.row?.number ?? 0}`;
    this.#settings.blocks.line(this.#place('hidden', this.#page), cell.formula, field);
  }

  #endRow(): void {
    const table = this.#tables.at(-1);
    const row = table?.row;
    if (table === undefined || row === null || row === undefined) return;
    table.row = null;
    const area = table.hidden ? 'hidden' : this.#area();
    const place = this.#place(area, table.page);
    row.put((put) => {
      if (table.sheet !== null) this.#settings.rows.row(table.sheet, put);
      else this.#settings.blocks.alone({ ...place, area: put.area, row: put.row }, put.text, put.marks);
    }, area);
  }

  #area(): Area {
    return this.#areas.at(-1)?.area ?? this.#settings.area;
  }

  #line(area: Area, text: string): void {
    this.#settings.blocks.line(this.#place(area, this.#page), text);
  }

  #place(area: Area, page: number): Place {
    if (this.#isSpreadsheet) return this.#sheets === 0 ? { area } : { area, sheet: this.#sheets };
    return this.#settings.area === 'note' || page < 1 ? { area } : { area, page };
  }
}

function isSpan(name: string): boolean {
  return name === 'span' || name === 'hidden-text' || name === 'ruby-text';
}
