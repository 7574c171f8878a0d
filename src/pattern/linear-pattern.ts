// Patterns of administrators, in time linear in the text (RE2 by way of re2js): one that could run away is refused, with its place and why,
// as a value. The only wrapper of the library.
import { RE2JS, RE2JSException, RE2JSSyntaxException } from 're2js';
import { MOST_REPEATS, type Needs, type SyntaxFault, syntaxOf } from './pattern-syntax.ts';

export interface PatternMatch {
  /** In UTF-16 code units. */
  readonly at: number;
  readonly length: number;
}

export interface LinearPattern {
  readonly source: string;
  /** In order, none over another, none empty; at most so many. */
  find(text: string, most: number): readonly PatternMatch[];
}

export interface PatternFault {
  /** In the pattern, from 0, in UTF-16 code units. */
  readonly at: number;
  readonly code: SyntaxFault['code'] | 'syntax' | 'too-large' | 'matches-nothing';
  readonly what: string;
  readonly right: string;
}

export type CompiledPattern =
  { readonly kind: 'pattern'; readonly pattern: LinearPattern } | { readonly kind: 'refused'; readonly fault: PatternFault };

const LONGEST_PATTERN = 2_000;
/** Steps of the compiled program: the time for each character of a text grows with them. */
const MOST_STEPS = 1_000;
/** Beyond this a window around each place is no gain. */
const LONGEST_WINDOW = 200;

const WORDS: Readonly<Record<PatternFault['code'], readonly [what: string, right: string]>> = {
  'look-around': ['a look-around is not linear', 'match what stands around it too, or use near'],
  'back-reference': ['a back-reference is not linear', 'write out what may repeat'],
  atomic: ['an atomic group or possessive repeat is not known', 'leave it out: nothing is tried twice here'],
  'repeat-too-large': ['a repeat is too large', `repeat at most ${MOST_REPEATS} times, repeats inside repeats counted together`],
  syntax: ['the pattern is not right', 'write it as RE2 does'],
  'too-large': ['the pattern is too large', 'make it shorter; lists of words go under words'],
  'matches-nothing': ['the pattern matches an empty text', 'let it ask for at least one character'],
};

/** RE2 syntax (github.com/google/re2/wiki/Syntax). Never throws for what a pattern holds. */
export function compilePattern(source: string): CompiledPattern {
  if (source === '') return refused('matches-nothing', 0);
  if (source.length > LONGEST_PATTERN) return refused('too-large', LONGEST_PATTERN);
  const syntax = syntaxOf(source);
  if (syntax.kind === 'fault') return refused(syntax.fault.code, syntax.fault.at);
  const program = programOf(source);
  if ('kind' in program) return program;
  if (program.programSize() > MOST_STEPS) return refused('too-large', 0);
  if (program.matches('') || syntax.needs.longest === 0) return refused('matches-nothing', 0);
  return { kind: 'pattern', pattern: { source, find: (text, most) => find(program, syntax.needs, text, most) } };
}

function refused(code: PatternFault['code'], at: number, more = ''): CompiledPattern {
  const [what, right] = WORDS[code];
  return { kind: 'refused', fault: { at, code, what: more === '' ? what : `${what}: ${more}`, right } };
}

function programOf(source: string): RE2JS | CompiledPattern {
  try {
    return RE2JS.compile(source);
  } catch (error) {
    // Too deep a pattern may end the stack.
    if (error instanceof RangeError) return refused('too-large', 0);
    if (!(error instanceof RE2JSException)) throw error;
    if (!(error instanceof RE2JSSyntaxException)) return refused('syntax', 0);
    const at = Math.max(0, source.indexOf(error.input ?? source));
    const fault = FAULTS.find(([said]) => error.error.includes(said));
    if (fault?.[1] === 'repeat') return refused('repeat-too-large', at);
    return refused('syntax', fault?.[1] === 'end' ? source.length : at, fault?.[2] ?? '');
  }
}

/** What the engine says, and what we say for it. */
const FAULTS: readonly (readonly [said: string, where: 'place' | 'end' | 'repeat', words: string])[] = [
  ['invalid repeat count', 'repeat', ''],
  ['missing closing )', 'end', 'a ")" is missing'],
  ['unexpected )', 'place', 'a ")" stands without its "("'],
  ['missing closing ]', 'place', 'a "]" is missing'],
  ['nested repetition', 'place', 'two repeats follow one another'],
  ['missing argument to repetition', 'place', 'nothing stands before a repeat'],
  ['trailing backslash', 'end', 'a backslash stands at the end'],
  ['named capture', 'place', 'the name of a group is not right'],
  ['character class range', 'place', 'this class of characters is not known'],
  ['escape sequence', 'place', 'this escape is not known'],
  ['Perl syntax', 'place', 'this group is not known'],
  ['nests too deeply', 'place', 'groups are nested too deeply'],
];

function find(program: RE2JS, needs: Needs, text: string, most: number): readonly PatternMatch[] {
  const matches: PatternMatch[] = [];
  for (const { from, to } of windowsOf(needs, text)) {
    const matcher = program.matcher(from === 0 && to === text.length ? text : text.slice(from, to));
    for (let start = 0; matches.length < most && start < to - from && matcher.find(start); start = Math.max(matcher.end(), start + 1)) {
      const at = from + matcher.start();
      const length = matcher.end() - matcher.start();
      // At the edge of a window nobody sees what stands before it.
      const cut = (from > 0 && at === from) || (to < text.length && at + length === to);
      if (length > 0 && !cut) matches.push({ at, length });
    }
  }
  return matches;
}

interface Window {
  readonly from: number;
  readonly to: number;
}

/** The stretches that can hold a match, from what every match holds; one character more on both sides. */
function windowsOf({ longest, literal, digits, letters }: Needs, text: string): readonly Window[] {
  const whole = [{ from: 0, to: text.length }];
  const searched = letters === 'folded' && literal !== '' ? folded(text) : text;
  if (searched.length !== text.length) return whole;
  const wanted = letters === 'folded' ? literal.toLowerCase() : literal;
  if (wanted !== '' && !searched.includes(wanted)) return [];
  if (longest > LONGEST_WINDOW || (wanted === '' && digits === 0)) return whole;
  const reach = longest + 1;
  const windows: { from: number; to: number }[] = [];
  const place = (at: number, length: number): void => {
    const last = windows.at(-1);
    const from = Math.max(0, at - reach);
    const to = Math.min(text.length, at + length + reach);
    if (last !== undefined && from <= last.to) last.to = to;
    else windows.push({ from, to });
  };
  if (wanted !== '') for (let at = searched.indexOf(wanted); at >= 0; at = searched.indexOf(wanted, at + 1)) place(at, wanted.length);
  else
    for (let at = 0; at < text.length; at++) {
      const start = at;
      while (isDigit(text.charCodeAt(at))) at++;
      if (at - start >= digits) place(start, at - start);
    }
  return windows;
}

/** Lower case as RE2 folds it: the long s is an s, too. Of another length where a capital has no single small letter. */
function folded(text: string): string {
  return text.toLowerCase().replaceAll('\u017f', 's');
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
