// How long the check of each policy file takes: reading it, and searching it. node bench/policy-check.ts FILE...
import { readFileSync } from 'node:fs';
import { CHECK_BOUNDS, checkPolicy } from '../src/policy/check/check.ts';
import { parsePolicy } from '../src/policy/parse.ts';
import { parseYaml } from '../src/yaml/parse.ts';

const RUNS = 5;

for (const file of process.argv.slice(2)) {
  const yaml = parseYaml(readFileSync(file));
  if (yaml.kind === 'faults') throw new Error(`${file} is no YAML`);
  const { policy } = parsePolicy(yaml.document, new Map(), {
    protection: 'tls-verified',
    otherwise: 'hold',
    methodsSetUp: ['relay', 'portal'],
  });
  if (policy === null) throw new Error(`${file} has a fault, or list files`);
  const runs = Array.from({ length: RUNS }, () => {
    const startedAt = performance.now();
    const { invariant, searched } = checkPolicy(policy, { now: () => performance.now(), ...CHECK_BOUNDS });
    return { ms: performance.now() - startedAt, searched, open: invariant.undecided.length, leaks: invariant.leaks.length };
  });
  const [best] = runs.toSorted((a, b) => a.ms - b.ms);
  if (best === undefined) continue;
  const { ms, searched, open, leaks } = best;
  process.stdout.write(
    `${file}: ${policy.source.rules.length} rules, 10^${searched.situationsLog10.toFixed(1)} situations, ${searched.steps} steps, first ${runs[0]?.ms.toFixed(1) ?? ''} ms, best ${ms.toFixed(1)} ms, ${leaks} leaks, ${open} open\n`,
  );
}
