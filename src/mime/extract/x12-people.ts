// Who is a patient in an X12 transaction, and what identifies them: NM1 says whose name it is, and what follows belongs to that person
// until another one is named (implementation guides 005010X220 to X279).
import type { HealthRecord, IdentifierKind } from './health-record.ts';
import type { X12Segment } from './x12-segments.ts';

interface Person {
  name: string;
  id: string;
  birthDate: string;
  /** Counted already, because it is the patient whoever follows. */
  readonly isPatient: boolean;
}

/** Insured, subscriber, dependent, corrected and former names, policy holder, responsible and custodial persons, family. */
const PEOPLE: ReadonlySet<string> = new Set([
  'IL',
  'QC',
  '03',
  '74',
  '70',
  'S3',
  'GD',
  'QD',
  'E1',
  '31',
  'LR',
  'S1',
  'EI',
  '6Y',
  '9K',
  'X4',
  'J6',
  'QN',
  'S2',
  'GR',
]);
const PATIENTS: ReadonlySet<string> = new Set(['QC', '03']);

const REFERENCES: ReadonlyMap<string, IdentifierKind> = new Map([
  ['SY', 'ssn'],
  ...kinds('member-id', '1W 0F IG F6 NQ HJ 49 A6 MI C1'),
  ...kinds('account-number', 'EJ'),
  ...kinds('mrn', 'EA'),
  ...kinds('other-id', '3H Y4 23 Q4 ABB'),
]);
/** References that are a patient's wherever they stand. */
const PATIENT_REFERENCES: ReadonlySet<string> = new Set(['1W', '0F', 'IG', 'F6', 'NQ', 'HJ', 'EJ', 'EA', 'Y4']);

export class X12People {
  readonly #record: HealthRecord;
  /** Person whose segments these are; null for a provider, a payer, or nobody. */
  #current: Person | null = null;
  /** The subscriber: the patient unless one is named under it. */
  #subscriber: Person | null = null;
  /** A claim has begun: subscribers named from here are those of other insurances. */
  #inClaim = false;
  #transaction = '';

  constructor(record: HealthRecord) {
    this.#record = record;
  }

  take({ name, elements }: X12Segment): void {
    const element = (number: number): string => elements[number] ?? '';
    switch (name) {
      case 'ST':
        this.end();
        this.#transaction = element(1);
        break;
      case 'SE':
      case 'INS':
        this.end();
        if (element(12) !== '') this.#record.identifier('death-date', element(12));
        break;
      case 'HL':
        // 22: subscriber; 23: dependent, whose patient ends what the subscriber was.
        if (element(3) !== '23') this.end();
        this.#leave();
        this.#inClaim = false;
        break;
      case 'NM1':
        this.#named(elements);
        break;
      case 'N1':
      case 'LX':
      case 'HD':
        this.#leave();
        break;
      case 'CLM':
        this.#record.identifier('account-number', element(1));
        this.#leave();
        this.#inClaim = true;
        break;
      case 'CLP':
        this.end();
        this.#record.identifier('account-number', element(1));
        break;
      default:
        this.#about(name, element);
    }
  }

  /** Of a transaction, a loop or the file: who has been named until here is counted. */
  end(): void {
    this.#leave();
    if (this.#subscriber !== null) this.#count(this.#subscriber);
    this.#subscriber = null;
    this.#inClaim = false;
  }

  #named(elements: readonly string[]): void {
    this.#leave();
    const [, code = '', type = '', last = '', first = '', middle = '', , , qualifier = '', id = ''] = elements;
    // 2 is an organization: an employer that is insured (workers' compensation).
    if (!PEOPLE.has(code) || type === '2') return;
    this.#record.identifier('name', last + first);
    this.#record.identifier(qualifier === '34' ? 'ssn' : 'member-id', id);
    const isPatient = PATIENTS.has(code);
    const person: Person = { name: `${last} ${first} ${middle}`, id, birthDate: '', isPatient };
    this.#current = person;
    if (isPatient) this.#subscriber = null;
    else if (code === 'IL' && !this.#inClaim && this.#transaction !== '835') this.#subscribed(person);
    else if (code === '74' && this.#transaction === '834') this.#subscribed(person);
  }

  #subscribed(person: Person): void {
    if (this.#subscriber !== null) this.#count(this.#subscriber);
    this.#subscriber = person;
  }

  #about(name: string, element: (number: number) => string): void {
    if (name === 'REF' && (this.#current !== null || PATIENT_REFERENCES.has(element(1)))) {
      const kind = REFERENCES.get(element(1));
      if (kind !== undefined) this.#record.identifier(kind, element(2));
    }
    if (name === 'PAT' && element(5) === 'D8') this.#record.identifier('death-date', element(6));
    if (this.#current === null) return;
    switch (name) {
      case 'N3':
      case 'N4':
        this.#record.identifier('address', element(1));
        break;
      case 'DMG':
        this.#record.identifier('birth-date', element(2));
        this.#current.birthDate = element(2);
        break;
      case 'PER':
        for (const at of [3, 5, 7])
          if (element(at) !== '') this.#record.identifier(element(at) === 'EM' ? 'email' : 'phone', element(at + 1));
        break;
    }
  }

  /** Nothing more is said of the person. */
  #leave(): void {
    if (this.#current?.isPatient === true) this.#count(this.#current);
    this.#current = null;
  }

  /** Families share the id of their policy: it tells patients apart only together with a name. */
  #count({ name, id, birthDate }: Person): void {
    const plain = name.trim();
    this.#record.patient({ ids: id === '' ? [] : [`${plain.toUpperCase()}|${id}`], name: plain, birthDate });
  }
}

function kinds(kind: IdentifierKind, codes: string): [string, IdentifierKind][] {
  return codes.split(' ').map((code) => [code, kind]);
}
