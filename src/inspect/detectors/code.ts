// Codes of health care: diagnoses (ICD-10-CM), services (CPT, HCPCS), drugs (NDC, RxNorm), observations (LOINC), concepts (SNOMED CT). A code
// counts by its grammar, by its code set or check digit, and by a label or company: "B12" and "A4" are codes only among others of the kind.
import { raised } from '../company.ts';
import type { Candidate, Detector } from '../detector.ts';
import { isLoinc, isSnomed } from '../code-check-digits.ts';
import { icd10Longest } from '../icd10-categories.ts';
import { labelsOfIcd10 } from '../labels.ts';
import { textBefore } from '../near.ts';
import type { Passage } from '../passage.ts';

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
    const { words } = passage;
    let before = -100;
    for (const word of passage.numbers) {
      if ((words.ends[word] ?? 0) - (words.starts[word] ?? 0) > 18) continue;
      const found = codeAt(passage, word);
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

const ICD = /^([A-TV-Z]\d[0-9AB])(?:\.([0-9A-Z]{1,4}))?(?![\w-]|\.\d)/i;
const HCPCS = /^[A-V]\d{4}(?![\w-])/;
const CPT = /^\d{4}[0-9FTU](?:-\d\d)?(?![\w-])/;
const NDC = /^(?:\d{4}-\d{4}-\d{2}|\d{5}-\d{3}-\d{2}|\d{5}-\d{4}-\d{1,2})(?![\w-])/;
const LOINC = /^\d{1,5}-\d(?![\w-])/;
const DIGITS = /^\d{4,18}(?![\w-])/;

const DX_LABEL = /\b(?:icd(?:[- ]?(?:10|9))?(?:[- ]?cm)?|dx|diag(?:nos[ie]s)?|codes?|a\d\d)\b[^\n]{0,30}$/i;
const SURE_DX_LABEL = /\b(?:icd(?:[- ]?(?:10|9))?(?:[- ]?cm)?|dx|diag(?:nos[ie]s)?)\b[^\n]{0,60}$/i;
const SERVICE_LABEL = /\b(?:cpt|hcpcs|procedure codes?|billing codes?|service codes?|proc)\b[^\n]{0,60}$/i;

function codeAt(passage: Passage, word: number): Code | null {
  const { words, text } = passage;
  const at = words.starts[word] ?? 0;
  const previous = text.charCodeAt(at - 1);
  // Part of something longer: a path, a version, a colour, an address.
  if (previous === 35 || previous === 45 || previous === 46 || previous === 47 || previous === 64 || previous === 95) return null;
  const here = text.slice(at, at + 24);
  const made = words.made[word];
  return made === 3 ? ofLetters(text, at, here) : ofDigits(text, at, here);
}

function ofLetters(text: string, at: number, here: string): Code | null {
  const icd = ICD.exec(here);
  if (icd !== null) return ofIcd(text, at, icd);
  const hcpcs = HCPCS.exec(here);
  const before = textBefore(text, at, 80);
  if (hcpcs !== null) {
    const labelled = SERVICE_LABEL.test(before);
    const plain = /^[JGQ]/.test(here) ? 0.25 : 0.1;
    const diagnosis = !labelled && SURE_DX_LABEL.test(before) && longEnough(hcpcs[0]);
    const reason = labelled ? 'hcpcs-labelled' : diagnosis ? 'icd-10-labelled' : 'hcpcs';
    return { at, length: hcpcs[0].length, sure: labelled || diagnosis ? 0.92 : plain, needs: 'company', reason, value: hcpcs[0] };
  }
  const bare = /^[A-TV-Z]\d[0-9AB][0-9A-Z]{1,4}(?![\w-])/.exec(here);
  if (bare === null || !longEnough(bare[0]) || !SURE_DX_LABEL.test(before)) return null;
  return { at, length: bare[0].length, sure: 0.9, needs: 'label', reason: 'icd-10-labelled', value: bare[0] };
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

function digitsAt(text: string, at: number): number {
  let end = at;
  for (let code = text.charCodeAt(end); code >= 48 && code <= 57; code = text.charCodeAt(++end));
  return end - at;
}

function ofDigits(text: string, at: number, here: string): Code | null {
  // Too short for all but what goes on behind a hyphen.
  const length = digitsAt(text, at);
  if (length < 4 && text[at + length] !== '-') return null;
  const before = textBefore(text, at, 60);
  const code = (found: RegExpExecArray, sure: number, reason: string): Code => ({
    at,
    length: found[0].length,
    sure,
    needs: 'label',
    reason,
    value: found[0],
  });
  const ndc = NDC.exec(here);
  if (ndc !== null) return code(ndc, /\bndc\b/i.test(before) ? 0.95 : 0.3, 'ndc');
  const loinc = LOINC.exec(here);
  if (loinc !== null) return /\bloinc\b/i.test(before) && isLoinc(loinc[0]) ? code(loinc, 0.95, 'loinc') : null;
  const digits = DIGITS.exec(here);
  if (digits === null) return null;
  if (CPT.test(here) && digits[0].length === 5 && SERVICE_LABEL.test(before)) return code(digits, 0.92, 'cpt-labelled');
  if (digits[0].length === 11 && /\bndc\b/i.test(before)) return code(digits, 0.93, 'ndc');
  if (/\brx(?:norm|cui)\b/i.test(before)) return code(digits, 0.93, 'rxnorm-labelled');
  if (digits[0].length >= 6 && /\b(?:snomed|sctid)\b/i.test(before) && isSnomed(digits[0])) return code(digits, 0.95, 'snomed');
  return null;
}
