// An HTML text as its reader sees it, and apart from that what it hides, says instead of pictures, asks, links to and comments.
import { PREFORMATTED, BLOCKS, UNSEEN_ELEMENTS, VOID_ELEMENTS } from './html-elements.ts';
import { dataUrisIn, percentDecoded, useOf } from './html-attributes.ts';
import { DistinctLines, LineStream } from './html-lines.ts';
import { colourOf, type Look, lookOf } from './html-look.ts';
import { HtmlReferences } from './html-references.ts';
import { HtmlStack, type OpenElement, stateWithin, type TextState } from './html-stack.ts';
import type { HtmlStyleSheet } from './html-style-sheet.ts';
import { type HtmlEvents, readHtmlTokens } from './html-tokens.ts';
import type { Output } from './extractor.ts';

/** What of a page is no text of its own, to be read after it. */
export interface PageFinds {
  /** `data:` URIs, each once. */
  readonly files: Set<string>;
  /** Documents of inline frames. */
  readonly documents: string[];
  /** HTML that only some programs read as such: conditional comments, what stands behind an opening without end. */
  readonly asides: Aside[];
}

export interface Aside {
  readonly html: string;
  readonly area: 'text' | 'hidden';
}

const MOST_FILES = 500;
/** Longer lines are not told again with what is hidden in them. */
const LONGEST_WHOLE_LINE = 4_000;
const LONGEST_SHOWN_ASIDE = 300;
const MOST_STYLES = 2_000;
const MOST_TURNS = 16;
const CELL_ELEMENTS: ReadonlySet<string> = new Set(['td', 'th']);
const ROWS: ReadonlySet<string> = new Set(['tr', 'td', 'th']);
/** Beyond inline markup. */
const LAYOUT = /<\/?(?:p|div|t[dhr]|table|br|li|[uod]l|h\d|center)\b/i;
const RIGHT_TO_LEFT_OVERRIDE = '\u202e';
const LEFT_TO_RIGHT_OVERRIDE = '\u202d';
const RIGHT_TO_LEFT_ISOLATE = '\u2067';
const LEFT_TO_RIGHT_ISOLATE = '\u2066';
const CLOSINGS: Readonly<Record<string, string>> = {
  [RIGHT_TO_LEFT_OVERRIDE]: '\u202c',
  [LEFT_TO_RIGHT_OVERRIDE]: '\u202c',
  [RIGHT_TO_LEFT_ISOLATE]: '\u2069',
  [LEFT_TO_RIGHT_ISOLATE]: '\u2069',
};

export class HtmlPage implements HtmlEvents {
  readonly #finds: PageFinds;
  readonly #sheet: HtmlStyleSheet;
  readonly #references = new HtmlReferences();
  readonly #stack = new HtmlStack();
  readonly #styles = new Map<string, Look>();
  /** Changes of direction that are open, as characters. */
  readonly #turns: string[] = [];
  readonly #seen: LineStream;
  readonly #hidden: LineStream;
  readonly #values: Readonly<Record<'alternative' | 'form-field' | 'property' | 'link' | 'comment' | 'hidden', DistinctLines>>;
  /** The line of seen text with what is hidden in it and what stands for pictures. */
  #whole: string[] = [];
  #wholeLength = 0;
  #wholeHasMore = false;

