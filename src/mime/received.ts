// The Received field that we add (RFC 5321 4.4). It never names a recipient or a login.
import { isIP } from 'node:net';
import { headerDate } from './date-time.ts';

export interface ReceivedFacts {
  readonly client: {
    readonly address: string;
    readonly helo: string;
    /** RFC 3848, RFC 6531 4.3. */
    readonly protocol: string;
    readonly tls: { readonly protocol: string; readonly cipher: string } | null;
  };
  /** Name and address of the client: hidden where they would tell outsiders about a home or a ward. */
  readonly clientAddress: 'show' | 'hide';
  /** Our own name. */
  readonly hostname: string;
  /** Our id of the message. */
  readonly messageId: string;
  readonly at: number;
}

/** The whole field, folded, with CRLF at its end. US-ASCII whatever the client said. */
export function receivedField(facts: ReceivedFacts): string {
  const { client, hostname, messageId, at } = facts;
  const from =
    facts.clientAddress === 'show' ? `${heloOf(client.helo)} (${addressOf(client.address)})` : 'client.invalid (address withheld)';
  const tls = client.tls === null ? '' : `\r\n (using ${word(client.tls.protocol)} with cipher ${word(client.tls.cipher)})`;
  return `Received: from ${from}${tls}\r\n by ${word(hostname)} with ${word(client.protocol)} id ${word(messageId)};\r\n ${headerDate(at)}\r\n`;
}

function heloOf(helo: string): string {
  return /^(?:[A-Za-z0-9_.-]{1,255}|\[[A-Za-z0-9:.]{1,64}\])$/.test(helo) ? helo : 'unknown';
}

/** TCP-info (RFC 5321 4.4): an address literal. */
function addressOf(address: string): string {
  const version = isIP(address);
  if (version === 0) return 'unknown';
  return version === 6 ? `[IPv6:${address}]` : `[${address}]`;
}

/** Anything that could end the field or a comment in it is taken out. */
function word(text: string): string {
  return text.replace(/[^A-Za-z0-9._:-]/g, '').slice(0, 255);
}
