// One reading child: a process that may read our own code and nothing else, write nothing and start nothing. What it says is checked
// frame by frame; how much processor time and memory it has used is read from the system, not asked of it.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { eventsOf, FRAME_BYTES, frameOf, type FromChild, LENGTH_BYTES, type ReadRequest } from './read-protocol.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** The program of a reading child. */
export const READ_CHILD = fileURLToPath(new URL('read-child.ts', import.meta.url));
/** With -i: no variable of ours is a child's business, also none that something in this process adds to what it starts. */
const ENV = '/usr/bin/env';
/** Of `utime` and `stime` in /proc/PID/stat (proc(5)): USER_HZ, 100 on every Linux that Node.js runs on. */
const TICK_MS = 10;
/** More than that file ever holds. */
const STAT_BYTES = 1_024;

export class ReadProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #stat: Buffer = Buffer.allocUnsafe(STAT_BYTES);
  /** Of /proc/PID/stat, kept open: it is read several times a message, and opening it costs more than reading it. */
  #statFile: number | 'closed' | null = null;
  #received: Buffer[] = [];
  #receivedLength = 0;
  #hear: (events: readonly FromChild[] | null) => void = () => undefined;
  /** Messages it was given. */
  messages = 0;

  /**
   * @param heapBytes limit of its JavaScript heap; the rest of its memory is measured from outside
   * @param entry program that it runs
   */
  constructor(heapBytes: number, entry: string) {
    this.#child = spawn(
      ENV,
      [
        '-i',
        process.execPath,
        '--permission',
        ...[`${ROOT}src`, `${ROOT}node_modules`, `${ROOT}package.json`, entry].map((path) => `--allow-fs-read=${path}`),
        `--max-old-space-size=${Math.ceil(heapBytes / 1024 ** 2)}`,
        '--no-warnings',
        entry,
      ],
      // Its errors can quote what it reads: nobody hears them.
      { cwd: '/', env: {}, stdio: ['pipe', 'pipe', 'ignore'], windowsHide: true },
    );
    this.#child.stdout.on('data', (piece: Buffer) => this.#take(piece));
    // Behind the last octet that it wrote.
    this.#child.on('close', () => this.#ended());
    this.#child.on('error', () => this.#ended());
    this.#child.stdin.on('error', () => undefined);
    this.#mayBeKilledFirst();
  }

  /** @param hear gets events as they come, and null when the child has ended or spoken nonsense */
  listen(hear: (events: readonly FromChild[] | null) => void): void {
    this.#hear = hear;
  }

  /** Gives a message over. Rejects only where `content` does; a child that has gone shows in `listen`. */
  async give(request: ReadRequest, content: AsyncIterable<Uint8Array>): Promise<void> {
    this.messages++;
    // With the first piece in one write: the child wakes once.
    let before = frameOf(request);
    let left = request.sizeBytes;
    for await (const piece of content) {
      if (left === 0 || this.gone) break;
      const taken = piece.subarray(0, left);
      left -= taken.length;
      await this.#write(before.length === 0 ? taken : Buffer.concat([before, taken]));
      before = Buffer.alloc(0);
    }
    if (before.length > 0) await this.#write(before);
    if (left > 0 && !this.gone) throw new Error('content is shorter than its size');
  }

  /** Time of the processor since it began, or null where it has gone. */
  cpuMs(): number | null {
    const stat = this.#readStat();
    if (stat === null) return null;
    // Behind the name, which may hold anything, in brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  }

  /** Its memory now, or null where it has gone. */
  residentBytes(): number | null {
    try {
      const status = readFileSync(`/proc/${this.#child.pid ?? 0}/status`, 'latin1');
      return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
    } catch {
      return null;
    }
  }

  #readStat(): string | null {
    if (this.#statFile === 'closed') return null;
    try {
      this.#statFile ??= openSync(`/proc/${this.#child.pid ?? 0}/stat`, 'r');
      return this.#stat.toString('latin1', 0, readSync(this.#statFile, this.#stat, 0, STAT_BYTES, 0));
    } catch {
      return null;
    }
  }

  #ended(): void {
    if (typeof this.#statFile === 'number') closeSync(this.#statFile);
    this.#statFile = 'closed';
    this.#hear(null);
  }

  /** It has ended because its heap was full: V8 aborts then. */
  get outOfMemory(): boolean {
    return this.#child.signalCode === 'SIGABRT' || this.#child.signalCode === 'SIGTRAP';
  }

  /** Ends it at once. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Ends it when it has nothing more to do, and waits for that. */
  async close(): Promise<void> {
    if (this.gone) return;
    const closed = new Promise<void>((resolve) => this.#child.once('close', () => resolve()));
    this.#child.stdin.end();
    await closed;
  }

  /** It has ended, or can be given nothing more. */
  get gone(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.stdin.destroyed;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    if (this.gone || this.#child.stdin.write(bytes)) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#child.stdin.off('drain', done).off('close', done);
        resolve();
      };
      this.#child.stdin.on('drain', done).on('close', done);
    });
  }

  #take(piece: Buffer): void {
    this.#received.push(piece);
    this.#receivedLength += piece.length;
    while (this.#receivedLength >= LENGTH_BYTES) {
      const end = LENGTH_BYTES + this.#head(LENGTH_BYTES).readUInt32BE();
      if (end > FRAME_BYTES) return this.kill();
      if (this.#receivedLength < end) return;
      const head = this.#head(end);
      const events = eventsOf(head.subarray(LENGTH_BYTES, end));
      this.#received[0] = head.subarray(end);
      this.#receivedLength -= end;
      // A child that says what no child says is no longer ours.
      if (events === null) return this.kill();
      this.#hear(events);
    }
  }

  /** The first piece received, made at least so long by those behind it. */
  #head(least: number): Buffer {
    const [first] = this.#received;
    if (first !== undefined && first.length >= least) return first;
    const joined = Buffer.concat(this.#received);
    this.#received = [joined];
    return joined;
  }

  /** Where memory runs out it is the child that the system ends, not the gateway. */
  #mayBeKilledFirst(): void {
    try {
      writeFileSync(`/proc/${this.#child.pid ?? 0}/oom_score_adj`, '1000');
    } catch {
      // Not on this system, or gone already.
    }
  }
}
