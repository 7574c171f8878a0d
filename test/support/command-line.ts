// Runs one postern command in this process, against a real control socket whose handlers a test gives.
import { join } from 'node:path';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { ControlHandlers } from '../../src/control/commands.ts';
import { CONTROL_LIMITS, startControlServer } from '../../src/control/server.ts';
import { controlSocketPath } from '../../src/control/socket-path.ts';
import { runProgram } from '../../src/cli/program.ts';
import type { Work } from '../../src/daemon/work.ts';
import { controlHandlers } from './control-handlers.ts';
import { rememberingTerminal } from './remembering-terminal.ts';
import { temporaryFolder } from './temporary-folder.ts';

type Teardown = Parameters<typeof temporaryFolder>[0];

export interface CommandResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface CommandLine {
  readonly folder: string;
  readonly configPath: string;
  run(given: readonly string[], terminal?: Parameters<typeof rememberingTerminal>[0]): Promise<CommandResult>;
}

export interface Surroundings {
  /** Handlers of a running service; null where none runs. */
  readonly service: Partial<ControlHandlers> | null;
  readonly work?: Partial<Work>;
  readonly now?: number;
}

/** Work that no test asked for is a fault of the command. */
function workOf(own: Partial<Work>): Work {
  const none = (name: string) => () => Promise.reject(new Error(`${name} was not expected`));
  return {
    serve: none('serve'),
    start: none('start'),
    portal: none('portal'),
    check: none('check'),
    openOffline: none('openOffline'),
    openAudit: none('openAudit'),
    tlsCheck: none('tlsCheck'),
    demo: none('demo'),
    openExtract: none('openExtract'),
    openScan: none('openScan'),
    openPatients: none('openPatients'),
    policyCheck: none('policyCheck'),
    policyExplain: none('policyExplain'),
    policySettings: none('policySettings'),
    openReplay: none('openReplay'),
    testPolicy: none('testPolicy'),
    ...own,
  };
}

export async function commandLine(t: Teardown, { service, work = {}, now = Date.now() }: Surroundings): Promise<CommandLine> {
  const folder = temporaryFolder(t);
  const configPath = join(folder, 'postern.yaml');
  writeFileSync(
    configPath,
    'version: 1\nhostname: mail.clinic.example\npostmaster: [it@clinic.example]\nfolders: { data: data, keys: keys, run: run }\n',
  );
  mkdirSync(join(folder, 'run'), { mode: 0o700 });
  if (service !== null) {
    const started = await startControlServer(controlSocketPath(join(folder, 'run')), controlHandlers(service), {
      ...CONTROL_LIMITS,
      answered: () => undefined,
      bug: () => 'bug-1',
    });
    if (started.kind === 'refused') throw new Error(started.text);
    t.teardown(() => void started.server.close());
  }
  return {
    folder,
    configPath,
    run: (given, options = {}) => runCommand(configPath, given, { folder, work, now, options }),
  };
}

/** One command on a configuration, whoever serves it. */
export async function runCommand(
  configPath: string,
  given: readonly string[],
  {
    folder,
    work = {},
    now = Date.now(),
    options = {},
  }: {
    readonly folder: string;
    readonly work?: Partial<Work>;
    readonly now?: number;
    readonly options?: Parameters<typeof rememberingTerminal>[0];
  },
): Promise<CommandResult> {
  const terminal = rememberingTerminal(options);
  const code = await runProgram(['--config', configPath, ...given], {
    terminal,
    work: workOf(work),
    now: () => now,
    environment: {},
    sandboxFolder: folder,
  });
  return { code, out: terminal.printed(), err: terminal.errors() };
}
