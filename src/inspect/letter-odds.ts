// How likely it is that a letter is about somebody's care: the mean of two sums of logarithms of odds. One is written by hand; the numbers of the
// other are fitted to letters (letter-coefficients.ts), which keeps what many cues together say, and what an address says, within bounds.
import { COEFFICIENTS, FROM_ODDS } from './letter-coefficients.ts';

export interface Evidence {
  /** What addresses tell of who writes and who reads; what the length takes away. */
  readonly sender: number;
  readonly reader: number;
  readonly chance: number;
  /** The sum of the cues, and of those for care. */
  readonly cues: number;
  readonly speaksFor: number;
  /** What a house of care has to do with somebody at home. */
  readonly dealings: number;
  /** The strongest of what was found, from 0 to 1: health, a person; how far it is said to the reader, of an animal, of nobody. */
  readonly found: number;
  readonly named: number;
  readonly share: number;
  readonly second: number;
  readonly animal: number;
  readonly nobody: number;
  readonly mine: number;
  readonly desks: boolean;
  /** Other reasons: person and health, near and further away, and health told to the reader. */
  readonly together: number;
  readonly apart: number;
  readonly told: number;
}

/** Odds before anything is known (logarithm to base e): most mail is about nobody's care. */
const BEFORE = -3.3;
/** What is found for sure is worth so much at most. */
const FOUND = 3;
/** Fitted: cues and addresses say more than was written beside them. */
const SCALE = 1.2;
const CALIBRATION = 0.7;
const OF_ANIMAL = 0.95;
const OF_NOBODY = 0.95;
const CERTAIN = 0.95;
/** "You" once, and "you" or "your" so often that it is no phrase. */
const ONCE = 0.03;
const OFTEN = 0.1;

/** From 0 to 1, by hand. */
export function byHand(evidence: Evidence): number {
  const { cues, dealings, found, animal, nobody } = evidence;
  const likely = 1 / (1 + Math.exp(-(BEFORE + SCALE * (leaningOf(evidence) + cues + dealings) + FOUND * found)));
  return Math.min(CERTAIN, (likely * whoOf(evidence)) ** CALIBRATION * (1 - OF_ANIMAL * animal) * (1 - OF_NOBODY * nobody));
}

/** A greeting is nobody's care, whoever sends it. */
function leaningOf({ sender, reader, chance, speaksFor, dealings, found }: Evidence): number {
  const leaning = sender + reader + chance;
  return speaksFor + dealings === 0 && found === 0 ? Math.min(0, leaning) : leaning;
}

/** That a person is named, spoken to, or writes of herself. */
function whoOf({ named, share, second, mine, desks }: Evidence): number {
  const known = knownBy(share, second, desks);
  const reached = share === 0 ? 0 : known + (0.95 - known) * (desks ? 0.4 : 0.9) * second;
  return Math.max(named, reached, mine);
}

/** What is said to "you" is said to her who reads; what is said to nobody may be said to all. */
function knownBy(share: number, second: number, desks: boolean): number {
  if (second < ONCE) return 0.75 * share;
  return second >= OFTEN && share > 0 && !desks ? Math.max(share, 0.4) : share;
}

/** A logarithm of nothing is not asked for. */
const LEAST_WHO = 0.05;

/** Health that is found no better than so is hardly any. */
const SOMETHING = 0.3;

/** What is multiplied with the coefficients, by name. */
export const SIGNS = {
  always: () => 1,
  sender: ({ sender }) => sender,
  reader: ({ reader }) => reader,
  length: ({ chance }) => chance,
  'cues for': ({ speaksFor }) => speaksFor,
  'cues for, the first more than the tenth': ({ speaksFor }) => Math.log1p(Math.max(0, speaksFor)),
  dealings: ({ dealings }) => dealings,
  'cues against': ({ cues, speaksFor }) => cues - speaksFor,
  found: ({ found }) => found,
  'nothing of care': ({ speaksFor, dealings, found }) => (speaksFor + dealings === 0 && found < SOMETHING ? 1 : 0),
  'somebody, as a logarithm': (evidence) => Math.log(whoOf(evidence) + LEAST_WHO),
  named: ({ named }) => named,
  'spoken to': ({ second }) => second,
  'of herself': ({ mine }) => mine,
  animal: ({ animal }) => animal,
  nobody: ({ nobody }) => nobody,
  desks: ({ desks }) => (desks ? 1 : 0),
  together: ({ together }) => together,
  apart: ({ apart }) => apart,
  told: ({ told }) => told,
} satisfies Readonly<Record<string, (evidence: Evidence) => number>>;
export type Sign = keyof typeof SIGNS;
const EACH_SIGN = Object.entries(SIGNS) as readonly (readonly [Sign, (evidence: Evidence) => number])[];

/** Of 0 and 1 the logarithms of odds are without end. */
const LEAST = 0.005;
/** Odds by hand are shrunk by their calibration. */
const BY_HAND = 1.3;

/** The mean of both, as a logarithm of odds. */
export function oddsOf(evidence: Evidence, coefficients: Readonly<Record<Sign, number>>): number {
  const hand = Math.min(1 - LEAST, Math.max(LEAST, byHand(evidence)));
  let fitted = 0;
  for (const [sign, of] of EACH_SIGN) fitted += coefficients[sign] * of(evidence);
  return (fitted + BY_HAND * Math.log(hand / (1 - hand))) / 2;
}

/** From 0 to 1; the level medium begins where so few false alarms were taken in as FROM_ODDS was chosen for. */
export function likelihood(evidence: Evidence): number {
  return Math.min(CERTAIN, 1 / (1 + Math.exp(FROM_ODDS - oddsOf(evidence, COEFFICIENTS))));
}
