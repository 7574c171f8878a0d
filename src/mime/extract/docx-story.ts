// One story of a WordprocessingML document (ECMA-376 part 1, 17.2): its body, a header, the footnotes. Paragraphs in order, rows of tables as
// one span each, what is deleted or not shown apart from it.
import type { Area, Place } from '../../mail/message.ts';
import { AlternateContent } from './alternate-content.ts';
import { FORM_ELEMENTS, formWords, runSymbol } from './docx-elements.ts';
import { isOn } from './docx-styles.ts';
import { rowOfCells } from './drawing-text.ts';
import type { TextBlocks } from './text-blocks.ts';
import { readXml, type XmlElement } from './xml.ts';

export interface StorySettings {
  readonly area: Area;
  readonly blocks: TextBlocks;
  /** Ids of styles that hide their text. */
  readonly hidingStyles: ReadonlySet<string>;
  /** Authors already told. */
  readonly authors: Set<string>;
}

export function readStory(bytes: Buffer, settings: StorySettings): void {
  // Where Word wrote down the page breaks it made, those that the author asked for are among them.
  const story = new Story(settings, bytes.includes('lastRenderedPageBreak') ? 'rendered' : 'asked for');
  readXml(bytes, {
    open: (element) => story.open(element),
    close: (element) => story.close(element.name),
    text: (text) => story.text(text),
    comment: (comment) => settings.blocks.line({ area: 'comment' }, comment),
  });
  story.end();
}

interface Paragraph {
  text: string;
  hidden: string;
  /** Of its first word. */
  page: number | null;
  style: 'shown' | 'hides' | 'shaded';
}

interface Row {
  readonly cells: string[];
  page: number | null;
}

/** Character data of these is text; of the second kind it is what a reader is not shown. */
const TEXT: ReadonlySet<string> = new Set(['t']);
const NO_WORDS = new Set([
  'posOffset',
  'pctWidth',
  'pctHeight',
  'pctPosHOffset',
  'pctPosVOffset',
  'align',
  'fldData',
  'binData',
  'col',
  'row',
  'colOff',
  'rowOff',
]);

class Story {
  readonly #settings: StorySettings;
  readonly #breaks: 'rendered' | 'asked for';
  readonly #alternates = new AlternateContent();
  readonly #names: string[] = [];
  readonly #paragraphs: Paragraph[] = [];
  /** Row counters of the tables that are open. */
  readonly #tables: number[] = [];
  readonly #rows: Row[] = [];
  #page = 1;
  #removed = 0;
  #boxes = 0;
  #runHidden = false;
  #runWhite = false;
  #runShaded = false;
  #darkPage = false;
  #sectionBreaks = true;

  constructor(settings: StorySettings, breaks: 'rendered' | 'asked for') {
    this.#settings = settings;
    this.#breaks = breaks;
  }

  open(element: XmlElement): void {
    const { name } = element;
    const parent = this.#names.at(-1) ?? '';
    this.#names.push(name);
    this.#alternates.open(name);
    this.#author(element);
    switch (name) {
      case 'p':
        this.#paragraphs.push({ text: '', hidden: '', page: null, style: 'shown' });
        break;
      case 'r':
        this.#runHidden = this.#runWhite = this.#runShaded = false;
        break;
      case 'tbl':
        this.#tables.push(0);
        break;
      case 'tr':
        this.#rows.push({ cells: [], page: null });
        break;
      case 'tc':
        this.#rows.at(-1)?.cells.push('');
        break;
      case 'del':
      case 'moveFrom':
      case 'rt':
        this.#removed++;
        break;
      case 'txbxContent':
        this.#boxes++;
        break;
      case 'background':
        this.#darkPage = true;
        break;
      case 'pageBreakBefore':
        if (parent === 'pPr' && isOn(element.attribute('val'))) this.#pageBreak('asked for');
        break;
      case 'sectPr':
        this.#sectionBreaks = parent === 'pPr';
        break;
      case 'type':
        if (parent === 'sectPr' && element.attribute('val') === 'continuous') this.#sectionBreaks = false;
        break;
      default:
        this.#openOther(element, parent);
    }
  }

  #openOther(element: XmlElement, parent: string): void {
    const { name } = element;
    if (parent === 'rPr') this.#runProperty(element);
    else if (parent === 'pPr') this.#paragraphProperty(element);
    else if (parent === 'r' || name === 'br') this.#runChild(element);
    if (FORM_ELEMENTS.has(name)) {
      for (const { area, words } of formWords(element)) {
        if (this.#alternates.admits(words)) this.#settings.blocks.line({ area, page: this.#page }, words);
      }
    }
    if (name === 'fldSimple') this.#hide(`\n${element.attribute('instr') ?? ''}\n`);
  }

  /** Direct formatting of a run, not what it was before a tracked change. */
  #runProperty(element: XmlElement): void {
    if (this.#names.at(-3) !== 'r') return;
    const value = element.attribute('val');
    if (element.name === 'vanish') this.#runHidden = isOn(value);
    else if (element.name === 'rStyle') this.#runHidden ||= this.#settings.hidingStyles.has(value ?? '');
    else if (element.name === 'color') this.#runWhite = value?.toUpperCase() === 'FFFFFF';
    else if (element.name === 'shd' || element.name === 'highlight') this.#runShaded = true;
    else if (element.name === 'sz') this.#runHidden ||= Number(value) <= 2;
  }

