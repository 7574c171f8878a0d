// Mail of a practice: what no single word tells, many weak ones do together. Cues for and against care are added up (cue-words.ts), with what is
// found already, who sends and who reads; where that makes care likely and a person is named or reached, it is a reason.
import type { Reason } from '../mail/finding.ts';
import type { Correspondents } from './correspondents.ts';
import type { Candidate } from './detector.ts';
import { type Examined, subjectOf } from './examined.ts';
import { weightOf } from './field.ts';
import { CALLED, type Letter, namesSomebody, STRETCH, strongestBeside } from './letter.ts';
import { type Evidence, likelihood } from './letter-odds.ts';
import { placeAt } from './passage.ts';

/** What is weighed of a passage that is read as a letter. */
export type OfLetter = Pick<Examined, 'passage' | 'candidates' | 'generality' | 'letter'>;

/** Less is not told. */
const LEAST = 0.2;
/** For each doubling of a letter's length some 0.35 less. */
const BY_CHANCE = 0.5;
/** Who writes of herself is known by her address. */
const WRITER = 0.5;
/** Whoever writes to a clinic writes of herself or of hers. */
const WRITER_TO_CARE = 0.7;
/** What weighs no more is not named as a reason. */
const TOLD = 0.4;
/** Below the level high: a letter of visits and bills alone says who is treated, not for what. */
const UNNAMED = 0.75;
const VISITS_AND_BILLS: ReadonlySet<string> = new Set(['care', 'payment']);

export interface Correspondence {
  /** At most one: the best stretch of the best passage. */
  readonly reasons: readonly Reason[];
  /** By part: how much of what is said of health in it is left where it speaks of trade, staff or events. */
  readonly left: ReadonlyMap<string, number>;
}

/** @param already reasons that were found without the letter as a whole (combine.ts) */
export function correspondence(examined: readonly OfLetter[], correspondents: Correspondents, already: readonly Reason[]): Correspondence {
  const left = new Map<string, number>();
  // A desk that sells, and a crowd that reads, speak against anybody's care.
  const against = 1.5 * (Math.min(0, correspondents.sender) + Math.min(0, correspondents.reader));
  let best: Reason | null = null;
  for (const read of lettersOf(examined, correspondents, already)) {
    const reason = reasonOf(read);
    const { part } = read.body.passage;
    if (reason.weight > (best?.weight ?? LEAST)) best = reason;
    left.set(part, Math.max(left.get(part) ?? 0, leftOf(read.letter.sum + against)));
  }
  return { reasons: best === null ? [] : [best], left };
}

/** A passage read as a letter, weighed with what is known of the message. */
export interface ReadLetter {
  readonly body: OfLetter;
  readonly letter: Letter;
  readonly evidence: Evidence;
  /** What says most of it: care, and the kinds of the strongest candidates. */
  readonly kinds: Reason['kinds'];
  /** Of what somebody is treated, not only that they are. */
  readonly saysWhat: boolean;
}

export function lettersOf(
  examined: readonly OfLetter[],
  correspondents: Correspondents,
  already: readonly Reason[],
): readonly ReadLetter[] {
  const subject = subjectOf(examined);
  return examined.flatMap((body) => {
    const { letter } = body;
    return letter === null ? [] : [{ body, letter, ...evidenceOf(body, letter, subject, { correspondents, already }) }];
  });
}

/** Clearly of something else: from here on less is left, down to less than half. */
const ELSEWHERE = -1;
const MOST_TAKEN = 0.65;

function leftOf(sum: number): number {
  return 1 - MOST_TAKEN * Math.min(1, Math.max(0, (ELSEWHERE - sum) / 1.5));
}

const LESSENED: ReadonlySet<string> = new Set(['person-and-health', 'person-and-health-apart', 'recipient-and-health']);

/** Reasons of health that stand where other things are spoken of weigh less. */
export function lessened(reasons: readonly Reason[], { left }: Correspondence): readonly Reason[] {
  return reasons.map((reason) =>
    LESSENED.has(reason.code) ? { ...reason, weight: reason.weight * (left.get(reason.part) ?? 1) } : reason,
  );
}

function reasonOf({ body: { passage }, letter, evidence, kinds, saysWhat }: ReadLetter): Reason {
  const { place } = placeAt(passage, letter.at);
  const weight = Math.min(saysWhat ? 1 : UNNAMED, likelihood(evidence));
  return { code: 'letter-of-care', weight, part: passage.part, place, kinds };
}

function evidenceOf(
  { passage, candidates, generality }: OfLetter,
  letter: Letter,
  subject: OfLetter | null,
  known: { readonly correspondents: Correspondents; readonly already: readonly Reason[] },
): Pick<ReadLetter, 'evidence' | 'kinds' | 'saysWhat'> {
  const { correspondents, already } = known;
  const { sender, reader, share, desks, animals, writesToCare } = correspondents;
  const { at, end, first, last } = letter;
  const beside = (counts: (candidate: Candidate) => boolean): Candidate | null =>
    strongestBeside(letter, candidates, subject?.candidates ?? [], counts);
  const person = beside(namesSomebody(correspondents));
  const named = person === null ? 0 : weightOf(person);
  const health = beside(isHealth);
  const evidence: Evidence = {
    sender,
    reader,
    chance: -chanceOf(letter.words),
    cues: letter.sum,
    speaksFor: letter.speaksFor,
    dealings: letter.dealings,
    found: health === null ? 0 : weightOf(health),
    named: Math.max(named, letter.called ? CALLED : 0),
    share,
    second: generality.secondPerson(first, last),
    animal: Math.max(animals, generality.animal(0, passage.text.length)),
    nobody: generality.nobody(at, end),
    mine: Math.max(WRITER * generality.mine(first, last), writesToCare ? WRITER_TO_CARE : 0),
    desks,
    together: weightIn(already, 'person-and-health'),
    apart: weightIn(already, 'person-and-health-apart'),
    told: weightIn(already, 'recipient-and-health'),
  };
  const what = health === null ? null : beside(isWhat);
  return { evidence, kinds: kindsOf(person, health), saysWhat: what !== null && weightOf(what) >= TOLD };
}

function isHealth({ axis }: Candidate): boolean {
  return axis === 'health';
}

function isWhat({ axis, kind }: Candidate): boolean {
  return axis === 'health' && !VISITS_AND_BILLS.has(kind);
}

function kindsOf(person: Candidate | null, health: Candidate | null): Reason['kinds'] {
  const strong = [person, health].flatMap((one) => (one !== null && weightOf(one) >= TOLD ? [one.kind] : []));
  return [...new Set<Reason['kinds'][number]>(['care', ...strong])];
}

function weightIn(reasons: readonly Reason[], of: Reason['code']): number {
  return reasons.reduce((most, { code, weight }) => (code === of ? Math.max(most, weight) : most), 0);
}

/** In a long text some stretch looks like a letter by chance. */
function chanceOf(words: number): number {
  return BY_CHANCE * Math.log(Math.max(1, words / (2 * STRETCH)));
}
