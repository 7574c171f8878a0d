// What the elements of HL7 V3 XML say outside the narrative: their text and attributes as cells of a row, marked by the names of the
// standard; codes that only serve machines are left out where they are nothing but codes.
import type { Marked } from '../marked.ts';
import { MarkedRow } from './marked-row.ts';
import type { XmlAttribute, XmlElement } from './xml.ts';

/** Names of elements that a mark may hold: any other name could be content. */
const NAMES: ReadonlySet<string> = new Set(
  (
    'recordTarget patientRole patient guardian guardianPerson birthplace place languageCommunication author assignedAuthor assignedPerson ' +
    'dataEnterer informant assignedEntity relatedEntity relatedPerson custodian assignedCustodian representedCustodianOrganization ' +
    'informationRecipient intendedRecipient legalAuthenticator authenticator participant associatedEntity associatedPerson participantRole ' +
    'playingEntity playingDevice inFulfillmentOf order documentationOf serviceEvent performer relatedDocument parentDocument componentOf ' +
    'encompassingEncounter responsibleParty encounterParticipant location healthCareFacility providerOrganization representedOrganization ' +
    'scopingOrganization scopingEntity receivedOrganization act observation substanceAdministration supply procedure encounter organizer ' +
    'observationMedia regionOfInterest consumable manufacturedProduct manufacturedMaterial manufacturedLabeledDrug specimen subject ' +
    'relatedSubject reference referenceRange observationRange patientPerson identifiedPerson asOtherIDs personalRelationship name addr telecom ' +
    'id code value birthTime deceasedTime effectiveTime time text originalText title administrativeGenderCode raceCode ethnicGroupCode ' +
    'maritalStatusCode religiousAffiliationCode doseQuantity rateQuantity quantity repeatNumber routeCode lotNumberText translation ' +
    'interpretationCode priorityCode statusCode setId versionNumber confidentialityCode languageCode methodCode targetSiteCode ' +
    'dischargeDispositionCode functionCode author livingSubjectId livingSubjectName livingSubjectBirthTime'
  ).split(' '),
);

/** Attributes that hold codes of the standard. */
const TECHNICAL: ReadonlySet<string> = new Set(
  (
    'root codeSystem codeSystemVersion classCode moodCode typeCode determinerCode contextControlCode contextConductionInd nullFlavor use type ' +
    'ID mediaType representation inversionInd negationInd operator institutionSpecified partType qualifier independentInd inclusive valueSet ' +
    'compression integrityCheckAlgorithm sequenceNumber styleCode displayable sdtcValueSet'
  ).split(' '),
);
const ONLY_A_CODE = /^[\w.:|-]{0,80}$/;
const NAMESPACE = /^(?:urn:|https?:\/\/)[\w.:/#-]{1,100}$/;

/** Inside these, all text is one value. */
const WHOLE: ReadonlySet<string> = new Set(['name', 'addr', 'originalText', 'text', 'value']);

export class CdaValues {
  #row = new MarkedRow();
  /** The element whose cell was begun last, and its depth. */
  #cell = 0;
  readonly #open: { readonly name: string; readonly serial: number; readonly owner: number }[] = [];
  #serial = 0;

  open(element: XmlElement): void {
    const parent = this.#open.at(-1);
    const serial = ++this.#serial;
    const inWhole = parent !== undefined && (WHOLE.has(parent.name) || parent.owner !== parent.serial);
    this.#open.push({ name: element.name, serial, owner: inWhole ? parent.owner : serial });
    for (const one of element.attributes) if (saysSomething(one, element)) this.#say(plain(one.value));
  }

  text(text: string): void {
    const seen = text.replace(/\s+/g, ' ');
    if (seen !== '' && seen !== ' ') this.#say(seen);
  }

  close(): void {
    this.#open.pop();
  }

  get length(): number {
    return this.#row.length;
  }

  /** The row so far; another one begins. */
  take(): Marked {
    const row = this.#row.marked();
    this.#row = new MarkedRow();
    this.#cell = 0;
    return row;
  }

  #say(text: string): void {
    const owner = this.#open.at(-1)?.owner ?? 0;
    if (owner === this.#cell) this.#row.more(text);
    else this.#row.cell(this.#mark(owner), text);
    this.#cell = owner;
  }

  #mark(owner: number): string | null {
    let at = this.#open.length - 1;
    while (at > 0 && this.#open[at]?.serial !== owner) at--;
    const name = this.#open[at]?.name ?? '';
    const parent = this.#open[at - 1]?.name ?? '';
    if (!NAMES.has(name)) return NAMES.has(parent) ? parent : null;
    return NAMES.has(parent) ? `${parent}/${name}` : name;
  }
}

function saysSomething({ name, prefix, value }: XmlAttribute, element: XmlElement): boolean {
  if (value === '' || prefix === 'xmlns' || name === 'xmlns' || name === 'schemaLocation') return value.length > 500;
  // The number of an id that has no other.
  if (name === 'root' && element.name === 'id' && element.attribute('extension') === null) return true;
  if (TECHNICAL.has(name)) return !ONLY_A_CODE.test(value);
  return !NAMESPACE.test(value) || name === 'value' || name === 'extension';
}

function plain(value: string): string {
  return value.replace(/^(?:tel|fax|mailto):/i, '').replace(/\s+/g, ' ');
}
