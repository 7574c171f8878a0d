// The elements that are open, and the state of text in them. Never deeper in time than in size: what looks down the stack has a budget.
import { CELLS, impliedEnd, SPECIAL, TABLE_PARTS } from './html-elements.ts';
import { isLost, type Look, TRANSPARENT } from './html-look.ts';

export interface TextState {
  /** 'gone' takes no room: what stands before and behind it meets. 'unseen' is laid out and not seen. */
  readonly sight: 'seen' | 'unseen' | 'gone';
  readonly invisible: boolean;
  readonly tiny: boolean;
  readonly color: string;
  readonly background: string;
  readonly direction: 'ltr' | 'rtl';
  readonly preformatted: boolean;
}

const FIRST: TextState = {
  sight: 'seen',
  invisible: false,
  tiny: false,
  color: '',
  background: '#ffffff',
  direction: 'ltr',
  preformatted: false,
};
/** Elements looked at beyond those that are taken off, in all of a document. */
const SEARCH_BUDGET = 4_000_000;
const LONGEST_SEARCH = 64;
const NOTHING: readonly OpenElement[] = Object.freeze([]);

export interface OpenElement {
  readonly name: string;
  readonly state: TextState;
  readonly display: 'inline' | 'block';
  /** The character that does to the direction of text what the element does, or ''. */
  readonly turns: string;
}

export class HtmlStack {
  readonly #open: OpenElement[] = [];
  readonly #counts = new Map<string, number>();
  #budget = SEARCH_BUDGET;

  get state(): TextState {
    return this.#open.at(-1)?.state ?? FIRST;
  }

  has(name: string): boolean {
    return (this.#counts.get(name) ?? 0) > 0;
  }

  push(element: OpenElement): void {
    this.#open.push(element);
    this.#counts.set(element.name, (this.#counts.get(element.name) ?? 0) + 1);
  }

  /** Takes off what a start tag ends; the innermost first. */
  impliedBy(name: string): readonly OpenElement[] {
    const implied = impliedEnd(name);
    if (implied === null || !this.#hasAny(implied.ends)) return NOTHING;
    let at = -1;
    for (let i = this.#open.length - 1; i >= 0 && i >= this.#open.length - LONGEST_SEARCH; i--) {
      const open = this.#open[i]?.name ?? '';
      if (implied.within.has(open)) break;
      if (implied.ends.has(open)) at = i;
    }
    return at < 0 ? NOTHING : this.#takeOff(at);
  }

  /** Takes off what an end tag ends; the innermost first. */
  endedBy(name: string): readonly OpenElement[] {
    if (!this.has(name)) return NOTHING;
    const barrier = TABLE_PARTS.has(name) ? null : SPECIAL.has(name) ? CELLS : SPECIAL;
    let at = this.#open.length - 1;
    for (; at >= 0; at--) {
      const open = this.#open[at]?.name ?? '';
      if (open === name) break;
      if (barrier?.has(open) === true && this.#budget > 0) {
        this.#budget -= this.#open.length - at;
        return NOTHING;
      }
    }
    return at < 0 ? NOTHING : this.#takeOff(at);
  }

  /** Takes off all; the innermost first. */
  rest(): readonly OpenElement[] {
    return this.#takeOff(0);
  }

  #hasAny(names: ReadonlySet<string>): boolean {
    for (const name of names) if (this.has(name)) return true;
    return false;
  }

  #takeOff(at: number): readonly OpenElement[] {
    const taken = this.#open.splice(at).reverse();
    for (const { name } of taken) this.#counts.set(name, (this.#counts.get(name) ?? 1) - 1);
    return taken;
  }
}

/** The state of text within an element that looks so. */
export function stateWithin(outer: TextState, look: Look): TextState {
  const invisible = look.invisible ?? outer.invisible;
  const tiny = look.tiny ?? outer.tiny;
  const color = look.color === undefined || look.color === 'inherit' ? outer.color : look.color;
  const background = look.background === undefined || look.background === TRANSPARENT ? outer.background : look.background;
  const gone = look.gone === true || outer.sight === 'gone';
  return {
    sight: gone ? 'gone' : invisible || tiny || isLost(color, background) ? 'unseen' : 'seen',
    invisible,
    tiny,
    color,
    background,
    direction: look.direction ?? outer.direction,
    preformatted: look.preformatted ?? outer.preformatted,
  };
}
