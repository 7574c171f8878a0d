// Where a passage names people: each mention with how sure it is, whose name it is and why. One pass over the words; for each word that can
// begin a name, what announces it, its shape, and what stands around it.
import type { Role } from '../mail/finding.ts';
import { type Anchor, anchorBefore, type Evidence } from './name-anchors.ts';
import { addEvidence, isInBed } from './name-evidence.ts';
import { People, type Person } from './name-people.ts';
import { lowerShapeAfterAnchor, lowerShapeAt, partsOf, type Shape, shapeAfterAnchor, shapeAt, shapeInOrder } from './name-shapes.ts';
import { type NameCell, NameTable } from './name-table.ts';
import { tokenAt } from './name-tokens.ts';
import { isParty, isSomethingElse } from './name-surroundings.ts';
import { bareOf, FAMILY, FIRST, gapAfter, isClear, isOdd, lengthOf, type NameView, startsLarge, writtenOf } from './name-view.ts';
import { COLUMN_HEAD, WITH_CAPITALS } from './word-traits.ts';
import { LETTERS } from './words.ts';

export interface Mention {
  readonly shape: Shape;
  /** Its words in lower case, given names first. */
  readonly parts: readonly string[];
  readonly person: Person;
  readonly confidence: number;
  readonly reason: string;
  readonly role: Role;
  /** How sure the role is: 0 where nothing says it. */
  readonly weight: number;
}

/** Surer than this is told. */
const LEAST = 0.45;
/** What lists and shape alone make sure enough to look around. */
const WORTH_A_LOOK = 0.05;

/** Asked of every word, and so of this file alone: what comes from another is fetched anew each time. */
const LOOKED_AT = WITH_CAPITALS | COLUMN_HEAD;
const GIVEN = FIRST;

export function mentionsIn(view: NameView): readonly Mention[] {
  const { count, traits, lists, made } = view;
  const mentions: Mention[] = [];
  const people = new People();
  const table = new NameTable(view);
  // Behind the last name.
  let past = 0;
  for (let word = 0; word < count; word++) {
    // Most words are small, and no first name.
    const trait = traits[word] ?? 0;
    const first = ((lists[word] ?? 0) & GIVEN) !== 0;
    if ((trait & LOOKED_AT) === 0 && !first) continue;
    if ((trait & COLUMN_HEAD) !== 0) table.readAt(word);
    const capital = (trait & WITH_CAPITALS) !== 0;
    if ((!capital && !first) || made[word] !== LETTERS || word < past) continue;
    const small = !capital || (first && !startsLarge(view, word));
    const mention = small ? lowerMentionAt(view, word, people) : mentionAt(view, word, people, table.cellAt(word));
    if (mention === null) continue;
    mentions.push(mention);
    past = mention.shape.to;
  }
  return mentions;
}

function mentionAt(view: NameView, word: number, people: People, cell: NameCell | undefined): Mention | null {
  const token = tokenAt(view, word);
  if (token === '') return null;
  const anchor = cell === undefined ? anchorBefore(view, word) : inColumn(cell);
  // In no list, announced by nothing, followed by nothing: most of the words that begin a sentence.
  if (anchor === null && token === 'U' && gapAfter(view, word) !== 'space' && knownBy(view, word, people) === null) return null;
  const ordered = anchor?.reason === 'titled' || anchor?.reason === 'greeting';
  const listed = ordered ? shapeInOrder(view, word, token) : shapeAt(view, word, token);
  const shape = anchor?.takes === 'anything' ? shapeAfterAnchor(view, word, listed) : listed;
  if (shape === null) return null;
  const known = isKnownPart(view, shape, people);
  if (anchor === null && known === null && shape.base < WORTH_A_LOOK) return null;
  // A word in no list that nothing announces is a name only where a ward calls its patient so.
  if (shape.form === 'unlisted' && known === null && !(anchor === null ? isInBed(view, shape) : anchor.takes === 'anything')) return null;
  const evidence = evidenceOf(view, shape, anchor, known);
  const confidence = confidenceOf(shape, evidence);
  if (confidence < LEAST) return null;
  const titled = anchor?.reason === 'titled' && anchor.role !== 'public';
  if (!titled && known === null && isSomethingElse(view, shape)) return null;
  return mentionOf(view, shape, evidence, confidence, people);
}

function inColumn({ role }: NameCell): Anchor {
  return { reason: 'column', weight: 0.87, role, takes: 'anything' };
}

function lowerMentionAt(view: NameView, word: number, people: People): Mention | null {
  if (!isClear(view, word, FIRST)) return null;
  const anchor = anchorBefore(view, word);
  const announced = anchor !== null && (anchor.reason === 'labelled' || anchor.reason === 'greeting') && anchor.weight >= 0.7;
  const shape = announced ? lowerShapeAfterAnchor(view, word) : lowerShapeAt(view, word);
  if (shape === null) return null;
  const evidence = evidenceOf(view, shape, anchor, null);
  const confidence = confidenceOf(shape, evidence);
  return confidence < LEAST || isSomethingElse(view, shape) ? null : mentionOf(view, shape, evidence, confidence, people);
}

