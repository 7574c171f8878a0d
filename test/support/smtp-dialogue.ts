// A client for dialogues: says lines as they stand, reads replies whole. Over real sockets, in clear or under TLS.
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ConnectionOptions, TLSSocket } from 'node:tls';

export class Dialogue {
  #socket: Socket;
  #text = '';
  #ended = false;
  #waiting: (() => void) | null = null;
  readonly #tls: ConnectionOptions;

  private constructor(socket: Socket, tls: ConnectionOptions) {
    this.#tls = tls;
    this.#socket = socket;
    this.#listen();
  }

  /** `tls`: how to trust the server, now ('implicit') or at `startTls`. */
  static async connect(
    port: number,
    options: { readonly tls?: ConnectionOptions; readonly mode?: 'clear' | 'implicit'; readonly localAddress?: string },
  ): Promise<Dialogue> {
    const tls = { servername: 'localhost', ...options.tls };
    const to = { port, host: '127.0.0.1', ...(options.localAddress === undefined ? {} : { localAddress: options.localAddress }) };
    const socket = options.mode === 'implicit' ? connectTls({ ...to, ...tls }) : connectTcp(to);
    socket.setNoDelay(true);
    const dialogue = new Dialogue(socket, tls);
    await once(socket, options.mode === 'implicit' ? 'secureConnect' : 'connect');
    return dialogue;
  }

  get socket(): Socket {
    return this.#socket;
  }

  /** Octets as they are. */
  write(octets: string | Uint8Array): void {
    this.#socket.write(octets);
  }

  /** The next whole reply, all its lines, without the last CRLF; '' when the server has closed. */
  async reply(): Promise<string> {
    for (;;) {
      const match = /^(?:\d{3}-[^\r\n]*\r\n)*\d{3}(?: [^\r\n]*)?\r\n/.exec(this.#text);
      if (match !== null) {
        this.#text = this.#text.slice(match[0].length);
        return match[0].slice(0, -2);
      }
      if (this.#ended) return '';
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
  }

  /** Says a line and reads the reply. */
  async say(line: string): Promise<string> {
    this.write(`${line}\r\n`);
    return this.reply();
  }

  /** Greeting, EHLO, STARTTLS and EHLO again; gives the last reply. */
  async startTls(helo = 'client.example'): Promise<string> {
    await this.say(`EHLO ${helo}`);
    const ready = await this.say('STARTTLS');
    if (!ready.startsWith('220')) throw new Error(`no STARTTLS: ${ready}`);
    await this.handshake();
    return this.say(`EHLO ${helo}`);
  }

  /** The TLS handshake alone. */
  async handshake(): Promise<TLSSocket> {
    this.#socket.removeAllListeners();
    const secured = connectTls({ socket: this.#socket, ...this.#tls });
    this.#socket = secured;
    this.#listen();
    await once(secured, 'secureConnect');
    return secured;
  }

  async login(name: string, password: string): Promise<string> {
    return this.say(`AUTH PLAIN ${Buffer.from(`\0${name}\0${password}`).toString('base64')}`);
  }

  /** A whole transaction; gives the reply to the dot, or the first refusal. */
  async send(from: string, to: readonly string[], content: string | Uint8Array): Promise<string> {
    for (const line of [`MAIL FROM:<${from}>`, ...to.map((one) => `RCPT TO:<${one}>`)]) {
      const answer = await this.say(line);
      if (!answer.startsWith('250')) return answer;
    }
    const ready = await this.say('DATA');
    if (!ready.startsWith('354')) return ready;
    this.write(content);
    return this.say('.');
  }

  /** Waits until the server has closed; gives what it said that nobody read. */
  async closed(): Promise<string> {
    while (!this.#ended) {
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
    return this.#text;
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #listen(): void {
    const wake = (): void => {
      this.#waiting?.();
      this.#waiting = null;
    };
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (text: string) => {
      this.#text += text;
      wake();
    });
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => {
      this.#ended = true;
      wake();
    });
  }
}
