// Where mail for a domain goes by its MX records, and what each next hop must prove (RFC 5321 5.1, RFC 7505, RFC 7672, RFC 8461).
// Guarantees: a failed look-up defers, never counts as absence; nothing leads back to this host or, unless allowed, to a private
// address; usable TLSA records override MTA-STS; an enforced policy drops the hosts it does not name.
import { addressKey, isPublicAddress } from '../fetch/ip-address.ts';
import type { MailErrorCode } from '../mail/mail-error.ts';
import type { NextHop, Routing } from '../mail/next-hop.ts';
import { lookupAddresses, lookupExchanges } from './mx.ts';
import type { Exchange, HostAddresses, MailExchanges, Random } from './mx.ts';
import type { Resolver } from './resolver.ts';
import type { StsInForce, StsLookup } from './sts.ts';
import { namesHost } from './sts-policy.ts';
import { lookupTlsa } from './tlsa.ts';
import type { DaneRecords } from './tlsa.ts';

export interface MailRouteOptions {
  readonly resolver: Resolver;
  readonly sts: StsLookup;
  readonly random: Random;
  /** Names and addresses of this host: mail must not come back to it. */
  readonly own: { readonly names: readonly string[]; readonly addresses: readonly string[] };
  readonly privateAddresses: 'refused' | 'allowed';
  /** Default 25. */
  readonly port?: number;
}

type Exchanges = Extract<MailExchanges, { kind: 'exchanges' }>;
type Found = Extract<HostAddresses, { kind: 'found' }>;

/** A host that can be connected to, as far as DNS goes. */
interface Candidate {
  readonly host: string;
  readonly found: Found;
  readonly dane: DaneRecords;
}

/** The next hops for a recipient domain (A-labels, lower case; or an address literal, which is refused). */
export async function lookupMailRoute(domain: string, options: MailRouteOptions, signal?: AbortSignal): Promise<Routing> {
  if (domain.startsWith('[')) return failed('route.address-literal');
  const mx = await lookupExchanges(options.resolver, domain, options.random, signal);
  switch (mx.kind) {
    case 'failed':
      return deferred('route.dns-failed');
    case 'no-such-domain':
      return failed('route.no-such-domain');
    case 'null-mx':
      return failed('route.null-mx');
    case 'exchanges':
      return routeOver(domain, mx, options, signal);
  }
}

async function routeOver(domain: string, mx: Exchanges, options: MailRouteOptions, signal?: AbortSignal): Promise<Routing> {
  const { resolver, random } = options;
  const hosts = await Promise.all(
    mx.exchanges.map(async (exchange) => ({ exchange, addresses: await lookupAddresses(resolver, exchange.host, random, signal) })),
  );
  const ahead = aheadOfUs(hosts, options.own);
  if (ahead.length === 0) return failed('route.loops-to-us');
  // What stands in the way of the hosts that drop out; the most hopeful reason is told where none is left.
  const obstacles = new Set<MailErrorCode>();
  const candidates = (
    await Promise.all(ahead.map(({ exchange, addresses }) => candidateOf(exchange.host, addresses, mx, options, obstacles, signal)))
  ).filter((candidate) => candidate !== null);
  // Where DANE is in force MTA-STS is not asked for.
  const needsSts = candidates.some(({ dane }) => dane.kind !== 'usable');
  const sts: StsInForce = needsSts ? await options.sts(domain, signal) : { kind: 'none' };
  const hops = candidates.map((candidate) => hopOf(candidate, domain, mx, sts, options, obstacles)).filter((hop) => hop !== null);
  return hops.length > 0 ? { kind: 'hops', hops } : noHop(obstacles);
}

interface HostWithAddresses {
  readonly exchange: Exchange;
  readonly addresses: HostAddresses;
}

