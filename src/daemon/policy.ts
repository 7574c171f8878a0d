// The policy in effect: the built-in one over what the configuration says, or the file that it names.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { builtInPolicy } from '../policy/built-in.ts';
import type { Policy } from '../policy/policy.ts';
import { parseYaml } from '../yaml/parse.ts';

const DEFAULT_POLICY = join(import.meta.dirname, '../../policies/default.yaml');

/** The policy of the configuration now in effect, made anew only when that changes. */
export function policyOf(config: () => Config): () => Policy {
  const yaml = parseYaml(readFileSync(DEFAULT_POLICY));
  if (yaml.kind === 'faults') throw new Error('the shipped policy is no YAML');
  const policyFor = ({ delivery }: Config): Policy =>
    builtInPolicy(yaml.document, { protection: delivery.floor, otherwise: delivery.otherwise });
  let from = config();
  let policy = policyFor(from);
  return () => {
    if (config() !== from) {
      from = config();
      policy = policyFor(from);
    }
    return policy;
  };
}
