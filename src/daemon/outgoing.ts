// How mail leaves: look-ups, trust anchors and the outgoing dialogue. In sandbox mode the world outside is the built-in sink's.
import { randomInt } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { getCACertificates } from 'node:tls';
import type { Config } from '../config/config.ts';
import type { Secrets } from '../config/secrets.ts';
import { cachedResolver } from '../dns/cache.ts';
import { dnsClient, systemNameServers } from '../dns/client.ts';
import { lookupHost } from '../dns/host-lookup.ts';
import type { Resolver } from '../dns/resolver.ts';
import { lookupMailRoute } from '../dns/route-lookup.ts';
import { type StsFetcher, stsFetcher } from '../dns/sts-fetch.ts';
import { stsLookup, type StsOptions } from '../dns/sts.ts';
import type { RouteLookups } from '../gateway/route.ts';
import type { SealingKeys } from '../keys/keys.ts';
import type { DomainMemory } from '../store/domain-memory.ts';
import { createTransport } from '../transport/smtp-transport.ts';
import type { Transport } from '../transport/transport.ts';

/** The world outside, as far as it can be another one. */
export interface Outside {
  readonly resolver: Resolver;
  readonly fetchPolicy: StsFetcher;
  /** PEM, one certificate each. */
  readonly trustAnchors: readonly string[];
  readonly mxPort: number;
  readonly privateAddresses: 'refused' | 'allowed';
}

export interface Outgoing {
  readonly transport: Transport;
  readonly lookups: RouteLookups;
  readonly outside: Outside;
}

/** The real world: DNS as configured, the system's trust anchors and the configured ones. */
export function realOutside(config: Config): Outside {
  const resolver = cachedResolver({
    resolver: dnsClient({
      servers: config.dns.servers.length === 0 ? systemNameServers() : config.dns.servers.map(nameServerOf),
      validating: config.dns.validating,
      timeoutMs: config.dns.timeoutMs,
    }),
    now: () => performance.now(),
  });
  const { pem } = config.trustAnchors;
  const trustAnchors = [...getCACertificates('bundled'), ...getCACertificates('system'), ...(pem === null ? [] : certificatesOf(pem))];
  const privateAddresses = 'refused';
  return {
    resolver,
    fetchPolicy: stsFetcher({ resolver, random: Math.random, ca: trustAnchors, privateAddresses }),
    trustAnchors: [...new Set(trustAnchors)],
    mxPort: config.delivery.mxPort,
    privateAddresses,
  };
}

export interface OutgoingDeps {
  readonly config: Config;
  readonly secrets: () => Secrets;
  readonly outside: Outside;
  readonly domains: DomainMemory;
  readonly keys: Pick<SealingKeys, 'digest'>;
  readonly now: () => number;
  readonly stsUnavailable: StsOptions['unavailable'];
}

export function outgoing({ config, secrets, outside, domains, keys, now, stsUnavailable }: OutgoingDeps): Outgoing {
  const { resolver } = outside;
  const random = (): number => randomInt(2 ** 32) / 2 ** 32;
  const sts = stsLookup({
    resolver,
    fetchPolicy: outside.fetchPolicy,
    store: domains,
    digestOf: (domain) => keys.digest('sts-policy', domain),
    now,
    unavailable: stsUnavailable,
  });
  const own = { names: [config.hostname], addresses: ownAddresses(config) };
  const { mxPort: port, privateAddresses } = outside;
  return {
    outside,
    lookups: {
      mx: (domain) => lookupMailRoute(domain, { resolver, sts, random, own, privateAddresses, port }),
      host: (host, hostPort) => lookupHost(host, hostPort, { resolver, random }),
    },
    transport: createTransport({
      name: config.hostname,
      trustAnchors: outside.trustAnchors,
      timeouts: config.delivery.timeouts,
      keep: { idleMs: config.delivery.connection.idleMs, messages: config.delivery.connection.messages, ageMs: 300_000, connections: 256 },
      credentials: (name) => credentialsOf(secrets(), name),
    }),
  };
}

function credentialsOf(secrets: Secrets, name: string) {
  const found = secrets.nextHops.get(name);
  return found ?? null;
}

/** Addresses at which this host takes mail: an MX among them is us. In the sandbox the sink stands on loopback beside us. */
function ownAddresses(config: Config): readonly string[] {
  if (config.mode === 'sandbox') return [];
  return Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address));
}

function nameServerOf(text: string): { readonly address: string; readonly port: number } {
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(text) ?? /^([^:]+)(?::(\d+))?$/.exec(text);
  return { address: bracketed?.[1] ?? text, port: Number(bracketed?.[2] ?? 53) };
}

function certificatesOf(pem: string): readonly string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
}
