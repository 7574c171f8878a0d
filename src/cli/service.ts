// Where a command's request goes: to the running service, and where none runs to the same handlers under the data folder's lock.
import type { ControlAnswers, ControlCommand, ControlRequest, ControlResult } from '../control/commands.ts';
import { controlClient } from '../control/client.ts';
import { controlSocketPath } from '../control/socket-path.ts';
import type { LoadResult } from '../config/load.ts';
import { showIssues } from './context.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import type { OfflineStart } from '../daemon/work.ts';

/** An answer, or the exit code after the person has been told why there is none. */
export type Asked<T> = { readonly kind: 'answer'; readonly value: T } | { readonly kind: 'exit'; readonly code: ExitCode };

export interface Service {
  ask<C extends ControlCommand>(command: C, request: ControlRequest<C>): Promise<Asked<ControlAnswers[C]>>;
}

/** Runs `use` with the service; gives its exit code. `without` says what happens where no service runs. */
export async function withService(
  context: CommandContext,
  without: 'open-the-data' | 'say-so',
  use: (service: Service) => Promise<ExitCode>,
): Promise<ExitCode> {
  const read = await context.readConfig();
  const folders = read.kind === 'loaded' ? read.config.folders : read.folders;
  if (folders === null) return configRefused(context, read).code;
  const client = controlClient(controlSocketPath(folders.run));
  let offline: OfflineStart | null = null;
  const service: Service = {
    async ask(command, request) {
      const call = offline === null ? await client.call(command, request) : { kind: 'no-service' as const };
      if (call.kind === 'done' || call.kind === 'failed') return answered(context, call);
      if (call.kind === 'broken') return refused(context, call.text);
      if (call.kind === 'no-permission')
        return refused(context, 'the control socket belongs to another user; run this as the user of the service');
      // A service that runs is asked whatever has become of its file meanwhile: in an emergency a typing error must not stand in the way.
      if (read.kind === 'refused') return configRefused(context, read);
      if (without === 'say-so') return refused(context, `the service of ${context.configPath} is not running`);
      offline ??= await context.work.openOffline(read);
      if (offline.kind === 'not-reached') return refused(context, offline.text);
      return answered(context, await offline.handlers[command](request));
    },
  };
  try {
    return await use(service);
  } finally {
    await closeOffline(offline);
  }
}

async function closeOffline(offline: OfflineStart | null): Promise<void> {
  if (offline?.kind === 'open') await offline.close();
}

function answered<T>(context: CommandContext, result: ControlResult<T>): Asked<T> {
  if (result.kind === 'done') return { kind: 'answer', value: result.value };
  context.terminal.err(`postern: ${result.text}`);
  return { kind: 'exit', code: exitOf(result.code) };
}

function refused(context: CommandContext, text: string): { readonly kind: 'exit'; readonly code: ExitCode } {
  context.terminal.err(`postern: ${text}`);
  return { kind: 'exit', code: EXIT.unreachable };
}

function configRefused(context: CommandContext, read: LoadResult): { readonly kind: 'exit'; readonly code: ExitCode } {
  showIssues(context.terminal, read.kind === 'refused' ? read.issues : read.warnings);
  return { kind: 'exit', code: EXIT.config };
}

function exitOf(code: Extract<ControlResult<unknown>, { kind: 'failed' }>['code']): ExitCode {
  switch (code) {
    case 'internal':
      return EXIT.bug;
    case 'unavailable':
    case 'busy':
    case 'too-long':
    case 'bad-request':
      return EXIT.unreachable;
    case 'not-found':
    case 'not-legal':
    case 'exists':
    case 'refused':
      return EXIT.no;
  }
}
