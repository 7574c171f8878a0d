// Where the name of a city or of a place of care begins, read backwards from its end: an expression that looks for it forwards asks at each sign.
import { AMPERSAND, SPACE, isCapital, isDigit, isLetter } from './sign-codes.ts';

/** Low line, point, apostrophes, hyphen. */
const NAME_SIGNS: ReadonlySet<number> = new Set([95, 46, 39, 0x2019, 45]);

/** What a name is made of. */
export interface NameForm {
  /** How many words it has at most. */
  readonly words: number;
  /** Signs of each: fewest, most in the last, most in the others. */
  readonly least: number;
  readonly last: number;
  readonly others: number;
  /** Whether there is "&", and "of", "the", "for". */
  readonly joined: boolean;
}

export const CITY: NameForm = { words: 3, least: 2, last: 25, others: 21, joined: false };
export const CITY_BEFORE_ZIP: NameForm = { ...CITY, words: 4 };
export const FACILITY_NAME: NameForm = { words: 5, least: 1, last: 25, others: 25, joined: true };

/** Where a name begins that ends at a place: words with capitals, one blank between. -1 where there is none. */
export function nameStart(codes: Uint16Array, end: number, floor: number, form: NameForm): number {
  let start = -1;
  for (let word = 0, edge = end; word < form.words; word++) {
    let from = edge;
    while (from > floor && isNameSign(codes[from - 1] ?? 0, form.joined)) from--;
    const begins = wordStart(codes, from, edge, word === 0 ? form.last : form.others, form);
    if (begins < 0) break;
    start = begins;
    if (begins > from || from === floor || codes[from - 1] !== SPACE) break;
    edge = from - 1;
  }
  return start;
}

/** The first capital from which on a word is not too long; or where a small word begins. */
function wordStart(codes: Uint16Array, from: number, end: number, most: number, { least, joined }: NameForm): number {
  for (let at = Math.max(from, end - most); at <= end - least; at++) {
    if (isCapital(codes[at] ?? 0) || (joined && isSmallWord(codes, at, end))) return at;
  }
  return -1;
}

/** of, the, for. */
function isSmallWord(codes: Uint16Array, at: number, end: number): boolean {
  const first = codes[at];
  const second = codes[at + 1];
  if (end - at === 2) return first === 111 && second === 102;
  const last = codes[at + 2];
  return end - at === 3 && ((first === 116 && second === 104 && last === 101) || (first === 102 && second === 111 && last === 114));
}

/** Letters of US-ASCII, digits, and signs that stand in names. */
function isNameSign(code: number, joined: boolean): boolean {
  return isLetter(code) || isDigit(code) || NAME_SIGNS.has(code) || (joined && code === AMPERSAND);
}
