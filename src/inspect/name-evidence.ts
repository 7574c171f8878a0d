// What stands around a name and speaks for a person: age, birth date, record number, credential, what is told of patients, a possessive before
// health. Bounded windows, and an expression is asked only where the next word may begin what it looks for (name-words.ts).
import { listBit } from './lexicon.ts';
import type { Evidence } from './name-anchors.ts';
import type { Shape } from './name-shapes.ts';
import {
  FACILITY,
  FAMILY,
  FIRST,
  gapAfter,
  hasDigits,
  HEALTH,
  ILLNESS,
  isClear,
  isMixed,
  isOdd,
  lengthOf,
  isPossessive,
  lowerOf,
  nextUses,
  type NameView,
  PERSON_VERB,
  setsOf,
  STATE,
  usesOf,
  writtenOf,
} from './name-view.ts';
import {
  AGE_NEXT,
  BED,
  CLOSING,
  CREDENTIAL,
  DEED_NEXT,
  LEADS_IN,
  NAMING,
  OF_PATIENT,
  OWN_NEXT,
  PLACE_NEXT,
  RECORD_NEXT,
} from './name-words.ts';
import { ODD } from './word-traits.ts';
import { AMPERSAND, CLOSING_BRACKET, COLON, COMMA, HYPHEN, LINE_FEED, SMALL, SPACE, isCapital } from './sign-codes.ts';

const WINDOW = 110;
const LOOK_BEHIND = 70;
/** Illnesses are for nobody. */
const DONE_TO = listBit('test') | listBit('drug') | listBit('procedure');
const AGE_BEFORE =
  /\b\d{1,3}[ -]?(?:y[./ ]?o\b|yrs?\b|years?[ -]old|years? of age|months?[ -]old|mos?\b|weeks?[ -]old|days?[ -]old|[MF]\b)|\b\d{2}[MF]\b/i;
