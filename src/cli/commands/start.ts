// postern start: the first ten minutes. Creates what is missing, runs in sandbox mode, and says what to do next.
import path from 'node:path';
import type { Command } from 'commander';
import { example } from '../command.ts';
import type { Act } from '../command.ts';
import { showIssues } from '../context.ts';
import type { CommandContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { untilEnded } from '../signals.ts';
import { facts, table } from '../table.ts';
import type { SandboxSettings } from '../../daemon/work.ts';

export function addStart(program: Command, act: Act, sandboxFolder: string): void {
  program
    .command('start')
    .description('Try Postern: create what is missing and run in sandbox mode')
    .option('--folder <folder>', 'where everything is kept', sandboxFolder)
    .addHelpText(
      'after',
      `\nNothing leaves this machine: a built-in sink plays the recipients.\n${example('postern start --folder /tmp/postern')}`,
    )
    .action(act(start));
}

async function start(context: CommandContext, { folder }: { readonly folder: string }): Promise<ExitCode> {
  const { terminal, work } = context;
  const started = await work.start({ folder: path.resolve(folder) });
  if (started.kind === 'refused') {
    showIssues(terminal, started.issues);
    return EXIT.config;
  }
  if (started.kind === 'not-reached') {
    terminal.err(`postern: ${started.text}`);
    return EXIT.unreachable;
  }
  showIssues(terminal, started.running.warnings);
  terminal.out(welcome(context, started.settings));
  return untilEnded(started.running);
}

/** What is running, what to type into a mail client, and one command to send a first message. */
function welcome({ terminal }: CommandContext, settings: SandboxSettings): string {
  const { style } = terminal;
  const password = settings.password ?? `as printed at the first start, in ${settings.passwordFile}`;
  return [
    style('bold', 'Postern is running in sandbox mode: nothing leaves this machine.'),
    '',
    'Settings for a mail client:',
    facts(
      [
        ['  server', settings.host],
        ['  port', `${settings.submissionsPort} (SSL/TLS) or ${settings.submissionPort} (STARTTLS)`],
        ['  user', settings.user],
        ['  password', password],
        ['  from', settings.mayUse.join(', ')],
        ['  certificate', `self-signed: ${settings.certificateFile}`],
      ],
      style,
    ),
    '',
    'Send a first message:',
    `  ${settings.firstMessage}`,
    '',
    'Recipients to try:',
    table(
      [
        { title: '  address', align: 'left', overflow: 'keep' },
        { title: 'plays', align: 'left', overflow: 'cut' },
      ],
      settings.recipients.map(({ address, plays }) => [`  ${address}`, plays]),
      { columns: terminal.columns, style },
    ),
    '',
    'In another terminal:',
    '  npm exec -- postern demo          send a handful of messages, see what happens',
    '  npm exec -- postern queue list    what waits',
    '  npm exec -- postern pickup list   what waits at the portal',
    '  npm exec -- postern audit list    what happened',
    '',
    ...(settings.portalUrl === null ? [] : [`The portal, where people read what waits for them: ${settings.portalUrl}`]),
    `Notices, codes and reports that people get: ${settings.mailFolder}`,
    `The log is ${settings.logFile}.`,
    'Stop with Ctrl-C.',
  ].join('\n');
}
