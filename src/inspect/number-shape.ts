// The shape of a word that holds a digit, in one integer: how long it is, its first sign, and the signs it stands between. It is made while the
// words are cut, so that each reader of numbers passes over most of them by one look, before it asks for the text.

/** Some of it are letters. */
export const WITH_LETTERS = 1 << 26;
/** Signs are told by their code in US-ASCII, 0 where there is none; all others are one. */
export const BEYOND_ASCII = 127;
/** All that is longer counts as so long. */
export const LONGEST_SHAPE = 31;

const CODE = 127;
const FIRST = 5;
const BEFORE = 12;
const BEHIND = 19;

/**
 * Of digits alone: where some of it are letters, WITH_LETTERS is added.
 * @param first code of its first sign, of the sign right before it, of the one right behind it
 */
export function shapeOf(length: number, first: number, before: number, behind: number): number {
  const signs = (ascii(first) << FIRST) | (ascii(before) << BEFORE) | (ascii(behind) << BEHIND);
  return Math.min(length, LONGEST_SHAPE) | signs;
}

function ascii(code: number): number {
  return code < BEYOND_ASCII ? code : BEYOND_ASCII;
}

export function lengthIn(shape: number): number {
  return shape & LONGEST_SHAPE;
}

/** Digits and nothing else: how many; 0 where there are letters among them. */
export function digitsIn(shape: number): number {
  return (shape & WITH_LETTERS) === 0 ? shape & LONGEST_SHAPE : 0;
}

export function firstIn(shape: number): number {
  return (shape >> FIRST) & CODE;
}

export function signBefore(shape: number): number {
  return (shape >> BEFORE) & CODE;
}

export function signBehind(shape: number): number {
  return (shape >> BEHIND) & CODE;
}
