// postern policy settings --from A --to B: the settings in effect between two addresses, and where each comes from.
import type { Command } from 'commander';
import { example, JSON_OPTION } from '../command.ts';
import type { Act, JsonOption } from '../command.ts';
import { type CommandContext, showIssues } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { settingRows, SETTING_WORDS } from '../policy-settings-text.ts';
import { table } from '../table.ts';
import { plainText } from '../terminal.ts';
import { oneMailbox } from './policy-explain.ts';

interface SettingsOptions extends JsonOption {
  readonly from: string;
  readonly to: string;
  readonly policy?: string;
}

export function addPolicySettings(policy: Command, act: Act): void {
  policy
    .command('settings')
    .description('Print the settings in effect for a sender and a recipient, and where\neach comes from')
    .requiredOption('--from <address>', 'who sends', oneMailbox)
    .requiredOption('--to <address>', 'who receives', oneMailbox)
    .option('--policy <file>', 'the policy (default: the one in effect)')
    .option(...JSON_OPTION)
    .addHelpText('after', example('postern policy settings --from ann@clinic.example --to jo@example.net'))
    .action(act(settings));
}

const COLUMNS = [
  { title: 'Setting', align: 'left', overflow: 'keep' },
  { title: 'Value', align: 'left', overflow: 'cut' },
  { title: 'Whose', align: 'left', overflow: 'keep' },
  { title: 'From', align: 'left', overflow: 'keep' },
] as const;

async function settings({ terminal, work, configPath, configNamed }: CommandContext, options: SettingsOptions): Promise<ExitCode> {
  const { from, to, policy } = options;
  const answer = await work.policySettings({
    file: policy ?? null,
    configPath,
    unreadable: configNamed === 'yes' ? 'refused' : 'defaults',
    from,
    to,
  });
  if (answer.kind !== 'settings') {
    showIssues(terminal, answer.issues);
    return EXIT.config;
  }
  if (options.json) {
    const values = answer.settings.map(({ name, value, side, from: origin, path }) => ({
      setting: SETTING_WORDS[name],
      value,
      side,
      from: origin,
      line: path === null ? null : answer.lineOf(path),
    }));
    terminal.out(JSON.stringify({ file: answer.file, settings: values }));
  } else terminal.out(`${terminal.style('bold', plainText(answer.file))}\n${table(COLUMNS, settingRows(answer), terminal)}`);
  return EXIT.done;
}
