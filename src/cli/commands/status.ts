// postern status: how the running service stands.
import type { Command } from 'commander';
import type { StatusReport } from '../../control/commands.ts';
import { sizeOf, spanOf, timeOf } from '../amounts.ts';
import { example, JSON_OPTION } from '../command.ts';
import type { Act, JsonOption } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { withService } from '../service.ts';
import { facts } from '../table.ts';
import { plainText } from '../terminal.ts';

export function addStatus(program: Command, act: Act): void {
  program
    .command('status')
    .description('Show how the running service stands')
    .option(...JSON_OPTION)
    .addHelpText('after', example('postern status'))
    .action(
      act((context, { json }: JsonOption) =>
        withService(context, 'say-so', async (service): Promise<ExitCode> => {
          const asked = await service.ask('status', {});
          if (asked.kind === 'exit') return asked.code;
          context.terminal.out(json ? JSON.stringify(asked.value) : statusText(context, asked.value));
          return EXIT.done;
        }),
      ),
    );
}

function statusText({ terminal, now }: CommandContext, status: StatusReport): string {
  const { style } = terminal;
  const waiting = Object.entries(status.queue).filter(([, count]) => count > 0);
  const lines = facts(
    [
      ['service', `postern ${status.version}, ${status.mode}, ${status.hostname}`],
      ['running', status.running === null ? 'no' : `${spanOf(now() - status.running.startedAt)}, process ${status.running.pid}`],
      [
        'configuration',
        status.running === null ? '-' : `${status.running.configFingerprint}, read ${timeOf(status.running.configLoadedAt)}`,
      ],
      ...status.listeners.map((listener): readonly [string, string] => [
        listener.name,
        `port ${listener.port}, ${listener.connections} connected`,
      ]),
      ['queue', waiting.length === 0 ? 'empty' : waiting.map(([state, count]) => `${count} ${state}`).join(', ')],
      ['evidence', `${status.audit.seq} records, log ${status.audit.logId}`],
      ['disk', `${sizeOf(status.disk.freeBytes)} free${status.disk.state === 'enough' ? '' : `, ${status.disk.state}`}`],
      ['certificate', status.certificate === null ? '-' : `valid until ${timeOf(status.certificate.notAfter)}`],
    ],
    style,
  );
  const attention = status.attention.map((text) => style('attention', `! ${plainText(text)}`));
  return [lines, ...(attention.length === 0 ? [] : ['', ...attention])].join('\n');
}
