// What stands right before a name and announces one: a title, a label, a greeting, a word of kinship, "my patient", "seen by". Says whose
// name it is as well. Looks at the three words before, never further.
import type { Role } from '../mail/finding.ts';
import { bareOf, type Gap, gapAfter, KIN, lengthOf, lowerOf, type NameView, PATIENT, setsOf, usesOf, writtenOf } from './name-view.ts';
import {
  ADDRESSED,
  ANNOUNCING,
  ANY_LABEL,
  ANY_TITLE,
  CARE_DEED,
  COURTESY,
  GREETING,
  isProfession,
  LEADS_IN,
  NAMING,
  PATIENT_LABEL,
  PERSON_LABEL,
  PROVIDER_LABEL,
  PROVIDER_TITLE,
  RELATIVE_LABEL,
  STAFF_LABEL,
} from './name-words.ts';

export interface Evidence {
  /** A code: 'titled', 'labelled', 'greeting', 'with-age'. */
  readonly reason: string;
  /** From 0 to 1: how much of the doubt it takes away. */
  readonly weight: number;
  readonly role: Role | null;
}

/** An anchor, and whether anything that follows is a name (a title, a label) or only what the lists know. */
export interface Anchor extends Evidence {
  readonly takes: 'anything' | 'listed';
}

