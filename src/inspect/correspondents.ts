// What an address tells of who writes and who reads: a clinic, a laboratory, a plan, or a shop, a payroll, a list. What the administrator says of
// a sender (inspection.sends) goes before it.
import type { Surroundings } from './detector.ts';

/** Logarithms of odds, as in cue-words.ts. */
const SENDS: Readonly<Record<Surroundings['sends'], number | null>> = {
  clinic: 2.6,
  'special-clinic': 2.9,
  laboratory: 2.6,
  payer: 2.3,
  office: 0,
  unknown: null,
};

/** In the middle of other words some of these say something else: concord, hearth, systems, division, merchandise, lawn care. */
const CARE_DOMAIN =
  /clinic|hospital|med(?!ia|iat|al|low|it|ley)|health|dental|dentist|molar|teeth|tooth|dds\b|endodont|periodont|ortho|derm|pharm|apothec|rx|(?<!soil|soiltest|photo|film|colou?r|water|design|sound|code|data|media|maker|learning)labs?\b|laborator|imaging|radiolog|xray|\bmri|mri\b|surg|women|childrens|peds?\b|pediatric|therap|(?<!debt|data|asset|disaster|cost|tow)recovery|rehab|hospice|dialysis|fertil|\bivf|ivf\b|gyn|obstet|matern|lactation|audiolog|(?<!hawk|bulls|birds|red)eye(?!let)|(?<!tele|en|super|di|pro|re)vision|optical|optom|physio|chiro|cardio|neuro|(?<![a-z])onco|oncolog|gastro|urolog|nephro|pulmon|rheum|allerg|podiat|vascular|infusion|bariatric|endocrin|physician|doctors?|teledoc|nursing|midwi|counsel|psych|behavioral|mental|addict|detox|family(?:$|care|med|practice|dent)|mychart|(?<!lawn|car|day|hair|pet|sky|auto|child|shoe|roof|tree)care\b|caring|ambul|\bems\b|(?:county|city|fire|metro)ems\b|transplant|wellness|specialist|urgent|smile|heart(?!h|land|wood|beat)|spine|birth(?!day)|\bgene(?!r)|genetic|genom|kidney|hearing|aid\b|renal|diabet|clearsight|(?:\b|-)pt\b|(?<!cri|ce|om|ei|ry|da|em|ke|ap|op|a)pt\b|plan\b|hand(?:s?\b|surg|clinic|center|therap|and)|wound|occhealth|sportsmed|bloods?-?bank|lifeblood|oxygen|mobility|prosthe|ostomy|dme\b|homemed|braces|root|skin|sleep|blood|sober|newdawn|seniors|assisted|memory|hospic|skilled|welfare(?:fund|plan|trust)|(?<![a-z])care(?!er|ful|taker|less)|(?<!mal|best)practice\b|gp\b|paediat|(?<!bi)optician|lens(?:es)?\b|eyewear|acupunct|foot(?:care|clinic)|homeopath|naturopath|(?<![a-z])(?:cancer|stroke|colon|pain|migraine|asthma|thyroid|liver|lung|breast|bone|joint|knee|vein|vascul)(?!t)|vax|vaccin|immuni[sz]|nurses?\b|vna\b|chemist\b|drug(?:s|store)?\b|mind(?:s|ful)\b|wellbeing|salud|(?:\b|-)ent\b|(?:\b|-)ot\b|doula|elder|autism|insulin|benefits\b|disabilit|\bst-?[a-z]+-?(?:regional|general|memorial)|(?<![a-z])mercy|internal(?:$|med)|(?:shore|bay|valley|hill|lake|river|city|county|-)ob$|ketamine|methadone|\bdrs?-?[bcdfghjklmnpqrstvwxz][a-z]/;
/** Who brings what a plan pays for to people's homes is no supplier of clinics. */
const HOME_DOMAIN =
  /\bdme|dme\b|home-?(?:med|care|health|oxygen)|oxygen|mobility|ostomy|prosthe|orthotic|cpap|diabet|insulin|catheter|incontinen|(?:rx|meds?|pharmacy)-?(?:direct|ship|mail|by-?mail)|health-?(?:market|exchange)/;
