// Evidence combined: who and health, near one another, about one person rather than nobody in particular, come to a score and a level.
import type { Level, Reason } from '../mail/finding.ts';
import type { HealthDocument } from '../mail/message.ts';
import { ofAnimals } from './correspondents.ts';
import type { Candidate, Surroundings } from './detector.ts';
import type { Examined } from './examined.ts';
import { BLOCK_LENGTH, type Field, fieldOf, fieldRoom, type FieldRoom, type KindSet, kindSetOf, weightOf } from './field.ts';
import type { Generality } from './generality.ts';
import { placeAt } from './passage.ts';
import type { ReasonCode } from '../mail/reasons.ts';
import { levelOf } from './weights.ts';

/** What is weighed of a passage. */
export type Weighed = Pick<Examined, 'passage' | 'candidates' | 'generality'>;

export interface Combined {
  readonly level: Level;
  readonly score: number;
  /** The strongest first. */
  readonly reasons: readonly Reason[];
}

/** How far health stands from a person (in blocks), and how much that is worth. */
const RINGS: readonly (readonly [reach: number, worth: number])[] = [
  [1, 1],
  [4, 0.92],
  [20, 0.75],
];
/** The subject belongs to the body; other parts of a message are further apart. */
const ACROSS_SUBJECT = 0.92;
const ACROSS_PARTS = 0.75;
/** Fitted on the fit halves of the public sets and of test/data/letters: brings the product of two likelihoods back to one. */
const CALIBRATION = 0.6;
/** So much of second person is more than a phrase of politeness. */
const SPOKEN_TO = 0.15;
/** What is said of an animal in the same lines is hardly said of a person. */
const OF_ANIMAL = 0.75;
/** One sign and no half: so much is what generality.ts makes of it. */
const WHOLE_SIGN = 0.5;
const BY_WHO_TREATS = 0.5;
/** Two identifiers of a kind each come to this. */
const RECORD_FROM = 0.7;
/** What one is told of oneself, even without a "you": a visit, a result, a bill. */
const ONES_OWN: KindSet = kindSetOf(['care', 'result', 'payment']);
const NAME: KindSet = kindSetOf(['name']);
const UNDER_GREETING = 0.52;
/** An address outside is one person's for sure: only whether it is said to her is open. */
const READER_CALIBRATION = 0.55;
/** Nothing is: a score stays below one. */
const CERTAIN = 0.99;
const MOST_REASONS = 10;
/** What weighs no more is no reason. */
const LEAST = 0.02;

export function combine(examined: readonly Weighed[], documents: readonly HealthDocument[], surroundings: Surroundings): Combined {
  const reasons: Reason[] = documents.flatMap((document) => documentReason(document) ?? []);
  const animals = ofAnimals(surroundings);
  const room = fieldRoom();
  const summaries = examined.map((one) => {
    const found = nearby(one, surroundings, animals, room);
    reasons.push(...found.reasons);
    return found;
  });
  reasons.push(...across(examined, summaries));
  reasons.sort((a, b) => b.weight - a.weight);
  const score = reasons[0]?.weight ?? 0;
  return { level: levelOf(score), score, reasons: reasons.slice(0, MOST_REASONS) };
}

function documentReason({ part, patients, identifiers }: HealthDocument): Reason | null {
  const names = patients > 0 && identifiers.length > 0;
  const weight = names ? 0.98 : patients > 0 ? 0.6 : 0.3;
  return { code: names ? 'structured-document' : 'health-alone', weight, part, place: { area: 'text' }, kinds: ['document'] };
}

interface Summary {
  readonly reasons: readonly Reason[];
  /** The strongest person and health of the passage, wherever they stand. */
  readonly who: number;
  readonly health: number;
  readonly about: number;
  readonly animal: number;
}

const NOTHING: Summary = { reasons: [], who: 0, health: 0, about: 0, animal: 0 };