  constructor(area: 'text' | 'hidden', sheet: HtmlStyleSheet, finds: PageFinds, output: Pick<Output, 'text'>) {
    this.#sheet = sheet;
    this.#finds = finds;
    this.#seen = new LineStream(area, output);
    this.#hidden = new LineStream('hidden', output);
    const lines = (of: ConstructorParameters<typeof DistinctLines>[0]): DistinctLines => new DistinctLines(of, output);
    this.#values = {
      alternative: lines('alternative'),
      'form-field': lines('form-field'),
      property: lines('property'),
      link: lines('link'),
      comment: lines('comment'),
      hidden: lines('hidden'),
    };
  }

  /** @throws LimitReached of the output */
  read(html: string): void {
    readHtmlTokens(html, this);
    for (const element of this.#stack.rest()) this.#leave(element);
    this.#row(this.#stack.state);
  }

  /** @throws LimitReached of the output */
  end(): void {
    this.#seen.flush();
    this.#hidden.flush();
    for (const lines of Object.values(this.#values)) lines.flush();
  }

  text(raw: string): void {
    this.#put(this.#references.inText(raw), this.#stack.state);
  }

  raw(name: string, raw: string): void {
    if (name === 'title') this.#values.property.add(this.#references.inText(raw));
    else if (name === 'textarea') this.#values['form-field'].add(this.#references.inText(raw));
    else if (name === 'style' || name === 'script') {
      for (const uri of dataUrisIn(raw)) this.#file(uri);
      this.#values.hidden.add(raw);
    } else if (name === 'xmp') this.#put(raw, this.#stack.state);
    // Programs that show no frames and embedded objects show this instead.
    else this.#finds.asides.push({ html: raw, area: 'hidden' });
  }

  comment(text: string): void {
    const conditional = /^\s*\[if [^\]]{0,200}\]>/.exec(text)?.[0];
    if (conditional === undefined) {
      this.#values.comment.add(text);
      return;
    }
    const inside = text.slice(conditional.length).replace(/<!\[endif\]\s*$/, '');
    this.#finds.asides.push({ html: inside, area: 'text' });
    if (inside.length <= LONGEST_SHOWN_ASIDE && !LAYOUT.test(inside)) this.#more(this.#references.inText(inside.replace(/<[^>]*>/g, '')));
  }

  unclosed(text: string): void {
    this.#finds.asides.push({ html: text, area: 'hidden' });
  }

  open(name: string, attributes: ReadonlyMap<string, string>, form: 'open' | 'self-closing'): void {
    for (const element of this.#stack.impliedBy(name)) this.#leave(element);
    const look = this.#lookOf(name, attributes);
    const outer = this.#stack.state;
    const state = look === null ? outer : stateWithin(outer, look);
    const display = look?.display ?? (BLOCKS.has(name) || ROWS.has(name) ? 'block' : 'inline');
    if (display === 'block' && CELL_ELEMENTS.has(name)) this.#cell(state);
    else this.#separate(name, display, state);
    if (attributes.size > 0) this.#attributes(name, attributes, state);
    const isAlone = VOID_ELEMENTS.has(name) || (form === 'self-closing' && (this.#stack.has('svg') || this.#stack.has('math')));
    if (isAlone) return;
    const dir = attributes.get('dir')?.trim().toLowerCase();
    const direction = look?.direction ?? (dir === 'rtl' || dir === 'ltr' ? dir : state.direction);
    const turns = turnsOf(look?.override === true || name === 'bdo', display, direction, state.direction);
    if (turns !== '') this.#turn(turns);
    this.#stack.push({ name, state: direction === state.direction ? state : { ...state, direction }, display, turns });
  }

  close(name: string): void {
    for (const element of this.#stack.endedBy(name)) this.#leave(element);
    // An end tag that ends nothing still breaks the line (13.2.6.4.7).
    if (name === 'p' || name === 'br') this.#block(this.#stack.state);
  }

  /** A line ends every direction; what begins it opens them again. */
  #turn(turns: string): void {
    if (!this.#seen.isAtLineStart) this.#seen.preformatted(turns);
    this.#turns.push(turns);
  }

  #leave(element: OpenElement): void {
    if (element.turns !== '') {
      this.#turns.pop();
      if (!this.#seen.isAtLineStart) this.#seen.preformatted(CLOSINGS[element.turns] ?? '');
    }
    this.#separate(element.name, element.display, element.state);
  }

  #separate(name: string, display: 'inline' | 'block', state: TextState): void {
    if (name === 'br') this.#row(state);
    else if (display === 'inline') return;
    else if (name === 'tr' || name === 'table') this.#row(state);
    else if (!CELL_ELEMENTS.has(name)) this.#block(state);
  }

  #block(state: TextState): void {
    this.#hidden.block();
    if (state.sight === 'gone') return;
    this.#endLine();
    this.#seen.block();
  }

  #row(state: TextState): void {
    this.#hidden.row();
    if (state.sight === 'gone') return;
    this.#endLine();
    this.#seen.row();
  }

  #cell(state: TextState): void {
    this.#hidden.cell();
    if (state.sight === 'gone') return;
    this.#wholeAdd('\t');
    this.#seen.cell();
  }

  #put(text: string, state: TextState): void {
    if (this.#turns.length > 0 && state.sight === 'seen' && this.#seen.isAtLineStart && text.trim() !== '')
      this.#seen.preformatted(this.#turns.slice(0, MOST_TURNS).join(''));
    const stream = state.sight === 'seen' ? this.#seen : this.#hidden;
    if (state.preformatted) stream.preformatted(text);
    else stream.flow(text);
    if (state.sight === 'seen') this.#wholeAdd(text);
    else this.#more(text);
  }

  /** What a reader of the line as it is laid out does not see. */
  #more(text: string): void {
    if (text.trim() === '') return;
    this.#wholeAdd(text);
    this.#wholeHasMore = true;
  }

  #wholeAdd(text: string): void {
    if (this.#wholeLength <= LONGEST_WHOLE_LINE) this.#whole.push(text);
    this.#wholeLength += text.length;
  }

  /** Programs that show what others hide, or texts instead of pictures, show the line so: a word may go across. */
  #endLine(): void {
    if (this.#wholeHasMore && this.#wholeLength <= LONGEST_WHOLE_LINE && !this.#seen.isAtLineStart)
      this.#values.hidden.add(this.#whole.join('').replace(/[ \t\n\f\r]+/g, ' '));
    if (this.#wholeLength === 0) return;
    this.#whole = [];
    this.#wholeLength = 0;
    this.#wholeHasMore = false;
  }

  #lookOf(name: string, attributes: ReadonlyMap<string, string>): Look | null {
    const sheet = this.#sheet.lookFor(name, attributes);
    const own = attributes.size === 0 ? null : this.#ownLook(name, attributes);
    const unseen = UNSEEN_ELEMENTS.has(name) || (name === 'dialog' && !attributes.has('open'));
    const kept = PREFORMATTED.has(name);
    if (sheet === null && own === null && !unseen && !kept) return null;
    return { ...(kept ? { preformatted: true } : {}), ...sheet, ...own, ...(unseen ? { gone: true } : {}) };
  }

  #ownLook(name: string, attributes: ReadonlyMap<string, string>): Look | null {
    const style = attributes.get('style');
    const declared = style === undefined ? null : this.#styled(style);
    const background = attributes.get('bgcolor');
    const color = attributes.get(name === 'body' ? 'text' : 'color');
    const hidden = attributes.has('hidden');
    if (declared === null && background === undefined && color === undefined && !hidden) return null;
    return {
      ...(background === undefined ? {} : { background: colourOf(background) }),
      ...(color === undefined ? {} : { color: colourOf(color) }),
      ...(attributes.has('background') ? { background: 'unknown' } : {}),
      ...(hidden ? { gone: true } : {}),
      ...declared,
    };
  }

  #styled(style: string): Look {
    const known = this.#styles.get(style);
    if (known !== undefined) return known;
    const look = lookOf(this.#references.inAttribute(style));
    if (this.#styles.size < MOST_STYLES && style.length < MOST_STYLES) this.#styles.set(style, look);
    return look;
  }

  #attributes(name: string, attributes: ReadonlyMap<string, string>, state: TextState): void {
    for (const [attribute, raw] of attributes) {
      if (raw === '') continue;
      const use = useOf(attribute, raw);
      if (use === null) continue;
      if (use === 'style') {
        for (const uri of dataUrisIn(raw)) this.#file(this.#references.inAttribute(uri));
        continue;
      }
      const value = this.#references.inAttribute(raw);
      if (use === 'document') this.#finds.documents.push(value);
      else if (use === 'links') for (const one of value.split(/,\s+/, 100)) this.#link(one.trim());
      else if (use === 'link') this.#link(value.trim());
      else {
        this.#values[use].add(value);
        if (attribute === 'alt' && state.sight !== 'gone') this.#more(value);
      }
      // Buttons and filled-in fields show their value in the line.
      if (attribute === 'value' && name === 'input') this.#more(value);
    }
  }

  #link(uri: string): void {
    if (/^data:/i.test(uri)) {
      this.#file(uri);
      return;
    }
    this.#values.link.add(uri);
    if (/%[0-9a-f]{2}/i.test(uri)) this.#values.link.add(percentDecoded(uri).toString('utf8'));
  }

  #file(uri: string): void {
    if (this.#finds.files.size < MOST_FILES) this.#finds.files.add(uri);
  }
}

/** Blocks are apart from one another whatever their direction. */
function turnsOf(
  overrides: boolean,
  display: 'inline' | 'block',
  direction: TextState['direction'],
  outer: TextState['direction'],
): string {
  if (overrides) return direction === 'rtl' ? RIGHT_TO_LEFT_OVERRIDE : LEFT_TO_RIGHT_OVERRIDE;
  if (display === 'block' || direction === outer) return '';
  return direction === 'rtl' ? RIGHT_TO_LEFT_ISOLATE : LEFT_TO_RIGHT_ISOLATE;
}
