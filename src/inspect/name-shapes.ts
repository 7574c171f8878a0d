// How the name of a person is written: John Smith, John A. Smith, John S., J. Smith, Smith, John, SMITH^JOHN, Maria de la Cruz. What words
// make a name by their shape and by the lists of names alone, and how much that is worth, before looking at what stands around it.
import { tokenAt } from './name-tokens.ts';
import {
  bareOf,
  FAMILY,
  FIRST,
  gapAfter,
  hasCapital,
  isClear,
  isInPhrase,
  isPossessive,
  lowerOf,
  type NameView,
  setsOf,
  STATE,
  type Token,
  usesOf,
  writtenOf,
} from './name-view.ts';
import { EPONYM, FAMILY_TOO, NO_NAME, PARTICLE } from './name-words.ts';

export type Form =
  | 'pair'
  | 'full'
  | 'first-initial'
  | 'initial-last'
  | 'last-first'
  | 'first'
  | 'last'
  | 'half-known'
  | 'unlisted'
  | 'initials'
  | 'lower-case';

export interface Shape {
  readonly form: Form;
  /** Numbers of the first word and of the one behind the last. */
  readonly from: number;
  readonly to: number;
  /** From 0 to 1, by itself. */
  readonly base: number;
  /** Number of the first given name: behind the family name in "Smith, John". */
  readonly given: number;
}

/** The words of a name in lower case, given names first. */
export function partsOf(view: NameView, { form, from, to, given }: Shape): readonly string[] {
  const parts: string[] = [];
  if (form !== 'last-first') {
    for (let word = from; word < to; word++) parts.push(bareOf(view, word));
    return parts;
  }
  for (let word = given; word < to; word++) parts.push(lowerOf(view, word));
  for (let word = from; word < given; word++) parts.push(lowerOf(view, word));
  return parts;
}

const LONGEST = 6;

/** May the next word belong to the same name? An initial has its full stop. */
function joins(view: NameView, word: number): boolean {
  const gap = gapAfter(view, word);
  if (gap === 'space' || gap === 'hyphen') return !isPossessive(view, word);
  if (gap === 'line') return isWrapped(view, word);
  return gap === 'dot' && (writtenOf(view, word) === 'initial' || ((usesOf(view, word) & PARTICLE) !== 0 && lowerOf(view, word) === 'st'));
}

/** "Bob" at the end of a full line, "Ferguson" on the next. */
function isWrapped(view: NameView, word: number): boolean {
  if (!isClear(view, word, FIRST) || !isClear(view, word + 1, FAMILY)) return false;
  const end = view.ends[word] ?? 0;
  return end > 55 && !view.text.slice(end - 55, end).includes('\n') && writtenOf(view, word + 2) === 'lower';
}

/**
 * The best name that begins at a word without anything around it, or null.
 * @param first what that word is
 */
export function shapeAt(view: NameView, word: number, first: Token): Shape | null {
  const gap = gapAfter(view, word);
  const reversed = gap === 'comma' || gap === 'caret' || gap === 'hyphen' ? lastFirst(view, word, first) : null;
  return reversed ?? shapeInOrder(view, word, first);
}

/** Behind a title or a greeting, where a comma ends the name. */
export function shapeInOrder(view: NameView, word: number, first: Token): Shape | null {
  if (first === '' || first === 'P') return null;
  if (first === 'I') return initialsFirst(view, word);
  if (!goesOn(view, word)) return oneWord(word, first);
  const tokens = tokensFrom(view, word);
  return first === 'F' || first === 'f' ? givenFirst(view, word, tokens) : familyFirst(view, word, tokens);
}

/** Most names are one word. */
function goesOn(view: NameView, word: number): boolean {
  if (!hasCapital(view, word + 1)) return (usesOf(view, word + 1) & PARTICLE) !== 0 && joins(view, word);
  return joins(view, word) && (tokenAt(view, word + 1) !== '' || isFamilyToo(view, word + 1));
}

function oneWord(word: number, token: Token): Shape {
  if (token === 'F' || token === 'f') return made('first', word, word + 1, token === 'F' ? 0.3 : 0.12);
  return made(token === 'U' ? 'unlisted' : 'last', word, word + 1, token === 'S' ? 0.15 : 0.05);
}

/** What stands where only a name can: up to four words, listed or not. */
export function shapeAfterAnchor(view: NameView, word: number, known: Shape | null): Shape | null {
  const tokens = tokensFrom(view, word);
  if (tokens.length === 0 || tokens[0] === 'P') return null;
  if (known !== null && known.form !== 'first' && known.form !== 'last' && known.form !== 'unlisted') return known;
  // Words in no list, or of other senses: two of them, or more where hyphens bind them.
  let to = word + 1;
  for (let names = 1; to < word + tokens.length && names < 2; to++) {
    const token = tokens[to - word];
    if (token === 'I' && gapAfter(view, to) !== 'dot' && to + 1 >= word + tokens.length) break;
    if (token !== 'P' && token !== 'I') names++;
  }
  while (to < word + tokens.length && gapAfter(view, to - 1) === 'hyphen') to++;
  while (to > word + 1 && tokens[to - 1 - word] === 'P') to--;
  return made(to - word > 1 ? 'unlisted' : (known?.form ?? 'unlisted'), word, to, known?.base ?? 0.05);
}

