// The file that an import command is given, or standard input; bounded.
import { readFile, stat } from 'node:fs/promises';
import type { Terminal } from './terminal.ts';

const IMPORT_BYTES = 32 * 1024 * 1024;

/** `name` stands in front of faults. */
export type ReadImport =
  { readonly kind: 'read'; readonly text: string; readonly name: string } | { readonly kind: 'none'; readonly text: string };

/** @param file "-" for standard input */
export async function readImport(terminal: Terminal, file: string): Promise<ReadImport> {
  const text = file === '-' ? await terminal.readInput(IMPORT_BYTES) : await readFrom(file);
  if (text === null) return { kind: 'none', text: `${file} cannot be read, or is larger than ${IMPORT_BYTES} bytes` };
  return { kind: 'read', text, name: file === '-' ? 'standard input' : file };
}

async function readFrom(file: string): Promise<string | null> {
  try {
    return (await stat(file)).size > IMPORT_BYTES ? null : await readFile(file, 'utf8');
  } catch {
    return null;
  }
}
