// postern policy: what administrators ask of a policy file before and after it decides. One file for each thing to ask.
import type { Command } from 'commander';
import type { Act } from '../command.ts';
import { addPolicyCheck } from './policy-check.ts';
import { addPolicyExplain } from './policy-explain.ts';
import { addPolicyLanguage } from './policy-language.ts';
import { addPolicyReplay } from './policy-replay.ts';
import { addPolicyTest } from './policy-test.ts';
import { addPolicySettings } from './policy-settings.ts';

export function addPolicy(program: Command, act: Act): void {
  const policy = program.command('policy').description('What decides how mail may travel: check it, try it, ask why');
  addPolicyCheck(policy, act);
  addPolicyExplain(policy, act);
  addPolicyReplay(policy, act);
  addPolicyTest(policy, act);
  addPolicySettings(policy, act);
  addPolicyLanguage(policy, act);
}
