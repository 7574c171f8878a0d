// Codes of health care: diagnoses (ICD-10-CM), services (CPT, HCPCS), drugs (NDC, RxNorm), observations (LOINC), concepts (SNOMED CT). A code
// counts by its grammar, by its code set or check digit, and by a label or company: "B12" and "A4" are codes only among others of the kind.
import { raised } from '../company.ts';
import type { Candidate, Detector } from '../detector.ts';
import { isLoinc, isSnomed } from '../code-check-digits.ts';
import { icd10Longest } from '../icd10-categories.ts';
import { labelsOfIcd10 } from '../labels.ts';
import { textBefore } from '../near.ts';
import { firstIn, lengthIn, signBefore, signBehind, WITH_LETTERS } from '../number-shape.ts';
import type { Passage } from '../passage.ts';
import { CODE_LABEL } from '../word-traits.ts';
import type { Words } from '../words.ts';
import { AT_SIGN, HYPHEN, LOW_LINE, NUMBER_SIGN, SLASH, digitsFrom, isDigit, isLetter } from '../sign-codes.ts';

export const codeDetector: Detector = {
  name: 'code',
  samples: {
    hits: [
      'Dx: E11.9, I10',
      'Diagnosis code F32.1 on the claim',
      'essential hypertension (I10)',
      'ICD-10: Z34.90',
      'CPT 99213, 93000',
      'BILLING CODES: 99215, J3490',
      'NDC 0591-3740-01',
      'HCPCS J1100 was denied',
      'LOINC 4548-4',
      'SNOMED 44054006',
      'RxCUI: 860975',
      'diag,M54.50,low back pain',
    ],
    misses: [
      'Print it on A4, room B12, row C10.',
      'Chapter E11.9 of the manual, figure K12',
      'The post code is M54 5AB.',
      'Part number J3490-22 is out of stock.',
      'Order 99213 shipped to ZIP 93000.',
      'See section 4548-4 of the contract.',
      'Colour #E11900 on B20 steel',
      'Route I10 is closed, take Z34.',
      'C3PO and R2D2, seat F32',
      'ISBN 44054006, call 0591-3740-01',
    ],
  },
  detect(passage, _surroundings, add) {
    const { words, numbers } = passage;
    const labels: Labels = { words, read: 0, last: -1 };
    let before = -100;
    for (let i = 0; i < numbers.length; i++) {
      const shape = words.shapes[i] ?? 0;
      if (!mayBeCode(shape)) continue;
      const word = numbers[i] ?? 0;
      const found = (shape & WITH_LETTERS) !== 0 ? ofLetters(passage, word) : ofDigits(passage, word, shape, labels);
      if (found === null) continue;
      const near = passage.health.company.around(word);
      // Codes stand in lists: one a few words before this one lends it some of its own.
      const row = word - before <= 6 ? 0.4 : 0;
      const confidence = found.sure >= 0.9 ? found.sure : raised(found.sure, found.needs === 'label' ? (near + row) / 6 : near / 2 + row);
      if (confidence < 0.4) continue;
      before = word;
      add(candidateOf(found, Math.min(0.95, confidence)));
    }
  },
};

interface Code {
  readonly at: number;
  readonly length: number;
  readonly sure: number;
  /** What it is nothing without. */
  readonly needs: 'company' | 'label';
  readonly reason: string;
  readonly value: string;
}

function candidateOf({ at, length, reason, value }: Code, confidence: number): Candidate {
  const labels = reason.startsWith('icd') ? labelsOfIcd10(value.slice(0, 3)) : [];
  return { axis: 'health', kind: 'code', at, length, confidence, role: null, reason, value, labels };
}

const LONGEST = 18;
const LONGEST_CODE = 7;

/** By what it begins with and stands between; behind some signs it is part of something longer: a path, a version, a colour, an address. */
function mayBeCode(shape: number): boolean {
  const before = signBefore(shape);
  if (before === NUMBER_SIGN || (before >= HYPHEN && before <= SLASH) || before === AT_SIGN || before === LOW_LINE) return false;
  const length = lengthIn(shape);
  if (length > LONGEST) return false;
  if ((shape & WITH_LETTERS) !== 0) return isLetter(firstIn(shape));
  // Too short for all but what goes on behind a hyphen.
  return signBehind(shape) === HYPHEN ? length <= 5 : length >= 4;
}

const ICD = /^([A-TV-Z]\d[0-9AB])(?:\.([0-9A-Z]{1,4}))?(?![\w-]|\.\d)/i;
const HCPCS = /^[A-V]\d{4}$/;
const BARE_ICD = /^[A-TV-Z]\d[0-9AB][0-9A-Z]{1,4}$/;
const NDC = /^(?:\d{4}-\d{4}-\d{2}|\d{5}-\d{3}-\d{2}|\d{5}-\d{4}-\d{1,2})(?![\w-])/;

const DX_LABEL = /\b(?:icd(?:[- ]?(?:10|9))?(?:[- ]?cm)?|dx|diag(?:nos[ie]s)?|codes?|a\d\d)\b[^\n]{0,30}$/i;
const SURE_DX_LABEL = /\b(?:icd(?:[- ]?(?:10|9))?(?:[- ]?cm)?|dx|diag(?:nos[ie]s)?)\b[^\n]{0,60}$/i;
const SERVICE_LABEL = /\b(?:cpt|hcpcs|procedure codes?|billing codes?|service codes?|proc)\b[^\n]{0,60}$/i;

