// Geography smaller than a state, 45 CFR 164.514(b)(2)(i)(B): street addresses, post boxes, city with state and ZIP code; and the hospital or
// clinic where somebody was treated, with little confidence, for it says where rather than who.
import type { Role } from '../../mail/finding.ts';
import type { Candidate, Detector } from '../detector.ts';
import { lengthAt, listBit, listsAt } from '../lexicon.ts';
import type { Passage } from '../passage.ts';
import { whose } from '../whose.ts';
import { lowerAt } from '../words.ts';

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
const CITY_STATE_ZIP = /((?:[A-Z][\w.'’-]{1,20} ){0,3}[A-Z][\w.'’-]{1,24}),? +([A-Z]{2}),? +$/;
const CITY_STATE = /((?:[A-Z][\w.'’-]{1,20} ){0,2}[A-Z][\w.'’-]{1,24}), $/;
const FACILITY_NAME = /((?:[A-Z][\w.'’&-]{0,24}|St\.|of|the|for) ){1,5}$/;
const SPACE = 32;
const COMMA = 44;
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
    const { text, words, numbers } = passage;
    let past = 0;
    for (const number of numbers) {
      if ((words.starts[number] ?? 0) < past) continue;
      const found = streetAt(passage, number) ?? boxAt(passage, number) ?? zipAt(passage, number);
      if (found === null) continue;
      past = found.end;
      const { at, end, confidence, reason } = found;
      add(place(text, at, end, confidence, whose(passage, number), reason));
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

function place(text: string, at: number, end: number, confidence: number, role: Role, reason: string): Candidate {
  const value = text
    .slice(at, end)
    .toLowerCase()
    .replace(/[^\p{L}\d]+/gu, ' ');
  return { axis: 'who', kind: 'geography', at, length: end - at, confidence, role, reason, value, labels: [] };
}

/** A number, up to four words with capitals, a word for street; with the city behind. */
function streetAt({ text, words }: Passage, number: number): Found | null {
  const at = words.starts[number] ?? 0;
  if (text.charCodeAt(words.ends[number] ?? 0) !== SPACE) return null;
  if (!/^\d{1,6}[a-z]?$/.test(lowerAt(words, number)) || /[-/.:$\d]/.test(text.charAt(at - 1))) return null;
  let edge = words.ends[number] ?? 0;
  for (let i = number + 1; i < Math.min(words.count, number + 6); i++) {
    const start = words.starts[i] ?? 0;
    const gap = text.slice(edge, start);
    if (gap !== ' ' && gap !== '  ' && (gap !== '. ' || i === number + 1)) return null;
    const lower = lowerAt(words, i);
    const capital = /^[A-Z\d]/.test(text.charAt(start));
    if (i > number + 1 && STREET_WORDS.has(lower) && (capital || lower.length > 4)) {
      const end = words.ends[i] ?? 0;
      const tail = TAIL.exec(text.slice(end, end + 100))?.[0] ?? '';
      const zip = /\d{5}/.test(tail);
      return { at, end: end + tail.trimEnd().length, confidence: zip ? 0.9 : 0.7, reason: 'street' };
    }
    if (!capital) return null;
    edge = words.ends[i] ?? 0;
  }
  return null;
}

function boxAt({ text, words }: Passage, number: number): Found | null {
  if (lowerAt(words, number - 1) !== 'box') return null;
  const at = words.starts[number] ?? 0;
  const head = /(?:P\.? ?O\.?|post office) ?box (?:no\.? |# ?)?$/i.exec(text.slice(Math.max(0, at - 24), at));
  if (head === null) return null;
  const end = words.ends[number] ?? 0;
  const tail = TAIL.exec(text.slice(end, end + 100))?.[0] ?? '';
  return { at: at - head[0].length, end: end + tail.trimEnd().length, confidence: 0.6, reason: 'post-box' };
}

/** A ZIP code behind city and state, or with its four digits more. */
function zipAt({ text, words }: Passage, number: number): Found | null {
  const at = words.starts[number] ?? 0;
  const end = words.ends[number] ?? 0;
  if (end - at !== 5 || words.made[number] !== 2) return null;
  const more = /^-\d{4}(?!\d)/.test(text.slice(end, end + 6)) ? 5 : 0;
  const [whole, , state = ''] = CITY_STATE_ZIP.exec(text.slice(Math.max(0, at - 90), at)) ?? [];
  if (whole !== undefined && STATES.has(state)) return { at: at - whole.length, end: end + more, confidence: 0.7, reason: 'city' };
  const labelled = /\bzip(?: ?code)?[ :]*$/i.test(text.slice(Math.max(0, at - 12), at));
  if (!labelled && (more === 0 || !STATES.has(lowerAt(words, number - 1).toUpperCase()))) return null;
  return { at, end: end + more, confidence: more > 0 ? 0.6 : 0.45, reason: 'zip' };
}

/** City and state without ZIP code, and places of care by name: both by the lexicon's hits. */
function places(passage: Passage, add: (candidate: Candidate) => void): void {
  const { text, words } = passage;
  for (let word = 0; word < words.count; word++) {
    const lists = listsAt(words, word);
    if ((lists & (FACILITY | STATE)) === 0) continue;
    const count = lengthAt(words, word);
    const at = words.starts[word] ?? 0;
    const end = words.ends[word + count - 1] ?? 0;
    if ((lists & STATE) !== 0) {
      if (text.charCodeAt(at - 1) !== SPACE || text.charCodeAt(at - 2) !== COMMA) continue;
      const city = CITY_STATE.exec(text.slice(Math.max(0, at - 70), at))?.[1];
      const written = text.slice(at, end);
      if (city !== undefined && (STATES.has(written) || written.length > 3) && !/^ +\d{5}/.test(text.slice(end, end + 9))) {
        add(place(text, at - city.length - 2, end, 0.45, whose(passage, word), 'city'));
      }
      continue;
    }
    const first = text.charCodeAt(at);
    if (first < 65 || first > 90) continue;
    const before = text.charCodeAt(at - 1) === SPACE ? (FACILITY_NAME.exec(text.slice(Math.max(0, at - 90), at))?.[0] ?? '') : '';
    const name = /^(?:The|A|An|This|Our|Your|In|At|For|of|the) $/i.test(before) ? '' : before;
    // Several words with capitals are the name of one by themselves ("Cleveland Clinic"), one word only behind a name.
    if (name === '' && (count < 2 || !/ [A-Z]/.test(text.slice(at, end)))) continue;
    // The facility is where somebody was; its own telephone or address belongs to it, so only signature and footer take its name away.
    const role = whose(passage, word);
    add(place(text, at - name.length, end, 0.35, role === 'provider' ? 'unknown' : role, 'facility'));
  }
}