  #paragraphProperty(element: XmlElement): void {
    const paragraph = this.#paragraphs.at(-1);
    if (paragraph === undefined || this.#names.at(-3) !== 'p') return;
    if (element.name === 'pStyle' && this.#settings.hidingStyles.has(element.attribute('val') ?? '')) paragraph.style = 'hides';
    else if (element.name === 'shd' && paragraph.style === 'shown') paragraph.style = 'shaded';
  }

  #runChild(element: XmlElement): void {
    switch (element.name) {
      case 'tab':
      case 'ptab':
        return this.#add('\t');
      case 'br':
        if (element.attribute('type') === 'page') this.#pageBreak('asked for');
        return this.#add('\n');
      case 'cr':
        return this.#add('\n');
      case 'lastRenderedPageBreak':
        return this.#pageBreak('rendered');
      case 'noBreakHyphen':
        return this.#add('-');
      case 'sym':
        return this.#add(runSymbol(element));
      case 'fldChar':
        return this.#hide('\n');
    }
  }

  text(text: string): void {
    const inside = this.#names.at(-1) ?? '';
    if (TEXT.has(inside)) this.#add(text);
    else if (inside === 'delText' || inside === 'instrText' || inside === 'delInstrText') this.#hide(text);
    else if (!NO_WORDS.has(inside) && text.trim() !== '') this.#hide(`\n${text.trim()}\n`);
  }

  close(name: string): void {
    this.#names.pop();
    const left = this.#alternates.close(name);
    if (left !== '') this.#hide(`\n${left}\n`);
    switch (name) {
      case 'p':
        return this.#endParagraph();
      case 'tr':
        return this.#endRow();
      case 'tbl':
        this.#tables.pop();
        return;
      case 'del':
      case 'moveFrom':
      case 'rt':
        this.#removed--;
        return;
      case 'txbxContent':
        this.#boxes--;
        return;
      case 'sectPr':
        if (this.#sectionBreaks) this.#pageBreak('asked for');
        return;
    }
  }

  end(): void {
    while (this.#paragraphs.length > 0) this.#endParagraph();
    while (this.#rows.length > 0) this.#endRow();
  }

  #pageBreak(kind: 'rendered' | 'asked for'): void {
    if (kind === this.#breaks && this.#settings.area === 'text') this.#page++;
  }

  #add(piece: string): void {
    const paragraph = this.#paragraphs.at(-1);
    if (paragraph === undefined) return this.#outside(piece);
    if (this.#removed > 0 || this.#runHidden || paragraph.style === 'hides' || this.#isWhiteOnWhite(paragraph)) return this.#hide(piece);
    if (!this.#alternates.admitsPiece(piece)) return;
    if (piece.trim() !== '') paragraph.page ??= this.#page;
    paragraph.text += piece;
  }

  #isWhiteOnWhite(paragraph: Paragraph): boolean {
    return (
      this.#runWhite &&
      !this.#runShaded &&
      paragraph.style !== 'shaded' &&
      this.#tables.length === 0 &&
      this.#boxes === 0 &&
      !this.#darkPage
    );
  }

  #hide(piece: string): void {
    const paragraph = this.#paragraphs.at(-1);
    if (paragraph === undefined) return this.#outside(piece);
    paragraph.hidden += piece;
  }

  /** Words where no paragraph is. */
  #outside(piece: string): void {
    this.#settings.blocks.line({ area: 'hidden', page: this.#page }, piece.trim());
  }

  #author(element: XmlElement): void {
    const author = element.attribute('author');
    if (author === null || this.#settings.authors.has(author)) return;
    this.#settings.authors.add(author);
    this.#settings.blocks.line({ area: 'property' }, author);
  }

  #endParagraph(): void {
    const paragraph = this.#paragraphs.pop();
    if (paragraph === undefined) return;
    const page = paragraph.page ?? this.#page;
    const hidden = paragraph.hidden.replace(/\s*\n\s*/g, '\n').trim();
    if (hidden !== '' && this.#alternates.admits(hidden)) this.#settings.blocks.line({ area: 'hidden', page }, hidden);
    if (paragraph.text.trim() === '') return;
    const row = this.#rows.at(-1);
    if (row === undefined || row.cells.length === 0) {
      if (this.#alternates.admits(paragraph.text)) this.#settings.blocks.line(this.#place(page), paragraph.text);
      return;
    }
    row.page ??= page;
    if (this.#alternates.admits(paragraph.text))
      row.cells.push([row.cells.pop() ?? '', paragraph.text].filter((one) => one !== '').join('\n'));
  }

  #endRow(): void {
    const row = this.#rows.pop();
    const number = (this.#tables.pop() ?? 0) + 1;
    this.#tables.push(number);
    if (row === undefined) return;
    const { text, marks } = rowOfCells(row.cells, number);
    this.#settings.blocks.alone({ ...this.#place(row.page ?? this.#page), row: number }, text, marks);
  }

  #place(page: number): Place {
    return this.#settings.area === 'text' ? { area: 'text', page } : { area: this.#settings.area };
  }
}
