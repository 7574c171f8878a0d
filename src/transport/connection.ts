// One TCP connection to a next hop, in clear or in TLS: commands go out, replies come in, each wait has a limit. It breaks once, for one
// reason, and stays broken; replies that came before that can still be read.
import { connect, type Socket } from 'node:net';
import type { BrokenCode } from './outcome-of-reply.ts';
import { type RawReply, ReplyReader } from './reply-reader.ts';
import type { Stop } from './stop.ts';

const ENDINGS = ['error', 'end', 'close'] as const;

export interface Broken {
  readonly broken: BrokenCode;
}
export type Received = RawReply | Broken;

/** Connects without Nagle's delay (a delayed ACK would cost 40 ms a message). Gives null where the address does not answer. */
export function connectTo(address: string, port: number, timeoutMs: number, stop: Stop): Promise<Connection | null> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, noDelay: true });
    const done = (connected: 'yes' | 'no'): void => {
      clearTimeout(timer);
      stop.hear(null);
      socket.removeListener('connect', succeed);
      socket.removeListener('error', fail);
      if (connected === 'yes') return resolve(new Connection(socket, address));
      socket.on('error', ignore);
      socket.destroy();
      resolve(null);
    };
    const succeed = (): void => done('yes');
    const fail = (): void => done('no');
    const timer = setTimeout(fail, timeoutMs);
    socket.once('connect', succeed);
    socket.once('error', fail);
    stop.hear(fail);
  });
}

export class Connection {
  readonly address: string;
  #socket: Socket;
  #reader = new ReplyReader();
  #broken: BrokenCode | null = null;
  #onReply: ((received: Received) => void) | null = null;
  #onDrain: (() => void) | null = null;
  #onGone: (() => void) | null = null;
  #timer: NodeJS.Timeout | undefined;
  #deadline = Infinity;

  constructor(socket: Socket, address: string) {
    this.#socket = socket;
    this.address = address;
    this.#listen();
  }

  get broken(): BrokenCode | null {
    return this.#broken;
  }

  /** A reply is there that nobody has asked for yet. */
  get hasReply(): boolean {
    return this.#reader.hasReply;
  }

  /** Nothing is on the way in: the next reply will answer the next command. */
  get inStep(): boolean {
    return this.#broken === null && this.#reader.empty;
  }

  /** The next reply, or why none will come. One caller at a time. */
  next(timeoutMs: number): Promise<Received> {
    const ready = this.#ready();
    if (ready !== null) return Promise.resolve(ready);
    return new Promise((resolve) => {
      this.#onReply = resolve;
      this.#arm(timeoutMs);
    });
  }

  /** The reply that `hasReply` speaks of. */
  takeEarly(): RawReply | null {
    return this.#reader.take();
  }

  /** Writes in one piece. Says whether more may be written at once; else wait for `drained`. */
  write(data: string | Uint8Array, encoding: 'latin1' | 'utf8' = 'latin1'): boolean {
    if (this.#broken !== null) return true;
    return typeof data === 'string' ? this.#socket.write(data, encoding) : this.#socket.write(data);
  }

  /** Resolves when more may be written, a reply came before it was due, or the connection broke. */
  drained(timeoutMs: number): Promise<void> {
    if (this.#broken !== null || this.#reader.hasReply || !this.#socket.writableNeedDrain) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onDrain = resolve;
      this.#arm(timeoutMs);
    });
  }

  /** No wait from now on lasts longer than this, whatever its own limit. */
  limit(totalMs: number): void {
    this.#deadline = performance.now() + totalMs;
    if (this.#onReply !== null || this.#onDrain !== null) this.#arm(totalMs);
  }

  /** Cuts the connection: nothing more is sent. */
  cut(reason: BrokenCode): void {
    if (this.#broken === null) this.#broken = reason;
    clearTimeout(this.#timer);
    this.#socket.destroy();
    this.#wake();
  }

  /** Gives the socket for a handshake, or null where bytes are already there: whoever sent them did so before TLS (RFC 3207 section 6). */
  detach(): Socket | null {
    if (!this.inStep || this.#socket.readableLength > 0) return null;
    const socket = this.#socket;
    socket.removeListener('data', this.#onData);
    for (const event of ENDINGS) socket.removeListener(event, this.#onLost);
    socket.on('error', ignore);
    return socket;
  }

  /** Goes on over another socket, with nothing known from before. */
  attach(socket: Socket): void {
    this.#socket = socket;
    this.#reader = new ReplyReader();
    this.#listen();
  }

  /** Kept unused for a while. `onGone` is told when it can no longer be used: its time is over, or the peer said or did something. */
  park(idleMs: number, onGone: () => void): void {
    this.#onGone = onGone;
    this.#deadline = Infinity;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#leave(), idleMs);
    this.#timer.unref();
    if (!this.inStep) this.#gone();
  }

  /** Used again. Says whether it still can be. */
  unpark(): 'usable' | 'gone' {
    this.#onGone = null;
    clearTimeout(this.#timer);
    return this.inStep ? 'usable' : 'gone';
  }

  /** Ends the session as RFC 5321 4.1.1.10 wants it: QUIT, its reply or a while, then closed. */
  async quit(waitMs: number): Promise<void> {
    if (this.#broken !== null) return;
    this.#deadline = Infinity;
    this.write('QUIT\r\n');
    await this.next(waitMs);
    this.#broken ??= 'delivery.connection-lost';
    this.#socket.destroySoon();
  }

  #listen(): void {
    this.#socket.on('data', this.#onData);
    this.#socket.on('drain', () => this.#wakeDrain());
    for (const event of ENDINGS) this.#socket.on(event, this.#onLost);
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#reader.push(chunk);
    if (this.#onGone !== null) return this.#gone();
    if (this.#reader.broken) this.cut('delivery.protocol-error');
    else this.#wake();
  };

  readonly #onLost = (): void => {
    if (this.#broken === null) this.cut('delivery.connection-lost');
    this.#gone();
  };

  #gone(): void {
    const onGone = this.#onGone;
    if (onGone === null) return;
    this.#onGone = null;
    this.cut('delivery.connection-lost');
    onGone();
  }

  #leave(): void {
    const onGone = this.#onGone;
    this.#onGone = null;
    void this.quit(1_000);
    onGone?.();
  }

  #ready(): Received | null {
    const reply = this.#reader.take();
    if (reply !== null) return reply;
    return this.#broken === null ? null : { broken: this.#broken };
  }

  #wake(): void {
    this.#wakeDrain();
    if (this.#onReply === null) return;
    const ready = this.#ready();
    if (ready === null) return;
    const resolve = this.#onReply;
    this.#onReply = null;
    clearTimeout(this.#timer);
    resolve(ready);
  }

  #wakeDrain(): void {
    const resolve = this.#onDrain;
    if (resolve === null) return;
    this.#onDrain = null;
    clearTimeout(this.#timer);
    resolve();
  }

  #arm(timeoutMs: number): void {
    clearTimeout(this.#timer);
    const left = this.#deadline === Infinity ? timeoutMs : Math.min(timeoutMs, Math.max(0, this.#deadline - performance.now()));
    this.#timer = setTimeout(() => this.cut('delivery.timeout'), left);
  }
}

function ignore(): void {
  // A socket that was given up may still fail.
}
