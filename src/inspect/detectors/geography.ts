// Geography smaller than a state, 45 CFR 164.514(b)(2)(i)(B): street addresses, post boxes, city with state and ZIP code; and the hospital or
// clinic where somebody was treated, with little confidence, for it says where rather than who.
import type { Role } from '../../mail/finding.ts';
import type { Candidate, Detector } from '../detector.ts';
import { lengthAt, listBit, listsAt } from '../lexicon.ts';
import type { Passage } from '../passage.ts';
import { plainText } from '../identifier.ts';
import { CITY, CITY_BEFORE_ZIP, FACILITY_NAME, nameStart } from '../name-start.ts';
import { digitsIn, lengthIn, signBefore, signBehind, WITH_LETTERS } from '../number-shape.ts';
import { whose } from '../whose.ts';
import { lowerAt, type Words } from '../words.ts';
import { COLON, COMMA, DOLLAR, FULL_STOP, HYPHEN, NUMBER_SIGN, SPACE, digitsFrom, isCapital, isDigit, isLetter } from '../sign-codes.ts';

const STREET_WORDS = new Set(
  'street st avenue ave av boulevard blvd road rd drive dr lane ln court ct place pl circle cir way terrace ter trail trl parkway pkwy highway hwy square sq loop plaza alley aly crescent cres row run pike turnpike tpke route path crossing xing commons walk'.split(
    ' ',
  ),
);
const STATES = new Set(
  'AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY PR VI GU AS MP'.split(
    ' ',
  ),
);
const TAIL =
  /^\.?,?(?:[ \n]*(?:apt|apartment|unit|suite|ste|floor|fl|#|no|bldg|room|rm)\.? ?#?[\w-]{1,6},?)?(?:[ \n]+(?:[A-Z][\w.'’-]{1,20} ){0,2}[A-Z][\w.'’-]{1,24},? +(?:[A-Z]{2}|[A-Z][a-z]{3,12}(?: [A-Z][a-z]{3,9})?),? *(?:\d{5}(?:-\d{4})?)?|,?[ \n]*\d{5}(?:-\d{4})?\b)?/;
const FACILITY = listBit('facility');
const STATE = listBit('state');

export const geographyDetector: Detector = {
  name: 'geography',
  samples: {
    hits: [
      '1234 Main Street, Springfield, IL 62704',
      'lives at 12 Oak Ave Apt 4',
      'Address: 77 W. Elm St., Boston, MA 02110-1234',
      'P.O. Box 1234, Salem, OR 97301',
      'She moved to Springfield, IL 62704',
      'treated at Mercy General Hospital',
      '8885 Maple Drive, Ashland, PA 38585',
      '221B Baker Street',
      'from Dayton, OH',
      'ZIP code: 62704-1234',
    ],
    misses: [
      'version 12 Drive C',
      'the hospital is far',
      '10 ways to save',
      'section 12 court',
      'I have 2 or 3 places to be',
      'OK, 12345 items',
      '3 runs in the square',
      'In 1998 Road was a word',
    ],
  },
  detect(passage, _surroundings, add) {
    const { words, numbers } = passage;
    let past = 0;
    for (let i = 0; i < numbers.length; i++) {
      const number = numbers[i] ?? 0;
      const shape = words.shapes[i] ?? 0;
      const found =
        streetAt(passage, number, shape) ?? boxAt(passage, number, shape) ?? (digitsIn(shape) === 5 ? zipAt(passage, number) : null);
      if (found === null || (words.starts[number] ?? 0) < past) continue;
      past = found.end;
      const { at, end, confidence, reason } = found;
      add(place(passage, at, end, confidence, whose(passage, number), reason));
    }
    places(passage, add);
  },
};

interface Found {
  readonly at: number;
  readonly end: number;
  readonly confidence: number;
  readonly reason: string;
}

function place({ text }: Passage, at: number, end: number, confidence: number, role: Role, reason: string): Candidate {
  const value = plainText(text, at, end, ' ').toLowerCase();
  return { axis: 'who', kind: 'geography', at, length: end - at, confidence, role, reason, value, labels: [] };
}

const MOST_NUMBER = 6;

/** A number, up to four words with capitals, a word for street; with the city behind. */
function streetAt({ text, words }: Passage, number: number, shape: number): Found | null {
  if (signBehind(shape) !== SPACE || !mayBeHouse(shape)) return null;
  const { starts, ends, codes, count } = words;
  const at = starts[number] ?? 0;
  if (!isHouse(codes, at, ends[number] ?? 0)) return null;
  for (let i = number + 1, edge = ends[number] ?? 0; i < Math.min(count, number + 6); i++) {
    const start = starts[i] ?? 0;
    const first = codes[start] ?? 0;
    const capital = isCapital(first) || isDigit(first);
    if ((!capital && i === number + 1) || !joinsStreet(codes, edge, start, i > number + 1)) return null;
    if (i > number + 1 && isStreet(words, i, capital)) {
      const end = ends[i] ?? 0;
      const tail = TAIL.exec(text.slice(end, end + 100))?.[0] ?? '';
      const zip = /\d{5}/.test(tail);
      return { at, end: end + tail.trimEnd().length, confidence: zip ? 0.9 : 0.7, reason: 'street' };
    }
    if (!capital) return null;
    edge = ends[i] ?? 0;
  }
  return null;
}

/** Six digits at most, or a letter behind them; not in the middle of a longer number, no amount. */
function mayBeHouse(shape: number): boolean {
  const length = lengthIn(shape);
  const before = signBefore(shape);
  if (length > MOST_NUMBER + 1 || before === DOLLAR || before === COLON || (before >= HYPHEN && before <= HYPHEN + 2)) return false;
  return (shape & WITH_LETTERS) !== 0 || length <= MOST_NUMBER;
}

/** One letter behind the digits at most: `221B`. */
function isHouse(codes: Uint16Array, at: number, end: number): boolean {
  for (let i = at; i < end - 1; i++) if (!isDigit(codes[i] ?? 0)) return false;
  const last = codes[end - 1] ?? 0;
  return isDigit(last) || (end - at > 1 && isLetter(last));
}

/** A blank or two; behind what is abbreviated a point and a blank. */
function joinsStreet(codes: Uint16Array, from: number, to: number, abbreviated: boolean): boolean {
  if (to - from > 2) return false;
  const first = codes[from] ?? 0;
  if (to - from === 1) return first === SPACE;
  return codes[from + 1] === SPACE && (first === SPACE || (abbreviated && first === FULL_STOP));
}

function isStreet(words: Words, word: number, capital: boolean): boolean {
  const lower = lowerAt(words, word);
  return (capital || lower.length > 4) && STREET_WORDS.has(lower);
}

function boxAt({ text, words }: Passage, number: number, shape: number): Found | null {
  const sign = signBefore(shape);
  if ((sign !== SPACE && sign !== NUMBER_SIGN) || number === 0 || !endsBox(words, number - 1)) return null;
  if (lowerAt(words, number - 1) !== 'box') return null;
  const at = words.starts[number] ?? 0;
  const head = /(?:P\.? ?O\.?|post office) ?box (?:no\.? |# ?)?$/i.exec(text.slice(Math.max(0, at - 24), at));
  if (head === null) return null;
  const end = words.ends[number] ?? 0;
  const tail = TAIL.exec(text.slice(end, end + 100))?.[0] ?? '';
  return { at: at - head[0].length, end: end + tail.trimEnd().length, confidence: 0.6, reason: 'post-box' };
}

/** Three letters, the last an x: nearly all words are told from it so. */
function endsBox({ starts, ends, codes }: Words, word: number): boolean {
  const end = ends[word] ?? 0;
  const last = codes[end - 1] ?? 0;
  return (last === 120 || last === 88) && end - (starts[word] ?? 0) === 3;
}

/** A ZIP code behind city and state, or with its four digits more. */
function zipAt({ text, words }: Passage, number: number): Found | null {
  const at = words.starts[number] ?? 0;
  const end = words.ends[number] ?? 0;
  const more = words.codes[end] === HYPHEN && digitsFrom(words.codes, end + 1) === 4 ? 5 : 0;
  const city = cityOfState(text, words, stateBefore(words.codes, at), at);
  if (city >= 0) return { at: city, end: end + more, confidence: 0.7, reason: 'city' };
  const labelled = endsZip(text, at) && /\bzip(?: ?code)?[ :]*$/i.test(text.slice(Math.max(0, at - 12), at));
  if (!labelled && (more === 0 || !STATES.has(lowerAt(words, number - 1).toUpperCase()))) return null;
  return { at, end: end + more, confidence: more > 0 ? 0.6 : 0.45, reason: 'zip' };
}

/** Where two capitals begin, behind a blank, and before blanks with a comma or without; -1 where none do. */
function stateBefore(codes: Uint16Array, at: number): number {
  let end = at;
  while (end > 3 && codes[end - 1] === SPACE) end--;
  if (end === at) return -1;
  if (codes[end - 1] === COMMA) end--;
  return end > 2 && isCapital(codes[end - 1] ?? 0) && isCapital(codes[end - 2] ?? 0) && codes[end - 3] === SPACE ? end - 2 : -1;
}

/** Where the name of a city begins before a state, a comma between or none; -1 where there is none. */
function cityOfState(text: string, { codes }: Words, state: number, zip: number): number {
  if (state < 0 || !STATES.has(text.slice(state, state + 2))) return -1;
  let end = state;
  while (end > 1 && codes[end - 1] === SPACE) end--;
  if (codes[end - 1] === COMMA) end--;
  return nameStart(codes, end, Math.max(0, zip - FARTHEST_CITY), CITY_BEFORE_ZIP);
}

/** What ends as "zip" or "code" does, before blanks and colons. */
function endsZip(text: string, at: number): boolean {
  let end = at;
  while (end > at - 12 && (text.charCodeAt(end - 1) === SPACE || text.charCodeAt(end - 1) === COLON)) end--;
  const last = text.charCodeAt(end - 1) | 32;
  return last === 112 || last === 101;
}

/** How far back each may begin. */
const FARTHEST_CITY = 90;
const FARTHEST_CITY_ALONE = 70;
const FARTHEST_NAME = 90;

/** City and state without ZIP code, and places of care by name: both by the lists of the lexicon. */
function places(passage: Passage, add: (candidate: Candidate) => void): void {
  const { words } = passage;
  for (let word = 0; word < words.count; word++) {
    if (((words.lists[word] ?? 0) & (FACILITY | STATE)) === 0) continue;
    const lists = listsAt(words, word);
    const found = (lists & STATE) !== 0 ? cityBefore(passage, word) : (lists & FACILITY) !== 0 ? facilityAt(passage, word) : null;
    if (found !== null) add(found);
  }
}

/** `from Dayton, OH` */
function cityBefore(passage: Passage, word: number): Candidate | null {
  const { text, words } = passage;
  const at = words.starts[word] ?? 0;
  if (at < 2 || words.codes[at - 1] !== SPACE || words.codes[at - 2] !== COMMA) return null;
  const end = words.ends[word + lengthAt(words, word) - 1] ?? 0;
  const written = text.slice(at, end);
  if (written.length <= 3 && !STATES.has(written)) return null;
  const city = nameStart(words.codes, at - 2, Math.max(0, at - FARTHEST_CITY_ALONE), CITY);
  if (city < 0 || /^ +\d{5}/.test(text.slice(end, end + 9))) return null;
  return place(passage, city, end, 0.45, whose(passage, word), 'city');
}

function facilityAt(passage: Passage, word: number): Candidate | null {
  const { text, words } = passage;
  const at = words.starts[word] ?? 0;
  if (!isCapital(words.codes[at] ?? 0)) return null;
  const count = lengthAt(words, word);
  const end = words.ends[word + count - 1] ?? 0;
  const start =
    at > 0 && words.codes[at - 1] === SPACE ? nameStart(words.codes, at - 1, Math.max(0, at - FARTHEST_NAME), FACILITY_NAME) : -1;
  const before = start < 0 ? '' : text.slice(start, at);
  const name = /^(?:The|A|An|This|Our|Your|In|At|For|of|the) $/i.test(before) ? '' : before;
  // Several words with capitals are the name of one by themselves ("Cleveland Clinic"), one word only behind a name.
  if (name === '' && (count < 2 || !/ [A-Z]/.test(text.slice(at, end)))) return null;
  // The facility is where somebody was; its own telephone or address belongs to it, so only signature and footer take its name away.
  const role = whose(passage, word);
  return place(passage, at - name.length, end, 0.35, role === 'provider' ? 'unknown' : role, 'facility');
}
