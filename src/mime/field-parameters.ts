// Parameters of structured MIME fields (RFC 2045 5.1, RFC 2231), in every reading that mail programs are known to take: quotes that are
// missing or do not end, white space in values, backslashes, comments, repeated names, pieces and charsets.
import { decodeText } from './charset.ts';
import { decodeEncodedWords, hexPair } from './encoded-words.ts';

export interface Parameters {
  /** By lower-case name: the reading that most programs take, in Unicode. */
  readonly values: ReadonlyMap<string, string>;
  /** Each distinct reading of a parameter, the usual one first. */
  readings(name: string): readonly string[];
  readonly build: 'proper' | 'malformed';
}

interface Raw {
  readonly name: string;
  /** In latin1; the first is the usual reading. */
  readonly values: readonly string[];
}

/** More is no header field of a mail program. */
const LONGEST = 64 * 1024;
const MOST_PARAMETERS = 200;
const MOST_READINGS = 6;
/** Each is looked for to the end of the field. */
const MOST_OPEN_COMMENTS = 10;

/** @param text latin1, from the first semicolon on or where it should stand */
export function parseParameters(text: string): Parameters {
  const scan = new Scan(text.slice(0, LONGEST));
  const raw: Raw[] = [];
  for (let one = scan.next(); one !== null && raw.length < MOST_PARAMETERS; one = scan.next()) raw.push(one);
  const byName = new Map<string, string[]>();
  const add = (name: string, readings: readonly string[]): void => {
    const known = byName.get(name) ?? [];
    if (known.length > 0) scan.malformed();
    byName.set(name, [...new Set([...known, ...readings])].slice(0, MOST_READINGS));
  };
  for (const { name, values } of raw) if (!name.includes('*')) add(name, values.flatMap(unicodeReadings));
  for (const [name, readings] of extendedParameters(raw, () => scan.malformed())) {
    // Programs that know RFC 2231 take its value, the others the plain one.
    byName.set(name, [...new Set([...readings, ...(byName.get(name) ?? [])])].slice(0, MOST_READINGS));
  }
  const values = new Map([...byName].flatMap(([name, [first]]) => (first === undefined ? [] : [[name, first] as const])));
  return { values, readings: (name) => byName.get(name) ?? [], build: scan.build };
}

/** As octets, and with encoded words decoded, which RFC 2047 forbids here and many programs do. */
function unicodeReadings(latin1: string): readonly string[] {
  const plain = textOf(latin1);
  const { text, build } = decodeEncodedWords(plain);
  return build === 'plain' ? [plain] : [text, plain];
}

function textOf(latin1: string): string {
  return /^[\0-\x7f]*$/.test(latin1) ? latin1 : decodeText(Buffer.from(latin1, 'latin1'), null).text;
}

class Scan {
  readonly #text: string;
  #at = 0;
  #openComments = 0;
  build: Parameters['build'] = 'proper';

  constructor(text: string) {
    this.#text = text;
  }

  malformed(): void {
    this.build = 'malformed';
  }

