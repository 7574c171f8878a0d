// The patients of a CDA or other HL7 V3 document, and what identifies them and those near to them: told by the elements that name roles.
import type { HealthRecord } from './health-record.ts';
import { identifierType } from './identifier-type.ts';
import type { XmlElement } from './xml.ts';

/** 'insured' holds a policy or is covered by one; 'other' is an organization whose names and ids are nobody's here. */
type Role = 'patient' | 'relative' | 'insured' | 'other';

interface Region {
  readonly depth: number;
  readonly role: Role;
}

/** recordTarget is of CDA, the others of V3 patient administration and queries. */
const BY_NAME: ReadonlyMap<string, Role> = new Map([
  ...roles('patient', 'recordTarget patientRole patient patientPerson identifiedPerson identifiedPatient'),
  ...roles('patient', 'livingSubjectId livingSubjectName livingSubjectBirthTime livingSubjectBirthPlaceAddress'),
  ...roles('relative', 'guardian relatedSubject personalRelationship contactParty'),
  ...roles('other', 'providerOrganization scopingOrganization representedOrganization author custodian performer'),
]);
/** RoleClass of people near a patient, and of those insured (HL7 V3 vocabulary). */
const BY_CLASS: ReadonlyMap<string, Role> = new Map([
  ...roles('relative', 'PRS NOK ECON GUARD GUAR CAREGIVER CIT DEPEN PAT CON'),
  ...roles('insured', 'POLHOLD COVPTY SUBSCR'),
]);
const ROLE_ELEMENTS: ReadonlySet<string> = new Set(['associatedEntity', 'relatedEntity', 'participantRole', 'assignedEntity']);

export class CdaPeople {
  readonly #record: HealthRecord;
  readonly #regions: Region[] = [];
  #ids: string[] = [];
  #name = '';
  #birthDate = '';
  /** The name or address that is being read. */
  #value: { readonly depth: number; readonly kind: 'name' | 'address'; readonly pieces: string[] } | null = null;

  constructor(record: HealthRecord) {
    this.#record = record;
  }

  /** @param parent name of the element around it; @param participation typeCode of the last participant */
  open(element: XmlElement, depth: number, parent: string, participation: string): void {
    const role = roleOf(element, participation);
    if (role !== null) this.#regions.push({ depth, role });
    const region = this.#regions.at(-1);
    if (region === undefined || region.role === 'other') return;
    this.#said(element, parent, region.role);
    if (this.#value !== null) return;
    if (element.name === 'name' || (element.name === 'value' && parent === 'livingSubjectName'))
      this.#value = { depth, kind: 'name', pieces: [] };
    else if (element.name === 'addr') this.#value = { depth, kind: 'address', pieces: [] };
  }

  text(text: string): void {
    this.#value?.pieces.push(text);
  }

  close(depth: number): void {
    const region = this.#regions.at(-1);
    if (region === undefined) return;
    if (this.#value?.depth === depth) {
      const { kind, pieces } = this.#value;
      const text = pieces.join(' ');
      this.#record.identifier(kind, text);
      if (kind === 'name' && region.role === 'patient' && this.#name === '') this.#name = text.trim();
      this.#value = null;
    }
    if (region.depth !== depth) return;
    this.#regions.pop();
    if (this.#regions.every(({ role }) => role !== 'patient')) this.#count();
  }

  /** What attributes say. */
  #said(element: XmlElement, parent: string, role: Role): void {
    const value = element.attribute('value') ?? '';
    switch (element.name) {
      case 'id':
        this.#identified(element.attribute('root') ?? '', element.attribute('extension') ?? '', parent, role);
        break;
      case 'value':
        if (parent === 'livingSubjectId')
          this.#identified(element.attribute('root') ?? '', element.attribute('extension') ?? '', 'patient', role);
        if (parent === 'livingSubjectBirthTime') this.#born(value, role);
        break;
      case 'birthTime':
        this.#born(value, role);
        break;
      case 'deceasedTime':
        this.#record.identifier('death-date', value);
        break;
      case 'telecom':
        this.#record.identifier(/^mailto:|@/i.test(value) ? 'email' : 'phone', /^https?:/i.test(value) ? '' : value.replace(/^\w+:/, ''));
        break;
    }
  }

  #born(value: string, role: Role): void {
    this.#record.identifier('birth-date', value);
    if (role === 'patient') this.#birthDate ||= value.slice(0, 8);
  }

  #identified(root: string, extension: string, parent: string, role: Role): void {
    // An id without extension is one of the role, not of a person.
    if (role === 'insured') this.#record.identifier('member-id', extension);
    else if (role === 'relative') this.#record.identifier(identifierType('', root) === 'ssn' ? 'ssn' : 'other-id', extension);
    else if (ID_PARENTS.has(parent)) {
      if (extension === '' && root === '') return;
      this.#record.identifier(identifierType('', root), extension === '' ? root : extension);
      this.#ids.push(`${root}^${extension}`);
    }
  }

  #count(): void {
    this.#record.patient({ ids: this.#ids, name: this.#name, birthDate: this.#birthDate });
    this.#ids = [];
    this.#name = '';
    this.#birthDate = '';
  }
}

/** Whose id is the patient's own. */
const ID_PARENTS: ReadonlySet<string> = new Set([
  'patientRole',
  'patient',
  'patientPerson',
  'identifiedPerson',
  'identifiedPatient',
  'asOtherIDs',
]);

function roleOf(element: XmlElement, participation: string): Role | null {
  const known = BY_NAME.get(element.name);
  if (known !== undefined) return known;
  if (!ROLE_ELEMENTS.has(element.name)) return null;
  if (element.name === 'participantRole' && (participation === 'COV' || participation === 'HLD')) return 'insured';
  return BY_CLASS.get(element.attribute('classCode') ?? '') ?? (element.name === 'assignedEntity' ? null : 'other');
}

function roles(role: Role, names: string): [string, Role][] {
  return names.split(' ').map((name) => [name, role]);
}
