// NCPDP Telecommunication (D.0 and its neighbours): pharmacy claims as fields with a code of two characters, one transmission or a batch.
import type { HealthContent, HealthRecord, IdentifierKind } from './health-record.ts';
import { MarkedRow, type RowSpans } from './marked-row.ts';

const FIELD = '\u001c';
/** Group and segment separators; STX and ETX frame the records of a batch (Batch Standard 1.2). */
const BETWEEN = /[\u001d\u001e\u0002\u0003]/;

/** Header of a request: BIN or IIN, version, transaction code. Of a response: version, transaction code. */
const REQUEST = /^.{0,40}?(?:\d{6}|\d{8})(?:D0|D[1-9]|E\d|F\d|5[1-6]|3[2-4])([BCDENPQS][1-4])/;
const RESPONSE = /^(?:D0|D[1-9]|E\d|F\d|5[1-6]|3[2-4])([BCDENPQS][1-4])\d[ARF]/;

const IDENTIFIERS: ReadonlyMap<string, IdentifierKind> = new Map([
  ...kinds('name', 'CA CB CC CD'),
  ...kinds('birth-date', 'C4'),
  ...kinds('address', 'CM CN CP'),
  ...kinds('phone', 'CQ'),
  ...kinds('email', 'HN'),
  ...kinds('member-id', 'C2 N5 N6'),
  ...kinds('other-id', 'CY D2 EN 1C'),
  ...kinds('account-number', 'G1'),
]);

const CONTENTS: ReadonlyMap<string, HealthContent> = new Map<string, HealthContent>([
  ['D7', 'medication'],
  ['SE', 'medication'],
  ['EG', 'medication'],
  ['DO', 'diagnosis'],
  ['C2', 'coverage'],
  ['D9', 'claim'],
  ['DU', 'claim'],
  ['F9', 'payment'],
]);

interface Patient {
  first: string;
  last: string;
  birthDate: string;
  id: string;
  cardholder: string;
}

/** @param text an octet a character */
export function readTelecom(text: string, record: HealthRecord, spans: RowSpans): void {
  let row = 0;
  let start = 0;
  let patient: Patient = nobody();
  while (start < text.length) {
    const end = nextBetween(text, start);
    const segment = text.slice(start, end);
    const type = start === 0 || text[start - 1] === '\u0002' ? typeOf(segment) : null;
    if (type !== null) {
      count(patient, record);
      patient = nobody();
      record.type(type);
      record.content(type === 'E1' ? 'coverage' : 'claim');
    }
    takeSegment(segment, ++row, patient, record, spans);
    start = end + 1;
  }
  count(patient, record);
}

/** Fields that go on with what the one before began: last names, city, state and code. */
const GOES_ON: ReadonlySet<string> = new Set(['CB', 'CD', 'CN', 'CO', 'CP']);

function takeSegment(segment: string, row: number, patient: Patient, record: HealthRecord, spans: RowSpans): void {
  const line = new MarkedRow();
  let at = 0;
  for (let first = true; at <= segment.length; first = false) {
    const found = segment.indexOf(FIELD, at);
    const end = found === -1 ? segment.length : found;
    const field = segment.slice(at, end);
    at = end + 1;
    // What stands in front of the first field separator is the header.
    const code = first ? '' : field.slice(0, 2);
    if (!/^[A-Z0-9]{2}$/.test(code)) {
      line.cell(null, field);
      continue;
    }
    const value = field.slice(2).trim();
    line.cell(code, value, GOES_ON.has(code) ? ' ' : '\t');
    const identifier = IDENTIFIERS.get(code);
    if (identifier !== undefined) record.identifier(identifier, value);
    const content = CONTENTS.get(code);
    if (content !== undefined && value !== '') record.content(content);
    about(code, value, patient);
  }
  spans.row({ area: 'text', row }, line.marked());
}

function about(code: string, value: string, patient: Patient): void {
  if (code === 'CA') patient.first = value;
  if (code === 'CB') patient.last = value;
  if (code === 'C4') patient.birthDate = value;
  if (code === 'CY') patient.id = value;
  if (code === 'C2') patient.cardholder = value;
}

/** Families share the id of their card: alone it stands for one patient, beside a name the name does. */
function count({ first, last, birthDate, id, cardholder }: Patient, record: HealthRecord): void {
  const name = `${first} ${last}`.trim();
  const ids = id !== '' ? [id] : name === '' && cardholder !== '' ? [`card ${cardholder} ${birthDate}`] : [];
  record.patient({ ids, name, birthDate });
}

function nobody(): Patient {
  return { first: '', last: '', birthDate: '', id: '', cardholder: '' };
}

function nextBetween(text: string, from: number): number {
  let at = from;
  while (at < text.length && !BETWEEN.test(text[at] ?? '')) at++;
  return at;
}

function typeOf(segment: string): string | null {
  const head = segment.slice(0, 80);
  return REQUEST.exec(head)?.[1] ?? RESPONSE.exec(head)?.[1] ?? null;
}

function kinds(kind: IdentifierKind, codes: string): [string, IdentifierKind][] {
  return codes.split(' ').map((code) => [code, kind]);
}
