// The reading children at work: a message is read by one of them, within limits of time and memory that are enforced from outside. A part
// that hangs, runs wild or crashes costs itself a blind spot: the child is ended, and the rest is read by another.
import type { BlindSpotKind, Message } from '../mail/message.ts';
import { MessageCollector, type ReadEvent } from '../mail/read-event.ts';
import type { ReadLimits } from '../mail/read-limits.ts';
import { ReadClock } from './read-clock.ts';
import { ReadProcess } from './read-process.ts';
import type { FromChild, ReadRequest } from './read-protocol.ts';
import { ReadRuns } from './read-runs.ts';

export interface ReadPoolSettings {
  readonly limits: ReadLimits;
  /** Children at a time: as many messages are read at once. */
  readonly processes: number;
  /** Resident memory at which a child is ended. */
  readonly memoryBytes: number;
  /** Processor time that one part may take, the parts in it not counted. */
  readonly partMs: number;
  /** Time for a whole message, by the clock. */
  readonly messageMs: number;
  /** Time for OCR in one message, or null where pictures are not read. */
  readonly ocrMs: number | null;
  /** Program of the children: READ_CHILD. */
  readonly entry: string;
}

/** What is to be read: octets that can be had again from the start. */
export interface Readable {
  readonly what: ReadRequest['what'];
  readonly name: string | null;
  readonly sizeBytes: number;
  content(): AsyncIterable<Uint8Array>;
  /** 'dropped' where nobody looks at the text: it is read all the same, and stays in the child. */
  readonly spans: ReadRequest['spans'];
}

/** How often children are looked at while they work. */
const LOOK_MS = 25;
/** Readings of one message: after so many ends the rest stays unread. */
const MOST_RUNS = 5;
const START_MS = 60_000;
/** A child is replaced after so many messages, a new one costs as much as some hundreds, and when it has kept this share of its memory. */
const MESSAGES_EACH = 2_000;
const KEPT_SHARE = 0.5;
const LOOK_EVERY_MESSAGES = 10;
const HEAP_SHARE = 0.6;

/** `part` is null where none was being read: the child had ended already, and the message is not to blame. */
type RunEnd = 'read' | { readonly part: string | null; readonly kind: BlindSpotKind; readonly left: 'time' | 'no-time' };

export class ReadPool {
  readonly #settings: ReadPoolSettings;
  readonly #idle: ReadProcess[] = [];
  readonly #all = new Set<ReadProcess>();
  readonly #waiting: (() => void)[] = [];
  #busy = 0;
  #closed = false;

  constructor(settings: ReadPoolSettings) {
    this.#settings = settings;
  }

