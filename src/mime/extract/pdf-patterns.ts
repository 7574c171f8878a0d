// Tiling patterns (ISO 32000-1, 8.7.3): a page may paint with small pages of their own, which hold text and pictures too. Their operators
// are set into the list of the page, each where it is chosen as a colour.
import type { PdfOperators } from './pdf-open.ts';

export interface OperatorList {
  readonly codes: readonly number[];
  /** What each is called with, in step. */
  readonly args: readonly unknown[];
}

const MOST_PATTERNS = 500;

/** Patterns within patterns are left where they are. */
export function withPatterns(list: OperatorList, operators: PdfOperators): OperatorList {
  const colours = [operators['setFillColorN'], operators['setStrokeColorN']];
  if (!list.codes.some((code) => colours.includes(code))) return list;
  const codes: number[] = [];
  const args: unknown[] = [];
  const put = (code: number | undefined, given: unknown): void => {
    codes.push(code ?? 0);
    args.push(given);
  };
  let patterns = 0;
  list.codes.forEach((code, i) => {
    put(code, list.args[i]);
    const pattern = colours.includes(code) && patterns < MOST_PATTERNS ? patternOf(list.args[i]) : null;
    if (pattern === null) return;
    patterns++;
    // On the page as it was at the start, as annotations are.
    put(operators['beginGroup'], []);
    put(PATTERN, [pattern.matrix]);
    pattern.codes.forEach((inner, at) => put(inner, pattern.args[at]));
    put(operators['endGroup'], []);
  });
  return { codes, args };
}

/** A code of our own: what follows is placed by this matrix on the page itself. */
export const PATTERN = -1;

function patternOf(given: unknown): (OperatorList & { readonly matrix: unknown }) | null {
  if (!Array.isArray(given) || given[0] !== 'TilingPattern') return null;
  const list: unknown = given[2];
  if (typeof list !== 'object' || list === null || !('fnArray' in list) || !('argsArray' in list)) return null;
  const { fnArray, argsArray } = list;
  if (!Array.isArray(fnArray) || !Array.isArray(argsArray)) return null;
  return { codes: fnArray as readonly number[], args: argsArray as readonly unknown[], matrix: given[3] as unknown };
}
