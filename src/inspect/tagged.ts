// Numbers with what is said of them: the label before each, above it (the head of its column) or behind it, found once for all detectors.
// "Label" is what stands in a form; only lines, columns and a few words back are looked at, so it is linear.
import type { Role } from '../mail/finding.ts';
import { type Label, LABELS_BY_LAST_WORD, LINKING_WORDS, NUMBER_WORDS, type Tag } from './id-labels.ts';
import { wordFrom } from './near.ts';
import { ENDS_LABEL, LABEL_WORD } from './word-traits.ts';
import { DIGITS, type Words, lowerAt } from './words.ts';

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

interface Source {
  readonly text: string;
  readonly words: Words;
  readonly numbers: readonly number[];
}

interface Token {
  /** The first word with a digit; letters may stand joined before it. */
  readonly number: number;
  readonly word: number;
  readonly last: number;
  readonly at: number;
  readonly end: number;
}

const FARTHEST_LABEL = 7;
const LONGEST_GAP = 24;
const MOST_WORDS_IN_TOKEN = 8;

/** In order, none overlapping another. */
export function taggedOf(text: string, words: Words, numbers: readonly number[]): readonly Tagged[] {
  const source: Source = { text, words, numbers };
  const columns = columnsOf(source);
  const tagged: Tagged[] = [];
  let past = 0;
  for (const number of numbers) {
    if (number < past) continue;
    const token = tokenAt(words, text, number);
    past = token.last + 1;
    const found = labelled(source, token) ?? behind(source, token) ?? columns(token);
    if (found === null) continue;
    const { label, strength, start } = found;
    const { word, at } = start ?? token;
    tagged.push({ tag: label.tag, needs: label.needs, word, last: token.last, at, end: token.end, strength, role: label.role });
  }
  return tagged;
}

interface Found {
  readonly label: Label;
  readonly strength: number;
  /** Where letters before a blank belong to the value. */
  readonly start?: { readonly word: number; readonly at: number };
}

/** What is said right before comes first, then the value's own letters, then what is said further away. */
function labelled(source: Source, token: Token): Found | null {
  const found = before(source, token);
  return found !== null && found.strength > 0.8 ? found : (prefixed(source, token) ?? found);
}

const JOINTS = '-/._';

/** The words joined to a number by one sign: `MRN-751`, `12/3/70`, `QW.99-1`. */
function tokenAt({ starts, ends, made, count }: Words, text: string, number: number): Token {
  let word = number;
  let last = number;
  const joined = (i: number): boolean => (starts[i + 1] ?? 0) - (ends[i] ?? 0) === 1 && JOINTS.includes(text.charAt(ends[i] ?? 0));
  while (word > 0 && number - word < 2 && made[word - 1] === 1 && joined(word - 1) && (ends[word - 1] ?? 0) - (starts[word - 1] ?? 0) <= 6)
    word--;
  while (last + 1 < count && last - number < MOST_WORDS_IN_TOKEN && joined(last)) last++;
  while (last > number && (made[last] ?? 0) < DIGITS && text.charAt((starts[last] ?? 1) - 1) !== '-') last--;
  return { number, word, last, at: starts[word] ?? 0, end: ends[last] ?? 0 };
}

