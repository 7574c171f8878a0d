// postern policy test POLICY [CASES...]: runs the cases beside a policy, and tells what they cover of it.
import type { Command } from 'commander';
import type { PolicyTested } from '../../daemon/work.ts';
import { example, JSON_OPTION } from '../command.ts';
import type { Act, JsonOption } from '../command.ts';
import { type CommandContext, showIssues } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { hasPassed, policyTestText } from '../policy-test-text.ts';

interface TestOptions extends JsonOption {
  readonly allCovered?: true;
}

export function addPolicyTest(policy: Command, act: Act): void {
  policy
    .command('test')
    .argument('<policy>', 'a policy file')
    .argument('[cases...]', 'files of cases (default: policy.cases.yaml beside policy.yaml)')
    .description(
      'Run the cases of a policy: what it decides, for messages made up.\nExit code 1: a case came out otherwise; 3: the policy or a file of cases\nhas faults',
    )
    .option('--all-covered', 'exit code 1 also where the cases do not cover everything')
    .option(...JSON_OPTION)
    .addHelpText('after', example('postern policy test policies/default.yaml'))
    .action(act(test));
}

async function test(context: CommandContext, policy: string, cases: readonly string[], options: TestOptions): Promise<ExitCode> {
  const { terminal, work, configPath, configNamed } = context;
  const tested = await work.testPolicy({ configPath, unreadable: configNamed === 'yes' ? 'refused' : 'defaults', policy, cases });
  if (tested.kind === 'refused') {
    showIssues(terminal, tested.issues);
    return EXIT.config;
  }
  showIssues(terminal, tested.warnings);
  terminal.out(options.json === true ? jsonOf(tested) : policyTestText(tested, terminal));
  const failed = tested.files.some((file) => !file.cases.every(hasPassed));
  return failed || (options.allCovered === true && tested.coverage.missing.length > 0) ? EXIT.no : EXIT.done;
}

function jsonOf({ policy, files, coverage }: PolicyTested): string {
  const cases = files.flatMap((one) => one.cases);
  const passed = cases.filter(hasPassed).length;
  return JSON.stringify({
    policy: policy.file,
    version: policy.version,
    passed,
    failed: cases.length - passed,
    files: files.map(({ file, cases: of }) => ({ file, cases: of.map((one) => ({ ...one, passed: hasPassed(one) })) })),
    coverage,
  });
}
