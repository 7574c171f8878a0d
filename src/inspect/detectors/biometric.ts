// Biometric identifiers, 45 CFR 164.514(b)(2)(i)(P), as far as text can hold one: a template or print with its number.
import type { Detector } from '../detector.ts';
import { identifier, looksIssued, roleOf, taggedAs } from '../identifier.ts';

export const biometricDetector: Detector = {
  name: 'biometric',
  samples: {
    hits: [
      'Fingerprint ID: FP-8812345',
      'voiceprint no. 4512345',
      'Biometric ID BIO-123456',
      'retina scan id: RS998877',
      'iris scan #445566',
      'biometric template 9f3a881234',
      'faceprint=88123456',
      'Name\tFingerprint\nAnn Poe\tFP-99881',
    ],
    misses: [
      'GPG fingerprint: 1024D',
      'a biometric study of 120 people',
      'fingerprint sensors sold in 2019',
      'iris 4 flowers',
      'biometric market: $12 bn',
      'voiceprint technology',
      'fingerprint 12',
      'the fingerprint of the key is AB CD EF 12',
    ],
  },
  detect(passage, _surroundings, add) {
    for (const [one, value] of taggedAs(passage, ['biometric'])) {
      if (!looksIssued(value, 5)) continue;
      add(identifier(passage, 'biometric', one, { confidence: one.strength * 0.45, role: roleOf(passage, one), reason: 'labelled' }));
    }
  },
};
