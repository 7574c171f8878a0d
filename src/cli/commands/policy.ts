// postern policy …: what decides how mail may travel, tried before it decides.
import type { Command } from 'commander';
import type { Act } from '../command.ts';
import { addPolicyReplay } from './policy-replay.ts';
import { addPolicyTest } from './policy-test.ts';

export function addPolicy(program: Command, act: Act): void {
  const policy = program.command('policy').description('What decides how mail may travel: try it before it decides');
  addPolicyReplay(policy, act);
  addPolicyTest(policy, act);
}
