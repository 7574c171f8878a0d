// What Content-Type, Content-Disposition and Content-Transfer-Encoding fields say, in each reading that mail programs take (RFC 2045,
// RFC 2183). Never refuses: what is malformed is read as far as it goes, and that is told.
import { decodeEncodedWords } from './encoded-words.ts';
import { type Parameters, parseParameters, withoutComments } from './field-parameters.ts';

export interface MediaType extends Parameters {
  /** In lower case: `text/plain`. */
  readonly type: string;
  /** Of the type itself, the parameters apart. */
  readonly typeBuild: 'proper' | 'malformed';
}

const TYPE = /^\s*"?([a-z0-9!#$&^_.+-]+)\s*\/\s*([a-z0-9!#$&^_.+-]+)"?/i;
const LONGEST = 64 * 1024;

/** @param value latin1, unfolded */
export function parseMediaType(value: string): MediaType {
  const text = value.slice(0, LONGEST);
  const plain = TYPE.exec(text);
  const simple = plain?.[0];
  const end = simple === undefined ? -1 : simple.length;
  const proper = end >= 0 && !/"/.test(simple ?? '') && /^\s*(?:;|$)/.test(text.slice(end, end + 1_000));
  const parameters = parseParameters(text.slice(Math.max(end, 0)));
  if (plain !== null && proper) return { ...parameters, type: typeOf(plain), typeBuild: 'proper' };
  const guessed = plain ?? TYPE.exec(mended(text));
  return {
    ...(plain === null ? parseParameters(behindFirstSemicolon(text)) : parameters),
    build: 'malformed',
    typeBuild: 'malformed',
    type: guessed === null ? (/multi/i.test(text) ? 'multipart/mixed' : '') : typeOf(guessed),
  };
}

function typeOf(found: RegExpExecArray): string {
  return `${found[1] ?? ''}/${found[2] ?? ''}`.toLowerCase();
}

/** Without what some readers pass over: comments, quotes, backslashes, encoded words. */
function mended(text: string): string {
  return decodeEncodedWords(withoutComments(text.slice(0, 1_000))).text.replace(/["\\'\0]/g, '');
}

function behindFirstSemicolon(text: string): string {
  const semicolon = text.indexOf(';');
  return semicolon < 0 ? text.slice(text.search(/\s|$/)) : text.slice(semicolon);
}

export interface Disposition extends Parameters {
  /** In lower case: `attachment`; '' where it is malformed. */
  readonly type: string;
}

/** @param value latin1, unfolded */
export function parseDisposition(value: string): Disposition {
  const text = value.slice(0, LONGEST);
  const type = /^\s*"?([a-z-]+)/i.exec(text)?.[1] ?? '';
  return { ...parseParameters(behindFirstSemicolon(text)), type: type.toLowerCase() };
}

export const CODINGS = ['identity', 'base64', 'quoted-printable', 'uuencode', 'gzip64', 'yenc', 'unknown'] as const;
export type Coding = (typeof CODINGS)[number];

export interface CodingReading {
  readonly coding: Coding;
  readonly build: 'proper' | 'malformed';
}

/** The transfer encoding that a field names (RFC 2045 6). @param value latin1, unfolded */
export function parseTransferEncoding(value: string): CodingReading {
  const text = value.slice(0, 4_096).trim().toLowerCase();
  const exact = CODING_NAMES.get(text);
  if (exact !== undefined) return { coding: exact, build: 'proper' };
  const loose = CODING_NAMES.get(
    mended(text)
      .trim()
      .split(/[\s;,:]/)[0] ?? '',
  );
  return { coding: loose ?? 'unknown', build: 'malformed' };
}

const CODING_NAMES: ReadonlyMap<string, Coding> = new Map([
  ['7bit', 'identity'],
  ['8bit', 'identity'],
  ['binary', 'identity'],
  ['base64', 'base64'],
  ['quoted-printable', 'quoted-printable'],
  ['x-uuencode', 'uuencode'],
  ['x-uue', 'uuencode'],
  ['x-uu', 'uuencode'],
  ['uuencode', 'uuencode'],
  ['uue', 'uuencode'],
  ['uu', 'uuencode'],
  ['gzip64', 'gzip64'],
  ['x-gzip64', 'gzip64'],
  ['x-yencode', 'yenc'],
  ['x-yenc', 'yenc'],
] satisfies readonly (readonly [string, Coding])[]);
