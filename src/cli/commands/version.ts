// postern version: what runs, for reports and for support.
import type { Command } from 'commander';
import { productVersion } from '../../daemon/version.ts';
import { example, JSON_OPTION } from '../command.ts';
import type { Act, JsonOption } from '../command.ts';
import { EXIT } from '../exit-codes.ts';

export function addVersion(program: Command, act: Act): void {
  program
    .command('version')
    .description('Print the version of Postern and of its runtime')
    .option(...JSON_OPTION)
    .addHelpText('after', example('postern version --json'))
    .action(
      act(async ({ terminal }, { json }: JsonOption) => {
        const facts = {
          postern: productVersion(),
          node: process.versions.node,
          openssl: process.versions.openssl,
          platform: `${process.platform}-${process.arch}`,
        };
        terminal.out(
          json ? JSON.stringify(facts) : `postern ${facts.postern} (Node.js ${facts.node}, OpenSSL ${facts.openssl}, ${facts.platform})`,
        );
        return EXIT.done;
      }),
    );
}
