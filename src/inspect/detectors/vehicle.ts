// Vehicles, 45 CFR 164.514(b)(2)(i)(L): identification numbers by their check digit (49 CFR 565.15), plates by their label.
import type { Detector } from '../detector.ts';
import { isVin } from '../digits.ts';
import { identifier, taggedAs } from '../identifier.ts';
import { lengthIn, WITH_LETTERS } from '../number-shape.ts';
import { whose } from '../whose.ts';

/** Two groups at most, in capitals. */
const PLATE = /[A-Z\d]{2,4}[- ]?[A-Z\d]{2,4}(?![\w-])/y;

const LENGTH = 17;

export const vehicleDetector: Detector = {
  name: 'vehicle',
  samples: {
    hits: [
      'VIN: 1HGBH41JXMN109186',
      'VIN 1M8GDM9AXKP042788',
      'her car 1M8GDM9AXKP042788 was towed',
      'License plate: ABC1234',
      'plate # 7XYZ123',
      'License plate: ABC 1234',
      'VIN\tModel\n1HGBH41JXMN109186\tCivic',
      'vehicle registration AB12 345',
    ],
    misses: [
      'plate 3 of the book',
      'VIN is on the dashboard',
      'order 1HGBH41J2MN109186',
      'serial 12345678901234567',
      'a plate of 12 cookies',
      'vinyl 33',
      'session 1HGBH41J2MN109181',
      'home plate 2',
    ],
  },
  detect(passage, _surroundings, add) {
    const { text, words, numbers } = passage;
    for (let i = 0; i < numbers.length; i++) {
      const shape = words.shapes[i] ?? 0;
      if (lengthIn(shape) !== LENGTH || (shape & WITH_LETTERS) === 0) continue;
      const number = numbers[i] ?? 0;
      const at = words.starts[number] ?? 0;
      const end = at + LENGTH;
      const value = text.slice(at, end);
      if (value !== value.toUpperCase() || !/[A-Z]/.test(value) || !isVin(value)) continue;
      add(identifier(passage, 'vehicle', { at, end }, { confidence: 0.8, role: whose(passage, number), reason: 'check-digit' }));
    }
    for (const [one] of taggedAs(passage, ['plate'])) {
      PLATE.lastIndex = one.at;
      const value = PLATE.exec(text)?.[0] ?? '';
      if (value.length < 5 || !/\d/.test(value)) continue;
      add(
        identifier(
          passage,
          'vehicle',
          { at: one.at, end: one.at + value.length },
          { confidence: one.strength * 0.6, role: whose(passage, one.word), reason: 'labelled' },
        ),
      );
    }
  },
};
