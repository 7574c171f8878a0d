// Candidates of one passage laid out in blocks of text, so that what stands near what can be asked without looking at every pair.
import { HEALTH_KINDS, type HealthKind, WHO_KINDS, type WhoKind } from '../mail/finding.ts';
import type { Candidate } from './detector.ts';
import { below } from './tally.ts';
import { HEALTH_WEIGHTS, ROLE_WEIGHTS, WHO_WEIGHTS } from './weights.ts';

/** About two lines of a letter. */
export const BLOCK_LENGTH = 200;

export type Kind = WhoKind | HealthKind;
/** A set of kinds: a bit for each. */
export type KindSet = number;

const KINDS: readonly Kind[] = [...WHO_KINDS, ...HEALTH_KINDS];
const NUMBERS: ReadonlyMap<Kind, number> = new Map(KINDS.map((kind, number) => [kind, number]));

export function kindSetOf(kinds: readonly Kind[]): KindSet {
  return kinds.reduce((set, kind) => set | (1 << (NUMBERS.get(kind) ?? 0)), 0);
}

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
  kindSet(block: number, reach: number): KindSet;
  /** An identifier within reach is the patient's by what is said of it, or names one person by itself. */
  isPatientNear(block: number, reach: number): boolean;
}

const NAMES_ONE_PERSON: ReadonlySet<Kind> = new Set(['ssn', 'mrn', 'plan-number', 'medicare-number', 'birth-date']);

const OF_WHO_TREATS: ReadonlySet<Kind> = new Set(['name', 'phone', 'email']);

export function weightOf({ axis, kind, confidence, role }: Candidate): number {
  if (axis === 'health') return HEALTH_WEIGHTS[kind as HealthKind] * confidence;
  return Math.min(0.98, WHO_WEIGHTS[kind as WhoKind] * ROLE_WEIGHTS[role ?? 'unknown'] * confidence);
}

/** Less is hardly anything. */
const LEAST = 0.02;

export function fieldOf(length: number, candidates: readonly Candidate[], room: FieldRoom = fieldRoom()): Field {
  const { who, health } = room;
  clear(who);
  clear(health);
  const patients: number[] = [];
  const treated: number[] = [];
  const sure: number[] = [];
  for (const candidate of inOrder(candidates)) {
    const weight = weightOf(candidate);
    if (weight < LEAST) continue;
    const block = Math.floor(candidate.at / BLOCK_LENGTH);
    put(candidate.axis === 'who' ? who : health, block, candidate, weight);
    if (candidate.axis !== 'who') continue;
    if (isPatient(candidate) && patients[patients.length - 1] !== block) patients.push(block);
    if (candidate.role !== 'provider' || !OF_WHO_TREATS.has(candidate.kind)) continue;
    if (treated[treated.length - 1] !== block) sure[treated.push(block) - 1] = 0;
    sure[treated.length - 1] = Math.max(sure.at(-1) ?? 0, candidate.confidence);
  }
  return {
    blocks: Math.floor(length / BLOCK_LENGTH) + 1,
    whoBlocks: who.blocks,
    healthBlocks: health.blocks,
    treatedBlocks: treated,
    treated(block, reach) {
      let best = 0;
      for (let i = below(treated, block - reach); (treated[i] ?? Infinity) <= block + reach; i++) best = Math.max(best, sure[i] ?? 0);
      return best;
    },
    who: (block, reach) => strengthWithin(room, who, block, reach),
    health: (block, reach) => strengthWithin(room, health, block, reach),
    kinds: (block, reach) => [...kindsWithin(room, who, block, reach), ...kindsWithin(room, health, block, reach)],
    kindSet: (block, reach) => kindSetWithin(who, block, reach) | kindSetWithin(health, block, reach),
    isPatientNear: (block, reach) => (patients[below(patients, block - reach)] ?? Infinity) <= block + reach,
  };
}

/** By their places: known patients (known-patients.ts) are told behind the others. */
function inOrder(candidates: readonly Candidate[]): readonly Candidate[] {
  let last = 0;
  for (const { at } of candidates) {
    if (at < last) return candidates.toSorted((a, b) => a.at - b.at);
    last = at;
  }
  return candidates;
}

function isPatient({ role, kind, confidence }: Candidate): boolean {
  if (confidence < 0.5 || role === 'provider' || role === 'sender' || role === 'public' || role === 'staff') return false;
  return role === 'patient' || NAMES_ONE_PERSON.has(kind);
}

/** Of each kind the strongest, and the next of another value; side by side, the first `count` of them. */
interface Strengths {
  count: number;
  readonly kinds: number[];
  readonly values: string[];
  /** Whether it stands for "another value than this". */
  readonly others: boolean[];
  readonly weights: number[];
  readonly nexts: number[];
}

