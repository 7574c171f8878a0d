// postern serve: runs the gateway until SIGTERM. SIGHUP reads configuration, keys and certificates again.
import type { Command } from 'commander';
import { example } from '../command.ts';
import type { Act } from '../command.ts';
import { showIssues } from '../context.ts';
import type { CommandContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { untilEnded } from '../signals.ts';

export function addServe(program: Command, act: Act): void {
  program
    .command('serve')
    .description('Run the gateway. SIGTERM stops it, SIGHUP reloads')
    .addHelpText('after', example('postern serve --config /etc/postern/postern.yaml'))
    .action(act(serve));
}

async function serve({ terminal, work, configPath }: CommandContext): Promise<ExitCode> {
  const started = await work.serve({ configPath });
  switch (started.kind) {
    case 'refused':
      showIssues(terminal, started.issues);
      return EXIT.config;
    case 'not-reached':
      terminal.err(`postern: ${started.text}`);
      return EXIT.unreachable;
    case 'running':
      showIssues(terminal, started.warnings);
      return untilEnded(started);
  }
}
