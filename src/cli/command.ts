// How a command file adds itself to the program: an action that gives an exit code, and help with one real example.
import type { Command } from 'commander';
import type { CommandContext } from './context.ts';
import type { ExitCode } from './exit-codes.ts';

/** Wraps an action for commander: the context comes first, the exit code goes to the process. */
export type Act = <A extends unknown[]>(
  action: (context: CommandContext, ...given: A) => Promise<ExitCode>,
) => (...given: A) => Promise<void>;

/** `sandboxFolder`: where a sandbox of this checkout lies. */
export type AddCommand = (program: Command, act: Act, sandboxFolder: string) => void;

/** One real example below a command's help. */
export function example(line: string, ...more: readonly string[]): string {
  return `\nExample:\n${[line, ...more].map((one) => `  $ ${one}`).join('\n')}`;
}

/** The option of every command that prints facts. */
export const JSON_OPTION = ['--json', 'print JSON for machines'] as const;

export interface JsonOption {
  readonly json?: true;
}
