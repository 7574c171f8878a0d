// Telephone and fax numbers, 45 CFR 164.514(b)(2)(i)(D) and (E), by the rules of the North American Numbering Plan (ATIS-0300055: area and
// exchange begin with 2-9, neither is N11; toll-free areas), others with a plus sign (E.164) or a label.
import type { Role } from '../../mail/finding.ts';
import type { Detector } from '../detector.ts';
import { identifier, labelsInOrder } from '../identifier.ts';
import { firstIn, lengthIn, signBefore, signBehind, WITH_LETTERS } from '../number-shape.ts';
import type { Passage } from '../passage.ts';
import { whose } from '../whose.ts';
import { CLOSING_BRACKET, DOLLAR, FULL_STOP, HYPHEN, OPENING_BRACKET, PLUS, SLASH, SPACE, isDigit } from '../sign-codes.ts';

const NANP = /(?:1[-. ]?)?\(?(\d{3})(\) ?[-.]?|[-. /]|)(\d{3})([-. ]|)(\d{4})(?![\d-])/y;
const INTERNATIONAL = /\d{1,3}(?:[ .-]?\(?\d{1,5}\)?){2,6}(?!\d)/y;
const LOCAL = /\d{3}[-. ]\d{4}(?![\d-])/y;
const TOLL_FREE = /^8(?:00|33|44|55|66|77|88)|^900/;

export const phoneDetector: Detector = {
  name: 'phone',
  samples: {
    hits: [
      'Phone: (617) 555-0142',
      'call her at 617-555-0142',
      'cell 617.555.0142',
      'Patient phone: 6175550142',
      '+1 (617) 555-0142',
      'tel. +44 20 7946 0018',
      'home: 555-0142',
      'Fax: 617-555-0143',
      'mobile\n617 555 0142',
      'Name\tPhone\nAnn Poe\t6175550142',
      'reach him on +49 30 901820',
    ],
    misses: [
      'version 1.617.5550',
      'order 6175550142',
      'ISBN 978-0-306-40615-7',
      'IP 192.168.100.2001',
      '2024-01-15 to 2024-02-15',
      'SSN 219-09-9999',
      'price 617,555.01',
      'pages 100-1234',
      'Message-ID 20021010123456',
      'RFC 2822-2001',
    ],
  },
  detect(passage, _surroundings, add) {
    const { words, numbers } = passage;
    const labelOf = labelsInOrder(passage);
    let past = 0;
    for (let i = 0; i < numbers.length; i++) {
      if (!mayBegin(words.shapes[i] ?? 0)) continue;
      const number = numbers[i] ?? 0;
      if ((words.starts[number] ?? 0) < past) continue;
      const label = labelOf(number);
      if (label !== null && label.tag !== 'phone' && label.tag !== 'fax') continue;
      // The fax of "Phone: 617-555-0142 Fax: ..." is told by its own word, right before.
      const found = numberAt(passage, number, label !== null && label.strength > 0.8);
      if (found === null) continue;
      past = found.end;
      const who = whose(passage, number);
      const said: Role = found.reason === 'toll-free' && who !== 'patient' ? 'public' : who;
      add(identifier(passage, label?.tag === 'fax' ? 'fax' : 'phone', found, { ...found, role: said }));
    }
  },
};

interface Found {
  readonly at: number;
  readonly end: number;
  readonly confidence: number;
  readonly reason: string;
}

const FEWEST_ABROAD = 8;
const LONGEST_ABROAD = 32;

/** Behind a plus sign; or by as many digits as the first group has, or all of them, with what goes on to the next. */
function mayBegin(shape: number): boolean {
  const before = signBefore(shape);
  if (before === PLUS || before === OPENING_BRACKET) return true;
  if (before === HYPHEN || before === SLASH || before === DOLLAR) return false;
  const behind = signBehind(shape);
  const parts = behind === SPACE || behind === HYPHEN || behind === FULL_STOP;
  switch (lengthIn(shape)) {
    case 1:
      return firstIn(shape) === 49 && (parts || behind === OPENING_BRACKET);
    case 3:
      return (shape & WITH_LETTERS) === 0 && (parts || behind === SLASH || behind === CLOSING_BRACKET);
    case 6:
      return (shape & WITH_LETTERS) === 0 && parts;
    case 10:
      return (shape & WITH_LETTERS) === 0;
    case 11:
      return isDigit(firstIn(shape));
    default:
      return false;
  }
}

