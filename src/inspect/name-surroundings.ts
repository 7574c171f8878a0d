// What stands around a name and speaks for a person (age, birth date, record number, credential, what is told of patients, a possessive
// before health), or against one (a hospital, a street, a town, a disease or test called after somebody). Bounded windows.
import { listBit } from './lexicon.ts';
import {
  BREAK,
  CAPITALISED,
  CAPITALS,
  COMMA,
  DOT,
  FACILITY,
  FAMILY,
  FIRST,
  HEALTH,
  HYPHEN,
  ILLNESS,
  INITIAL,
  isClear,
  LOWER,
  NUMERAL,
  type NameView,
  PERSON_VERB,
  SPACE,
  STATE,
  STREET,
} from './name-view.ts';
import type { Evidence } from './name-anchors.ts';
import type { Shape } from './name-shapes.ts';
import { CLOSING, CREDENTIAL, EPONYM, EPONYM_HEAD, GENERATION, NAMING, ORGANISATION, PLACE_BEFORE } from './name-words.ts';

const WINDOW = 110;
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
const AGAINST_AFTER = /^,? vs?\.? /;
const SAID_OF_PATIENT = /\b(?:patients?|pts?|male|female|man|woman|boy|girl|gentleman|lady|infant|child|m|f)\b[^.\n]{0,90}$/i;
const PLACE_HEADS: ReadonlySet<string> = new Set(
  'st saint ste mt mount fort ft lake port san santa los las el north south east west new upper lower university hospital church hotel'.split(
    ' ',
  ),
);

/** All that may follow a name and speak for a person. Most names are followed by none of it: this is asked once instead of each. */
const ANYTHING_AFTER = anyOf(
  ...[NPI_AFTER, IDENTIFIER_AFTER, AGE_AFTER, VERB_AFTER, CARED_FOR, VISITED, AT_PLACE, ADDRESS_AFTER, BED_AFTER, IN_ROOM],
  ...[OF_BABY, DOES, HAVING, CALLED, POST_AFTER, OF_THEIR_OWN, CITED_AFTER],
);

function anyOf(...expressions: readonly RegExp[]): RegExp {
  return new RegExp(expressions.map(({ source }) => source).join('|'), 'i');
}

/**
 * What speaks for a person, besides what announces the name.
 * @param share how much of it counts: where nothing does, only what makes a name of any word is looked for
 */
export function evidenceAround(view: NameView, shape: Shape, share: number): readonly Evidence[] {
  const { starts, ends } = view.passage.words;
  const end = ends[shape.to - 1] ?? 0;
  const after = view.text.slice(end, end + 70);
  const any = share === 0 || ANYTHING_AFTER.test(after);
  const found: Evidence[] = [];
  const possessive = view.isPossessive(shape.to - 1);
  if (share > 0) {
    if (any && NPI_AFTER.test(after)) found.push({ reason: 'with-licence', weight: 0.6, role: 'provider' });
    if (hasCredential(view, shape)) found.push({ reason: 'credential', weight: 0.8, role: 'provider' });
    if (any && IDENTIFIER_AFTER.test(after)) found.push({ reason: 'with-identifier', weight: 0.75, role: 'patient' });
    if (any && AGE_AFTER.test(after)) found.push({ reason: 'with-age', weight: 0.6, role: 'patient' });
    if (possessive && healthWithin(view, shape.to, 3, HEALTH)) found.push({ reason: 'possessive-health', weight: 0.55, role: 'patient' });
    if (!possessive && isSubject(view, shape, any ? after : '')) found.push({ reason: 'person-verb', weight: 0.45, role: 'patient' });
    if (!possessive && any && isCaredFor(view, shape, after)) found.push({ reason: 'cared-for', weight: 0.45, role: 'patient' });
  }
  if (any && ADDRESS_AFTER.test(after)) found.push({ reason: 'with-address', weight: 0.45, role: null });
  if (isInBed(view, shape, after)) found.push({ reason: 'in-bed', weight: 0.6, role: 'patient' });
  if (share === 0) return found;
  if (isWholeSubject(view, shape, after)) found.push({ reason: 'whole-subject', weight: 0.6, role: null });
  if (any && OF_BABY.test(after)) found.push({ reason: 'baby', weight: 0.75, role: 'patient' });
  if (any && isTold(view, shape, after)) found.push({ reason: 'subject', weight: 0.25, role: null });
  if (isSpokenTo(view, shape, after)) found.push({ reason: 'vocative', weight: 0.5, role: 'recipient' });
  if (any && isCalled(view, shape, after)) found.push({ reason: 'greeting', weight: 0.7, role: 'recipient' });
  if (isHealthOf(view, shape)) found.push({ reason: 'health-of', weight: 0.7, role: 'patient' });
  if (any && POST_AFTER.test(after)) found.push({ reason: 'post', weight: 0.72, role: 'staff' });
  if (any && OF_THEIR_OWN.test(after)) found.push({ reason: 'pronoun', weight: 0.3, role: null });
  if (any && CITED_AFTER.test(after)) found.push({ reason: 'cited', weight: 0.3, role: 'public' });
  const spoken = apposition(view, shape, starts[shape.from] ?? 0);
  if (spoken !== null) found.push(spoken);
  return found;
}

