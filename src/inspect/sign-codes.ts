// Codes of the signs that readers of text look for, and what a code is: of US-ASCII, where nothing else is said.

export const TAB = 9;
export const LINE_FEED = 10;
export const SPACE = 32;
export const EXCLAMATION = 33;
export const NUMBER_SIGN = 35;
export const DOLLAR = 36;
export const PERCENT = 37;
export const AMPERSAND = 38;
export const APOSTROPHE = 39;
export const OPENING_BRACKET = 40;
export const CLOSING_BRACKET = 41;
export const ASTERISK = 42;
export const PLUS = 43;
export const COMMA = 44;
export const HYPHEN = 45;
export const FULL_STOP = 46;
export const SLASH = 47;
export const COLON = 58;
export const SEMICOLON = 59;
export const EQUALS = 61;
export const GREATER = 62;
export const QUESTION = 63;
export const AT_SIGN = 64;
export const CARET = 94;
export const LOW_LINE = 95;
export const BAR = 124;

/** In the code of a small letter, and not in that of its capital. */
export const SMALL = 32;

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

export function isCapital(code: number): boolean {
  return code >= 65 && code <= 90;
}

/** Of US-ASCII. */
export function isLetter(code: number): boolean {
  const small = code | 32;
  return small >= 97 && small <= 122;
}

/** How many digits stand at a place. */
export function digitsFrom(codes: Uint16Array, at: number): number {
  let end = at;
  while (isDigit(codes[end] ?? 0)) end++;
  return end - at;
}
