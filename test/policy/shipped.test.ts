// The shipped policies: their cases pass and cover everything in them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { readCases } from '../../src/policy/read-cases.ts';
import { hasFailed, runCases } from '../../src/policy/run-cases.ts';
import { coverageOf } from '../../src/policy/coverage.ts';
import { shippedPolicy, yamlOf } from '../support/policy-facts.ts';
import { ROOT } from '../support/source-files.ts';

for (const name of ['default']) {
  t.test(name, async (t) => {
    const policy = shippedPolicy(`${name}.yaml`);
    const { cases, faults } = readCases(yamlOf(readFileSync(join(ROOT, 'policies', `${name}.cases.yaml`), 'utf8')).value);
    t.same(faults, []);
    const runs = runCases(
      policy,
      cases.filter(({ content }) => content === null),
      new Map(),
    );
    t.same(
      runs.filter(hasFailed).map((r) => [r.case.id, r.recipients.map((x) => x.mismatches)]),
      [],
    );
    t.same(
      coverageOf(
        policy.source,
        runs.flatMap(({ recipients }) => recipients.map(({ trace }) => trace)),
      ).filter(({ missing }) => missing.length > 0),
      [],
    );
  });
}
