// Cases of a policy read from text, for tests.
import type { PolicyCase } from '../../src/policy/case.ts';
import { readCases } from '../../src/policy/read-cases.ts';
import { yamlOf } from './policy-facts.ts';

/** Cases from reception, written as items of the list. @throws Error where they have a fault */
export function someCases(items: string): readonly PolicyCase[] {
  const { cases, faults } = readCases(yamlOf(`version: 1\ngiven: { sender: reception@clinic.example }\ncases:\n${items}`).value);
  if (faults.length > 0) throw new Error(JSON.stringify(faults));
  return cases;
}
