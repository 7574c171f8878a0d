// A condition with the test of each of its nodes: deciding calls the test of the whole, explaining walks the tree.
import type { Condition, ConditionKey, ConditionValue } from './condition.ts';
import { MESSAGE_TESTS } from './message-tests.ts';
import { PARTY_TESTS } from './party-tests.ts';
import type { Ground, Test, TestMakers } from './test-maker.ts';
import type { YamlPath } from '../yaml/positions.ts';

export interface Compiled {
  readonly condition: Condition;
  readonly test: Test;
  /** Of the nodes below, in order. */
  readonly of: readonly Compiled[];
}

/** Makes a condition ready. Faults of its entries go to the book. */
export function compile(condition: Condition, ground: Ground): Compiled {
  switch (condition.node) {
    case 'atom':
      return { condition, test: testOf(condition.atom, ground, condition.path), of: [] };
    case 'not': {
      const of = compile(condition.of, ground);
      return { condition, test: (situation) => !of.test(situation), of: [of] };
    }
    case 'all':
    case 'any': {
      const of = condition.of.map((one) => compile(one, ground));
      const tests = of.map((one) => one.test);
      return { condition, test: condition.node === 'all' ? allOf(tests) : anyOf(tests), of };
    }
  }
}

const TESTS: TestMakers<ConditionKey> = { ...PARTY_TESTS, ...MESSAGE_TESTS };

function testOf<K extends ConditionKey>(
  atom: { readonly key: K; readonly value: ConditionValue<K> },
  ground: Ground,
  path: YamlPath,
): Test {
  return TESTS[atom.key](atom.value, ground, path);
}

function allOf(tests: readonly Test[]): Test {
  const [first, second] = tests;
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  if (tests.length === 2) return (situation) => first(situation) && second(situation);
  return (situation) => {
    for (const test of tests) if (!test(situation)) return false;
    return true;
  };
}

function anyOf(tests: readonly Test[]): Test {
  const [first] = tests;
  if (tests.length === 1 && first !== undefined) return first;
  return (situation) => {
    for (const test of tests) if (test(situation)) return true;
    return false;
  };
}
