// postern tls-check DOMAIN: what a TLS floor would find at each mail server of a domain, and whether it is good enough.
import type { Command } from 'commander';
import { example, JSON_OPTION } from '../command.ts';
import type { Act, JsonOption } from '../command.ts';
import { showIssues } from '../context.ts';
import { EXIT } from '../exit-codes.ts';

export function addTlsCheck(program: Command, act: Act): void {
  program
    .command('tls-check')
    .argument('<domain>', 'recipient domain')
    .description('Show what a TLS floor would find at the mail servers of a domain')
    .option(...JSON_OPTION)
    .addHelpText('after', example('postern tls-check partner.example'))
    .action(
      act(async ({ terminal, work, configPath, configNamed }, domain: string, { json }: JsonOption) => {
        const report = await work.tlsCheck({ domain, configPath, unreadable: configNamed === 'yes' ? 'refused' : 'defaults' });
        if ('issues' in report) {
          showIssues(terminal, report.issues);
          return EXIT.config;
        }
        if (json) terminal.out(JSON.stringify({ verdict: report.verdict, facts: report.facts }));
        else for (const line of report.lines) terminal.out(line);
        return report.verdict === 'good-enough' ? EXIT.done : EXIT.no;
      }),
    );
}
