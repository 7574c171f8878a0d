// postern reload: the running service reads configuration, keys and certificates again, as at SIGHUP; a bad one changes nothing.
import type { Command } from 'commander';
import { example } from '../command.ts';
import type { Act } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { withService } from '../service.ts';

export function addReload(program: Command, act: Act): void {
  program
    .command('reload')
    .description('Let the running service read its configuration again')
    .addHelpText('after', example('postern reload'))
    .action(
      act((context) =>
        withService(context, 'say-so', async (service): Promise<ExitCode> => {
          const asked = await service.ask('reload', { who: context.who });
          if (asked.kind === 'exit') return asked.code;
          for (const warning of asked.value.warnings) context.terminal.err(context.terminal.style('attention', warning));
          context.terminal.out(`Reloaded: ${asked.value.fingerprint}.`);
          return EXIT.done;
        }),
      ),
    );
}
