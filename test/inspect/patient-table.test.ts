// Exact data match: one spelling of what table and message hold, no plain value in the bytes, certainty in a report, and a message about one
// patient that goes to the address of another.
import { createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import t from 'tap';
import { createInspector } from '../../src/daemon/inspector.ts';
import { loadLexicon } from '../../src/daemon/lexicons.ts';
import { openPatientTable, type Patient, type PatientTable, tableBytes } from '../../src/inspect/patient-table.ts';
import { plainAddress, plainDay, plainName, plainRecordNumber } from '../../src/inspect/patient-values.ts';
import { digests } from '../../src/keys/digests.ts';
import type { InspectionReport } from '../../src/mail/finding.ts';
import { fuzz } from '../support/fuzz.ts';

const digest = digests(createSecretKey(Buffer.alloc(32, 7)));
const otherDigest = digests(createSecretKey(Buffer.alloc(32, 8)));

function patient(name: string, birth: string, number: string, address: string): Patient {
  return { name: plainName(name), birthDate: plainDay(birth), recordNumber: plainRecordNumber(number), address: plainAddress(address) };
}

const PATIENTS: readonly Patient[] = [
  patient('Delgado, Maria', '1961-03-04', '0084736251', 'maria.delgado@example.net'),
  patient('Zoë Müller', '1980-12-31', 'H-445566', 'zoe@example.org'),
  patient('John Smith', '1970-01-02', '5550001', 'john@example.com'),
  patient('John Smith', '1955-07-09', '5550002', ''),
  // Her daughter has no address of her own.
  patient('Lucia Delgado', '2015-06-07', '84736299', 'maria.delgado@example.net'),
];
const NOW = 1_764_201_600_000;
const BYTES = tableBytes(PATIENTS, NOW, digest);

function tableOf(bytes: Uint8Array): PatientTable {
  const opened = openPatientTable(bytes, digest);
  if (opened.kind === 'refused') throw new Error(opened.why);
  return opened.table;
}

const same: readonly (readonly [what: string, of: (text: string) => string | null, texts: readonly string[]])[] = [
  [
    'names',
    plainName,
    ['John Smith', 'SMITH, JOHN', 'Smith, John A.', 'Dr. John A Smith Jr.', ' john  smith, MD', 'SMITH^JOHN^A', 'Jöhn Smíth'],
  ],
  ['names with a particle', plainName, ['Maria de la Cruz', 'DE LA CRUZ, MARIA', 'de la Cruz, Maria J']],
  ['double names', plainName, ['Ana García-López', 'GARCIA LOPEZ, ANA', 'Garcia-Lopez, Ana']],
  ['names with an apostrophe', plainName, ["Pat O'Brien", 'O’BRIEN, PAT', 'Obrien, Pat']],
  [
    'days',
    plainDay,
    [
      '1961-03-04',
      '03/04/1961',
      '3/4/1961',
      '19610304',
      'March 4, 1961',
      '4 Mar 1961',
      '04-Mar-1961',
      '1961-03-04 00:00:00',
      '1961-03-04T00:00:00',
    ],
  ],
  ['record numbers', plainRecordNumber, ['0084736251', '84736251', '84-736-251', ' 84736251 ']],
  ['addresses', plainAddress, ['Ann@Example.ORG', ' ann@example.org', 'mailto:ann@example.org']],
];
for (const [what, of, texts] of same)
  t.test(`one spelling: ${what}`, async (t) => {
    for (const text of texts) t.equal(of(text), of(texts[0] ?? ''), text);
    t.not(of(texts[0] ?? ''), null);
  });

const none: readonly (readonly [of: (text: string) => string | null, text: string])[] = [
  [plainName, 'Smith'],
  [plainName, ''],
  [plainName, 'J Smith'],
  [plainName, 'Mr. Smith, MD'],
  [plainDay, '1961'],
  [plainDay, '13/32/1961'],
  [plainDay, 'on 1961-03-04 or so'],
  [plainRecordNumber, '0012'],
  [plainRecordNumber, 'none known'],
  [plainRecordNumber, '1'.repeat(70)],
  [plainAddress, 'none'],
  [plainAddress, 'a b@example.org'],
];
t.test('what tells nobody', async (t) => {
  for (const [of, text] of none) t.equal(of(text), null, text);
});

t.test('the table finds who is in it', async (t) => {
  const table = tableOf(BYTES);
  t.equal(table.patients, 5);
  t.equal(table.importedAt, NOW);
  t.same(table.named(plainName('john smith') ?? ''), [2, 3]);
  t.same(table.recorded('H445566'), [1]);
  t.same(table.addressed('maria.delgado@example.net'), [0, 4]);
  t.same(table.named('nobody here'), []);
  t.equal(table.birthKey(0), table.dayKey('1961-03-04'));
  t.equal(table.birthKey(99), 0n);
});

t.test('no plain value is in the bytes', async (t) => {
  const bytes = Buffer.from(BYTES).toString('latin1').toLowerCase();
  for (const value of ['delgado', 'maria', 'smith', '84736251', '1961', 'example', 'h445566', 'zoe']) t.notOk(bytes.includes(value), value);
  const other = Buffer.from(tableBytes(PATIENTS, NOW, otherDigest));
  t.notOk(other.subarray(44, 100).equals(Buffer.from(BYTES).subarray(44, 100)), 'another key, other hashes');
});

t.test('what is no table of this key is refused', async (t) => {
  const whyOf = (bytes: Uint8Array, by = digest): string => {
    const opened = openPatientTable(bytes, by);
    return opened.kind === 'refused' ? opened.why : 'opened';
  };
  const changed = (at: number, value: number): Uint8Array => Uint8Array.from(BYTES, (byte, i) => (i === at ? value : byte));
  t.equal(whyOf(BYTES), 'opened');
  t.equal(whyOf(new Uint8Array()), 'no-table');
  t.equal(whyOf(Buffer.from('name,dob\n'.repeat(20))), 'no-table');
  t.equal(whyOf(changed(11, 2)), 'newer-version');
  t.equal(whyOf(BYTES.subarray(0, -1)), 'damaged');
  t.equal(whyOf(changed(60, (BYTES[60] ?? 0) ^ 1)), 'damaged');
  t.equal(whyOf(BYTES, otherDigest), 'other-key');
  t.equal(whyOf(tableBytes([], NOW, digest)), 'opened', 'an empty one is a table');
});

t.test('any bytes: a value, never a throw', async (t) => {
  fuzz(
    t,
    500,
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat({ max: BYTES.length - 1 }), (bytes, at) => {
      const cut = Uint8Array.from(BYTES);
      cut.set(bytes.subarray(0, BYTES.length - at), at);
      return openPatientTable(bytes, digest).kind === 'refused' && ['table', 'refused'].includes(openPatientTable(cut, digest).kind);
    }),
  );
});

