// The shipped policies: their cases pass and cover everything in them, and a policy changed by mistake is caught by its cases.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { Facts } from '../../src/mail/facts.ts';
import { caseFacts, caseMessage } from '../../src/policy/case-facts.ts';
import type { PolicyCase } from '../../src/policy/case.ts';
import { coverageOf } from '../../src/policy/coverage.ts';
import { parsePolicy } from '../../src/policy/parse.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { readCases } from '../../src/policy/read-cases.ts';
import { hasFailed, runCases } from '../../src/policy/run-cases.ts';
import type { BaseSettings } from '../../src/policy/source.ts';
import { BASE, policyOf, yamlOf } from '../support/policy-facts.ts';
import { crossesOf, mutantsOf, neighboursOf, told } from '../support/policy-mutants.ts';
import { ROOT } from '../support/source-files.ts';

const NAMES = ['default', 'small-practice', 'hospital', 'ehr-relay', 'marketing'] as const;

interface Shipped {
  readonly text: string;
  readonly policy: Policy;
  /** Those whose facts are given straight. */
  readonly cases: readonly PolicyCase[];
  readonly base: BaseSettings;
}

function shipped(name: string): Shipped {
  const file = (suffix: string): string => readFileSync(join(ROOT, 'policies', `${name}${suffix}`), 'utf8');
  const { cases, base, faults } = readCases(yamlOf(file('.cases.yaml')).value);
  if (faults.length > 0) throw new Error(`${name}: ${JSON.stringify(faults)}`);
  const text = file('.yaml');
  const over = { ...BASE, ...base };
  return { text, policy: policyOf(text, {}, over), cases: cases.filter(({ content }) => content === null), base: over };
}

function factsOf({ cases, policy }: Shipped): readonly Facts[] {
  return cases.flatMap((one) => {
    const message = caseMessage(one, null, policy.source.timezone);
    return one.recipients.map((recipient) => caseFacts(one, message, recipient));
  });
}

for (const name of NAMES) {
  t.test(`${name}: its cases pass and cover it`, async (t) => {
    const { policy, cases } = shipped(name);
    const runs = runCases(policy, cases, new Map());
    t.same(
      runs.filter(hasFailed).map((run) => [run.case.id, run.recipients.map(({ mismatches }) => mismatches)]),
      [],
    );
    const traces = runs.flatMap(({ recipients }) => recipients.map(({ trace }) => trace));
    t.same(
      coverageOf(policy.source, traces).filter(({ missing }) => missing.length > 0),
      [],
    );
  });

  t.test(`${name}: every mutant that decides anything otherwise is caught by its cases`, async (t) => {
    const original = shipped(name);
    const own = factsOf(original);
    const near = [...own, ...own.flatMap(neighboursOf), ...own.flatMap((one) => crossesOf(one, own))];
    const facts = [...new Map(near.map((one) => [JSON.stringify(one), one])).values()];
    const decided = facts.map((one) => told(original.policy.decide(one)));
    const document = yamlOf(original.text);
    const [survived, refused, same, caught]: [string[], string[], string[], string[]] = [[], [], [], []];
    for (const { name: change, value } of mutantsOf(document.value)) {
      const { policy } = parsePolicy({ ...document, value }, new Map(), original.base);
      if (policy === null) refused.push(change);
      else if (runCases(policy, original.cases, new Map()).some(hasFailed)) caught.push(change);
      else if (facts.every((one, i) => told(policy.decide(one)) === decided[i])) same.push(change);
      else survived.push(change);
    }
    t.comment(`${caught.length} caught, ${same.length} decide the same, ${refused.length} are no policy; ${facts.length} facts`);
    t.same(survived, [], 'no mutant survives');
    t.ok(
      caught.length > 4 * same.length,
      `most are caught: ${caught.length} of ${caught.length + same.length}; the same: ${same.join(' | ')}`,
    );
  });
}
