// LOINC codes that say of what a result, a section or a document is: vital signs, and the sections of C-CDA.
import type { HealthContent } from './health-record.ts';

const CODE = /^\d{1,7}-\d$/;

export function isLoinc(code: string): boolean {
  return CODE.test(code);
}

/** The vital signs panels and their members (C-CDA R2.1 Vital Sign Result value set, FHIR vital signs profile). */
const VITAL_SIGNS: ReadonlySet<string> = new Set(
  (
    '8302-2 8306-3 8287-5 8480-6 8462-4 8867-4 9279-1 8310-5 3141-9 29463-7 3140-1 39156-5 2708-6 59408-5 9843-4 8289-1 59576-9 77606-2 ' +
    '85354-9 85353-1 8716-3 55284-4 8331-1 8328-7 8329-5 8332-9 3150-6 3151-8 8478-0 8889-8 8893-0 60832-3'
  ).split(' '),
);

export function isVitalSign(code: string): boolean {
  return VITAL_SIGNS.has(code);
}

const SECTIONS: readonly (readonly [content: HealthContent, codes: string])[] = [
  [
    'diagnosis',
    '11450-4 11348-0 46241-6 11535-2 10154-3 29299-5 51848-0 10219-4 10218-6 55109-3 78375-3 75310-3 29308-4 42347-5 59769-0 98120-1',
  ],
  ['medication', '10160-0 29549-3 42346-7 10183-2 75311-1 18610-6 29551-9 59772-4 87232-5'],
  ['result', '30954-2 11502-2 18725-2 18748-4 26436-6 26438-2 18782-3 27899-4 22634-0 60567-5'],
  ['procedure', '47519-4 29554-3 10223-8 59775-7 59773-2 59776-5 59770-8 8724-7 10216-0'],
  ['allergy', '48765-2'],
  ['immunization', '11369-6 60484-1 82593-5'],
  ['vital-sign', '8716-3 34566-0 8718-9'],
  ['encounter', '46240-8 46239-0'],
  ['appointment', '56446-8'],
  ['order', '18776-5 61145-9 57016-8 42349-1 93341-6'],
  ['coverage', '48768-6'],
  [
    'note',
    '10164-2 10187-3 11329-0 8648-8 8653-8 29545-1 29762-2 10157-6 10210-3 29547-5 47420-5 10190-7 61144-2 48764-5 42348-3 42344-2 46264-8 ' +
      '11493-4 51847-2 61150-9 61149-1 10184-0 18841-7 28570-0 11488-4 18842-5 34117-2 11506-3 11504-8 28568-4 34109-9 34746-8 34748-4 ' +
      '34747-6 11490-0 57133-1 55112-7 68608-9 29550-1 55110-1 52521-2 51852-2 34133-5 62387-6 71802-3 75326-9 11503-0 64298-3 85208-7',
  ],
];

const BY_SECTION: ReadonlyMap<string, HealthContent> = new Map(
  SECTIONS.flatMap(([content, codes]) => codes.split(' ').map((code): [string, HealthContent] => [code, content])),
);

/** @param code LOINC of a section or document, or of a panel */
export function sectionContent(code: string): HealthContent | null {
  return BY_SECTION.get(code) ?? null;
}
