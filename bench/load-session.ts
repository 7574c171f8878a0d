// One client connection of the generator: STARTTLS, AUTH PLAIN, then one message after the other, each command waiting for its reply,
// as mail clients and EHR systems do. Raw sockets: the generator shares the machine with what it measures.
import net from 'node:net';
import tls from 'node:tls';
import type { BenchMessage } from './corpus.ts';
import { monotonicMs, MTA_NAME, PASSWORD, USER } from './protocol.ts';
import type { LoadOrder, SentMessage } from './protocol.ts';

export interface Job {
  readonly id: string;
  readonly recipient: string;
  readonly message: BenchMessage;
}

export interface LoadEvents {
  /** The next message, or null where there is none left. */
  readonly next: () => Job | null;
  readonly accepted: (sent: SentMessage) => void;
  /** The message under way is lost to us; the connection is closed. */
  readonly failed: (reason: string) => void;
  readonly closed: () => void;
}

type Step = 'greeting' | 'ehlo' | 'starttls' | 'ehlo-again' | 'auth' | 'mail' | 'rcpt' | 'data' | 'content' | 'quit';

export class LoadSession {
  readonly #order: LoadOrder;
  readonly #events: LoadEvents;
  #socket: net.Socket;
  #text = '';
  #step: Step = 'greeting';
  #job: Job | null;
  #startedAt: number;
  #dotAt = 0;
  #state: 'open' | 'closed' = 'open';

  /** @param job the first message. */
  constructor(order: LoadOrder, job: Job, events: LoadEvents) {
    this.#order = order;
    this.#events = events;
    this.#job = job;
    this.#startedAt = monotonicMs();
    this.#socket = net.connect({ port: order.port, host: '127.0.0.1', noDelay: true });
    this.#listen();
  }

  #listen(): void {
    const socket = this.#socket;
    socket.on('data', (piece: Buffer) => this.#read(piece));
    socket.on('error', (error) => this.#close(error.message));
    socket.on('close', () => this.#close('connection closed'));
  }

  #close(reason: string): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#socket.destroy();
    if (this.#job !== null) this.#events.failed(`${this.#step}: ${reason}`);
    this.#events.closed();
  }

  #read(piece: Buffer): void {
    this.#text += piece.toString('latin1');
    for (let end = this.#text.indexOf('\r\n'); end >= 0; end = this.#text.indexOf('\r\n')) {
      const line = this.#text.slice(0, end);
      this.#text = this.#text.slice(end + 2);
      if (line[3] !== '-') this.#reply(line);
    }
  }

  #reply(line: string): void {
    const wanted =
      this.#step === 'greeting' || this.#step === 'starttls'
        ? '220'
        : this.#step === 'data'
          ? '354'
          : this.#step === 'auth'
            ? '235'
            : '250';
    if (this.#step === 'quit') return this.#close('');
    if (!line.startsWith(wanted)) return this.#close(line);
    switch (this.#step) {
      case 'greeting':
        return this.#say('ehlo', 'EHLO load.bench.test\r\n');
      case 'ehlo':
        return this.#say('starttls', 'STARTTLS\r\n');
      case 'starttls':
        return this.#secure();
      case 'ehlo-again':
        return this.#say('auth', `AUTH PLAIN ${Buffer.from(`\0${USER}\0${PASSWORD}`).toString('base64')}\r\n`);
      case 'auth':
        return this.#mail();
      case 'mail':
        return this.#say('rcpt', `RCPT TO:<${this.#job?.recipient ?? ''}>\r\n`);
      case 'rcpt':
        return this.#say('data', 'DATA\r\n');
      case 'data':
        return this.#content();
      case 'content':
        return this.#done();
    }
  }

  #say(step: Step, text: string): void {
    this.#step = step;
    this.#socket.write(text);
  }

  #secure(): void {
    this.#socket.removeAllListeners();
    this.#step = 'ehlo-again';
    this.#socket = tls.connect({ socket: this.#socket, ca: this.#order.ca, servername: MTA_NAME, minVersion: 'TLSv1.2' }, () =>
      this.#socket.write('EHLO load.bench.test\r\n'),
    );
    this.#listen();
  }

  #mail(): void {
    if (this.#order.mode === 'kept') this.#startedAt = monotonicMs();
    this.#say('mail', `MAIL FROM:<${USER}>\r\n`);
  }

  #content(): void {
    const job = this.#job;
    if (job === null) return;
    this.#step = 'content';
    this.#dotAt = 0;
    const { header, body } = job.message;
    const own = `X-Bench-Id: ${job.id}\r\nMessage-ID: <${job.id}@bench.test>\r\nDate: ${new Date().toUTCString().replace('GMT', '+0000')}\r\n`;
    const start = Buffer.from(`${own}${header}\r\n`, 'latin1');
    const written = (): void => {
      if (this.#dotAt === 0) this.#dotAt = monotonicMs();
    };
    // A small message leaves in one TLS record, as one write.
    if (body.length < 16_000) {
      this.#socket.write(Buffer.concat([start, body]));
      written();
      return;
    }
    this.#socket.write(start);
    this.#socket.write(body, written);
  }

  #done(): void {
    const job = this.#job;
    if (job === null) return;
    const repliedAt = monotonicMs();
    const dotAt = this.#dotAt === 0 ? repliedAt : this.#dotAt;
    this.#events.accepted({ id: job.id, startedAt: this.#startedAt, dotAt, repliedAt, bodyBytes: job.message.bodyBytes });
    this.#job = this.#order.mode === 'kept' ? this.#events.next() : null;
    if (this.#job === null) this.#say('quit', 'QUIT\r\n');
    else this.#mail();
  }
}
