// HTML as a stream of tags, text and comments, by the rules of the WHATWG tokenizer (HTML 13.2.5) as far as they decide what is text.
// One pass, linear in the size whatever the nesting: a library's tokenizer looks through all attributes of a tag for each new one.

export interface HtmlEvents {
  /** As written, references not resolved. */
  text(raw: string): void;
  /** Attributes as written, by lower-case name; the first of a name counts. */
  open(name: string, attributes: ReadonlyMap<string, string>, form: 'open' | 'self-closing'): void;
  close(name: string): void;
  comment(text: string): void;
  /** What stands in an element that holds no markup: `script`, `style`, `title`, `textarea` ... Its `open` comes before, its `close` behind. */
  raw(name: string, text: string): void;
  /** Behind what opens and never ends: not shown by the rules, but some programs read on as if it had not opened. */
  unclosed(text: string): void;
}

const TAB = 9;
const LF = 10;
const FF = 12;
const CR = 13;
const SPACE = 32;
const BANG = 33;
const QUOTE = 34;
const APOSTROPHE = 39;
const SLASH = 47;
const EQUALS = 61;
const GREATER = 62;
const QUESTION = 63;

/** Elements whose content ends only with their own end tag. */
const RAW_ELEMENTS: ReadonlySet<string> = new Set(['script', 'style', 'title', 'textarea', 'xmp', 'iframe', 'noembed', 'noframes']);
const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map(Object.entries({}));

export function readHtmlTokens(html: string, events: HtmlEvents): void {
  new HtmlTokens(html, events).run();
}

class HtmlTokens {
  readonly #html: string;
  readonly #events: HtmlEvents;
  #at = 0;

  constructor(html: string, events: HtmlEvents) {
    this.#html = html;
    this.#events = events;
  }

  run(): void {
    const html = this.#html;
    while (this.#at < html.length) {
      const from = this.#at;
      let open = html.indexOf('<', from);
      // A `<` that begins no markup is text.
      while (open >= 0 && !this.#beginsMarkup(open)) open = html.indexOf('<', open + 1);
      const end = open < 0 ? html.length : open;
      if (end > from) this.#events.text(html.slice(from, end));
      this.#at = end;
      if (open >= 0) this.#markup(open);
    }
  }

  #beginsMarkup(open: number): boolean {
    const next = this.#html.charCodeAt(open + 1);
    return isLetter(next) || next === BANG || next === QUESTION || (next === SLASH && open + 2 < this.#html.length);
  }

  #markup(open: number): void {
    const next = this.#html.charCodeAt(open + 1);
    if (isLetter(next)) this.#startTag(open);
    else if (next === SLASH && isLetter(this.#html.charCodeAt(open + 2))) this.#endTag(open);
    else if (this.#html.startsWith('<!--', open)) this.#comment(open);
    else this.#bogusComment(open);
  }

  #comment(open: number): void {
    const html = this.#html;
    const from = open + 4;
    if (html.charCodeAt(from) === GREATER || html.startsWith('->', from)) {
      this.#at = html.indexOf('>', from) + 1;
      return;
    }
    const ending = /--!?>/g;
    ending.lastIndex = from;
    const end = ending.exec(html);
    this.#events.comment(html.slice(from, end?.index ?? html.length));
    if (end === null) this.#events.unclosed(html.slice(from));
    this.#at = end === null ? html.length : ending.lastIndex;
  }

  #bogusComment(open: number): void {
    const html = this.#html;
    const close = html.indexOf('>', open);
    const end = close < 0 ? html.length : close;
    const text = html.slice(open + 2, end);
    if (!/^(?:doctype|\[(?:if|endif)|>)/i.test(text) && text !== '') this.#events.comment(text);
    if (close < 0) this.#events.unclosed(text);
    this.#at = Math.min(html.length, end + 1);
  }

  #endTag(open: number): void {
    const nameEnd = this.#nameEnd(open + 2);
    const name = this.#html.slice(open + 2, nameEnd).toLowerCase();
    this.#at = nameEnd;
    if (this.#attributes(open) !== null) this.#events.close(name);
  }

  #startTag(open: number): void {
    const html = this.#html;
    const nameEnd = this.#nameEnd(open + 1);
    const name = html.slice(open + 1, nameEnd).toLowerCase();
    this.#at = nameEnd;
    const attributes = this.#attributes(open);
    if (attributes === null) return;
    this.#events.open(name, attributes, html.charCodeAt(this.#at - 2) === SLASH ? 'self-closing' : 'open');
    if (RAW_ELEMENTS.has(name)) this.#raw(name);
    else if (name === 'plaintext') {
      this.#events.text(html.slice(this.#at));
      this.#at = html.length;
    }
  }

  #raw(name: string): void {
    const html = this.#html;
    const ending = new RegExp(`</${name}(?=[\\s/>])`, 'gi');
    ending.lastIndex = this.#at;
    const end = ending.exec(html)?.index ?? html.length;
    this.#events.raw(name, html.slice(this.#at, end));
    if (end === html.length) {
      this.#events.unclosed(html.slice(this.#at));
      this.#events.close(name);
    }
    this.#at = end;
  }

  #nameEnd(from: number): number {
    let at = from;
    while (at < this.#html.length && !isNameEnd(this.#html.charCodeAt(at))) at++;
    return at;
  }

  /** Those of the tag that begins at `open`, or null where the tag never ends. Behind it then. */
  #attributes(open: number): ReadonlyMap<string, string> | null {
    const html = this.#html;
    if (html.charCodeAt(this.#at) === GREATER) {
      this.#at++;
      return NO_ATTRIBUTES;
    }
    const attributes = new Map<string, string>();
    while (this.#at < html.length) {
      const code = html.charCodeAt(this.#at);
      if (code === GREATER) {
        this.#at++;
        return attributes;
      }
      if (isSpace(code) || code === SLASH) this.#at++;
      else this.#attribute(attributes);
    }
    // No program shows it, but words may hide in it.
    this.#events.comment(html.slice(open));
    const close = html.indexOf('>', open);
    if (close >= 0) this.#events.unclosed(html.slice(close + 1));
    return null;
  }

  #attribute(attributes: Map<string, string>): void {
    const html = this.#html;
    const from = this.#at;
    let at = from + 1;
    for (let code = html.charCodeAt(at); at < html.length && !isNameEnd(code) && code !== EQUALS; code = html.charCodeAt(at)) at++;
    const name = html.slice(from, at).toLowerCase();
    while (isSpace(html.charCodeAt(at))) at++;
    let value = '';
    if (html.charCodeAt(at) === EQUALS) {
      at++;
      while (isSpace(html.charCodeAt(at))) at++;
      const quote = html.charCodeAt(at);
      if (quote === QUOTE || quote === APOSTROPHE) {
        const close = html.indexOf(quote === QUOTE ? '"' : "'", at + 1);
        const end = close < 0 ? html.length : close;
        value = html.slice(at + 1, end);
        at = Math.min(html.length, end + 1);
      } else {
        const start = at;
        for (let code = quote; at < html.length && !isSpace(code) && code !== GREATER; code = html.charCodeAt(at)) at++;
        value = html.slice(start, at);
      }
    }
    this.#at = at;
    if (!attributes.has(name)) attributes.set(name, value);
  }
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

function isSpace(code: number): boolean {
  return code === SPACE || code === LF || code === CR || code === TAB || code === FF;
}

function isNameEnd(code: number): boolean {
  return isSpace(code) || code === GREATER || code === SLASH;
}
