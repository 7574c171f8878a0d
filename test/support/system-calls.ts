// The system calls of a running process, all its threads, in the order in which they ended (strace).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Call {
  readonly name: string;
  /** The file, or the two ends of a connection: `TCP:[127.0.0.1:25->127.0.0.1:50000]`. */
  readonly path: string;
  readonly flags: string;
}

export interface Recording {
  /** Stops, and gives the calls that succeeded. */
  end(): Promise<readonly Call[]>;
}

export async function recordCalls(pid: number, names: readonly string[]): Promise<Recording> {
  const child = spawn('strace', ['-f', '-yy', '-p', String(pid), '-e', `trace=${names.join(',')}`, '-e', 'signal=none'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'close');
  const lines: string[] = [];
  const attached = Promise.withResolvers<void>();
  createInterface({ input: child.stderr }).on('line', (line) => {
    lines.push(line);
    if (/^strace: Process \d+ attached/.test(line)) attached.resolve();
  });
  ended.then(
    () => attached.reject(new Error(`This test needs strace, and that it may trace its own children. It said: ${lines.join(' ')}`)),
    (error: unknown) => attached.reject(new Error('This test needs strace (apt-get install strace).', { cause: error })),
  );
  await attached.promise;
  return {
    async end() {
      child.kill('SIGTERM');
      await ended;
      return callsOf(lines);
    },
  };
}

/** A call of one thread may be shown in two lines, with others between: it counts where it ended. */
function callsOf(lines: readonly string[]): readonly Call[] {
  const begun = new Map<string, string>();
  return lines.flatMap((line) => {
    const [, thread = '', text = ''] = /^\[pid +(\d+)\] (.*)$/.exec(line) ?? [];
    const unfinished = /^(.*) <unfinished \.\.\.>$/.exec(text)?.[1];
    if (unfinished !== undefined) {
      begun.set(thread, unfinished);
      return [];
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(text)?.[1];
    const whole = resumed === undefined ? text : `${begun.get(thread) ?? ''}${resumed}`;
    return callOf(whole) ?? [];
  });
}

function callOf(text: string): Call | null {
  const [, name, rest = ''] = /^(\w+)\((.*)$/.exec(text) ?? [];
  if (name === undefined || / = -1 E/.test(text)) return null;
  const byName = name === 'openat' || name === 'mkdir' || name === 'rename';
  const path = (byName ? /"([^"]*)"/ : /^\d+<(.*?)>(?=[,)])/).exec(rest)?.[1];
  return { name, path: path ?? '', flags: /O_[A-Z_|]+/.exec(rest)?.[0] ?? '' };
}
