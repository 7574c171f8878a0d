// A mail server for tests, over real sockets, that does what a test tells it to: by a script per step, or by faults with names
// (smtp-peer-faults.ts). Records everything it received. It is deliberately simple: no limits, no storage.
import { createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, type SecureContext, type SecureContextOptions, TLSSocket } from 'node:tls';
import { type Fault, FAULTS } from './smtp-peer-faults.ts';
import type { TestIdentity } from './test-ca.ts';

export type Step = 'connect' | 'ehlo' | 'starttls' | 'auth' | 'mail' | 'rcpt' | 'data' | 'content' | 'dot' | 'rset' | 'quit' | 'other';

/** What to do at a step. `say` is written as it is (CRLF is the script's); null says nothing. Then: go on, drop at once, end, or read no more. */
export interface Act {
  readonly say: string | Buffer | null;
  readonly then?: 'go-on' | 'drop' | 'end' | 'deaf';
}

/** One call of a script. */
export interface Call {
  /** The line without CRLF; '' at connect, content and dot. */
  readonly line: string;
  readonly session: PeerSession;
  readonly peer: SmtpPeer;
  /** What came of content so far, at `content` and `dot`; dots still doubled. */
  readonly content: Buffer;
  /** Resolves when the connection has ended. */
  readonly ended: Promise<void>;
  /** Says something before the step's own answer; resolves when more can be said. */
  readonly write: (data: string | Buffer) => Promise<'open' | 'ended'>;
}

export type Script = (step: Step, call: Call) => Act | string | undefined | Promise<Act | string | undefined>;

export interface PeerTls {
  readonly protocol: string | null;
  readonly servername: string | null;
  readonly resumed: 'yes' | 'no';
  /** SHA-256 of the client's certificate as Node writes it, or null where it showed none. */
  readonly clientSha256: string | null;
}

/** One connection. */
export interface PeerSession {
  readonly number: number;
  /** Every line received outside content, in clear and in TLS. */
  readonly lines: string[];
  /** What each read from the socket held, outside content: shows what came in one piece. */
  readonly reads: string[];
  /** null while in clear. */
  tls: PeerTls | null;
  /** Of the running transaction. */
  mail: string | null;
  rcpt: string[];
  ended: 'yes' | 'no';
}

export interface PeerMessage {
  readonly session: PeerSession;
  /** The MAIL line. */
  readonly mail: string;
  /** The RCPT lines that were taken. */
  readonly rcpt: readonly string[];
  /** Without the doubled dots and the final one. */
  readonly content: Buffer;
  /** As it came, with the final dot. */
  readonly raw: Buffer;
}

export interface PeerOptions {
  /** Certificate; without one there is no TLS. */
  readonly identity?: TestIdentity;
  readonly tls?: 'starttls' | 'implicit';
  readonly tlsOptions?: SecureContextOptions;
  /** Asks clients for a certificate of this CA (PEM). */
  readonly clientCa?: string;
  /** Keywords after EHLO; STARTTLS is added before TLS. */
  readonly offer?: readonly string[];
  readonly faults?: readonly Fault[];
  /** Asked before the faults; undefined leaves the step to them and to the usual answer. */
  readonly script?: Script;
  readonly host?: string;
  readonly port?: number;
}

export const USUAL_OFFER: readonly string[] = ['PIPELINING', 'SIZE 52428800', '8BITMIME', 'SMTPUTF8', 'ENHANCEDSTATUSCODES', 'DSN'];

const USUAL: Readonly<Record<Exclude<Step, 'ehlo' | 'content'>, string>> = {
  connect: '220 peer.test ESMTP\r\n',
  starttls: '220 2.0.0 ready\r\n',
  auth: '235 2.7.0 welcome\r\n',
  mail: '250 2.1.0 sender ok\r\n',
  rcpt: '250 2.1.5 recipient ok\r\n',
  data: '354 go on\r\n',
  dot: '250 2.0.0 taken as peer-1\r\n',
  rset: '250 2.0.0 forgotten\r\n',
  quit: '221 2.0.0 bye\r\n',
  other: '500 5.5.1 what?\r\n',
};

export class SmtpPeer {
  readonly sessions: PeerSession[] = [];
  readonly messages: PeerMessage[] = [];
  /** Final dots received, answered or not. */
  dots = 0;
  readonly options: PeerOptions;
  readonly context: SecureContext | null;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #waiting: (() => void)[] = [];

  constructor(options: PeerOptions) {
    this.options = options;
    const { identity } = options;
    this.context =
      identity === undefined
        ? null
        : createSecureContext({
            cert: identity.certificatePem,
            key: identity.keyPem,
            sessionIdContext: 'smtp-peer',
            ...(options.clientCa === undefined ? {} : { ca: options.clientCa }),
            ...options.tlsOptions,
          });
    this.#server = createServer({ noDelay: true }, (socket) => this.#connected(socket));
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the peer is not listening');
    return address.port;
  }

