// Candidates of one passage laid out in blocks of text, so that what stands near what can be asked without looking at every pair.
import type { HealthKind, WhoKind } from '../mail/finding.ts';
import type { Candidate } from './detector.ts';
import { HEALTH_WEIGHTS, ROLE_WEIGHTS, WHO_WEIGHTS } from './weights.ts';

/** Nobody asks for more blocks to each side. */
const FARTHEST_REACH = 64;
/** About two lines of a letter. */
export const BLOCK_LENGTH = 200;

type Kind = WhoKind | HealthKind;

/** Of a kind the strongest, and the next of another value. While they are added up they change. */
interface Strength {
  readonly kind: Kind;
  value: string;
  weight: number;
  next: number;
}
/** Each kind once: they are few. */
type Strengths = Strength[];

export interface Field {
  readonly blocks: number;
  /** Numbers of the blocks that hold an identifier, in order. */
  readonly whoBlocks: readonly number[];
  readonly healthBlocks: readonly number[];
  /** Blocks that name who treats. */
  readonly treatedBlocks: readonly number[];
  /** Strength of all kinds together within so many blocks of a block: 0 to 1. */
  who(block: number, reach: number): number;
  health(block: number, reach: number): number;
  /** How sure it is that who treats is named within so many blocks. */
  treated(block: number, reach: number): number;
  /** Kinds within so many blocks. */
  kinds(block: number, reach: number): readonly Kind[];
  /** An identifier within reach is the patient's by what is said of it, or names one person by itself. */
  isPatientNear(block: number, reach: number): boolean;
}

const NAMES_ONE_PERSON: ReadonlySet<Kind> = new Set(['ssn', 'mrn', 'plan-number', 'medicare-number', 'birth-date']);

const OF_WHO_TREATS: ReadonlySet<Kind> = new Set(['name', 'phone', 'email']);

export function weightOf({ axis, kind, confidence, role }: Candidate): number {
  if (axis === 'health') return HEALTH_WEIGHTS[kind as HealthKind] * confidence;
  return Math.min(0.98, WHO_WEIGHTS[kind as WhoKind] * ROLE_WEIGHTS[role ?? 'unknown'] * confidence);
}

export function fieldOf(length: number, candidates: readonly Candidate[]): Field {
  const blocks = Math.floor(length / BLOCK_LENGTH) + 1;
  const who: (Strengths | undefined)[] = [];
  const health: (Strengths | undefined)[] = [];
  const patients = new Set<number>();
  const treated = new Map<number, number>();
  for (const candidate of candidates) {
    const weight = weightOf(candidate);
    if (weight < 0.02) continue;
    const block = Math.floor(candidate.at / BLOCK_LENGTH);
    if (candidate.role === 'provider' && OF_WHO_TREATS.has(candidate.kind))
      treated.set(block, Math.max(treated.get(block) ?? 0, candidate.confidence));
    const side = candidate.axis === 'who' ? who : health;
    add((side[block] ??= []), candidate.kind, candidate.value, weight);
    if (candidate.axis === 'who' && isPatient(candidate)) patients.add(block);
  }
  const whoWithin = remembered(who);
  const healthWithin = remembered(health);
  return {
    blocks,
    whoBlocks: numbersOf(who),
    healthBlocks: numbersOf(health),
    treatedBlocks: [...treated.keys()],
    treated(block, reach) {
      let best = 0;
      for (let at = block - reach; at <= block + reach; at++) best = Math.max(best, treated.get(at) ?? 0);
      return best;
    },
    who: (block, reach) => together(whoWithin(block, reach)),
    health: (block, reach) => together(healthWithin(block, reach)),
    kinds(block, reach) {
      const kinds: Kind[] = [];
      for (const { kind } of whoWithin(block, reach)) kinds.push(kind);
      for (const { kind } of healthWithin(block, reach)) kinds.push(kind);
      return kinds;
    },
    isPatientNear(block, reach) {
      for (let at = block - reach; at <= block + reach; at++) if (patients.has(at)) return true;
      return false;
    },
  };
}

function isPatient({ role, kind, confidence }: Candidate): boolean {
  if (confidence < 0.5 || role === 'provider' || role === 'sender' || role === 'public' || role === 'staff') return false;
  return role === 'patient' || NAMES_ONE_PERSON.has(kind);
}

function numbersOf(side: readonly (Strengths | undefined)[]): readonly number[] {
  return side.flatMap((strengths, block) => (strengths === undefined ? [] : [block]));
}

function add(strengths: Strengths, kind: Kind, value: string, weight: number): void {
  let known: Strength | undefined;
  for (const one of strengths) if (one.kind === kind) known = one;
  if (known === undefined) strengths.push({ kind, value, weight, next: 0 });
  else if (value === known.value) known.weight = Math.max(known.weight, weight);
  else if (weight > known.weight) {
    known.next = known.weight;
    known.value = value;
    known.weight = weight;
  } else if (weight > known.next) known.next = weight;
}

/** What stands within so many blocks of a block: the same is asked several times. */
function remembered(side: readonly (Strengths | undefined)[]): (block: number, reach: number) => Strengths {
  const answers = new Map<number, Strengths>();
  return (block, reach) => {
    const question = block * FARTHEST_REACH + reach;
    const known = answers.get(question);
    if (known !== undefined) return known;
    const answer = within(side, block, reach);
    answers.set(question, answer);
    return answer;
  };
}

function within(side: readonly (Strengths | undefined)[], block: number, reach: number): Strengths {
  const all: Strengths = [];
  for (let at = Math.max(0, block - reach); at <= Math.min(side.length - 1, block + reach); at++) {
    for (const { kind, value, weight, next } of side[at] ?? []) {
      add(all, kind, value, weight);
      if (next > 0) add(all, kind, `${value} and another`, next);
    }
  }
  return all;
}

/** What another value of the same kind adds: less than a kind of its own. */
const ANOTHER_VALUE = 0.4;

/** Independent pieces of evidence: the chance that not all of them are wrong. Saying the same again adds nothing. */
function together(strengths: Strengths): number {
  let wrong = 1;
  for (const { weight, next } of strengths) wrong *= (1 - weight) * (1 - ANOTHER_VALUE * next);
  return 1 - wrong;
}
