// Who submits, and what that one may do: an account after AUTH, else a trusted certificate, else a trusted network.
import type { X509Certificate } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import type { Socket } from 'node:net';
import type { Trust, TrustedSubmitter } from '../access/trust.ts';
import type { Submission } from '../gateway/intake.ts';
import type { Account } from '../store/accounts.ts';

export type Identity = Pick<Submission, 'submitter' | 'mayUse' | 'tenantProof' | 'reports' | 'likelyRepeats'>;

export function identityOfAccount(account: Account): Identity {
  const { name, mayUse, reports, likelyRepeats } = account;
  return { submitter: { kind: 'account', name }, mayUse, tenantProof: null, reports, likelyRepeats };
}

/** The trusted way that this connection comes by, or null. A certificate counts before a network. */
export function trustedIdentity(
  trust: Trust,
  socket: Socket,
  address: string,
  rules: { readonly chain: 'required' | 'any' },
): Identity | null {
  const certificate = socket instanceof TLSSocket ? clientCertificate(socket, rules.chain) : null;
  const way = (certificate === null ? null : trust.byCertificate(certificate.fingerprint256)) ?? trust.byNetwork(address);
  return way === null ? null : identityOfTrusted(way);
}

function identityOfTrusted(way: TrustedSubmitter): Identity {
  const { kind, name, mayUse, tenantProof, reports, likelyRepeats } = way;
  return { submitter: { kind, name }, mayUse, tenantProof, reports, likelyRepeats };
}

/**
 * The client's certificate where it may count at all: within its dates, and chained to a configured CA where there is one.
 * That the client holds the key was proven by the handshake; who it is, its fingerprint says.
 */
function clientCertificate(socket: TLSSocket, chain: 'required' | 'any'): X509Certificate | null {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined || (chain === 'required' && !socket.authorized)) return null;
  const now = Date.now();
  return certificate.validFromDate.getTime() <= now && now <= certificate.validToDate.getTime() ? certificate : null;
}
