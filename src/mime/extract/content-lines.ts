// Content lines of calendars and cards (RFC 5545 3.1, RFC 6350 3.3; vCard 2.1 with quoted-printable): unfolded, taken apart, in Unicode.
import { isAscii } from 'node:buffer';
import { decodeText } from '../charset.ts';
import { readQuotedPrintable } from '../quoted-printable-reading.ts';
import type { Output } from './extractor.ts';

export interface ContentLine {
  /** In capitals, without group. '' for a line that is none. */
  readonly name: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** Decoded from quoted-printable; escapes of text and base64 stay. */
  readonly value: string;
}

const LONGEST_HEAD = 20_000;
const GROUP = /^[A-Za-z0-9_-]{0,60}\./;
const QUOTED_PRINTABLE = /QUOTED-PRINTABLE/i;
const FOLD = /\r?\n[ \t]/g;
/** Behind an equals sign the line end is one of quoted-printable, and the blank of the text. */
const FOLD_BESIDE_SOFT_BREAKS = /(?<![=\r])\r?\n[ \t]/g;
const NAME = /^[A-Za-z0-9_-]{1,60}$/;

/** @param charset of the part, or null */
export function* contentLines(bytes: Buffer, charset: string | null, output: Pick<Output, 'defect'>): Generator<ContentLine> {
  let octets = bytes;
  let declared = charset;
  if (bytes.includes(0) || (bytes[0] === 0xef && bytes[1] === 0xbb)) {
    octets = Buffer.from(decodeText(bytes, charset).text);
    declared = 'utf-8';
  }
  const decode = (text: string, own: string | null): string => {
    const raw = Buffer.from(text, 'latin1');
    if (isAscii(raw) && own === null) return text;
    const decoded = decodeText(raw, own ?? declared);
    for (const code of decoded.defects) output.defect(code);
    return decoded.text;
  };
  // A fold may part the octets of a character, so that lines are joined before they are decoded.
  const text = octets.toString('latin1');
  const lines = text.replace(QUOTED_PRINTABLE.test(text) ? FOLD_BESIDE_SOFT_BREAKS : FOLD, '').split(/\r\n|\n|\r/);
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    if (line.trim() === '') continue;
    const colon = valueColon(line);
    const [name = '', ...parameters] = colon < 0 ? [''] : splitOutsideQuotes(line.slice(0, colon), ';');
    const proper = name.replace(GROUP, '').trim();
    if (!NAME.test(proper)) {
      yield { name: '', parameters: new Map(), value: decode(line, null) };
      continue;
    }
    const known = new Map(parameters.map((one) => parameterOf(decode(one, null))));
    const own = known.get('CHARSET') ?? null;
    let value = line.slice(colon + 1);
    if (isQuotedPrintable(known)) {
      const pieces = [value];
      // A soft break of quoted-printable is no fold.
      for (; pieces.at(-1)?.trimEnd().endsWith('=') === true && i + 1 < lines.length; i++) pieces.push(lines[i + 1] ?? '');
      value = readQuotedPrintable(Buffer.from(pieces.join('\r\n'), 'latin1')).bytes.toString('latin1');
    }
    yield { name: proper.toUpperCase(), parameters: known, value: decode(value, own) };
  }
}

/** Text of RFC 5545 3.3.11 and RFC 6350 3.4. */
export function unescapedText(value: string): string {
  return value.includes('\\') ? value.replace(/\\(.)/g, (_, character: string) => (/[nN]/.test(character) ? '\n' : character)) : value;
}

/** A value of parts between `separator`, each unescaped. */
export function partsOf(value: string, separator: string): readonly string[] {
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < value.length; at++) {
    if (value[at] === '\\') at++;
    else if (value[at] === separator) {
      parts.push(unescapedText(value.slice(from, at)).trim());
      from = at + 1;
    }
  }
  parts.push(unescapedText(value.slice(from)).trim());
  return parts;
}

function isQuotedPrintable(parameters: ReadonlyMap<string, string>): boolean {
  return parameters.get('ENCODING')?.toUpperCase() === 'QUOTED-PRINTABLE' || parameters.has('QUOTED-PRINTABLE');
}

/** `NAME=value`, quotes taken off, `^n ^' ^^` resolved (RFC 6868). vCard 2.1 writes some values without a name. */
function parameterOf(text: string): readonly [string, string] {
  const equals = text.indexOf('=');
  const name = (equals < 0 ? text : text.slice(0, equals)).trim().toUpperCase();
  const value = equals < 0 ? '' : text.slice(equals + 1).replaceAll('"', '');
  return [name, value.replace(/\^(['n^])/g, (_, one: string) => (one === 'n' ? '\n' : one === "'" ? '"' : '^'))];
}

/** The colon behind name and parameters, none in a quoted value, or -1. */
function valueColon(line: string): number {
  let quoted = false;
  const end = Math.min(line.length, LONGEST_HEAD);
  for (let at = 0; at < end; at++) {
    const character = line.charCodeAt(at);
    if (character === 34) quoted = !quoted;
    else if (character === 58 && !quoted) return at;
  }
  // A quote that does not end is none.
  const colon = line.indexOf(':');
  return colon < LONGEST_HEAD ? colon : -1;
}

function splitOutsideQuotes(text: string, separator: string): readonly string[] {
  const parts: string[] = [];
  let quoted = false;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') quoted = !quoted;
    else if (text[at] === separator && !quoted) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(text.slice(from));
  return parts;
}
