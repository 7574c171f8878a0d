// Property tests with a fixed seed and a bounded count, told in one line of tap.
import fc from 'fast-check';

const SEED = 20261122;

/** Checks a property and tells what failed, with the smallest example found. */
export function fuzz<T extends [unknown, ...unknown[]]>(
  t: { ok(value: boolean, message: string): boolean },
  runs: number,
  property: fc.IProperty<T> & fc.IRawProperty<T, false>,
): void {
  const result = fc.check(property, { seed: SEED, numRuns: runs });
  // One line of printable US-ASCII: anything else in a name can be read as TAP.
  const found = result.failed
    ? `fails with ${JSON.stringify(result.counterexample)} ${result.errorInstance instanceof Error ? result.errorInstance.message : ''}`
    : `${runs} runs`;
  t.ok(!result.failed, found.replace(/[^ -~]/g, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`).slice(0, 2_000));
}
