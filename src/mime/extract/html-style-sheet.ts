// The style sheets of an HTML part, as far as simple selectors go: an element's name, its classes and its id. A rule of more than one
// step counts for the last of them where it hides. Conditions on media other than a plain screen are left out.
import { type Look, lookOf, withoutCssComments } from './html-look.ts';

interface Rule {
  readonly element: string;
  readonly names: readonly string[];
  readonly look: Look;
  readonly order: number;
}

const MOST_RULES = 20_000;
/** Rules for one name, classes of one element, and rules that are looked at for it. */
const MOST_PER_NAME = 50;
const MOST_CLASSES = 20;
const MOST_TRIED = 200;
const LONGEST_SELECTOR = 4;
const MOST_KNOWN = 2_000;
const SIMPLE = /^([a-z][a-z0-9]*)?((?:[.#][\w-]+)*)$/i;

export class HtmlStyleSheet {
  readonly #rules = new Map<string, Rule[]>();
  readonly #known = new Map<string, Look | null>();
  #count = 0;

  /** Of all `style` elements of a document, wherever they stand. */
  static of(html: string): HtmlStyleSheet {
    const sheet = new HtmlStyleSheet();
    const opening = /<style(?=[\s/>])/gi;
    for (let found = opening.exec(html); found !== null; found = opening.exec(html)) {
      const from = html.indexOf('>', found.index) + 1;
      if (from === 0) break;
      const ending = /<\/style/gi;
      ending.lastIndex = from;
      const end = ending.exec(html)?.index ?? html.length;
      sheet.add(html.slice(from, end));
      opening.lastIndex = end;
    }
    return sheet;
  }

  add(css: string): void {
    const text = withoutCssComments(css).replaceAll('<!--', '').replaceAll('-->', '');
    for (let at = 0; at < text.length && this.#count < MOST_RULES;) {
      const open = text.indexOf('{', at);
      if (open < 0) return;
      const selectors = text.slice(at, open).trim();
      if (selectors.startsWith('@')) {
        // A plain screen is what is read here: its rules follow as if they stood outside.
        at = /^@media\s+(?:only\s+)?(?:screen|all)\s*$/i.test(selectors) ? open + 1 : behindBlock(text, open);
        continue;
      }
      const close = text.indexOf('}', open);
      const end = close < 0 ? text.length : close;
      this.#rule(selectors.replace(/^[\s}]+/, ''), text.slice(open + 1, end));
      at = end + 1;
    }
  }

  /** What applies to an element by all of its rules, or null. */
  lookFor(element: string, attributes: ReadonlyMap<string, string>): Look | null {
    if (this.#count === 0) return null;
    const id = attributes.get('id') ?? '';
    const classes = attributes.get('class') ?? '';
    const key = `${element} ${id} ${classes}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const look = this.#look(element, id, classes);
    if (this.#known.size < MOST_KNOWN && key.length < MOST_KNOWN) this.#known.set(key, look);
    return look;
  }

  #look(element: string, id: string, classes: string): Look | null {
    const names = new Set([element, `#${id}`]);
    for (const one of classes.trim().split(/\s+/, MOST_CLASSES)) names.add(`.${one}`);
    const found: Rule[] = [];
    let tried = 0;
    for (const name of names) {
      for (const rule of this.#rules.get(name) ?? []) {
        if (++tried > MOST_TRIED) break;
        if ((rule.element === '' || rule.element === element) && rule.names.every((one) => names.has(one))) found.push(rule);
      }
    }
    if (found.length === 0) return null;
    return found.sort((a, b) => a.order - b.order).reduce<Look>((look, rule) => ({ ...look, ...rule.look }), {});
  }

  #rule(selectors: string, declarations: string): void {
    const look = lookOf(declarations);
    if (Object.keys(look).length === 0) return;
    for (const selector of selectors.split(',')) {
      const steps = selector.trim().split(/[\s>+~]+/);
      const last = SIMPLE.exec(steps.at(-1) ?? '');
      if (last === null || (steps.length > 1 && (look.gone !== true || last[2] === ''))) continue;
      const element = (last[1] ?? '').toLowerCase();
      const names = (last[2] ?? '').match(/[.#][\w-]+/g) ?? [];
      const key = names[0] ?? element;
      const rules = this.#rules.get(key) ?? [];
      if (key === '' || rules.length >= MOST_PER_NAME || names.length > LONGEST_SELECTOR) continue;
      // An id outweighs classes, and these the names of elements.
      const weight = names.some((name) => name.startsWith('#')) ? 2 : names.length > 0 ? 1 : 0;
      rules.push({ element, names, look, order: weight * MOST_RULES + this.#count });
      this.#rules.set(key, rules);
      this.#count++;
    }
  }
}

/** Behind the block that opens at `open`, whatever is nested in it. */
function behindBlock(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === 123) depth++;
    else if (character === 125 && --depth === 0) return at + 1;
  }
  return text.length;
}