/** @param animals how sure it is that a house for animals writes */
function nearby({ passage, candidates, generality: said }: Weighed, surroundings: Surroundings, animals: number, room: FieldRoom): Summary {
  if (candidates.length === 0) return NOTHING;
  const field = fieldOf(passage.text.length, candidates, room);
  const generality = ofHouse(said, animals);
  const best: Offer[] = [];
  const ill = field.healthBlocks.length > 0;
  let who = 0;
  let about = 0;
  for (const block of blocksOfPeople(field)) {
    const strength = identified(field, generality, block);
    who = Math.max(who, strength);
    const individual = individuality(field, generality, block);
    about = Math.max(about, individual);
    if (ill) ofRings(best, field, block, { strength, individual });
    offer(best, 'person-alone', strength * 0.15, block, 1);
  }
  const greeted = ill && candidates.some(({ role, confidence }) => role === 'recipient' && confidence >= 0.5) ? 'yes' : 'no';
  let health = 0;
  for (const block of field.healthBlocks) {
    const strength = field.health(block, 1);
    health = Math.max(health, strength);
    about = Math.max(about, individuality(field, generality, block));
    const told = (field.kindSet(block, 1) & ONES_OWN) !== 0 ? greeted : 'no';
    offer(best, 'recipient-and-health', toReader(strength, toRecipient(generality, block, { greeted, told }, surroundings)), block, 1);
    offer(best, 'health-alone', strength * 0.25, block, 1);
  }
  const reasons = best.map(({ code, weight, block, reach }): Reason => {
    const { place } = placeAt(passage, Math.min(block * BLOCK_LENGTH, passage.text.length));
    return { code, weight, part: passage.part, place, kinds: field.kinds(block, reach) };
  });
  return { reasons, who, health, about, animal: generality.animal(0, passage.text.length) };
}

/** The strongest reason of a code, and where it is found. */
interface Offer {
  readonly code: ReasonCode;
  weight: number;
  block: number;
  reach: number;
}

function offer(best: Offer[], code: ReasonCode, weight: number, block: number, reach: number): void {
  const known = best.find((one) => one.code === code);
  if (weight <= (known?.weight ?? LEAST)) return;
  if (known === undefined) best.push({ code, weight, block, reach });
  else {
    known.weight = weight;
    known.block = block;
    known.reach = reach;
  }
}

/** Health near a person, and further away. */
function ofRings(
  best: Offer[],
  field: Field,
  block: number,
  { strength, individual }: { readonly strength: number; readonly individual: number },
): void {
  const most = both(strength, 1);
  for (const [reach, worth] of RINGS) {
    const code = reach <= 4 ? 'person-and-health' : 'person-and-health-apart';
    // However strong the health, it would not be the best.
    if (!(most * worth * individual > (best.find((one) => one.code === code)?.weight ?? LEAST))) continue;
    offer(best, code, both(strength, field.health(block, reach)) * worth * individual, block, reach);
  }
}

/** Each once. */
function blocksOfPeople({ whoBlocks, treatedBlocks }: Field): Iterable<number> {
  return treatedBlocks.length === 0 ? whoBlocks : new Set([...whoBlocks, ...treatedBlocks]);
}

/** What a house for animals writes is of them, as if each line said so. */
function ofHouse(generality: Generality, animals: number): Generality {
  if (animals === 0) return generality;
  return {
    ...generality,
    animal: (from, to) => Math.max(animals, generality.animal(from, to)),
    nobody: (from, to) => Math.max(animals, generality.nobody(from, to)),
  };
}

/**
 * How far a block tells one person from all others. Who is described by age and sex is found again by who treats her, where and when: these
 * are the quasi-identifiers of 45 CFR 164.514(b)(1).
 */
function identified(field: Field, generality: Generality, block: number): number {
  const strength = field.who(block, 1);
  const described = generality.described((block - 1) * BLOCK_LENGTH, (block + 2) * BLOCK_LENGTH);
  return described < WHOLE_SIGN ? strength : 1 - (1 - strength) * (1 - BY_WHO_TREATS * field.treated(block, 1));
}

/** Both are needed; where both are likely, so is it that this is somebody's health. */
function both(who: number, health: number): number {
  return Math.min(CERTAIN, (who * health) ** CALIBRATION);
}

function toReader(health: number, said: number): number {
  return Math.min(CERTAIN, (health * said) ** READER_CALIBRATION);
}

