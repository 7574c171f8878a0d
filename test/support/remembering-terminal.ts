// A terminal that remembers: what a command printed, and what was typed for it.
import type { Terminal } from '../../src/cli/terminal.ts';

export interface RememberingTerminal extends Terminal {
  readonly printed: () => string;
  readonly errors: () => string;
}

/** @param typed answers to hidden questions in order; none: nobody can be asked */
export function rememberingTerminal(
  options: { readonly columns?: number; readonly input?: string; readonly typed?: readonly string[] } = {},
): RememberingTerminal {
  const out: string[] = [];
  const err: string[] = [];
  const typed = [...(options.typed ?? [])];
  return {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    columns: options.columns ?? null,
    style: (_name, text) => text,
    progress: () => undefined,
    readInput: async (limitBytes) => (Buffer.byteLength(options.input ?? '') > limitBytes ? null : (options.input ?? '')),
    askSecret: async () => typed.shift() ?? null,
    printed: () => out.map((text) => `${text}\n`).join(''),
    errors: () => err.map((text) => `${text}\n`).join(''),
  };
}
