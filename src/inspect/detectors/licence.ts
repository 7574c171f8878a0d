// Numbers of licences, passports and certificates, 45 CFR 164.514(b)(2)(i)(K): their forms differ by state, so the label says what they are.
import type { Detector } from '../detector.ts';
import { identifier, inAddress, looksIssued, roleOf, taggedAs } from '../identifier.ts';
import { lowerAt } from '../words.ts';

/** Before "license" these say that it is a professional's, or a program's. */
const PROFESSIONAL = new Set([
  'medical',
  'nursing',
  'notary',
  'rn',
  'pharmacy',
  'board',
  'professional',
  'contractor',
  'business',
  'state',
]);
const OF_SOFTWARE = new Set([
  'software',
  'product',
  'gnu',
  'public',
  'bsd',
  'apache',
  'mit',
  'server',
  'version',
  'user',
  'enterprise',
  'site',
  'seat',
  'ssl',
  'tls',
  'x509',
]);

export const licenceDetector: Detector = {
  name: 'licence',
  samples: {
    hits: [
      "Driver's license: D123-4567-8901",
      'DL# S1234567',
      'passport no. Z25097650',
      'Passport number 512345678',
      'license number W4512345',
      'birth certificate 145-1970-004512',
      'National ID: NID-900194481',
      'Certificate No: 2291873',
      'Medical license number A123456',
      'Name\tDriver License\nAnn Poe\tS7654321',
    ],
    misses: [
      'GNU General Public License version 2',
      'license key 4512345',
      'Software license number 99812345',
      'licensed in 1998',
      'a passport photo 2x2',
      'SSL certificate: 00A1B2C3D4',
      'permit 5 guests',
      'certificate of deposit at 4.5%',
    ],
  },
  detect(passage, _surroundings, add) {
    const { words } = passage;
    for (const [one, value] of taggedAs(passage, ['licence', 'passport'])) {
      if (!looksIssued(value, 5) || inAddress(passage, one)) continue;
      let role = roleOf(passage, one);
      let software = false;
      for (let i = Math.max(0, one.word - 5); i < one.word; i++) {
        const word = lowerAt(words, i);
        if (PROFESSIONAL.has(word) && role === 'unknown') role = word === 'state' ? role : 'provider';
        software ||= OF_SOFTWARE.has(word);
      }
      if (software) continue;
      add(identifier(passage, 'licence', one, { confidence: one.strength * 0.8, role, reason: 'labelled' }));
    }
  },
};
