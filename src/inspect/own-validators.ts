// Arithmetic that a value of an own rule must pass, by name.
import { isDea, isMbi, isNpi, isVin, passesLuhn } from './digits.ts';

export const VALIDATORS = ['none', 'luhn', 'npi', 'dea', 'mbi', 'vin'] as const;
export type Validator = (typeof VALIDATORS)[number];

/** @param value as it stands in the text; blanks and signs do not count */
export function passes(validator: Validator, value: string): boolean {
  const plain = value.replace(/[^\p{L}\p{N}]+/gu, '').toUpperCase();
  switch (validator) {
    case 'none':
      return true;
    case 'luhn': {
      const digits = plain.replace(/\D+/g, '');
      // All zeros pass every sum.
      return /[1-9]/.test(digits) && passesLuhn(digits);
    }
    case 'npi':
      return isNpi(plain);
    case 'dea':
      return isDea(plain);
    case 'mbi':
      return isMbi(plain);
    case 'vin':
      return isVin(plain);
  }
}
