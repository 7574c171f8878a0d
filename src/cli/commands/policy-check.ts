// postern policy check [FILE]: faults with their place, rules that come to nothing, and whether PHI can leave with less than the floor.
import type { Command } from 'commander';
import { example, JSON_OPTION } from '../command.ts';
import type { Act, JsonOption } from '../command.ts';
import { type CommandContext, showIssues } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { checkedText } from '../policy-check-text.ts';

export function addPolicyCheck(policy: Command, act: Act): void {
  policy
    .command('check')
    .argument('[file]', 'a policy file (default: the one in effect)')
    .description(
      'Check a policy: faults, rules that come to nothing, and a search for\nPHI that leaves with less than the floor. Exit code 1: it can, or that\nis not proved; 3: the policy has errors',
    )
    .option(...JSON_OPTION)
    .addHelpText('after', example('postern policy check /etc/postern/policy.yaml'))
    .action(act(check));
}

async function check(
  { terminal, work, configPath, configNamed }: CommandContext,
  file: string | undefined,
  { json }: JsonOption,
): Promise<ExitCode> {
  const report = await work.policyCheck({ file: file ?? null, configPath, unreadable: configNamed === 'yes' ? 'refused' : 'defaults' });
  if (report.kind === 'refused') {
    showIssues(terminal, report.issues);
    return EXIT.config;
  }
  if (json) terminal.out(JSON.stringify(report));
  else showIssues(terminal, report.issues);
  if (report.kind === 'faults') return EXIT.config;
  if (json === undefined) terminal.out(checkedText(report, terminal));
  const { leaks, undecided } = report.checked.invariant;
  return leaks.length > 0 || undecided.length > 0 ? EXIT.no : EXIT.done;
}