  /**
   * Reads a message. What goes wrong in it is a blind spot.
   * @param told hears which part is being read
   * @returns 'stopped' where the pool ended first
   * @throws what `content` throws
   */
  async read(readable: Readable, told: (event: ReadEvent) => void = () => undefined): Promise<Message | 'stopped'> {
    await this.#place();
    try {
      return await this.#readWithin(readable, told);
    } catch (error) {
      // A child that was ended while it started.
      if (this.#closed) return 'stopped';
      throw error;
    } finally {
      this.#leave();
    }
  }

  /** Starts a child before anybody waits for it. It has its place meanwhile: whoever comes then waits for it, and none is started beside it. */
  async prepare(): Promise<void> {
    await this.#place();
    try {
      this.#idle.push(await this.#start());
    } finally {
      this.#leave();
    }
  }

  /** Ends all children; what is being read ends as not read. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    const working = [...this.#all].filter((child) => !this.#idle.includes(child));
    for (const child of working) child.kill();
    await Promise.all(this.#idle.map((child) => child.close()));
  }

  async #place(): Promise<void> {
    while (this.#busy >= this.#settings.processes) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#busy++;
  }

  #leave(): void {
    this.#busy--;
    this.#waiting.shift()?.();
  }

  async #readWithin(readable: Readable, told: (event: ReadEvent) => void): Promise<Message | 'stopped'> {
    const deadline = performance.now() + this.#settings.messageMs;
    const runs = new ReadRuns();
    const unread: { part: string; kind: BlindSpotKind }[] = [];
    for (let run = 1; ; run++) {
      if (this.#closed) return 'stopped';
      const end = await this.#run(readable, runs, deadline, told);
      if (end === 'read') break;
      if (this.#closed) return 'stopped';
      if (end.part !== null) runs.endedIn(end.part, end.kind);
      if (end.left === 'time' && run < MOST_RUNS && end.part !== '') {
        runs.again();
        continue;
      }
      if (end.part !== null) unread.push({ part: end.part, kind: end.kind });
      if (end.part !== '') unread.push({ part: '', kind: end.left === 'time' ? 'broken' : 'timed-out' });
      break;
    }
    const collector = new MessageCollector();
    for (const event of runs.events) collector.add(event);
    for (const blindSpot of unread) collector.add({ event: 'blind-spot', blindSpot });
    return collector.message();
  }

  async #run(readable: Readable, runs: ReadRuns, deadline: number, told: (event: ReadEvent) => void): Promise<RunEnd> {
    const child = this.#takeIdle() ?? (await this.#start());
    const { limits, ocrMs } = this.#settings;
    const sizeBytes = Math.min(readable.sizeBytes, limits.messageBytes + 1);
    const { what, name, spans } = readable;
    const watch = new Watch(child, this.#settings, deadline, (event) => {
      runs.add(event);
      told(event);
    });
    try {
      const given = child.give({ what, name, sizeBytes, spans, limits, skip: [...runs.skip], ocrMs }, readable.content());
      // A content that fails ends the reading; a child that ends shows in the watch.
      const end = await Promise.race([watch.ended, given.then(() => watch.ended)]);
      if (end === 'read' && this.#mayStay(child)) this.#idle.push(child);
      else this.#end(child, end === 'read' ? 'when-done' : 'now');
      return end;
    } catch (error) {
      this.#end(child, 'now');
      throw error;
    } finally {
      watch.stop();
    }
  }

  #takeIdle(): ReadProcess | null {
    for (let child = this.#idle.pop(); child !== undefined; child = this.#idle.pop()) {
      if (!child.gone) return child;
      this.#all.delete(child);
    }
    return null;
  }

  #mayStay(child: ReadProcess): boolean {
    if (child.gone || child.messages >= MESSAGES_EACH) return false;
    // What it holds after a message changes slowly.
    if (child.messages % LOOK_EVERY_MESSAGES !== 0) return true;
    return (child.residentBytes() ?? 0) < this.#settings.memoryBytes * KEPT_SHARE;
  }

  #end(child: ReadProcess, when: 'now' | 'when-done'): void {
    this.#all.delete(child);
    if (when === 'now') child.kill();
    else void child.close();
  }

  async #start(): Promise<ReadProcess> {
    const child = new ReadProcess(this.#settings.memoryBytes * HEAP_SHARE, this.#settings.entry);
    this.#all.add(child);
    const ready = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => ready.resolve(false), START_MS);
    child.listen((events) => ready.resolve(events?.[0]?.event === 'ready'));
    const started = await ready.promise;
    clearTimeout(timer);
    if (started) return child;
    this.#end(child, 'now');
    throw new Error('a reading child did not start');
  }
}

/** Watches one child read one message, until it has or has to be ended. */
class Watch {
  readonly ended: Promise<RunEnd>;
  readonly #resolve: (end: RunEnd) => void;
  readonly #child: ReadProcess;
  readonly #settings: ReadPoolSettings;
  readonly #deadline: number;
  readonly #tell: (event: ReadEvent) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #clock: ReadClock;
  #textLength = 0;

  constructor(child: ReadProcess, settings: ReadPoolSettings, deadline: number, tell: (event: ReadEvent) => void) {
    const { promise, resolve } = Promise.withResolvers<RunEnd>();
    this.ended = promise;
    this.#resolve = resolve;
    this.#child = child;
    this.#settings = settings;
    this.#deadline = deadline;
    this.#tell = tell;
    this.#clock = new ReadClock(child.cpuMs() ?? 0);
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    child.listen((events) => this.#hear(events));
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#child.listen(() => undefined);
  }

  #hear(events: readonly FromChild[] | null): void {
    if (events === null) return this.#end(this.#child.outOfMemory ? 'too-large' : 'broken', 'time');
    // The last frame of a message asks nobody for time.
    const cpuMs = events.at(-1)?.event === 'read' ? null : this.#child.cpuMs();
    for (const event of events) {
      if (event.event === 'read') return this.#resolve('read');
      if (event.event === 'ready') continue;
      if (event.event === 'span') this.#textLength += event.span.text.length;
      if (event.event === 'shown') this.#textLength += event.shown.text.length + (event.shown.html?.length ?? 0);
      if (cpuMs !== null) this.#clock.add(event, cpuMs);
      this.#tell(event);
    }
    // It keeps to the limit itself, unless something in it has taken over.
    if (this.#textLength > this.#settings.limits.textLength) this.#end('broken', 'time');
  }

  #look(): void {
    if (performance.now() > this.#deadline) return this.#end('timed-out', 'no-time');
    const cpuMs = this.#child.cpuMs();
    const residentBytes = this.#child.residentBytes();
    if (cpuMs === null || residentBytes === null) return;
    const { memoryBytes, partMs } = this.#settings;
    if (residentBytes > memoryBytes) this.#end('too-large', 'time');
    else if (this.#clock.ownMs(cpuMs) > partMs) this.#end('timed-out', 'time');
  }

  #end(kind: BlindSpotKind, left: 'time' | 'no-time'): void {
    this.#resolve({ part: this.#clock.current, kind, left });
  }
}
