// The terminal that a command talks to: output, errors, colour and questions. Colour is never the only sign of anything.
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

export interface Terminal {
  /** Whole lines on standard output. */
  out(text: string): void;
  /** Whole lines on standard error. */
  err(text: string): void;
  /** Columns to fit tables into; null where the output is not a terminal and nothing is cut. */
  readonly columns: number | null;
  readonly style: Style;
  /** Replaced in place on a terminal; silent elsewhere. Null clears it. */
  progress(text: string | null): void;
  /** Everything on standard input, at most `limitBytes`. Null where there is more. */
  readInput(limitBytes: number): Promise<string | null>;
  /** A line typed without being shown. Null where nobody can be asked. */
  askSecret(question: string): Promise<string | null>;
}

export type StyleName = 'bold' | 'dim' | 'good' | 'attention' | 'trouble';
export type Style = (name: StyleName, text: string) => string;

const CODES: Readonly<Record<StyleName, string>> = { bold: '1', dim: '2', good: '32', attention: '33', trouble: '31' };

export interface Streams {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly errors: NodeJS.WriteStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export function createTerminal({ input, output, errors, environment }: Streams): Terminal {
  // https://no-color.org: any value that is not empty.
  const colour = output.isTTY && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb';
  return {
    out: (text) => void output.write(`${text}\n`),
    err: (text) => void errors.write(`${text}\n`),
    columns: output.isTTY ? Math.max(40, output.columns) : null,
    style: (name, text) => (colour ? `\x1b[${CODES[name]}m${text}\x1b[0m` : text),
    progress(text) {
      if (errors.isTTY) errors.write(`\r\x1b[K${text ?? ''}`);
    },
    readInput: (limitBytes) => readAll(input, limitBytes),
    askSecret: (question) => (input.isTTY && errors.isTTY ? askHidden(question, input, errors) : Promise.resolve(null)),
  };
}

async function readAll(input: NodeJS.ReadStream, limitBytes: number): Promise<string | null> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of input as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > limitBytes) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** The line editor writes what is typed into a stream that drops it. */
async function askHidden(question: string, input: NodeJS.ReadStream, errors: NodeJS.WriteStream): Promise<string> {
  errors.write(question);
  const nowhere = new Writable({ write: (_piece, _encoding, done) => done() });
  const lines = createInterface({ input, output: nowhere, terminal: true, historySize: 0 });
  try {
    return await lines.question('');
  } finally {
    lines.close();
    errors.write('\n');
  }
}

/** Text from outside made safe for a terminal: no control characters, no direction marks. */
export function plainText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
}