function tokensFrom(view: NameView, word: number): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = word; at < view.count && tokens.length < LONGEST; at++) {
    let token = tokenAt(view, at);
    if (token === '' && tokens.length > 0 && isFamilyToo(view, at)) token = 's';
    if (token === '') break;
    tokens.push(token);
    if (!joins(view, at)) break;
  }
  while (tokens.at(-1) === 'P') tokens.pop();
  return tokens;
}

function isFamilyToo(view: NameView, word: number): boolean {
  return (usesOf(view, word) & FAMILY_TOO) !== 0 && (setsOf(view, word) & FAMILY) !== 0 && writtenOf(view, word) !== 'lower';
}

/** John Smith, John A. Smith, Mary Ann Smith-Jones, Maria de la Cruz, John S. */
function givenFirst(view: NameView, word: number, tokens: readonly Token[]): Shape {
  const clear = tokens[0] === 'F';
  let to = word + 1;
  let family = '' as Token;
  let listed = 1;
  let initials = 0;
  for (let i = 1; i < tokens.length; i++) {
    const token = tokens[i] ?? '';
    if (token === 'I') {
      if (gapAfter(view, word + i) !== 'dot' && !isBareInitial(view, word, i, tokens)) break;
      initials++;
      to = word + i + 1;
    } else if (token === 'P') {
      continue;
    } else if (token === 'U') {
      // One word in no list, if nothing listed follows it but what a hyphen binds.
      if (family !== '' && gapAfter(view, word + i - 1) !== 'hyphen') break;
      family = family === '' ? 'U' : family;
      to = word + i + 1;
    } else {
      if (family === 'U' && gapAfter(view, word + i - 1) !== 'hyphen') break;
      if (listed >= 4 && gapAfter(view, word + i - 1) !== 'hyphen') break;
      listed++;
      family = family === 'F' || family === 'S' ? family : token;
      to = word + i + 1;
    }
  }
  if (family === '') {
    if (initials > 0) return made('first-initial', word, to, clear ? 0.82 : 0.5);
    return made('first', word, word + 1, clear ? 0.3 : 0.12);
  }
  // "Harris-Benedict", "Mary-Ann": one part.
  if (isOnePart(view, word, to)) return made('first', word, to, clear && isClear(view, word + 1, FIRST) ? 0.3 : 0.12);
  if (family === 'U') return made('half-known', word, to, clear ? 0.56 : 0.15);
  const strong = family === 'F' || family === 'S';
  const base = clear ? (strong ? 0.93 : 0.8) : strong ? 0.66 : 0.38;
  return made('full', word, to, initials > 0 ? Math.max(base, 0.88) : base);
}

function isOnePart(view: NameView, from: number, to: number): boolean {
  for (let at = from; at < to - 1; at++) if (gapAfter(view, at) !== 'hyphen') return false;
  return true;
}

/** "John S" at the end of a run of words; "John A Smith". */
function isBareInitial(view: NameView, word: number, i: number, tokens: readonly Token[]): boolean {
  return writtenOf(view, word) !== 'capitals' && lowerOf(view, word + i) !== 'i' && lowerOf(view, word + i) !== 'a'
    ? true
    : i + 1 < tokens.length;
}

/** Lopez Garcia, SMITH JOHN, Kowalczyk alone. */
function familyFirst(view: NameView, word: number, tokens: readonly Token[]): Shape {
  const [first = '', second = ''] = tokens;
  const hyphened = gapAfter(view, word) === 'hyphen' && tokens.length > 1;
  const from = hyphened ? 2 : 1;
  const next = hyphened ? (tokens[2] ?? '') : second;
  const unlisted = first === 'U';
  if (next === 'F' && !unlisted) return made('full', word, word + from + 1, first === 'S' ? 0.62 : 0.35);
  const third = tokens[from + 1] ?? '';
  if (!unlisted && third === 'F' && (next === 'S' || next === 's')) return made('full', word, word + from + 2, first === 'S' ? 0.55 : 0.3);
  // "Thandiwe Mbeki", "Lopez Qwerta": two words of which the lists know one at most.
  if (!hyphened && (next === 'U' || (unlisted && next === 'S')) && (unlisted || first === 'S') && standsAlone(view, word + 2))
    return made('pair', word, word + 2, first === 'S' || next === 'S' ? 0.2 : 0.1);
  if (!unlisted && next !== '' && next !== 'P' && next !== 'I' && next !== 'U')
    return made('half-known', word, word + from + 1, first === 'S' && next === 'S' ? 0.3 : 0.12);
  return made(unlisted ? 'unlisted' : 'last', word, word + from, first === 'S' ? 0.15 : 0.05);
}

