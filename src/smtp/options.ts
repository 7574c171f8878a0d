// What a listener of the submission surface is made of. Plain values: daemon/ maps the configuration to them.
import type { SignIn } from '../access/sign-in.ts';
import type { Sessions } from '../access/sessions.ts';
import type { Trust } from '../access/trust.ts';
import type { Accept } from '../gateway/intake.ts';
import type { MailErrorCode } from '../mail/mail-error.ts';
import type { ConnectionPlaces } from './connection-places.ts';
import type { Identity } from './identity.ts';
import type { SmtpEvents } from './smtp-events.ts';

export interface SubmissionOptions {
  /** Name of the listener, for evidence. */
  readonly name: string;
  /** Our own name: greeting and EHLO. */
  readonly hostname: string;
  /** Null: every address of this machine. */
  readonly address: string | null;
  /** 0: chosen by the system. */
  readonly port: number;
  /** 'implicit' (RFC 8314), 'required': MAIL only after STARTTLS, 'offered': trusted networks may also send in clear. */
  readonly tls: 'implicit' | 'required' | 'offered';
  /** Whether AUTH is offered (after TLS). A relay listener serves trusted networks and certificates only. */
  readonly login: 'offered' | 'none';
  readonly certificate: ListenerCertificate;
  /** Who everybody is that nobody knows. Without it strangers are not served. */
  readonly stranger?: Identity;
}

/** What may be renewed without a restart. */
export interface ListenerCertificate {
  /** Chain, PEM, leaf first. */
  readonly certificatePem: string;
  readonly keyPem: string;
  /** Client certificates must also chain to one of these; null: the fingerprint alone decides. */
  readonly clientCaPem: string | null;
}

export interface SessionLimits {
  readonly connectionsPerAccount: number;
  readonly recipientsPerMessage: number;
  readonly messageSizeBytes: number;
  readonly sessionTimeMs: number;
  /** Time for one command or one piece of content. */
  readonly idleTimeMs: number;
  /** From the connection until the client is known: handshakes and login. */
  readonly loginTimeMs: number;
  /** Refused commands since the last accepted message. */
  readonly errorsPerSession: number;
}

/** For SessionLimits.loginTimeMs, where the configuration has no word for it. */
export const LOGIN_TIME_MS = 60_000;

export interface SubmissionDeps {
  readonly accept: Accept;
  /** Asked of every recipient whose address is one. */
  readonly mayReceive?: MayReceive;
  readonly signIn: SignIn;
  readonly sessions: Sessions;
  /** Shared by all listeners. */
  readonly places: ConnectionPlaces;
  /** Asked for every session: a reload takes effect without a restart. */
  readonly trust: () => Trust;
  readonly limits: () => SessionLimits;
  readonly events: SmtpEvents;
}

/** Why a recipient is not taken, or null. */
export type MayReceive = (asked: {
  readonly address: string;
  readonly reversePath: string;
  /** Taken in this transaction before. */
  readonly earlier: readonly string[];
  readonly who: 'known' | 'stranger';
}) => Promise<MailErrorCode | null>;

/** What the sessions of one listener share. */
export interface Surface {
  readonly options: Omit<SubmissionOptions, 'certificate'>;
  readonly deps: SubmissionDeps;
  /** Whether client certificates must chain to a configured CA. */
  readonly clientChain: () => 'required' | 'any';
}
