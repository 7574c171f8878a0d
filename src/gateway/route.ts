// Where mail for a recipient goes: by the configuration's routes, first match wins, else by MX. Also names what the queue groups by.
import { domainOf, matchesDomain } from '../mail/address.ts';
import type { NextHop, Routing, Tlsa } from '../mail/next-hop.ts';
import type { TlsEvidence } from '../mail/tls.ts';

/** Next hops fixed by configuration: our own domains to the internal server, or a smarthost for the rest. */
export interface ConfiguredRoute {
  /** As configured: stands in evidence. */
  readonly name: string;
  /** `example.org`, `*.example.org`, or `*`. */
  readonly domains: readonly string[];
  readonly nextHops: readonly { readonly host: string; readonly port: number; readonly tls: 'starttls' | 'implicit' }[];
  /** Domains whose own mail system these next hops are; for all others the way beyond them is unknown. */
  readonly finalFor: readonly string[];
  /** Who promised that TLS is enforced beyond this smarthost, and since when. */
  readonly onward: 'unknown' | { readonly promisedBy: string; readonly since: string };
  /** Name of credentials or of a client certificate, or null. */
  readonly credentials: string | null;
}

/** Addresses of a configured host, with TLSA records where DNSSEC vouches for them. */
export type HostLookup = (
  host: string,
  port: number,
) => Promise<
  | { readonly kind: 'found'; readonly addresses: readonly string[]; readonly tlsa: readonly Tlsa[] | null; readonly serverName: string }
  | Exclude<Routing, { kind: 'hops' }>
>;

export interface RouteLookups {
  readonly mx: (domain: string) => Promise<Routing>;
  readonly host: HostLookup;
}

export interface Destination {
  /** What the queue groups and backs off by. Not for logs: it can hold a domain; use its keyed digest. */
  readonly key: string;
  readonly domain: string;
  readonly route: ConfiguredRoute | null;
}

/** The destination of a recipient. */
export function destinationOf(recipient: string, routes: readonly ConfiguredRoute[]): Destination {
  const domain = domainOf(recipient);
  const route = routes.find((candidate) => candidate.domains.some((pattern) => matchesDomain(pattern, domain))) ?? null;
  if (route === null) return { key: `mx:${domain}`, domain, route };
  return { key: `route:${route.name}:${reachOf(route, domain)}`, domain, route };
}

/** The next hops of a destination now. */
export async function routeOf(destination: Destination, lookups: RouteLookups): Promise<Routing> {
  const { route, domain } = destination;
  if (route === null) return lookups.mx(domain);
  const hops: NextHop[] = [];
  let missing: Exclude<Routing, { kind: 'hops' }> | null = null;
  for (const { host, port, tls } of route.nextHops) {
    const found = await lookups.host(host, port);
    if (found.kind !== 'found') {
      missing = found;
      continue;
    }
    hops.push({
      host: found.serverName,
      addresses: found.addresses,
      port,
      tls,
      referenceNames: [...new Set([host, found.serverName])],
      authenticity: 'configured',
      tlsa: found.tlsa,
      published: found.tlsa === null ? null : 'dane',
      reach: reachOf(route, domain),
      credentials: route.credentials,
    });
  }
  if (hops.length > 0) return { kind: 'hops', hops };
  // A host that the configuration names and DNS does not know is the administrator's to mend: mail waits for it.
  return missing?.kind === 'deferred' ? missing : { kind: 'deferred', code: 'route.dns-failed' };
}

function reachOf(route: ConfiguredRoute, domain: string): TlsEvidence['reach'] {
  if (route.finalFor.some((pattern) => matchesDomain(pattern, domain))) return 'recipient-domain';
  return route.onward === 'unknown' ? 'smarthost-only' : 'onward-enforced';
}