  /** Every line of every session, in order of sessions. */
  get lines(): readonly string[] {
    return this.sessions.flatMap((session) => session.lines);
  }

  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.options.port ?? 0, this.options.host ?? '127.0.0.1', resolve);
    });
  }

  /** Resolves when what the test waits for has come true; asked again after each thing that happens. */
  async until(isTrue: (peer: SmtpPeer) => boolean): Promise<void> {
    while (!isTrue(this)) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Cuts every connection; goes on listening. */
  cutAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.cutAll();
    await closed;
  }

  happened(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #connected(socket: Socket): void {
    this.#sockets.add(socket);
    const session: PeerSession = { number: this.sessions.length, lines: [], reads: [], tls: null, mail: null, rcpt: [], ended: 'no' };
    this.sessions.push(session);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      session.ended = 'yes';
      this.happened();
    });
    new PeerConnection(this, socket, session).start();
    this.happened();
  }
}

/** Starts a peer; it is closed when the test ends. */
export async function startPeer(t: { teardown(handler: () => Promise<void>): void }, options: PeerOptions = {}): Promise<SmtpPeer> {
  const peer = new SmtpPeer(options);
  await peer.listen();
  t.teardown(() => peer.close());
  return peer;
}

class PeerConnection {
  readonly #peer: SmtpPeer;
  readonly #session: PeerSession;
  readonly #ended: Promise<void>;
  #socket: Socket;
  #input: Buffer = Buffer.alloc(0);
  #mode: 'lines' | 'content' | 'gone' = 'lines';
  #busy = false;
  /** Something was read that the content step has not been asked about. */
  #fresh: 'yes' | 'no' = 'no';

  constructor(peer: SmtpPeer, socket: Socket, session: PeerSession) {
    this.#peer = peer;
    this.#socket = socket;
    this.#session = session;
    this.#ended = new Promise((resolve) => socket.once('close', () => resolve()));
  }

  start(): void {
    if (this.#peer.options.tls === 'implicit') this.#secure(() => void this.#greet());
    else {
      this.#listen();
      void this.#greet();
    }
  }

  async #greet(): Promise<void> {
    this.#busy = true;
    await this.#act('connect', '');
    this.#busy = false;
    await this.#pump();
  }