/** "Jane Doe presents with", "John Smith was admitted": with something of health in the sentence. */
function isSubject(view: NameView, { to }: Shape, after: string): boolean {
  const verb = VERB_AFTER.test(after) || (view.gap(to - 1) === SPACE && (view.sets(to) & PERSON_VERB) !== 0);
  return (verb && healthWithin(view, to, 14, ILLNESS)) || (HAVING.test(after) && healthWithin(view, to + 1, 4, ILLNESS));
}

/** "Jane R. seen at UCSF on April 15", "Samantha P., who visited our clinic", "Beth A. at Good Samaritan Hospital". */
function isCaredFor(view: NameView, { to, form }: Shape, after: string): boolean {
  if (CARED_FOR.test(after)) return true;
  if (!VISITED.test(after) && !(form === 'first-initial' && AT_PLACE.test(after))) return false;
  return healthWithin(view, to, 9, FACILITY);
}

/** A word in no list that nothing announces is a name only where a ward calls its patient so: with the number of a room or a bed. */
export function isBesideNumber(view: NameView, { from, to }: Shape): boolean {
  const { starts, ends } = view.passage.words;
  const [start, end] = [starts[from] ?? 0, ends[to - 1] ?? 0];
  return hasDigit(view.text, start - 14, start) || hasDigit(view.text, end, end + 14);
}

function isInBed(view: NameView, { from, form }: Shape, after: string): boolean {
  const start = view.passage.words.starts[from] ?? 0;
  const before = hasDigit(view.text, start - 14, start) ? view.text.slice(Math.max(0, start - 14), start) : '';
  if (BED_BEFORE.test(before) || BED_AFTER.test(after)) return true;
  return form !== 'first' && ((NUMBERED.test(before) && /^[:,]/.test(after)) || IN_ROOM.test(after));
}

function hasDigit(text: string, from: number, to: number): boolean {
  for (let at = Math.max(0, from); at < to; at++) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) return true;
  }
  return false;
}

/** "Re: Smith": the subject is somebody. */
function isWholeSubject(view: NameView, { from, form }: Shape, after: string): boolean {
  if (form !== 'last' || view.passage.area !== 'header' || !isClear(view, from, FAMILY) || !/^\s*$/.test(after)) return false;
  return /^(?:(?:re|fwd?): ?)*$/i.test(view.text.slice(0, view.passage.words.starts[from]));
}

function isTold(view: NameView, { from, form }: Shape, after: string): boolean {
  return form === 'first' && isClear(view, from, FIRST) && DOES.test(after);
}

/** "Ok to go up, Aisha." ends a sentence with who is spoken to; "Thanks, Aisha" is who writes. */
function isSpokenTo(view: NameView, { from, form }: Shape, after: string): boolean {
  if (form !== 'first' || view.gap(from - 1) !== COMMA || !isClear(view, from, FIRST)) return false;
  return (view.uses(from - 1) & CLOSING) === 0 && view.written(from - 1) !== CAPITALISED && /^[.!?](?:\s|$)/.test(after);
}

/** The first word of the text, a first name and nothing else. */
function isCalled(view: NameView, { from, to }: Shape, after: string): boolean {
  return from === 0 && to - from <= 2 && (view.sets(0) & FIRST) !== 0 && view.passage.area !== 'header' && CALLED.test(after);
}

function healthWithin(view: NameView, from: number, words: number, lists: number): boolean {
  for (let at = from; at < from + words && at < view.count; at++) if ((view.sets(at) & lists) !== 0) return true;
  return false;
}

/** "TSH 8.9 for Ortiz", "an ultrasound on Ms. Roe": what is done or found. */
function isHealthOf(view: NameView, { from }: Shape): boolean {
  const previous = view.lower(from - 1);
  if (view.gap(from - 1) !== SPACE || (previous !== 'for' && previous !== 'on')) return false;
  for (let at = from - 2; at >= from - 4; at--) {
    if (view.gap(at) === BREAK) return false;
    if ((view.sets(at) & DONE_TO) !== 0 && (view.sets(at) & ILLNESS) !== 0) return true;
  }
  return false;
}

