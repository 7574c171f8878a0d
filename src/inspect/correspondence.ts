// Mail of a practice: what no single word tells, many weak ones do together. Cues for and against care are added up (cue-words.ts), with what is
// found already, who sends and who reads; where that makes care likely and a person is named or reached, it is a reason.
import type { Reason } from '../mail/finding.ts';
import { type Cue, cuesOf } from './cues.ts';
import type { Candidate, Surroundings } from './detector.ts';
import { weightOf } from './field.ts';
import { type Passage, placeAt } from './passage.ts';
import { isWriterToCare, ofAnimals, onlyDesks, readerShare, recipientLeaning, senderLeaning } from './correspondents.ts';
import { calledByName } from './called-by-name.ts';

export interface Looked {
  readonly passage: Passage;
  readonly candidates: readonly Candidate[];
}

/** Words before and after: a letter, or a stretch as long as one. */
const STRETCH = 70;
/** Names stand so many units of text beside what is said. */
const MARGIN = 300;
/** Less is not told. */
const LEAST = 0.2;
/** Odds before anything is known (logarithm to base e): most mail is about nobody's care. */
const BEFORE = -3.3;
/** What is found for sure is worth so much at most. */
const FOUND = 3;
/** Who sends and who reads says at most so many times what the text itself says: a greeting is nobody's care, whoever sends it. */
const ADDRESSES = 4;
/** Fitted: cues and addresses say more than was written beside them. */
const SCALE = 1.2;
const CALIBRATION = 0.7;
/** For each doubling of a letter's length some 0.35 less. */
const BY_CHANCE = 0.5;
const OF_ANIMAL = 0.95;
const OF_NOBODY = 0.95;
const CERTAIN = 0.95;
/** "You" once, and "you" or "your" so often that it is no phrase. */
const ONCE = 0.03;
const OFTEN = 0.1;
/** Who writes of herself is known by her address. */
const WRITER = 0.5;
/** Whoever writes to a clinic writes of herself or of hers. */
const WRITER_TO_CARE = 0.7;
/** A single name in the middle of a line. */
const CALLED = 0.6;

export interface Correspondence {
  /** At most one: the best stretch of the best passage. */
  readonly reasons: readonly Reason[];
  /** By part: how much of what is said of health in it is left where it speaks of trade, staff or events. */
  readonly left: ReadonlyMap<string, number>;
}

export function correspondence(looked: readonly Looked[], surroundings: Surroundings): Correspondence {
  const subject = looked.find(({ passage }) => passage.area === 'header') ?? null;
  const titled = subject === null ? [] : cuesOf(subject.passage);
  const left = new Map<string, number>();
  // A desk that sells, and a crowd that reads, speak against anybody's care.
  const against = 1.5 * (Math.min(0, senderLeaning(surroundings)) + Math.min(0, recipientLeaning(surroundings)));
  let best: Reason | null = null;
  for (const body of looked) {
    const { passage } = body;
    if (passage.area === 'header' || isForMachines(passage)) continue;
    const stretch = bestStretch(cuesOf(passage), titled);
    const reason = reasonOf(body, subject, stretch, surroundings);
    if (reason.weight > (best?.weight ?? LEAST)) best = reason;
    left.set(passage.part, Math.max(left.get(passage.part) ?? 0, leftOf(stretch.sum + against)));
  }
  return { reasons: best === null ? [] : [best], left };
}

const MARKUP = /^\s*<[?!a-z]/i;

