// Numbers with what is said of them: the label before each, above it (the head of its column) or behind it, found once for all detectors.
// "Label" is what stands in a form; only lines, columns and a few words back are looked at, so it is linear. Most numbers have no word that ends
// a label near them, and stand in no table: they are passed over by a few integers.
import type { Role } from '../mail/finding.ts';
import { columnsOf, labelAbove, sawLabel } from './column-labels.ts';
import { IS_ID, type Label, labelsEnding, LINKS, SAYS_NUMBER, SAYS_VALUE, type Tag } from './id-labels.ts';
import { signBefore, signBehind } from './number-shape.ts';
import { ENDS_LABEL, LABEL_WORD } from './word-traits.ts';
import { DIGITS, LETTERS, type Words, lowerAt } from './words.ts';
import {
  AMPERSAND,
  BAR,
  COLON,
  COMMA,
  EQUALS,
  EXCLAMATION,
  FULL_STOP,
  GREATER,
  HYPHEN,
  LINE_FEED,
  LOW_LINE,
  NUMBER_SIGN,
  OPENING_BRACKET,
  QUESTION,
  SEMICOLON,
  SLASH,
  SPACE,
  isCapital,
} from './sign-codes.ts';

/** A number, or letters and digits joined, that has a label. */
export interface Tagged {
  readonly tag: Tag;
  /** Whether its label says what it is by itself ("MRN"), or only with a word for number ("chart no."). */
  readonly needs: Label['needs'];
  /** First and last word of the value. */
  readonly word: number;
  readonly last: number;
  readonly at: number;
  readonly end: number;
  /** From 0 to 1: how closely label and value stand together. */
  readonly strength: number;
  /** Whose it is by its label: of a record number, the patient's. */
  readonly role: Role | null;
}

interface Found {
  readonly label: Label;
  readonly strength: number;
  /** Where letters before a blank belong to the value: their word. */
  readonly start: number | null;
}

const FARTHEST_LABEL = 7;
const LONGEST_GAP = 24;
const MOST_WORDS_IN_TOKEN = 8;
const LONGEST_LETTERS = 6;

/**
 * In order, none overlapping another.
 * @param uses what words do before a number (Lexicon.labelUses)
 */
export function taggedOf(words: Words, uses: Int32Array): readonly Tagged[] {
  const { withDigits, shapes, traits, starts, ends } = words;
  if (withDigits.length === 0) return [];
  const columns = columnsOf(words, uses);
  const tagged: Tagged[] = [];
  const reach = newReach(uses);
  let past = 0;
  let label = -FARTHEST_LABEL - 2;
  for (let i = 0, read = 0; i < withDigits.length; i++) {
    const number = withDigits[i] ?? 0;
    if (number < past) continue;
    const shape = shapes[i] ?? 0;
    const word = isJoint(signBefore(shape)) ? firstJoined(words, number) : number;
    const last = isJoint(signBehind(shape)) ? lastJoined(words, number) : number;
    past = last + 1;
    for (; read < word; read++) {
      if (((traits[read] ?? 0) & ENDS_LABEL) === 0) continue;
      label = read;
      sawLabel(columns, read);
    }
    const beside = word - label <= FARTHEST_LABEL ? labelled(words, reach, word, number, last) : prefixed(words, word, last);
    const found = beside ?? behind(words, uses, last) ?? above(labelAbove(columns, starts[word] ?? 0));
    if (found === null) continue;
    const { tag, needs, role } = found.label;
    const first = found.start ?? word;
    tagged.push({ tag, needs, word: first, last, at: starts[first] ?? 0, end: ends[last] ?? 0, strength: found.strength, role });
  }
  return tagged;
}

function above(label: Label | null): Found | null {
  return label === null ? null : { label, strength: 0.85, start: null };
}

/** What is said right before comes first, then the value's own letters, then what is said further away. */
function labelled(words: Words, reach: Reach, word: number, number: number, last: number): Found | null {
  const found = before(words, reach, word, number);
  return found !== null && found.strength > 0.8 ? found : (prefixed(words, word, last) ?? found);
}

/** Between the words of a number: `MRN-751`, `12/3/70`, `QW.99-1`. */
function isJoint(code: number): boolean {
  return code === HYPHEN || code === FULL_STOP || code === SLASH || code === LOW_LINE;
}

function joined({ starts, ends, codes }: Words, word: number): boolean {
  const end = ends[word] ?? 0;
  return (starts[word + 1] ?? 0) - end === 1 && isJoint(codes[end] ?? 0);
}

/** Letters joined before a number, two words at most, are of it. */
function firstJoined(words: Words, number: number): number {
  const { starts, ends, made } = words;
  let word = number;
  while (word > 0 && number - word < 2 && made[word - 1] === LETTERS && joined(words, word - 1)) {
    if ((ends[word - 1] ?? 0) - (starts[word - 1] ?? 0) > LONGEST_LETTERS) break;
    word--;
  }
  return word;
}