function numberAt({ text, words }: Passage, number: number, labelled: boolean): Found | null {
  const start = words.starts[number] ?? 0;
  const length = (words.ends[number] ?? 0) - start;
  const sign = text.charAt(start - 1);
  if (sign === '+' || (sign === '(' && text.charAt(start - 2) === '+'))
    return abroad(text, start) ?? national(text, start, length, labelled);
  if (sign === '-' || sign === '.' || sign === '/' || sign === '$' || sign === '=') {
    if (sign !== '=' && !(sign === '.' && text.charAt(start - 2) > '9')) return null;
  }
  return national(text, start, length, labelled) ?? (labelled ? local(text, start, length) : null);
}

function national(text: string, start: number, length: number, labelled: boolean): Found | null {
  if (length !== 3 && length !== 10 && length !== 1 && length !== 11 && length !== 6) return null;
  NANP.lastIndex = start;
  const [whole, area = '', first = '', exchange = '', second = '', line = ''] = NANP.exec(text) ?? [];
  if (whole === undefined) return null;
  const at = text.charAt(start - 1) === '(' ? start - 1 : start;
  const end = start + whole.length;
  const plain = first === '' && second === '';
  // Ten digits in a row are many things; with one sign between, too.
  if ((plain || (first === '') !== (second === '')) && !labelled) return null;
  if (first === ' ' && second === ' ' && !labelled && text.charAt(start - 2) !== '+') return null;
  if ((first === '/' || first === '.') && second !== '.' && second !== '-' && !labelled) return null;
  if (TOLL_FREE.test(area)) return { at, end, confidence: 0.7, reason: 'toll-free' };
  const valid = /^[2-9](?!9)\d\d$/.test(area) && !area.endsWith('11') && /^[2-9]\d\d$/.test(exchange) && !exchange.endsWith('11');
  const familiar = first !== '' && second !== '' && area !== '000' && line !== '0000';
  if (!valid && !labelled && !familiar) return null;
  return { at, end, confidence: (labelled ? 0.95 : 0.8) * (valid ? 1 : 0.75), reason: labelled ? 'labelled' : 'numbering-plan' };
}

/** With a plus sign: 8 to 15 digits (E.164). */
function abroad(text: string, start: number): Found | null {
  if (!hasManyDigits(text, start)) return null;
  INTERNATIONAL.lastIndex = start;
  const whole = INTERNATIONAL.exec(text.slice(0, start + LONGEST_ABROAD))?.[0];
  if (whole === undefined) return null;
  const digits = whole.replace(/\D/g, '');
  if (digits.length < FEWEST_ABROAD || digits.length > 15 || digits.startsWith('0')) return null;
  const tollFree = digits.startsWith('1') && TOLL_FREE.test(digits.slice(1));
  return { at: start - 1, end: start + whole.length, confidence: 0.85, reason: tollFree ? 'toll-free' : 'international' };
}

/** As many as a number with its country has at least, blanks and signs between. */
function hasManyDigits(text: string, start: number): boolean {
  let digits = 0;
  for (let at = start; at < start + LONGEST_ABROAD && digits < FEWEST_ABROAD; at++) {
    const code = text.charCodeAt(at);
    if (isDigit(code)) digits++;
    else if (code !== SPACE && code !== HYPHEN && code !== FULL_STOP && code !== OPENING_BRACKET && code !== CLOSING_BRACKET) return false;
  }
  return digits === FEWEST_ABROAD;
}

function local(text: string, start: number, length: number): Found | null {
  if (length !== 3) return null;
  LOCAL.lastIndex = start;
  const whole = LOCAL.exec(text)?.[0];
  return whole === undefined || !/^[2-9]/.test(whole)
    ? null
    : { at: start, end: start + whole.length, confidence: 0.7, reason: 'labelled' };
}
