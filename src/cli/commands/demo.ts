// postern demo: sends a handful of synthetic messages through a running sandbox and shows what was decided and delivered.
import type { Command } from 'commander';
import { example, JSON_OPTION } from '../command.ts';
import type { Act, JsonOption } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { table } from '../table.ts';

export function addDemo(program: Command, act: Act): void {
  program
    .command('demo')
    .description('Send synthetic messages through a running sandbox and show the result')
    .option(...JSON_OPTION)
    .addHelpText('after', example('npm exec -- postern demo'))
    .action(
      act(async ({ terminal, work, configPath }, { json }: JsonOption) => {
        const report = await work.demo({ configPath });
        if (report.kind === 'not-reached') {
          terminal.err(`postern: ${report.text}`);
          return EXIT.unreachable;
        }
        if (json) terminal.out(JSON.stringify(report.rows));
        else {
          const columns = [
            { title: 'Recipient', align: 'left', overflow: 'keep' },
            { title: 'Decision', align: 'left', overflow: 'cut' },
            { title: 'TLS found', align: 'left', overflow: 'cut' },
            { title: 'End', align: 'left', overflow: 'cut' },
          ] as const;
          terminal.out(
            table(
              columns,
              report.rows.map(({ recipient, decision, tls, end }) => [recipient, decision, tls, end]),
              terminal,
            ),
          );
        }
        return EXIT.done;
      }),
    );
}
