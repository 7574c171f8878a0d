// Conditions as functions: each atom is made into a test once, when the policy is read, so that deciding only calls.
import type { YamlPath } from '../yaml/positions.ts';
import type { Book } from './book.ts';
import type { Clock } from './clock-time.ts';
import type { ConditionKey, ConditionValue } from './condition.ts';
import type { Situation } from './situation.ts';

export type Test = (situation: Situation) => boolean;

/** What tests are made with. */
export interface Ground {
  readonly book: Book;
  readonly clock: Clock;
}

/** Makes the test of a key's value. Faults of its entries go to the book, with the path. */
export type TestMaker<K extends ConditionKey> = (value: ConditionValue<K>, ground: Ground, path: YamlPath) => Test;
export type TestMakers<K extends ConditionKey> = { readonly [Key in K]: TestMaker<Key> };

/** A test, or its opposite where the policy says no. */
export function yes(wanted: 'yes' | 'no', test: Test): Test {
  return wanted === 'yes' ? test : (situation) => !test(situation);
}
