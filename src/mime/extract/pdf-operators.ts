// Follows the operators of a page as pdf.js lists them: where each glyph stands and whether it shows, and where pictures are.
import { IDENTITY, isMatrix, type Matrix, numberOf, within } from './pdf-matrix.ts';
import { type Layer, type Segment, SegmentBuilder, settingOf } from './pdf-segments.ts';
import { meantBy } from './pdf-cmaps.ts';
import type { PdfOperators } from './pdf-open.ts';
import { PATTERN } from './pdf-patterns.ts';

/** How codes of a font are told as characters. */
export interface PdfFont {
  readonly vertical: boolean;
  /** Size of the glyph space's unit. */
  readonly unit: number;
  /** 'codes': the font does not say what its glyphs mean, pdf.js gives their numbers; 'none': it cannot be read at all. */
  readonly readable: 'yes' | 'codes' | 'none';
  /** What a predefined CMap leads to. */
  readonly glyphs: 'collection' | 'characters';
}

export interface PdfPicture {
  /** By which pdf.js keeps its pixels; null where they stand in the operators themselves. */
  readonly id: string | null;
  readonly width: number;
  readonly height: number;
  readonly matrix: Matrix;
  /** One bit for each pixel, drawn in one colour. */
  readonly mask: boolean;
  /** As it stands in the operators. */
  readonly data: unknown;
}

export interface PageContent {
  readonly segments: readonly Segment[];
  readonly pictures: readonly PdfPicture[];
  /** Glyphs that show something, without those of the layer 'codes'. */
  readonly glyphs: number;
  /** Of these, those whose character is not known. */
  readonly unreadable: number;
  /** Of these, those drawn invisibly, as scanners lay what they read over a picture (render mode 3). */
  readonly invisible: number;
  /** Strings in fonts that cannot be loaded: nothing of them is known. */
  readonly lost: number;
  /** Shapes, which may be letters drawn as outlines. */
  readonly shapes: number;
}

export interface PageQuestions {
  readonly operators: PdfOperators;
  /** What is inside counts as shown. */
  readonly view: readonly number[];
  font(id: string): PdfFont;
  /** Whether optional content (ISO 32000-1, 8.11) shows. */
  isShown(group: unknown): boolean;
}

interface State {
  ctm: Matrix;
  font: PdfFont | null;
  fontSize: number;
  charSpacing: number;
  wordSpacing: number;
  scale: number;
  leading: number;
  rise: number;
  renderMode: number;
}

const INVISIBLE = 3;
const DEEPEST_STATE = 10_000;
const MOST_PICTURES = 10_000;
const TEXT: Layer = { area: 'text' };
const HIDDEN: Layer = { area: 'hidden' };
const CODES: Layer = { area: 'codes' };
const NO_FONT: PdfFont = { vertical: false, unit: 0.001, readable: 'none', glyphs: 'characters' };

/** @param codes and what each is called with, in step */
export function followOperators(codes: readonly number[], args: readonly unknown[], asked: PageQuestions): PageContent {
  const page = new PageReader(asked);
  const names = new Map(Object.entries(asked.operators).map(([name, code]) => [code, name]));
  codes.forEach((code, i) => {
    const one = args[i];
    page.take(code === PATTERN ? 'pattern' : (names.get(code) ?? ''), Array.isArray(one) ? one : []);
  });
  return page.content();
}

class PageReader {
  readonly #asked: PageQuestions;
  readonly #builder = new SegmentBuilder();
  readonly #pictures: PdfPicture[] = [];
  readonly #states: State[] = [];
  /** Whether each open marked content shows. */
  readonly #marked: boolean[] = [];
  #hiddenBy = 0;
  #annotation: Layer | null = null;
  #state: State = startState();
  #text: Matrix = IDENTITY;
  #line: Matrix = IDENTITY;
  #glyphs = 0;
  #unreadable = 0;
  #invisible = 0;
  #lost = 0;
  #shapes = 0;

  constructor(asked: PageQuestions) {
    this.#asked = asked;
  }

  content(): PageContent {
    return {
      segments: this.#builder.finish(),
      pictures: this.#pictures,
      glyphs: this.#glyphs,
      unreadable: this.#unreadable,
      invisible: this.#invisible,
      lost: this.#lost,
      shapes: this.#shapes,
    };
  }

