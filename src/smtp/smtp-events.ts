// What the surface tells as it goes. Codes, counts and durations; addresses and login names only so that evidence can seal them and
// logs can digest them. Never free text: not the client's, not an exception's.
import type { MailErrorCode } from '../mail/mail-error.ts';
import type { Submitter } from '../store/journal.ts';

/** What every event of a session carries. */
export interface SessionFacts {
  /** Random, for joining the lines of one session. */
  readonly session: string;
  readonly listener: string;
  /** IP address of the client: evidence detail, digested in logs. */
  readonly address: string;
}

export interface SmtpEvents {
  connected(event: SessionFacts): void;
  /** A handshake with a client succeeded. */
  secured(event: SessionFacts & { readonly protocol: string; readonly cipher: string }): void;
  /** A handshake failed. `code` is a code of OpenSSL or of the operating system. */
  tlsFailed(event: { readonly listener: string; readonly address: string; readonly code: string }): void;
  /** A connection was refused before there was a session. */
  turnedAway(event: { readonly listener: string; readonly address: string; readonly code: MailErrorCode }): void;
  /** A command, login, recipient or message was answered with a failure. `submitter` null: not known yet. */
  refused(event: SessionFacts & { readonly code: MailErrorCode; readonly submitter: Submitter | null }): void;
  loginOk(event: SessionFacts & { readonly account: string; readonly verified: 'by-hash' | 'remembered'; readonly tookMs: number }): void;
  /** `account` is what the client typed, at most 128 characters. */
  loginFailed(event: SessionFacts & { readonly account: string; readonly code: MailErrorCode }): void;
  accepted(
    event: SessionFacts & {
      readonly submitter: Submitter;
      readonly recipients: number;
      readonly sizeBytes: number;
      /** From the final dot to the reply. */
      readonly replyMs: number;
    },
  ): void;
  ended(
    event: SessionFacts & {
      /** 'TLSv1.3', or null where the session was in clear. */
      readonly tls: string | null;
      readonly messages: number;
      readonly errors: number;
      readonly tookMs: number;
      readonly end: 'quit' | 'lost' | MailErrorCode;
    },
  ): void;
  /** A fault of ours: logged with a correlation id, without its text. */
  bug(event: { readonly where: string; readonly error: unknown }): void;
}
