// postern account add|list|disable|enable|password|import: who may log in. Passwords never stand on the command line.
import type { Command } from 'commander';
import { Option } from 'commander';
import { accountProblems, passwordProblem } from '../../access/account-rules.ts';
import { timeOf } from '../amounts.ts';
import { example, JSON_OPTION } from '../command.ts';
import type { Act, JsonOption } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { importAccounts } from '../import-accounts.ts';
import { addPasswordOptions, newPassword } from '../new-password.ts';
import type { PasswordOptions } from '../new-password.ts';
import { readImport } from '../read-import.ts';
import { withService } from '../service.ts';
import { table } from '../table.ts';

export function addAccount(program: Command, act: Act): void {
  const account = program.command('account').description('Accounts that may log in: one for each person or system');
  addPasswordOptions(account.command('add').argument('<name>', 'login name, such as an address or the name of a system'))
    .description('Add an account')
    .requiredOption('--may-use <pattern...>', 'addresses it may send from: ann@clinic.example,\n"*@clinic.example"')
    .option('--reports <address>', 'where its delivery reports go')
    .addOption(
      new Option('--likely-repeats <what>', 'a message equal but for its Message-ID').choices(['report', 'suppress']).default('report'),
    )
    .option(...JSON_OPTION)
    .addHelpText('after', example('postern account add lab-system --may-use "*@lab.clinic.example" --generate'))
    .action(act(add));
  account
    .command('list')
    .description('List all accounts')
    .option(...JSON_OPTION)
    .addHelpText('after', example('postern account list'))
    .action(act(list));
  account
    .command('disable')
    .argument('<name>', 'login name')
    .description('Refuse its logins from now on and end its open sessions')
    .addHelpText('after', example('postern account disable lab-system'))
    .action(act(disable));
  account
    .command('enable')
    .argument('<name>', 'login name')
    .description('Take its logins again')
    .addHelpText('after', example('postern account enable lab-system'))
    .action(act(enable));
  addPasswordOptions(account.command('password').argument('<name>', 'login name'))
    .description('Set a new password')
    .option(...JSON_OPTION)
    .addHelpText('after', example('postern account password lab-system --generate'))
    .action(act(changePassword));
  account
    .command('import')
    .argument('<file>', 'CSV or JSON lines; "-" for standard input')
    .description('Add many accounts: name, may_use, reports, likely_repeats, password')
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      `\nSeveral may_use patterns stand with spaces between them. An empty password is\nmade and printed once.\n${example('postern account import staff.csv > new-passwords.txt')}`,
    )
    .action(act(importFile));
}

interface AddOptions extends PasswordOptions, JsonOption {
  readonly mayUse: readonly string[];
  readonly reports?: string;
  readonly likelyRepeats: 'report' | 'suppress';
}

async function add(context: CommandContext, name: string, options: AddOptions): Promise<ExitCode> {
  const reports = options.reports ?? null;
  const problems = accountProblems({ name, mayUse: options.mayUse, reports }).map(({ text }) => text);
  if (problems.length > 0) return wrong(context, problems);
  const given = await passwordFor(context, name, options);
  if (typeof given === 'number') return given;
  return withService(context, 'open-the-data', async (service) => {
    const asked = await service.ask('account.add', {
      name,
      password: given.password,
      mayUse: [...options.mayUse],
      reports,
      likelyRepeats: options.likelyRepeats,
      who: context.who,
    });
    if (asked.kind === 'exit') return asked.code;
    showPassword(context, options.json, `Added ${name}.`, name, given);
    return EXIT.done;
  });
}

async function changePassword(context: CommandContext, name: string, options: PasswordOptions & JsonOption): Promise<ExitCode> {
  const given = await passwordFor(context, name, options);
  if (typeof given === 'number') return given;
  return withService(context, 'open-the-data', async (service) => {
    const asked = await service.ask('account.password', { name, password: given.password, who: context.who });
    if (asked.kind === 'exit') return asked.code;
    showPassword(context, options.json, `Changed the password of ${name}.`, name, given);
    return EXIT.done;
  });
}

interface Given {
  readonly password: string;
  readonly origin: 'given' | 'generated';
}

async function passwordFor(context: CommandContext, name: string, options: PasswordOptions): Promise<Given | ExitCode> {
  const given = await newPassword(options, context.terminal);
  if (given.kind === 'none') return wrong(context, [given.text]);
  const weak = passwordProblem(given.password, name);
  return weak === null ? given : wrong(context, [weak.text]);
}

/** A password that a person gave is not repeated. */
function showPassword({ terminal }: CommandContext, json: true | undefined, done: string, name: string, { password, origin }: Given): void {
  if (json) terminal.out(JSON.stringify(origin === 'generated' ? { name, password } : { name }));
  else terminal.out(origin === 'generated' ? `${done} Its password, shown only now:\n\n  ${password}\n` : done);
}

function list(context: CommandContext, { json }: JsonOption): Promise<ExitCode> {
  return withService(context, 'open-the-data', async (service) => {
    const asked = await service.ask('account.list', {});
    if (asked.kind === 'exit') return asked.code;
    const { terminal } = context;
    const { accounts } = asked.value;
    if (json) for (const one of accounts) terminal.out(JSON.stringify(one));
    else if (accounts.length === 0) terminal.out('There are no accounts.');
    else {
      const columns = [
        { title: 'Name', align: 'left', overflow: 'cut' },
        { title: 'State', align: 'left', overflow: 'keep' },
        { title: 'May use', align: 'left', overflow: 'cut' },
        { title: 'Changed', align: 'left', overflow: 'keep' },
      ] as const;
      terminal.out(
        table(
          columns,
          accounts.map((one) => [one.name, one.state, one.mayUse.join(' '), timeOf(one.changedAt)]),
          terminal,
        ),
      );
    }
    return EXIT.done;
  });
}

function disable(context: CommandContext, name: string): Promise<ExitCode> {
  return withService(context, 'open-the-data', async (service) => {
    const asked = await service.ask('account.disable', { name, who: context.who });
    if (asked.kind === 'exit') return asked.code;
    context.terminal.out(`Disabled ${name}; open sessions ended: ${asked.value.sessionsClosed}.`);
    return EXIT.done;
  });
}

function enable(context: CommandContext, name: string): Promise<ExitCode> {
  return withService(context, 'open-the-data', async (service) => {
    const asked = await service.ask('account.enable', { name, who: context.who });
    if (asked.kind === 'exit') return asked.code;
    context.terminal.out(`Enabled ${name}.`);
    return EXIT.done;
  });
}

async function importFile(context: CommandContext, file: string, { json }: JsonOption): Promise<ExitCode> {
  const read = await readImport(context.terminal, file);
  if (read.kind === 'none') return wrong(context, [read.text]);
  return importAccounts(context, read.text, read.name, json ? 'json' : 'text');
}

function wrong({ terminal }: CommandContext, texts: readonly string[]): ExitCode {
  for (const text of texts) terminal.err(`postern: ${text}`);
  return EXIT.usage;
}
