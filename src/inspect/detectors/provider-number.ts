// National provider identifiers and DEA registrations. They are no patient's: they say that a text is about care, and who gives it.
// So they stand on the axis of health, as care.
import type { Candidate, Detector } from '../detector.ts';
import { isDea, isNpi } from '../digits.ts';
import { blockAt } from '../blocks.ts';
import { taggedAs } from '../identifier.ts';
import type { Passage } from '../passage.ts';

export const providerNumberDetector: Detector = {
  name: 'provider-number',
  samples: {
    hits: [
      'NPI: 1234567893',
      'Dr. Ann Lee (NPI 1245319599)',
      'National Provider Identifier 1234567893',
      'DEA# AB1234563',
      'DEA number: BL1234563',
      'Provider\tNPI\nAnn Lee\t1234567893',
      'NPI #1234567893, DEA AB1234563',
      '"npi": "1234567893"',
    ],
    misses: [
      'NPI is an acronym',
      'Tel 1234567893',
      'DEA: 12',
      'part AB1234563',
      'NPI: 123',
      'The DEA raided 14 farms',
      'order 1234567893',
      'NPI 3 of 4',
    ],
  },
  detect(passage, _surroundings, add) {
    for (const [one, value] of taggedAs(passage, ['npi', 'dea'])) {
      const known = one.tag === 'npi' ? isNpi(value) : isDea(value);
      if (!known && !(one.tag === 'npi' ? /^\d{10}$/ : /^[A-Z][A-Z9]\d{7}$/i).test(value)) continue;
      add(care(passage, one, one.tag, known ? 0.6 : 0.4));
    }
  },
};

function care({ text, blocks }: Passage, { at, end }: { at: number; end: number }, reason: string, confidence: number): Candidate {
  const weight = blockAt(blocks, at) === 'body' || blockAt(blocks, at) === 'quote' ? 1 : 0.5;
  const value = text.slice(at, end).toUpperCase();
  return { axis: 'health', kind: 'care', at, length: end - at, confidence: confidence * weight, role: null, reason, value, labels: [] };
}
