// smtp-server made ours: our connections, counted from the TCP accept on, handshakes that end in time, TLS contexts that can be renewed.
// Guarantee: there is no certificate but the configured one; smtp-server's built-in test key can never show.
import type { Socket } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerAuthentication, SMTPServerAuthenticationResponse, SMTPServerSession } from 'smtp-server';
import type { SMTPConnectionOptions, TLSError } from 'smtp-server/lib/smtp-connection.js';
import type { MailErrorCode } from '../mail/mail-error.ts';
import { replyOf } from '../mail/mail-error.ts';
import { formatReply } from '../mail/reply.ts';
import { SubmissionConnection } from './connection.ts';
import type { ConnectionPlace } from './connection-places.ts';
import type { ListenerCertificate, SubmissionDeps, SubmissionOptions, Surface } from './options.ts';
import { SP800_52R2 } from './tls-profile.ts';

type AuthDone = (error: Error | null | undefined, response?: SMTPServerAuthenticationResponse) => void;
type UpgradeDone = (error: TLSError | null, socket?: TLSSocket) => void;

/** RFC 4954 4: lines of an authentication exchange may have 12,288 octets. Other commands are far shorter. */
const MAX_COMMAND_OCTETS = 12_288;
const NOT_OFFERED = ['XCLIENT', 'XFORWARD', 'WIZ', 'SHELL', 'KILL'];

export class SubmissionServer extends SMTPServer {
  readonly #surface: Surface;
  readonly #places = new WeakMap<Socket, ConnectionPlace>();
  readonly #bySession = new WeakMap<SMTPServerSession, SubmissionConnection>();
  /** Sessions whose socket is not closed yet. */
  readonly #alive = new Set<SubmissionConnection>();
  readonly #waiting: (() => void)[] = [];
  #clientChain: 'required' | 'any';
  #state: 'open' | 'stopping' = 'open';

