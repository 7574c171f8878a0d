// Builds what the gateway is handed: who, over what, with which envelope. Pure.
import type { Client, Submission } from '../gateway/intake.ts';
import type { Envelope } from '../mail/envelope.ts';
import type { Identity } from './identity.ts';

export interface SessionState {
  readonly listener: string;
  readonly address: string;
  /** Argument of EHLO or HELO. */
  readonly helo: string;
  readonly greeting: 'EHLO' | 'HELO';
  readonly tls: { readonly protocol: string; readonly cipher: string } | null;
  /** 'yes' only after AUTH: a trusted certificate or network is not authentication in the sense of RFC 4954. */
  readonly authenticated: 'yes' | 'no';
}

export function submissionOf(state: SessionState, identity: Identity, envelope: Envelope): Submission {
  const { address, listener, tls } = state;
  const client: Client = { address, helo: printableHelo(state.helo), protocol: protocolWord(state, envelope), tls, listener };
  return { ...identity, client, envelope };
}

/** The word after "with" in the Received field (RFC 3848, RFC 8314 4.3, RFC 6531 4.3). */
export function protocolWord(
  state: Pick<SessionState, 'greeting' | 'tls' | 'authenticated'>,
  envelope: Pick<Envelope, 'smtpUtf8'>,
): Client['protocol'] {
  if (state.greeting === 'HELO') return 'SMTP';
  const name = envelope.smtpUtf8 ? 'UTF8SMTP' : 'ESMTP';
  const secured = state.tls === null ? '' : 'S';
  return `${name}${secured}${state.authenticated === 'yes' ? 'A' : ''}`;
}

/** Clients put machine names of any script there; a trace field has room for US-ASCII only. */
export function printableHelo(helo: string): string {
  return helo.replace(/[^!-~]/g, '?').slice(0, 255);
}