/** Cuts this host and all of its preference or beyond (RFC 5321 5.1): else two relays could hand a message to each other for ever. */
function aheadOfUs(hosts: readonly HostWithAddresses[], own: MailRouteOptions['own']): readonly HostWithAddresses[] {
  const names = new Set(own.names.map((name) => name.toLowerCase()));
  const keys = new Set(own.addresses.map(addressKey));
  const us = hosts.find(({ exchange, addresses }) => {
    if (names.has(exchange.host)) return true;
    return (
      addresses.kind === 'found' &&
      (names.has(addresses.canonicalName) || addresses.addresses.some((address) => keys.has(addressKey(address))))
    );
  });
  return us === undefined ? hosts : hosts.filter(({ exchange }) => exchange.preference < us.exchange.preference);
}

async function candidateOf(
  host: string,
  addresses: HostAddresses,
  mx: Exchanges,
  { resolver, privateAddresses, port = 25 }: MailRouteOptions,
  obstacles: Set<MailErrorCode>,
  signal?: AbortSignal,
): Promise<Candidate | null> {
  if (addresses.kind !== 'found') {
    obstacles.add(addresses.kind === 'failed' ? 'route.dns-failed' : 'route.no-mail-server');
    return null;
  }
  const permitted = privateAddresses === 'allowed' ? addresses.addresses : addresses.addresses.filter(isPublicAddress);
  if (permitted.length === 0) {
    obstacles.add('route.private-address');
    return null;
  }
  const found = { ...addresses, addresses: permitted };
  // Names out of unsigned MX records are anybody's: their TLSA records prove nothing (RFC 7672 2.2.1).
  const dane: DaneRecords =
    mx.source === 'implicit' || mx.authenticated ? await lookupTlsa(resolver, host, found, port, signal) : { kind: 'none' };
  if (dane.kind !== 'failed') return { host, found, dane };
  // This host may have TLSA records that someone suppresses (RFC 7672 2.1.2): it is not used now.
  obstacles.add('route.dns-failed');
  return null;
}

function hopOf(
  { host, found, dane }: Candidate,
  domain: string,
  mx: Exchanges,
  sts: StsInForce,
  { port = 25 }: MailRouteOptions,
  obstacles: Set<MailErrorCode>,
): NextHop | null {
  const shared = { addresses: found.addresses, port, tls: 'starttls', reach: 'recipient-domain', credentials: null } as const;
  if (dane.kind === 'usable') {
    // RFC 7672 3.2.2: with usage 2 the certificate may name the TLSA base domain, the MX host, or the domain of the address.
    const names = mx.source === 'mx' ? [dane.baseDomain, host, domain, mx.canonicalDomain] : [dane.baseDomain, host];
    const referenceNames = [...new Set(names)];
    return { ...shared, host: dane.baseDomain, referenceNames, authenticity: 'dnssec', tlsa: dane.records, published: 'dane' };
  }
  if (sts.kind === 'failed') {
    obstacles.add(sts.code);
    return null;
  }
  const plain = { ...shared, host, referenceNames: [host] };
  if (sts.kind === 'policy' && sts.policy.mode === 'enforce') {
    if (namesHost(sts.policy, host)) return { ...plain, authenticity: 'mta-sts', tlsa: null, published: 'mta-sts' };
    obstacles.add('route.sts-mismatch');
    return null;
  }
  const authenticity = mx.authenticated ? 'dnssec' : 'unsigned';
  // No TLSA record that can be used: encryption is mandatory, authentication is not possible (RFC 7672 2.2).
  return dane.kind === 'unusable'
    ? { ...plain, authenticity, tlsa: [], published: 'dane' }
    : { ...plain, authenticity, tlsa: null, published: null };
}

/** No next hop: later where that can help, else never. */
function noHop(obstacles: ReadonlySet<MailErrorCode>): Routing {
  for (const code of ['route.dns-failed', 'route.sts-unavailable', 'route.sts-mismatch'] as const)
    if (obstacles.has(code)) return deferred(code);
  return failed(obstacles.has('route.private-address') ? 'route.private-address' : 'route.no-mail-server');
}

function deferred(code: MailErrorCode): Routing {
  return { kind: 'deferred', code };
}

function failed(code: MailErrorCode): Routing {
  return { kind: 'failed', code };
}