/** A label that is part of the value: `MRN-7516325`, `RX-78901234`. */
function prefixed({ words }: Source, { word, last }: Token): Found | null {
  if (words.made[word] !== 1 || word === last) return null;
  const entry = PREFIXES.get(lowerAt(words, word));
  return entry === undefined ? null : { label: entry, strength: 0.9 };
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

/** What stands right before the value; or, where the value is said to be something ("is", a colon), a little further. */
function before(source: Source, token: Token): Found | null {
  const { words } = source;
  const reach: Reach = { edge: token.at, said: token.word !== token.number, asked: false, links: 0, far: false, id: false, start: null };
  for (let word = token.word - 1; word >= 0 && token.word - word <= FARTHEST_LABEL; word--) {
    const gap = gapBefore(source.text, words.ends[word] ?? 0, reach, token.at);
    if (gap === null) break;
    if (gap === 'says') reach.said = true;
    const label = labelEnding(source, word, reach.said && !reach.asked);
    if (label !== null && !(reach.far && label.tag === 'nothing')) {
      const strength = (reach.far ? 0.6 : 0.95) - (reach.links > 1 ? 0.1 : 0);
      return reach.start === null ? { label, strength } : { label, strength, start: reach.start };
    }
    if (!goesOn(source, word, token, reach)) break;
    reach.edge = words.starts[word] ?? 0;
  }
  return reach.id && !reach.far ? { label: SOME_ID, strength: 0.8 } : null;
}

interface Reach {
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
  start: { readonly word: number; readonly at: number } | null;
}

const SOME_ID: Label = { tag: 'case', needs: 'number', role: null };

/** Takes in a word that is no label; false where none can stand before it. */
function goesOn({ text, words }: Source, word: number, token: Token, reach: Reach): boolean {
  const one = lowerAt(words, word);
  const said = ((words.traits[word] ?? 0) & LABEL_WORD) !== 0;
  const first = word === token.word - 1;
  if (first && one === 'a' && text.charAt(words.ends[word] ?? 0) === ':') reach.asked = true;
  else if (said && NUMBER_WORDS.has(one)) {
    reach.said = true;
    reach.id ||= one === 'id' && first;
  } else if (said && LINKING_WORDS.has(one)) {
    if (one === 'is' || one === 'was') reach.said = true;
    reach.links++;
  } else if ((words.made[word] ?? 0) >= DIGITS) return one === '4' && lowerAt(words, word - 1) === 'last';
  else if (first && areLetters(text, words, word, token.at)) reach.start = { word, at: words.starts[word] ?? 0 };
  else if (reach.links > 0 || reach.said || (one === 'last' && !first)) reach.far ||= one !== 'last' && one !== 'four';
  else return false;
  return true;
}

/** One to three capitals and a blank right before the value: `QW 99812345`. */
function areLetters(text: string, { starts, ends }: Words, word: number, at: number): boolean {
  const start = starts[word] ?? 0;
  const end = ends[word] ?? 0;
  return at - end === 1 && end - start <= 3 && /^[A-Z]+ $/.test(text.slice(start, at));
}

/** Signs that may stand between a label and its value, or null where a sentence, a cell or a line ends between them. */
function gapBefore(text: string, from: number, { edge, asked }: Reach, value: number): 'says' | 'parts' | null {
  if (edge - from > LONGEST_GAP) return null;
  let says = false;
  let feeds = 0;
  for (let at = from; at < edge; at++) {
    const sign = text.charAt(at);
    if (sign === '#' || sign === ':' || sign === '=' || sign === '>') says = true;
    // A label may stand on the line above only where the value opens its own.
    else if (sign === '\n' && (++feeds > 2 || (edge !== value && !asked))) return null;
    else if (sign === ';' || sign === '!' || sign === '&' || ((sign === '?' || sign === ',') && !asked)) return null;
    else if (sign === '.' && (at > from || /[a-z]{5}$/i.test(text.slice(Math.max(0, from - 5), from)))) return null;
    else if (sign === '|' && edge !== value) return null;
  }
  return says || feeds > 0 ? 'says' : 'parts';
}

/** The longest label whose last word is this one. */
function labelEnding({ words }: Source, word: number, numbered: boolean): Label | null {
  if (((words.traits[word] ?? 0) & ENDS_LABEL) === 0) return null;
  const entries = LABELS_BY_LAST_WORD.get(lowerAt(words, word));
  if (entries === undefined) return null;
  for (const { before: rest, label } of entries) {
    if (label.needs === 'number' && !numbered) continue;
    if (rest.every((one, i) => lowerAt(words, word - 1 - i) === one)) return label;
  }
  return null;
}

/** `12345678 (MRN)`. */
function behind(source: Source, { last, end }: Token): Found | null {
  const { words, text } = source;
  const start = words.starts[last + 1];
  if (start === undefined || start - end > 2 || !text.slice(end, start).includes('(')) return null;
  const label = labelEnding(source, last + 1, false);
  return label === null || label.tag === 'nothing' ? null : { label, strength: 0.85 };
}

const LONGEST_ROW = 4_000;
const MOST_COLUMNS = 200;

interface Table {
  readonly separator: string;
  readonly labels: readonly (Label | null)[];
  /** Where the last row known to be of it ends. */
  end: number;
}

/** The head of the column in which a value stands: rows of cells parted by tabs, bars or commas under a line of labels. */
function columnsOf(source: Source): (token: Token) => Found | null {
  const { text } = source;
  let table: Table | null = null;
  /** Before this no further head is looked for: each line is read once. */
  let read = 0;
  let line = { start: -1, end: -1 };
  let column = 0;
  let counted = 0;
  return ({ at }) => {
    if (at < line.start || at >= line.end) {
      const start = Math.max(text.lastIndexOf('\n', at - 1) + 1, at - LONGEST_ROW, 0);
      const feed = text.indexOf('\n', at);
      line = { start, end: feed < 0 ? text.length : feed + 1 };
      table = tableAbove(source, table, read, line);
      read = line.end;
      column = 0;
      counted = start;
    }
    if (table === null || line.end - line.start > LONGEST_ROW) return null;
    for (; counted < at; counted++) if (text[counted] === table.separator) column++;
    const label = table.labels[column] ?? null;
    return label === null ? null : { label, strength: 0.85 };
  };
}

/** The table so far where this line goes on with it, or one whose head stands among the lines since. */
function tableAbove(source: Source, table: Table | null, read: number, line: { start: number; end: number }): Table | null {
  const { text } = source;
  let current = table;
  for (let start = Math.max(read, line.start - LONGEST_ROW); start < line.start;) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed + 1;
    const head = end - start <= LONGEST_ROW ? headOf(source, start, end) : null;
    if (head !== null) current = head;
    else if (current !== null && end - start > 1 && !text.slice(start, end).includes(current.separator)) current = null;
    start = end;
  }
  if (current === null || line.end - line.start > LONGEST_ROW || !text.slice(line.start, line.end).includes(current.separator)) return null;
  current.end = line.end;
  return current;
}

