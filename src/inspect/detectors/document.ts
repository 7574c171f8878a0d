// Documents of care by their heads ("RADIOLOGY REPORT", "DISCHARGE SUMMARY"), and standards pasted into a text (HL7 v2, X12, C-CDA, FHIR).
// Files in these standards are read as data before (message.documents).
import type { Candidate, Detector } from '../detector.ts';
import { DOCUMENT_HEADS } from '../head-words.ts';
import { textAfter, textBefore } from '../near.ts';
import type { Passage } from '../passage.ts';
import { lowerAt } from '../words.ts';

/** By a sign that few texts have, with what stands there then. */
const PASTED: readonly (readonly [sign: string, mark: string, near: RegExp, reason: string])[] = [
  ['|', 'MSH|^~\\&', /^MSH/, 'hl7v2'],
  ['|', 'PID|', /^PID\|\d?\|[^\n]{0,80}\|/, 'hl7v2'],
  ['*', 'ISA*', /^ISA\*\d\d\*/, 'x12'],
  ['*', 'NM1*IL*', /^NM1\*IL\*1\*/, 'x12'],
  ['*', 'NM1*QC*', /^NM1\*QC\*1\*/, 'x12'],
  ['<', '<ClinicalDocument', /^<ClinicalDocument[\s>]/, 'cda'],
  ['<', '<recordTarget', /^<recordTarget[\s>]/, 'cda'],
  [
    '"',
    '"resourceType"',
    /^"resourceType"\s{0,3}:\s{0,3}"(?:Patient|Bundle|Observation|Condition|MedicationRequest|MedicationStatement|Encounter|Procedure|DiagnosticReport|AllergyIntolerance|Immunization|Claim|ExplanationOfBenefit|Coverage|Appointment|ServiceRequest|CarePlan|DocumentReference)"/,
    'fhir',
  ],
  ['<', '<Patient xmlns="http://hl7.org/fhir"', /^<Patient/, 'fhir'],
];

export const documentDetector: Detector = {
  name: 'document',
  samples: {
    hits: [
      'RADIOLOGY REPORT\nUniversity Hospital',
      'Discharge Summary - Patient: Roe',
      'PRESCRIPTION\nRx#: 12',
      '*** OPERATIVE REPORT ***',
      '> Progress Note\n> Date: 2026-01-02',
      'MSH|^~\\&|LAB|A|B|C|20260102||ORU^R01|1|P|2.5\nPID|1||4411||ROE^JANE||19700101|F',
      'ISA*00*          *00*          *ZZ*A*ZZ*B*260102*1200*^*00501*1*0*P*:~',
      '{"resourceType": "Patient", "id": "a"}',
      'SURGICAL PATHOLOGY REPORT\nAccession #: S24-1',
      'INSURANCE CLAIM NARRATIVE',
    ],
    misses: [
      'The radiology report of the working group is late, as ever.',
      'I need a prescription for success in sales.',
      'Progress notes of the project are on the wiki page.',
      'The discharge summary of the pumps in all plants is a page of the yearly report that we send out.',
      'MSH is a shell; PID is a number: kill PID 44',
      '{"resourceType": "Bucket"}',
      'A clinical note: be short.',
      'ISA is an old bus',
    ],
  },
  detect(passage, _surroundings, add) {
    const { words, text } = passage;
    for (const word of passage.health.wordsOf('document')) {
      const head = DOCUMENT_HEADS.get(lowerAt(words, word));
      if (head === undefined) continue;
      const end = words.ends[word] ?? 0;
      const line = lineOf(textAfter(text, end, 90));
      const found = head.exec(line);
      if (found !== null) ofHead(passage, word, end + found[0].trimEnd().length, line.slice(found[0].length), add);
    }
    let sign = '';
    let has = false;
    for (const [first, mark, near, reason] of PASTED) {
      if (first !== sign) has = text.includes((sign = first));
      const at = has ? text.indexOf(mark) : -1;
      if (at < 0 || !near.test(text.slice(at, at + 160))) continue;
      add({ axis: 'health', kind: 'document', at, length: mark.length, confidence: 0.9, role: null, reason, value: reason, labels: [] });
    }
  },
};

function lineOf(text: string): string {
  const end = text.indexOf('\n');
  return end < 0 ? text : text.slice(0, end);
}

/** A head stands at the beginning of its line, by itself or before a name, a colon, a dash; or in capitals. */
function ofHead({ words, text }: Passage, word: number, end: number, rest: string, add: (candidate: Candidate) => void): void {
  const at = words.starts[word] ?? 0;
  const before = textBefore(text, at, 60);
  const written = text.slice(at, end);
  const capitals = written === written.toUpperCase();
  const titled = /^[A-Z]/.test(written);
  const alone = /^[\s*=#>|_~-]{0,6}(?:[A-Z][\w&.-]*\s){0,3}$/.test(before);
  const ended = /^\s*(?:$|[-:\u2013\u2014#(*=|<]|for\b|narrative|transcript|[A-Z]{4,})/.test(rest);
  const confidence = alone && ended ? (capitals ? 0.85 : titled ? 0.7 : 0) : capitals && alone ? 0.5 : 0;
  if (confidence === 0) return;
  add({
    axis: 'health',
    kind: 'document',
    at,
    length: end - at,
    confidence,
    role: null,
    reason: 'head',
    value: written.toLowerCase(),
    labels: [],
  });
}
