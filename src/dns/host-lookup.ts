// Addresses of a next hop that the configuration names: a smarthost, or the internal server of our own domains. It may lie in a private
// network. Guarantee: as everywhere a failed look-up defers, and TLSA records count only where DNSSEC vouches for the addresses.
import { isIP } from 'node:net';
import { canonicalDomain } from '../mail/address.ts';
import type { Routing, Tlsa } from '../mail/next-hop.ts';
import { lookupAddresses } from './mx.ts';
import type { Random } from './mx.ts';
import type { Resolver } from './resolver.ts';
import { lookupTlsa } from './tlsa.ts';

export interface HostLookupOptions {
  readonly resolver: Resolver;
  readonly random: Random;
}

export type FoundHost =
  | {
      readonly kind: 'found';
      readonly addresses: readonly string[];
      /** As in NextHop: usable records; empty where there are only unusable ones; null for none. */
      readonly tlsa: readonly Tlsa[] | null;
      /** The TLSA base domain where DANE is in force, else the host: for SNI. */
      readonly serverName: string;
    }
  | Exclude<Routing, { kind: 'hops' }>;

/** RFC 6761 6.3: never asked of DNS. */
const LOCALHOST = ['127.0.0.1', '::1'];

/** A configured host: a name in any spelling, or an IP address. RFC 7672 2.2.2 for its TLSA records. */
export async function lookupHost(
  host: string,
  port: number,
  { resolver, random }: HostLookupOptions,
  signal?: AbortSignal,
): Promise<FoundHost> {
  if (isIP(host) !== 0) return plain([host], host);
  const name = canonicalDomain(host) ?? '';
  if (name === 'localhost') return plain(LOCALHOST, name);
  const found = await lookupAddresses(resolver, name, random, signal);
  if (found.kind === 'failed') return { kind: 'deferred', code: 'route.dns-failed' };
  if (found.kind === 'none') return { kind: 'failed', code: 'route.no-mail-server' };
  const dane = await lookupTlsa(resolver, name, found, port, signal);
  switch (dane.kind) {
    case 'failed':
      return { kind: 'deferred', code: 'route.dns-failed' };
    case 'usable':
      return { kind: 'found', addresses: found.addresses, tlsa: dane.records, serverName: dane.baseDomain };
    case 'unusable':
      return { ...plain(found.addresses, name), tlsa: [] };
    case 'none':
      return plain(found.addresses, name);
  }
}

function plain(addresses: readonly string[], serverName: string): Extract<FoundHost, { kind: 'found' }> {
  return { kind: 'found', addresses, tlsa: null, serverName };
}
