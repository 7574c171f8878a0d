// Check digits and other arithmetic of identifiers, by the rules their issuers publish.

/** Modulus 10 of ISO/IEC 7812-1 annex B ("Luhn"), the check digit last. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = digits.length - 1, double = false; i >= 0; i--, double = !double) {
    const digit = digits.charCodeAt(i) - 48;
    sum += double ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit;
  }
  return digits.length > 1 && sum % 10 === 0;
}

/** National provider identifier: ten digits, the first 1 or 2, Luhn with 80840 before them (45 CFR 162.406, CMS "NPI check digit"). */
export function isNpi(digits: string): boolean {
  return /^[12]\d{9}$/.test(digits) && passesLuhn(`80840${digits}`);
}

/** Registration of the DEA: two letters (or letter and 9), seven digits; d7 is the last digit of d1+d3+d5 + 2(d2+d4+d6) (21 CFR 1301; DEA). */
export function isDea(value: string): boolean {
  if (!/^[A-HJ-NP-UWX][A-Z9]\d{7}$/i.test(value)) return false;
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, check = 0] = Array.from(value.slice(2), Number);
  return (a + c + e + 2 * (b + d + f)) % 10 === check;
}

const VIN_LETTERS = 'ABCDEFGH.JKLMN.P.R..STUVWXYZ';
const VIN_WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

/** Vehicle identification number with its check digit in the ninth place (49 CFR 565.15 c). */
export function isVin(value: string): boolean {
  const vin = value.toUpperCase();
  if (!/^[A-HJ-NPR-Z\d]{8}[\dX][A-HJ-NPR-Z\d]{8}$/.test(vin) || !/\d/.test(vin.slice(-4))) return false;
  let sum = 0;
  for (const [i, sign] of Array.from(vin).entries()) sum += (VIN_WEIGHTS[i] ?? 0) * vinValue(sign);
  const check = sum % 11;
  return vin[8] === (check === 10 ? 'X' : String(check));
}

/** A-H 1-8, J-N 1-5, P 7, R 9, S-Z 2-9. */
function vinValue(sign: string): number {
  if (sign >= '0' && sign <= '9') return Number(sign);
  const place = VIN_LETTERS.indexOf(sign);
  return place < 0 ? 0 : place < 20 ? (place % 9) + 1 : place - 18;
}

/** Bank routing number: 3(d1+d4+d7) + 7(d2+d5+d8) + d3+d6+d9 is a multiple of ten (ABA). */
export function isRoutingNumber(digits: string): boolean {
  if (!/^(?:0\d|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)\d{7}$/.test(digits)) return false;
  let sum = 0;
  for (let i = 0; i < 9; i++) sum += Number(digits[i]) * ([3, 7, 1][i % 3] ?? 0);
  return sum % 10 === 0;
}

/** International bank account number: modulus 97 of the rearranged number is 1 (ISO 13616, ISO/IEC 7064). */
export function isIban(value: string): boolean {
  const iban = value.replace(/[ -]/g, '').toUpperCase();
  if (!/^[A-Z]{2}\d{2}[A-Z\d]{11,30}$/.test(iban)) return false;
  let rest = 0;
  for (const sign of iban.slice(4) + iban.slice(0, 4)) {
    const value_ = Number.parseInt(sign, 36);
    rest = (rest * (value_ > 9 ? 100 : 10) + value_) % 97;
  }
  return rest === 1;
}

/** Check digit of a GS1 key: weights 3 and 1 from the right (GS1 General Specifications 7.9). */
export function passesGs1(digits: string): boolean {
  if (!/^\d{8,18}$/.test(digits)) return false;
  let sum = 0;
  for (let i = digits.length - 1, weight = 1; i >= 0; i--, weight = 4 - weight) sum += Number(digits[i]) * weight;
  return sum % 10 === 0;
}

/**
 * Social security number: area 001-899 but 666, group 01-99, serial 0001-9999 (SSA POMS RM 10201.035). A 9 before is an ITIN, whose fourth
 * and fifth digits are 50-65, 70-88, 90-92 or 94-99 (IRS), or no number at all.
 */
export function ssnKind(digits: string): 'ssn' | 'itin' | null {
  if (!/^\d{9}$/.test(digits)) return null;
  const area = Number(digits.slice(0, 3));
  const group = Number(digits.slice(3, 5));
  if (area >= 900) {
    const given = (group >= 50 && group <= 65) || (group >= 70 && group <= 88) || (group >= 90 && group !== 93);
    return given && digits.slice(5) !== '0000' ? 'itin' : null;
  }
  return area === 0 || area === 666 || group === 0 || digits.slice(5) === '0000' ? null : 'ssn';
}

const MBI_LETTER = '[AC-HJKMNP-RT-Y]';
const MBI_EITHER = '[AC-HJKMNP-RT-Y\\d]';
const MBI = new RegExp(`^[1-9]${MBI_LETTER}${MBI_EITHER}\\d-?${MBI_LETTER}${MBI_EITHER}\\d-?${MBI_LETTER}{2}\\d{2}$`, 'i');

/** Medicare beneficiary identifier: C A AN N A AN N A A N N; letters without S, L, O, I, B, Z (CMS, "Understanding the MBI format"). */
export function isMbi(value: string): boolean {
  return MBI.test(value);
}

/** Claim number of before 2020: a social security number with a beneficiary code behind, or of the railroad board with letters before. */
export function isHicn(value: string): boolean {
  const plain = value.replace(/[ -]/g, '').toUpperCase();
  const social = /^(\d{9})(?:[ABCDEFGHJKLMTW][A-Z1-9]?)$/.exec(plain);
  if (social !== null) return ssnKind(social[1] ?? '') === 'ssn';
  return /^(?:A|CA|H|JA|MA|MH|PA|PD|PH|WA|WCA|WCD|WCH|WD|WH)(?:\d{6}|\d{9})$/.test(plain);
}
