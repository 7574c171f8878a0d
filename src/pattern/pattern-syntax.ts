// What can be told of a pattern before it is compiled: what a linear engine cannot do, with its place; and what every match must hold and how
// long it can be, so that most of a text need not be searched at all. What is not understood here is left to the engine.

export interface SyntaxFault {
  /** In the pattern, in UTF-16 code units. */
  readonly at: number;
  readonly code: 'look-around' | 'back-reference' | 'atomic' | 'repeat-too-large';
}

export interface Needs {
  /** The longest match in UTF-16 code units; Infinity where there is no end to it, or where the edges of a text matter. */
  readonly longest: number;
  /** Stands in every match; empty where there is no such text. */
  readonly literal: string;
  /** So many digits stand side by side in every match. */
  readonly digits: number;
  /** 'folded': the literal, which is US-ASCII, stands in any case. */
  readonly letters: 'as-written' | 'folded';
}

export type PatternSyntax = { readonly kind: 'fault'; readonly fault: SyntaxFault } | { readonly kind: 'needs'; readonly needs: Needs };

export const MOST_REPEATS = 1000;
const DEEPEST = 200;
const NOTHING_KNOWN: Needs = { longest: Infinity, literal: '', digits: 0, letters: 'as-written' };
const EMPTY: Piece = { longest: 0, literal: '', digits: 0, exact: '', times: 1 };

interface Piece extends Omit<Needs, 'letters'> {
  /** The only text that it matches, or null. */
  readonly exact: string | null;
  /** How often something in it is repeated, repeats inside repeats multiplied. */
  readonly times: number;
}

interface Cursor {
  readonly source: string;
  at: number;
  depth: number;
}

/** Ends the reading; null where it is only not understood. */
class Stopped extends Error {
  readonly fault: SyntaxFault | null;
  constructor(fault: SyntaxFault | null) {
    super('stopped');
    this.fault = fault;
  }
}

/** Linear in the pattern. */
export function syntaxOf(source: string): PatternSyntax {
  const cursor: Cursor = { source, at: 0, depth: 0 };
  try {
    const { longest, literal, digits } = alternatives(cursor);
    if (cursor.at < source.length) return { kind: 'needs', needs: NOTHING_KNOWN };
    // With flags a letter may stand for others: its case, or a blank for nothing.
    const flags = /\(\?[a-zA-Z-]*[:)]/g;
    const flagged = [...source.matchAll(flags)].some(([group]) => group !== '(?:');
    return {
      kind: 'needs',
      needs: { longest, literal: flagged && !/^[ -~]*$/.test(literal) ? '' : literal, digits, letters: flagged ? 'folded' : 'as-written' },
    };
  } catch (stopped) {
    if (!(stopped instanceof Stopped)) throw stopped;
    return stopped.fault === null ? { kind: 'needs', needs: NOTHING_KNOWN } : { kind: 'fault', fault: stopped.fault };
  }
}

function alternatives(cursor: Cursor): Piece {
  if (++cursor.depth > DEEPEST) throw new Stopped(null);
  let all = sequence(cursor);
  while (cursor.source[cursor.at] === '|') {
    cursor.at++;
    const other = sequence(cursor);
    const digits = Math.min(all.digits, other.digits);
    all = { longest: Math.max(all.longest, other.longest), literal: '', digits, exact: null, times: Math.max(all.times, other.times) };
  }
  cursor.depth--;
  return all;
}

function sequence(cursor: Cursor): Piece {
  let all = EMPTY;
  // Of exact pieces side by side the texts join.
  let run = '';
  while (cursor.at < cursor.source.length && !'|)'.includes(cursor.source.charAt(cursor.at))) {
    const piece = repeated(cursor, atom(cursor));
    run = piece.exact === null ? '' : run + piece.exact;
    const literal = [all.literal, piece.literal, run].reduce((longest, one) => (one.length > longest.length ? one : longest));
    const digits = Math.max(all.digits, piece.digits);
    const exact = all.exact === null || piece.exact === null ? null : all.exact + piece.exact;
    all = { longest: all.longest + piece.longest, literal, digits, exact, times: Math.max(all.times, piece.times) };
  }
  return all;
}

