// Mail of a practice: what no single word tells, many weak ones do together. Cues for and against care are added up (cue-words.ts), with what is
// found already, who sends and who reads; where that makes care likely and a person is named or reached, it is a reason.
import type { Reason } from '../mail/finding.ts';
import { type Cue, cuesOf } from './cues.ts';
import type { Candidate, Surroundings } from './detector.ts';
import { weightOf } from './field.ts';
import { type Passage, placeAt } from './passage.ts';
import { type Correspondents, correspondentsOf } from './correspondents.ts';
import { calledByName } from './called-by-name.ts';
import { type Evidence, likelihood } from './letter-odds.ts';

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
/** For each doubling of a letter's length some 0.35 less. */
const BY_CHANCE = 0.5;
/** Who writes of herself is known by her address. */
const WRITER = 0.5;
/** Whoever writes to a clinic writes of herself or of hers. */
const WRITER_TO_CARE = 0.7;
/** A reader's share where she reads for her house, and the leaning of a reader that is a crowd. */
const SOMEBODY_ELSE = 0.1;
const CROWD = -2;
/** What weighs no more is not named as a reason. */
const TOLD = 0.4;
/** A single name in the middle of a line. */
const CALLED = 0.6;

export interface Correspondence {
  /** At most one: the best stretch of the best passage. */
  readonly reasons: readonly Reason[];
  /** By part: how much of what is said of health in it is left where it speaks of trade, staff or events. */
  readonly left: ReadonlyMap<string, number>;
}

/** @param already reasons that were found without the letter as a whole (combine.ts) */
export function correspondence(looked: readonly Looked[], surroundings: Surroundings, already: readonly Reason[]): Correspondence {
  const left = new Map<string, number>();
  const correspondents = correspondentsOf(surroundings);
  // A desk that sells, and a crowd that reads, speak against anybody's care.
  const against = 1.5 * (Math.min(0, correspondents.sender) + Math.min(0, correspondents.reader));
  let best: Reason | null = null;
  for (const letter of lettersOf(looked, correspondents, already)) {
    const reason = reasonOf(letter);
    const { part } = letter.body.passage;
    if (reason.weight > (best?.weight ?? LEAST)) best = reason;
    left.set(part, Math.max(left.get(part) ?? 0, leftOf(letter.stretch.sum + against)));
  }
  return { reasons: best === null ? [] : [best], left };
}

/** A passage read as a letter. */
export interface ReadLetter {
  readonly body: Looked;
  readonly stretch: Stretch;
  readonly evidence: Evidence;
  /** What says most of it: care, and the kinds of the strongest candidates. */
  readonly kinds: Reason['kinds'];
}

export function lettersOf(looked: readonly Looked[], correspondents: Correspondents, already: readonly Reason[]): readonly ReadLetter[] {
  const subject = looked.find(({ passage }) => passage.area === 'header') ?? null;
  const titled = subject === null ? [] : cuesOf(subject.passage);
  return looked.flatMap((body) => {
    if (body.passage.area === 'header' || isForMachines(body.passage)) return [];
    const stretch = bestStretch(cuesOf(body.passage), titled);
    return [{ body, stretch, ...evidenceOf({ body, subject, stretch }, correspondents, already) }];
  });
}

const MARKUP = /^\s*<[?!a-z]/i;