/** "a 54-year-old female with arthritis, Julie M.": the name stands beside a description of a patient. */
function apposition(view: NameView, { from }: Shape, start: number): Evidence | null {
  const gap = view.gap(from - 1);
  const previous = view.lower(from - 1);
  const beside =
    gap === COMMA || (view.uses(from - 1) & NAMING) !== 0 || ['of', 'for', 'name', 'is', 'to', 'with', 'case'].includes(previous);
  if (!beside && (gap !== BREAK || !/[(–—:-] ?$/.test(view.text.slice(Math.max(0, start - 2), start)))) return null;
  const before = view.text.slice(Math.max(0, start - WINDOW), start);
  const line = before.slice(before.lastIndexOf('\n\n') + 1);
  const aged = hasDigit(view.text, start - line.length, start) && AGE_BEFORE.test(line);
  const alike = previous === 'to' && view.lower(from - 2) === 'similar';
  const described = alike || gap === COMMA || previous === 'name' || (view.uses(from - 1) & NAMING) !== 0;
  if (described && (aged || SAID_OF_PATIENT.test(line)))
    return { reason: aged ? 'with-age' : 'said-patient', weight: aged ? 0.5 : 0.35, role: 'patient' };
  return aged && (alike || previous !== 'to') ? { reason: 'with-age', weight: 0.25, role: 'patient' } : null;
}

/** ", MD", " PA-C", ", M.D.": behind a single word only what is no state too ("Bethlehem, PA"). */
function hasCredential(view: NameView, { from, to }: Shape): boolean {
  const gap = view.gap(to - 1);
  if (gap !== SPACE && gap !== COMMA) return false;
  if (view.written(to) === INITIAL) return DOTTED.has(`${view.lower(to)}${view.lower(to + 1)}`) && view.gap(to) === DOT;
  if ((view.uses(to) & CREDENTIAL) === 0 || view.written(to) !== CAPITALS) return false;
  return to - from > 1 || (view.sets(to) & STATE) === 0 || view.gap(to) === HYPHEN;
}
const DOTTED: ReadonlySet<string> = new Set(['md', 'do', 'rn', 'np', 'pa', 'dd', 'ph']);

/** What looks like a name and is something else: it depends on how sure the shape is by itself. */
export function isSomethingElse(view: NameView, shape: Shape): boolean {
  const { from, to, form } = shape;
  const clear = isClear(view, from, FIRST) && (form === 'full' || form === 'first-initial');
  return isPartOfAddress(view, from, to) || isEponym(view, shape, clear) || isPlace(view, shape, clear) || headFollows(view, shape, clear);
}

/** Mayo Clinic, Mary Street, Pinnacle Financial Group, Wells criteria, Smith fracture. */
function headFollows(view: NameView, { to: end, form }: Shape, clear: boolean): boolean {
  const to = (view.uses(end) & GENERATION) === 0 ? end : end + 1;
  const gap = view.gap(to - 1);
  if (gap !== SPACE && gap !== HYPHEN && (gap !== DOT || to === end)) return false;
  const uses = view.uses(to);
  const upper = view.written(to) !== LOWER && view.written(to) !== NUMERAL;
  const possessive = view.isPossessive(to - 1);
  if (upper && ((uses & ORGANISATION) !== 0 || (view.sets(to) & (FACILITY | STREET)) !== 0)) return !(clear && possessive);
  if ((uses & EPONYM_HEAD) === 0) return false;
  return possessive ? form === 'last' || form === 'unlisted' : !clear;
}

/** Crohn's, Kaplan-Meier, Johns Hopkins: by themselves, or behind no clear first name. */
function isEponym(view: NameView, { from, to, form }: Shape, clear: boolean): boolean {
  if (clear && form === 'full') return false;
  if (form === 'initial-last') return false;
  for (let at = from; at < to; at++) if ((view.uses(at) & EPONYM) !== 0) return true;
  return false;
}

/** "in Madison", "Springfield, IL", "Mount Vernon", "University of Wyoming". */
function isPlace(view: NameView, { from, to, form }: Shape, clear: boolean): boolean {
  const previous = view.lower(from - 1);
  const joined = view.gap(from - 1);
  const one = form === 'first' || form === 'last' || form === 'unlisted' || form === 'half-known';
  if ((joined === SPACE || joined === DOT) && PLACE_HEADS.has(previous) && view.written(from - 1) !== LOWER && !clear) return true;
  if (previous === 'of' && (view.uses(from - 2) & ORGANISATION) !== 0 && view.written(from - 2) !== LOWER && !clear) return true;
  if (one && joined === SPACE && (view.uses(from - 1) & PLACE_BEFORE) !== 0) return true;
  const state = view.gap(to - 1) === COMMA && (view.sets(to) & STATE) !== 0 && view.written(to) === CAPITALS;
  return state && (!clear || view.written(to + 1) === NUMERAL) && (view.uses(to) & CREDENTIAL) === 0;
}

/** john.smith@example.org, /users/John/Smith, #JohnSmith: told by others, or by nobody. */
function isPartOfAddress(view: NameView, from: number, to: number): boolean {
  const { starts, ends } = view.passage.words;
  const before = view.text.charAt((starts[from] ?? 0) - 1);
  const end = ends[to - 1] ?? 0;
  const after = view.text.charAt(end);
  if ('@/\\_#$'.includes(before) && before !== '') return true;
  if (after === '@' || after === '_' || after === '/') return after !== '/' || !/^\/ ?[A-Z]/.test(view.text.slice(end, end + 3));
  return (before === '.' || before === '-') && view.gap(from - 1) !== 0 && view.written(from - 1) === LOWER;
}

/** "Mary Scott v. Aperture": a party, not a patient. */
export function isParty(view: NameView, { to }: Shape): boolean {
  const end = view.passage.words.ends[to - 1] ?? 0;
  return AGAINST_AFTER.test(view.text.slice(end, end + 8));
}
