// Where a password comes from: typed unseen, a file, standard input, or made here and shown once. Never the command line.
import { open } from 'node:fs/promises';
import type { Command } from 'commander';
import { generatePassword } from '../access/password.ts';
import type { Terminal } from './terminal.ts';

export interface PasswordOptions {
  readonly generate?: true;
  readonly passwordFile?: string;
  readonly passwordStdin?: true;
}

export type NewPassword =
  | { readonly kind: 'password'; readonly password: string; readonly origin: 'given' | 'generated' }
  | { readonly kind: 'none'; readonly text: string };

const INPUT_BYTES = 4096;

export function addPasswordOptions(command: Command): Command {
  return command
    .option('--generate', 'make a password and print it once')
    .option('--password-file <file>', 'its first line is the password')
    .option('--password-stdin', 'the first line of standard input is the password');
}

export async function newPassword(options: PasswordOptions, terminal: Terminal): Promise<NewPassword> {
  const ways = [options.generate, options.passwordFile, options.passwordStdin].filter((one) => one !== undefined);
  if (ways.length > 1) return none('choose one of --generate, --password-file and --password-stdin');
  if (options.generate) return { kind: 'password', password: generatePassword(), origin: 'generated' };
  if (options.passwordFile !== undefined) return fromFile(options.passwordFile);
  if (options.passwordStdin) return firstLine(await terminal.readInput(INPUT_BYTES), 'standard input');
  return askTwice(terminal);
}

async function askTwice(terminal: Terminal): Promise<NewPassword> {
  const first = await terminal.askSecret('Password (Enter alone makes one): ');
  if (first === null) return none('nobody can be asked here; use --generate, --password-file or --password-stdin');
  if (first === '') return { kind: 'password', password: generatePassword(), origin: 'generated' };
  const second = await terminal.askSecret('Once more: ');
  return first === second ? { kind: 'password', password: first, origin: 'given' } : none('the two were not the same');
}

async function fromFile(path: string): Promise<NewPassword> {
  try {
    await using handle = await open(path, 'r');
    if (((await handle.stat()).mode & 0o007) !== 0) return none(`others may read ${path}; set its mode to 0600`);
    const buffer = Buffer.alloc(INPUT_BYTES);
    const { bytesRead } = await handle.read(buffer, 0, INPUT_BYTES, 0);
    return firstLine(buffer.toString('utf8', 0, bytesRead), path);
  } catch {
    return none(`${path} cannot be read`);
  }
}

function firstLine(text: string | null, where: string): NewPassword {
  const line = text?.split(/\r?\n/, 1)[0] ?? '';
  return line === '' ? none(`the first line of ${where} is empty`) : { kind: 'password', password: line, origin: 'given' };
}

function none(text: string): NewPassword {
  return { kind: 'none', text };
}
