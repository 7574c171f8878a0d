// postern tls-check DOMAIN: every mail server of the domain, asked as a delivery would ask it, and said in words.
import { loadConfig } from '../config/load.ts';
import { defaultConfig } from '../config/default-config.ts';
import type { Config } from '../config/config.ts';
import { lookupMailRoute } from '../dns/route-lookup.ts';
import { lookupHost } from '../dns/host-lookup.ts';
import { stsLookup } from '../dns/sts.ts';
import { destinationOf, routeOf } from '../gateway/route.ts';
import { canonicalDomain } from '../mail/address.ts';
import { MAIL_ERRORS } from '../mail/mail-error.ts';
import type { NextHop } from '../mail/next-hop.ts';
import type { TlsEvidence, TlsFloor } from '../mail/tls.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import { type Probed, probe } from '../transport/probe.ts';
import { type Outside, realOutside } from './outgoing.ts';
import { routesOf } from './road.ts';
import type { ConfigRefused, TlsCheckRequest, TlsReport } from './work.ts';

const PROBE_TIMEOUTS = {
  connectMs: 10_000,
  greetingMs: 20_000,
  commandMs: 20_000,
  dataStartMs: 20_000,
  dataBlockMs: 20_000,
  dataEndMs: 20_000,
};

export async function tlsCheck({ domain: given, configPath, unreadable }: TlsCheckRequest): Promise<TlsReport | ConfigRefused> {
  const domain = canonicalDomain(given);
  if (domain === null) return notKnown(`"${given}" is not a domain.`);
  const loaded = await loadConfig(configPath, Date.now());
  if (loaded.kind === 'refused' && unreadable === 'refused') return loaded;
  const config = loaded.kind === 'loaded' ? loaded.config : { ...defaultConfig('.'), mode: 'live' as const };
  await using undo = new AsyncDisposableStack();
  const outside = config.mode === 'sandbox' ? await sandboxOutside(undo) : realOutside(config);
  const random = Math.random;
  const sts = stsLookup({
    resolver: outside.resolver,
    fetchPolicy: outside.fetchPolicy,
    store: { readStsPolicy: async () => null, writeStsPolicy: async () => undefined },
    digestOf: (name) => Buffer.from(name),
    now: Date.now,
    unavailable: () => undefined,
  });
  const own = { names: [config.hostname], addresses: [] };
  const routing = await routeOf(destinationOf(`postmaster@${domain}`, routesOf(config)), {
    mx: (name) =>
      lookupMailRoute(name, {
        resolver: outside.resolver,
        sts,
        random,
        own,
        privateAddresses: outside.privateAddresses,
        port: outside.mxPort,
      }),
    host: (host, port) => lookupHost(host, port, { resolver: outside.resolver, random }),
  });
  if (routing.kind !== 'hops') return notKnown(`${domain}: ${MAIL_ERRORS[routing.code].text}.`);
  const found = await Promise.all(routing.hops.map((hop) => probeHop(hop, config, outside)));
  return reportOf(domain, config.delivery.floor, found, outside);
}

async function sandboxOutside(undo: AsyncDisposableStack): Promise<Outside> {
  const { resolver, fetchPolicy, trustAnchors, port } = undo.use(await startSandbox({ now: Date.now }));
  return { resolver, fetchPolicy, trustAnchors, mxPort: port, privateAddresses: 'allowed' };
}

interface HopFound {
  readonly hop: NextHop;
  readonly probed: readonly Probed[];
}

async function probeHop(hop: NextHop, config: Config, outside: Outside): Promise<HopFound> {
  const options = { name: config.hostname, trustAnchors: outside.trustAnchors, timeouts: PROBE_TIMEOUTS };
  const address = hop.addresses[0];
  const signal = AbortSignal.timeout(60_000);
  return {
    hop,
    probed: address === undefined ? [] : [await probe({ ...hop, credentials: null }, address, config.delivery.floor, options, signal)],
  };
}

function reportOf(domain: string, floor: TlsFloor, found: readonly HopFound[], outside: Outside): TlsReport {
  const results = found.flatMap(({ probed }) => probed);
  const answered = results.filter(({ code, tls }) => code === null || tls !== null || code === 'delivery.below-floor');
  const good = results.some(({ code }) => code === null);
  const verdict = good ? 'good-enough' : answered.length > 0 ? 'not-good-enough' : 'not-known';
  const lines = [
    `${domain}: mail needs the floor "${floor}" to go there.`,
    '',
    ...found.flatMap(hopLines),
    '',
    verdictLine(verdict),
    ...(outside.resolver.validating === 'yes'
      ? []
      : ['DANE was not checked: the configuration names no validating resolver (dns.validating).']),
  ];
  return {
    verdict,
    lines,
    facts: {
      domain,
      floor,
      hops: found.map(({ hop, probed }) => ({ host: hop.host, authenticity: hop.authenticity, published: hop.published, probed })),
    },
  };
}

function verdictLine(verdict: TlsReport['verdict']): string {
  if (verdict === 'good-enough') return 'Good enough: mail would be relayed to the first server that is.';
  if (verdict === 'not-good-enough') return 'Not good enough: mail would not be relayed; the rule says what happens instead.';
  return 'Not known: no server answered. Mail would wait and be tried again.';
}

function hopLines({ hop, probed }: HopFound): readonly string[] {
  const known = {
    configured: 'fixed by the configuration',
    dnssec: 'DNSSEC-signed',
    'mta-sts': 'in the MTA-STS policy',
    unsigned: 'from unsigned DNS',
  }[hop.authenticity];
  return [
    `${hop.host}  (${known}${hop.published === null ? '' : `; the domain publishes ${hop.published === 'dane' ? 'DANE' : 'MTA-STS'}`})`,
    ...probed.flatMap(addressLines),
  ];
}

function addressLines({ code, tls }: Probed): readonly string[] {
  const answer = code === null ? 'yes' : code === 'delivery.below-floor' ? 'no' : `not known: ${MAIL_ERRORS[code].text}`;
  return [...(tls === null ? [] : tlsLines(tls)), `  good enough   ${answer}`];
}

const CERTIFICATES: Readonly<Record<TlsEvidence['certificate'], string>> = {
  'chain-and-name': 'valid chain, right name',
  'dane-ee': 'matches the TLSA record (DANE)',
  'dane-ta': 'its authority matches the TLSA record (DANE)',
  'untrusted-chain': 'issued by nobody we trust',
  'wrong-name': 'for another name',
  expired: 'has expired',
  'not-yet-valid': 'is not valid yet',
  revoked: 'is revoked',
  'dane-mismatch': 'does not match the TLSA record (DANE)',
  'not-checked': 'none: the server offers no TLS',
};

function tlsLines(tls: TlsEvidence): readonly string[] {
  const encryption = tls.protocol === null ? 'none' : `${tls.protocol}, ${tls.cipher ?? ''}${tls.group === null ? '' : `, ${tls.group}`}`;
  return [`  encryption    ${encryption}`, `  certificate   ${CERTIFICATES[tls.certificate]}`, `  level         ${tls.level}`];
}

function notKnown(line: string): TlsReport {
  return { verdict: 'not-known', lines: [line], facts: { error: line } };
}