/** A file for machines is no letter: it is judged by what stands in it alone. */
function isForMachines({ text }: Passage): boolean {
  return MARKUP.test(text);
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

/** What a letter's likelihood is made of. */
interface Evidence {
  readonly leaning: number;
  readonly cues: number;
  readonly found: number;
  readonly named: number;
  readonly share: number;
  readonly second: number;
  readonly animal: number;
  readonly nobody: number;
  readonly mine: number;
  readonly desks: boolean;
}

function reasonOf(looked: Looked, subject: Looked | null, stretch: Stretch, surroundings: Surroundings): Reason {
  const { passage } = looked;
  const place = placeAt(passage, passage.words.starts[stretch.from] ?? 0).place;
  const weight = weighed(evidenceOf(looked, subject, stretch, surroundings));
  return { code: 'letter-of-care', weight, part: passage.part, place, kinds: ['care'] };
}

export function evidenceOf(
  { passage, candidates }: Looked,
  subject: Looked | null,
  stretch: Stretch,
  surroundings: Surroundings,
): Evidence {
  const from = passage.words.starts[stretch.from] ?? 0;
  const to = passage.words.ends[Math.min(stretch.to, passage.words.count - 1)] ?? 0;
  const [first, last] = [from - MARGIN, to + MARGIN];
  const near = candidates.filter(({ at }) => at >= first && at <= last);
  const all = subject === null ? near : [...near, ...subject.candidates];
  const desks = onlyDesks(surroundings);
  const named = strongest(desks ? all.filter(({ role }) => role !== 'recipient') : all, 'who');
  // Elsewhere a single name is a method's, a disease's or a street's.
  const called =
    named < CALLED && (senderLeaning(surroundings) > 0 || recipientLeaning(surroundings) > 0) && calledByName(passage, near, first, last)
      ? CALLED
      : 0;
  const generality = passage.generality();
  return {
    leaning: senderLeaning(surroundings) + recipientLeaning(surroundings) - chanceOf(passage.words.count),
    cues: stretch.sum,
    found: strongest(all, 'health'),
    named: Math.max(named, called),
    share: readerShare(surroundings),
    second: generality.secondPerson(first, last),
    animal: Math.max(ofAnimals(surroundings), generality.animal(0, passage.text.length)),
    nobody: generality.nobody(from, to),
    mine: Math.max(WRITER * generality.mine(first, last), isWriterToCare(surroundings) ? WRITER_TO_CARE : 0),
    desks,
  };
}

/** In a long text some stretch looks like a letter by chance. */
function chanceOf(words: number): number {
  return BY_CHANCE * Math.log(Math.max(1, words / (2 * STRETCH)));
}

function weighed({ leaning, cues, found, named, share, second, animal, nobody, mine, desks }: Evidence): number {
  const said = Math.max(0, cues) + FOUND * found;
  const likely = 1 / (1 + Math.exp(-(BEFORE + SCALE * (Math.min(leaning, ADDRESSES * said) + cues) + FOUND * found)));
  const known = knownBy(share, second, desks);
  const reached = share === 0 ? 0 : known + (0.95 - known) * (desks ? 0.4 : 0.9) * second;
  const who = Math.max(named, reached, mine);
  return Math.min(CERTAIN, (likely * who) ** CALIBRATION * (1 - OF_ANIMAL * animal) * (1 - OF_NOBODY * nobody));
}

/** What is said to "you" is said to her who reads; what is said to nobody may be said to all. */
function knownBy(share: number, second: number, desks: boolean): number {
  if (second < ONCE) return 0.75 * share;
  return second >= OFTEN && share > 0 && !desks ? Math.max(share, 0.4) : share;
}

function strongest(candidates: readonly Candidate[], axis: Candidate['axis']): number {
  let best = 0;
  for (const candidate of candidates) if (candidate.axis === axis) best = Math.max(best, weightOf(candidate));
  return best;
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly sum: number;
}

/** Where the sum of different cues is greatest, with those of the subject. */
export function bestStretch(cues: readonly Cue[], titled: readonly Cue[]): Stretch {
  const held = new Map<string, number>();
  let sum = 0;
  const more = ({ word, worth }: Cue): void => {
    const before = held.get(word) ?? 0;
    held.set(word, before + 1);
    if (before === 0) sum += worth;
  };
  const less = ({ word, worth }: Cue): void => {
    const after = (held.get(word) ?? 0) - 1;
    held.set(word, after);
    if (after === 0) sum -= worth;
  };
  titled.forEach(more);
  let best: Stretch = { from: 0, to: 0, sum: cues.length === 0 ? sum : -Infinity };
  let next = 0;
  let gone = 0;
  for (const { at } of cues) {
    for (let cue = cues[next]; cue !== undefined && cue.at <= at + STRETCH; cue = cues[++next]) more(cue);
    for (let cue = cues[gone]; cue !== undefined && cue.at < at - STRETCH; cue = cues[++gone]) less(cue);
    if (sum > best.sum) best = { from: cues[gone]?.at ?? at, to: cues[next - 1]?.at ?? at, sum };
  }
  return best;
}
