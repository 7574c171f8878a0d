// Addresses of the Internet, 45 CFR 164.514(b)(2)(i)(O): four numbers below 256, or six to eight groups of hexadecimal digits. Those of
// private networks and of the machine itself (RFC 1918, 6890) are nobody's.
import type { Detector } from '../detector.ts';
import { identifier, labelsInOrder } from '../identifier.ts';
import { digitsIn, lengthIn, signBefore, signBehind } from '../number-shape.ts';
import { whose } from '../whose.ts';
import { COLON, FULL_STOP, HYPHEN, digitsFrom } from '../sign-codes.ts';

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const V4 = new RegExp(`${OCTET}(?:\\.${OCTET}){3}(?!\\d|\\.\\d)`, 'y');
const V6 = /(?:[\dA-F]{1,4}:){7}[\dA-F]{1,4}(?![:\dA-F])|(?:[\dA-F]{1,4}:){2,6}(?::[\dA-F]{1,4}){1,5}(?![:\dA-F])/iy;
const LOCAL = /^(?:10|127|0|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01])|22[4-9]|23\d|24\d|25\d)\./;
const VERSIONED = /(?:version|ver|v|release|build|section|kernel|rev|§)[ .:]*$/i;

/** A group of either kind, with more behind it and nothing that it goes on from. */
function mayBeAddress(shape: number): boolean {
  const before = signBefore(shape);
  if (before === FULL_STOP || before === COLON || before === HYPHEN) return false;
  const behind = signBehind(shape);
  return behind === FULL_STOP ? digitsIn(shape) > 0 && digitsIn(shape) <= 3 : behind === COLON && lengthIn(shape) <= 4;
}

/** A point, digits, a point: no end of a sentence, and no amount. */
function goesOn(codes: Uint16Array, point: number): boolean {
  const digits = digitsFrom(codes, point + 1);
  return digits > 0 && codes[point + 1 + digits] === FULL_STOP;
}

export const ipDetector: Detector = {
  name: 'ip',
  samples: {
    hits: [
      'logged in from 203.0.113.77',
      'IP: 198.51.100.23',
      'IP address 203.0.113.200',
      '[203.0.113.9] denied',
      '2001:db8:85a3:0:0:8a2e:370:7334',
      'from 2001:db8::8a2e:370:7334',
      'ip=203.0.113.5&x=1',
      'Name\tIP\nAnn\t203.0.113.8',
    ],
    misses: [
      'version 4.2.1.7',
      '300.1.2.3',
      'section 1.2.3.4',
      '1.2.3',
      'at 10:30:45',
      '1.3.6.1.4.1.311',
      'kernel 2.4.18.3',
      '00:1A:2B:3C:4D:5E',
    ],
  },
  detect(passage, _surroundings, add) {
    const { text, words, numbers } = passage;
    const labelOf = labelsInOrder(passage);
    let past = 0;
    for (let i = 0; i < numbers.length; i++) {
      const shape = words.shapes[i] ?? 0;
      if (!mayBeAddress(shape)) continue;
      const number = numbers[i] ?? 0;
      const at = words.starts[number] ?? 0;
      if (at < past) continue;
      const dotted = signBehind(shape) === FULL_STOP;
      if (dotted && !goesOn(words.codes, words.ends[number] ?? 0)) continue;
      const form = dotted ? V4 : V6;
      form.lastIndex = at;
      const value = form.exec(text)?.[0];
      if (value === undefined || labelOf(number)?.tag === 'nothing' || VERSIONED.test(text.slice(Math.max(0, at - 12), at))) continue;
      past = at + value.length;
      const confidence = LOCAL.test(value) || value.startsWith('fe80') ? 0.2 : 0.5;
      add(identifier(passage, 'ip', { at, end: past }, { confidence, role: whose(passage, number), reason: 'address' }));
    }
  },
};