  constructor(options: SubmissionOptions, deps: SubmissionDeps) {
    super({
      ...tlsOptions(options.certificate),
      name: options.hostname,
      secure: options.tls === 'implicit',
      requestCert: deps.trust().asksForCertificate === 'yes',
      authMethods: ['PLAIN', 'LOGIN'],
      // Who may send is decided by the connection, which knows other ways than AUTH.
      authOptional: true,
      disabledCommands: NOT_OFFERED,
      hideENHANCEDSTATUSCODES: true,
      disableReverseLookup: true,
      logger: false,
      noDelay: true,
      keepAlive: true,
      maxCommandLength: MAX_COMMAND_OCTETS,
      socketTimeout: deps.limits().idleTimeMs,
    });
    this.#surface = { options, deps, clientChain: () => this.#clientChain };
    this.#clientChain = options.certificate.clientCaPem === null ? 'any' : 'required';
    this.on('error', (error) => this.#failed(error));
  }

  /** New connections get the new certificate; running ones are left alone. @throws Error where certificate and key do not fit. */
  renew(certificate: ListenerCertificate): void {
    createSecureContext(tlsOptions(certificate));
    this.#clientChain = certificate.clientCaPem === null ? 'any' : 'required';
    this.updateSecureContext(tlsOptions(certificate));
    this.refresh();
  }

  /** Takes over limits and trust that smtp-server keeps for itself. */
  refresh(): void {
    this.options.requestCert = this.#surface.deps.trust().asksForCertificate === 'yes';
    this.options.socketTimeout = this.#surface.deps.limits().idleTimeMs;
  }

  get sessions(): number {
    return this.#alive.size;
  }

  /** When no session is left. */
  async quiet(): Promise<void> {
    while (this.#alive.size > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** No more connections; those without a message under way are told and closed. */
  stopSessions(): void {
    this.#state = 'stopping';
    this.server.close();
    // Handshakes under way have no session that could be told.
    for (const socket of this._pendingSockets.values()) socket.destroy();
    for (const connection of this.#alive) connection.stop('session.stopping', 'after the message');
  }

  /** Closes what is left; gives how many of them were in the middle of a message. */
  destroySessions(): number {
    const unfinished = [...this.#alive].filter((connection) => connection.hasMessage).length;
    for (const connection of this.#alive) connection.destroy();
    return unfinished;
  }

  override connect(socket: Socket | TLSSocket, options?: SMTPConnectionOptions | null): void {
    // Its end was already told: nobody would hear of it again.
    if (socket.destroyed) return;
    const gone = (): void => {
      this.#places.get(socket)?.leave();
      this.#alive.delete(connection);
      this.#waiting.splice(0).forEach((wake) => wake());
    };
    const connection = new SubmissionConnection(this, socket, options ?? null, this.#surface, gone);
    this.#alive.add(connection);
    this.#bySession.set(connection.session, connection);
    this.connections.add(connection);
    connection.on('error', (error: Error) => this.#failed(error));
    connection.init();
    if (this.#state === 'stopping') connection.stop('session.stopping', 'after the message');
  }

  override onConnect(_session: SMTPServerSession, done: () => void): void {
    done();
  }

  override onSecure(socket: Socket | TLSSocket, session: SMTPServerSession, done: () => void): void {
    const connection = this.#bySession.get(session);
    if (connection !== undefined && 'getCipher' in socket) {
      const { name, version } = socket.getCipher();
      this.#surface.deps.events.secured({ ...connection.facts, protocol: version, cipher: name });
    }
    done();
  }

  override onAuth(auth: SMTPServerAuthentication, session: SMTPServerSession, done: AuthDone): void {
    const connection = this.#bySession.get(session);
    if (connection === undefined) done(new Error('session.internal'));
    else connection.login(auth, done);
  }

  override _acceptSocket(socket: Socket, handshake: boolean): (() => void) | false {
    const { deps } = this.#surface;
    // Between two owners of the socket nobody else listens.
    socket.on('error', () => undefined);
    const place = deps.places.enter(addressOf(socket));
    if (place === null) return this.#turnAway(socket, handshake ? 'silently' : 'with a reply', 'session.too-many-connections');
    this.#places.set(socket, place);
    socket.once('close', () => place.leave());
    const release = super._acceptSocket(socket, handshake);
    if (!handshake || release === false) return release;
    // Never the socket below a handshake: the one on top of it.
    const timer = setTimeout(() => (this._pendingSockets.get(socket) ?? socket).destroy(), deps.limits().loginTimeMs);
    socket.once('close', () => clearTimeout(timer));
    return () => {
      clearTimeout(timer);
      release();
    };
  }

  override _upgrade(socket: Socket, done: UpgradeDone): void {
    // smtp-server comes here a turn after the accept. A TLS wrap on a socket that was closed meanwhile brings down the process.
    if (socket.destroyed) return done(Object.assign(new Error('closed before the handshake'), { code: 'ECONNRESET' }));
    super._upgrade(socket, (error, secured) => {
      const place = this.#places.get(socket);
      if (secured !== undefined && place !== undefined) this.#places.set(secured, place);
      done(error, secured);
    });
  }

  #turnAway(socket: Socket, how: 'silently' | 'with a reply', code: MailErrorCode): false {
    this.#surface.deps.events.turnedAway({ listener: this.#surface.options.name, address: addressOf(socket), code });
    // The greeting carries no enhanced status (RFC 2034 4).
    if (how === 'silently') socket.destroy();
    else socket.end(formatReply({ ...replyOf(code), enhanced: null }), () => socket.destroy());
    return false;
  }

  /** Handshakes that failed are told; sockets that broke are the client's affair; the rest is ours. */
  #failed(error: Error & { code?: unknown; meta?: unknown; remoteAddress?: unknown }): void {
    const { deps, options } = this.#surface;
    const meta = error.meta as TLSError['meta'];
    if (meta !== undefined) {
      const address = meta.remoteAddress ?? error.remoteAddress;
      const code = typeof error.code === 'string' && /^[A-Za-z0-9_]{1,60}$/.test(error.code) ? error.code : 'unknown';
      deps.events.tlsFailed({ listener: options.name, address: typeof address === 'string' ? address.replace(/^::ffff:/i, '') : '', code });
    } else if (typeof error.code !== 'string') {
      deps.events.bug({ where: 'smtp.socket', error });
    }
  }
}

function tlsOptions({ certificatePem, keyPem, clientCaPem }: ListenerCertificate) {
  if (certificatePem === '' || keyPem === '') throw new Error('no certificate, no listener');
  return { ...SP800_52R2, cert: certificatePem, key: keyPem, ca: clientCaPem ?? undefined };
}

/** As smtp-server gives it to the session: an IPv4 client of a dual-stack listener is an IPv4 address. */
function addressOf(socket: Socket): string {
  return (socket.remoteAddress ?? '').replace(/^::ffff:/i, '');
}
