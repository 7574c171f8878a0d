// TLSA records of a mail host (RFC 7672 2.2, 3.1). Only asked for where DNSSEC vouches for the host's addresses.
// Guarantee: a failed look-up is 'failed', never 'none'; records that DNSSEC does not vouch for are none.
import { createPublicKey, X509Certificate } from 'node:crypto';
import type { Tlsa } from '../mail/next-hop.ts';
import type { HostAddresses } from './mx.ts';
import type { Resolver } from './resolver.ts';

/** Records kept of one host. */
const MAX_RECORDS = 32;

export type DaneRecords =
  | { readonly kind: 'usable'; readonly records: readonly Tlsa[]; readonly baseDomain: string }
  /** Authenticated records, none of them usable: TLS is mandatory, authentication is not possible (RFC 7672 2.2). */
  | { readonly kind: 'unusable' }
  | { readonly kind: 'none' }
  | { readonly kind: 'failed' };

/**
 * DANE for a host whose addresses were found. Where CNAMEs lead from the host to another name, that name's records come first
 * (RFC 7672 2.2.3); where only the first step is signed, the host's own still count (RFC 7672 2.1.3).
 */
export async function lookupTlsa(
  resolver: Resolver,
  host: string,
  found: Extract<HostAddresses, { kind: 'found' }>,
  port: number,
  signal?: AbortSignal,
): Promise<DaneRecords> {
  if (resolver.validating !== 'yes') return { kind: 'none' };
  if (!found.authenticated) {
    if (found.canonicalName === host) return { kind: 'none' };
    const alias = await resolver.query(host, 'CNAME', signal);
    if (alias.kind === 'failed') return { kind: 'failed' };
    return alias.kind === 'records' && alias.authenticated ? tlsaOf(resolver, host, port, signal) : { kind: 'none' };
  }
  const atCanonicalName = await tlsaOf(resolver, found.canonicalName, port, signal);
  return atCanonicalName.kind === 'none' && found.canonicalName !== host ? tlsaOf(resolver, host, port, signal) : atCanonicalName;
}

async function tlsaOf(resolver: Resolver, baseDomain: string, port: number, signal?: AbortSignal): Promise<DaneRecords> {
  const answer = await resolver.query(`_${port}._tcp.${baseDomain}`, 'TLSA', signal);
  if (answer.kind === 'failed') return { kind: 'failed' };
  if (answer.kind !== 'records' || !answer.authenticated) return { kind: 'none' };
  const records = strongest(answer.records.filter(isUsable)).slice(0, MAX_RECORDS);
  return records.length === 0 ? { kind: 'unusable' } : { kind: 'usable', records, baseDomain };
}

/** Usages 2 and 3 only (RFC 7672 3.1.3), with a known selector and matching type and data that can match (RFC 6698 4.1). */
export function isUsable({ usage, selector, matchingType, data }: Tlsa): boolean {
  if (usage !== 2 && usage !== 3) return false;
  if (selector !== 0 && selector !== 1) return false;
  switch (matchingType) {
    case 0:
      return selector === 0 ? isCertificate(data) : isPublicKey(data);
    case 1:
      return data.length === 32;
    case 2:
      return data.length === 64;
    default:
      return false;
  }
}

/** Digest agility (RFC 7671 9): of the digests published for one usage and selector only the strongest counts. */
function strongest(records: readonly Tlsa[]): readonly Tlsa[] {
  const hasSha512 = (of: Tlsa): boolean =>
    records.some(({ usage, selector, matchingType }) => usage === of.usage && selector === of.selector && matchingType === 2);
  return records.filter((record) => record.matchingType !== 1 || !hasSha512(record));
}

function isCertificate(der: Uint8Array): boolean {
  try {
    // Octets behind the certificate are not part of it: then nothing can be equal to the data.
    return new X509Certificate(der).raw.equals(der);
  } catch {
    return false;
  }
}

function isPublicKey(der: Uint8Array): boolean {
  try {
    createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' });
    return true;
  } catch {
    return false;
  }
}