const TRADE_DOMAIN =
  /suppl|hotel|disposal|studio|inn\b|resort|auto|garage|motor|(?<!blood-?)bank|realt|homes|properties|apts|apartment|air\b|travel|software|news|courier|press|staffing|temps|foundation|gym|fitness|yoga|salon|cater|clean|linen|waste|hvac|plumb|power|energy|logistic|market|direct|sales|poll|survey|journal|summit|event|\bnet?prs|society|weekly|daily|times|post-|book|library|pharma(?!cy|cist|care)|(?<!welfare)fund(?:s|ing)?\b|grant|magnet|magnetix|steril|software|insur(?!ance-?claims)|life\b|capital|restaurant|parts\b|equip|wholesale|distribut|manufactur|recruit|jobs?\b|careers|uniform|furnit|print(?:ing|ers?)?\b|tech(?:nolog(?:y|ies))?\b|shredding|consulting|bookkeep|bakery|coffee|brew|toner|nails?\b|hair|bridal|camera|spa\b|run\b|race/;
/** Where people are taught, defended and employed: now and then of somebody's health, mostly not. */
const OFFICE_DOMAIN =
  /school|daycare|funeral|mortuary|cremat|kinder|preschool|elementary|high\b|academy|camp\b|daycare|college|universi|\blaw(?!n)|law(?:\b|firm|group|office)|legal|attorney|webb\b/;
/** Who asks how a stay was, for a hospital. */
const ASKS_DOMAIN = /survey|feedback|poll/;
/** Beside a word of teaching or law these leave no doubt: a university's hospital, a college's health service. */
const TREATING_DOMAIN = /clinic|hospital|health|pharmac/;
const STAFF_DESK =
  /^(?:hr|people|payroll|careers?|jobs|recruit\w*|talent|education|training|medstaff|credential\w*|compliance|it|helpdesk|security|parking|foundation|press|pr|news|newsletter|marketing|offers|promo\w*|sales|volunteers?|events?|registration|program|editor|facilities|purchasing|ap|accounting|leasing|safety|library|digest|admissions?|support|rewards|loyalty|surveys?|walk|run|alumni|giving|give|donate|grants?|contracting|contracts|ops|operations|research|secretary|letters|magazine|tips|community|welcome|rep|reps|engineer|engineering|maintenance|fieldservice|broker|talent|bookings|placements|clinicals|staffing|students?|faculty|manager|providernews|privacy|irb|provider-?relations|client-?services|route|media|store\d*|catering|cafeteria|rota|register|registrar|class(?:es)?|courses?|liaison|outreach|wellness|owner|c[efiot]o|mgr|audit|auditors?|treasurer|infection|projects?|proposals?|bids?|tenders?|procurement|buyers?|vendors?|qa|dev|devs|design|web|webmaster|hosting|partnerships?|speakers?|abstracts?|conference|cme|gme|deals|comms|communications|scholarships?|board|committee)$/;
/** Who runs the house, beside a name or a department: practice.mgr. */
const RUNS =
  /(?:^|[-._])(?:mgr|manager|mgmt|c[efiot]o|owner|president|marketing|recruit\w*|payroll|purchasing|procurement|facilities|education|training|newsletter|volunteers?|events)(?:$|[-._])/;
const ASKING_DESK =
  /^(?:hr|people|safety|benefits|underwriting|adjusters?|claims|paralegal|arrangements|office|principal|leave|accommodations?)$/;
const CARE_DESK =
  /^(?:nurse|nurses|triage|results?|rx|refills?|lab|radiology|imaging|preop|surgery|intake|referrals?|midwives|reminders?|records|billing|appointments?|priorauth|endoscopy|dispatch|appeals|claims|members?|midwife|counselor|coordinator|optical|his|records)$/;
/** Who treats, by name or by department. */
const TREATS =
  /^(?:dr[-._]?[bcdfghjklmnpqrstvwxz][a-z]*|\w*(?:ology|iatry|iatrics|therap(?:y|ist))|(?:charge|school|staff)-?nurse|pharmac(?:y|ist)|dietit?ian|dietician|physio|ward\w*|vaccin\w*|immuni[sz]\w*|care-?team|patient\w*|him|roi|[a-z.]+[-._](?:md|np|rn|lpn|dds|dmd|lcsw|psyd|cnm)|surgeon\w*|dentist|hygienist|oncall|after-?visit|ed-?followup|nurses?|triage|results?|rx|refills?|radiology|imaging|preop|surgery|referrals?|midwi\w+|priorauth|endoscopy|counselor)$/;
