// What is wrong in a policy: where, what, and what would be right. Faults of the shape are put into words here, all of them at once.
import type { z } from 'zod';
import type { YamlPath } from '../yaml/positions.ts';
import { nearest } from '../yaml/nearest.ts';

export interface PolicyFault {
  readonly path: YamlPath;
  /** Which place of the path to point at. */
  readonly at: 'key' | 'value';
  /** An error refuses the policy; a warning does not. */
  readonly weight: 'error' | 'warning';
  readonly what: string;
  readonly right: string;
  /** Where the fault is in a list file: its name as the policy writes it, and the line from 1. */
  readonly file?: { readonly name: string; readonly line: number };
}

export function fault(path: YamlPath, what: string, right: string): PolicyFault {
  return { path, at: 'value', weight: 'error', what, right };
}

export function keyFault(path: YamlPath, what: string, right: string): PolicyFault {
  return { path, at: 'key', weight: 'error', what, right };
}

/** A word that is not known, with the nearest that is. */
export function unknownWord(path: YamlPath, what: string, given: string, known: readonly string[]): PolicyFault {
  const near = nearest(given, known);
  const right =
    near !== null ? `did you mean "${near}"` : known.length === 0 ? 'there is none yet' : `known here: ${known.slice(0, 20).join(', ')}`;
  return fault(path, `${what} "${shortened(given)}" is not known`, right);
}

/** Issues of a schema as faults; `above` is the path of `data` in the file. */
export function faultsOfShape(issues: readonly z.core.$ZodIssue[], above: YamlPath, data: unknown): readonly PolicyFault[] {
  // One mistake is one fault: a mapping of nothing but unknown keys is not empty as well, and a key that is meant is not missing as well.
  const unknown = issues.filter((issue) => issue.code === 'unrecognized_keys');
  const mappings = new Set(unknown.map(({ path }) => path.join('.')));
  const meant = new Set(
    unknown.flatMap(({ path, keys, message }) => keys.map((key) => [...path, nearest(key, message.split(', '))].join('.'))),
  );
  return issues
    .filter(({ code, path }) => code !== 'custom' || !mappings.has(path.join('.')))
    .filter(
      ({ path }) =>
        !meant.has(path.join('.')) ||
        valueAt(
          data,
          path.filter((step) => typeof step !== 'symbol'),
        ) !== undefined,
    )
    .flatMap((issue) => faultsOf(issue, above, data));
}

function faultsOf(issue: z.core.$ZodIssue, above: YamlPath, data: unknown): readonly PolicyFault[] {
  const steps = issue.path.filter((step) => typeof step !== 'symbol');
  const path = [...above, ...steps];
  const value = valueAt(data, steps);
  if (issue.code === 'unrecognized_keys') {
    const known = issue.message.split(', ');
    return issue.keys.map((key) => ({ ...unknownWord([...path, key], 'the key', key, known), at: 'key' }));
  }
  if (issue.code === 'invalid_key')
    return [keyFault(path, `${shown(steps.at(-1))} is not right as a key`, issue.issues[0]?.message ?? 'correct it')];
  if (issue.code === 'invalid_union') {
    const option = issue.errors.find((errors) => fits(errors, value));
    if (option !== undefined && option.length > 0) return faultsOfShape(option, path, value);
  }
  const name = path.findLast((step) => typeof step === 'string');
  if (value === undefined) return [keyFault(path, `"${name ?? 'version'}" is missing`, issue.message)];
  if (value === null) return [fault(path, name === undefined ? 'there is no value' : `"${name}" has no value`, issue.message)];
  return [fault(path, name === undefined ? `${shown(value)} is not right` : `${shown(value)} is not right for "${name}"`, issue.message)];
}

/** Is an option of a union the one that was meant: is the value of its kind at all? */
function fits(issues: readonly z.core.$ZodIssue[], value: unknown): boolean {
  return !issues.some((issue) => {
    if (issue.path.length > 0) return false;
    if (issue.code === 'invalid_type') return true;
    if (issue.code === 'invalid_value') return typeof value !== 'string';
    return issue.code === 'invalid_union' && issue.errors.every((errors) => !fits(errors, value));
  });
}

function valueAt(data: unknown, path: YamlPath): unknown {
  let here = data;
  for (const step of path)
    here = typeof here === 'object' && here !== null && Object.hasOwn(here, step) ? (Reflect.get(here, step) as unknown) : undefined;
  return here;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a mapping';
  return typeof value === 'string' ? `"${shortened(value)}"` : `${value as number | boolean}`;
}

/** Safe to print: one line, no control characters, at most 60 characters. */
export function shortened(text: string): string {
  const one = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ');
  return one.length > 60 ? `${one.slice(0, 57)}...` : one;
}
