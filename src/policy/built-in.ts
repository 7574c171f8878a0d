// The policy that is in effect where the configuration names none: the shipped default over the settings of the configuration.
import type { YamlDocument } from '../yaml/positions.ts';
import { parsePolicy } from './parse.ts';
import type { Policy } from './policy.ts';
import type { BaseSettings } from './source.ts';

/**
 * `document` is policies/default.yaml, which whoever starts the program reads.
 * @throws Error where it has a fault: it is ours.
 */
export function builtInPolicy(document: YamlDocument, base: BaseSettings): Policy {
  const { policy } = parsePolicy(document, new Map(), base);
  if (policy === null) throw new Error('the shipped policy has a fault');
  return policy;
}
