// The one catalogue of expected failures that travel. The public reply is fixed here; the cause stays private (DESIGN.md section 9).
import type { Reply } from './reply.ts';

interface Entry {
  readonly kind: 'temporary' | 'permanent';
  readonly code: number;
  readonly enhanced: string;
  readonly text: string;
}

const t = (code: number, enhanced: string, text: string): Entry => ({ kind: 'temporary', code, enhanced, text });
const p = (code: number, enhanced: string, text: string): Entry => ({ kind: 'permanent', code, enhanced, text });

export const MAIL_ERRORS = {
  // session and authentication
  'session.tls-required': p(530, '5.7.0', 'Must issue a STARTTLS command first'),
  'session.auth-required': p(530, '5.7.0', 'Authentication required'),
  'session.too-many-connections': t(421, '4.7.0', 'Too many connections, try again later'),
  'session.too-many-errors': t(421, '4.7.0', 'Too many errors'),
  'session.too-long': t(421, '4.4.2', 'Session took too long'),
  'session.timeout': t(421, '4.4.2', 'Timeout waiting for the client'),
  'session.stopping': t(421, '4.3.2', 'Service is stopping, try again in a moment'),
  'session.login-ended': t(421, '4.7.0', 'This login has ended'),
  'session.not-smtp': t(421, '4.7.0', 'Client does not keep to SMTP'),
  'session.line-too-long': t(421, '4.5.2', 'Command line is too long'),
  'session.fault': t(421, '4.3.0', 'Something went wrong here, try again later'),
  'session.internal': t(451, '4.3.0', 'Something went wrong here, try again'),
  'session.unknown-command': p(500, '5.5.2', 'Command is not recognised'),
  'session.bad-arguments': p(501, '5.5.4', 'Arguments of the command are not valid'),
  'session.bad-sequence': p(503, '5.5.1', 'Command does not fit here'),
  'session.not-served': p(554, '5.7.1', 'This client is not served here'),
  'session.not-permitted': p(550, '5.7.1', 'This client may not relay through this server'),
  'auth.failed': p(535, '5.7.8', 'User name or password is not right'),
  'auth.throttled': t(454, '4.7.0', 'Too many failed logins from here, try again later'),
  'auth.busy': t(454, '4.7.0', 'Too many logins at once, try again'),
  'auth.unknown-mechanism': p(504, '5.5.4', 'Authentication mechanism is not offered'),
  // MAIL and RCPT
  'envelope.bad-syntax': p(501, '5.5.4', 'Address or parameters are not written as RFC 5321 says'),
  'envelope.unknown-parameter': p(555, '5.5.4', 'Parameter is not recognised'),
  'envelope.bad-parameter': p(501, '5.5.4', 'Parameter is not valid'),
  'envelope.needs-smtputf8': p(553, '5.6.7', 'Address with non-ASCII characters needs SMTPUTF8'),
  'envelope.bad-address': p(553, '5.1.3', 'Address is not valid'),
  'envelope.sender-not-allowed': p(553, '5.7.1', 'This login may not send from this address'),
  'envelope.no-such-address': p(550, '5.1.1', 'There is no such address here'),
  'envelope.not-from-you': p(550, '5.7.1', 'This address takes mail from the person it was given to only'),
  'envelope.too-many-recipients': t(452, '4.5.3', 'Too many recipients'),
  'envelope.too-large': p(552, '5.3.4', 'Message is larger than this server takes'),
  // content
  'content.bare-line-ending': p(554, '5.6.0', 'Message holds a bare CR, bare LF or NUL; lines end with CRLF (RFC 5321 2.3.8)'),
  'content.from-not-allowed': p(550, '5.7.1', 'This login may not send with this From address'),
  'content.bad-header': p(554, '5.6.0', 'Header of the message cannot be read'),
  'content.loop': p(554, '5.4.6', 'Mail loop: the message has passed here already or has too many Received fields'),
  'content.unreadable': t(451, '4.3.0', 'Stored message could not be read'),
  // keeping
  'store.disk-full': t(452, '4.3.1', 'Not enough storage, try again later'),
  'store.unavailable': t(451, '4.3.0', 'Message could not be stored, try again'),
  'store.too-slow': t(451, '4.3.0', 'Message could not be stored in time, try again'),
  'limit.messages': t(451, '4.7.1', 'This login has sent too many messages for now'),
  'limit.recipients': t(451, '4.7.1', 'This login has written to too many new recipients for now'),
  'limit.returned': t(451, '4.7.1', 'Too much mail has come to this address for now'),
  'limit.reached': t(451, '4.7.1', 'This login went on far beyond its limits, and the message is held'),
  // policy: seen in replies and DSNs
  'policy.held': t(451, '4.7.1', 'The message waits for a person of the sending organisation to look at it'),
  'policy.returned': p(550, '5.7.1', 'The sending organisation does not let this message go out this way'),
  'policy.no-decision': t(451, '4.7.1', 'No decision could be made about the message, and it is held'),
  // routing and delivery: seen in DSNs
  'route.no-such-domain': p(550, '5.1.2', 'The domain of the address does not exist'),
  'route.null-mx': p(556, '5.1.10', 'The domain of the address takes no mail'),
  'route.no-mail-server': p(550, '5.4.4', 'No mail server was found for the domain of the address'),
  'route.loops-to-us': p(554, '5.4.6', 'The mail server of the domain is this server itself'),
  'route.private-address': p(550, '5.4.4', 'The mail server of the domain has a private address'),
  'route.address-literal': p(550, '5.1.3', 'Addresses with an IP number instead of a domain are not served'),
  'route.dns-failed': t(451, '4.4.3', 'The name server of the domain did not answer properly'),
  'route.sts-unavailable': t(451, '4.7.5', 'The TLS policy of the domain could not be read'),
  'route.sts-mismatch': t(451, '4.7.5', 'The TLS policy of the domain names none of its mail servers'),
  'delivery.connect-failed': t(451, '4.4.1', 'The mail server of the domain could not be reached'),
  'delivery.connection-lost': t(451, '4.4.2', 'The connection to the mail server of the domain was lost'),
  'delivery.timeout': t(451, '4.4.2', 'The mail server of the domain did not answer in time'),
  'delivery.protocol-error': t(451, '4.5.0', 'The mail server of the domain did not keep to SMTP'),
  'delivery.login-refused': t(451, '4.7.0', 'The next mail server did not accept the login of this server'),
  'delivery.stopped': t(451, '4.3.2', 'This server stopped before the message was handed over'),
  'delivery.refused-temporarily': t(451, '4.0.0', 'The mail server of the domain asked to try again later'),
  'delivery.refused': p(550, '5.0.0', 'The mail server of the domain refused the message'),
  'delivery.below-floor': p(550, '5.7.10', 'No mail server of the domain offers the encryption that this message needs'),
  'delivery.no-unsubscribe': p(550, '5.7.1', 'Marketing and fundraising go out with a way to unsubscribe only, and none is set up'),
  'delivery.requiretls-missing': p(550, '5.7.30', 'REQUIRETLS support was required and is missing'),
  'delivery.needs-8bitmime': p(554, '5.6.3', 'The mail server of the domain cannot take this message as it is encoded'),
  'delivery.needs-smtputf8': p(553, '5.6.7', 'The mail server of the domain cannot take non-ASCII addresses'),
  'delivery.too-large': p(552, '5.3.4', 'The message is larger than the mail server of the domain takes'),
  'delivery.expired': p(550, '4.4.7', 'The message could not be delivered in the time set for it'),
  'delivery.hold-expired': p(550, '5.7.1', 'The message was held and nobody released it in the time set for it'),
  'delivery.no-way-to-open': p(550, '5.7.10', 'The message could wait at the portal, but the recipient has no safe way to open it there'),
  'pickup.waiting': t(451, '4.4.7', 'The message waits at the portal and has not been opened'),
  'pickup.not-opened': p(550, '5.4.7', 'The message waited at the portal and was not opened in the time set for it'),
  'pickup.notice-bounced': p(550, '5.1.1', 'The notice that a message waits at the portal could not be delivered'),
  'pickup.recalled': p(550, '5.7.1', 'The message was taken back from the portal before it was opened'),
  'pickup.removed': p(550, '5.2.1', 'What waited at the portal for this recipient was removed by the sending organisation'),
  'delivery.returned-by-person': p(550, '5.7.1', 'The message was held and a person returned it'),
} as const satisfies Record<string, Entry>;

export type MailErrorCode = keyof typeof MAIL_ERRORS;

/** The public reply of a code. */
export function replyOf(code: MailErrorCode): Reply {
  const { code: number, enhanced, text } = MAIL_ERRORS[code];
  return { code: number, enhanced, text };
}

/** An expected failure on its way to a surface. `cause` is for the bug report of a developer, never for a reply or the log. */
export class MailError extends Error {
  readonly code: MailErrorCode;
  constructor(code: MailErrorCode, options?: { readonly cause?: unknown }) {
    super(code, options);
    this.name = 'MailError';
    this.code = code;
  }
  get reply(): Reply {
    return replyOf(this.code);
  }
}
