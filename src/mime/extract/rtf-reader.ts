// The meaning of RTF (RTF 1.9.1): which group's text goes where, in which code page, shown or hidden.
import { decodeText } from '../charset.ts';
import { codePageLabel } from './code-page.ts';
import type { Output } from './extractor.ts';
import { RtfFile } from './rtf-files.ts';
import { RtfFrame } from './rtf-frame.ts';
import { EncapsulatedHtml } from './rtf-html.ts';
import type { RtfHandler } from './rtf-tokens.ts';
import { CHARACTERS, CODE_PAGE_BY_CHARSET, type Destination, DESTINATIONS, SHAPE_WORDS, TRANSPARENT } from './rtf-words.ts';
import type { TextBlocks } from './text-blocks.ts';

/** What a group inherits and may change for itself. Never changed in place: groups share it. */
interface State {
  readonly destination: Destination;
  readonly frame: RtfFrame;
  /** Where text goes again inside `\upr`. */
  readonly around: State | null;
  readonly file: RtfFile | null;
  readonly codePage: number;
  /** Octets that stand in for a Unicode character, to be skipped behind it. */
  readonly skip: number;
  readonly hidden: boolean;
  readonly deleted: boolean;
  readonly inHtmlRtf: boolean;
}

export class RtfReader implements RtfHandler {
  readonly #output: Output;
  readonly #blocks: TextBlocks;
  readonly #stack: State[] = [];
  readonly #fontPages = new Map<number, number>();
  readonly #body: RtfFrame;
  readonly files: RtfFile[] = [];
  /** Not null where the document says that it was HTML. */
  html: EncapsulatedHtml | null = null;
  #state: State;
  #documentPage = 1252;
  #defaultFont = -1;
  #fontBeingRead = -1;
  #page = 1;
  #sectionsBreak = true;
  #maybeIgnored = false;
  #toSkip = 0;
  /** Octets not yet decoded. */
  #pending = Buffer.alloc(256);
  #pendingLength = 0;
  /** Groups that lie too deep to have a state of their own. */
  #tooDeep = 0;
  #shapeName = '';

