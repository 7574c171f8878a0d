// Conditions as written, made into a tree whose every node knows its place in the file.
import type { YamlPath } from '../yaml/positions.ts';
import { CONDITION_KEYS } from './condition-keys.ts';
import type { Atom, Condition, ConditionKey } from './condition.ts';
import type { WrittenCondition } from './shape.ts';

/** `path` leads to the mapping. A condition that is not written always holds. */
export function readCondition(written: WrittenCondition | undefined, path: YamlPath): Condition {
  const of: Condition[] = [];
  for (const key of Object.keys(CONDITION_KEYS) as ConditionKey[]) {
    const value = written?.[key];
    if (value !== undefined) of.push({ node: 'atom', atom: { key, value } as Atom, path: [...path, key] });
  }
  for (const node of ['all', 'any'] as const) {
    const below = written?.[node];
    if (below !== undefined) of.push({ node, of: below.map((one, i) => readCondition(one, [...path, node, i])), path: [...path, node] });
  }
  if (written?.not !== undefined) of.push({ node: 'not', of: readCondition(written.not, [...path, 'not']), path: [...path, 'not'] });
  const [only] = of;
  return of.length === 1 && only !== undefined ? only : { node: 'all', of, path };
}