  take(name: string, args: readonly unknown[]): void {
    const [first, second] = args;
    switch (name) {
      case 'save':
      case 'beginGroup':
        this.#save();
        break;
      case 'restore':
      case 'endGroup':
      case 'paintFormXObjectEnd':
        this.#restore();
        break;
      case 'transform':
        if (isMatrix(args)) this.#transform(args);
        break;
      case 'paintFormXObjectBegin':
        this.#save();
        if (isMatrix(first)) this.#transform(first);
        break;
      case 'beginAnnotation':
        this.#beginAnnotation(args);
        break;
      case 'endAnnotation':
        this.#annotation = null;
        this.#restore();
        break;
      case 'beginMarkedContent':
      case 'beginMarkedContentProps':
        this.#mark(first !== 'OC' || this.#asked.isShown(second));
        break;
      case 'endMarkedContent':
        if (this.#marked.pop() === false) this.#hiddenBy--;
        break;
      case 'pattern':
        this.#state = startState();
        if (isMatrix(first)) this.#transform(first);
        break;
      case 'constructPath':
        this.#shapes++;
        break;
      default:
        if (name.startsWith('paint')) this.#paint(name, args);
        else this.#textOperator(name, args);
    }
  }

  #textOperator(name: string, args: readonly unknown[]): void {
    const state = this.#state;
    const [first, second] = args;
    switch (name) {
      case 'beginText':
        this.#text = this.#line = IDENTITY;
        break;
      case 'setFont':
        this.#setFont(first, second);
        break;
      case 'setGState':
        this.#setGraphicsState(first);
        break;
      case 'setCharSpacing':
        state.charSpacing = numberOf(first);
        break;
      case 'setWordSpacing':
        state.wordSpacing = numberOf(first);
        break;
      case 'setHScale':
        state.scale = numberOf(first) / 100;
        break;
      case 'setLeading':
        state.leading = -numberOf(first);
        break;
      case 'setTextRise':
        state.rise = numberOf(first);
        break;
      case 'setTextRenderingMode':
        state.renderMode = numberOf(first);
        break;
      case 'setTextMatrix':
        if (isMatrix(first)) this.#text = this.#line = first;
        break;
      case 'setLeadingMoveText':
        state.leading = numberOf(second);
        this.#moveText(numberOf(first), numberOf(second));
        break;
      case 'moveText':
        this.#moveText(numberOf(first), numberOf(second));
        break;
      case 'nextLine':
        this.#moveText(0, state.leading);
        break;
      case 'showText':
        if (Array.isArray(first)) this.#show(first);
        break;
    }
  }

  #save(): void {
    if (this.#states.length < DEEPEST_STATE) this.#states.push({ ...this.#state });
  }

