// What people write before a number to say what it is: "MRN", "member ID", "Rx #", "invoice no.". The last kind are no identifiers of a
// person, and are here so that what follows them is not taken for one.
import type { Role } from '../mail/finding.ts';

export const TAGS = [
  'ssn',
  'itin',
  'mrn',
  'encounter',
  'plan-number',
  'policy',
  'medicare-number',
  'npi',
  'dea',
  'account',
  'card',
  'licence',
  'passport',
  'plate',
  'vin',
  'device',
  'phone',
  'fax',
  'birth-date',
  'service-date',
  'death-date',
  'biometric',
  'rx',
  'claim',
  'case',
  'subject',
  'specimen',
  'worker',
  'nothing',
] as const;
export type Tag = (typeof TAGS)[number];

export interface Label {
  readonly tag: Tag;
  /** 'alone': the words are a label by themselves; 'number': only with "number", "no.", "ID", "#" or a colon behind them. */
  readonly needs: 'alone' | 'number';
  readonly role: Role | null;
}

/** By tag: labels that stand alone, labels that need a word for number. `patient:` before them says whose it is. */
const PHRASES: Readonly<Record<Tag, { readonly alone: string; readonly number: string; readonly role?: Role }>> = {
  ssn: { alone: 'ssn|ssns|social security|soc sec|socialsecuritynumber|ss no|ss number|ssan', number: 'ss|social' },
  itin: { alone: 'itin|individual taxpayer identification', number: '' },
  mrn: {
    alone: 'mrn|mrns|mrnumber|medical record|medical rec|med rec|medrec|medical chart|hospital record|patient mrn|pt mrn|upi|health record',
    number:
      'mr|chart|patient|pt|hospital|record|patient record|unit|clinic|ehr|emr|epic|cerner|patient file|patient chart|nhs|resident|patient account|hospital unit',
    role: 'patient',
  },
  encounter: {
    alone: 'accession|csn|contact serial|patient encounter',
    number: 'encounter|visit|admission|fin|har|acc|inpatient|episode|hospital account|order accession',
    role: 'patient',
  },
  'plan-number': {
    alone: 'memberid|mbrid|healthinsuranceid|subscriberid|member identification|subscriber identification|cardholder id',
    number:
      'member|subscriber|beneficiary|insured|enrollee|mbr|health plan|health insurance|insurance|insurance member|medicaid|medi cal|medicaid recipient|plan|health plan beneficiary|plan beneficiary|cin|hpbn|insurance card|payer|coverage|recipient|health|national health|hmo|ppo|insurer|ins|hbn|nhi|healthcare',
    role: 'patient',
  },
  policy: { alone: '', number: 'policy|group|insurance policy|insurance group|policyholder|grp|membership|contract' },
  'medicare-number': {
    alone: 'mbi|hicn|medicare beneficiary|medicare beneficiary identifier|medicare id|medicare number|health insurance claim',
    number: 'medicare|hic|medicare claim',
    role: 'patient',
  },
  npi: { alone: 'npi|national provider identifier|national provider', number: '', role: 'provider' },
  dea: { alone: 'dea|dea registration', number: '', role: 'provider' },
  account: {
    alone: 'iban|bank account|checking account|savings account|routing|aba routing|bankaccount|guarantor account|acct',
    number: 'account|accounts|a c|bank|checking|savings|aba|guarantor',
  },
  card: { alone: 'credit card|debit card|creditcard|card on file|card', number: 'visa|mastercard|amex|american express|hsa card|fsa card' },
  licence: {
    alone:
      "driver's license|drivers license|driver license|driver's licence|driving licence|drivers licence|driverslicense|birth certificate|death certificate|national id|state id|dl|green card|alien registration",
    number:
      'license|licence|permit|certificate|certification|nid|id card|medical license|nursing license|registration|identity card|notary license',
  },
  passport: { alone: 'passport', number: '' },
  plate: { alone: 'license plate|licence plate|number plate|plate|vehicle registration|plates', number: 'vehicle|tag' },
  vin: { alone: 'vin|vehicle identification', number: '' },
  device: {
    alone: 'udi|device identifier|device serial|serialnumber|unique device identifier|implant serial|pacemaker serial|udi di|sn|s n|serial',
    number: 'device|implant|lot|pacemaker|pump|model serial|generator|lead',
  },
  phone: {
    alone:
      'phone|telephone|tel|ph|mobile|cell|cellphone|cell phone|home phone|work phone|phonenumber|call|contact|callback|call back|pager|whatsapp|reach|reached|reach me|text|voicemail|landline|hotline',
    number: 'contact|home|work|day|evening|daytime|emergency contact',
  },
  fax: { alone: 'fax|facsimile|efax|telefax', number: '' },
  'birth-date': {
    alone:
      "dob|d o b|date of birth|birth date|birthdate|dateofbirth|born|born on|birthday|bday|birth|bd|date of birth mm dd yyyy|y o b|patient's birthday",
    number: '',
  },
  'service-date': {
    alone:
      'dos|date of service|dates of service|service date|visit date|date of visit|admission date|admit date|date of admission|discharge date|date of discharge|appointment date|date of appointment|appt|procedure date|date of procedure|surgery date|date of surgery|encounter date|date of injury|doi|doa|collection date|collected|date collected|specimen date|onset date|date of onset|lmp|edd|edc|admitted|discharged|admit|discharge|date seen|last seen|last visit|next visit|next appointment|follow up date|exam date|date of exam|scan date|fill date|last fill|filled|diagnosis date|date of diagnosis|date of examination|transfer date|immunization date|date given|expired on',
    number: '',
  },
  'death-date': { alone: 'dod|date of death|deceased|died|passed away|expired on|death date|died on', number: '' },
  biometric: { alone: 'fingerprint|voiceprint|biometric|retina scan|iris scan|faceprint|palm print|biometric template|iris', number: '' },
  rx: { alone: 'rxnumber', number: 'rx|prescription|script|refill|rx refill' },
  claim: {
    alone: 'prior authorization|preauthorization|pre authorization|precertification|icn|dcn',
    number: 'claim|authorization|auth|precert|prior auth|referral|eob|remittance|claims|authorisation|pa',
  },
  case: { alone: '', number: 'case|file|client|incident|intake|admit|care plan|order id|emergency' },
  subject: {
    alone: 'subject id|participant id|subjectid',
    number: 'subject|study subject|participant|study participant|study|trial subject|enrollment|screening|donor|randomization',
  },
  specimen: { alone: '', number: 'specimen|sample|slide|block|pathology|path|lab|requisition|surgical|biopsy|barcode|isolate' },
  worker: { alone: '', number: 'employee|emp|empid|student|badge|staff|personnel|nid|user' },
  nothing: {
    alone:
      'invoice|inv|purchase order|po|order|orders|tracking|ticket|version|ver|model|isbn|issn|docket|bar no|bar number|civil action|revision|rev|sku|item|part|p n|room|suite|ste|apt|page|pages|pp|section|sec|article|chapter|bug|issue|release|build|step|figure|fig|table|line|zip|zipcode|port|pin|extension|ext|receipt|quote|quotation|booking|reservation|confirmation|flight|tax id|ein|fein|rfc|cve|message id|license key|product key|serial key|case law|stat|usc|cfr|ndc|icd|icd10|cpt|loinc|snomed|hcpcs|grant|nct|doi org|pmid|pubmed|price|total|amount|usd|balance|subtotal|copyright|gpl',
    number:
      'transaction|reference|ref|customer|vendor|supplier|project|product|job|session|request|court case|tax|register|vat|bar|meeting|conference|conf|webinar|event|process|batch|contract|court',
  },
};