/** Does the text near a block speak of one person? Said of a patient, or beside a number that names one, it does. */
function individuality(field: Field, generality: Generality, block: number): number {
  const from = (block - 2) * BLOCK_LENGTH;
  const to = (block + 3) * BLOCK_LENGTH;
  // A name with an address, a day and a telephone is a record, and a record is one person's.
  const named = (field.kindSet(block, 1) & NAME) !== 0;
  const record = named ? Math.max(0, field.who(block, 1) - RECORD_FROM) / (1 - RECORD_FROM) : 0;
  const one = 1 - (1 - generality.onePerson(from, to)) * (1 - record);
  const nobody = generality.nobody(from, to);
  const spoken = Math.min(1, Math.max(0.1, 0.73 + 0.37 * one - 0.6 * nobody * (1 - 0.5 * one)));
  const told = field.isPatientNear(block, 1) ? Math.max(spoken, 0.95) : spoken;
  return told * (1 - OF_ANIMAL * generality.animal(from, to));
}

/** What is said in the second person, or under a greeting, to few people outside, is about who reads it. */
function toRecipient(
  generality: Generality,
  block: number,
  { greeted, told }: Readonly<Record<'greeted' | 'told', 'yes' | 'no'>>,
  { recipients }: Surroundings,
): number {
  if (recipients.length === 0) return 0;
  const from = (block - 1) * BLOCK_LENGTH;
  const to = (block + 2) * BLOCK_LENGTH;
  const second = generality.secondPerson(from, to);
  const said = second >= SPOKEN_TO ? (greeted === 'yes' ? 0.65 : 0.5) + 0.35 * second : told === 'yes' ? UNDER_GREETING : 0;
  const few = recipients.length <= 3 ? 1 : 0.6;
  return said * few * (1 - 0.9 * generality.nobody(from - 2 * BLOCK_LENGTH, to + 2 * BLOCK_LENGTH));
}

/** A person in one place and health in another: the subject and the body, two attachments, the ends of a long text. */
function across(examined: readonly Weighed[], summaries: readonly Summary[]): readonly Reason[] {
  let best: { readonly i: number; readonly weight: number } | null = null;
  const ill = leading(summaries, ({ health }) => health);
  for (const [i, one] of leading(summaries, ({ who }) => who)) {
    for (const [j, other] of ill) {
      const worth = i === j ? 0.6 : isSubject(examined[i]) || isSubject(examined[j]) ? ACROSS_SUBJECT : ACROSS_PARTS;
      const weight =
        both(one.who, other.health) * worth * Math.max(one.about, other.about, 0.5) * (1 - OF_ANIMAL * Math.max(one.animal, other.animal));
      if (weight > (best?.weight ?? 0.02)) best = { i, weight };
    }
  }
  return best === null ? [] : [apart(examined[best.i], best.weight)];
}

/** So many passages of a message are paired: of thousands of attachments the rest would change nothing and cost their square. */
const MOST_PAIRED = 32;

/** In order, with their numbers. */
function leading(summaries: readonly Summary[], sideOf: (summary: Summary) => number): readonly (readonly [number, Summary])[] {
  const all = [...summaries.entries()].filter(([, summary]) => sideOf(summary) >= 0.3);
  if (all.length <= MOST_PAIRED) return all;
  const strength = ([, summary]: readonly [number, Summary]): number =>
    sideOf(summary) * Math.max(summary.about, 0.5) * (1 - OF_ANIMAL * summary.animal);
  return all
    .toSorted((a, b) => strength(b) - strength(a))
    .slice(0, MOST_PAIRED)
    .sort(([a], [b]) => a - b);
}

function isSubject(one: Weighed | undefined): boolean {
  return one?.passage.area === 'header';
}

function apart(one: Weighed | undefined, weight: number): Reason {
  const passage = one?.passage;
  const strongest = one?.candidates.reduce<Candidate | null>(
    (best, next) => (best === null || weightOf(next) > weightOf(best) ? next : best),
    null,
  );
  const place = passage === undefined ? ({ area: 'text' } as const) : placeAt(passage, strongest?.at ?? 0).place;
  return { code: 'person-and-health-apart', weight, part: passage?.part ?? '', place, kinds: strongest == null ? [] : [strongest.kind] };
}
