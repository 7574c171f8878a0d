// Candidates of one passage laid out in blocks of text, so that what stands near what can be asked without looking at every pair.
import type { HealthKind, WhoKind } from '../mail/finding.ts';
import type { Candidate } from './detector.ts';
import { HEALTH_WEIGHTS, ROLE_WEIGHTS, WHO_WEIGHTS } from './weights.ts';

/** About two lines of a letter. */
export const BLOCK_LENGTH = 200;

/** By kind the strongest, and by kind and value the next of another value. */
interface Strength {
  readonly value: string;
  readonly weight: number;
  readonly next: number;
}
type Strengths = Map<WhoKind | HealthKind, Strength>;

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
  kinds(block: number, reach: number): readonly (WhoKind | HealthKind)[];
  /** An identifier within reach is the patient's by what is said of it, or names one person by itself. */
  isPatientNear(block: number, reach: number): boolean;
}

const NAMES_ONE_PERSON: ReadonlySet<WhoKind | HealthKind> = new Set(['ssn', 'mrn', 'plan-number', 'medicare-number', 'birth-date']);

const OF_WHO_TREATS: ReadonlySet<WhoKind | HealthKind> = new Set(['name', 'phone', 'email']);

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
    const strengths = (side[block] ??= new Map<WhoKind | HealthKind, Strength>());
    add(strengths, candidate.kind, candidate.value, weight);
    if (candidate.axis === 'who' && isPatient(candidate)) patients.add(block);
  }
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
    who: (block, reach) => together(within(who, block, reach)),
    health: (block, reach) => together(within(health, block, reach)),
    kinds: (block, reach) => [...new Set([...within(who, block, reach).keys(), ...within(health, block, reach).keys()])],
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

function add(strengths: Strengths, kind: WhoKind | HealthKind, value: string, weight: number): void {
  const known = strengths.get(kind);
  if (known === undefined) strengths.set(kind, { value, weight, next: 0 });
  else if (value === known.value) strengths.set(kind, { ...known, weight: Math.max(known.weight, weight) });
  else if (weight > known.weight) strengths.set(kind, { value, weight, next: known.weight });
  else if (weight > known.next) strengths.set(kind, { ...known, next: weight });
}

function within(side: readonly (Strengths | undefined)[], block: number, reach: number): Strengths {
  const all: Strengths = new Map<WhoKind | HealthKind, Strength>();
  for (let at = Math.max(0, block - reach); at <= Math.min(side.length - 1, block + reach); at++) {
    for (const [kind, { value, weight, next }] of side[at] ?? []) {
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
  for (const { weight, next } of strengths.values()) wrong *= (1 - weight) * (1 - ANOTHER_VALUE * next);
  return 1 - wrong;
}