function headOf(source: Source, start: number, end: number): Table | null {
  const { text } = source;
  if (!holdsLabel(source, start, end)) return null;
  const row = text.slice(start, end);
  const separator = row.includes('\t') ? '\t' : row.includes('|') ? '|' : row.includes(',') ? ',' : null;
  if (separator === null || (separator === ',' && !/^[^.!?;]{5,600}$/.test(row.trimEnd()))) return null;
  const cells = row.split(separator, MOST_COLUMNS);
  if (cells.length < 2 || cells.some((cell) => cell.length > 60 || /\d{3}/.test(cell))) return null;
  const labels = cells.map(labelOfCell);
  const most = labels.filter((label) => label !== null).length;
  return most === 0 || (separator === ',' && most < 2) ? null : { separator, labels, end };
}

/** Most lines hold no word that ends a label: they are no head of a table. */
function holdsLabel({ words }: Source, start: number, end: number): boolean {
  const { starts, traits, count } = words;
  for (let word = wordFrom(words, start); word < count && (starts[word] ?? 0) < end; word++)
    if (((traits[word] ?? 0) & ENDS_LABEL) !== 0) return true;
  return false;
}

/** A cell is a label where all its words are: `Patient MRN`, `patient_id`, `Member #`. */
function labelOfCell(cell: string): Label | null {
  const words = cell
    .toLowerCase()
    .replaceAll('#', ' number ')
    .split(/[^\p{L}\d']+/u)
    .filter((word) => word !== '');
  const numbered = words.some((word) => NUMBER_WORDS.has(word));
  const named = words.filter((word) => !NUMBER_WORDS.has(word));
  if (named.length === 0 || named.length > 4) return null;
  const entries = LABELS_BY_LAST_WORD.get(named.at(-1) ?? '') ?? [];
  const backwards = named.slice(0, -1).reverse();
  return (
    entries.find(({ before: rest, label }) => (label.needs === 'alone' || numbered) && rest.every((one, i) => backwards[i] === one))
      ?.label ?? null
  );
}