/** Strengths by block: each kind once in each. */
interface Side extends Strengths {
  /** Blocks that hold any, in order, and where the strengths of each begin. */
  blocks: number[];
  starts: number[];
  /** What was asked last, and the answer: the same is asked several times. */
  askedBlock: number;
  askedReach: number;
  answer: number;
}

/** Where fields are laid out, one after the other: one is right until the next is. */
export interface FieldRoom {
  readonly who: Side;
  readonly health: Side;
  /** What stands together. */
  readonly all: Strengths;
}

export function fieldRoom(): FieldRoom {
  return { who: emptySide(), health: emptySide(), all: noStrengths() };
}

function emptySide(): Side {
  return { ...noStrengths(), blocks: [], starts: [], askedBlock: -1, askedReach: 0, answer: 0 };
}

function noStrengths(): Strengths {
  return { count: 0, kinds: [], values: [], others: [], weights: [], nexts: [] };
}

function clear(side: Side): void {
  side.count = 0;
  side.blocks = [];
  side.starts = [];
  side.askedBlock = -1;
}

function put(side: Side, block: number, { kind, value }: Candidate, weight: number): void {
  const { blocks, starts } = side;
  if (blocks[blocks.length - 1] !== block) starts[blocks.push(block) - 1] = side.count;
  add(side, starts[starts.length - 1] ?? 0, NUMBERS.get(kind) ?? 0, value, false, weight);
}

/** @param from where to look for the kind */
function add(all: Strengths, from: number, kind: number, value: string, other: boolean, weight: number): void {
  const { kinds, values, others, weights, nexts } = all;
  let i = from;
  while (i < all.count && kinds[i] !== kind) i++;
  const known = i === all.count ? 0 : (weights[i] ?? 0);
  if (i < all.count && others[i] === other && values[i] === value) weights[i] = Math.max(known, weight);
  else if (i < all.count && weight <= known) nexts[i] = Math.max(nexts[i] ?? 0, weight);
  else {
    kinds[i] = kind;
    values[i] = value;
    others[i] = other;
    weights[i] = weight;
    nexts[i] = known;
    all.count = Math.max(all.count, i + 1);
  }
}

function strengthWithin({ all }: FieldRoom, side: Side, block: number, reach: number): number {
  if (side.askedBlock === block && side.askedReach === reach) return side.answer;
  const { blocks, starts } = side;
  const first = below(blocks, block - reach);
  const next = blocks[first + 1] ?? Infinity;
  side.askedBlock = block;
  side.askedReach = reach;
  // Where a block stands alone, each kind stands there once.
  side.answer =
    next > block + reach && (blocks[first] ?? Infinity) <= block + reach
      ? together(side, starts[first] ?? 0, starts[first + 1] ?? side.count)
      : together(gather(all, side, block, reach), 0, all.count);
  return side.answer;
}

/** Strengths within so many blocks, each kind once. */
function gather(all: Strengths, side: Side, block: number, reach: number): Strengths {
  all.count = 0;
  const { kinds, values, weights, nexts } = side;
  for (let i = firstWithin(side, block - reach), end = firstWithin(side, block + reach + 1); i < end; i++) {
    const kind = kinds[i] ?? 0;
    const value = values[i] ?? '';
    const next = nexts[i] ?? 0;
    add(all, 0, kind, value, false, weights[i] ?? 0);
    if (next > 0) add(all, 0, kind, value, true, next);
  }
  return all;
}

/** The first strength of a block or of one behind it. */
function firstWithin({ blocks, starts, count }: Side, block: number): number {
  return starts[below(blocks, block)] ?? count;
}

function kindsWithin({ all }: FieldRoom, side: Side, block: number, reach: number): readonly Kind[] {
  const { kinds, count } = gather(all, side, block, reach);
  return kinds.slice(0, count).map((kind) => KINDS[kind] ?? 'name');
}

function kindSetWithin(side: Side, block: number, reach: number): KindSet {
  let set = 0;
  for (let i = firstWithin(side, block - reach), end = firstWithin(side, block + reach + 1); i < end; i++) set |= 1 << (side.kinds[i] ?? 0);
  return set;
}

/** What another value of the same kind adds: less than a kind of its own. */
const ANOTHER_VALUE = 0.4;

/** Independent pieces of evidence: the chance that not all of them are wrong. Saying the same again adds nothing. */
function together({ weights, nexts }: Strengths, from: number, to: number): number {
  let wrong = 1;
  for (let i = from; i < to; i++) wrong *= (1 - (weights[i] ?? 0)) * (1 - ANOTHER_VALUE * (nexts[i] ?? 0));
  return 1 - wrong;
}
