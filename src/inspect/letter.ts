// A passage read as a letter: the stretch of it that says most of care, and what must be asked of it while its words are at hand.
import { calledByName } from './called-by-name.ts';
import type { Correspondents } from './correspondents.ts';
import { type Cue, cuesOf, isSameCue } from './cues.ts';
import { dealingsOf, dealsAtHome } from './dealings.ts';
import type { Candidate } from './detector.ts';
import { weightOf } from './field.ts';
import type { Passage } from './passage.ts';

/** Words before and after: a letter, or a stretch as long as one. */
export const STRETCH = 70;
/** Names stand so many units of text beside what is said. */
const MARGIN = 300;
/** A reader's share where she reads for her house, and the leaning of a reader that is a crowd. */
const SOMEBODY_ELSE = 0.1;
const CROWD = -2;
/** A single name in the middle of a line. */
export const CALLED = 0.6;

export interface Letter {
  /** Offsets of the stretch; and of all that stands beside it. */
  readonly at: number;
  readonly end: number;
  readonly first: number;
  readonly last: number;
  /** Of its cues, and of those for care. */
  readonly sum: number;
  readonly speaksFor: number;
  /** What a house of care has to do with somebody at home (dealings.ts). */
  readonly dealings: number;
  /** Of the whole passage. */
  readonly words: number;
  /** Whether somebody is called by a single name. Not asked where a person is named in full, nor of mail of other trades. */
  readonly called: boolean;
}

/** What the subject of the message says: its cues count for each letter. */
export interface Subject {
  readonly cues: readonly Cue[];
  readonly candidates: readonly Candidate[];
}

/** Null for what is no letter. */
export function letterIn(
  passage: Passage,
  candidates: readonly Candidate[],
  subject: Subject | null,
  correspondents: Correspondents,
): Letter | null {
  if (passage.area === 'header' || isForMachines(passage)) return null;
  const { words } = passage;
  const cues = cuesOf(passage);
  const titled = subject?.cues ?? [];
  const { from, to, sum, speaksFor } = bestStretch(cues, titled);
  const near = (cue: Cue): boolean => cue.at >= from - STRETCH && cue.at <= to + STRETCH;
  const dealings = dealsAtHome(correspondents) ? dealingsOf([...titled, ...cues.filter(near)]) : 0;
  const at = words.starts[from] ?? 0;
  const end = words.ends[Math.min(to, words.count - 1)] ?? 0;
  const range = { first: at - MARGIN, last: end + MARGIN };
  const { sender, reader } = correspondents;
  // Elsewhere a single name is a method's, a disease's or a street's; what a crowd reads names its own people.
  const asked = reader > CROWD && (sender > 0 || reader > 0) && !isNamed(range, candidates, subject, correspondents);
  const called = asked && calledByName(passage, candidates, range.first, range.last);
  return { at, end, ...range, sum, speaksFor, dealings, words: words.count, called };
}

function isNamed(
  range: Pick<Letter, 'first' | 'last'>,
  candidates: readonly Candidate[],
  subject: Subject | null,
  correspondents: Correspondents,
): boolean {
  const person = strongestBeside(range, candidates, subject?.candidates ?? [], namesSomebody(correspondents));
  return person !== null && weightOf(person) >= CALLED;
}

const MARKUP = /^\s*<[?!a-z]/i;

/** A file for machines is no letter: it is judged by what stands in it alone. */
function isForMachines({ text, spans }: Passage): boolean {
  return MARKUP.test(text) || spans.every(({ span }) => span.place.field !== undefined);
}

/** Of those beside the stretch, and of those of the subject, the strongest that counts. */
export function strongestBeside(
  { first, last }: Pick<Letter, 'first' | 'last'>,
  candidates: readonly Candidate[],
  ofSubject: readonly Candidate[],
  counts: (candidate: Candidate) => boolean,
): Candidate | null {
  let best: Candidate | null = null;
  let most = 0;
  const look = (candidate: Candidate): void => {
    if (!counts(candidate)) return;
    const weight = weightOf(candidate);
    if (weight <= most) return;
    best = candidate;
    most = weight;
  };
  for (const candidate of candidates) if (candidate.at >= first && candidate.at <= last) look(candidate);
  for (const candidate of ofSubject) look(candidate);
  return best;
}

/** Whether somebody is named by it: who is greeted at an institution is a colleague. */
export function namesSomebody({ desks, share, sender }: Correspondents): (candidate: Candidate) => boolean {
  const colleague = desks || (share <= SOMEBODY_ELSE && sender > 0);
  return ({ axis, role }) => axis === 'who' && !(colleague && role === 'recipient');
}

/** By numbers of words. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly sum: number;
  /** Of the sum, what speaks for care. */
  readonly speaksFor: number;
}

/** Where the sum of different cues is greatest, with those of the subject. */
export function bestStretch(cues: readonly Cue[], titled: readonly Cue[]): Stretch {
  let sum = 0;
  let speaksFor = 0;
  const add = (worth: number): void => {
    sum += worth;
    speaksFor += Math.max(0, worth);
  };
  titled.forEach((cue, i) => {
    if (!isAmong(titled, 0, i, cue)) add(cue.worth);
  });
  let best: Stretch = { from: 0, to: 0, sum: cues.length === 0 ? sum : -Infinity, speaksFor };
  // Within reach of a cue stand those from `gone` up to `next`; each counts once, and not where the subject has it.
  let next = 0;
  let gone = 0;
  for (const { at } of cues) {
    for (let cue = cues[next]; cue !== undefined && cue.at <= at + STRETCH; cue = cues[++next])
      if (!isAmong(cues, gone, next, cue) && !isAmong(titled, 0, titled.length, cue)) add(cue.worth);
    for (let cue = cues[gone]; cue !== undefined && cue.at < at - STRETCH; cue = cues[++gone])
      if (!isAmong(cues, gone + 1, next, cue) && !isAmong(titled, 0, titled.length, cue)) {
        sum -= cue.worth;
        speaksFor -= Math.max(0, cue.worth);
      }
    if (sum > best.sum) best = { from: cues[gone]?.at ?? at, to: cues[next - 1]?.at ?? at, sum, speaksFor };
  }
  return best;
}

function isAmong(cues: readonly Cue[], from: number, to: number, one: Cue): boolean {
  for (let i = from; i < to; i++) {
    const other = cues[i];
    if (other !== undefined && isSameCue(one, other)) return true;
  }
  return false;
}
