// Candidates of one passage laid out in blocks of text, so that what stands near what can be asked without looking at every pair.
import type { HealthKind, WhoKind } from '../mail/finding.ts';
import type { Candidate } from './detector.ts';
import { HEALTH_WEIGHTS, ROLE_WEIGHTS, WHO_WEIGHTS } from './weights.ts';

/** About two lines of a letter. */
export const BLOCK_LENGTH = 200;

type Strengths = Map<WhoKind | HealthKind, number>;

export interface Field {
  readonly blocks: number;
  /** Numbers of the blocks that hold an identifier, in order. */
  readonly whoBlocks: readonly number[];
  readonly healthBlocks: readonly number[];
  /** Strength of all kinds together within so many blocks of a block: 0 to 1. */
  who(block: number, reach: number): number;
  health(block: number, reach: number): number;
  /** Kinds within so many blocks. */
  kinds(block: number, reach: number): readonly (WhoKind | HealthKind)[];
  /** An identifier within reach is the patient's by what is said of it, or names one person by itself. */
  isPatientNear(block: number, reach: number): boolean;
}

const NAMES_ONE_PERSON: ReadonlySet<WhoKind | HealthKind> = new Set(['ssn', 'mrn', 'plan-number', 'medicare-number', 'birth-date']);

export function weightOf({ axis, kind, confidence, role }: Candidate): number {
  if (axis === 'health') return HEALTH_WEIGHTS[kind as HealthKind] * confidence;
  return Math.min(0.98, WHO_WEIGHTS[kind as WhoKind] * ROLE_WEIGHTS[role ?? 'unknown'] * confidence);
}

export function fieldOf(length: number, candidates: readonly Candidate[]): Field {
  const blocks = Math.floor(length / BLOCK_LENGTH) + 1;
  const who: (Strengths | undefined)[] = [];
  const health: (Strengths | undefined)[] = [];
  const patients = new Set<number>();
  for (const candidate of candidates) {
    const weight = weightOf(candidate);
    if (weight < 0.02) continue;
    const block = Math.floor(candidate.at / BLOCK_LENGTH);
    const side = candidate.axis === 'who' ? who : health;
    const strengths = (side[block] ??= new Map<WhoKind | HealthKind, number>());
    strengths.set(candidate.kind, Math.max(strengths.get(candidate.kind) ?? 0, weight));
    if (candidate.axis === 'who' && isPatient(candidate)) patients.add(block);
  }
  return {
    blocks,
    whoBlocks: numbersOf(who),
    healthBlocks: numbersOf(health),
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

/** Each kind at its strongest: saying the same again adds nothing. */
function within(side: readonly (Strengths | undefined)[], block: number, reach: number): Strengths {
  const all: Strengths = new Map<WhoKind | HealthKind, number>();
  for (let at = Math.max(0, block - reach); at <= Math.min(side.length - 1, block + reach); at++) {
    for (const [kind, weight] of side[at] ?? []) all.set(kind, Math.max(all.get(kind) ?? 0, weight));
  }
  return all;
}

/** Independent pieces of evidence: the chance that not all of them are wrong. */
function together(strengths: Strengths): number {
  let wrong = 1;
  for (const weight of strengths.values()) wrong *= 1 - weight;
  return 1 - wrong;
}