/** A file for machines is no letter: it is judged by what stands in it alone. */
function isForMachines({ text, spans }: Passage): boolean {
  return MARKUP.test(text) || spans.every(({ span }) => span.place.field !== undefined);
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

function reasonOf({ body: { passage }, stretch, evidence, kinds }: ReadLetter): Reason {
  const place = placeAt(passage, passage.words.starts[stretch.from] ?? 0).place;
  return { code: 'letter-of-care', weight: likelihood(evidence), part: passage.part, place, kinds };
}

function evidenceOf(
  { body, subject, stretch }: { readonly body: Looked; readonly subject: Looked | null; readonly stretch: Stretch },
  { sender, reader, share, desks, animals, writesToCare }: Correspondents,
  already: readonly Reason[],
): Pick<ReadLetter, 'evidence' | 'kinds'> {
  const { passage, candidates } = body;
  const from = passage.words.starts[stretch.from] ?? 0;
  const to = passage.words.ends[Math.min(stretch.to, passage.words.count - 1)] ?? 0;
  const [first, last] = [from - MARGIN, to + MARGIN];
  const near = candidates.filter(({ at }) => at >= first && at <= last);
  const all = subject === null ? near : [...near, ...subject.candidates];
  // Who is greeted at an institution is a colleague.
  const person = strongest(desks || (share <= SOMEBODY_ELSE && sender > 0) ? all.filter(({ role }) => role !== 'recipient') : all, 'who');
  const named = person === null ? 0 : weightOf(person);
  const health = strongest(all, 'health');
  // Elsewhere a single name is a method's, a disease's or a street's; what a crowd reads names its own people.
  const called = named < CALLED && reader > CROWD && (sender > 0 || reader > 0) && calledByName(passage, near, first, last) ? CALLED : 0;
  const generality = passage.generality();
  const evidence: Evidence = {
    sender,
    reader,
    chance: -chanceOf(passage.words.count),
    cues: stretch.sum,
    speaksFor: stretch.speaksFor,
    found: health === null ? 0 : weightOf(health),
    named: Math.max(named, called),
    share,
    second: generality.secondPerson(first, last),
    animal: Math.max(animals, generality.animal(0, passage.text.length)),
    nobody: generality.nobody(from, to),
    mine: Math.max(WRITER * generality.mine(first, last), writesToCare ? WRITER_TO_CARE : 0),
    desks,
    together: weightIn(already, 'person-and-health'),
    apart: weightIn(already, 'person-and-health-apart'),
    told: weightIn(already, 'recipient-and-health'),
  };
  const strong = [person, health].flatMap((one) => (one !== null && weightOf(one) >= TOLD ? [one.kind] : []));
  return { evidence, kinds: [...new Set<Reason['kinds'][number]>(['care', ...strong])] };
}

function weightIn(reasons: readonly Reason[], of: Reason['code']): number {
  return reasons.reduce((most, { code, weight }) => (code === of ? Math.max(most, weight) : most), 0);
}

/** In a long text some stretch looks like a letter by chance. */
function chanceOf(words: number): number {
  return BY_CHANCE * Math.log(Math.max(1, words / (2 * STRETCH)));
}

function strongest(candidates: readonly Candidate[], axis: Candidate['axis']): Candidate | null {
  let best: Candidate | null = null;
  for (const candidate of candidates)
    if (candidate.axis === axis && weightOf(candidate) > (best === null ? 0 : weightOf(best))) best = candidate;
  return best;
}

export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly sum: number;
  /** Of the sum, what speaks for care. */
  readonly speaksFor: number;
}

/** Where the sum of different cues is greatest, with those of the subject. */
export function bestStretch(cues: readonly Cue[], titled: readonly Cue[]): Stretch {
  const held = new Map<string, number>();
  let sum = 0;
  let speaksFor = 0;
  const add = (worth: number, times: 1 | -1): void => {
    sum += times * worth;
    speaksFor += times * Math.max(0, worth);
  };
  const more = ({ word, worth }: Cue): void => {
    const before = held.get(word) ?? 0;
    held.set(word, before + 1);
    if (before === 0) add(worth, 1);
  };
  const less = ({ word, worth }: Cue): void => {
    const after = (held.get(word) ?? 0) - 1;
    held.set(word, after);
    if (after === 0) add(worth, -1);
  };
  titled.forEach(more);
  let best: Stretch = { from: 0, to: 0, sum: cues.length === 0 ? sum : -Infinity, speaksFor };
  let next = 0;
  let gone = 0;
  for (const { at } of cues) {
    for (let cue = cues[next]; cue !== undefined && cue.at <= at + STRETCH; cue = cues[++next]) more(cue);
    for (let cue = cues[gone]; cue !== undefined && cue.at < at - STRETCH; cue = cues[++gone]) less(cue);
    if (sum > best.sum) best = { from: cues[gone]?.at ?? at, to: cues[next - 1]?.at ?? at, sum, speaksFor };
  }
  return best;
}
