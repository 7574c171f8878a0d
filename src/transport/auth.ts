// Login at a smarthost (RFC 4954): PLAIN (RFC 4616), else LOGIN. The caller has verified the connection; without that nothing here runs.
import type { ClientCertificate } from './tls-contexts.ts';
import type { Connection, Received } from './connection.ts';
import { type Offer, offersAuth } from './offer.ts';

/** What the configuration keeps for a next hop under one name: a login, a client certificate, or both. */
export interface Credentials {
  readonly login: { readonly user: string; readonly password: string } | null;
  readonly certificate: ClientCertificate | null;
}

export type Login = NonNullable<Credentials['login']>;

/** The reply that decided: 235 is success. Null where no mechanism that we speak is offered. */
export async function logIn(connection: Connection, offer: Offer, login: Login, timeoutMs: number): Promise<Received | null> {
  if (offersAuth(offer, 'PLAIN')) {
    connection.write(`AUTH PLAIN ${base64(`\0${login.user}\0${login.password}`)}\r\n`);
    return connection.next(timeoutMs);
  }
  if (!offersAuth(offer, 'LOGIN')) return null;
  connection.write('AUTH LOGIN\r\n');
  for (const secret of [login.user, login.password]) {
    const prompt = await connection.next(timeoutMs);
    if ('broken' in prompt || prompt.code !== 334) return prompt;
    connection.write(`${base64(secret)}\r\n`);
  }
  return connection.next(timeoutMs);
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
