// XML as a stream of events, whatever its encoding. No entity but the five of XML is ever expanded, no DTD is read, nothing is fetched.
// Reads on after what is not well formed, in time that grows with the length alone.
import { decodeText } from '../charset.ts';

export interface XmlAttribute {
  /** Without prefix. */
  readonly name: string;
  /** '' for none. */
  readonly prefix: string;
  readonly value: string;
}

export interface XmlElement {
  /** Without prefix. */
  readonly name: string;
  /** Namespace URI, '' for none. */
  readonly namespace: string;
  /** Value of an attribute by its name without prefix, or null. */
  attribute(name: string): string | null;
  readonly attributes: readonly XmlAttribute[];
}

export interface XmlEvents {
  open?(element: XmlElement, depth: number): void;
  /** Also for what is still open where the input ends. */
  close?(element: XmlElement, depth: number): void;
  /** Character data and CDATA, as it comes: an element's text may come in pieces. */
  text?(text: string): void;
  /** Also what a DTD holds: its entities and comments are places to hide text in. */
  comment?(text: string): void;
  processingInstruction?(target: string, body: string): void;
}

/** How far it was well formed: 'broken' where it was not to the end; events are given for all that could be read. */
export type XmlEnd = 'whole' | 'broken';

const DEEPEST = 2_000;

/** XML 1.0, Namespaces in XML 1.0. Errors of the handlers go through. */
export function readXml(bytes: Buffer, events: XmlEvents): XmlEnd {
  return readXmlText(decodeXml(bytes), events);
}

export function readXmlText(text: string, events: XmlEvents): XmlEnd {
  return new XmlReader(text, events).read();
}

class XmlReader {
  readonly #text: string;
  readonly #events: XmlEvents;
  readonly #stack: Open[] = [];
  /** How often a name is open, so that a stray end tag is told without a search. */
  readonly #openNames = new Map<string, number>();
  readonly #namespaces = new Map<string, string[]>([['xml', ['http://www.w3.org/XML/1998/namespace']]]);
  #at = 0;
  #roots = 0;
  #end: XmlEnd = 'whole';

  constructor(text: string, events: XmlEvents) {
    this.#text = text;
    this.#events = events;
  }

  read(): XmlEnd {
    const text = this.#text;
    while (this.#at < text.length) {
      const tag = text.indexOf('<', this.#at);
      this.#characters(this.#at, tag < 0 ? text.length : tag);
      if (tag < 0) break;
      this.#at = tag + 1;
      const next = text.charCodeAt(tag + 1);
      if (next === SLASH) this.#endTag();
      else if (next === BANG) this.#declaration(tag);
      else if (next === QUESTION) this.#instruction();
      else if (isNameStart(next)) {
        if (!this.#startTag()) return this.#close('broken');
      } else {
        this.#end = 'broken';
        this.#events.text?.('<');
      }
    }
    return this.#close(this.#stack.length > 0 || this.#roots !== 1 ? 'broken' : this.#end);
  }

  #close(end: XmlEnd): XmlEnd {
    while (this.#stack.length > 0) this.#pop();
    return end;
  }

  #characters(from: number, to: number): void {
    if (from >= to) return;
    const raw = this.#text.slice(from, to);
    if (this.#stack.length === 0) {
      if (!/[^\s\ufeff\0]/.test(raw)) return;
      this.#end = 'broken';
    }
    this.#events.text?.(this.#plain(raw));
  }

  #plain(raw: string): string {
    const lines = raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw;
    if (!lines.includes('&')) return lines;
    return lines.replace(/&(?:#(\d{1,10})|#[xX]([\da-fA-F]{1,8})|(\w{1,32}));/g, (whole, decimal?: string, hex?: string, name?: string) => {
      const known = name === undefined ? character(parseInt(decimal ?? hex ?? '', decimal === undefined ? 16 : 10)) : ENTITIES.get(name);
      if (known === undefined) this.#end = 'broken';
      return known ?? whole;
    });
  }

