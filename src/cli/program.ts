// The postern command line: one file per command, joined here. Never throws; gives the exit code.
import { Command, CommanderError } from 'commander';
import { bugFacts } from '../log/bug.ts';
import type { Act, AddCommand } from './command.ts';
import { addAccount } from './commands/account.ts';
import { addAudit } from './commands/audit.ts';
import { addCheck } from './commands/check.ts';
import { addConfig } from './commands/config.ts';
import { addConsent } from './commands/consent.ts';
import { addDemo } from './commands/demo.ts';
import { addExtract } from './commands/extract.ts';
import { addPatients } from './commands/patients.ts';
import { addPolicy } from './commands/policy.ts';
import { addPickup } from './commands/pickup.ts';
import { addPortal } from './commands/portal.ts';
import { addQueue } from './commands/queue.ts';
import { addReview } from './commands/review.ts';
import { addReload } from './commands/reload.ts';
import { addScan } from './commands/scan.ts';
import { addServe } from './commands/serve.ts';
import { addStart } from './commands/start.ts';
import { addStatus } from './commands/status.ts';
import { addTlsCheck } from './commands/tls-check.ts';
import { addVersion } from './commands/version.ts';
import { createContext } from './context.ts';
import type { Surroundings } from './context.ts';
import { EXIT, EXIT_CODE_HELP } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

const COMMANDS: readonly AddCommand[] = [
  addServe,
  addPortal,
  addStart,
  addCheck,
  addConfig,
  addAccount,
  addConsent,
  addQueue,
  addReview,
  addPickup,
  addAudit,
  addStatus,
  addReload,
  addTlsCheck,
  addExtract,
  addScan,
  addPatients,
  addPolicy,
  addDemo,
  addVersion,
];

/** Runs one command. `given` is the command line without the program's own name. */
export async function runProgram(given: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { terminal } = surroundings;
  let code: ExitCode = EXIT.done;
  const program = new Command('postern');
  const act: Act =
    (action) =>
    async (...args) => {
      const { config } = program.opts<{ config?: string }>();
      code = await action(createContext(surroundings, config ?? null), ...args);
    };
  program
    .description('Mail gateway for healthcare: submission, enforced TLS, evidence.')
    .option(
      '-c, --config <file>',
      'configuration file (default: $POSTERN_CONFIG,\n/etc/postern/postern.yaml, or the sandbox of this checkout)',
    )
    .addHelpText('after', EXIT_CODE_HELP);
  for (const add of COMMANDS) add(program, act, surroundings.sandboxFolder);
  for (const command of everyCommand(program)) prepare(command, terminal);
  try {
    await program.parseAsync(given, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    terminal.err(bugText(error));
    return EXIT.bug;
  }
}

/** What a person is told of an unexpected error: never its text, which may quote content, an address or a password. */
export function bugText(error: unknown): string {
  const { errorClass, errorCode, frames } = bugFacts(error);
  return `postern: unexpected error: ${errorClass}${errorCode === null ? '' : ` ${errorCode}`}${frames[0] === undefined ? '' : ` at ${frames[0]}`}`;
}

function everyCommand(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

/** Errors are values here, not the end of the process; help fits 80 columns. */
function prepare(command: Command, terminal: Terminal): void {
  command
    .exitOverride()
    .helpCommand(false)
    .showSuggestionAfterError(true)
    .showHelpAfterError(`(see: ${pathOf(command)} --help)`)
    .configureHelp({ helpWidth: 80 })
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.err(text.trimEnd()),
      outputError: (text, write) => write(text.replace(/^error: /, 'postern: ')),
    });
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