const lexicon = loadLexicon();

function reportOf(text: string, to: readonly string[], patients: PatientTable | null = tableOf(BYTES)): InspectionReport {
  const inspector = createInspector({
    lexicon,
    digest: (kind, value) => Buffer.from(digest('finding', kind, value)).toString('hex'),
    organisation: ['clinic.example'],
    sends: 'unknown',
    patients,
    today: () => 20_400,
  });
  const spans = [{ part: '1', place: { area: 'text' }, text, marks: [] }] as const;
  return inspector.inspect({ parts: [], spans, defects: [], blindSpots: [], documents: [] }, { from: 'lee@clinic.example', to });
}

const exact: readonly (readonly [name: string, text: string, kinds: readonly string[]])[] = [
  ['name and birth date', 'Please call Maria Delgado, born March 4, 1961.', ['name', 'birth-date']],
  ['day and month changed', 'Patient: DELGADO, MARIA (DOB 04/03/1961)', ['name', 'birth-date']],
  ['a record number with its label', 'MRN: 84736251', ['mrn']],
  ['a number without a label, with the name', 'Maria Delgado 84736251 came today', ['name', 'mrn']],
  ['an address', 'Write to zoe@example.org about it', ['email']],
  ['the right one of two of a name', 'John Smith, DOB 07/09/1955', ['name', 'birth-date']],
];
for (const [name, text, kinds] of exact) {
  t.test(`exact: ${name}`, async (t) => {
    const findings = reportOf(text, []).findings.filter(({ reason }) => reason === 'exact-match');
    t.same(new Set(findings.map(({ kind }) => kind)), new Set(kinds));
    for (const { confidence, role } of findings) {
      t.ok(confidence >= 0.97);
      t.equal(role, 'patient');
    }
  });
}

