// JSON to the tree of a FHIR resource (RFC 8259), NDJSON too. Unlike JSON.parse it keeps what is repeated, numbers as they are written, and
// what stands before a fault; it never recurses.
import type { FhirTree } from './fhir-tree.ts';

/** 'broken' where it was not JSON to the end: read on behind what was not. */
export type JsonEnd = 'whole' | 'broken';

interface Container {
  readonly kind: 'object' | 'array';
  /** Of its elements, for an array. */
  readonly name: string;
}

const WHITE_SPACE_OR_BETWEEN = /[\s,:]/;
const LITERAL_END = /[\s,:\]}{["]/g;

export class FhirJson {
  readonly #text: string;
  readonly #tree: FhirTree;
  /** Names that are none of FHIR's: their text is text. */
  readonly #oddName: (name: string) => void;
  readonly #open: Container[] = [];
  #at = 0;
  #end: JsonEnd = 'whole';

  constructor(text: string, tree: FhirTree, oddName: (name: string) => void) {
    this.#text = text;
    this.#tree = tree;
    this.#oddName = oddName;
  }

  /** @throws LimitReached */
  read(): JsonEnd {
    const text = this.#text;
    let name: string | null = null;
    for (;;) {
      while (this.#at < text.length && WHITE_SPACE_OR_BETWEEN.test(text[this.#at] ?? '')) this.#at++;
      if (this.#at >= text.length) break;
      const character = text[this.#at] ?? '';
      const container = this.#open.at(-1);
      const own: string = container?.kind === 'array' ? container.name : (name ?? '');
      if (character === '{' || character === '[') {
        this.#at++;
        this.#begin(character, own);
        name = null;
      } else if (character === '}' || character === ']') {
        this.#at++;
        this.#close(character);
        name = null;
      } else if (container?.kind === 'object' && name === null) {
        name = this.#primitive();
        if (!NAME.test(name)) this.#oddName(name);
      } else {
        const value = this.#primitive();
        if (value !== 'null' && container !== undefined) this.#tree.value(own, value);
        if (container === undefined) this.#end = 'broken';
        name = null;
      }
    }
    if (this.#open.length > 0) this.#end = 'broken';
    this.#tree.end();
    return this.#end;
  }

  #begin(character: string, own: string): void {
    if (character === '[') this.#open.push({ kind: 'array', name: own });
    else {
      this.#open.push({ kind: 'object', name: '' });
      this.#tree.open(own);
    }
  }

  #close(character: string): void {
    const kind = character === '}' ? 'object' : 'array';
    const container = this.#open.at(-1);
    if (container?.kind !== kind) {
      this.#end = 'broken';
      if (container === undefined) return;
    }
    this.#open.pop();
    if (container.kind === 'object') this.#tree.close();
  }

  /** A string, number or literal. */
  #primitive(): string {
    const text = this.#text;
    const start = this.#at;
    if (text[start] !== '"') {
      LITERAL_END.lastIndex = start + 1;
      const end = LITERAL_END.exec(text)?.index ?? text.length;
      this.#at = end;
      return text.slice(start, end);
    }
    let end = text.indexOf('"', start + 1);
    while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
    if (end === -1) {
      this.#end = 'broken';
      end = text.length;
    }
    this.#at = end + 1;
    const raw = text.slice(start + 1, end);
    return raw.includes('\\') ? unescape(raw) : raw;
  }
}

const NAME = /^_?[a-z][A-Za-z0-9]{0,60}$/;

function isEscaped(text: string, quote: number): boolean {
  let backslashes = 0;
  while (text[quote - 1 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 1;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: ' ', f: '\n' };

function unescape(raw: string): string {
  return raw.replace(/\\(?:u([0-9A-Fa-f]{4})|([^]))/g, (_all, hex: string | undefined, one: string | undefined) =>
    hex === undefined ? (ESCAPES[one ?? ''] ?? one ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
