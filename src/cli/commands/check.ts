// postern check: everything that serve does up to listening, with all errors at once.
import type { Command } from 'commander';
import { example, JSON_OPTION } from '../command.ts';
import type { Act, JsonOption } from '../command.ts';
import { showIssues } from '../context.ts';
import type { CommandContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { StyleName } from '../terminal.ts';
import { plainText } from '../terminal.ts';

const MARKS = {
  ok: ['good', 'ok'],
  warning: ['attention', 'warning'],
  failed: ['trouble', 'failed'],
  'not-done': ['dim', 'not done'],
} as const satisfies Record<string, readonly [StyleName, string]>;

export function addCheck(program: Command, act: Act): void {
  program
    .command('check')
    .description('Do everything that serve does up to listening, and report')
    .option(...JSON_OPTION)
    .addHelpText('after', example('postern check --config /etc/postern/postern.yaml'))
    .action(act(check));
}

async function check(context: CommandContext, { json }: JsonOption): Promise<ExitCode> {
  const { terminal, work, configPath } = context;
  const report = await work.check({ configPath });
  const refused = report.issues.some(({ weight }) => weight === 'error');
  const failed = report.steps.some(({ result }) => result === 'failed');
  if (json) terminal.out(JSON.stringify({ file: configPath, result: refused || failed ? 'failed' : 'ok', ...report }));
  else {
    showIssues(terminal, report.issues);
    for (const { name, result, text } of report.steps) {
      const [style, word] = MARKS[result];
      terminal.out(`${terminal.style(style, word.padEnd(8))}  ${plainText(name)}: ${plainText(text)}`);
    }
    if (!refused && !failed) terminal.out(`${configPath} is right.`);
  }
  if (refused) return EXIT.config;
  return failed ? EXIT.no : EXIT.done;
}
