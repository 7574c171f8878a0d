// What a next hop's reply means for the mail, at each step. Pure. Reply text is untrusted and is kept only as `printable` lets it.
import type { Outcome } from '../mail/outcome.ts';
import { printable, type Reply } from '../mail/reply.ts';
import type { TlsEvidence } from '../mail/tls.ts';
import type { RawReply } from './reply-reader.ts';

export type Scope = (Outcome & { kind: 'deferred' })['scope'];

/** Where the connection broke, in words of the catalogue. */
export type BrokenCode =
  'delivery.connect-failed' | 'delivery.connection-lost' | 'delivery.timeout' | 'delivery.protocol-error' | 'delivery.stopped';

const ENHANCED = /^([245])\.(\d{1,3})\.(\d{1,3})(?=\s|$)/;

/** A reply as it may be kept: number, enhanced status where it fits the number, printable text without the status. */
export function toReply(raw: RawReply): Reply {
  const match = ENHANCED.exec(raw.lines[0] ?? '');
  const enhanced = match !== null && match[1] === String(Math.floor(raw.code / 100)) ? match[0] : null;
  const lines = enhanced === null ? raw.lines : raw.lines.map((line) => (line.startsWith(enhanced) ? line.slice(enhanced.length) : line));
  return { code: raw.code, enhanced, text: printable(lines.join(' ')) };
}

/** 421: it closes the connection, whatever was asked (RFC 5321 3.8). */
export function isClosing(raw: RawReply): boolean {
  return raw.code === 421;
}

/**
 * Refused before any mail was named: greeting, EHLO, STARTTLS. It waits even where the number is permanent: 554 or 521 says that this host
 * takes no mail from us (RFC 5321 3.1, RFC 7504), not that the recipient cannot have it; the caller goes on to the next MX, as Postfix does.
 */
export function refusedByHost(raw: RawReply, tls: TlsEvidence | null): Outcome {
  return { kind: 'deferred', code: 'delivery.refused-temporarily', scope: 'next-hop', afterDot: 'no', reply: toReply(raw), tls };
}

/** MAIL refused: all recipients. 552 is about the size that MAIL announced (RFC 1870 section 6.1). */
export function refusedMail(raw: RawReply, tls: TlsEvidence, requireTls: 'ask' | 'leave'): Outcome {
  const reply = toReply(raw);
  if (reply.code === 552 && (reply.enhanced === null || reply.enhanced === '5.3.4'))
    return { kind: 'not-reached', code: 'delivery.too-large', tls };
  if (requireTls === 'ask' && reply.enhanced === '5.7.30') return { kind: 'not-reached', code: 'delivery.requiretls-missing', tls };
  return refused(reply, 'message', tls);
}

/** RCPT refused: this recipient. 552 without a mailbox status means too many recipients, and waits (RFC 5321 4.5.3.1.10). */
export function refusedRcpt(raw: RawReply, tls: TlsEvidence): Outcome {
  const reply = toReply(raw);
  const tooMany = reply.code === 552 && (reply.enhanced === null || reply.enhanced === '5.5.3');
  if (tooMany) return { kind: 'deferred', code: 'delivery.refused-temporarily', scope: 'recipient', afterDot: 'no', reply, tls };
  return refused(reply, 'recipient', tls);
}

/** DATA or the content refused: all recipients that were taken. */
export function refusedData(raw: RawReply, tls: TlsEvidence): Outcome {
  const reply = toReply(raw);
  if (reply.code === 552 && reply.enhanced === '5.3.4') return { kind: 'not-reached', code: 'delivery.too-large', tls };
  return refused(reply, 'message', tls);
}

/** The connection ended or failed without a reply. */
export function broken(code: BrokenCode, scope: Scope, afterDot: 'yes' | 'no', tls: TlsEvidence | null): Outcome {
  return { kind: 'deferred', code, scope, afterDot, reply: null, tls };
}

function refused(reply: Reply, scope: Scope, tls: TlsEvidence): Outcome {
  // A positive or intermediate reply where it makes no sense: nothing was agreed.
  if (reply.code < 400) return broken('delivery.protocol-error', scope, 'no', tls);
  if (reply.code >= 500) return { kind: 'failed', code: 'delivery.refused', reply, tls };
  const closing = reply.code === 421 || reply.enhanced === '4.3.2';
  return { kind: 'deferred', code: 'delivery.refused-temporarily', scope: closing ? 'next-hop' : scope, afterDot: 'no', reply, tls };
}