function lastJoined(words: Words, number: number): number {
  const { starts, codes, made, count } = words;
  let last = number;
  while (last + 1 < count && last - number < MOST_WORDS_IN_TOKEN && joined(words, last)) last++;
  while (last > number && (made[last] ?? 0) < DIGITS && codes[(starts[last] ?? 1) - 1] !== HYPHEN) last--;
  return last;
}

/** A label that is part of the value: `MRN-7516325`, `RX-78901234`. */
function prefixed(words: Words, word: number, last: number): Found | null {
  if (words.made[word] !== LETTERS || word === last) return null;
  const entry = ((words.traits[word] ?? 0) & PREFIX) === 0 ? undefined : PREFIXES.get(lowerAt(words, word));
  return entry === undefined ? null : { label: entry, strength: 0.9, start: null };
}

const PREFIXES: ReadonlyMap<string, Label> = new Map<string, Label>([
  ['mrn', { tag: 'mrn', needs: 'alone', role: 'patient' }],
  ['mr', { tag: 'mrn', needs: 'alone', role: 'patient' }],
  ['rx', { tag: 'rx', needs: 'alone', role: 'patient' }],
  ['ins', { tag: 'plan-number', needs: 'alone', role: 'patient' }],
  ['mbr', { tag: 'plan-number', needs: 'alone', role: 'patient' }],
  ['hin', { tag: 'plan-number', needs: 'alone', role: 'patient' }],
  ['pol', { tag: 'policy', needs: 'alone', role: null }],
  ['acct', { tag: 'account', needs: 'alone', role: null }],
  ['emp', { tag: 'worker', needs: 'alone', role: null }],
  ['nid', { tag: 'licence', needs: 'alone', role: null }],
  ['dl', { tag: 'licence', needs: 'alone', role: null }],
  ['vin', { tag: 'vin', needs: 'alone', role: null }],
  ['clm', { tag: 'claim', needs: 'alone', role: null }],
  ['inv', { tag: 'nothing', needs: 'alone', role: null }],
  ['po', { tag: 'nothing', needs: 'alone', role: null }],
  ['cve', { tag: 'nothing', needs: 'alone', role: null }],
  ['rfc', { tag: 'nothing', needs: 'alone', role: null }],
]);

export const PREFIX_WORDS: readonly string[] = [...PREFIXES.keys()];
const PREFIX = ENDS_LABEL | LABEL_WORD;

interface Reach {
  readonly uses: Int32Array;
  /** Where the last word looked at begins. */
  edge: number;
  /** Something says that a number comes: "no.", "#", a colon, "is", letters that are part of the value. */
  said: boolean;
  /** "A:" before the value, as in a transcript: the label may stand in the question. */
  asked: boolean;
  links: number;
  /** Words of no meaning stand between. */
  far: boolean;
  id: boolean;
  start: number | null;
}

const SOME_ID: Label = { tag: 'case', needs: 'number', role: null };

function newReach(uses: Int32Array): Reach {
  return { uses, edge: 0, said: false, asked: false, links: 0, far: false, id: false, start: null };
}

/**
 * What stands right before the value; or, where the value is said to be something ("is", a colon), a little further.
 * @param reach for each number anew
 */
function before(words: Words, reach: Reach, first: number, number: number): Found | null {
  const { starts, ends } = words;
  const at = starts[first] ?? 0;
  reach.edge = at;
  reach.said = first !== number;
  reach.asked = reach.far = reach.id = false;
  reach.links = 0;
  reach.start = null;
  for (let word = first - 1; word >= 0 && first - word <= FARTHEST_LABEL; word--) {
    const gap = gapBefore(words, ends[word] ?? 0, reach, at);
    if (gap === 'ends') break;
    if (gap === 'says') reach.said = true;
    const label = labelEnding(words, reach.uses, word, reach.said && !reach.asked);
    if (label !== null && !(reach.far && label.tag === 'nothing')) {
      const strength = (reach.far ? 0.6 : 0.95) - (reach.links > 1 ? 0.1 : 0);
      return { label, strength, start: reach.start };
    }
    if (!goesOn(words, word, first, reach)) break;
    reach.edge = starts[word] ?? 0;
  }
  return reach.id && !reach.far ? { label: SOME_ID, strength: 0.8, start: null } : null;
}

