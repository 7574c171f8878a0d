// Faults of the system, injected into one thread of a running Postern by strace: the N-th call from now on fails, or the process is
// killed as it enters it. Nothing in the program knows of it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** The thread that commits, the one that writes files (UV_THREADPOOL_SIZE=1 makes it one), the one that talks to the world. */
export type ThreadName = 'storage' | 'files' | 'main';

export type FaultKind = 'EIO' | 'ENOSPC' | 'KILL';

export interface FaultPoint {
  readonly thread: ThreadName;
  readonly call: string;
  /** From 1. */
  readonly nth: number;
  readonly fault: FaultKind;
}

/** A child of Postern with this in its environment has one thread for files, so that calls come in one order. */
export const ONE_FILE_THREAD = { UV_THREADPOOL_SIZE: '1' };

const COMM: Readonly<Record<ThreadName, string>> = { storage: 'storage', files: 'libuv-worker', main: 'MainThread' };

export function nameOf({ thread, call, nth, fault }: FaultPoint): string {
  return `${thread}-${call}-${nth}-${fault}`;
}

/** strace on one thread of a process. */
export class Tracer {
  /** Calls seen, by name. */
  readonly calls = new Map<string, number>();
  /** Resolves when the fault has struck, or the thread is gone. */
  readonly struck: Promise<'struck' | 'gone'>;
  readonly #child: ChildProcess;
  readonly #said: string[] = [];
  readonly #attached = Promise.withResolvers<'attached' | 'not'>();
  readonly #ended: Promise<unknown>;

  private constructor(pid: number, thread: ThreadName, expressions: readonly string[]) {
    this.#child = spawn('strace', ['-p', String(threadOf(pid, thread)), ...expressions.flatMap((one) => ['-e', one])], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#ended = once(this.#child, 'close').catch(() => undefined);
    const struck = Promise.withResolvers<'struck' | 'gone'>();
    this.struck = struck.promise;
    if (this.#child.stderr !== null) {
      createInterface({ input: this.#child.stderr }).on('line', (line) => {
        if (/^strace: Process \d+ attached/.test(line)) this.#attached.resolve('attached');
        if (/\(INJECTED\)|killed by SIGKILL/.test(line)) struck.resolve('struck');
        const call = /^([a-z0-9_]+)\(/.exec(line)?.[1];
        if (call === undefined) this.#said.push(line);
        else this.calls.set(call, (this.calls.get(call) ?? 0) + 1);
      });
    }
    void this.#ended.then(() => {
      this.#attached.resolve('not');
      struck.resolve('gone');
    });
  }

  /** Counts these calls, and lets them be. */
  static count(pid: number, thread: ThreadName, calls: readonly string[]): Promise<Tracer> {
    return Tracer.#attach(pid, thread, [`trace=${calls.join(',')}`]);
  }

  static inject(pid: number, { thread, call, nth, fault }: FaultPoint): Promise<Tracer> {
    const what = fault === 'KILL' ? 'signal=KILL' : `error=${fault}`;
    return Tracer.#attach(pid, thread, [`trace=${call}`, `inject=${call}:${what}:when=${nth}`]);
  }

  static async #attach(pid: number, thread: ThreadName, expressions: readonly string[]): Promise<Tracer> {
    const tracer = new Tracer(pid, thread, expressions);
    if ((await tracer.#attached.promise) === 'attached') return tracer;
    throw new Error(
      `This test needs strace, and that it may trace its own children (apt-get install strace; in a container --cap-add=SYS_PTRACE; /proc/sys/kernel/yama/ptrace_scope 0 or 1). It said: ${tracer.#said.join(' ')}`,
    );
  }

  /** Leaves the thread alone again. */
  async detach(): Promise<void> {
    this.#child.kill('SIGTERM');
    await this.#ended;
  }
}

function threadOf(pid: number, thread: ThreadName): number {
  const comm = (task: string): string => readFileSync(`/proc/${pid}/task/${task}/comm`, 'latin1').trim();
  const found = readdirSync(`/proc/${pid}/task`).filter((task) => comm(task) === COMM[thread]);
  if (found.length !== 1) throw new Error(`${found.length} threads named ${COMM[thread]}`);
  return Number(found[0]);
}
