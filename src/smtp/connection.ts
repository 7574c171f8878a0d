// The commands of a session: our own reading of EHLO, MAIL, RCPT and DATA where smtp-server's is lax.
// Guarantees: no MAIL and no AUTH before TLS where it is required; a message is handed in only under an identity that may use its
// reverse-path, and only when CRLF.CRLF ended it.
import type { SMTPServerAuthentication, SMTPServerAuthenticationResponse } from 'smtp-server';
import type { MailErrorCode } from '../mail/mail-error.ts';
import { capabilities } from './capabilities.ts';
import { parseGreeting } from './command-line.ts';
import { answerContent, CONTENT_TIMES, ContentSink } from './content.ts';
import type { ContentEnd } from './content.ts';
import type { Identity } from './identity.ts';
import { logIn } from './login.ts';
import type { Checked } from './mail-parameters.ts';
import { openIntake } from './open-intake.ts';
import type { MayReceive } from './options.ts';
import { replyError } from './replies.ts';
import { Session } from './session.ts';
import { submissionOf } from './submission.ts';
import type { SessionState } from './submission.ts';
import { Transaction } from './transaction.ts';
import { within } from './within.ts';

type Done = () => void;
type AuthDone = (error: Error | null, response?: SMTPServerAuthenticationResponse) => void;

const RECIPIENT_IS_GOOD = '2.1.5 Recipient is good';
/** No reply to a command takes longer: what lies behind it is looked up or opened within this time, or the answer is 4xx. */
const COMMAND_LIMIT_MS = 20_000;

export class SubmissionConnection extends Session {
  #helo: { readonly word: 'EHLO' | 'HELO'; readonly name: string } | null = null;
  #transaction: Transaction | null = null;
  /** Whose the transaction is: one who is known and uses a reverse-path that is not theirs may be a stranger's relay. */
  #as: 'who it is' | 'stranger' = 'who it is';

  override _resetSession(): void {
    super._resetSession();
    this.#transaction = null;
    this.#as = 'who it is';
  }

  override handler_QUIT(command: Buffer, done: Done): void {
    this.end = 'quit';
    super.handler_QUIT(command, done);
  }

  override handler_HELO(command: Buffer, done: Done): void {
    if (this.#greeted(command, 'HELO')) this.say(250, this.name);
    done();
  }

  override handler_EHLO(command: Buffer, done: Done): void {
    if (this.#greeted(command, 'EHLO')) {
      const login = this.surface.options.login === 'none' ? 'none' : this.who.authenticated === 'no' ? 'offered' : 'done';
      const { messageSizeBytes } = this.surface.deps.limits();
      this.say(250, [this.name, ...capabilities({ tls: this.secure ? 'on' : 'off', login, messageSizeBytes })]);
    }
    done();
  }

  override handler_AUTH(command: Buffer, done: Done): void {
    const code = this.surface.options.login === 'none' ? 'session.unknown-command' : this.secure ? null : 'session.tls-required';
    if (code === null && this.#transaction === null) return super.handler_AUTH(command, done);
    this.fail(code ?? 'session.bad-sequence');
    done();
  }

  override handler_MAIL(command: Buffer, done: Done): void {
    this.answer(() => this.#mail(command), '2.1.0 Sender is good');
    done();
  }

  override handler_RCPT(command: Buffer, done: Done): void {
    const transaction = this.#transaction;
    const { mayReceive, limits } = this.surface.deps;
    if (transaction !== null && mayReceive !== undefined) {
      void this.#receive(command, transaction, mayReceive).then(done);
      return;
    }
    const add = (): MailErrorCode | null => transaction?.add(command, limits()) ?? null;
    this.answer(transaction === null ? () => 'session.bad-sequence' : add, RECIPIENT_IS_GOOD);
    done();
  }

  override handler_DATA(command: Buffer, done: Done): void {
    const transaction = this.#transaction;
    const identity = this.#submitter();
    const isPlain = /^DATA *$/i.test(command.toString());
    if (!isPlain || transaction === null || identity === null || transaction.recipients === 0) {
      this.#refuseData(isPlain ? 'session.bad-sequence' : 'session.bad-arguments');
      return done();
    }
    this.phase = 'message';
    this.#message(transaction, identity, done).catch((error: unknown) => {
      this.bug('message', error);
      this.phase = 'commands';
      this.fail('session.fault');
    });
  }

  /** AUTH, after smtp-server has taken the exchange apart (RFC 4954, RFC 4616). */
  login({ username = '', password, authzid = '' }: SMTPServerAuthentication, answer: AuthDone): void {
    const end = (): void => this.stop('session.login-ended', 'now');
    const session = { facts: this.facts, deps: this.surface.deps, limitMs: COMMAND_LIMIT_MS, end };
    logIn({ username, password: password ?? '', authzid }, session)
      .then((result) => {
        if (result.kind === 'refused') return answer(replyError(result.code));
        this.who.loggedIn(result.identity, result.place);
        // The client may have gone meanwhile.
        if (this.life === 'over') this.who.leave();
        answer(null, { user: 'known' });
      })
      .catch((error: unknown) => this.bug('login', error));
  }

  /** True where the greeting was good and the session is fresh (RFC 5321 4.1.4). */
  #greeted(command: Buffer, word: 'EHLO' | 'HELO'): boolean {
    const name = parseGreeting(command);
    if (name === null) {
      this.fail('session.bad-arguments', false);
      return false;
    }
    this.#helo = { word, name };
    this.hostNameAppearsAs = name;
    this._resetSession();
    return true;
  }

