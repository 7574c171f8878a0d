// NCPDP SCRIPT in XML (2010 to 2023): electronic prescriptions; a line of text for each party and drug, its elements marked.
import type { HealthContent, HealthRecord, IdentifierKind } from './health-record.ts';
import { MarkedRow, type RowSpans } from './marked-row.ts';
import { readXml, type XmlElement, type XmlEnd } from './xml.ts';

/** Messages: what stands in Body. */
const MESSAGES: ReadonlySet<string> = new Set(
  (
    'NewRx NewRxRequest NewRxResponseDenied RxChangeRequest RxChangeResponse RxRenewalRequest RxRenewalResponse RefillRequest RefillResponse ' +
    'CancelRx CancelRxResponse RxFill RxFillIndicatorChange RxHistoryRequest RxHistoryResponse RxTransferRequest RxTransferResponse ' +
    'RxTransferConfirm Resupply Census Recertification DrugAdministration ClinicalInfoRequest ClinicalInfoResponse Verify Status Error ' +
    'GetMessage PasswordChange PAInitiationRequest PAInitiationResponse PARequest PAResponse PAAppealRequest PAAppealResponse PACancelRequest ' +
    'PACancelResponse REMSInitiationRequest REMSInitiationResponse REMSRequest REMSResponse PatientNotification'
  ).split(' '),
);
const CONTENTS: ReadonlyMap<string, HealthContent> = new Map<string, HealthContent>([
  ['MedicationPrescribed', 'medication'],
  ['MedicationDispensed', 'medication'],
  ['MedicationRequested', 'medication'],
  ['MedicationResponse', 'medication'],
  ['MedicationAdministered', 'medication'],
  ['Diagnosis', 'diagnosis'],
  ['Allergy', 'allergy'],
  ['AllergyOrAdverseEvent', 'allergy'],
  ['BenefitsCoordination', 'coverage'],
  ['Observation', 'vital-sign'],
  ['NewRx', 'order'],
  ['Note', 'note'],
]);
/** Children of a message that make a row each, and whose names a place may hold. */
const ROWS: ReadonlySet<string> = new Set(
  (
    'Header Patient Pharmacy Prescriber Supervisor Facility FollowUpPrescriber Observation BenefitsCoordination AllergyOrAdverseEvent ' +
    'MedicationPrescribed MedicationDispensed MedicationRequested MedicationResponse MedicationAdministered'
  ).split(' '),
);
const MARKS: ReadonlySet<string> = new Set(
  (
    'LastName FirstName MiddleName Suffix Prefix DateOfBirth Gender AddressLine1 AddressLine2 City StateProvince State PostalCode ZipCode ' +
    'CountryCode Number PrimaryTelephone ElectronicMail SocialSecurity CardholderID PBMMemberID GroupID DrugDescription Value SigText Directions ' +
    'Note Code Description NPI DEANumber BusinessName WrittenDate LastFillDate Quantity Refills MedicalRecordIdentificationNumberEHR PatientAccountNumber'
  ).split(' '),
);
const IDENTIFIERS: ReadonlyMap<string, IdentifierKind> = new Map<string, IdentifierKind>([
  ['LastName', 'name'],
  ['FirstName', 'name'],
  ['DateOfBirth', 'birth-date'],
  ['AddressLine1', 'address'],
  ['City', 'address'],
  ['PostalCode', 'address'],
  ['ZipCode', 'address'],
  ['ElectronicMail', 'email'],
  ['SocialSecurity', 'ssn'],
  ['MedicalRecordIdentificationNumberEHR', 'mrn'],
  ['FileID', 'mrn'],
  ['PatientAccountNumber', 'account-number'],
  ['MedicareNumber', 'member-id'],
  ['MedicaidNumber', 'member-id'],
  ['DriversLicenseNumber', 'licence'],
]);
const IN_BENEFITS: ReadonlyMap<string, IdentifierKind> = new Map<string, IdentifierKind>([
  ['CardholderID', 'member-id'],
  ['PBMMemberID', 'member-id'],
  ['CardHolderID', 'member-id'],
  ['LastName', 'name'],
]);
/** Elements that go on with what the one before began. */
const GOES_ON: ReadonlySet<string> = new Set([
  'FirstName',
  'MiddleName',
  'Suffix',
  'City',
  'StateProvince',
  'State',
  'PostalCode',
  'ZipCode',
]);
const LONG_ROW = 4_000;