const inexact: readonly (readonly [name: string, text: string])[] = [
  ['a name alone', 'Maria Delgado called.'],
  ['a name and the birth date of another', 'Maria Delgado, DOB 12/31/1980'],
  ['a number without label or name', 'see 84736251 for details'],
  ['a record number of nobody', 'MRN: 84736252'],
  ['who writes', 'Best regards\nJohn Smith, MD\nCardiology'],
];
for (const [name, text] of inexact) {
  t.test(`not exact: ${name}`, async (t) => {
    const { findings, reasons } = reportOf(text, []);
    t.notOk(findings.some(({ reason }) => reason === 'exact-match'));
    t.notOk(reasons.some(({ code }) => code === 'exact-match'));
  });
}

t.test('who is a patient here is PHI, whatever else is said', async (t) => {
  const text = 'Maria Delgado, born 03/04/1961, comes on Friday.';
  const { level, reasons } = reportOf(text, []);
  t.ok(level === 'medium' || level === 'high', level);
  t.ok(reasons.some(({ code }) => code === 'exact-match'));
  t.notOk(
    reportOf(text, [], null).reasons.some(({ code }) => code === 'exact-match'),
    'not without the table',
  );
});

const LETTER = 'Dear Maria Delgado,\n\nMRN 84736251: your A1c is 9.2, please keep taking metformin.\n';
const others: readonly (readonly [name: string, text: string, to: readonly string[], is: boolean])[] = [
  ["to another patient's address", LETTER, ['zoe@example.org'], true],
  ["in another's case", LETTER, ['Zoe@Example.ORG'], true],
  ['to her own', LETTER, ['maria.delgado@example.net'], false],
  ['to one who is no patient', LETTER, ['ward@partner.example'], false],
  [
    "a child's, to the address they share",
    'Lucia Delgado (DOB 06/07/2015) is due for her MMR vaccine.',
    ['maria.delgado@example.net'],
    false,
  ],
  ['to several, one of them another', LETTER, ['maria.delgado@example.net', 'john@example.com'], true],
  ['by her name alone', 'Dear Maria Delgado,\n\nyour biopsy is normal.\n', ['zoe@example.org'], true],
  ['a name that two patients have', 'Dear John Smith,\n\nyour biopsy is normal.\n', ['zoe@example.org'], false],
  ['to a colleague', LETTER, ['jo@clinic.example'], false],
];
for (const [name, text, to, is] of others) {
  t.test(`about one patient: ${name}`, async (t) => {
    const { reasons, level } = reportOf(text, to);
    t.equal(
      reasons.some(({ code }) => code === 'other-patients-address'),
      is,
    );
    if (is) t.ok(level === 'medium' || level === 'high');
  });
}

t.test('no value of the table is in a report', async (t) => {
  const text = JSON.stringify(reportOf(LETTER, ['zoe@example.org']));
  for (const value of ['Delgado', 'delgado', '84736251', 'zoe', 'Maria']) t.notOk(text.includes(value), value);
});
