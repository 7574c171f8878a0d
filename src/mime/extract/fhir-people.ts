// The patients of FHIR resources and what identifies them: Patient itself, who is near to them, and the references to them.
import { childOf, childrenOf, type FhirNode, valueOf } from './fhir-tree.ts';
import type { HealthRecord, IdentifierKind } from './health-record.ts';
import { identifierType } from './identifier-type.ts';

const PEOPLE: ReadonlySet<string> = new Set(['Patient', 'RelatedPerson', 'Person']);
/** Elements whose reference is to the patient, as a rule. */
const TO_PATIENT: ReadonlySet<string> = new Set([
  'subject',
  'patient',
  'beneficiary',
  'individual',
  'subscriber',
  'policyHolder',
  'for',
  'actor',
  'target',
]);
/** Of these, elements that refer to nobody else than a patient or a group. */
const ONLY_TO_PATIENT: ReadonlySet<string> = new Set(['subject', 'patient', 'beneficiary']);

export class FhirPeople {
  readonly #record: HealthRecord;
  /** Where other resources than patients lie in their Bundle. */
  readonly #others = new Set<string>();
  readonly #unresolved = new Set<string>();

  constructor(record: HealthRecord) {
    this.#record = record;
  }

  /** @param fullUrl of its entry, or '' */
  resource(type: string, node: FhirNode, fullUrl: string): void {
    if (fullUrl !== '' && type !== 'Patient') this.#others.add(fullUrl);
    if (PEOPLE.has(type)) this.#person(type, node, fullUrl);
    switch (type) {
      case 'Coverage':
        this.#record.identifier('member-id', valueOf(node, 'subscriberId'));
        for (const one of [...childrenOf(node, 'subscriberId'), ...childrenOf(node, 'identifier')])
          this.#record.identifier('member-id', valueOf(one, 'value'));
        break;
      case 'FamilyMemberHistory':
        this.#record.identifier('name', valueOf(node, 'name'));
        for (const { name, value } of node.children) {
          if (name.startsWith('born')) this.#record.identifier('birth-date', value ?? '');
          if (name === 'deceasedDate') this.#record.identifier('death-date', value ?? '');
        }
        break;
      case 'Account':
      case 'Claim':
      case 'ExplanationOfBenefit':
        for (const one of childrenOf(node, 'identifier')) this.#record.identifier('account-number', valueOf(one, 'value'));
        break;
      case 'Device':
        if (childOf(node, 'patient') !== null)
          for (const name of ['serialNumber', 'udi', 'udiCarrier', 'distinctIdentifier'])
            for (const one of childrenOf(node, name)) this.#record.identifier('device', one.value ?? leavesOf(one));
        break;
    }
  }

  /** An element with a reference, a logical identifier or a name to show. */
  reference(node: FhirNode): void {
    if (!TO_PATIENT.has(node.name)) return;
    const reference = valueOf(node, 'reference');
    const type = valueOf(node, 'type');
    const key = patientKey(reference);
    const onlyPatient = ONLY_TO_PATIENT.has(node.name) && (type === '' || type === 'Patient');
    const isPatient = key !== null || type === 'Patient' || (onlyPatient && (reference === '' || reference.startsWith('urn:')));
    if (!isPatient) return;
    const display = valueOf(node, 'display');
    this.#record.identifier('name', display);
    const identifier = childOf(node, 'identifier');
    const ids = identifier === null ? [] : this.#identified(identifier);
    if (key !== null) ids.push(key);
    if (ids.length > 0 || display !== '') this.#record.patient({ ids, name: display, birthDate: '' });
    else if (reference.startsWith('urn:')) this.#unresolved.add(reference);
  }

  /** Of the file: what refers to no resource that was in it can only be a patient. */
  end(): void {
    for (const url of this.#unresolved) if (!this.#others.has(url)) this.#record.patient({ ids: [url], name: '', birthDate: '' });
  }

  #person(type: string, node: FhirNode, fullUrl: string): void {
    const record = this.#record;
    const ids = childrenOf(node, 'identifier').flatMap((one) => this.#identified(one));
    this.#contact(node);
    for (const contact of childrenOf(node, 'contact')) this.#contact(contact);
    const birthDate = valueOf(node, 'birthDate');
    record.identifier('birth-date', birthDate);
    for (const { name, value } of node.children) if (name === 'deceasedDateTime') record.identifier('death-date', value ?? '');
    if (childOf(node, 'photo') !== null) record.identifier('photo', 'photo');
    if (type !== 'Patient') return;
    const id = valueOf(node, 'id');
    if (id !== '') ids.push(`Patient/${id}`);
    const key = patientKey(fullUrl) ?? (fullUrl.startsWith('urn:') ? fullUrl : null);
    if (key !== null) ids.push(key);
    record.patient({ ids, name: nameOf(node), birthDate });
  }

  #contact(node: FhirNode): void {
    for (const name of childrenOf(node, 'name')) this.#record.identifier('name', name.value ?? leavesOf(name, NAME_PARTS));
    for (const address of childrenOf(node, 'address')) this.#record.identifier('address', leavesOf(address, ADDRESS_PARTS));
    for (const telecom of childrenOf(node, 'telecom')) {
      const value = valueOf(telecom, 'value');
      const system = valueOf(telecom, 'system');
      if (system !== 'url') this.#record.identifier(system === 'email' || value.includes('@') ? 'email' : 'phone', value);
    }
  }

  /** @returns keys that tell patients apart */
  #identified(identifier: FhirNode): string[] {
    const value = valueOf(identifier, 'value');
    if (value === '') return [];
    const system = valueOf(identifier, 'system');
    const type = childOf(identifier, 'type');
    const code = type === null ? '' : valueOf(childOf(type, 'coding'), 'code');
    const kind: IdentifierKind = identifierType(code, system);
    this.#record.identifier(kind, value);
    // Families share the number of their policy.
    return kind === 'member-id' ? [] : [`${system}|${value}`];
  }
}

const NAME_PARTS: ReadonlySet<string> = new Set(['text', 'family', 'given']);
const ADDRESS_PARTS: ReadonlySet<string> = new Set(['text', 'line', 'city', 'district', 'postalCode', 'state']);

function nameOf(node: FhirNode): string {
  const [name] = childrenOf(node, 'name');
  if (name === undefined) return '';
  const parts = [...childrenOf(name, 'given'), ...childrenOf(name, 'family')].map(({ value }) => value ?? '');
  return parts.length > 0 ? parts.join(' ') : valueOf(name, 'text');
}

/** Values of an element's own children. */
function leavesOf(node: FhirNode, only: ReadonlySet<string> | null = null): string {
  return node.children
    .filter(({ name }) => only === null || only.has(name))
    .map(({ value }) => value ?? '')
    .join(' ');
}

/** Absolute, relative and versioned references to the same patient have one key. */
function patientKey(reference: string): string | null {
  const id = /(?:^|\/)Patient\/([A-Za-z0-9.-]{1,64})(?:\/_history\/|$)/.exec(reference.slice(-300))?.[1];
  if (id !== undefined) return `Patient/${id}`;
  return /(?:^|\/)Patient\?identifier=([^&]{1,200})/.exec(reference.slice(0, 400))?.[1]?.replace('%7C', '|') ?? null;
}
