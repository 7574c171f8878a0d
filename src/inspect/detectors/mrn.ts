// Numbers of medical records and of stays, 45 CFR 164.514(b)(2)(i)(H). No standard gives them a form: the label says what they are.
import type { Detector } from '../detector.ts';
import { identifier, inAddress, looksIssued, roleOf, taggedAs } from '../identifier.ts';
import { signBehind } from '../number-shape.ts';
import { CARET } from '../sign-codes.ts';

export const mrnDetector: Detector = {
  name: 'mrn',
  samples: {
    hits: [
      'MRN: 00412345',
      'John Poe (MRN-7516325) was seen',
      'medical record number is QW 99812345',
      'Chart #45121 attached',
      'Name\tMRN\tDOB\nAnn Poe\t1234567\t01/02/1970',
      'Patient ID: P-445566',
      'MR#  887766',
      'Hospital No. H123456',
      'accession number 24-SP-001234',
      'Encounter # 900812345',
      '"patientId": "8812345"',
      'PID|1||4488123^^^HOSP^MR||POE^ANN',
      'MRN 7781234 / FIN 90012345',
    ],
    misses: [
      'Mr. 5 by Lou Bega',
      'Order number 7516325',
      'The hospital: 617-555-0100',
      'record 2019 of the year',
      'Patient: 45-year-old man',
      'chart 3 shows revenue of 120000',
      'visit us at 12345 Main Street',
      'The MRN goes into field 7',
      'unit 4B',
      'Ticket #4412345 was closed',
    ],
  },
  detect(passage, _surroundings, add) {
    const { text, words, numbers } = passage;
    for (const [one, value] of taggedAs(passage, ['mrn', 'encounter'])) {
      const alone = one.needs === 'alone';
      if (!looksIssued(value, 4) || inAddress(passage, one)) continue;
      const confidence = one.strength * (one.tag === 'encounter' ? 0.75 : alone ? 1 : 0.8);
      add(identifier(passage, 'mrn', one, { confidence, role: roleOf(passage, one), reason: 'labelled' }));
    }
    for (let i = 0; i < numbers.length; i++) {
      if (signBehind(words.shapes[i] ?? 0) !== CARET) continue;
      const number = numbers[i] ?? 0;
      const end = words.ends[number] ?? 0;
      if (!/^\^{1,6}[^|^\s]{0,40}\^(?:MR|PI|PT|VN|AN)\b/.test(text.slice(end, end + 60))) continue;
      const at = words.starts[number] ?? 0;
      add(identifier(passage, 'mrn', { at, end }, { confidence: 0.9, role: 'patient', reason: 'hl7-type' }));
    }
  },
};
