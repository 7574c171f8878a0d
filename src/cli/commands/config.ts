// postern config reference|show: the reference of postern.yaml from its own definition, and what is in effect.
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { effectiveConfig } from '../../config/effective.ts';
import { configReference } from '../../config/reference.ts';
import { parseYaml } from '../../yaml/parse.ts';
import { example, JSON_OPTION } from '../command.ts';
import type { Act, JsonOption } from '../command.ts';
import { showIssues } from '../context.ts';
import type { CommandContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { plainText } from '../terminal.ts';

export function addConfig(program: Command, act: Act): void {
  const config = program.command('config').description('The configuration: its reference, and what is in effect');
  config
    .command('reference')
    .description('Print every field of postern.yaml: meaning, default, example')
    .addHelpText('after', example('postern config reference | less'))
    .action(
      act(async ({ terminal }) => {
        terminal.out(configReference().trimEnd());
        return EXIT.done;
      }),
    );
  config
    .command('show')
    .description('Print every field with its value in effect, defaults included')
    .option('--changed', 'only what the file sets')
    .option(...JSON_OPTION)
    .addHelpText('after', example('postern config show --changed'))
    .action(act(show));
}

async function show(context: CommandContext, { json, changed }: JsonOption & { readonly changed?: true }): Promise<ExitCode> {
  const { terminal } = context;
  const loaded = await context.loadConfig();
  if (loaded === null) return EXIT.config;
  const yaml = parseYaml(await readFile(context.configPath));
  if (yaml.kind === 'faults') return EXIT.config;
  const fields = effectiveConfig(yaml.document.value).filter(({ from }) => !changed || from === 'file');
  if (json) {
    terminal.out(JSON.stringify({ file: context.configPath, fields }));
    return EXIT.done;
  }
  showIssues(terminal, loaded.warnings);
  const columns = Math.max(...fields.map(({ path }) => path.length));
  for (const { path, value, from } of fields) {
    const note = from === 'default' ? terminal.style('dim', '  (default)') : '';
    terminal.out(`${path.padEnd(columns)}  ${value === null ? '-' : plainText(value)}${note}`);
  }
  return EXIT.done;
}
