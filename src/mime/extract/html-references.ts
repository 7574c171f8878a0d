// Character references of HTML (13.2.5.72): numeric ones by the standard's rules, named ones by the table that parse5 brings.
import { Tokenizer } from 'parse5';

const REFERENCE = /&(?:#(?:[xX]([0-9A-Fa-f]+)|([0-9]+))|([A-Za-z][A-Za-z0-9]*))(;?)/g;
/** The longest name there is. What follows in a longer one is text. */
const LONGEST_NAME = 32;
/** Names seen before; more distinct ones than this are no document's. */
const MOST_KNOWN = 3_000;
/** What the numbers 0x80 to 0x9f mean: as in Windows-1252. */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** Resolves the references of one document. */
export class HtmlReferences {
  readonly #known = new Map([
    ['&nbsp;', '\xa0'],
    ['&amp;', '&'],
    ['&lt;', '<'],
    ['&gt;', '>'],
    ['&quot;', '"'],
    ['&zwnj;', '\u200c'],
  ]);

  inText(raw: string): string {
    if (!raw.includes('&')) return raw;
    return raw.replace(REFERENCE, (_, hex?: string, decimal?: string, name?: string, end?: string) =>
      name === undefined ? numbered(hex, decimal) : this.#named(name, end ?? ''),
    );
  }

  /** There a name without semicolon before a letter, a digit or `=` stays as it is: it is part of a query. */
  inAttribute(raw: string): string {
    if (!raw.includes('&')) return raw;
    return raw.replace(
      REFERENCE,
      (whole: string, hex: string | undefined, decimal: string | undefined, name: string | undefined, end: string, at: number) => {
        if (name === undefined) return numbered(hex, decimal);
        if (end === '' && raw[at + whole.length] === '=') return whole;
        const resolved = this.#named(name, end);
        return end === '' && /[A-Za-z0-9]$/.test(resolved) ? whole : resolved;
      },
    );
  }

  #named(name: string, end: string): string {
    if (name.length > LONGEST_NAME) return resolve(`&${name.slice(0, LONGEST_NAME)}`) + name.slice(LONGEST_NAME) + end;
    const reference = `&${name}${end}`;
    const known = this.#known.get(reference);
    if (known !== undefined) return known;
    const resolved = resolve(reference);
    if (this.#known.size < MOST_KNOWN) this.#known.set(reference, resolved);
    return resolved;
  }
}

function numbered(hex: string | undefined, decimal: string | undefined): string {
  const code = hex === undefined ? parseInt(decimal ?? '', 10) : parseInt(hex, 16);
  if (code >= 0x80 && code <= 0x9f) return WINDOWS_1252[code - 0x80] ?? '';
  return code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? '\ufffd' : String.fromCodePoint(code);
}

function resolve(reference: string): string {
  const pieces: string[] = [];
  const take = ({ chars }: { readonly chars: string }): void => {
    pieces.push(chars);
  };
  const nothing = (): void => undefined;
  const handler = {
    onCharacter: take,
    onNullCharacter: take,
    onWhitespaceCharacter: take,
    onComment: nothing,
    onDoctype: nothing,
    onStartTag: nothing,
    onEndTag: nothing,
    onEof: nothing,
  };
  new Tokenizer({ sourceCodeLocationInfo: false }, handler).write(reference, true);
  return pieces.join('');
}
