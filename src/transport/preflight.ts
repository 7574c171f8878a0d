// Before MAIL: can this message go over this session at all, and with which parameters? Pure.
import type { Outcome } from '../mail/outcome.ts';
import { isAscii } from '../mail/address.ts';
import type { TlsEvidence } from '../mail/tls.ts';
import { needsSmtpUtf8 } from './envelope-commands.ts';
import { judgeOffer, judgeTls } from './floor.ts';
import { type Offer, sizeLimit } from './offer.ts';
import type { SendRequest } from './transport.ts';

export type Preflight =
  /** Nothing can be sent; the outcome is everybody's. */
  | { readonly kind: 'refused'; readonly outcome: Outcome }
  | {
      readonly kind: 'ready';
      /** Indexes of the recipients that can be sent. */
      readonly going: readonly number[];
      /** The outcome of all others. */
      readonly refusal: Outcome | null;
      readonly smtpUtf8: 'ask' | 'leave';
      readonly requireTls: 'ask' | 'leave';
      readonly tls: TlsEvidence;
    };

/** Judges again even for a session just opened: what a message needs is checked in one place, right before it is sent. */
export function preflight(request: SendRequest, session: { readonly offer: Offer; readonly tls: TlsEvidence }): Preflight {
  const { hop, envelope, content } = request;
  const { offer } = session;
  const applied = { floor: request.floor, requireTls: envelope.requireTls };
  const tlsJudged = judgeTls(hop, session.tls.certificate, applied);
  if (tlsJudged.kind === 'missed') return notReached(tlsJudged.code, session.tls);
  const judged = judgeOffer(hop, tlsJudged.level, applied, offer.has('REQUIRETLS') ? 'offered' : 'not-offered');
  if (judged.kind === 'missed') return notReached(judged.code, session.tls);
  const tls = judged.reach === session.tls.reach ? session.tls : { ...session.tls, reach: judged.reach };
  const limit = sizeLimit(offer);
  if (limit !== null && content.sizeBytes > limit) return notReached('delivery.too-large', tls);
  if ((content.body === '8bitmime' || content.needs === '8bitmime') && !offer.has('8BITMIME'))
    return failed('delivery.needs-8bitmime', tls);
  const utf8 = judgeUtf8(request, offer);
  if (utf8.going.length === 0) return failed('delivery.needs-smtputf8', tls);
  const refusal: Outcome = { kind: 'failed', code: 'delivery.needs-smtputf8', reply: null, tls };
  return {
    kind: 'ready',
    ...utf8,
    refusal: utf8.going.length < request.recipients.length ? refusal : null,
    requireTls: judged.requireTls,
    tls,
  };
}

/** Without SMTPUTF8 only those recipients go whose address can be written without it, if the message itself can (RFC 6531 3.4). */
function judgeUtf8({ envelope, content, recipients }: SendRequest, offer: Offer): { going: readonly number[]; smtpUtf8: 'ask' | 'leave' } {
  const all = recipients.map((_, i) => i);
  if (offer.has('SMTPUTF8')) {
    const asks =
      envelope.smtpUtf8 ||
      content.needs === 'smtputf8' ||
      !isAscii(envelope.reversePath) ||
      recipients.some(({ address }) => !isAscii(address));
    return { going: all, smtpUtf8: asks ? 'ask' : 'leave' };
  }
  if (content.needs === 'smtputf8' || needsSmtpUtf8(envelope.reversePath)) return { going: [], smtpUtf8: 'leave' };
  return { going: all.filter((i) => !needsSmtpUtf8(recipients[i]?.address ?? '')), smtpUtf8: 'leave' };
}

function notReached(code: (Outcome & { kind: 'not-reached' })['code'], tls: TlsEvidence): Preflight {
  return { kind: 'refused', outcome: { kind: 'not-reached', code, tls } };
}

function failed(code: 'delivery.needs-8bitmime' | 'delivery.needs-smtputf8', tls: TlsEvidence): Preflight {
  return { kind: 'refused', outcome: { kind: 'failed', code, reply: null, tls } };
}
