// What administrators add themselves: rules of own patterns and dictionaries, read from data that nobody has checked yet. Each fault has its
// path in the data, what is wrong and what would be right; all of them at once.
import { z } from 'zod';
import { HEALTH_KINDS, type HealthKind, type Role, ROLES, WHO_KINDS, type WhoKind } from '../mail/finding.ts';
import { compilePattern, type LinearPattern } from '../pattern/linear-pattern.ts';
import { VALIDATORS, type Validator } from './own-validators.ts';

export interface OwnRule {
  /** Stands in reports. */
  readonly name: string;
  readonly axis: 'who' | 'health';
  readonly kind: WhoKind | HealthKind;
  readonly match:
    | { readonly by: 'pattern'; readonly pattern: LinearPattern }
    /** Words, and phrases of several, whatever their case. */
    | { readonly by: 'words'; readonly words: readonly string[] };
  /** One of these words must stand so near, in characters. */
  readonly near: { readonly words: readonly string[]; readonly within: number } | null;
  readonly validator: Validator;
  /** So many different values must stand in a part, or none counts. */
  readonly atLeast: number;
  readonly confidence: number;
  readonly role: Role | null;
  /** Values that never count. */
  readonly except: readonly string[];
}

export interface RuleFault {
  readonly path: readonly (string | number)[];
  readonly what: string;
  readonly right: string;
}

export interface OwnRulesRead {
  readonly rules: readonly OwnRule[];
  readonly faults: readonly RuleFault[];
}

export const MOST_RULES = 500;
const MOST_WORDS = 50_000;

const phrase = z
  .string()
  .regex(/[\p{L}\p{N}]/u)
  .max(200);
const ruleShape = z.strictObject({
  name: z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/),
  kind: z.enum([...WHO_KINDS, ...HEALTH_KINDS]),
  pattern: z.string().optional(),
  words: z.array(phrase).min(1).max(MOST_WORDS).optional(),
  near: z.strictObject({ words: z.array(phrase).min(1).max(1_000), within: z.int().min(1).max(2_000) }).optional(),
  validator: z.enum(VALIDATORS).default('none'),
  at_least: z.int().min(1).max(1_000).default(1),
  confidence: z.number().min(0.05).max(1).default(0.8),
  role: z.enum(ROLES).optional(),
  except: z.array(phrase).max(MOST_WORDS).default([]),
});
const fileShape = z.strictObject({ version: z.literal(1), rules: z.array(z.unknown()).max(MOST_RULES) });

/** What would be right, by the key of a field. */
const RIGHT: Readonly<Record<string, string>> = {
  version: 'write version: 1',
  rules: `write each rule after "- ", at most ${MOST_RULES}`,
  name: 'write 1 to 40 lower-case letters, digits and hyphens',
  kind: `write one of ${[...WHO_KINDS, ...HEALTH_KINDS].join(', ')}`,
  pattern: 'write a pattern of RE2 in single quotes',
  words: `write a list of words or phrases with letters or digits, each at most 200 characters; numbers in quotes`,
  near: 'write near: { words: [study, trial], within: 80 }',
  within: 'write a number of characters, 1 to 2000',
  validator: `write one of ${VALIDATORS.join(', ')}`,
  at_least: 'write 1 to 1000',
  confidence: 'write a number from 0.05 to 1',
  role: `write one of ${ROLES.join(', ')}`,
  except: 'write a list of values or words; numbers in quotes',
};

/** Reads the data of a rules file, version 1. Never throws for what is in it. */
export function readOwnRules(data: unknown): OwnRulesRead {
  const file = fileShape.safeParse(data);
  if (!file.success) return { rules: [], faults: file.error.issues.flatMap((issue) => faultsOf(issue, [], data)) };
  const faults: RuleFault[] = [];
  const names = new Map<string, number>();
  const rules = file.data.rules.flatMap((one, i): readonly OwnRule[] => {
    const path = ['rules', i];
    const read = ruleShape.safeParse(one);
    if (!read.success) {
      faults.push(...read.error.issues.flatMap((issue) => faultsOf(issue, path, one)));
      return [];
    }
    const before = names.get(read.data.name);
    names.set(read.data.name, i);
    if (before !== undefined)
      faults.push({ path: [...path, 'name'], what: `rule ${before + 1} has this name already`, right: 'give each its own' });
    return ruleOf(read.data, path, faults);
  });
  return { rules: faults.length === 0 ? rules : [], faults };
}

function ruleOf(read: z.output<typeof ruleShape>, path: readonly (string | number)[], faults: RuleFault[]): readonly OwnRule[] {
  const { name, kind, pattern, words, near, validator, at_least: atLeast, confidence, except } = read;
  const match = matchOf(pattern, words, path, faults);
  if (match === null) return [];
  const axis = WHO_KINDS.some((one) => one === kind) ? 'who' : 'health';
  if (axis === 'health' && read.role !== undefined) {
    faults.push({ path: [...path, 'role'], what: `${kind} is nobody's`, right: 'leave role out, or choose a kind of identifier' });
    return [];
  }
  const role = axis === 'health' ? null : (read.role ?? 'unknown');
  return [{ name, axis, kind, match, near: near ?? null, validator, atLeast, confidence, role, except }];
}

function matchOf(
  source: string | undefined,
  words: readonly string[] | undefined,
  path: readonly (string | number)[],
  faults: RuleFault[],
): OwnRule['match'] | null {
  if ((source === undefined) === (words === undefined)) {
    faults.push({ path, what: 'a rule has either a pattern or words', right: 'write one of them' });
    return null;
  }
  if (source === undefined) return { by: 'words', words: words ?? [] };
  const compiled = compilePattern(source);
  if (compiled.kind === 'pattern') return { by: 'pattern', pattern: compiled.pattern };
  const { at, what, right } = compiled.fault;
  faults.push({ path: [...path, 'pattern'], what: `at character ${at + 1} of the pattern: ${what}`, right });
  return null;
}

function faultsOf(issue: z.core.$ZodIssue, above: readonly (string | number)[], data: unknown): readonly RuleFault[] {
  const path = [...above, ...issue.path.filter((step) => typeof step !== 'symbol')];
  if (issue.code === 'unrecognized_keys') {
    const known = path.includes('near') ? 'words, within' : path.length === 0 ? 'version, rules' : Object.keys(ruleShape.shape).join(', ');
    return issue.keys.map((key) => ({ path: [...path, key], what: 'this key is not known', right: `known here: ${known}` }));
  }
  const field = path.findLast((step) => typeof step === 'string') ?? '';
  const missing = at(data, issue.path) === undefined;
  if (path.length === above.length) return [{ path, what: 'keys are expected here', right: 'write name, kind and a pattern or words' }];
  return [{ path, what: missing ? `"${field}" is missing` : `"${field}" is not right`, right: RIGHT[field] ?? 'correct it' }];
}

function at(data: unknown, path: readonly PropertyKey[]): unknown {
  let here = data;
  for (const step of path) here = typeof here === 'object' && here !== null ? Reflect.get(here, step) : undefined;
  return here;
}
