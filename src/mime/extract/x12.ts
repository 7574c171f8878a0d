// X12 health care transactions (claims, remittances, eligibility, enrolment): each segment a line of text with its elements marked, and the
// transactions as data.
import { innerOf } from './base64-content.ts';
import type { Extractor, Inner, Output, Source } from './extractor.ts';
import { type HealthContent, HealthRecord } from './health-record.ts';
import { MarkedRow, RowSpans } from './marked-row.ts';
import { X12People } from './x12-people.ts';
import { countSegments, readX12, type X12Segment } from './x12-segments.ts';

/** Reads interchanges of ASC X12 004010 to 008020 as HIPAA's implementation guides use them. */
export const x12Extractor: Extractor = {
  kinds: ['x12'],
  async extract({ bytes }: Source, output: Output): Promise<void> {
    const record = new HealthRecord();
    const people = new X12People(record);
    const binaries: Inner[] = [];
    try {
      const spans = new RowSpans(output, countSegments(bytes));
      let guide = '';
      for (const segment of readX12(bytes)) {
        const { name, elements, binary } = segment;
        if (name === 'GS') guide = elements[8] ?? '';
        if (name === 'ST') takeType(elements[1] ?? '', elements[3] ?? guide, record);
        people.take(segment);
        for (const content of contentsOf(segment)) record.content(content);
        if (binary !== null && binary.length > 0) binaries.push(innerOf(binaryOf(elements, binary), null));
        putOut(segment, spans);
      }
      people.end();
      spans.end();
    } finally {
      output.document(record.document('x12'));
    }
    for (const inner of binaries) await output.inner(inner);
  },
};

/** Implementation guides that tell what ST01 does not. */
const GUIDES: readonly (readonly [guide: RegExp, type: string])[] = [
  [/X(?:098|222|291)/, '837P'],
  [/X(?:096|223|292)/, '837I'],
  [/X(?:097|224|293)/, '837D'],
  [/X214/, '277CA'],
];

/** What of a transaction set is told by its code alone. */
const TRANSACTIONS: Readonly<Record<string, readonly HealthContent[]>> = {
  '270': ['coverage'],
  '271': ['coverage'],
  '274': [],
  '275': ['note'],
  '276': ['claim'],
  '277': ['claim'],
  '278': ['order'],
  '820': ['payment'],
  '824': [],
  '834': ['coverage'],
  '835': ['payment', 'claim'],
  '837': ['claim'],
  '997': [],
  '999': [],
};

function takeType(code: string, guide: string, record: HealthRecord): void {
  const contents = TRANSACTIONS[code];
  if (contents === undefined) return;
  record.type(GUIDES.find(([known, type]) => type.startsWith(code) && known.test(guide.slice(0, 40)))?.[1] ?? code);
  for (const content of contents) record.content(content);
}

const CONTENTS: Readonly<Record<string, HealthContent>> = {
  SV1: 'procedure',
  SV2: 'procedure',
  SV3: 'procedure',
  SVC: 'procedure',
  SVD: 'procedure',
  LIN: 'medication',
  CTP: 'medication',
  CL1: 'encounter',
  NTE: 'note',
  MSG: 'note',
  EB: 'coverage',
  HD: 'coverage',
};

function contentsOf({ name, elements, component }: X12Segment): readonly HealthContent[] {
  // HI holds diagnoses, procedures (BP, BR, BBR ...) and codes of the bill.
  if (name === 'HI') return elements.slice(1).flatMap((one) => HI_CONTENTS[one.split(component, 1)[0] ?? ''] ?? []);
  const content = CONTENTS[name];
  return content === undefined ? [] : [content];
}

const HI_CONTENTS: Readonly<Record<string, HealthContent>> = {
  ...Object.fromEntries('BK ABK BF ABF BJ ABJ BN ABN PR APR DR'.split(' ').map((code): [string, HealthContent] => [code, 'diagnosis'])),
  ...Object.fromEntries('BP BO BR BBR BQ BBQ CAH'.split(' ').map((code): [string, HealthContent] => [code, 'procedure'])),
};

/** BDS01 names a filter; B64 is the one that is not the octets themselves. */
function binaryOf([name, filter]: readonly string[], binary: Buffer): Buffer {
  return name === 'BDS' && filter === 'B64' ? Buffer.from(binary.toString('latin1'), 'base64') : binary;
}

/** Elements that go on with what the one before began: a name, an address. */
const GOES_ON: ReadonlySet<string> = new Set(['NM1-04', 'NM1-05', 'NM1-07', 'N3-02', 'N4-02', 'N4-03']);

function putOut({ name, elements, row, component, repetition }: X12Segment, spans: RowSpans): void {
  const line = new MarkedRow();
  for (const [number, element] of elements.entries()) {
    if (element === '' || (number === 0 && name !== '')) continue;
    const spaced = name === 'ISA' || !element.includes(component) ? element : element.replaceAll(component, ' ');
    const plain = repetition === '' || name === 'ISA' || !spaced.includes(repetition) ? spaced : spaced.replaceAll(repetition, '; ');
    const mark = name === '' ? null : `${name}-${number < 10 ? '0' : ''}${number}`;
    line.cell(mark, plain, mark !== null && GOES_ON.has(mark) ? ' ' : '\t');
  }
  spans.row(name === '' ? { area: 'text', row } : { area: 'text', row, field: name }, line.marked());
}
