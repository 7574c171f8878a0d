// Conditions as a tree. What each key means, how it is written and what it is read to stands in condition-keys.ts, once.
import type { z } from 'zod';
import type { YamlPath } from '../yaml/positions.ts';
import type { CONDITION_KEYS } from './condition-keys.ts';

export type ConditionKey = keyof typeof CONDITION_KEYS;
export type ConditionValue<K extends ConditionKey> = z.output<(typeof CONDITION_KEYS)[K]['schema']>;

/** One key of a condition with its value. A closed union: whoever takes one apart is told by the compiler of a new one. */
export type Atom = { readonly [K in ConditionKey]: { readonly key: K; readonly value: ConditionValue<K> } }[ConditionKey];

/** `path` leads to the place in the file. An `all` of nothing always holds. */
export type Condition =
  | { readonly node: 'all' | 'any'; readonly of: readonly Condition[]; readonly path: YamlPath }
  | { readonly node: 'not'; readonly of: Condition; readonly path: YamlPath }
  | { readonly node: 'atom'; readonly atom: Atom; readonly path: YamlPath };

/** Every atom of a condition, in order. */
export function atomsOf(condition: Condition): readonly Atom[] {
  switch (condition.node) {
    case 'atom':
      return [condition.atom];
    case 'not':
      return atomsOf(condition.of);
    case 'all':
    case 'any':
      return condition.of.flatMap(atomsOf);
  }
}
