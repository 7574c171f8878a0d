// Every reply that leaves. smtp-server writes its own words and those of any error it meets; here they become replies of our catalogue,
// so that nothing else can reach a client, and the enhanced status (RFC 2034) stands there exactly once. Pure.
import { MAIL_ERRORS } from '../mail/mail-error.ts';
import type { MailErrorCode } from '../mail/mail-error.ts';

const BY_CODE: Readonly<Record<number, MailErrorCode>> = {
  500: 'session.unknown-command',
  501: 'session.bad-arguments',
  502: 'session.unknown-command',
  503: 'session.bad-sequence',
  504: 'auth.unknown-mechanism',
  530: 'session.auth-required',
  535: 'auth.failed',
  538: 'session.tls-required',
  552: 'envelope.too-large',
};

/** What smtp-server says with 421. */
const CLOSING: readonly (readonly [words: RegExp, code: MailErrorCode])[] = [
  [/^Timeout/, 'session.timeout'],
  [/shutting down/, 'session.stopping'],
  [/too long/, 'session.line-too-long'],
  [/too many/i, 'session.too-many-errors'],
  [/talk too soon|^HTTP/, 'session.not-smtp'],
];

const SUCCESS: Readonly<Record<number, string>> = {
  214: '2.0.0 See RFC 5321',
  220: '2.0.0 Ready to start TLS',
  221: '2.0.0 Bye',
  235: '2.7.0 Logged in',
  250: '2.0.0 OK',
  252: '2.0.0 Not verified, send it and see',
  354: 'End with a dot on a line by itself',
};

/** The failure that a reply of smtp-server stands for. Ours go through it as their code. */
export function failureOf(code: number, words: string): MailErrorCode {
  if (Object.hasOwn(MAIL_ERRORS, words)) return words as MailErrorCode;
  if (code === 421) return CLOSING.find(([pattern]) => pattern.test(words))?.[1] ?? 'session.fault';
  return BY_CODE[code] ?? 'session.internal';
}

/** The words of a reply below 400. `plain`: the greeting, EHLO and challenges pass as they are. */
export function successOf(code: number, words: string | readonly string[], plain: 'plain' | 'fixed'): string | string[] {
  if (typeof words !== 'string') return [...words];
  return plain === 'plain' || code === 334 ? words : (SUCCESS[code] ?? '2.0.0 OK');
}

/** An error that smtp-server will answer with: its text is a code of the catalogue, looked up again on the way out. */
export function replyError(code: MailErrorCode): Error & { responseCode: number } {
  return Object.assign(new Error(code), { responseCode: MAIL_ERRORS[code].code });
}