/** All that speaks for a name, as far as it counts. */
function evidenceOf(view: NameView, shape: Shape, anchor: Anchor | null, known: Person | null): readonly Evidence[] {
  const evidence: Evidence[] = anchor === null ? [] : [{ ...anchor, weight: anchor.weight * trust(view, shape, anchor) }];
  addEvidence(view, shape, shareOf(shape), evidence);
  if (known !== null) evidence.push({ reason: 'known-part', weight: 0.75, role: null });
  return evidence;
}

function confidenceOf({ base }: Shape, evidence: readonly Evidence[]): number {
  let doubt = 1 - base;
  for (const { weight } of evidence) doubt *= 1 - weight;
  return 1 - doubt;
}

function mentionOf(view: NameView, shape: Shape, evidence: readonly Evidence[], confidence: number, people: People): Mention {
  const { role, weight } = roleOf(view, shape, evidence);
  const parts = partsOf(view, shape);
  const person = personOf(people, parts, shape, role);
  if (weight > person.weight) {
    person.role = role;
    person.weight = weight;
  }
  return { shape, parts, person, confidence, reason: reasonOf(shape, evidence), role, weight };
}

/** What stands around it makes no name of any word: the lists have a say. */
function shareOf({ form, base }: Shape): number {
  if (form === 'unlisted') return 0;
  if (form === 'last') return base < 0.1 ? 0.3 : 0.7;
  if (form === 'first') return base < 0.2 ? 0.5 : 1;
  if (form === 'pair') return 0.85;
  return form === 'half-known' && base < 0.2 ? 0.5 : 1;
}

/** An announced word in no list may be something else, and so may an everyday word; a name in capitals says less. */
function trust(view: NameView, { form, base, from, to }: Shape, { reason, takes, weight }: Anchor): number {
  if (reason === 'titled') return form === 'unlisted' ? 0.95 : 1;
  if (form === 'lower-case') return to - from > 1 || reason === 'greeting' ? 0.9 : 0.6;
  if (form === 'unlisted') return (writtenOf(view, from) === 'capitals' ? 0.6 : 0.72) * (to - from > 1 || endsThere(view, to) ? 1 : 0.4);
  if (form === 'pair') return takes === 'listed' ? 0.7 : 0.85;
  if (form === 'first') return base < 0.2 && takes === 'listed' ? 0.6 : 1;
  if (form !== 'last') return 1;
  // "Re: Smith", "Patient Smith", against "Patient Risk" and "To: File".
  if (takes === 'anything') return base < 0.1 ? (endsThere(view, to) ? 0.7 : 0.4) : 0.9;
  return base < 0.1 ? 0.3 : weight >= 0.7 ? 0.65 : 0.5;
}

/** Nothing but the name stands there: a comma, a line's end, a bracket follows. */
function endsThere(view: NameView, to: number): boolean {
  const gap = gapAfter(view, to - 1);
  return gap === 'line' || gap === 'comma' || (gap === 'break' && writtenOf(view, to) !== 'lower');
}

/** A later part of a name that was told in full: Jennifer, of Jennifer Jones. */
function isKnownPart(view: NameView, { form, from, to }: Shape, people: People): Person | null {
  if (to - from !== 1 || (form !== 'first' && form !== 'last' && form !== 'unlisted')) return null;
  const person = knownBy(view, from, people);
  if (person === null) return null;
  const inSentence = gapAfter(view, from - 1) === 'space' && writtenOf(view, from - 1) === 'lower';
  return inSentence || isClear(view, from, FIRST | FAMILY) || person.weight >= 0.7 ? person : null;
}

/** The only one who has this word as a part of the name. */
function knownBy(view: NameView, word: number, people: People): Person | null {
  const { codes, starts } = view;
  return people.mayBe(codes[starts[word] ?? 0] ?? 0, isOdd(view, word) ? null : lengthOf(view, word))
    ? people.having(bareOf(view, word))
    : null;
}

/** The weightiest evidence says whose name it is. */
function roleOf(view: NameView, shape: Shape, evidence: readonly Evidence[]): { readonly role: Role; readonly weight: number } {
  let best: Evidence | null = null;
  for (const one of evidence) if (one.role !== null && one.weight > (best?.weight ?? 0)) best = one;
  if (best?.role == null || (best.role === 'patient' && isParty(view, shape))) return { role: 'unknown', weight: 0 };
  return { role: best.role, weight: best.weight };
}

/** "Dr. Lee" is nobody that was called a patient: what shares a part but not the role is someone else. */
function personOf(people: People, parts: readonly string[], { form }: Shape, role: Role): Person {
  const person = people.person(parts, form);
  const apart = parts.length === 1 && person.parts.length > 1 && person.role !== 'unknown' && role !== 'unknown' && person.role !== role;
  const other = apart && (role === 'provider' || person.role === 'provider' || role === 'relative' || person.role === 'relative');
  return other ? { value: parts.join(' '), parts, role, weight: 0 } : person;
}

function reasonOf({ form }: Shape, evidence: readonly Evidence[]): string {
  let best: Evidence | null = null;
  for (const one of evidence) if (one.weight > (best?.weight ?? 0)) best = one;
  if (best !== null && best.weight >= 0.25) return best.reason;
  return form === 'full' || form === 'first-initial' || form === 'last-first' ? 'in-list' : 'in-prose';
}
