// The commands of one transaction: MAIL and RCPT with the parameters that the next hop offers (RFC 5321 4.1.1, 1870, 6152, 6531, 3461, 8689).
import { domainOf, isAscii } from '../mail/address.ts';
import type { Envelope, Recipient } from '../mail/envelope.ts';
import type { Offer } from './offer.ts';
import type { Wire } from './transport.ts';

export interface MailFacts {
  readonly envelope: Pick<Envelope, 'reversePath' | 'ret' | 'envid'>;
  readonly content: Pick<Wire, 'sizeBytes' | 'body'>;
  readonly smtpUtf8: 'ask' | 'leave';
  readonly requireTls: 'ask' | 'leave';
}

/** MAIL with CRLF. */
export function mailCommand({ envelope, content, smtpUtf8, requireTls }: MailFacts, offer: Offer): string {
  let command = `MAIL FROM:<${wireAddress(envelope.reversePath, smtpUtf8)}>`;
  if (offer.has('SIZE')) command += ` SIZE=${content.sizeBytes}`;
  if (content.body === '8bitmime' && offer.has('8BITMIME')) command += ' BODY=8BITMIME';
  if (smtpUtf8 === 'ask') command += ' SMTPUTF8';
  if (offer.has('DSN')) {
    if (envelope.ret !== null) command += ` RET=${envelope.ret.toUpperCase()}`;
    if (envelope.envid !== null) command += ` ENVID=${envelope.envid}`;
  }
  if (requireTls === 'ask') command += ' REQUIRETLS';
  return oneLine(command);
}

/** RCPT with CRLF. NOTIFY that the client did not give is not made up (RFC 3461 5.2.1). */
export function rcptCommand(recipient: Recipient, smtpUtf8: 'ask' | 'leave', offer: Offer): string {
  let command = `RCPT TO:<${wireAddress(recipient.address, smtpUtf8)}>`;
  if (offer.has('DSN')) {
    if (recipient.notify !== null && recipient.notify.length > 0) command += ` NOTIFY=${recipient.notify.join(',').toUpperCase()}`;
    if (recipient.orcpt !== null) command += ` ORCPT=${recipient.orcpt}`;
  }
  return oneLine(command);
}

/** Can this address not be sent without SMTPUTF8? A domain can, as A-labels; a local part cannot be changed. */
export function needsSmtpUtf8(address: string): boolean {
  return !isAscii(address.slice(0, address.lastIndexOf('@') + 1));
}

function wireAddress(address: string, smtpUtf8: 'ask' | 'leave'): string {
  if (smtpUtf8 === 'ask' || isAscii(address)) return address;
  return `${address.slice(0, address.lastIndexOf('@') + 1)}${domainOf(address)}`;
}

/** The last guard against a second command inside a first: what comes in was checked at MAIL and RCPT. */
function oneLine(command: string): string {
  if (/[^\x20-\x7e\x80-\uffff]/.test(command)) throw new Error('a command holds a control character');
  return `${command}\r\n`;
}
