// The mail exchangers of a domain (RFC 5321 5.1, RFC 7505) and their addresses, as DNS has them; what may be used is decided elsewhere.
import { isIPv6 } from 'node:net';
import { addressKey } from '../fetch/ip-address.ts';
import type { Resolver } from './resolver.ts';

/** More MX records than this are not looked at. */
const MAX_EXCHANGES = 20;
/** Addresses kept of one host. */
export const MAX_ADDRESSES = 10;

export interface Exchange {
  readonly preference: number;
  readonly host: string;
}

export type MailExchanges =
  | {
      readonly kind: 'exchanges';
      /** In the order to try; a domain without MX records is its own exchange. */
      readonly exchanges: readonly Exchange[];
      readonly source: 'mx' | 'implicit';
      /** By DNSSEC: the records, or that there are none. */
      readonly authenticated: boolean;
      /** The domain, or where its CNAMEs lead. */
      readonly canonicalDomain: string;
    }
  | { readonly kind: 'null-mx' }
  | { readonly kind: 'no-such-domain' }
  | { readonly kind: 'failed' };

/** Source of chance: from 0 up to but not 1. */
export type Random = () => number;

/** MX records by preference, in random order among equals (RFC 5321 5.1). */
export async function lookupExchanges(resolver: Resolver, domain: string, random: Random, signal?: AbortSignal): Promise<MailExchanges> {
  const answer = await resolver.query(domain, 'MX', signal);
  if (answer.kind === 'failed') return { kind: 'failed' };
  if (answer.kind === 'no-name') return { kind: 'no-such-domain' };
  const authenticated = resolver.validating === 'yes' && answer.authenticated;
  if (answer.kind === 'no-data') {
    const exchanges = [{ preference: 0, host: domain }];
    return { kind: 'exchanges', exchanges, source: 'implicit', authenticated, canonicalDomain: domain };
  }
  // "." beside other records has no meaning (RFC 7505 3): the others count.
  const named = answer.records
    .filter(({ exchange }) => exchange !== '.')
    .map(({ preference, exchange }) => ({ preference, host: exchange }));
  if (named.length === 0) return { kind: 'null-mx' };
  const exchanges = inOrder(named, random).slice(0, MAX_EXCHANGES);
  return { kind: 'exchanges', exchanges, source: 'mx', authenticated, canonicalDomain: answer.canonicalName ?? domain };
}

export type HostAddresses =
  | {
      readonly kind: 'found';
      /** In the order to try, without doubles. */
      readonly addresses: readonly string[];
      readonly authenticated: boolean;
      /** The host, or where its CNAMEs lead. */
      readonly canonicalName: string;
    }
  | { readonly kind: 'none' }
  | { readonly kind: 'failed' };

/** Addresses of a host: IPv6 and IPv4 in turn, so that one broken network costs one attempt, not all. */
export async function lookupAddresses(resolver: Resolver, host: string, random: Random, signal?: AbortSignal): Promise<HostAddresses> {
  if (!isHostName(host)) return { kind: 'none' };
  const [v6, v4] = await Promise.all([resolver.query(host, 'AAAA', signal), resolver.query(host, 'A', signal)]);
  const found = [v6, v4].filter((answer) => answer.kind === 'records');
  const [first] = found;
  if (first === undefined) return { kind: v6.kind === 'failed' || v4.kind === 'failed' ? 'failed' : 'none' };
  return {
    kind: 'found',
    addresses: interleaved(
      found.flatMap(({ records }) => records),
      random,
    ),
    authenticated: resolver.validating === 'yes' && found.every(({ authenticated }) => authenticated),
    canonicalName: first.canonicalName ?? host,
  };
}

/** A name that a host can have (RFC 1123 2.1; "_" is tolerated). An IP number in place of a name is none (RFC 5321 5.1). */
export function isHostName(name: string): boolean {
  return name.length <= 253 && /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name);
}

function inOrder(exchanges: readonly Exchange[], random: Random): readonly Exchange[] {
  const once = [
    ...new Map(
      exchanges
        .toSorted(byPreference)
        .toReversed()
        .map((exchange) => [exchange.host, exchange]),
    ).values(),
  ];
  // A stable sort of a shuffled list: chance among equals.
  return shuffled(once, random).sort(byPreference);
}

function byPreference(a: Exchange, b: Exchange): number {
  return a.preference - b.preference;
}

function interleaved(addresses: readonly string[], random: Random): readonly string[] {
  const once = [...new Map(addresses.map((address) => [addressKey(address), address])).values()];
  const v6 = shuffled(once.filter(isIPv6), random);
  const v4 = shuffled(
    once.filter((address) => !isIPv6(address)),
    random,
  );
  const turns = Array.from({ length: Math.max(v6.length, v4.length) }, (_, i) => [v6[i], v4[i]]);
  return turns
    .flat()
    .filter((address) => address !== undefined)
    .slice(0, MAX_ADDRESSES);
}

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], random: Random): T[] {
  const rest = [...items];
  const order: T[] = [];
  while (rest.length > 0) order.push(...rest.splice(Math.floor(random() * rest.length), 1));
  return order;
}
