// One session of the submission surface: smtp-server's connection with our own reading of MAIL, RCPT and DATA, our replies and limits.
// Guarantees: only replies of the catalogue leave (replies.ts); no MAIL and no AUTH before TLS where it is required; every session
// ends in time and says how; a message is handed in only under an identity that may use its reverse-path.
import type { Socket } from 'node:net';
import type { SMTPServer, SMTPServerAuthentication, SMTPServerAuthenticationResponse } from 'smtp-server';
import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js';
import type { SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import type { SMTPStream } from 'smtp-server/lib/smtp-stream.js';
import { replyOf } from '../mail/mail-error.ts';
import type { MailErrorCode } from '../mail/mail-error.ts';
import { capabilities } from './capabilities.ts';
import { parseGreeting } from './command-line.ts';
import { answerContent, CONTENT_TIMES, ContentSink } from './content.ts';
import type { ContentEnd } from './content.ts';
import type { Identity } from './identity.ts';
import { logIn } from './login.ts';
import { openIntake } from './open-intake.ts';
import type { Surface } from './options.ts';
import { quickenContent } from './quick-content.ts';
import { failureOf, replyError, successOf } from './replies.ts';
import { SessionIdentity } from './session-identity.ts';
import type { SessionFacts } from './smtp-events.ts';
import { submissionOf } from './submission.ts';
import type { SessionState } from './submission.ts';
import { Transaction } from './transaction.ts';

type Done = () => void;
type AuthDone = (error: Error | null, response?: SMTPServerAuthenticationResponse) => void;

/** Long enough to catch clients that do not wait for the greeting, short enough for EHRs that connect for every message. */
const GREETING_DELAY_MS = 5;
/** No reply to a command takes longer: what lies behind it is looked up or opened within this time, or the answer is 4xx. */
const COMMAND_LIMIT_MS = 20_000;
const STATE_CHECK_MS = 1_000;

export class SubmissionConnection extends SMTPConnection {
  readonly #surface: Surface;
  readonly #gone: () => void;
  readonly #who: SessionIdentity;
  readonly #startedAt = performance.now();
  #timer: NodeJS.Timeout | null = null;
  #helo: { readonly word: 'EHLO' | 'HELO'; readonly name: string } | null = null;
  #transaction: Transaction | null = null;
  #phase: 'commands' | 'message' = 'commands';
  #life: 'open' | 'over' = 'open';
  /** We want to end it, with this code, as soon as the client has its reply. */
  #stopping: MailErrorCode | null = null;
  #end: 'quit' | 'lost' | MailErrorCode = 'lost';
  #messages = 0;
  #errors = 0;
  #errorsInRow = 0;

  constructor(server: SMTPServer, socket: Socket, options: SMTPConnectionOptions | null, surface: Surface, gone: () => void) {
    super(server, socket, options);
    this.#surface = surface;
    this.#gone = gone;
    this.#who = new SessionIdentity({ trust: surface.deps.trust, clientChain: surface.clientChain });
  }

  get facts(): SessionFacts {
    return { session: this.id, listener: this.#surface.options.name, address: this.remoteAddress };
  }

  /** True while a message is on its way in. */
  get hasMessage(): boolean {
    return this.#phase === 'message';
  }

  /**
   * Ends the session from our side. A client that waits for a reply gets it first; one that is in the middle of a message may finish it
   * ('after the message') or may not ('now').
   */
  stop(code: MailErrorCode, when: 'now' | 'after the message'): void {
    this.#stopping ??= code;
    if (this.#phase === 'commands' || when === 'now') this.#cutOff(code);
  }

  /** The last resort: nothing is said any more. */
  destroy(): void {
    this._socket.destroy();
  }

  override init(): void {
    this._setListeners(() => {
      setTimeout(() => this.connectionReady(), GREETING_DELAY_MS);
    });
    this.#timer = setInterval(() => this.#checkTime(), STATE_CHECK_MS);
    this.#surface.deps.events.connected(this.facts);
  }

  override connectionReady(next?: Done): void {
    if (this._closing || this._closed) return;
    const { tls, login } = this.#surface.options;
    // Where only networks are trusted, everybody else is told so at once (RFC 5321 3.1).
    const noWayIn =
      login === 'none' &&
      this.#who.current(this) === null &&
      (tls === 'implicit' || this.#surface.deps.trust().asksForCertificate === 'no');
    if (noWayIn) {
      this.#end = 'session.not-served';
      return this._refuse(replyError('session.not-served'), false);
    }
    super.connectionReady(next);
  }

  override _createParser(): SMTPStream {
    return quickenContent(super._createParser());
  }

  override send(code: number, data?: string | string[] | null, context?: string | false): void {
    const words = data ?? '';
    if (code >= 400) return this.#fail(failureOf(code, typeof words === 'string' ? words : ''), context);
    super.send(code, successOf(code, words, context === false ? 'plain' : 'fixed'), false);
    if (this.#stopping !== null && code !== 334 && this.#phase === 'commands') this.#fail(this.#stopping);
  }

  override _resetSession(): void {
    super._resetSession();
    this.#transaction = null;
  }

  override _onClose(): void {
    super._onClose();
    if (this.#life === 'over') return;
    this.#life = 'over';
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#who.leave();
    this.#gone();
    const tls = this.session.tlsOptions ? this.session.tlsOptions.version : null;
    const tookMs = performance.now() - this.#startedAt;
    this.#surface.deps.events.ended({ ...this.facts, tls, messages: this.#messages, errors: this.#errors, tookMs, end: this.#end });
  }

  override handler_QUIT(command: Buffer, done: Done): void {
    this.#end = 'quit';
    super.handler_QUIT(command, done);
  }

  override handler_HELO(command: Buffer, done: Done): void {
    if (this.#greeted(command, 'HELO')) super.send(250, this.name, false);
    done();
  }

  override handler_EHLO(command: Buffer, done: Done): void {
    if (this.#greeted(command, 'EHLO')) {
      const login = this.#surface.options.login === 'none' ? 'none' : this.#who.authenticated === 'no' ? 'offered' : 'done';
      const { messageSizeBytes } = this.#surface.deps.limits();
      super.send(250, [this.name, ...capabilities({ tls: this.secure ? 'on' : 'off', login, messageSizeBytes })], false);
    }
    done();
  }

  override handler_AUTH(command: Buffer, done: Done): void {
    const code = this.#surface.options.login === 'none' ? 'session.unknown-command' : this.secure ? null : 'session.tls-required';
    if (code === null && this.#transaction === null) return super.handler_AUTH(command, done);
    this.#fail(code ?? 'session.bad-sequence');
    done();
  }

  override handler_MAIL(command: Buffer, done: Done): void {
    this.#answer(this.#mail(command), '2.1.0 Sender is good');
    done();
  }

  override handler_RCPT(command: Buffer, done: Done): void {
    const failure = this.#transaction?.add(command, this.#surface.deps.limits());
    this.#answer(failure === undefined ? 'session.bad-sequence' : failure, '2.1.5 Recipient is good');
    done();
  }

  override handler_DATA(command: Buffer, done: Done): void {
    const transaction = this.#transaction;
    const identity = this.#who.current(this);
    const isPlain = /^DATA *$/i.test(command.toString());
    if (!isPlain || transaction === null || identity === null || transaction.recipients === 0) {
      this.#fail(isPlain ? 'session.bad-sequence' : 'session.bad-arguments');
      return done();
    }
    this.#phase = 'message';
    this.#message(transaction, identity, done).catch((error: unknown) => {
      this.#surface.deps.events.bug({ where: 'smtp.message', error });
      this.#phase = 'commands';
      this.#fail('session.fault');
    });
  }

  /** AUTH, after smtp-server has taken the exchange apart (RFC 4954, RFC 4616). */
  login({ username = '', password, authzid = '' }: SMTPServerAuthentication, answer: AuthDone): void {
    const { deps } = this.#surface;
    const end = (): void => this.stop('session.login-ended', 'now');
    logIn({ username, password: password ?? '', authzid }, this.facts, COMMAND_LIMIT_MS, deps, end).then(
      (result) => {
        if (result.kind === 'refused') return answer(replyError(result.code));
        this.#who.loggedIn(result.identity, result.place);
        // The client may have gone meanwhile.
        if (this.#life === 'over') this.#who.leave();
        answer(null, { user: 'known' });
      },
      (error: unknown) => {
        deps.events.bug({ where: 'smtp.login', error });
        answer(replyError('session.internal'));
      },
    );
  }

  /** True where the greeting was good and the session is fresh (RFC 5321 4.1.4). */
  #greeted(command: Buffer, word: 'EHLO' | 'HELO'): boolean {
    const name = parseGreeting(command);
    if (name === null) {
      this.#fail('session.bad-arguments', false);
      return false;
    }
    this.#helo = { word, name };
    this.hostNameAppearsAs = name;
    this._resetSession();
    return true;
  }

  #mail(command: Buffer): MailErrorCode | null {
    const { options, deps } = this.#surface;
    if (!this.secure && options.tls !== 'offered') return 'session.tls-required';
    const identity = this.#who.current(this);
    if (identity === null) return this.#unknownClient();
    if (this.#transaction !== null) return 'session.bad-sequence';
    const offered = { requireTls: this.secure ? 'yes' : 'no', auth: options.login === 'offered' ? 'yes' : 'no' } as const;
    const begun = Transaction.begin(command, identity.mayUse, offered, deps.limits());
    if (begun.kind === 'bad') return begun.code;
    this.#transaction = begun.value;
    return null;
  }

  #unknownClient(): MailErrorCode {
    const { options, deps } = this.#surface;
    if (options.login === 'offered') return 'session.auth-required';
    return !this.secure && deps.trust().asksForCertificate === 'yes' ? 'session.tls-required' : 'session.not-permitted';
  }

  async #message(transaction: Transaction, identity: Identity, done: Done): Promise<void> {
    const { deps } = this.#surface;
    const bug = (where: string, error: unknown): void => deps.events.bug({ where: `smtp.${where}`, error });
    const submission = submissionOf(this.#state(), identity, transaction.envelope());
    const intake = await openIntake(deps.accept, submission, COMMAND_LIMIT_MS, bug);
    const parser = this._parser;
    if (typeof intake === 'string' || parser === false || this._closing) {
      if (typeof intake !== 'string') await intake.abort();
      this.#phase = 'commands';
      this.#fail(typeof intake === 'string' ? intake : 'session.timeout');
      return done();
    }
    const rules = { messageSizeBytes: deps.limits().messageSizeBytes, times: CONTENT_TIMES, bug };
    const sink = new ContentSink(intake, rules);
    parser.startDataMode();
    parser._dataStream = this._dataStream = sink;
    this.send(354);
    done();
    const end = await answerContent(sink, intake, rules);
    this.#phase = 'commands';
    this._dataStream = false;
    this._transactionCounter++;
    this.#settle(end, transaction, identity);
    this._resetSession();
    parser.continue();
  }

  #settle(end: ContentEnd, transaction: Transaction, identity: Identity): void {
    if (end.kind === 'lost') return;
    if (end.kind === 'refused') {
      this.#fail(end.code);
      if (end.client === 'cut-off') this.#closeFor(end.code);
      return;
    }
    const { code, enhanced, text } = end.reply;
    const { submitter } = identity;
    if (code === 250) {
      this.#messages++;
      this.#errorsInRow = 0;
      const { sizeBytes, replyMs } = end;
      this.#surface.deps.events.accepted({ ...this.facts, submitter, recipients: transaction.recipients, sizeBytes, replyMs });
    } else {
      this.#errors++;
    }
    super.send(code, `${enhanced ?? '2.0.0'} ${text}`, false);
    if (this.#stopping !== null) this.#fail(this.#stopping);
  }

  #state(): SessionState {
    const { tlsOptions } = this.session;
    return {
      listener: this.#surface.options.name,
      address: this.remoteAddress,
      helo: this.#helo?.name ?? '',
      greeting: this.#helo?.word ?? 'HELO',
      tls: tlsOptions ? { protocol: tlsOptions.version, cipher: tlsOptions.name } : null,
      authenticated: this.#who.authenticated,
    };
  }

  #answer(failure: MailErrorCode | null, success: string): void {
    if (failure === null) super.send(250, success, false);
    else this.#fail(failure);
  }

  /** The one way a failure leaves. Greeting and EHLO carry no enhanced status (RFC 2034 4). */
  #fail(code: MailErrorCode, context?: string | false): void {
    if (this.#life === 'over' || this._closing) return;
    const reply = replyOf(code);
    const { deps } = this.#surface;
    this.#errors++;
    this.#errorsInRow++;
    deps.events.refused({ ...this.facts, code, submitter: this.#who.submitter });
    if (reply.code === 421) this.#end = code;
    const plain = context === false || !this._ready;
    super.send(reply.code, plain ? reply.text : `${reply.enhanced ?? ''} ${reply.text}`, false);
    if (this._closing || this.#phase === 'message') return;
    if (this.#stopping !== null) this.#fail(this.#stopping);
    else if (this.#errorsInRow >= deps.limits().errorsPerSession) this.#fail('session.too-many-errors');
  }

  /** True while the next word is ours: a command is being looked into, or the dot was seen. */
  #clientWaits(): boolean {
    return this._handlerPending || (this.#phase === 'message' && this._parser !== false && !this._parser._dataMode);
  }

  #closeFor(code: MailErrorCode): void {
    this.#end = code;
    this.close();
  }

  /** Limits on the whole session, looked at now and then; idle time is smtp-server's. A reply under way is waited for. */
  #checkTime(): void {
    const { sessionTimeMs, loginTimeMs } = this.#surface.deps.limits();
    const age = performance.now() - this.#startedAt;
    if (age > sessionTimeMs) this.#cutOff('session.too-long');
    else if (age > loginTimeMs && this.#who.current(this) === null) this.#cutOff('session.timeout');
  }

  /** Ends the session now, unless a reply is due: that comes first. */
  #cutOff(code: MailErrorCode): void {
    if (this.#clientWaits()) return;
    this.#phase = 'commands';
    this.#fail(code);
    if (this._dataStream) this._dataStream.destroy();
    // A handshake that does not end has nothing to be said to.
    if (this._upgrading) this.destroy();
  }
}
