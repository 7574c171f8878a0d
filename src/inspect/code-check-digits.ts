// Check digits of codes: LOINC (mod 10, as Luhn) and SNOMED CT (Verhoeff, the dihedral group of order ten).

/** The digit after the hyphen is Luhn's of the digits before it (LOINC Users' Guide, "LOINC number check digit"). */
export function isLoinc(code: string): boolean {
  const [body = '', check = ''] = code.split('-');
  let sum = 0;
  for (let i = 0; i < body.length; i++) {
    const digit = Number(body[body.length - 1 - i]);
    const twice = i % 2 === 0 ? digit * 2 : digit;
    sum += twice > 9 ? twice - 9 : twice;
  }
  return body.length > 0 && (10 - (sum % 10)) % 10 === Number(check);
}

/** Product of two elements of the dihedral group D5, numbered 0-4 rotations, 5-9 reflections. */
function product(a: number, b: number): number {
  if (a < 5) return b < 5 ? (a + b) % 5 : 5 + ((a + b) % 5);
  return b < 5 ? 5 + ((a - b) % 5) : (5 + a - b) % 5;
}

/** Verhoeff's permutation, applied once for each place from the right. */
const TURN: readonly number[] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

/** The last digit of a SNOMED CT identifier is Verhoeff's of the others; a partition of concepts, descriptions or relations stands before it. */
export function isSnomed(code: string): boolean {
  if (!/^\d{6,18}$/.test(code) || code.startsWith('0') || !/^(?:0|1)[0-2]$/.test(code.slice(-3, -1))) return false;
  let check = 0;
  for (let i = 0; i < code.length; i++) {
    let digit = Number(code[code.length - 1 - i]);
    for (let turn = i % 8; turn > 0; turn--) digit = TURN[digit] ?? 0;
    check = product(check, digit);
  }
  return check === 0;
}
