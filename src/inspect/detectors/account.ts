// Numbers of accounts and cards, 45 CFR 164.514(b)(2)(i)(J): cards by Luhn and issuer, IBAN by its check digits, others by label.
// Invoices, orders and customers have numbers too: those are of a sale, not of a person.
import type { Detector } from '../detector.ts';
import { isIban, isRoutingNumber, passesLuhn } from '../digits.ts';
import { identifier, inAddress, labelsInOrder, looksIssued, roleOf, taggedAs } from '../identifier.ts';
import { firstIn, lengthIn, signBefore, signBehind, WITH_LETTERS } from '../number-shape.ts';
import type { Passage } from '../passage.ts';
import { whose } from '../whose.ts';
import { FULL_STOP, HYPHEN, SPACE, digitsFrom, isCapital, isDigit } from '../sign-codes.ts';

const CARD = /(?:\d{4}([- ])\d{4}\1\d{4}\1\d{1,7}|3\d{3}([- ])\d{6}\2\d{5}|\d{13,19})(?![-\d])/y;
/** Issuers by their first digits (ISO/IEC 7812): Visa, Mastercard, American Express, Discover, Diners, JCB. */
const ISSUER =
  /^(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d{2}|7[01]\d|720)\d{12}|3[47]\d{13}|6(?:011|5\d{2}|4[4-9]\d)\d{12}|3(?:0[0-5]|[68]\d)\d{11}|35\d{14})$/;
const IBAN_AT = /[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){2,7}(?: ?[A-Z\d]{1,3})?(?![A-Z\d])/y;

export const accountDetector: Detector = {
  name: 'account',
  samples: {
    hits: [
      'Account number: 004512345',
      'guarantor account # 99812345',
      'Visa 4111 1111 1111 1111',
      'card 5555-5555-5555-4444 exp 01/30',
      'IBAN GB29 NWBK 6016 1331 9268 19',
      'Acct: 8837712',
      'amex 378282246310005',
      'Routing 021000021, checking account 10322179',
      'paid with 4012888888881881',
    ],
    misses: [
      'Invoice no. 004512345',
      'Order 4111111111111112',
      'account 3 of 5',
      'on account of 2 people',
      'tracking 1Z999AA10123456784',
      'your account was updated in 2024',
      'ISBN 9780306406157',
      'timestamp 1700000000000',
      'Customer number 100234',
    ],
  },
  detect(passage, _surroundings, add) {
    const { words, numbers } = passage;
    const labelOf = labelsInOrder(passage);
    let past = 0;
    for (let i = 0; i < numbers.length; i++) {
      const shape = words.shapes[i] ?? 0;
      const card = mayBeCard(shape);
      if (!card && !mayBeIban(shape)) continue;
      const number = numbers[i] ?? 0;
      if ((words.starts[number] ?? 0) < past) continue;
      const found = card ? cardAt(passage, number, labelOf(number)?.tag ?? null) : ibanAt(passage, number);
      if (found === null) continue;
      past = found.end;
      const role = whose(passage, number);
      add(identifier(passage, 'account', found, { confidence: found.confidence, role, reason: 'check-digit' }));
    }
    past = 0;
    for (const [one, value] of taggedAs(passage, ['account'])) {
      if (!looksIssued(value, 5) || inAddress(passage, one) || isIban(value)) continue;
      const confidence = isRoutingNumber(value) ? 0.3 : one.strength * 0.7;
      add(identifier(passage, 'account', one, { confidence, role: roleOf(passage, one), reason: 'labelled' }));
    }
  },
};

interface Found {
  readonly at: number;
  readonly end: number;
  readonly confidence: number;
}

/** Four digits and a sign that goes on to more, or thirteen to nineteen in a row. */
function mayBeCard(shape: number): boolean {
  const length = lengthIn(shape);
  if (length !== 4 && (length < 13 || length > 19)) return false;
  const [before, behind] = [signBefore(shape), signBehind(shape)];
  if (before === HYPHEN || before === FULL_STOP || !isDigit(firstIn(shape))) return false;
  return length > 4 || ((shape & WITH_LETTERS) === 0 && (behind === SPACE || behind === HYPHEN));
}

/** Enough digits, or a second group of as many as cards have. */
function goesOnAsCard(codes: Uint16Array, at: number, length: number): boolean {
  if (length > 4) return digitsFrom(codes, at) >= 13;
  const second = digitsFrom(codes, at + 5);
  return second === 4 || second === 6;
}

/** Two capitals before its first digits. */
function mayBeIban(shape: number): boolean {
  return (shape & WITH_LETTERS) !== 0 && lengthIn(shape) >= 4 && isCapital(firstIn(shape));
}

function cardAt({ text, words }: Passage, number: number, tag: string | null): Found | null {
  const at = words.starts[number] ?? 0;
  const length = (words.ends[number] ?? 0) - at;
  if (tag === 'nothing' || tag === 'phone') return null;
  if (!goesOnAsCard(words.codes, at, length)) return null;
  CARD.lastIndex = at;
  const value = CARD.exec(text)?.[0];
  if (value === undefined) return null;
  const digits = value.replace(/\D/g, '');
  const known = ISSUER.test(digits) && passesLuhn(digits);
  if (!known && (tag !== 'card' || length > 4)) return null;
  const grouped = value.length > digits.length;
  return { at, end: at + value.length, confidence: tag === 'card' ? (known ? 0.9 : 0.5) : grouped ? 0.75 : 0.5 };
}

function ibanAt({ text, words }: Passage, number: number): Found | null {
  const at = words.starts[number] ?? 0;
  if (!isCapital(words.codes[at + 1] ?? 0) || !isDigit(words.codes[at + 2] ?? 0)) return null;
  IBAN_AT.lastIndex = at;
  const value = IBAN_AT.exec(text)?.[0];
  return value === undefined || !isIban(value) ? null : { at, end: at + value.length, confidence: 0.85 };
}
