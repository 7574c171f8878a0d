// postern policy replay: what a draft would have decided over past mail, before it decides anything.
import { type Command, InvalidArgumentError } from 'commander';
import type { ControlAnswers } from '../../control/commands.ts';
import type { Comparison } from '../../policy/compare.ts';
import type { ReplayedMessage } from '../../daemon/work.ts';
import { example, JSON_OPTION } from '../command.ts';
import type { Act, JsonOption } from '../command.ts';
import { type CommandContext, showIssues } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { differencesText, replayCountsText } from '../replay-text.ts';
import { type Asked, withService } from '../service.ts';

interface ReplayOptions extends JsonOption {
  readonly since: number;
  readonly with: string;
}

const PAGE = 100;
const DAY_MS = 86_400_000;
/** More differences than this are counted, and told with --json only. */
const MOST_SHOWN = 200;

export function addPolicyReplay(policy: Command, act: Act): void {
  policy
    .command('replay')
    .description(
      'Try a draft on past mail, from what was known of it (no content is kept).\nExit code 1: something would have gone out weaker than was decided',
    )
    .requiredOption('--with <draft>', 'policy file to try')
    .option('--since <days>', 'how far back, as 30d', daysOf, 30)
    .option(...JSON_OPTION)
    .addHelpText('after', example('postern policy replay --since 30d --with policy-draft.yaml'))
    .action(act(replay));
}

function daysOf(text: string): number {
  const days = /^(\d{1,4})d?$/.exec(text)?.[1];
  if (days === undefined || Number(days) === 0) throw new InvalidArgumentError('write a number of days, such as 30d.');
  return Number(days);
}

async function replay(context: CommandContext, options: ReplayOptions): Promise<ExitCode> {
  const { terminal, work, configPath } = context;
  const opened = await work.openReplay({ configPath, draft: options.with });
  if (opened.kind === 'refused') {
    showIssues(terminal, opened.issues);
    return EXIT.config;
  }
  showIssues(terminal, opened.warnings);
  return withService(context, 'open-the-data', async (service) => {
    const counts: Record<Comparison, number> = { same: 0, weaker: 0, stricter: 0, other: 0 };
    const differences: ReplayedMessage[] = [];
    let messages = 0;
    const since = Date.now() - options.since * DAY_MS;
    let after: string | null = null;
    do {
      const asked: Asked<ControlAnswers['policy.facts']> = await service.ask('policy.facts', { since, after, limit: PAGE });
      if (asked.kind === 'exit') return asked.code;
      for (const message of asked.value.messages) {
        messages++;
        for (const one of opened.replay(message)) {
          counts[one.compared]++;
          if (one.compared === 'same') continue;
          if (options.json === true) terminal.out(JSON.stringify(one));
          else if (differences.length < MOST_SHOWN || one.compared === 'weaker') differences.push(one);
        }
      }
      after = asked.value.next;
      terminal.progress(`${messages} messages decided again`);
    } while (after !== null);
    terminal.progress(null);
    if (options.json === true) terminal.out(JSON.stringify({ draft: opened.version, messages, ...counts }));
    else {
      terminal.out(replayCountsText(counts, messages, terminal.style));
      if (differences.length > 0) terminal.out(`\n${differencesText(differences, terminal.columns, terminal.style)}`);
    }
    return counts.weaker > 0 ? EXIT.no : EXIT.done;
  });
}