/** To these patients write, and those who treat them. */
const ASKED_DESK = /^(?:nurses?|triage|records|refills?|rx|referrals?|intake|results?|preop|appeals|priorauth|appointments?|midwives)$/;
const CROWD =
  /^(?:all|list|team|everyone|families|parents|drivers|members|allstaff|all-?staff|staff|subscribers|users|announce|readers|neighbou?rs|community|runners\d*|residents|students|alumni|friends|volunteers|donors|customers|clients|colleagues|starters|newhires|newstarters|mailing-?list|deals|households|everybody|public)\d*$|[-._](?:list|all|members|staff|public|deals)\d*$|^(?:all|members|list)[-._]|^all-?(?:nurs|doctor|provider|physician|clinician|site|hands|office|member|employee|user|faculty|resident|parent|famil|staff)|deals$/;

const ANIMAL_DOMAIN =
  /veterinar|paws|tails?\b|\bfur(?:and|ry|ever)|equine|animal|kennel|\bpets?(?:\b|clinic|hosp|care|vet|mart|and)|canine|feline|\bvets?(?:clinic|care|hosp|med|\b)|vets?\b/;
/** Desks of an office: who reads there is not she of whom it is written. */
const DESK =
  /^(?:info|office|desk|frontdesk|reception|admin|billing|accounts?|ap|ar|orders?|purchasing|hr|it|helpdesk|support|intake|records|referrals?|scheduling|schedule|bookings?|requests?|dispatch|rides?|claims|appeals|priorauth|lab|pharmacy|nurse|triage|director|registrar|clerk|kitchen|backoffice|colleagues|crew|counsel|biomed|legal|press|news|sales|service|team|all|list|staff)$/;

/** One address, looked at once. */
interface Party {
  readonly local: string;
  readonly domain: string;
  /** The domain without its last label. */
  readonly name: string;
  /** What kind of house that is: for care above 0. */
  readonly house: number;
  /** Of those who run, hire, buy, teach and tell the news. */
  readonly isOfHouse: boolean;
}

function partyOf(address: string): Party {
  const sign = address.lastIndexOf('@');
  const local = address.slice(0, Math.max(0, sign)).toLowerCase();
  const domain = address.slice(sign + 1).toLowerCase();
  const name = domain.replace(/\.[a-z]+$/, '');
  return { local, domain, name, house: houseOf(name), isOfHouse: STAFF_DESK.test(local) || RUNS.test(local) };
}

/** Where a house of nothing in particular reads. */
const AT_WORK = 0.3;

/** All that the addresses of a message tell. */
export interface Correspondents {
  readonly sender: number;
  readonly reader: number;
  readonly share: number;
  readonly desks: boolean;
  readonly animals: number;
  readonly writesToCare: boolean;
}

/** Asked once for a message, however many passages it has. */
export function correspondentsOf(surroundings: Surroundings): Correspondents {
  const { sends } = surroundings;
  const sender = partyOf(surroundings.sender);
  const readers = surroundings.recipients.map(partyOf);
  const leaning = senderLeaning(sender, sends, readers);
  const desks = onlyDesks(readers);
  return {
    sender: leaning,
    reader: readerLeaning(readers, sender, leaning),
    share: readerShare(readers, leaning, desks),
    desks,
    animals: ofAnimals(surroundings),
    // Her own address tells who somebody is who writes to those who treat.
    writesToCare: sends === 'unknown' && surroundings.sender !== '' && isPrivate(sender) && !sender.isOfHouse && areOfCare(readers),
  };
}

/** For care above 0, against it below. */
function senderLeaning({ local, house: told, isOfHouse }: Party, sends: Surroundings['sends'], readers: readonly Party[]): number {
  const house = SENDS[sends] ?? told;
  // An employer, or an insurer, that asks those who treat.
  if (house <= 0 && ASKING_DESK.test(local) && areOfCare(readers)) return Math.max(house, -0.5);
  // Whoever hires, trains and sells for a hospital writes of nobody's care.
  if (isOfHouse) return Math.min(0, house) - 2.2;
  if (/^(?:school)?nurses?$|^health(?:office|room)?$/.test(local)) return Math.max(house, 0) + 1.6;
  // Bills, claims and members are everybody's; triage, refills and results are not.
  return house + deskOf(house, local);
}

/** Nobody but a house of care has such desks; others have them too, and count where the house is one. */
function deskOf(house: number, local: string): number {
  if (house < 0) return 0;
  if (TREATS.test(local)) return house === 0 ? 1.6 : 0.8;
  return house > 0 && CARE_DESK.test(local) ? 0.8 : 0;
}