  #listen(): void {
    this.#socket.on('data', (chunk: Buffer) => {
      if (this.#mode === 'lines') this.#session.reads.push(chunk.toString('utf8'));
      this.#fresh = 'yes';
      this.#input = this.#input.length === 0 ? chunk : Buffer.concat([this.#input, chunk]);
      void this.#pump();
    });
    this.#socket.on('error', () => (this.#mode = 'gone'));
    this.#socket.on('end', () => this.#socket.end());
  }

  /** Works off what has arrived, one step at a time. */
  async #pump(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    while (await this.#step());
    this.#busy = false;
    this.#peer.happened();
  }

  async #step(): Promise<boolean> {
    if (this.#mode === 'gone') return false;
    if (this.#mode === 'content') return this.#content();
    const end = this.#input.indexOf('\r\n');
    if (end < 0) return false;
    const line = this.#input.toString('utf8', 0, end);
    this.#input = this.#input.subarray(end + 2);
    this.#session.lines.push(line);
    this.#peer.happened();
    await this.#command(line);
    return true;
  }

  async #command(line: string): Promise<void> {
    const step = stepOf(line);
    const said = await this.#act(step, line);
    const good = said.startsWith('2') || said.startsWith('3');
    if (step === 'starttls' && good && this.#peer.context !== null) return this.#secure(() => undefined);
    if (step === 'mail' && good) {
      this.#session.mail = line;
      this.#session.rcpt = [];
    }
    if (step === 'rcpt' && good) this.#session.rcpt.push(line);
    if (step === 'rset' && good) this.#session.mail = null;
    if (step === 'data' && said.startsWith('354')) this.#mode = 'content';
    if (step === 'quit') this.#end();
  }

  async #content(): Promise<boolean> {
    if (this.#fresh === 'yes' && this.#input.length > 0) {
      this.#fresh = 'no';
      await this.#act('content', '');
      if (this.#is('gone')) return false;
    }
    const ending = this.#input.subarray(0, 3).equals(FINAL_DOT) ? 0 : this.#input.indexOf(CRLF_DOT_CRLF) + 2;
    if (ending === 1) return false;
    const raw = this.#input.subarray(0, ending + 3);
    const content = unstuffed(this.#input.subarray(0, ending));
    this.#peer.dots++;
    this.#peer.happened();
    const said = await this.#act('dot', '');
    if (said.startsWith('250'))
      this.#peer.messages.push({ session: this.#session, mail: this.#session.mail ?? '', rcpt: this.#session.rcpt, content, raw });
    this.#input = this.#input.subarray(ending + 3);
    this.#mode = this.#is('gone') ? 'gone' : 'lines';
    this.#session.mail = null;
    return true;
  }

  #is(mode: 'lines' | 'content' | 'gone'): boolean {
    return this.#mode === mode;
  }

  /** Does the step as script, faults or custom say. Gives what was said. */
  async #act(step: Step, line: string): Promise<string> {
    const told = (await this.#ask(step, line)) ?? this.#usual(step);
    const act: Act = typeof told === 'string' ? { say: told } : told;
    if (this.#socket.destroyed) this.#mode = 'gone';
    else if (act.say !== null && act.say.length > 0) this.#socket.write(act.say);
    if (act.then === 'drop') {
      this.#mode = 'gone';
      // What was said still goes out, with nothing after it.
      this.#socket.destroySoon();
    }
    if (act.then === 'end') this.#end();
    if (act.then === 'deaf') {
      this.#mode = 'gone';
      this.#socket.pause();
    }
    return act.say === null ? '' : act.say.toString('latin1');
  }

  async #ask(step: Step, line: string): Promise<Act | string | undefined> {
    const call: Call = {
      line,
      session: this.#session,
      peer: this.#peer,
      content: this.#input,
      ended: this.#ended,
      write: (data) => this.#write(data),
    };
    const told = await this.#peer.options.script?.(step, call);
    if (told !== undefined) return told;
    for (const fault of this.#peer.options.faults ?? []) {
      const act = await FAULTS[fault].act?.(step, call);
      if (act !== undefined) return act;
    }
    return undefined;
  }

  #write(data: string | Buffer): Promise<'open' | 'ended'> {
    return new Promise((resolve) => {
      void this.#ended.then(() => resolve('ended'));
      if (this.#socket.destroyed) resolve('ended');
      else this.#socket.write(data, () => resolve(this.#socket.destroyed ? 'ended' : 'open'));
    });
  }

  #usual(step: Step): string {
    if (step === 'content') return '';
    return step === 'ehlo' ? this.#hello() : USUAL[step];
  }

  #hello(): string {
    let offer = [...(this.#peer.options.offer ?? USUAL_OFFER)];
    if (this.#session.tls === null && this.#peer.context !== null) offer.push('STARTTLS');
    for (const fault of this.#peer.options.faults ?? []) offer = [...(FAULTS[fault].offer?.(offer, this.#session) ?? offer)];
    const lines = ['peer.test greets you', ...offer];
    return lines.map((text, i) => `250${i === lines.length - 1 ? ' ' : '-'}${text}\r\n`).join('');
  }

  #end(): void {
    this.#mode = 'gone';
    this.#socket.end();
  }

  /** What is left in clear is dropped: it must not be taken for something said in TLS. */
  #secure(then: () => void): void {
    this.#input = Buffer.alloc(0);
    this.#socket.removeAllListeners('data');
    const raw = this.#socket;
    const secured = new TLSSocket(raw, {
      isServer: true,
      ...(this.#peer.context === null ? {} : { secureContext: this.#peer.context }),
      requestCert: this.#peer.options.clientCa !== undefined,
      rejectUnauthorized: false,
    });
    this.#socket = secured;
    this.#listen();
    secured.on('error', () => raw.destroy());
    secured.once('secure', () => {
      const servername = 'servername' in secured && typeof secured.servername === 'string' ? secured.servername : null;
      this.#session.tls = {
        protocol: secured.getProtocol(),
        servername,
        resumed: secured.isSessionReused() ? 'yes' : 'no',
        clientSha256: secured.getPeerX509Certificate()?.fingerprint256 ?? null,
      };
      this.#peer.happened();
      then();
    });
  }
}

const FINAL_DOT = Buffer.from('.\r\n');
const CRLF_DOT_CRLF = Buffer.from('\r\n.\r\n');

function unstuffed(raw: Buffer): Buffer {
  return Buffer.from(raw.toString('latin1').replace(/(^|\r\n)\./g, '$1'), 'latin1');
}

function stepOf(line: string): Step {
  const verb = line.slice(0, 4).toUpperCase();
  switch (verb) {
    case 'EHLO':
    case 'HELO':
      return 'ehlo';
    case 'AUTH':
    case 'MAIL':
    case 'RCPT':
    case 'DATA':
    case 'RSET':
    case 'QUIT':
      return stepOfVerb(verb);
    default:
      return line.toUpperCase() === 'STARTTLS' ? 'starttls' : 'other';
  }
}

function stepOfVerb(verb: 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'RSET' | 'QUIT'): Step {
  const steps = { AUTH: 'auth', MAIL: 'mail', RCPT: 'rcpt', DATA: 'data', RSET: 'rset', QUIT: 'quit' } as const;
  return steps[verb];
}