/** Between a label and its value: a colon, a tab, a dash, quotes of JSON and SQL, leaders of a form. */
const LABEL_GAP = /^["'*_)\] \t.]{0,12}(?:[:=|\t>]|-{1,2} |[–—])[\s"'*_([|>:.]{0,30}$/;
/** Deeds of anybody: who signed or wrote. */
const SIGNED_BY: ReadonlySet<string> = new Set([
  'signed',
  'written',
  'prepared',
  'submitted',
  'authored',
  'reviewed',
  'verified',
  'completed',
  'entered',
]);

/** What announces a name that begins at a word, or null. */
export function anchorBefore(view: NameView, word: number): Anchor | null {
  const before = word - 1;
  if (before < 0) return null;
  const uses = usesOf(view, before);
  if (!mayAnnounce(view, before, uses)) return null;
  const gap = gapAfter(view, before);
  if ((uses & ANY_TITLE) !== 0 && (gap === 'space' || gap === 'dot')) return titled(view, before, uses);
  if (gap === 'space' || gap === 'comma') return spoken(view, before, gap);
  const between = view.text.slice(view.ends[before], view.starts[word]);
  return between.length <= 40 && LABEL_GAP.test(between) ? labelled(view, before) : null;
}

/** Most words before a name do nothing of the kind. */
function mayAnnounce(view: NameView, word: number, uses: number): boolean {
  if ((uses & ANNOUNCING) !== 0 || (setsOf(view, word) & (KIN | PATIENT)) !== 0) return true;
  return ((uses & LEADS_IN) !== 0 && lowerOf(view, word) === 'is') || isOfProfession(view, word);
}

/** Cardiologist, surgeon: told by the last letter first, so that no string is made of most words. */
function isOfProfession(view: NameView, word: number): boolean {
  const { codes, ends } = view;
  const last = (codes[(ends[word] ?? 0) - 1] ?? 0) | 32;
  return (last === 116 || last === 110) && lengthOf(view, word) > 7 && isProfession(lowerOf(view, word));
}

function titled(view: NameView, title: number, uses: number): Anchor | null {
  // "5219 Willow Dr, Springfield": a street, unless a full stop and a sentence say otherwise.
  if (lowerOf(view, title) === 'dr' && title >= 2 && gapAfter(view, title - 1) === 'space' && writtenOf(view, title - 2) === 'numeral')
    return null;
  // "Hi doctor. I've": only what is cut short has a full stop. MS is multiple sclerosis among words that are not in capitals.
  const length = lowerOf(view, title).length ?? 0;
  if (gapAfter(view, title) === 'dot' && length > 4) return null;
  if (lowerOf(view, title) === 'ms' && writtenOf(view, title) === 'capitals' && writtenOf(view, title + 1) !== 'capitals') return null;
  const alone = (uses & COURTESY) === 0 && writtenOf(view, title) === 'lower' && lowerOf(view, title) !== 'dr';
  if (alone && (uses & PROVIDER_TITLE) === 0) return null;
  if ((uses & PROVIDER_TITLE) !== 0)
    return { reason: 'titled', weight: alone ? 0.8 : 0.95, role: 'provider', takes: alone ? 'listed' : 'anything' };
  if ((uses & COURTESY) === 0) return { reason: 'titled', weight: 0.7, role: 'public', takes: 'listed' };
  // "Thank you for referring Ms. Khan": who treats has another title.
  const role = anchorBefore(view, title)?.role ?? null;
  return { reason: 'titled', weight: 0.93, role: role === 'provider' ? 'patient' : role, takes: 'anything' };
}

/** "Patient: ", "Patient Name: ", "Ordering physician - ", "Next of kin: ", '"name": "'. */
function labelled(view: NameView, label: number): Anchor | null {
  const uses = usesOf(view, label);
  const one = lowerOf(view, label);
  const role = roleOfLabel(view, label);
  if (role === undefined) return null;
  // "Patients: Sixty-nine": a heading.
  if (role === 'patient' && one.endsWith('s') && (uses & PERSON_LABEL) === 0)
    return { reason: 'labelled', weight: 0.3, role, takes: 'listed' };
  if (one === 're' || one === 'regarding')
    return view.passage.area === 'header' ? null : { reason: 'labelled', weight: 0.75, role: 'patient', takes: 'listed' };
  // A header of a quoted message, and who wrote it.
  const loose =
    (uses & PERSON_LABEL) !== 0 && (one === 'by' || one === 'from' || one === 'for' || one === 'cc' || one === 'bcc' || one === 'contact');
  const strict = loose || (uses & ADDRESSED) !== 0 || role === 'staff';
  return { reason: 'labelled', weight: strict ? 0.6 : 0.87, role, takes: strict ? 'listed' : 'anything' };
}

function roleOfLabel(view: NameView, label: number): Role | null | undefined {
  const uses = usesOf(view, label);
  const one = lowerOf(view, label);
  if ((uses & PERSON_LABEL) !== 0) {
    const whose = label > 0 && gapAfter(view, label - 1) !== 'break' ? label - 1 : -1;
    if (one === 'contact') return lowerOf(view, whose) === 'emergency' ? 'relative' : null;
    if (one === 'by') return roleOfDeed(view, whose);
    if (one === 'user' || one === 'for' || one === 'from' || whose < 0) return null;
    return roleOfWord(view, whose) ?? null;
  }
  return roleOfWord(view, label);
}

/** By what the word says: undefined where it is no label. */
function roleOfWord(view: NameView, word: number): Role | null | undefined {
  const uses = usesOf(view, word);
  const set = setsOf(view, word);
  if ((uses & PATIENT_LABEL) !== 0 || (set & PATIENT) !== 0) return 'patient';
  if ((uses & RELATIVE_LABEL) !== 0 || (set & KIN) !== 0) return 'relative';
  if ((uses & PROVIDER_LABEL) !== 0 || isProfession(bareOf(view, word))) return 'provider';
  if ((uses & STAFF_LABEL) !== 0) return 'staff';
  if ((uses & ADDRESSED) !== 0) return 'recipient';
  return (uses & ANY_LABEL) !== 0 ? null : undefined;
}

function roleOfDeed(view: NameView, deed: number): Role | null {
  if (deed < 0) return null;
  if ((usesOf(view, deed) & CARE_DEED) !== 0) return 'provider';
  return lowerOf(view, deed - 1) === 'electronically' || lowerOf(view, deed - 1) === 'digitally' ? 'provider' : null;
}

/** Without a colon: "Patient John", "my patient, Sarah Lewis,", "his mother Anna", "Hi John", "seen by Jane Lee", "a boy named Tim". */
function spoken(view: NameView, word: number, gap: Gap): Anchor | null {
  const uses = usesOf(view, word);
  const one = lowerOf(view, word);
  const close = gap === 'space';
  if ((uses & GREETING) !== 0 && beginsLine(view, word))
    return { reason: 'greeting', weight: 0.8, role: 'recipient', takes: close ? 'anything' : 'listed' };
  if (one === 'by' && close) return deedBy(view, word - 1);
  if (one === 'is' && close) return isCalled(view, word - 1);
  if ((uses & NAMING) !== 0 && close && one !== 're' && one !== 'regarding') {
    const sure = one === 'named' || one === 'called';
    return { reason: 'named', weight: sure ? 0.6 : 0.25, role: null, takes: 'listed' };
  }
  if (one === 'name' && close) return { reason: 'labelled', weight: 0.7, role: roleOfLabel(view, word) ?? null, takes: 'listed' };
  const role = roleOfWord(view, word);
  if (role === undefined || role === null || one === 're' || one === 'to') return null;
  if (role === 'patient') {
    if (one.endsWith('s')) return null;
    const mine = ['my', 'our'].includes(lowerOf(view, word - 1));
    return { reason: 'said-patient', weight: mine ? 0.85 : close ? 0.75 : 0.55, role, takes: mine && close ? 'anything' : 'listed' };
  }
  if (role === 'relative') return { reason: 'kin', weight: close ? 0.75 : 0.5, role, takes: 'listed' };
  return close && role !== 'recipient' ? { reason: 'said-role', weight: role === 'provider' ? 0.6 : 0.4, role, takes: 'listed' } : null;
}

function deedBy(view: NameView, deed: number): Anchor | null {
  const role = roleOfDeed(view, deed);
  if (role !== null) return { reason: 'deed', weight: 0.6, role, takes: 'listed' };
  return SIGNED_BY.has(lowerOf(view, deed)) ? { reason: 'deed', weight: 0.4, role: null, takes: 'listed' } : null;
}

/** "The patient's name is", "pt is". */
function isCalled(view: NameView, word: number): Anchor | null {
  if (lowerOf(view, word) === 'name') return { reason: 'labelled', weight: 0.8, role: roleOfLabel(view, word) ?? null, takes: 'anything' };
  return roleOfWord(view, word) === 'patient' ? { reason: 'said-patient', weight: 0.4, role: 'patient', takes: 'listed' } : null;
}

/** At the beginning of a line, or behind one other word there ("Good morning, Nancy"). */
function beginsLine(view: NameView, word: number): boolean {
  const { starts } = view;
  const from = Math.max(0, (starts[word] ?? 0) - 24);
  const before = view.text.slice(from, starts[word]);
  return from === 0 ? /^(?:[^\n]*[\n>:.,!?"“] ?)?(?:[Gg]ood )?[>\s]*$/.test(before) : /[\n>:.!?"“]\s?(?:[Gg]ood )?[>\s]*$/.test(before);
}