  constructor(output: Output, blocks: TextBlocks) {
    this.#output = output;
    this.#blocks = blocks;
    this.#body = new RtfFrame('text', blocks, () => this.#page);
    this.#state = {
      destination: { to: 'area', area: 'text' },
      frame: this.#body,
      around: null,
      file: null,
      codePage: 1252,
      skip: 1,
      hidden: false,
      deleted: false,
      inHtmlRtf: false,
    };
  }

  openGroup(): void {
    this.#flush();
    this.#toSkip = 0;
    this.#maybeIgnored = false;
    if (this.#stack.length < DEEPEST) this.#stack.push(this.#state);
    else this.#tooDeep++;
  }

  closeGroup(): void {
    this.#flush();
    this.#toSkip = 0;
    this.#maybeIgnored = false;
    if (this.#tooDeep > 0) {
      this.#tooDeep--;
      return;
    }
    const outer = this.#stack.pop();
    if (outer === undefined) return this.#output.defect('container-malformed');
    const { frame } = this.#state;
    this.#state = outer;
    if (frame !== outer.frame && frame !== outer.around?.frame) frame.end();
    // Behind the end of the document Word reads nothing.
    if (this.#stack.length === 0) this.#state = { ...outer, frame: new RtfFrame('hidden', this.#blocks, () => null), destination: HIDDEN };
  }

  end(): void {
    this.#flush();
    this.#tooDeep = 0;
    while (this.#stack.length > 0) this.closeGroup();
    if (this.#state.frame !== this.#body) this.#state.frame.end();
    this.#body.end();
  }

  damaged(): void {
    this.#output.defect('container-malformed');
  }

  binary(bytes: Buffer): void {
    const { file } = this.#state;
    if (file !== null) return file.add(bytes);
    const found = new RtfFile('picture');
    found.add(bytes);
    this.files.push(found);
  }

  octet(value: number): void {
    if (this.#skipped(1) > 0) return;
    this.#hold(OCTETS.subarray(value & 0xff, (value & 0xff) + 1));
  }

  text(bytes: Buffer): void {
    this.#maybeIgnored = false;
    const skipped = this.#skipped(bytes.length);
    if (skipped < bytes.length) this.#hold(skipped === 0 ? bytes : bytes.subarray(skipped));
  }

  symbol(character: string): void {
    if (character === '*') {
      this.#maybeIgnored = true;
      return;
    }
    if (this.#skipped(1) > 0) return;
    if (character === '~') this.#add('\u00a0');
    else if (character === '_') this.#add('-');
    else if (character === '\t') this.#add('\t');
    else if ('\\{}'.includes(character)) this.#hold(Buffer.from(character));
  }

  word(name: string, parameter: number | null): void {
    if (name === 'u') return this.#unicode(parameter ?? 0);
    if (this.#skipped(1) > 0) return;
    this.#flush();
    const ignorable = this.#maybeIgnored;
    this.#maybeIgnored = false;
    const destination = DESTINATIONS.get(name.toLowerCase());
    if (destination !== undefined) return this.#openDestination(destination, name);
    const { to } = this.#state.destination;
    if (ignorable && !TRANSPARENT.has(name) && to !== 'nowhere' && to !== 'fonts') return this.#openDestination(HIDDEN, name);
    if (name === 'upr') this.#set({ destination: NOWHERE, around: this.#state });
    else if (name === 'ud' && this.#state.around !== null) this.#state = this.#state.around;
    else if (!this.#characterWord(name, parameter)) this.#documentWord(name, parameter);
  }

  /** @returns whether it was one */
  #characterWord(name: string, parameter: number | null): boolean {
    const on = parameter !== 0;
    const character = CHARACTERS.get(name);
    if (character !== undefined) this.#add(character);
    else if (name === 'f') this.#font(parameter ?? 0);
    else if (name === 'plain') this.#set({ hidden: false, deleted: false });
    else if (name === 'v') this.#set({ hidden: on });
    else if (name === 'deleted') this.#set({ deleted: on });
    else if (name === 'uc') this.#set({ skip: Math.min(Math.max(parameter ?? 1, 0), 100) });
    else if (name === 'htmlrtf') this.#set({ inHtmlRtf: on });
    else if (name === 'par' || name === 'row' || name === 'cell' || name === 'sect' || name === 'page') this.#break(name);
    else if (name === 'intbl') this.#state.frame.inTable = true;
    else if (name === 'pard') this.#state.frame.inTable = false;
    else return false;
    return true;
  }

  #documentWord(name: string, parameter: number | null): void {
    if (name === 'ansicpg') this.#codePage(parameter ?? 1252);
    else if (name === 'mac') this.#codePage(10000);
    else if (name === 'pc') this.#codePage(437);
    else if (name === 'pca') this.#codePage(850);
    else if (name === 'deff') this.#defaultFont = parameter ?? 0;
    else if (name === 'fcharset') this.#fontPage(CODE_PAGE_BY_CHARSET.get(parameter ?? 0) ?? 0);
    else if (name === 'cpg') this.#fontPage(parameter ?? 0);
    else if (name === 'fromhtml' && parameter !== 0) this.html ??= new EncapsulatedHtml();
    else if (name === 'sbknone' || name === 'sbkcol') this.#sectionsBreak = false;
    else if (name === 'sectd' || name === 'sbkpage') this.#sectionsBreak = true;
    else if (name === 'pagebb' && parameter !== 0 && this.#state.frame === this.#body) this.#page++;
    else if (name === 'dibitmap' && this.#state.file !== null) this.#state.file.isBareBitmap = true;
  }

  #openDestination(destination: Destination, name: string): void {
    if (destination.to === 'file') {
      const file = new RtfFile(destination.what);
      this.files.push(file);
      this.#set({ destination, file });
    } else if (destination.to === 'area') {
      // A comment's author stands in the middle of the paragraph that it is about.
      const page = this.#page;
      const frame = new RtfFrame(destination.area, this.#blocks, () => (destination.area === 'property' ? null : page));
      this.#set({ destination, frame });
      if (name === 'bkmkstart' || name === 'bkmkend') this.#set({ destination: name === 'bkmkend' ? NOWHERE : destination });
    } else this.#set({ destination });
  }

  #set(changes: Partial<State>): void {
    this.#state = { ...this.#state, ...changes };
  }

  #codePage(codePage: number): void {
    this.#documentPage = codePage;
    this.#set({ codePage });
  }

  #font(font: number): void {
    if (this.#state.destination.to === 'fonts') this.#fontBeingRead = font;
    else this.#set({ codePage: this.#fontPages.get(font) ?? this.#documentPage });
  }

  #fontPage(codePage: number): void {
    if (this.#state.destination.to !== 'fonts' || codePage === 0) return;
    this.#fontPages.set(this.#fontBeingRead, codePage);
    if (this.#fontBeingRead !== this.#defaultFont) return;
    for (const [index, state] of this.#stack.slice(0, 3).entries()) this.#stack[index] = { ...state, codePage };
  }

  #break(name: 'par' | 'row' | 'cell' | 'sect' | 'page'): void {
    const { frame, destination } = this.#state;
    if (this.html !== null && (destination.to === 'html-tag' || frame === this.#body)) return this.#add(name === 'cell' ? '\t' : '\n');
    if (destination.to !== 'area') return;
    if (name === 'cell') frame.endCell();
    else if (name === 'row') frame.endRow();
    else frame.endParagraph();
    if (frame === this.#body && (name === 'page' || (name === 'sect' && this.#sectionsBreak))) this.#page++;
  }

  #unicode(parameter: number): void {
    if (this.#toSkip > 0) {
      this.#toSkip--;
      return;
    }
    this.#flush();
    this.#maybeIgnored = false;
    this.#add(String.fromCharCode(parameter & 0xffff));
    this.#toSkip = this.#state.skip;
  }

  /** How many of what comes only stand in for the Unicode character before. */
  #skipped(count: number): number {
    if (this.#toSkip === 0) return 0;
    const skipped = Math.min(this.#toSkip, count);
    this.#toSkip -= skipped;
    return skipped;
  }

  #hold(bytes: Buffer): void {
    const { destination, file } = this.#state;
    if (destination.to === 'file') return file?.addDigits(bytes);
    if (destination.to === 'nowhere' || destination.to === 'fonts') return;
    const needed = this.#pendingLength + bytes.length;
    if (needed > this.#pending.length) this.#pending = Buffer.concat([this.#pending], needed * 2);
    bytes.copy(this.#pending, this.#pendingLength);
    this.#pendingLength = needed;
  }

  /** Octets become text together: a character of some code pages has two. */
  #flush(): void {
    if (this.#pendingLength === 0) return;
    const bytes = this.#pending.subarray(0, this.#pendingLength);
    this.#pendingLength = 0;
    this.#put(isAscii(bytes) ? bytes.toString('latin1') : this.#decoded(bytes));
  }

  #decoded(bytes: Buffer): string {
    const { text, defects } = decodeText(bytes, codePageLabel(this.#state.codePage));
    for (const defect of defects) this.#output.defect(defect);
    return text;
  }

  #add(text: string): void {
    this.#flush();
    this.#put(text);
  }

  #put(text: string): void {
    const { destination, frame, hidden, deleted, inHtmlRtf } = this.#state;
    if (destination.to === 'html-tag') {
      if (!inHtmlRtf) this.html?.tag(text);
    } else if (destination.to === 'shape-name') this.#shapeName = text.trim();
    else if (destination.to === 'shape-value') {
      const area = SHAPE_WORDS.get(this.#shapeName);
      if (area !== undefined) this.#blocks.line({ area, page: this.#page }, text);
    } else if (destination.to === 'area') {
      if (hidden || deleted) frame.hide(text);
      else if (this.html === null || frame !== this.#body) frame.add(text);
      else if (inHtmlRtf) this.html.suppress(text);
      else this.html.text(text);
    }
  }
}

const HIDDEN: Destination = { to: 'area', area: 'hidden' };
const NOWHERE: Destination = { to: 'nowhere' };
/** Nobody nests deeper; further groups count, but share what the deepest says. */
const DEEPEST = 10_000;
/** Each octet, to be pointed at. */
const OCTETS = Buffer.from(Array.from({ length: 256 }, (_, value) => value));

function isAscii(bytes: Buffer): boolean {
  for (const octet of bytes) if (octet > 0x7f) return false;
  return true;
}
