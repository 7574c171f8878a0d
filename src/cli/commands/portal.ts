// postern portal: runs the portal's pages, as a process and user of its own, until SIGTERM. SIGHUP reads its certificate again.
import type { Command } from 'commander';
import { example } from '../command.ts';
import type { Act } from '../command.ts';
import { showIssues } from '../context.ts';
import type { CommandContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { untilEnded } from '../signals.ts';

export function addPortal(program: Command, act: Act): void {
  program
    .command('portal')
    .description('Run the portal: the pages where recipients read what waits for them. SIGTERM stops it')
    .addHelpText(
      'after',
      `\nOf the configuration it reads the section portal, and no secret of another.\n${example('postern portal --config /etc/postern/postern.yaml')}`,
    )
    .action(act(portal));
}

async function portal({ terminal, work, configPath }: CommandContext): Promise<ExitCode> {
  const started = await work.portal({ configPath });
  switch (started.kind) {
    case 'refused':
      showIssues(terminal, started.issues);
      return EXIT.config;
    case 'not-reached':
      terminal.err(`postern: ${started.text}`);
      return EXIT.unreachable;
    case 'running':
      return untilEnded(started);
  }
}