export function readScript(bytes: Buffer, record: HealthRecord, spans: RowSpans): XmlEnd {
  const reading = new Script(record, spans);
  const end = readXml(bytes, {
    open: (element) => reading.open(element),
    close: (element) => reading.close(element),
    text: (text) => reading.text(text),
    comment: (text) => spans.row({ area: 'comment' }, { text: text.trim(), marks: [] }),
  });
  reading.end();
  return end;
}

class Script {
  readonly #record: HealthRecord;
  readonly #spans: RowSpans;
  readonly #path: string[] = [];
  #line = new MarkedRow();
  #pieces: string[] = [];
  #rows = 0;
  #patient = nobody();

  constructor(record: HealthRecord, spans: RowSpans) {
    this.#record = record;
    this.#spans = spans;
  }

  open(element: XmlElement): void {
    this.#leaf();
    const { name } = element;
    if (this.#path.at(-1) === 'Body' && MESSAGES.has(name)) this.#record.type(name);
    const content = CONTENTS.get(name);
    if (content !== undefined) this.#record.content(content);
    if (ROWS.has(name)) this.#putOut();
    this.#path.push(name);
    for (const { name: attribute, prefix, value } of element.attributes)
      if (prefix !== 'xmlns' && attribute !== 'xmlns' && value.length > 2) this.#line.cell(null, value);
  }

  text(text: string): void {
    this.#pieces.push(text);
  }

  close({ name }: XmlElement): void {
    this.#leaf();
    if (ROWS.has(name) || this.#line.length > LONG_ROW) this.#putOut();
    this.#path.pop();
    if (name !== 'Patient') return;
    this.#record.patient(this.#patient);
    this.#patient = nobody();
  }

  end(): void {
    this.#leaf();
    this.#putOut();
  }

  #leaf(): void {
    if (this.#pieces.length === 0) return;
    const text = this.#pieces.join('').replace(/\s+/g, ' ').trim();
    this.#pieces = [];
    const name = this.#path.at(-1) ?? '';
    if (text === '') return;
    this.#line.cell(MARKS.has(name) ? name : null, text, GOES_ON.has(name) ? ' ' : '\t');
    if (this.#path.includes('Patient')) this.#ofPatient(name, text);
    else if (this.#path.includes('BenefitsCoordination')) this.#identified(IN_BENEFITS.get(name), text);
  }

  #ofPatient(name: string, text: string): void {
    const parent = this.#path.at(-2) ?? '';
    const inDate = name === 'Date' && parent === 'DateOfBirth';
    this.#identified(name === 'Number' ? 'phone' : inDate ? 'birth-date' : IDENTIFIERS.get(name), text);
    if (parent === 'Name' || parent === 'PatientName') {
      if (name === 'LastName') this.#patient.name += ` ${text}`;
      if (name === 'FirstName') this.#patient.name += ` ${text}`;
    }
    if (inDate || name === 'DateOfBirth') this.#patient.birthDate = text;
    if (name === 'MedicalRecordIdentificationNumberEHR' || name === 'SocialSecurity') this.#patient.ids.push(`${name} ${text}`);
  }

  #identified(kind: IdentifierKind | undefined, text: string): void {
    if (kind !== undefined) this.#record.identifier(kind, text);
  }

  #putOut(): void {
    const row = ++this.#rows;
    const field = this.#path.find((name) => ROWS.has(name));
    this.#spans.row(field === undefined ? { area: 'text', row } : { area: 'text', row, field }, this.#line.marked());
    this.#line = new MarkedRow();
  }
}

function nobody(): { ids: string[]; name: string; birthDate: string } {
  return { ids: [], name: '', birthDate: '' };
}
