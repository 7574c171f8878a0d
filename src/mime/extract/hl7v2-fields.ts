// The fields of a segment of HL7 v2: their text as a person would read it, and what of it identifies the patient, relatives and the insured.
import type { HealthRecord, IdentifierKind } from './health-record.ts';
import type { Separators } from './hl7v2-segments.ts';
import { identifierType } from './identifier-type.ts';

/** More fields than any segment has: what follows is read as part of the last. */
const MOST_FIELDS = 1_000;

/** The fields of a segment, [0] being its name; MSH-1 is put in so that the others have their number. */
export function fieldsOf(raw: string, { field }: Separators): readonly string[] {
  const header = raw.startsWith('MSH') || raw.startsWith('BHS') || raw.startsWith('FHS');
  const joined = raw.includes('ADD') ? withoutContinuations(raw, field) : raw;
  const fields: string[] = [];
  let start = 0;
  while (fields.length < MOST_FIELDS) {
    const end = joined.indexOf(field, start);
    if (end === -1) break;
    fields.push(joined.slice(start, end));
    if (header && fields.length === 1) fields.push(field);
    start = end + field.length;
  }
  fields.push(joined.slice(start));
  return fields;
}

/** `ADD|` goes on in the middle of a field (2.9.2). Pieces are joined once: there may be as many as lines. */
function withoutContinuations(raw: string, field: string): string {
  const [first = '', ...others] = raw.split(/[\r\n]ADD/);
  const pieces = [first];
  for (const next of others) {
    if (next.startsWith(field)) pieces.push(withoutLineEnds(pieces.pop() ?? ''), next.slice(field.length));
    else pieces.push('\nADD', next);
  }
  return pieces.join('');
}

function withoutLineEnds(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === '\r' || text[end - 1] === '\n')) end--;
  return text.slice(0, end);
}

/** Separators as blanks, repetitions as `between`, escapes undone (2.7). */
export function fieldText(field: string, separators: Separators, between: string): string {
  const { component, repetition, subcomponent } = separators;
  if (PLAIN.test(field)) return field;
  const repeated = field.includes(repetition) ? field.replaceAll(repetition, between) : field;
  const spaced = repeated.replaceAll(component, ' ').replaceAll(subcomponent, ' ');
  return unescape(spaced, separators).replace(/ {2,}/g, ' ').replace(/""/g, '').trim();
}

/** Holds no separator: they are never letters or digits. */
const PLAIN = /^[A-Za-z0-9]*$/;

export function unescape(text: string, { escape, field, component, repetition, subcomponent }: Separators): string {
  let at = text.indexOf(escape);
  if (at === -1) return text;
  const pieces: string[] = [];
  let done = 0;
  while (at !== -1) {
    const end = text.indexOf(escape, at + 1);
    if (end === -1) break;
    const sequence = end - at > 500 ? null : text.slice(at + 1, end);
    const plain = sequence === null ? null : escaped(sequence, { escape, field, component, repetition, subcomponent });
    if (plain === null) at = end;
    else {
      pieces.push(text.slice(done, at), plain);
      done = end + 1;
      at = text.indexOf(escape, done);
    }
  }
  pieces.push(text.slice(done));
  return pieces.join('');
}

/** Null where it is no escape sequence: the character stands for itself. */
function escaped(sequence: string, separators: Separators): string | null {
  switch (sequence) {
    case 'F':
      return separators.field;
    case 'S':
      return separators.component;
    case 'T':
      return separators.subcomponent;
    case 'R':
      return separators.repetition;
    case 'E':
      return separators.escape;
    case 'H':
    case 'N':
      return '';
  }
  if (/^\.(?:br|sp|ce)/.test(sequence)) return '\n';
  if (/^\.(?:in|ti|sk|fi|nf)/.test(sequence)) return ' ';
  if (/^X(?:[0-9A-Fa-f]{2})+$/.test(sequence))
    return Buffer.from(sequence.slice(1), 'hex')
      .toString('utf8')
      .replace(/[\r\n]+/g, '\n');
  return /^[CMZ][0-9A-Fa-f]{2,}$/.test(sequence) ? '' : null;
}

type Rule = IdentifierKind | 'cx' | 'xtn';