const AGE_AFTER =
  /^[\s,.(–—-]{0,4}(?:(?:is|was) )?(?:an? )?(?:(?:[Aa]ged? )?\d{1,3}[ -]?(?:y[./ ]?o\b|yrs?\b|years?[ -]old\b|years? of age\b|months?[ -]old|mos?\b|weeks?[ -]old|days?[ -]old)|\d{1,3}[ -]?[MF]\b|[Aa]ged? \d{1,3}\b|[MF][,/ ]{1,2}\d{2}\b)|^(?:\.?, | \()\d{2}[,)]/;
const IDENTIFIER_AFTER =
  /^[\s,.;:(|–—-]{0,6}(?:\(|patient )?(?:dob|d\.o\.b|date of birth|born|mrn|medical record|record (?:no|number)|patient id|member id|ssn|chart|acct)\b/i;
const NPI_AFTER = /^[\s,;:(|–—-]{0,6}(?:npi|dea|lic(?:ense)?(?: no)?)\b/i;
const VERB_AFTER =
  /^\.?,? (?:(?:has|had|have|is|was|who|also|then|recently|currently|again|been|being) ){0,3}(?:presents?|presented|complain(?:s|ed|ing)|c\/o|reports?|reported|den(?:ies|ied)|underwent|undergoing|tested positive|admitted|diagnosed|hospitali[sz]ed|discharged|suffer(?:s|ed|ing)|tolerated|seen|evaluated|treated|prescribed|referred|scheduled|experienc(?:es|ed|ing)|taking|allergic|passed away|died|fell|hurt|injured|collapsed|relapsed)\b/i;
/** What is done to patients at a place, on a day, by somebody. */
const CARED_FOR =
  /^\.?,? (?:(?:who|was|has|had|is|been|being|recently|last) ){0,3}(?:seen|admitted|readmitted|hospitali[sz]ed|discharged|evaluated|treated|underwent|undergoing|followed)(?: (?:up|over|back))? (?:at|to|in|by|on|from|for|under|here|today|yesterday)\b/;
const VISITED = /^\.?,? (?:who )?(?:has )?(?:visited|presented to|came to) (?:our|the|your|my)\b/;
const AT_PLACE = /^\.?,? (?:at|of|from) (?:the )?[A-Z]/;
/** An address behind the name: a record, an envelope. */
const ADDRESS_AFTER = /^(?:, |\n)\d{1,6} [A-Z][\w.]* [A-Z][\w.]*/;
/** Called by name at the beginning: "Walter, this is a reminder". */
const CALLED = /^(?:,| [-–—]) (?:this|your|you|you're|you’re|we|i|i'm|just|please|thanks?|it|here|our|a|the|don't|don’t)\b/i;
/** "Dana Wells, Territory Manager": a post. */
const POST_AFTER =
  /^(?:, |\n)(?:[A-Z][\w&-]* |of |and |& ){0,3}(?:Manager|Director|Representative|Rep|Coordinator|Administrator|Assistant|Officer|Engineer|Consultant|Analyst|Editor|President|CEO|CFO|CIO|Recruiter|Principal|Superintendent|Specialist|Supervisor|Secretary|Treasurer|Staff Office|Purchasing|Accounting|Human Resources|HR|Sales|IT)\b/;
const CITED_AFTER = /^,? (?:et al\b|and colleagues\b)|^ \((?:19|20)\d\d[a-z]?\)/;
/** "Smith rm 12", "bed 7, Smith", "214 Smith:" at the beginning of a line: how a ward calls its patients. */
const BED_AFTER = /^,? \(?(?:(?:in |at )?(?:rm|bed|bay)\.? ?#?\d{1,4})\b/i;
const IN_ROOM = /^ in \d{1,3}[A-D]?(?=[,:]| (?:wants|needs|is|has|was|says|asks|still|slept)\b)/;
const BED_BEFORE = /\b(?:rm|bed|bay)\.? ?#?\d{1,4}[,:]? {0,2}$/i;
const NUMBERED = /(?:^|\n)\d{2,4}[A-D]?[.:,]? $/;
/** What one does or has, told by a first name alone: "Beth is out", "Tim takes". */
const DOES =
  /^ (?:is|was|has|had|will|can|needs|takes|wants|got|says|said|feels|came|went|should|did|does|could|may|cannot|can't|refuses?|asks?|gets|threw|fell|took|ate|rang|slept|lost|says|feels|hurt|(?!receiv|need)[a-z]{3,12}ed) /;
/** "Smith baby girl": how a newborn is called. */
const OF_BABY = /^,? baby (?:girl|boy)\b/i;
const HAVING = /^ (?:has|had|have|needs?|takes?|took|gets?|is|was|will) /;
const OF_THEIR_OWN = /^,? (?:(?:for|and|in|with|about|on|regarding) )?(?:his|her)\b/;
const SAID_OF_PATIENT = /\b(?:patients?|pts?|male|female|man|woman|boy|girl|gentleman|lady|infant|child|m|f)\b[^.\n]{0,90}$/i;
/** What follows a name. */
interface Behind {
  /** Of ANY_NEXT: what the next word may begin. */
  readonly next: number;
  /** The next word has a digit. */
  readonly number: boolean;
  /** Code of the first sign. */
  readonly sign: number;
  /** Empty where the next word begins nothing that is looked for: so it is with most names. */
  readonly text: string;
}

function behindOf(view: NameView, shape: Shape): Behind {
  const next = nextUses(view, shape.to);
  const number = hasDigits(view, shape.to);
  const sign = view.codes[view.ends[shape.to - 1] ?? 0] ?? 0;
  return { next, number, sign, text: next !== 0 || number ? textBehind(view, shape) : '' };
}

function textBehind(view: NameView, { to }: Shape): string {
  const end = view.ends[to - 1] ?? 0;
  return view.text.slice(end, end + LOOK_BEHIND);
}

/**
 * What speaks for a person, besides what announces the name.
 * @param share how much of it counts: where nothing does, only what makes a name of any word is looked for
 */
export function addEvidence(view: NameView, shape: Shape, share: number, found: Evidence[]): void {
  const behind = behindOf(view, shape);
  const { next, number, sign, text } = behind;
  if (share > 0) addSaid(view, shape, share, behind, found);
  if (number && (sign === COMMA || sign === LINE_FEED) && ADDRESS_AFTER.test(text))
    found.push({ reason: 'with-address', weight: 0.45 * Math.max(share, 0.9), role: null });
  if (isInBed(view, shape)) found.push({ reason: 'in-bed', weight: 0.6 * Math.max(share, 0.9), role: 'patient' });
  if (share === 0) return;
  const own = (next & OWN_NEXT) !== 0;
  if (shape.form === 'last' && isWholeSubject(view, shape)) found.push({ reason: 'whole-subject', weight: 0.6 * share, role: null });
  if (own && OF_BABY.test(text)) found.push({ reason: 'baby', weight: 0.75 * share, role: 'patient' });
  if (shape.form === 'first' && isTold(view, shape)) found.push({ reason: 'subject', weight: 0.25 * share, role: null });
  if (shape.form === 'first' && isSpokenTo(view, shape)) found.push({ reason: 'vocative', weight: 0.5 * share, role: 'recipient' });
  if (shape.from === 0 && isCalled(view, shape)) found.push({ reason: 'greeting', weight: 0.7 * share, role: 'recipient' });
  // What stands before it.
  const uses = usesOf(view, shape.from - 1);
  const gap = gapAfter(view, shape.from - 1);
  if ((uses & LEADS_IN) !== 0 && gap === 'space' && isHealthOf(view, shape))
    found.push({ reason: 'health-of', weight: 0.7 * share, role: 'patient' });
  if ((sign === COMMA || sign === LINE_FEED) && hasPost(view, shape)) found.push({ reason: 'post', weight: 0.72 * share, role: 'staff' });
  if (own && OF_THEIR_OWN.test(text)) found.push({ reason: 'pronoun', weight: 0.3 * share, role: null });
  if (isCited(view, shape, behind)) found.push({ reason: 'cited', weight: 0.3 * share, role: 'public' });
  if (gap === 'comma' || gap === 'break' || (uses & (LEADS_IN | NAMING)) !== 0) addApposition(view, shape, share, found);
}

/** What is told right behind the name: a number and whose, a credential, an age, what the person has or what was done. */
function addSaid(view: NameView, shape: Shape, share: number, behind: Behind, found: Evidence[]): void {
  const { to } = shape;
  const { next, number, text } = behind;
  const record = (next & RECORD_NEXT) !== 0;
  if (record && NPI_AFTER.test(text)) found.push({ reason: 'with-licence', weight: 0.6 * share, role: 'provider' });
  if (hasCredential(view, shape)) found.push({ reason: 'credential', weight: 0.8 * share, role: 'provider' });
  if (record && IDENTIFIER_AFTER.test(text)) found.push({ reason: 'with-identifier', weight: 0.75 * share, role: 'patient' });
  if (((next & AGE_NEXT) !== 0 || (number && mayBeAge(view, to))) && AGE_AFTER.test(text))
    found.push({ reason: 'with-age', weight: 0.6 * share, role: 'patient' });
  if (isPossessive(view, to - 1)) {
    if (healthWithin(view, to, 3, HEALTH)) found.push({ reason: 'possessive-health', weight: 0.55 * share, role: 'patient' });
    return;
  }
  if (isSubject(view, shape, behind)) found.push({ reason: 'person-verb', weight: 0.45 * share, role: 'patient' });
  if (isCaredFor(view, shape, behind)) found.push({ reason: 'cared-for', weight: 0.45 * share, role: 'patient' });
}

/** Up to three digits, with the letter behind them that may begin years, months, weeks, days, M or F, or the end of a clause; "55yo". */
function mayBeAge(view: NameView, word: number): boolean {
  if (isMixed(view, word)) return true;
  if (lengthOf(view, word) > 3) return false;
  const { codes, ends } = view;
  const end = ends[word] ?? 0;
  const sign = codes[end] ?? 0;
  if (sign === COMMA || sign === CLOSING_BRACKET) return true;
  const unit = (sign === SPACE || sign === HYPHEN ? (codes[end + 1] ?? 0) : sign) | SMALL;
  return unit === 121 || unit === 109 || unit === 119 || unit === 100 || unit === 102;
}

/** "Smith et al", "Smith and colleagues", "Smith (2008)". */
function isCited(view: NameView, { to }: Shape, { next, number, sign, text }: Behind): boolean {
  if (number) return sign === SPACE && CITED_AFTER.test(text);
  return (next & OWN_NEXT) !== 0 && lengthOf(view, to) < 4 && CITED_AFTER.test(text);
}

/** "Jane Doe presents with", "John Smith was admitted": with something of health in the sentence. */
function isSubject(view: NameView, { to }: Shape, { next, text }: Behind): boolean {
  const deed = (next & DEED_NEXT) !== 0;
  const verb = (setsOf(view, to) & PERSON_VERB) !== 0 && gapAfter(view, to - 1) === 'space';
  if ((!deed && !verb) || !healthWithin(view, to, 14, ILLNESS)) return false;
  return verb || VERB_AFTER.test(text) || (HAVING.test(text) && healthWithin(view, to + 1, 4, ILLNESS));
}

/** "Jane R. seen at UCSF on April 15", "Samantha P., who visited our clinic", "Beth A. at Good Samaritan Hospital". */
function isCaredFor(view: NameView, { to, form }: Shape, { next, text }: Behind): boolean {
  const deed = (next & DEED_NEXT) !== 0;
  if (deed && CARED_FOR.test(text)) return true;
  const placed = form === 'first-initial' && (next & PLACE_NEXT) !== 0 && AT_PLACE.test(text);
  return (placed || (deed && VISITED.test(text))) && healthWithin(view, to, 9, FACILITY);
}

/** "bed 7, Smith", "214 Smith:", "Smith rm 12", "Smith in 214": with the number of a room or a bed. */
export function isInBed(view: NameView, shape: Shape): boolean {
  return (hasDigits(view, shape.from - 1) && isBehindBed(view, shape)) || isBeforeBed(view, shape);
}

function isBehindBed(view: NameView, { from, to, form }: Shape): boolean {
  const { codes, starts, ends } = view;
  const start = starts[from] ?? 0;
  const before = (): string => view.text.slice(Math.max(0, start - 14), start);
  if (namesBed(view, from - 2) || namesBed(view, from - 1)) if (BED_BEFORE.test(before())) return true;
  const sign = codes[ends[to - 1] ?? 0];
  return form !== 'first' && (sign === COLON || sign === COMMA) && NUMBERED.test(before());
}

function isBeforeBed(view: NameView, shape: Shape): boolean {
  const { to, form } = shape;
  if (!namesBed(view, to)) {
    if ((usesOf(view, to) & PLACE_NEXT) === 0) return false;
    if (!namesBed(view, to + 1)) return form !== 'first' && hasDigits(view, to + 1) && IN_ROOM.test(textBehind(view, shape));
  }
  const after = textBehind(view, shape);
  return BED_AFTER.test(after) || (form !== 'first' && IN_ROOM.test(after));
}

/** "bed", and "bed7" that is one word. */
function namesBed(view: NameView, word: number): boolean {
  return (usesOf(view, word) & BED) !== 0 || isMixed(view, word);
}

/** "Re: Smith": the subject is somebody. */
function isWholeSubject(view: NameView, shape: Shape): boolean {
  const { from } = shape;
  if (view.passage.area !== 'header' || !isClear(view, from, FAMILY) || !/^\s*$/.test(textBehind(view, shape))) return false;
  return /^(?:(?:re|fwd?): ?)*$/i.test(view.text.slice(0, view.starts[from]));
}

function isTold(view: NameView, shape: Shape): boolean {
  const { from, to } = shape;
  if (writtenOf(view, to) !== 'lower' || !isClear(view, from, FIRST)) return false;
  return DOES.test(textBehind(view, shape));
}

/** "Ok to go up, Aisha." ends a sentence with who is spoken to; "Thanks, Aisha" is who writes. */
function isSpokenTo(view: NameView, shape: Shape): boolean {
  const { from } = shape;
  if (gapAfter(view, from - 1) !== 'comma' || !isClear(view, from, FIRST)) return false;
  if ((usesOf(view, from - 1) & CLOSING) !== 0 || writtenOf(view, from - 1) === 'capitalised') return false;
  return /^[.!?](?:\s|$)/.test(textBehind(view, shape));
}

/** The first word of the text, a first name and nothing else. */
function isCalled(view: NameView, shape: Shape): boolean {
  if (shape.to > 2 || (setsOf(view, 0) & FIRST) === 0 || view.passage.area === 'header') return false;
  return CALLED.test(textBehind(view, shape));
}

/** Behind a comma or in the next line, beginning with a capital, "of", "and" or "&". */
function hasPost(view: NameView, shape: Shape): boolean {
  const { codes, ends } = view;
  const end = ends[shape.to - 1] ?? 0;
  const at = codes[end] === LINE_FEED ? end + 1 : end + 2;
  const first = at < codes.length ? (codes[at] ?? 0) : 0;
  return (isCapital(first) || first === 111 || first === 97 || first === AMPERSAND) && POST_AFTER.test(textBehind(view, shape));
}

function healthWithin(view: NameView, from: number, words: number, lists: number): boolean {
  for (let at = from; at < from + words && at < view.count; at++) if ((setsOf(view, at) & lists) !== 0) return true;
  return false;
}

/** "TSH 8.9 for Ortiz", "an ultrasound on Ms. Roe": what is done or found. */
function isHealthOf(view: NameView, { from }: Shape): boolean {
  const previous = lowerOf(view, from - 1);
  if (previous !== 'for' && previous !== 'on') return false;
  for (let at = from - 2; at >= from - 4; at--) {
    if (gapAfter(view, at) === 'break') return false;
    if ((setsOf(view, at) & DONE_TO) !== 0 && (setsOf(view, at) & ILLNESS) !== 0) return true;
  }
  return false;
}

/** "a 54-year-old female with arthritis, Julie M.": the name stands beside a description of a patient. */
function addApposition(view: NameView, { from }: Shape, share: number, found: Evidence[]): void {
  const gap = gapAfter(view, from - 1);
  const uses = usesOf(view, from - 1);
  const naming = (uses & NAMING) !== 0;
  const previous = (uses & LEADS_IN) === 0 || isOdd(view, from - 1) ? 'on' : lowerOf(view, from - 1);
  const led = previous !== 'on';
  if (gap !== 'comma' && !naming && !led && (gap !== 'break' || !isSetApart(view, from))) return;
  const told = toldBefore(view, from);
  if (!told.number && !told.patient) return;
  const start = view.starts[from] ?? 0;
  const before = view.text.slice(Math.max(0, start - WINDOW), start);
  const line = before.slice(before.lastIndexOf('\n\n') + 1);
  const aged = told.number && AGE_BEFORE.test(line);
  const alike = previous === 'to' && lowerOf(view, from - 2) === 'similar';
  const described = alike || gap === 'comma' || previous === 'name' || naming;
  if (described && (aged || (told.patient && SAID_OF_PATIENT.test(line))))
    found.push({ reason: aged ? 'with-age' : 'said-patient', weight: (aged ? 0.5 : 0.35) * share, role: 'patient' });
  else if (aged && (alike || previous !== 'to')) found.push({ reason: 'with-age', weight: 0.25 * share, role: 'patient' });
}

/** Behind a dash, a colon or an opening bracket. */
function isSetApart({ codes, starts }: NameView, word: number): boolean {
  const start = starts[word] ?? 0;
  if (start < 2) return start === 1 && OPENING.includes(codes[0] ?? 0);
  return OPENING.includes(codes[codes[start - 1] === SPACE ? start - 2 : start - 1] ?? 0);
}
/** ( – — : - */
const OPENING: readonly number[] = [40, 0x2013, 0x2014, 58, 45];

/** Whether a number, or a word for a patient, stands in the window before a word. */
function toldBefore(view: NameView, word: number): { readonly number: boolean; readonly patient: boolean } {
  const { starts, ends, traits } = view;
  const first = (starts[word] ?? 0) - WINDOW;
  let number = false;
  let patient = false;
  for (let at = word - 1; at >= 0 && (ends[at] ?? 0) > first; at--) {
    // Of a word that the window cuts the rest may be another.
    const cut = (starts[at] ?? 0) < first;
    number ||= hasDigits(view, at) && (cut || mayBeAge(view, at));
    patient ||= cut || ((traits[at] ?? 0) & ODD) !== 0 || (usesOf(view, at) & OF_PATIENT) !== 0;
  }
  return { number, patient };
}

/** ", MD", " PA-C", ", M.D.": behind a single word only what is no state too ("Bethlehem, PA"). */
function hasCredential(view: NameView, { from, to }: Shape): boolean {
  if ((usesOf(view, to) & CREDENTIAL) === 0 && lengthOf(view, to) !== 1) return false;
  const gap = gapAfter(view, to - 1);
  if (gap !== 'space' && gap !== 'comma') return false;
  if (writtenOf(view, to) === 'initial') return DOTTED.has(`${lowerOf(view, to)}${lowerOf(view, to + 1)}`) && gapAfter(view, to) === 'dot';
  if ((usesOf(view, to) & CREDENTIAL) === 0 || writtenOf(view, to) !== 'capitals') return false;
  return to - from > 1 || (setsOf(view, to) & STATE) === 0 || gapAfter(view, to) === 'hyphen';
}
const DOTTED: ReadonlySet<string> = new Set(['md', 'do', 'rn', 'np', 'pa', 'dd', 'ph']);
