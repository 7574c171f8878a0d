// The lines of a text in columns: most are told by their length and a sign or two, and no string is made of them.
import { AT_SIGN, COLON, FULL_STOP, GREATER, LINE_FEED, NUMBER_SIGN, OPENING_BRACKET, PLUS, SPACE, TAB, isDigit } from './sign-codes.ts';

/** By number of a line. */
export interface Lines {
  readonly count: number;
  readonly text: string;
  readonly codes: Uint16Array;
  /** Where it begins; where its text does, behind blanks and marks of quoting; where its text ends, before the blanks at its end. */
  readonly starts: readonly number[];
  readonly froms: readonly number[];
  readonly ends: readonly number[];
  /** Holes are lines that are not quoted. */
  readonly quoted: readonly (boolean | undefined)[];
}

/** Of a line no more is looked at. */
const LONGEST = 400;

export function linesOf(text: string, codes: Uint16Array): Lines {
  const starts: number[] = [];
  const froms: number[] = [];
  const ends: number[] = [];
  const quoted: (boolean | undefined)[] = [];
  const { length } = text;
  for (let start = 0; start < length;) {
    let next = start + 1;
    while (next < length && codes[next - 1] !== LINE_FEED) next++;
    let from = start;
    for (; from < next; from++) {
      const code = codes[from] ?? 0;
      if (code === GREATER) quoted[starts.length] = true;
      else if (code !== SPACE && code !== TAB && code !== 0xa0) break;
    }
    let end = Math.min(next, from + LONGEST);
    while (end > from && isBlank(codes[end - 1] ?? 0)) end--;
    starts.push(start);
    froms.push(from);
    ends.push(end);
    start = next;
  }
  return { count: starts.length, text, codes, starts, froms, ends, quoted };
}

/** What String.prototype.trimEnd takes away. */
function isBlank(code: number): boolean {
  if (code <= 32) return code === 32 || (code >= 9 && code <= 13);
  return code >= 0xa0 && (code === 0xa0 || code === 0xfeff || /\s/.test(String.fromCharCode(code)));
}

/** Of its text; 0 of a blank line, and where there is none. */
export function lengthOf({ froms, ends }: Lines, line: number): number {
  return (ends[line] ?? 0) - (froms[line] ?? 0);
}

/** Empty where there is no line. */
export function textOf({ text, froms, ends }: Lines, line: number): string {
  return text.slice(froms[line] ?? 0, ends[line] ?? 0);
}

export function isQuoted({ quoted }: Lines, line: number): boolean {
  return quoted[line] === true;
}

/** A way to reach somebody. */
export const CONTACT =
  /\b(?:tel|telephone|phone|ph|fax|mobile|cell|office|direct|ext|extension|toll[- ]free|main|e-?mail|web)\b *[:.#(+\d]|\bwww\.|https?:\/\/|@[\w-]{1,60}\.|\b[A-Z]{2} {1,2}\d{5}\b|^[PFTMCO][:.] ?\+?\(?\d/i;
const OF_PATIENT =
  /\b(?:patients?|pt|dob|d\.o\.b|date of birth|mrn|diagnos[ei]s|medications?|member(?: id)?|policy|insurance|allergies|ssn|re|chief complaint|assessment|plan|vitals?)\b ?[:#(]|\bpatient name\b/i;
const PATIENT_NAME = /\bpatient name\b/i;

/** Signs that a line has, where it tells how to reach somebody: each of them behind a label, or a digit. */
const OF_LABEL = 1;
const OF_REACHING = 2;

/** Of a short line: a look at its signs is a tenth of an expression. */
function signsIn({ codes, froms, ends }: Lines, line: number): number {
  let signs = 0;
  for (let at = froms[line] ?? 0, end = ends[line] ?? 0; at < end; at++) {
    const code = codes[at] ?? 0;
    if (code === COLON || code === NUMBER_SIGN || code === OPENING_BRACKET) return OF_LABEL | OF_REACHING;
    if (isDigit(code) || code === FULL_STOP || code === AT_SIGN || code === PLUS) signs = OF_REACHING;
  }
  return signs;
}

export function isContact(lines: Lines, line: number): boolean {
  return (signsIn(lines, line) & OF_REACHING) !== 0 && CONTACT.test(textOf(lines, line));
}

/** Names a patient, or what a record has of one. */
export function isOfPatient(lines: Lines, line: number): boolean {
  return ((signsIn(lines, line) & OF_LABEL) === 0 ? PATIENT_NAME : OF_PATIENT).test(textOf(lines, line));
}
