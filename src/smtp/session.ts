// The life of one session on top of smtp-server's connection: greeting, replies, tallies, time, and how it ends.
// Guarantees: only replies of the catalogue leave (replies.ts); a session that we end hears why, after the reply it waits for.
import type { Socket } from 'node:net';
import type { SMTPServer } from 'smtp-server';
import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js';
import type { SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import type { SMTPStream } from 'smtp-server/lib/smtp-stream.js';
import { replyOf } from '../mail/mail-error.ts';
import type { MailErrorCode } from '../mail/mail-error.ts';
import type { Surface } from './options.ts';
import { quickenContent } from './quick-content.ts';
import { failureOf, replyError, successOf } from './replies.ts';
import { SessionIdentity } from './session-identity.ts';
import type { SessionFacts } from './smtp-events.ts';

/** Long enough to catch clients that do not wait for the greeting, short enough for EHRs that connect for every message. */
const GREETING_DELAY_MS = 5;
const TIME_CHECK_MS = 1_000;

export abstract class Session extends SMTPConnection {
  protected readonly surface: Surface;
  protected readonly who: SessionIdentity;
  protected phase: 'commands' | 'message' = 'commands';
  protected life: 'open' | 'over' = 'open';
  protected end: 'quit' | 'lost' | MailErrorCode = 'lost';
  /** DATA was refused and no command was good since: what is no command now is content that the client sent without waiting. */
  protected refusedData = false;
  readonly #gone: () => void;
  readonly #startedAt = performance.now();
  #timer: NodeJS.Timeout | null = null;
  /** We want to end it, with this code, as soon as the client has its reply. */
  #stopping: MailErrorCode | null = null;
  #messages = 0;
  #errors = 0;
  #errorsInRow = 0;

  constructor(server: SMTPServer, socket: Socket, options: SMTPConnectionOptions | null, surface: Surface, gone: () => void) {
    super(server, socket, options);
    this.surface = surface;
    this.who = new SessionIdentity({
      trust: surface.deps.trust,
      clientChain: surface.clientChain,
      stranger: surface.options.stranger ?? null,
    });
    this.#gone = gone;
  }

  get facts(): SessionFacts {
    return { session: this.id, listener: this.surface.options.name, address: this.remoteAddress };
  }

  /** True while a message is on its way in. */
  get hasMessage(): boolean {
    return this.phase === 'message';
  }

  /**
   * Ends the session from our side. A client that waits for a reply gets it first; one that is in the middle of a message may finish it
   * ('after the message') or may not ('now').
   */
  stop(code: MailErrorCode, when: 'now' | 'after the message'): void {
    this.#stopping ??= code;
    if (this.phase === 'commands' || when === 'now') this.#cutOff(code);
  }

  /** The last resort: nothing is said any more. */
  destroy(): void {
    this._socket.destroy();
  }

  override init(): void {
    this._setListeners(() => {
      setTimeout(() => this.connectionReady(), GREETING_DELAY_MS);
    });
    this.#timer = setInterval(() => this.#checkTime(), TIME_CHECK_MS);
    this.surface.deps.events.connected(this.facts);
  }

  override connectionReady(next?: () => void): void {
    if (this._closing || this._closed) return;
    if (!this.#hasNoWayIn()) return super.connectionReady(next);
    this.end = 'session.not-served';
    this._refuse(replyError('session.not-served'), false);
  }

  override _createParser(): SMTPStream {
    return quickenContent(super._createParser());
  }

  /** Everything that smtp-server says comes through here. */
  override send(code: number, data?: string | string[] | null, context?: string | false): void {
    const words = data ?? '';
    if (code >= 400) this.fail(failureOf(code, typeof words === 'string' ? words : ''), context);
    else this.say(code, successOf(code, words, context === false ? 'plain' : 'fixed'));
  }

  override _onClose(): void {
    super._onClose();
    if (this.life === 'over') return;
    this.life = 'over';
    if (this.#timer !== null) clearInterval(this.#timer);
    this.who.leave();
    this.#gone();
    const tls = this.session.tlsOptions ? this.session.tlsOptions.version : null;
    const tookMs = performance.now() - this.#startedAt;
    this.surface.deps.events.ended({ ...this.facts, tls, messages: this.#messages, errors: this.#errors, tookMs, end: this.end });
  }

  /** A reply below 400, or the intake's own. */
  protected say(code: number, text: string | string[]): void {
    this.refusedData = false;
    super.send(code, text, false);
    if (this.#stopping !== null && code !== 334 && this.phase === 'commands') this.fail(this.#stopping);
  }

  /** The one way a failure leaves. Greeting and EHLO carry no enhanced status (RFC 2034 4). */
  protected fail(code: MailErrorCode, context?: string | false): void {
    if (this.life === 'over' || this._closing) return;
    const reply = replyOf(code);
    const { deps } = this.surface;
    this.#errors++;
    this.#errorsInRow++;
    deps.events.refused({ ...this.facts, code, submitter: this.who.submitter });
    if (reply.code === 421) this.end = code;
    const plain = context === false || !this._ready;
    super.send(reply.code, plain ? reply.text : `${reply.enhanced ?? ''} ${reply.text}`, false);
    if (this._closing || this.phase === 'message') return;
    if (this.#stopping !== null) this.fail(this.#stopping);
    else if (this.refusedData && code === 'session.unknown-command') this.fail('session.not-smtp');
    else if (this.#errorsInRow >= deps.limits().errorsPerSession) this.fail('session.too-many-errors');
  }

  /** The answer to a command that was looked into: null is good. A fault of ours is told, and outside it is one of the replies. */
  protected answer(look: () => MailErrorCode | null, success: string): void {
    let failure: MailErrorCode | null;
    try {
      failure = look();
    } catch (error) {
      failure = this.bug('command', error);
    }
    if (failure === null) this.say(250, success);
    else this.fail(failure);
  }

  protected countMessage(result: 'accepted' | 'refused'): void {
    if (result === 'refused') this.#errors++;
    else {
      this.#messages++;
      this.#errorsInRow = 0;
    }
  }

  protected bug(where: string, error: unknown): 'session.internal' {
    this.surface.deps.events.bug({ where: `smtp.${where}`, error });
    return 'session.internal';
  }

  /** Where only networks or certificates are trusted, a client that can be neither is told so at once (RFC 5321 3.1). */
  #hasNoWayIn(): boolean {
    const { options, deps } = this.surface;
    if (options.login !== 'none' || this.who.current(this) !== null) return false;
    return options.tls === 'implicit' || deps.trust().asksForCertificate === 'no';
  }

  /** True while the next word is ours: a command is being looked into, or the dot was seen. */
  #clientWaits(): boolean {
    return this._handlerPending || (this.phase === 'message' && this._parser !== false && !this._parser._dataMode);
  }

  /** Limits on the whole session, looked at now and then; idle time is smtp-server's. */
  #checkTime(): void {
    const { sessionTimeMs, loginTimeMs } = this.surface.deps.limits();
    const age = performance.now() - this.#startedAt;
    if (age > sessionTimeMs) this.#cutOff('session.too-long');
    else if (age > loginTimeMs && this.who.current(this) === null) this.#cutOff('session.timeout');
  }

  /** Ends the session now, unless a reply is due: that comes first. */
  #cutOff(code: MailErrorCode): void {
    if (this.#clientWaits()) return;
    this.phase = 'commands';
    this.fail(code);
    if (this._dataStream) this._dataStream.destroy();
    // A handshake that does not end has nothing to be said to.
    if (this._upgrading) this.destroy();
  }
}
