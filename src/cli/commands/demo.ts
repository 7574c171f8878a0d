// postern demo: sends a handful of synthetic messages through a running sandbox and shows what was decided and delivered.
import type { Command } from 'commander';
import type { DemoReport } from '../../daemon/work.ts';
import { example, JSON_OPTION } from '../command.ts';
import type { Act, JsonOption } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { table } from '../table.ts';
import type { TableOptions } from '../table.ts';

type Rows = Extract<DemoReport, { kind: 'done' }>['rows'];

export function addDemo(program: Command, act: Act): void {
  program
    .command('demo')
    .description('Send synthetic messages through a running sandbox and show the result')
    .option(...JSON_OPTION)
    .addHelpText('after', example('npm exec -- postern demo'))
    .action(
      act(async ({ terminal, work, configPath }, { json }: JsonOption) => {
        terminal.progress('sending, and waiting for the slow ones ...');
        const report = await work.demo({ configPath });
        terminal.progress(null);
        if (report.kind === 'not-reached') {
          terminal.err(`postern: ${report.text}`);
          return EXIT.unreachable;
        }
        terminal.out(json ? JSON.stringify(report.rows) : demoText(report.rows, terminal));
        return EXIT.done;
      }),
    );
}

/** Three columns fit 80; the decision is said once where it is the same for all. */
function demoText(rows: Rows, options: TableOptions): string {
  const decisions = new Set(rows.map(({ decision }) => decision));
  const [decision = ''] = decisions;
  const same = decisions.size === 1;
  const columns = [
    { title: 'Recipient', align: 'left', overflow: 'keep' },
    ...(same ? [] : [{ title: 'Decided', align: 'left', overflow: 'cut' } as const]),
    { title: 'TLS found', align: 'left', overflow: 'cut' },
    { title: 'Now', align: 'left', overflow: 'cut' },
  ] as const;
  const cells = rows.map((row) => [row.recipient, ...(same ? [] : [row.decision]), row.tls, row.end]);
  return [
    ...(same ? [`Decided for every recipient: ${decision}.`, ''] : []),
    table(columns, cells, options),
    '',
    'Nothing has left this machine. What each domain plays: docs/sandbox.md.',
    'More: npm exec -- postern queue list, npm exec -- postern audit list',
  ].join('\n');
}