  #restore(): void {
    this.#state = this.#states.pop() ?? this.#state;
  }

  #transform(matrix: Matrix): void {
    this.#state.ctm = within(this.#state.ctm, matrix);
  }

  /** Its appearance is drawn on the page as it was at the start (ISO 32000-1, 12.5.5). */
  #beginAnnotation([id, , placed, inner]: readonly unknown[]): void {
    this.#save();
    this.#state = startState();
    if (isMatrix(placed)) this.#transform(placed);
    if (isMatrix(inner)) this.#transform(inner);
    this.#annotation = { area: 'annotation', id: typeof id === 'string' ? id : '' };
  }

  #mark(shown: boolean): void {
    this.#marked.push(shown);
    if (!shown) this.#hiddenBy++;
  }

  #moveText(x: number, y: number): void {
    this.#text = this.#line = within(this.#line, [1, 0, 0, 1, x, y]);
  }

  #setFont(id: unknown, size: unknown): void {
    this.#state.font = typeof id === 'string' ? this.#asked.font(id) : NO_FONT;
    this.#state.fontSize = numberOf(size);
  }

  #setGraphicsState(entries: unknown): void {
    if (!Array.isArray(entries)) return;
    for (const entry of entries as readonly unknown[]) {
      if (Array.isArray(entry) && entry[0] === 'Font' && Array.isArray(entry[1])) this.#setFont(entry[1][0], entry[1][1]);
    }
  }

  /** Glyphs, and numbers that move the next one (ISO 32000-1, 9.4.3 and 9.4.4). */
  #show(items: readonly unknown[]): void {
    const { fontSize, scale, rise, ctm } = this.#state;
    const font = this.#state.font ?? NO_FONT;
    // A font that cannot be loaded leaves no glyphs behind.
    if (font.readable === 'none') this.#lost++;
    const frame = within(ctm, within(this.#text, [fontSize * scale, 0, 0, fontSize, 0, rise]));
    const setting = settingOf(frame, font.vertical);
    const [a, b, c, d, x, y] = frame;
    const [alongX, alongY] = font.vertical ? [c, d] : [a, b];
    let at = 0;
    for (const item of items) {
      if (typeof item === 'number') at -= item / 1000;
      else if (isGlyph(item)) {
        const width = Math.abs(item.width) * font.unit;
        const text = this.#characters(item, font);
        const place = { x: x + at * alongX, y: y + at * alongY };
        if (text !== '') this.#builder.add({ layer: this.#layer(place, font), text, ...place, width }, setting);
        at += (font.vertical ? -1 : 1) * (width + this.#spacing(item));
      }
    }
    const moved = at * fontSize;
    this.#text = within(this.#text, font.vertical ? [1, 0, 0, 1, 0, moved] : [1, 0, 0, 1, moved * scale, 0]);
  }

  /** In sizes of the font. */
  #spacing({ isSpace }: PdfGlyph): number {
    const { charSpacing, wordSpacing, fontSize } = this.#state;
    return fontSize === 0 ? 0 : (charSpacing + (isSpace ? wordSpacing : 0)) / fontSize;
  }

  #characters(glyph: PdfGlyph, font: PdfFont): string {
    const text = meantBy(glyph.unicode, font.glyphs);
    if (text.trim() === '') return text === '' ? '' : ' ';
    if (this.#annotation !== null || font.readable === 'codes') return text;
    this.#count(1, NO_CHARACTER.test(text) ? 'unreadable' : 'readable');
    if (this.#state.renderMode === INVISIBLE) this.#invisible++;
    return text;
  }

  #count(glyphs: number, kind: 'readable' | 'unreadable'): void {
    this.#glyphs += glyphs;
    if (kind === 'unreadable') this.#unreadable += glyphs;
  }

  #layer({ x, y }: { readonly x: number; readonly y: number }, font: PdfFont): Layer {
    if (this.#annotation !== null) return this.#annotation;
    if (font.readable === 'codes') return CODES;
    const [left = 0, bottom = 0, right = 0, top = 0] = this.#asked.view;
    // A little leeway: glyphs reach beyond their origin.
    const inView = x >= left - 4 && x <= right + 2 && y >= bottom - 8 && y <= top + 2;
    return this.#hiddenBy > 0 || !inView ? HIDDEN : TEXT;
  }

  #paint(name: string, [first, second, third]: readonly unknown[]): void {
    if (this.#annotation !== null && this.#pictures.length >= MOST_PICTURES) return;
    const matrix = this.#state.ctm;
    if (name === 'paintImageXObject' && typeof first === 'string') {
      this.#picture({ id: first, width: numberOf(second), height: numberOf(third), matrix, mask: false, data: null });
    } else if ((name === 'paintInlineImageXObject' || name === 'paintImageMaskXObject') && isPixels(first)) {
      const id = typeof first.data === 'string' ? first.data : null;
      this.#picture({ id, width: first.width, height: first.height, matrix, mask: name === 'paintImageMaskXObject', data: first });
    }
  }

  #picture(picture: PdfPicture): void {
    if (this.#pictures.length < MOST_PICTURES && this.#hiddenBy === 0) this.#pictures.push(picture);
  }
}

interface PdfGlyph {
  readonly unicode: string;
  readonly width: number;
  readonly isSpace: boolean;
}

/** Private use, replacement, controls: a glyph without a character. */
const NO_CHARACTER = /^[\p{Co}\p{Cc}\p{Cn}\ufffd]/u;

function startState(): State {
  return { ctm: IDENTITY, font: null, fontSize: 0, charSpacing: 0, wordSpacing: 0, scale: 1, leading: 0, rise: 0, renderMode: 0 };
}

function isGlyph(value: unknown): value is PdfGlyph {
  return typeof value === 'object' && value !== null && 'unicode' in value && typeof value.unicode === 'string' && 'width' in value;
}

function isPixels(value: unknown): value is { readonly width: number; readonly height: number; readonly data: unknown } {
  return typeof value === 'object' && value !== null && 'width' in value && 'height' in value && 'data' in value;
}
