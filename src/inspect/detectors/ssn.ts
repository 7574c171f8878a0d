// Social security numbers and individual taxpayer numbers, 45 CFR 164.514(b)(2)(i)(G): with a label in any writing, without one as 3-2-4.
import type { Role } from '../../mail/finding.ts';
import { ssnKind } from '../digits.ts';
import type { Candidate, Detector } from '../detector.ts';
import { identifier, labelsInOrder, taggedAs } from '../identifier.ts';
import type { Passage } from '../passage.ts';
import { digitsIn, signBefore, signBehind } from '../number-shape.ts';
import { whose } from '../whose.ts';
import { DIGITS } from '../words.ts';
import { HYPHEN, PLUS, SLASH, SPACE } from '../sign-codes.ts';

const LABELLED = /\d{3}([-. ]?)\d{2}\1\d{4}(?!\d)/y;
/** As a program reads it from a picture: l for 1, O for 0, S for 5. */
const MISREAD = /[\dlIOoSsZBGg]{3}-[\dlIOoSsZBGg]{2}-[\dlIOoSsZBGg]{4}(?!\w)/y;
const SHAPE = /(\d{3})([- ])(\d{2})\2(\d{4})(?![-\d])/y;

export const ssnDetector: Detector = {
  name: 'ssn',
  samples: {
    hits: [
      'SSN: 219-09-9999',
      'Her social security number is 219 09 9998.',
      'ssn=219099997&dob=1970',
      'Name\tSSN\tPlan\nAnn Poe\t219099996\tGold',
      'SS# 219-09-9995',
      'Please verify 219-09-9994 for this patient',
      'SSN (last 4): 9993',
      'ITIN 912-70-1234',
      '<ssn>219-09-9992</ssn>',
      'Social Security No.\n219-09-9991',
    ],
    misses: [
      'SSN: 000-12-3456',
      'Order 219-09-9999 has shipped',
      'part 666-12-3456',
      'Call 800-555-0199',
      'SSN is required on the form',
      'ZIP 02110-1234',
      'tracking 123456789',
      'ISBN 0-306-40615-2',
      'pages 219-09',
    ],
  },
  detect(passage, _surroundings, add) {
    const { text, words, numbers } = passage;
    const labelOf = labelsInOrder(passage);
    let past = 0;
    for (let i = 0; i < numbers.length; i++) {
      if (!mayBeArea(words.shapes[i] ?? 0)) continue;
      const number = numbers[i] ?? 0;
      if (number < past) continue;
      const tag = labelOf(number)?.tag ?? null;
      if (tag !== null && tag !== 'mrn' && tag !== 'worker' && tag !== 'case') continue;
      const found = unlabelled(passage, number, words.starts[number] ?? 0);
      if (found === null) continue;
      past = number + 3;
      add(found);
    }
    for (const [one, value] of taggedAs(passage, ['ssn', 'itin'])) {
      LABELLED.lastIndex = one.at;
      const whole = LABELLED.exec(text)?.[0];
      const role = ownerOf(passage, one.word);
      if (whole === undefined) {
        MISREAD.lastIndex = one.at;
        const misread = MISREAD.exec(text)?.[0] ?? '';
        if (misread.replace(/\D/g, '').length >= 6) {
          const said = { confidence: 0.6 * one.strength, role, reason: 'misread' };
          add(identifier(passage, 'ssn', { at: one.at, end: one.at + misread.length }, said));
        }
        if (/^(?:[Xx*]{3}-[Xx*]{2}-)?\d{4}$/.test(value))
          add(identifier(passage, 'ssn', one, { confidence: 0.4, role, reason: 'last-four' }));
        continue;
      }
      const digits = whole.replace(/\D/g, '');
      const kind = ssnKind(digits);
      // Of the ranges never given out only 9xx is met with in real files (numbers made up for those who have none).
      if (kind === null && !digits.startsWith('9')) continue;
      const confidence = one.strength * (kind === 'ssn' ? 1 : kind === 'itin' ? 0.95 : 0.6);
      add(identifier(passage, 'ssn', { at: one.at, end: one.at + whole.length }, { confidence, role, reason: 'labelled' }));
    }
  },
};

/** Three digits that go on behind a hyphen or a blank, and do not go on from others. */
function mayBeArea(shape: number): boolean {
  const behind = signBehind(shape);
  if (digitsIn(shape) !== 3 || (behind !== HYPHEN && behind !== SPACE)) return false;
  const before = signBefore(shape);
  return before !== PLUS && (before < HYPHEN || before > SLASH);
}

function unlabelled(passage: Passage, word: number, at: number): Candidate | null {
  const { text, words } = passage;
  // Most are an amount, or three digits of a telephone number.
  if (words.made[word + 1] !== DIGITS || (words.ends[word + 1] ?? 0) - (words.starts[word + 1] ?? 0) !== 2) return null;
  SHAPE.lastIndex = at;
  const [whole, area = '', sign, group = '', serial = ''] = SHAPE.exec(text) ?? [];
  if (whole === undefined) return null;
  const kind = ssnKind(area + group + serial);
  if (kind === null) return null;
  const confidence = (kind === 'ssn' ? 0.7 : 0.4) * (sign === '-' ? 1 : 0.4);
  return identifier(passage, 'ssn', { at, end: at + whole.length }, { confidence, role: ownerOf(passage, word), reason: 'shape' });
}

/** No provider is known by one: where a doctor is named before it, it is still somebody's. */
function ownerOf(passage: Passage, word: number): Role {
  const role = whose(passage, word);
  return role === 'provider' ? 'unknown' : role;
}