function ofLetters({ text, words }: Passage, word: number): Code | null {
  const at = words.starts[word] ?? 0;
  const length = codeLength(words.codes, at);
  if (length === 3) {
    const icd = ICD.exec(text.slice(at, at + 24));
    return icd === null ? null : ofIcd(text, at, icd);
  }
  if (length < 4) return null;
  const value = text.slice(at, at + length);
  if (HCPCS.test(value)) return ofService(text, at, value);
  if (!BARE_ICD.test(value) || !longEnough(value) || !SURE_DX_LABEL.test(textBefore(text, at, 80))) return null;
  return { at, length, sure: 0.9, needs: 'label', reason: 'icd-10-labelled', value };
}

/** How many letters and digits stand here, beginning as a code does: a letter, a digit, a digit or A or B. 0 of another or a longer word. */
function codeLength(codes: Uint16Array, at: number): number {
  const third = codes[at + 2] ?? 0;
  if (!isDigit(codes[at + 1] ?? 0) || !(isDigit(third) || (third | 32) === 97 || (third | 32) === 98)) return 0;
  let end = at + 3;
  while (end <= at + LONGEST_CODE && (isDigit(codes[end] ?? 0) || isLetter(codes[end] ?? 0))) end++;
  return end > at + LONGEST_CODE || codes[end] === HYPHEN || codes[end] === LOW_LINE ? 0 : end - at;
}

function ofService(text: string, at: number, value: string): Code {
  const before = textBefore(text, at, 80);
  const labelled = SERVICE_LABEL.test(before);
  const plain = /^[JGQ]/.test(value) ? 0.25 : 0.1;
  const diagnosis = !labelled && SURE_DX_LABEL.test(before) && longEnough(value);
  const reason = labelled ? 'hcpcs-labelled' : diagnosis ? 'icd-10-labelled' : 'hcpcs';
  return { at, length: value.length, sure: labelled || diagnosis ? 0.92 : plain, needs: 'company', reason, value };
}

function longEnough(code: string): boolean {
  return code.length <= icd10Longest(code.slice(0, 3));
}

function ofIcd(text: string, at: number, [whole, category = '', rest]: RegExpExecArray): Code | null {
  const longest = icd10Longest(category.toUpperCase());
  if (longest === 0 || 3 + (rest?.length ?? 0) > longest) return null;
  const before = textBefore(text, at, 80);
  const value = whole.toUpperCase();
  const code = { at, length: whole.length, value };
  if (SURE_DX_LABEL.test(before)) return { ...code, sure: 0.93, needs: 'company', reason: 'icd-10-labelled' };
  const capital = text[at] !== text[at]?.toLowerCase();
  if (!capital) return null;
  if (rest === undefined) {
    if (longest > 3) return null;
    return { ...code, sure: DX_LABEL.test(before) || /[a-z]{4} \($/.test(before) ? 0.4 : 0.12, needs: 'company', reason: 'icd-10' };
  }
  return { ...code, sure: DX_LABEL.test(before) ? 0.6 : 0.3, needs: 'company', reason: 'icd-10' };
}

/** Words that say what code a number is. */
export const CODE_LABELS: readonly string[] = 'ndc loinc cpt hcpcs code codes proc rxnorm rxcui snomed sctid'.split(' ');
const LABEL_REACH = 60;

/** The last of them before a word: how far words have been read for it, in order. */
interface Labels {
  readonly words: Words;
  read: number;
  last: number;
}

/** What stands in the line before a number, where one of those words does; null otherwise. */
function labelledText(labels: Labels, word: number, at: number): string | null {
  const { traits, starts, text } = labels.words;
  for (; labels.read < word; labels.read++) if (((traits[labels.read] ?? 0) & CODE_LABEL) !== 0) labels.last = starts[labels.read] ?? 0;
  return labels.last < 0 || labels.last < at - LABEL_REACH ? null : textBefore(text, at, LABEL_REACH);
}

function ofDigits({ text, words }: Passage, word: number, shape: number, labels: Labels): Code | null {
  const at = words.starts[word] ?? 0;
  const end = words.ends[word] ?? 0;
  const before = labelledText(labels, word, at);
  if (signBehind(shape) !== HYPHEN) return before === null || signBehind(shape) === LOW_LINE ? null : ofPlainDigits(text, at, end, before);
  const second = digitsFrom(words.codes, end + 1);
  if (second >= 3) {
    const value = NDC.exec(text.slice(at, at + 24))?.[0];
    return value === undefined ? null : numbered(at, value, before !== null && /\bndc\b/i.test(before) ? 0.95 : 0.3, 'ndc');
  }
  if (second !== 1 || before === null || /[\w-]/.test(text.charAt(end + 2)) || !/\bloinc\b/i.test(before)) return null;
  const loinc = text.slice(at, end + 2);
  return isLoinc(loinc) ? numbered(at, loinc, 0.95, 'loinc') : null;
}

/** @param before the text that has a label, of whatever code */
function ofPlainDigits(text: string, at: number, end: number, before: string): Code | null {
  const value = text.slice(at, end);
  if (value.length === 5 && SERVICE_LABEL.test(before)) return numbered(at, value, 0.92, 'cpt-labelled');
  if (value.length === 11 && /\bndc\b/i.test(before)) return numbered(at, value, 0.93, 'ndc');
  if (/\brx(?:norm|cui)\b/i.test(before)) return numbered(at, value, 0.93, 'rxnorm-labelled');
  const concept = value.length >= 6 && /\b(?:snomed|sctid)\b/i.test(before) && isSnomed(value);
  return concept ? numbered(at, value, 0.95, 'snomed') : null;
}

function numbered(at: number, value: string, sure: number, reason: string): Code {
  return { at, length: value.length, sure, needs: 'label', reason, value };
}