  #mail(command: Buffer): MailErrorCode | null {
    const { options, deps } = this.surface;
    if (!this.secure && options.tls !== 'offered') return 'session.tls-required';
    const identity = this.who.current(this);
    if (identity === null) return this.#unknownClient();
    if (this.#transaction !== null) return 'session.bad-sequence';
    const offered = { requireTls: this.secure ? 'yes' : 'no', auth: options.login === 'offered' ? 'yes' : 'no' } as const;
    const begin = ({ mayUse }: Identity): Checked<Transaction> => Transaction.begin(command, mayUse, offered, deps.limits());
    let begun = begin(identity);
    const anybody = begun.kind === 'bad' && begun.code === 'envelope.sender-not-allowed' ? options.stranger : undefined;
    if (anybody !== undefined) begun = begin(anybody);
    if (begun.kind === 'bad') return begun.code;
    this.#as = anybody === undefined ? 'who it is' : 'stranger';
    this.#transaction = begun.value;
    return null;
  }

  #submitter(): Identity | null {
    return this.#as === 'stranger' ? (this.surface.options.stranger ?? null) : this.who.current(this);
  }

  #unknownClient(): MailErrorCode {
    const { options, deps } = this.surface;
    if (options.login === 'offered') return 'session.auth-required';
    return !this.secure && deps.trust().asksForCertificate === 'yes' ? 'session.tls-required' : 'session.not-permitted';
  }

  /** RCPT where it has to be looked up who may receive. Never rejects. */
  async #receive(command: Buffer, transaction: Transaction, mayReceive: MayReceive): Promise<void> {
    const { deps, options } = this.surface;
    const read = transaction.read(command, deps.limits());
    if (read.kind === 'bad') return this.fail(read.code);
    const { address } = read.value;
    const who = this.#submitter() === options.stranger ? 'stranger' : 'known';
    const { reversePath, recipients } = transaction.envelope();
    const looking = mayReceive({ address, reversePath, earlier: recipients.map((one) => one.address), who });
    const found = await within(COMMAND_LIMIT_MS, looking, () => undefined).catch((error: unknown) => this.bug('recipient', error));
    const code = found === 'late' ? 'session.internal' : found;
    this.answer(() => {
      if (code === null) transaction.take(read.value);
      return code;
    }, RECIPIENT_IS_GOOD);
  }

  #refuseData(code: MailErrorCode): void {
    this.refusedData = true;
    this.fail(code);
  }

  async #message(transaction: Transaction, identity: Identity, done: Done): Promise<void> {
    const { deps } = this.surface;
    const bug = (where: string, error: unknown): void => {
      this.bug(where, error);
    };
    const submission = submissionOf(this.#state(), identity, transaction.envelope());
    const intake = await openIntake(deps.accept, submission, COMMAND_LIMIT_MS, bug);
    const parser = this._parser;
    if (typeof intake === 'string' || parser === false || this._closing) {
      if (typeof intake !== 'string') await intake.abort();
      this.phase = 'commands';
      this.#refuseData(typeof intake === 'string' ? intake : 'session.timeout');
      return done();
    }
    const rules = { messageSizeBytes: deps.limits().messageSizeBytes, times: CONTENT_TIMES, bug };
    const sink = new ContentSink(intake, rules);
    parser.startDataMode();
    parser._dataStream = this._dataStream = sink;
    this.send(354);
    done();
    const end = await answerContent(sink, intake, rules);
    this.phase = 'commands';
    this._dataStream = false;
    this._transactionCounter++;
    this.#settle(end, transaction, identity);
    this._resetSession();
    parser.continue();
  }

  #settle(end: ContentEnd, transaction: Transaction, identity: Identity): void {
    if (end.kind === 'lost') return;
    if (end.kind === 'refused') {
      this.fail(end.code);
      if (end.client === 'at-end') return;
      this.end = end.code;
      return this.close();
    }
    const { reply, sizeBytes, replyMs } = end;
    if (reply.code === 250) {
      const { submitter } = identity;
      this.countMessage('accepted');
      this.surface.deps.events.accepted({ ...this.facts, submitter, recipients: transaction.recipients, sizeBytes, replyMs });
    } else {
      this.countMessage('refused');
    }
    this.say(reply.code, `${reply.enhanced ?? '2.0.0'} ${reply.text}`);
  }

  #state(): SessionState {
    const { tlsOptions } = this.session;
    return {
      listener: this.surface.options.name,
      address: this.remoteAddress,
      helo: this.#helo?.name ?? '',
      greeting: this.#helo?.word ?? 'HELO',
      tls: tlsOptions ? { protocol: tlsOptions.version, cipher: tlsOptions.name } : null,
      authenticated: this.who.authenticated,
    };
  }
}