/** No heading in capitals goes on behind it. */
function standsAlone(view: NameView, to: number): boolean {
  return gapAfter(view, to - 1) !== 'space' || writtenOf(view, to) === 'lower' || writtenOf(view, to) === 'numeral';
}

/** J. Smith, J. R. Smith, J.R. Smith, and J.D. alone. */
function initialsFirst(view: NameView, word: number): Shape | null {
  if (gapAfter(view, word) !== 'dot') return null;
  let at = word + 1;
  while (at < word + 3 && tokenAt(view, at) === 'I' && gapAfter(view, at) === 'dot') at++;
  const token = tokenAt(view, at);
  const known = token === 'F' || token === 'S' || token === 'f' || token === 's';
  if (known && gapAfter(view, at - 1) === 'dot') {
    let to = at + 1;
    while (to < at + 3 && joins(view, to - 1) && ['F', 'S', 's'].includes(tokenAt(view, to))) to++;
    return made('initial-last', word, to, token === 'S' || token === 'F' ? 0.66 : 0.35);
  }
  const last = at === word + 1 && tokenAt(view, at) === 'I' ? at + 1 : at;
  if (last - word < 2 || gapAfter(view, word) !== 'dot') return null;
  return made('initials', word, last, 0.08);
}

/** Smith, John A. and SMITH^JOHN^A. */
function lastFirst(view: NameView, word: number, first: Token): Shape | null {
  if (first === '' || first === 'P' || first === 'I') return null;
  let end = word;
  while (end < word + 2 && gapAfter(view, end) === 'hyphen' && tokenAt(view, end + 1) !== '') end++;
  const gap = gapAfter(view, end);
  if ((gap !== 'comma' && gap !== 'caret') || isPossessive(view, end)) return null;
  const given = tokenAt(view, end + 1);
  const caret = gap === 'caret';
  const strange =
    !caret &&
    first === 'S' &&
    given === 'U' &&
    writtenOf(view, end) === writtenOf(view, end + 1) &&
    standsAlone(view, end + 2) &&
    gapAfter(view, end + 1) !== 'comma';
  if (caret ? given === '' || given === 'P' : given !== 'F' && given !== 'f' && !strange) return null;
  // "Austin, Dallas" and "Smith, Jones and Brown" are lists; a state's letters behind a comma are a place.
  if ((setsOf(view, end + 1) & STATE) !== 0 && writtenOf(view, end + 1) === 'capitals' && lowerOf(view, end + 1).length === 2) return null;
  let to = end + 2;
  const middle = tokenAt(view, to);
  const joined = gapAfter(view, to - 1);
  const more =
    (joined === 'space' || (caret && joined === 'caret')) &&
    (middle === 'I' || middle === 'F' || (caret && middle !== '' && middle !== 'P'));
  if (more) to++;
  // "Dr. Lee, John Smith": the name behind the comma is whole.
  if (!caret && !more && joined === 'space' && (middle === 'S' || middle === 's' || middle === 'f')) return null;
  const next = gapAfter(view, to - 1);
  const list = next === 'comma' && !caret && tokenAt(view, to) !== '' && tokenAt(view, to) !== 'I';
  const base = caret
    ? 0.9
    : given === 'F'
      ? first === 'S'
        ? 0.66
        : first === 'F'
          ? 0.4
          : 0.35
      : strange && writtenOf(view, end) === 'capitals'
        ? 0.3
        : 0.15;
  const sure = list ? base * 0.4 : more && middle === 'I' ? Math.min(0.9, base + 0.2) : base;
  return { form: 'last-first', from: word, to, base: sure, given: end + 1 };
}

function made(form: Form, from: number, to: number, base: number): Shape {
  return { form, from, to, base, given: from };
}

/** In lower case throughout: only clear names, a first and a family name side by side; "pt: john smith". */
export function lowerShapeAt(view: NameView, word: number): Shape | null {
  if ((usesOf(view, word) & NO_NAME) !== 0 || gapAfter(view, word) !== 'space' || isPossessive(view, word)) return null;
  return isLowerFamily(view, word + 1) ? made('lower-case', word, word + 2, 0.25) : null;
}

function isLowerFamily(view: NameView, word: number): boolean {
  return (
    writtenOf(view, word) === 'lower' &&
    isClear(view, word, FAMILY) &&
    (usesOf(view, word) & (NO_NAME | EPONYM)) === 0 &&
    !isInPhrase(view, word)
  );
}

/** Behind a label or a greeting: one clear first name is enough. */
export function lowerShapeAfterAnchor(view: NameView, word: number): Shape | null {
  if ((usesOf(view, word) & NO_NAME) !== 0 || isInPhrase(view, word)) return null;
  return lowerShapeAt(view, word) ?? made('lower-case', word, word + 1, 0.1);
}
