// Cuts the body of a multipart (RFC 2046 5.1) at its delimiters. Views of the body, never copies; linear in its length.
import { CR, LF, SP, TAB } from './octets.ts';

/** 'part' begins a part, 'close' ends the last; the loose ones are lines that only some readers take for a delimiter. */
export type DelimiterKind = 'part' | 'close' | 'loose-part' | 'loose-close';

export interface Delimiter {
  readonly kind: DelimiterKind;
  /** The line end before it, which belongs to it. */
  readonly start: number;
  /** Behind its own line end. */
  readonly end: number;
  /** 'bare-cr' before or behind it: for some readers no line ends there. */
  readonly lineEnds: 'usual' | 'bare-cr';
}

/** More in one multipart are not looked for. */
const MOST_DELIMITERS = 20_000;
const LONGEST_DELIMITER_LINE = 4_096;
const HYPHEN = 45;

/** All lines that begin with the delimiter. @param boundary in latin1 */
export function findDelimiters(body: Buffer, boundary: string): readonly Delimiter[] {
  const needle = Buffer.from(`--${boundary}`, 'latin1');
  const found: Delimiter[] = [];
  for (let at = body.indexOf(needle); at >= 0 && found.length < MOST_DELIMITERS; at = body.indexOf(needle, at)) {
    const before = at === 0 ? LF : body[at - 1];
    if (before !== LF && before !== CR) {
      at += needle.length;
      continue;
    }
    const delimiter = readDelimiter(body, at, at + needle.length);
    found.push(delimiter);
    at = Math.max(delimiter.end, at + 1);
  }
  return found;
}

function readDelimiter(body: Buffer, at: number, behind: number): Delimiter {
  const closes = body[behind] === HYPHEN && body[behind + 1] === HYPHEN;
  const from = closes ? behind + 2 : behind;
  let to = from;
  while (to < body.length && (body[to] === SP || body[to] === TAB) && to - from < LONGEST_DELIMITER_LINE) to++;
  const octet = body[to];
  const strict = octet === undefined || octet === LF || octet === CR;
  return {
    kind: strict ? (closes ? 'close' : 'part') : closes ? 'loose-close' : 'loose-part',
    start: at - lineEndBefore(body, at),
    end: strict ? behindLineEnd(body, to) : behindLine(body, to),
    lineEnds: isBareCr(body, at - 1) || isBareCr(body, to) ? 'bare-cr' : 'usual',
  };
}

function isBareCr(body: Buffer, at: number): boolean {
  return body[at] === CR && at + 1 < body.length && body[at + 1] !== LF;
}

function lineEndBefore(body: Buffer, at: number): number {
  if (at === 0) return 0;
  return body[at - 1] === LF && body[at - 2] === CR ? 2 : 1;
}

function behindLineEnd(body: Buffer, at: number): number {
  if (at >= body.length) return body.length;
  return body[at] === CR && body[at + 1] === LF ? at + 2 : at + 1;
}

function behindLine(body: Buffer, at: number): number {
  const lf = body.indexOf(LF, at);
  return lf < 0 ? body.length : lf + 1;
}

/** Of the boundaries those whose delimiter the body has, in order. */
export function boundariesIn(body: Buffer, boundaries: readonly string[]): readonly string[] {
  return boundaries.filter((boundary) => boundary !== '' && hasDelimiter(body, boundary));
}

function hasDelimiter(body: Buffer, boundary: string): boolean {
  const needle = Buffer.from(`--${boundary}`, 'latin1');
  for (let at = body.indexOf(needle); at >= 0; at = body.indexOf(needle, at + needle.length)) {
    if (at === 0 || body[at - 1] === LF || body[at - 1] === CR) return true;
  }
  return false;
}

const LINE_START_HYPHENS = Buffer.from('\n--');
const MOST_GUESSES = 3;
const MOST_LINES_LOOKED_AT = 5_000;

/** Boundaries that the body itself shows: lines of two hyphens and a word with a part's header behind them. */
export function guessBoundaries(body: Buffer): readonly string[] {
  const found = new Set<string>();
  let at = body[0] === HYPHEN && body[1] === HYPHEN ? 0 : nextLine(body, 0);
  for (let looked = 0; at >= 0 && looked < MOST_LINES_LOOKED_AT && found.size < MOST_GUESSES; looked++) {
    const piece = body.toString('latin1', at + 2, at + 1_024);
    const [, boundary] = DELIMITER_AND_HEADER.exec(piece) ?? [];
    if (boundary !== undefined && !boundary.endsWith('--')) found.add(boundary);
    at = nextLine(body, at + 2);
  }
  return [...found];
}

const DELIMITER_AND_HEADER = /^((?:[^\s][^\r\n]{0,250}?)?)[ \t]*\r?\n(?:[ \t]*\r?\n)?(?:content-[a-z-]{1,40}|mime-version)[ \t]*:/i;

function nextLine(body: Buffer, from: number): number {
  const found = body.indexOf(LINE_START_HYPHENS, from);
  return found < 0 ? -1 : found + 1;
}
