// Devices, 45 CFR 164.514(b)(2)(i)(M): unique device identifiers of GS1, HIBCC and ICCBBA (21 CFR 830), and serial numbers beside the
// word for a medical device. The serial number of a printer is nobody's implant.
import type { Detector } from '../detector.ts';
import { passesGs1 } from '../digits.ts';
import { identifier, looksIssued, roleOf, taggedAs } from '../identifier.ts';
import { listBit, listsAt } from '../lexicon.ts';
import { lengthIn, signBefore, signBehind } from '../number-shape.ts';
import type { Passage } from '../passage.ts';
import { whose } from '../whose.ts';
import { lowerAt } from '../words.ts';
import { COLON, OPENING_BRACKET, PLUS, SLASH } from '../sign-codes.ts';

const GS1 = /\(01\) ?(\d{14})((?: ?\((?:1[017]|21|240|11)\) ?[\w/.-]{1,20}){0,4})/y;
const HIBCC = /\+[A-Z][A-Z\d]{3}[A-Z\d]{1,18}\d(?:\/[$A-Z\d.%/ +-]{3,60})?/y;
const ICCBBA = /=\/[A-Z][A-Z\d]{4}[A-Z\d]{6}[A-Z\d]{0,8}(?:=[,>}]?[\w&,]{4,24}){0,4}/y;
const MAC = /[\dA-F]{2}(?::[\dA-F]{2}){5}(?![:\dA-F])/iy;
const MEDICAL = new Set(
  'pacemaker pacemakers implant implanted implantable pump stent defibrillator icd aicd glucometer cgm ventilator cpap bipap prosthesis prosthetic catheter valve nebulizer dexcom libre medtronic oximeter stimulator cochlear hearing shunt graft insulin dialysis monitor holter device lead infusion'.split(
    ' ',
  ),
);
const NEAR = 15;
const DEVICE = listBit('device');

export const deviceDetector: Detector = {
  name: 'device',
  samples: {
    hits: [
      'UDI (01)00844588003288(17)141120(10)7654321D(21)10987654d321',
      'Pacemaker serial number PJN4512345',
      'insulin pump, serial no. 8812345',
      'implant lot # A99812',
      'Device ID: DX-445566 (CPAP)',
      '+H123PARTNO1234567890120/$$420020216LOT123456789012345/SXYZ456789012345678',
      'UDI: =/A9999XYZ100T0944=,000025=A99971312345600',
      'Dexcom transmitter SN 8GL2Q94512',
      'UDI-DI 00844588003288',
    ],
    misses: [
      'printer serial number 8812345',
      'serial port 8812345',
      'lot 4512345 of tiles',
      'device driver 4.5.12',
      '(01) 12 34',
      'SN 1987A',
      'parking lot 12345',
      '1+H12 = 13',
    ],
  },
  detect(passage, _surroundings, add) {
    const { text, words, numbers } = passage;
    let past = 0;
    for (let i = 0; i < numbers.length; i++) {
      const shape = words.shapes[i] ?? 0;
      if (!mayBeginCode(shape)) continue;
      const number = numbers[i] ?? 0;
      const at = words.starts[number] ?? 0;
      if (at < past) continue;
      const found = codeAt(text, at);
      if (found === null) continue;
      past = found.end;
      add(identifier(passage, 'device', found, { ...found, role: whose(passage, number) }));
    }
    for (const [one, value] of taggedAs(passage, ['device'])) {
      if (one.at < past || !looksIssued(value, 4) || value.length < 5) continue;
      const udi = one.needs === 'alone' && passesGs1(value);
      if (
        !udi &&
        !(one.needs === 'alone' && one.strength > 0.9 && /^udi/.test(lowerAt(words, one.word - 1))) &&
        !nearMedical(passage, one.word)
      )
        continue;
      add(identifier(passage, 'device', one, { confidence: one.strength * 0.8, role: roleOf(passage, one), reason: 'labelled' }));
    }
  },
};

interface Code {
  readonly at: number;
  readonly end: number;
  readonly confidence: number;
  readonly reason: string;
}

/** By the sign before it, or as one of pairs parted by colons. */
function mayBeginCode(shape: number): boolean {
  const before = signBefore(shape);
  return before === OPENING_BRACKET || before === PLUS || before === SLASH || (signBehind(shape) === COLON && lengthIn(shape) === 2);
}

/** A code that tells its issuer by its first signs. */
function codeAt(text: string, at: number): Code | null {
  const sign = text.charAt(at - 1);
  if (sign === '(' && text.startsWith('01)', at)) {
    GS1.lastIndex = at - 1;
    const [whole, key = ''] = GS1.exec(text) ?? [];
    if (whole !== undefined && passesGs1(key)) return { at: at - 1, end: at - 1 + whole.length, confidence: 0.9, reason: 'udi' };
  } else if (sign === '+' || sign === '/') {
    const shape = sign === '+' ? HIBCC : ICCBBA;
    const from = sign === '+' ? at - 1 : at - 2;
    shape.lastIndex = Math.max(0, from);
    const whole = shape.exec(text)?.[0];
    if (whole !== undefined && whole.length >= 9 && /\d{2}/.test(whole))
      return { at: from, end: from + whole.length, confidence: 0.6, reason: 'udi' };
  } else if (text.charAt(at + 2) === ':') {
    // The first pair may have letters only.
    const from = sign === ':' && /(?:^|[^:\w])[A-F]{2}:$/i.test(text.slice(Math.max(0, at - 4), at)) ? at - 3 : at;
    if (from === at && sign === ':') return null;
    MAC.lastIndex = from;
    const whole = MAC.exec(text)?.[0];
    if (whole !== undefined && /[A-F]/i.test(whole))
      return { at: from, end: from + whole.length, confidence: 0.3, reason: 'hardware-address' };
  }
  return null;
}

function nearMedical({ words }: Passage, word: number): boolean {
  for (let i = Math.max(0, word - NEAR); i < Math.min(words.count, word + NEAR); i++) {
    const lower = lowerAt(words, i);
    if (MEDICAL.has(lower) && lower !== 'device' && lower !== 'monitor') return true;
  }
  for (let near = Math.max(0, word - NEAR); near < word + NEAR; near++) if ((listsAt(words, near) & DEVICE) !== 0) return true;
  return false;
}