function houseOf(name: string): number {
  if (HOME_DOMAIN.test(name)) return 2;
  if (ASKS_DOMAIN.test(name) && TREATING_DOMAIN.test(name)) return 0;
  if (TRADE_DOMAIN.test(name) || ANIMAL_DOMAIN.test(name)) return -2.8;
  if (OFFICE_DOMAIN.test(name) && !TREATING_DOMAIN.test(name)) return -0.8;
  return CARE_DOMAIN.test(name) ? 2.6 : 0;
}

/** That a sender's house is one for animals: their names, kidneys and pills are nobody's. */
export function ofAnimals({ sender }: Pick<Surroundings, 'sender'>): number {
  return ANIMAL_DOMAIN.test(sender.slice(sender.lastIndexOf('@') + 1).replace(/\.[a-z]+$/, '')) ? 0.9 : 0;
}

/** Whether only desks of offices read it: a name in the greeting is then of who sits there. */
function onlyDesks(readers: readonly Party[]): boolean {
  return readers.length > 0 && readers.every(({ local }) => DESK.test(local));
}

/** How likely it is that a message from such a sender is about one of its few outside readers, before its words are known. */
function readerShare(readers: readonly Party[], sender: number, desks: boolean): number {
  if (readers.length === 0 || readers.length > 3) return 0;
  if (desks || sender < -0.5) return 0.1;
  return Math.max(...readers.map(sender < 1.5 ? fromAnywhere : fromCare));
}

function fromAnywhere(reader: Party): number {
  return isPrivate(reader) ? AT_WORK : 0.1;
}

/** That who reads there reads for herself: in her own letter-box, at work perhaps, and at a clinic, a school or a shop hardly. */
function fromCare(reader: Party): number {
  if (isPrivate(reader)) return 0.8;
  return reader.house === 0 && !reader.isOfHouse && !CROWD.test(reader.local) ? AT_WORK : 0.1;
}

/** @param house what the sender's address tells */
function readerLeaning(readers: readonly Party[], sender: Party, house: number): number {
  if (readers.length === 0) return 0;
  if (readers.some(({ local }) => CROWD.test(local))) return -2.4;
  if (readers.every(isNobodys)) return -1.2;
  const asked = readers.some(({ local }) => ASKED_DESK.test(local)) ? 1 : 0;
  // Who is no clinic and writes to one, and a clinic that writes to somebody at home: mostly of care.
  if (house > -1.5 && house < 1 && areOfCare(readers) && isOfPeople(sender)) return asked + 1.6;
  if (readers.every((reader) => reader.house < -1)) return asked - 1;
  return house >= 1.5 && readers.every(isPrivate) ? asked + 0.5 : asked;
}

/** Desks that buy, sell, teach and build, for no person's sake: an employer's who manages and hires may read of one. */
function isNobodys({ local, isOfHouse }: Party): boolean {
  return isOfHouse && !ASKING_DESK.test(local) && !/hr|people|manager|leave|placements|admissions/.test(local);
}

function areOfCare(readers: readonly Party[]): boolean {
  return readers.length > 0 && readers.every(({ house, isOfHouse }) => house > 0 && !isOfHouse);
}

/** Somebody at home, or a school, an employer, a lawyer: who writes to a clinic and has nothing to sell. */
function isOfPeople(sender: Party): boolean {
  return isPrivate(sender) || OFFICE_DOMAIN.test(sender.name) || ASKING_DESK.test(sender.local);
}

/** Houses where people have their letter-box. */
const PRIVATE_DOMAIN =
  /^(?:live|me|msn|aol|icloud|yahoo|outlook|proton|gmx|web|comcast|verizon|att|sbcglobal|cox|charter|earthlink|example|mac|duck|hey|pm|juno|netzero|bellsouth|frontier|optonline|optimum|windstream|centurylink|mindspring|rr|q|tutanota|zoho|yandex|roadrunner|suddenlink)\.|mail|inbox|\bpost\./;

/** Whether an address is somebody's own. */
export function isAtHome(address: string): boolean {
  return isPrivate(partyOf(address));
}

function isPrivate({ local, domain }: Party): boolean {
  return PRIVATE_DOMAIN.test(domain) && !DESK.test(local) && !CROWD.test(local);
}