  next(): Raw | null {
    while (this.#at < this.#text.length) {
      const separators = this.#take(/[\s;]*/y);
      if (this.#at >= this.#text.length) return null;
      if (!separators.includes(';')) this.malformed();
      if (this.#comment()) continue;
      const name = this.#take(/[^\s=;(]*/y);
      const before = this.#blank();
      if (this.#text[this.#at] !== '=') {
        this.malformed();
        // What begins nothing is passed over.
        if (name === '' && before === '') this.#at++;
        continue;
      }
      this.#at++;
      const after = this.#blank();
      if (before !== '' || after !== '') this.malformed();
      const values = this.#text[this.#at] === '"' ? this.#quoted() : this.#bare();
      const key = name.toLowerCase().replace(/[^!-~]|["'\\]/g, '');
      if (key === '' || key !== name.toLowerCase()) this.malformed();
      return { name: key, values: after === '' ? values : [...values, after + (values[0] ?? '')] };
    }
    return null;
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  /** White space and comments. */
  #blank(): string {
    const start = this.#at;
    do this.#take(/\s*/y);
    while (this.#comment());
    return this.#text.slice(start, this.#at);
  }

  /** Comments are legal and never used; readers differ over them. */
  #comment(): boolean {
    if (this.#text[this.#at] !== '(' || this.#openComments >= MOST_OPEN_COMMENTS) return false;
    const end = commentEnd(this.#text, this.#at);
    if (end < 0) {
      this.#openComments++;
      return false;
    }
    this.malformed();
    this.#at = end;
    return true;
  }

  #quoted(): readonly string[] {
    const start = this.#at + 1;
    let end = start;
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === '\\' ? 2 : 1;
    const inside = this.#text.slice(start, end);
    const readings = [inside.replace(/\\(.)/gs, '$1')];
    if (inside.includes('\\'))
      readings.push(inside, inside.split('\\"')[0] ?? inside, ...(inside.startsWith('\\"') ? [inside.slice(2)] : []));
    if (end >= this.#text.length) {
      this.malformed();
      readings.push(inside.split(/[;\s]/)[0] ?? inside, `"${inside}`);
      // Without an end, the next parameter may begin at the next semicolon.
      const semicolon = this.#text.indexOf(';', start);
      this.#at = semicolon < 0 ? this.#text.length : semicolon;
      return readings;
    }
    this.#at = end + 1;
    const behind = this.#take(/[^\s;(]+/y);
    if (behind !== '') {
      this.malformed();
      readings.push(readings[0] + behind, this.#text.slice(start - 1, this.#at));
    }
    if (inside.includes(';')) readings.push(`"${inside.split(';')[0] ?? ''}`, inside.split(';')[0] ?? '');
    return withoutBlanks(readings);
  }

  #bare(): readonly string[] {
    const start = this.#at;
    const token = this.#take(/[^\s;]*/y);
    const tokenEnd = this.#at;
    const rest = this.#take(/[^;]*/y);
    const readings: string[] = [];
    const more = rest.trim();
    if (more !== '' && !more.startsWith('(')) {
      this.malformed();
      // A semicolon was forgotten, or the quotes around a value with spaces.
      if (/^[\w*-]+\s*=/.test(more)) this.#at = tokenEnd;
      readings.push(this.#text.slice(start, this.#at).trim());
    }
    readings.push(token);
    for (const end of ['(', ',', '"', '\\', '\0']) {
      if (!token.includes(end)) continue;
      this.malformed();
      readings.push(token.slice(0, token.indexOf(end)));
    }
    if (/["\\]/.test(token)) readings.push(token.replace(/["\\]/g, ''), token.replace(/\\(.)/g, '$1'));
    if (token.includes('(')) readings.push(withoutComments(token));
    const whole = this.#text.slice(start, this.#at).trim();
    if (/^'.*'$/s.test(whole)) readings.push(whole.slice(1, -1));
    return withoutBlanks(readings);
  }
}

/** Also each without white space around it, and cut at a NUL. */
function withoutBlanks(readings: readonly string[]): readonly string[] {
  const more = readings.flatMap((one) => [one, one.trimEnd(), one.trim(), one.split('\0')[0] ?? one, one.replaceAll('\0', '')]);
  return [...new Set(more)].filter((one, i) => one !== '' || i === 0);
}

/** Index behind a comment (RFC 5322 3.2.2), or -1 where it does not end. */
function commentEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return at + 1;
  }
  return -1;
}

/** Without comments outside of quotes. */
export function withoutComments(text: string): string {
  if (!text.includes('(')) return text;
  const pieces: string[] = [];
  let from = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '\\') at++;
    else if (character === '"') quoted = !quoted;
    else if (character === '(' && !quoted) {
      const end = commentEnd(text, at);
      if (end < 0) break;
      pieces.push(text.slice(from, at));
      from = end;
      at = end - 1;
    }
  }
  return pieces.join('') + text.slice(from);
}

interface Piece {
  readonly index: number;
  readonly encoded: boolean;
  readonly value: string;
}

/** Values that stand in pieces or with a charset (RFC 2231 3 and 4), by name. */
function extendedParameters(raw: readonly Raw[], malformed: () => void): ReadonlyMap<string, readonly string[]> {
  const pieces = new Map<string, Piece[]>();
  for (const { name, values } of raw) {
    const [, base, number, star] = /^([^*]+)\*(?:(\d{1,4})(\*?))?$/.exec(name) ?? [];
    if (base === undefined) {
      if (name.includes('*')) malformed();
      continue;
    }
    const list = pieces.get(base) ?? [];
    list.push({ index: Number(number ?? 0), encoded: number === undefined || star === '*', value: values[0] ?? '' });
    pieces.set(base, list);
  }
  const found = new Map<string, readonly string[]>();
  for (const [name, list] of pieces) {
    const sorted = list.toSorted((a, b) => a.index - b.index);
    const gapless = sorted.every(({ index }, i) => index === i);
    if (!gapless) malformed();
    const asWritten = list.some((piece, i) => piece !== sorted[i]) ? [joinPieces(list)] : [];
    const last = new Map(sorted.map((piece) => [piece.index, piece]));
    const first = new Map(sorted.toReversed().map((piece) => [piece.index, piece]));
    const readings = [joinPieces([...last.values()]), joinPieces([...first.values()].reverse()), joinPieces(sorted), ...asWritten];
    found.set(name, [...new Set(readings)]);
  }
  return found;
}

function joinPieces(pieces: readonly Piece[]): string {
  const [first] = pieces;
  const [, charset, text] = (first?.encoded === true ? /^([^']*)'[^']*'(.*)$/s.exec(first.value) : null) ?? [];
  const octets = pieces.map(({ value, encoded }, i) => {
    const own = i === 0 && text !== undefined ? text : value;
    return encoded ? percentDecoded(own) : Buffer.from(own, 'latin1');
  });
  return decodeText(Buffer.concat(octets), charset === undefined || charset === '' ? null : charset).text;
}

function percentDecoded(latin1: string): Buffer {
  const octets = Buffer.from(latin1, 'latin1');
  let length = 0;
  for (let i = 0; i < octets.length; i++) {
    const code = octets[i] === 37 ? hexPair(octets[i + 1], octets[i + 2]) : -1;
    octets[length++] = code < 0 ? (octets[i] ?? 0) : code;
    if (code >= 0) i += 2;
  }
  return octets.subarray(0, length);
}
