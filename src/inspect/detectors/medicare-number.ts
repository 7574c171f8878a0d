// Medicare beneficiary identifiers by the grammar of CMS, with or without a label; the claim numbers of before 2020 with one.
import type { Detector } from '../detector.ts';
import { isHicn, isMbi } from '../digits.ts';
import { identifier, labelsInOrder, looksIssued, taggedAs } from '../identifier.ts';
import { isDigit, isLetter } from '../sign-codes.ts';
import { firstIn, lengthIn, WITH_LETTERS } from '../number-shape.ts';
import { whose } from '../whose.ts';

const MBI_AT = /[1-9][A-Z][A-Z\d]\d([- ]?)[A-Z][A-Z\d]\d\1[A-Z]{2}\d{2}(?![A-Z\d])/iy;
const HICN_AT = /(?:\d{3}-?\d{2}-?\d{4}-?[A-Z][A-Z\d]?|[A-Z]{1,3}-?(?:\d{9}|\d{6}))(?![A-Z\d])/iy;

export const medicareNumberDetector: Detector = {
  name: 'medicare-number',
  samples: {
    hits: [
      'MBI: 1EG4-TE5-MK73',
      'Medicare number 1EG4TE5MK73',
      'Her card shows 1EG4-TE5-MK72 on it',
      'medicare id 2A34C56DE78',
      'HICN 219-09-9999A',
      'Medicare #: 219099999A',
      'Name\tMBI\nAnn Poe\t3F12G34HJ56',
      'Medicare Beneficiary Identifier (MBI): 9WN8-UT7-RR61',
    ],
    misses: [
      'MBI: 0EG4-TE5-MK73',
      'MBI: 1SG4-TE5-MK73',
      'Key 1EG4-TE5-MK7B',
      'medicare costs 12 billion',
      'HICN was retired in 2020',
      'serial 1BI4-LO5-SK73',
      'flight 1E45',
      'Medicare Part B 2024',
    ],
  },
  detect(passage, _surroundings, add) {
    const { text, words, numbers } = passage;
    const labelOf = labelsInOrder(passage);
    for (let i = 0; i < numbers.length; i++) {
      if (!mayBeginMbi(words.shapes[i] ?? 0)) continue;
      const number = numbers[i] ?? 0;
      const at = words.starts[number] ?? 0;
      if (!isLetter(words.codes[at + 1] ?? 0)) continue;
      MBI_AT.lastIndex = at;
      const value = MBI_AT.exec(text)?.[0];
      if (value === undefined || !isMbi(value.replaceAll(' ', '')) || value !== value.toUpperCase()) continue;
      const tag = labelOf(number)?.tag;
      if (tag === 'medicare-number' || tag === 'nothing' || tag === 'device') continue;
      const confidence = value.length > 11 ? 0.8 : 0.6;
      const range = { at, end: at + value.length };
      add(identifier(passage, 'medicare-number', range, { confidence, role: whose(passage, number), reason: 'grammar' }));
    }
    for (const [one, whole] of taggedAs(passage, ['medicare-number'])) {
      const value = valueAt(text, one.at) ?? whole;
      const range = { at: one.at, end: one.at + value.length };
      const mbi = isMbi(value.replaceAll(' ', ''));
      if (mbi || isHicn(value)) {
        const confidence = (mbi ? 1 : 0.85) * one.strength;
        add(identifier(passage, 'medicare-number', range, { confidence, role: 'patient', reason: 'labelled' }));
      } else if (looksIssued(value, 5) && !isAlmostMbi(value)) {
        // A plan of Medicare may give its own number.
        add(identifier(passage, 'plan-number', range, { confidence: 0.6 * one.strength, role: 'patient', reason: 'labelled' }));
      }
    }
  },
};

/** All of it or its first group, digits and letters in turn. */
function mayBeginMbi(shape: number): boolean {
  const length = lengthIn(shape);
  return (length === 4 || length === 11) && (shape & WITH_LETTERS) !== 0 && isDigit(firstIn(shape));
}

function valueAt(text: string, at: number): string | null {
  for (const shape of [MBI_AT, HICN_AT]) {
    shape.lastIndex = at;
    const value = shape.exec(text)?.[0];
    if (value !== undefined) return value;
  }
  return null;
}

function isAlmostMbi(value: string): boolean {
  return value.replaceAll('-', '').length === 11;
}
