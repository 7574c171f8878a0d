// What an address tells of who writes and who reads: a clinic, a laboratory, a plan, or a shop, a payroll, a list. What the administrator says of
// a sender (inspection.sends) goes before it.
import type { Surroundings } from './detector.ts';

/** Logarithms of odds, as in cue-words.ts. */
const SENDS: Readonly<Record<Surroundings['sends'], number | null>> = {
  clinic: 2.1,
  'special-clinic': 2.4,
  laboratory: 2.1,
  payer: 1.8,
  office: 0,
  unknown: null,
};

const CARE_DOMAIN =
  /clinic|hospital|med(?!ia|iat|al)|health|dental|dentist|ortho|derm|pharm|rx|labs?\b|laborator|imaging|radiolog|surg|women|ped(?:s|iatric)|therap|recovery|rehab|hospice|dialysis|fertil|audiolog|eye|vision|optical|physio|chiro|cardio|neuro|onco|physician|doctors?|nursing|midwi|counsel|psych|family(?:$|care|med|practice|dent)|mychart|care\b|caring|ambul|ems\b|transplant|wellness|specialist|urgent|smile|heart|spine|birth|gene|kidney|hearing|aid\b/;
const TRADE_DOMAIN =
  /suppl|hotel|inn\b|resort|auto|garage|motor|bank|realt|homes|properties|apts|apartment|air\b|travel|software|news|courier|press|staffing|temps|foundation|gym|fitness|yoga|salon|cater|clean|linen|waste|hvac|plumb|power|energy|logistic|market|direct|sales|poll|survey|journal|summit|event/;
/** Where people are taught, defended and employed: now and then of somebody's health, mostly not. */
const OFFICE_DOMAIN =
  /school|elementary|high\b|academy|camp\b|daycare|college|universi|\blaw|law(?:\b|firm|group|office)|legal|attorney|webb\b/;
const STAFF_DESK =
  /^(?:hr|people|payroll|careers?|jobs|recruit\w*|talent|education|training|medstaff|credential\w*|compliance|it|helpdesk|security|parking|foundation|press|pr|news|newsletter|marketing|offers|promo\w*|sales|volunteers?|events?|registration|program|editor|facilities|purchasing|ap|accounting|leasing|safety|library|digest|admissions?|support|rewards|loyalty|surveys?|walk|run|alumni|giving)$/;
const CARE_DESK =
  /^(?:nurse|nurses|triage|results?|rx|refills?|lab|radiology|imaging|preop|surgery|intake|referrals?|midwives|reminders?|records|billing|appointments?|priorauth|endoscopy|dispatch|appeals|claims|members?|midwife|counselor|coordinator|optical|his|records)$/;
/** To these patients write, and those who treat them. */
const ASKED_DESK = /^(?:nurses?|triage|records|refills?|rx|referrals?|intake|results?|preop|appeals|priorauth|appointments?|midwives)$/;
const CROWD =
  /^(?:all|list|team|everyone|families|parents|drivers|members|allstaff|all-staff|staff|subscribers|users|announce)$|-list$|-all$/;

const ANIMAL_DOMAIN =
  /veterinar|paws|tails?\b|\bfur(?:and|ry|ever)|equine|animal|kennel|\bpets?(?:\b|clinic|hosp|care|vet|mart|and)|canine|feline|\bvets?(?:clinic|care|hosp|med|\b)|vets?\b/;
/** Desks of an office: who reads there is not she of whom it is written. */
const DESK =
  /^(?:info|office|desk|frontdesk|reception|admin|billing|accounts?|ap|ar|orders?|purchasing|hr|it|helpdesk|support|intake|records|referrals?|scheduling|schedule|bookings?|requests?|dispatch|rides?|claims|appeals|priorauth|lab|pharmacy|nurse|triage|director|registrar|clerk|kitchen|backoffice|colleagues|crew|counsel|biomed|legal|press|news|sales|service|team|all|list|staff)$/;

function partsOf(address: string): readonly [local: string, domain: string] {
  const sign = address.lastIndexOf('@');
  return [address.slice(0, Math.max(0, sign)).toLowerCase(), address.slice(sign + 1).toLowerCase()];
}

function nameOf(domain: string): string {
  return domain.replace(/\.[a-z]+$/, '');
}

/** For care above 0, against it below. */
export function senderLeaning({ sender, sends }: Surroundings): number {
  const [local, domain] = partsOf(sender);
  const name = nameOf(domain);
  const told = SENDS[sends];
  const house = told ?? houseOf(name);
  // Whoever hires, trains and sells for a hospital writes of nobody's care.
  if (STAFF_DESK.test(local)) return Math.min(0, house) - 2.2;
  if (/^(?:school)?nurses?$|^health(?:office|room)?$/.test(local)) return Math.max(house, 0) + 1;
  return house + (house >= 0 && CARE_DESK.test(local) ? 0.8 : 0);
}

function houseOf(name: string): number {
  if (TRADE_DOMAIN.test(name) || ANIMAL_DOMAIN.test(name)) return -2;
  if (OFFICE_DOMAIN.test(name)) return -0.8;
  return CARE_DOMAIN.test(name) ? 2.1 : 0;
}

/** That a sender's house is one for animals: their names, kidneys and pills are nobody's. */
export function ofAnimals({ sender }: Surroundings): number {
  return ANIMAL_DOMAIN.test(nameOf(partsOf(sender)[1])) ? 0.9 : 0;
}

/** Whether only desks of offices read it: a name in the greeting is then of who sits there. */
export function onlyDesks({ recipients }: Surroundings): boolean {
  return recipients.length > 0 && recipients.every((address) => DESK.test(partsOf(address)[0]));
}

/** How likely it is that a message from such a sender is about one of its few outside readers, before its words are known. */
export function readerShare(surroundings: Surroundings): number {
  const { recipients } = surroundings;
  if (recipients.length === 0 || recipients.length > 3) return 0;
  return !onlyDesks(surroundings) && senderLeaning(surroundings) >= 1.5 ? 0.8 : 0.1;
}

export function recipientLeaning({ recipients }: Surroundings): number {
  if (recipients.some((address) => CROWD.test(partsOf(address)[0]))) return -2.4;
  return recipients.some((address) => ASKED_DESK.test(partsOf(address)[0])) ? 1 : 0;
}