function repeated(cursor: Cursor, piece: Piece): Piece {
  const { source, at } = cursor;
  const [whole, sign, low, comma, high] = /^(?:([*+?])|\{(\d{1,9})(?:(,)(\d{1,9})?)?\})/.exec(source.slice(at, at + 24)) ?? [];
  if (whole === undefined) return piece;
  cursor.at += whole.length;
  if (source[cursor.at] === '+') throw new Stopped({ at, code: 'atomic' });
  if (source[cursor.at] === '?') cursor.at++;
  const least = sign === undefined ? Number(low) : sign === '+' ? 1 : 0;
  const most = sign === '?' ? 1 : sign !== undefined || (comma !== undefined && high === undefined) ? Infinity : Number(high ?? low);
  const times = piece.times * Math.max(1, most === Infinity ? least : most);
  if (times > MOST_REPEATS) throw new Stopped({ at, code: 'repeat-too-large' });
  if (least === 1 && most === 1) return piece;
  // One digit, so often: so many side by side.
  const isDigit = piece.digits === 1 && piece.longest === 1;
  const longest = piece.longest === 0 || most === 0 ? 0 : piece.longest * most;
  return least === 0
    ? { longest, literal: '', digits: 0, exact: null, times }
    : { longest, literal: piece.literal, digits: isDigit ? least : piece.digits, exact: null, times };
}

function atom(cursor: Cursor): Piece {
  const { source, at } = cursor;
  const sign = source.charAt(at);
  switch (sign) {
    case '(':
      return group(cursor);
    case '[':
      return charClass(cursor);
    case '\\':
      return escape(cursor);
    case '^':
    case '$':
      cursor.at++;
      return { longest: Infinity, literal: '', digits: 0, exact: null, times: 1 };
    case '.':
      cursor.at++;
      return { longest: 2, literal: '', digits: 0, exact: null, times: 1 };
    default: {
      const text = String.fromCodePoint(source.codePointAt(at) ?? 0);
      cursor.at += text.length;
      return literal(text);
    }
  }
}

function literal(text: string): Piece {
  return { longest: text.length, literal: text, digits: /\d/.test(text) ? 1 : 0, exact: text, times: 1 };
}

function group(cursor: Cursor): Piece {
  const { source, at } = cursor;
  const head = source.slice(at, at + 4);
  if (/^\(\?<?[=!]/.test(head)) throw new Stopped({ at, code: 'look-around' });
  if (head === '(?P=') throw new Stopped({ at, code: 'back-reference' });
  if (head.startsWith('(?>')) throw new Stopped({ at, code: 'atomic' });
  const opening = /^\((?:\?(?:P?<\w{1,100}>|[a-zA-Z]{0,8}(?:-[a-zA-Z]{1,8})?:))?/.exec(source.slice(at, at + 120));
  const flags = /^\(\?[a-zA-Z]{0,8}(?:-[a-zA-Z]{1,8})?\)/.exec(source.slice(at, at + 24));
  if (flags !== null) {
    cursor.at += flags[0].length;
    return EMPTY;
  }
  cursor.at += opening?.[0].length ?? 1;
  if (source[cursor.at] === '?') throw new Stopped(null);
  const inner = alternatives(cursor);
  if (source[cursor.at] !== ')') throw new Stopped(null);
  cursor.at++;
  return inner;
}

function charClass(cursor: Cursor): Piece {
  const { source, at } = cursor;
  const found = /^\[\^?\]?(?:[^\]\\[]|\\[^]|\[:\^?[a-z]{1,10}:\]|\[)*\]/.exec(source.slice(at, at + 2_000));
  if (found === null) throw new Stopped(null);
  cursor.at += found[0].length;
  const digits = /^\[(?:\d(?:-\d)?|\\d)+\]$/.test(found[0]);
  const wide = found[0].startsWith('[^') || /\\[^dws\-\\\].\/ ]|[^ -~]|\[:\^/.test(found[0]);
  return { longest: wide ? 2 : 1, literal: '', digits: digits ? 1 : 0, exact: null, times: 1 };
}

function escape(cursor: Cursor): Piece {
  const { source, at } = cursor;
  const next = source.charAt(at + 1);
  if (/[1-9]/.test(next) || /^\\(?:k[<{']|g[\d{<])/.test(source.slice(at, at + 3))) throw new Stopped({ at, code: 'back-reference' });
  cursor.at += 2;
  if (next === 'd') return { longest: 1, literal: '', digits: 1, exact: null, times: 1 };
  if (next === 'w' || next === 's') return { longest: 1, literal: '', digits: 0, exact: null, times: 1 };
  if (next === 'D' || next === 'W' || next === 'S') return { longest: 2, literal: '', digits: 0, exact: null, times: 1 };
  if (next === 'b' || next === 'B') return EMPTY;
  if (next === 'p' || next === 'P') {
    const property = /^(?:\{\^?\w{1,40}\}|[A-Z])/.exec(source.slice(cursor.at, cursor.at + 44));
    if (property === null) throw new Stopped(null);
    cursor.at += property[0].length;
    return { longest: 2, literal: '', digits: 0, exact: null, times: 1 };
  }
  // An escaped sign is itself; other letters and digits have meanings that are not needed here.
  if (next === '' || /[A-Za-z0]/.test(next) || next > '~') throw new Stopped(null);
  return literal(next);
}