/** Fields that identify a patient, a relative or who pays for the patient (HL7 v2.9 chapters 3 and 6). */
const RULES: Readonly<Record<string, Readonly<Record<number, Rule>>>> = {
  PID: {
    2: 'cx',
    3: 'cx',
    4: 'cx',
    5: 'name',
    6: 'name',
    7: 'birth-date',
    9: 'name',
    11: 'address',
    13: 'xtn',
    14: 'xtn',
    18: 'account-number',
    19: 'ssn',
    20: 'licence',
    21: 'cx',
    29: 'death-date',
    40: 'xtn',
  },
  NK1: {
    2: 'name',
    4: 'address',
    5: 'xtn',
    6: 'xtn',
    12: 'other-id',
    16: 'birth-date',
    26: 'name',
    30: 'name',
    31: 'xtn',
    32: 'address',
    33: 'cx',
    37: 'ssn',
  },
  GT1: { 2: 'other-id', 3: 'name', 4: 'name', 5: 'address', 6: 'xtn', 7: 'xtn', 8: 'birth-date', 12: 'ssn', 19: 'other-id', 42: 'name' },
  IN1: { 16: 'name', 18: 'birth-date', 19: 'address', 36: 'member-id', 49: 'member-id' },
  IN2: {
    1: 'other-id',
    2: 'ssn',
    6: 'member-id',
    7: 'name',
    8: 'member-id',
    10: 'member-id',
    22: 'name',
    40: 'name',
    61: 'member-id',
    63: 'xtn',
    64: 'xtn',
  },
  MRG: { 1: 'cx', 2: 'cx', 3: 'account-number', 4: 'cx', 7: 'name' },
  PV1: { 19: 'account-number', 50: 'account-number' },
  QRD: { 8: 'name' },
  ACC: { 9: 'other-id' },
};

export interface PatientSegment {
  readonly name: string;
  readonly fields: readonly string[];
  readonly separators: Separators;
}

/** Tells the record which identifiers are in a segment, and of PID which patient it is. */
export function identify({ name, fields, separators }: PatientSegment, record: HealthRecord): void {
  const rules = RULES[name];
  if (rules === undefined) return;
  for (const [number, rule] of Object.entries(rules)) {
    const field = fields[Number(number)] ?? '';
    if (field !== '') for (const one of repetitionsOf(field, separators)) identifyValue(rule, one, record);
  }
  if (name === 'PID') record.patient(patientOf(fields, separators));
}

function identifyValue(rule: Rule, parts: readonly string[], record: HealthRecord): void {
  const pick = (...places: number[]): string => places.map((place) => parts[place] ?? '').join(' ');
  if (rule === 'cx') record.identifier(identifierType(parts[4] ?? '', (parts[3] ?? '').split('&')[1] ?? ''), pick(0));
  else if (rule === 'xtn') {
    const email = [parts[3], parts[0]].find((part) => part?.includes('@')) ?? '';
    record.identifier('email', email);
    if (email === '' || /\d/.test(pick(5, 6))) record.identifier('phone', pick(0, 3, 5, 6, 11));
  } else if (rule === 'name') record.identifier('name', pick(0, 1, 2));
  else record.identifier(rule, rule === 'address' ? pick(0, 1, 2, 3, 4, 8) : pick(0));
}

function patientOf(fields: readonly string[], separators: Separators): Parameters<HealthRecord['patient']>[0] {
  const idsOf = (number: number): readonly string[] =>
    repetitionsOf(fields[number] ?? '', separators)
      .filter(([id]) => id !== undefined && /[\p{L}\p{N}]/u.test(id))
      .map((parts) => `${parts[0]}^${parts[3] ?? ''}`);
  const own = idsOf(3);
  const [name] = repetitionsOf(fields[5] ?? '', separators);
  const ids = own.length > 0 ? own : idsOf(2);
  const plain = (name ?? []).slice(0, 3).join(' ').replace(/""/g, '');
  const other =
    plain.trim() === '' ? [fields[18], fields[19]].filter((id) => id !== undefined && id !== '').map((id) => `account ${id}`) : [];
  return { ids: ids.length > 0 ? ids : other, name: plain, birthDate: (fields[7] ?? '').slice(0, 8) };
}

/** Components of each repetition; as many as could matter. */
function repetitionsOf(field: string, { repetition, component }: Separators): readonly (readonly string[])[] {
  return field.split(repetition, 100).map((one) => one.split(component, 20));
}