/** Takes in a word that is no label; false where none can stand before it. */
function goesOn(words: Words, word: number, first: number, reach: Reach): boolean {
  const next = word === first - 1;
  if (next && isAnswer(words, word)) {
    reach.asked = true;
    return true;
  }
  if (((words.traits[word] ?? 0) & LABEL_WORD) !== 0 && linksTo(reach.uses[words.known[word] ?? 0] ?? 0, next, reach)) return true;
  if ((words.made[word] ?? 0) >= DIGITS) return isFour(words, word) && lowerAt(words, word - 1) === 'last';
  if (next && areLetters(words, word, words.starts[first] ?? 0)) {
    reach.start = word;
    return true;
  }
  const silent = reach.links === 0 && !reach.said;
  if (silent && next) return false;
  const short = (words.ends[word] ?? 0) - (words.starts[word] ?? 0) === 4 ? lowerAt(words, word) : '';
  if (silent && short !== 'last') return false;
  reach.far ||= short !== 'last' && short !== 'four';
  return true;
}

/** Whether it is one of those that say "number", or stand between label and number. */
function linksTo(use: number, next: boolean, reach: Reach): boolean {
  if ((use & SAYS_NUMBER) !== 0) {
    reach.said = true;
    reach.id ||= next && (use & IS_ID) !== 0;
    return true;
  }
  if ((use & LINKS) === 0) return false;
  if ((use & SAYS_VALUE) !== 0) reach.said = true;
  reach.links++;
  return true;
}

/** `A:` */
function isAnswer({ starts, ends, codes }: Words, word: number): boolean {
  const at = starts[word] ?? 0;
  return (ends[word] ?? 0) - at === 1 && codes[at + 1] === COLON && (codes[at] === 97 || codes[at] === 65);
}

function isFour({ starts, ends, codes }: Words, word: number): boolean {
  const at = starts[word] ?? 0;
  return (ends[word] ?? 0) - at === 1 && codes[at] === FOUR;
}

/** One to three capitals and a blank right before the value: `QW 99812345`. */
function areLetters({ starts, ends, codes }: Words, word: number, at: number): boolean {
  const start = starts[word] ?? 0;
  const end = ends[word] ?? 0;
  if (at - end !== 1 || codes[end] !== SPACE || end - start > 3) return false;
  for (let i = start; i < end; i++) if (!isCapital(codes[i] ?? 0)) return false;
  return true;
}

const FOUR = 52;

/** Signs that may stand between a label and its value; where a sentence, a cell or a line ends between them, so does the reach of the label. */
function gapBefore({ codes }: Words, from: number, { edge, asked }: Reach, value: number): 'says' | 'parts' | 'ends' {
  if (edge - from === 1 && codes[from] === SPACE) return 'parts';
  if (edge - from > LONGEST_GAP) return 'ends';
  let says = false;
  let feeds = 0;
  for (let at = from; at < edge; at++) {
    const sign = codes[at] ?? 0;
    if (sign === NUMBER_SIGN || sign === COLON || sign === EQUALS || sign === GREATER) says = true;
    // A label may stand on the line above only where the value opens its own.
    else if (sign === LINE_FEED && (++feeds > 2 || (edge !== value && !asked))) return 'ends';
    else if (sign === SEMICOLON || sign === EXCLAMATION || sign === AMPERSAND) return 'ends';
    else if ((sign === QUESTION || sign === COMMA) && !asked) return 'ends';
    else if (sign === FULL_STOP && (at > from || areFiveLetters(codes, from))) return 'ends';
    else if (sign === BAR && edge !== value) return 'ends';
  }
  return says || feeds > 0 ? 'says' : 'parts';
}

/** Right before a place: too many for what is abbreviated. */
function areFiveLetters(codes: Uint16Array, at: number): boolean {
  if (at < 5) return false;
  for (let i = at - 5; i < at; i++) {
    const small = (codes[i] ?? 0) | 32;
    if (small < 97 || small > 122) return false;
  }
  return true;
}

/** The longest label whose last word is this one. */
function labelEnding(words: Words, uses: Int32Array, word: number, numbered: boolean): Label | null {
  if (((words.traits[word] ?? 0) & ENDS_LABEL) === 0) return null;
  for (const { before: rest, label } of labelsEnding(uses[words.known[word] ?? 0] ?? 0) ?? []) {
    if ((numbered || label.needs === 'alone') && areBefore(words, word, rest)) return label;
  }
  return null;
}

/** @param rest the words, from the last to the first */
function areBefore(words: Words, word: number, rest: readonly string[]): boolean {
  for (let i = 0; i < rest.length; i++) if (lowerAt(words, word - 1 - i) !== rest[i]) return false;
  return true;
}

/** `12345678 (MRN)`. */
function behind(words: Words, uses: Int32Array, last: number): Found | null {
  if (last + 1 >= words.count) return null;
  const end = words.ends[last] ?? 0;
  const gap = (words.starts[last + 1] ?? 0) - end;
  if (gap > 2 || (words.codes[end] !== OPENING_BRACKET && (gap < 2 || words.codes[end + 1] !== OPENING_BRACKET))) return null;
  const label = labelEnding(words, uses, last + 1, false);
  return label === null || label.tag === 'nothing' ? null : { label, strength: 0.85, start: null };
}