/** A label by the words before its last one, in reverse. */
export interface LabelEnding {
  readonly before: readonly string[];
  readonly label: Label;
}

/** By their last word: phrases that end so, longest first. */
export type LabelTable = ReadonlyMap<string, readonly LabelEnding[]>;

/** Made once per use of tags; the result is frozen data. */
function tableOf(): LabelTable {
  const table = new Map<string, { before: readonly string[]; label: Label }[]>();
  const put = (phrase: string, label: Label): void => {
    const [last, ...before] = phrase.split(' ').reverse();
    if (last === undefined || last === '') return;
    table.set(last, [...(table.get(last) ?? []), { before, label }]);
  };
  for (const tag of TAGS) {
    const { alone, number, role = null } = PHRASES[tag];
    for (const phrase of alone.split('|')) put(phrase, { tag, needs: 'alone', role });
    for (const phrase of number.split('|')) {
      put(phrase, { tag, needs: 'number', role });
      // As programs write it: patientId, member_number.
      const joined = phrase.replaceAll(' ', '');
      if (joined.length > 2) for (const end of ['id', 'no', 'number', 'num']) put(joined + end, { tag, needs: 'alone', role });
    }
  }
  for (const [last, entries] of table)
    table.set(
      last,
      entries.toSorted((a, b) => b.before.length - a.before.length),
    );
  return table;
}

export const LABELS_BY_LAST_WORD: LabelTable = tableOf();

/** Words that say "number" behind what it is a number of. */
export const NUMBER_WORDS: ReadonlySet<string> = new Set(
  'no nos number numbers num nr nbr id ids identifier ident identification uid nummer numero'.split(' '),
);
/** Words between a label and its value. */
export const LINKING_WORDS: ReadonlySet<string> = new Set(
  'is was are be the of as at on in to me us our with by for and or under reads file january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec'.split(
    ' ',
  ),
);
/** What a word does before a number, in one integer: from one up the place of the labels that end with it, and what else it says. */
export const SAYS_NUMBER = 1 << 16;
export const LINKS = 1 << 17;
/** "is", "was": a value comes. */
export const SAYS_VALUE = 1 << 18;
/** "id" */
export const IS_ID = 1 << 19;
const PLACE = SAYS_NUMBER - 1;
const LABELS: readonly (readonly LabelEnding[])[] = [...LABELS_BY_LAST_WORD.values()];

export const LABEL_USES: ReadonlyMap<string, number> = usesOf();

function usesOf(): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  const put = (word: string, use: number): unknown => uses.set(word, (uses.get(word) ?? 0) | use);
  for (const [i, word] of [...LABELS_BY_LAST_WORD.keys()].entries()) put(word, i + 1);
  for (const word of NUMBER_WORDS) put(word, SAYS_NUMBER);
  for (const word of LINKING_WORDS) put(word, LINKS);
  for (const word of ['is', 'was']) put(word, SAYS_VALUE);
  put('id', IS_ID);
  return uses;
}

/** The labels that end with a word. */
export function labelsEnding(use: number): readonly LabelEnding[] | null {
  return LABELS[(use & PLACE) - 1] ?? null;
}