  /** What lies before `mark`, and on behind it; all that is left where it never comes. */
  #until(mark: string, from: number): string {
    const found = this.#text.indexOf(mark, from);
    if (found < 0) this.#end = 'broken';
    this.#at = found < 0 ? this.#text.length : found + mark.length;
    return this.#text.slice(from, found < 0 ? this.#text.length : found);
  }

  #declaration(tag: number): void {
    if (this.#text.startsWith('<!--', tag)) this.#events.comment?.(this.#until('-->', tag + 4));
    else if (this.#text.startsWith('<![CDATA[', tag)) this.#events.text?.(this.#until(']]>', tag + 9));
    else {
      this.#at = afterDeclaration(this.#text, tag + 2);
      this.#events.comment?.(this.#text.slice(tag + 2, this.#at - 1));
    }
  }

  #instruction(): void {
    const whole = this.#until('?>', this.#at + 1);
    const space = whole.search(/\s/);
    const target = space < 0 ? whole : whole.slice(0, space);
    if (target.toLowerCase() !== 'xml') this.#events.processingInstruction?.(target, space < 0 ? '' : whole.slice(space + 1));
  }

  #endTag(): void {
    const name = this.#until('>', this.#at + 1).trimEnd();
    if (this.#stack.at(-1)?.fullName !== name) {
      this.#end = 'broken';
      if ((this.#openNames.get(name) ?? 0) === 0) return;
      while (this.#stack.at(-1)?.fullName !== name) this.#pop();
    }
    this.#pop();
  }

  #pop(): void {
    const open = this.#stack.pop();
    if (open === undefined) return;
    this.#openNames.set(open.fullName, (this.#openNames.get(open.fullName) ?? 1) - 1);
    this.#events.close?.(open.element, this.#stack.length + 1);
    for (const prefix of open.declares ?? []) this.#namespaces.get(prefix)?.pop();
  }

  /** @returns false where it lies too deep */
  #startTag(): boolean {
    const text = this.#text;
    const from = this.#at;
    let at = from;
    while (!endsName(text.charCodeAt(at))) at++;
    const fullName = text.slice(from, at);
    const { attributes, end, empty } = this.#attributes(at);
    this.#at = end;
    const declares = this.#declare(attributes);
    const colon = fullName.indexOf(':');
    const uri = this.#namespaces.get(colon < 0 ? '' : fullName.slice(0, colon))?.at(-1) ?? '';
    if (this.#stack.length === 0) this.#roots++;
    this.#stack.push({ fullName, declares, element: new Element(colon < 0 ? fullName : fullName.slice(colon + 1), uri, attributes) });
    this.#openNames.set(fullName, (this.#openNames.get(fullName) ?? 0) + 1);
    if (this.#stack.length > DEEPEST) return false;
    const element = this.#stack.at(-1)?.element;
    if (element !== undefined) this.#events.open?.(element, this.#stack.length);
    if (empty) this.#pop();
    return true;
  }

  #attributes(from: number): { readonly attributes: readonly XmlAttribute[]; readonly end: number; readonly empty: boolean } {
    const text = this.#text;
    let at = from;
    const attributes: XmlAttribute[] = [];
    for (;;) {
      while (isSpace(text.charCodeAt(at))) at++;
      const next = text.charCodeAt(at);
      if (next === GREATER) return { attributes, end: at + 1, empty: text.charCodeAt(at - 1) === SLASH };
      if (Number.isNaN(next) || next === LESS) {
        this.#end = 'broken';
        return { attributes, end: at, empty: false };
      }
      const nameAt = at;
      at++;
      if (next === SLASH) continue;
      while (!endsName(text.charCodeAt(at))) at++;
      const name = text.slice(nameAt, at);
      while (isSpace(text.charCodeAt(at))) at++;
      if (text.charCodeAt(at) !== EQUALS) {
        this.#end = 'broken';
        continue;
      }
      do at++;
      while (isSpace(text.charCodeAt(at)));
      const { value, end } = this.#value(at);
      at = end;
      const colon = name.indexOf(':');
      attributes.push(colon < 0 ? { name, prefix: '', value } : { name: name.slice(colon + 1), prefix: name.slice(0, colon), value });
    }
  }

  #value(at: number): { readonly value: string; readonly end: number } {
    const text = this.#text;
    const quote = text.charCodeAt(at);
    if (quote === DOUBLE_QUOTE || quote === SINGLE_QUOTE) {
      const close = text.indexOf(quote === DOUBLE_QUOTE ? '"' : "'", at + 1);
      if (close >= 0) return { value: this.#plain(text.slice(at + 1, close)), end: close + 1 };
      this.#end = 'broken';
      return { value: this.#plain(text.slice(at + 1)), end: text.length };
    }
    this.#end = 'broken';
    let end = at;
    while (!endsName(text.charCodeAt(end))) end++;
    return { value: this.#plain(text.slice(at, end)), end };
  }

  #declare(attributes: readonly XmlAttribute[]): readonly string[] | null {
    let declares: string[] | null = null;
    for (const { name, prefix, value } of attributes) {
      if (prefix !== 'xmlns' && !(name === 'xmlns' && prefix === '')) continue;
      const declared = prefix === '' ? '' : name;
      const bound = this.#namespaces.get(declared);
      if (bound === undefined) this.#namespaces.set(declared, [value]);
      else bound.push(value);
      (declares ??= []).push(declared);
    }
    return declares;
  }
}

interface Open {
  readonly fullName: string;
  readonly element: XmlElement;
  readonly declares: readonly string[] | null;
}

class Element implements XmlElement {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: readonly XmlAttribute[];

  constructor(name: string, namespace: string, attributes: readonly XmlAttribute[]) {
    this.name = name;
    this.namespace = namespace;
    this.attributes = attributes;
  }

  attribute(name: string): string | null {
    for (const one of this.attributes) if (one.name === name) return one.value;
    return null;
  }
}

const [BANG, DOUBLE_QUOTE, SINGLE_QUOTE, SLASH, LESS, EQUALS, GREATER, QUESTION] = [0x21, 0x22, 0x27, 0x2f, 0x3c, 0x3d, 0x3e, 0x3f];
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

function character(code: number): string | undefined {
  return code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

function isNameStart(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f || code === 0x3a || code >= 0x80;
}

function endsName(code: number): boolean {
  return isSpace(code) || code === GREATER || code === SLASH || code === EQUALS || code === LESS || Number.isNaN(code);
}

/** Behind the `>` that ends a document type declaration, its internal subset included (XML 1.0 2.8). */
function afterDeclaration(text: string, from: number): number {
  let inSubset = false;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === GREATER && !inSubset) return at + 1;
    if (code === 0x5b) inSubset = true;
    else if (code === 0x5d) inSubset = false;
    else if (code === DOUBLE_QUOTE || code === SINGLE_QUOTE) at = ending(text, code === DOUBLE_QUOTE ? '"' : "'", at + 1);
    else if (code === LESS && text.startsWith('<!--', at)) at = ending(text, '-->', at + 4);
  }
  return text.length + 1;
}

function ending(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? text.length : found + mark.length - 1;
}

/** By byte order mark, then by the declaration (XML 1.0 appendix F), else UTF-8. */
function decodeXml(bytes: Buffer): string {
  const [a, b, c] = bytes;
  if (a === 0xfe && b === 0xff) return decodeText(bytes.subarray(2), 'utf-16be').text;
  if (a === 0xff && b === 0xfe) return decodeText(bytes.subarray(2), 'utf-16le').text;
  if (a === 0xef && b === 0xbb && c === 0xbf) return decodeText(bytes.subarray(3), 'utf-8').text;
  if (a === 0x3c && b === 0) return decodeText(bytes, 'utf-16le').text;
  if (a === 0 && b === 0x3c) return decodeText(bytes, 'utf-16be').text;
  const declared = /^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(bytes.toString('latin1', 0, 300))?.[1];
  // What has been read as US-ASCII until here is not UTF-16, whatever it declares.
  return decodeText(bytes, declared === undefined || /^(?:utf-?16|ucs-?2|iso-10646-ucs)/i.test(declared) ? null : declared).text;
}
