// Certificates of the sink, made anew at each start and never written to disk: an authority, and one per server as its role wants it.
import { createHash, X509Certificate } from 'node:crypto';
import type { Tlsa } from '../mail/next-hop.ts';
import { issueSelfSigned, newAuthority } from '../pki/issue.ts';
import type { Authority, IssuedCertificate, Validity } from '../pki/issue.ts';
import type { SandboxDomain } from './domains.ts';

type PlayedServer = NonNullable<SandboxDomain['server']>;

export interface Identities {
  /** PEM of the authority: what is trusted in sandbox mode. */
  readonly trustAnchor: string;
  /** By host; a server without TLS has none. */
  readonly certificates: ReadonlyMap<string, IssuedCertificate>;
  /** By host: what the zone publishes for the DANE domains. */
  readonly tlsa: ReadonlyMap<string, Tlsa>;
}

const DAY_MS = 86_400_000;
/** Backdated, so that a clock that is stepped back a little spoils nothing. */
const BEFORE_MS = DAY_MS;
const AFTER_MS = 90 * DAY_MS;
const WRONG_NAME = 'mx.elsewhere.test';

export async function makeIdentities(servers: readonly PlayedServer[], now: number): Promise<Identities> {
  const validity = { notBefore: now - BEFORE_MS, notAfter: now + AFTER_MS };
  // Older than the expired leaf, so that only the leaf is at fault.
  const authority = await newAuthority({ name: 'Postern sandbox', notBefore: now - 400 * DAY_MS, notAfter: validity.notAfter });
  const certificates = new Map<string, IssuedCertificate>();
  const tlsa = new Map<string, Tlsa>();
  for (const server of servers) {
    const issued = await certificateOf(server, authority, validity, now);
    if (issued === null) continue;
    certificates.set(server.host, issued);
    if (server.shows === 'dane') tlsa.set(server.host, daneEe(publicKeyOf(issued)));
    if (server.shows === 'dane-mismatch') tlsa.set(server.host, daneEe(Buffer.from('the key of somebody else')));
  }
  return { trustAnchor: authority.certificate, certificates, tlsa };
}

function certificateOf(
  { host, shows }: PlayedServer,
  authority: Authority,
  validity: Validity,
  now: number,
): Promise<IssuedCertificate | null> {
  switch (shows) {
    case 'no-tls':
      return Promise.resolve(null);
    case 'good-certificate':
    case 'dane-mismatch':
      return authority.issue({ names: [host], ...validity });
    case 'expired-certificate':
      return authority.issue({ names: [host], notBefore: now - 100 * DAY_MS, notAfter: now - 10 * DAY_MS });
    case 'wrong-name':
      return authority.issue({ names: [WRONG_NAME], ...validity });
    case 'self-signed':
    case 'dane':
      return issueSelfSigned({ names: [host], ...validity });
  }
}

/** DANE-EE(3) SPKI(1) SHA2-256(1), the form that RFC 7672 3.1.1 recommends. */
function daneEe(publicKey: Uint8Array): Tlsa {
  return { usage: 3, selector: 1, matchingType: 1, data: createHash('sha256').update(publicKey).digest() };
}

function publicKeyOf({ certificate }: IssuedCertificate): Uint8Array {
  return new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' });
}
