// Looks a mail route up against a zone on a real DNS server, and says it in one line: for tables of cases.
import { dnsClient } from '../../src/dns/client.ts';
import { lookupMailRoute } from '../../src/dns/route-lookup.ts';
import type { MailRouteOptions } from '../../src/dns/route-lookup.ts';
import type { StsInForce } from '../../src/dns/sts.ts';
import type { Routing } from '../../src/mail/next-hop.ts';
import { startDnsServer } from './dns-server.ts';
import type { DnsServerOptions, NameRecords, Zone } from './dns-server.ts';

/** Two exchangers of d.test, and their addresses. */
export const MX: Exclude<NameRecords['MX'], string | undefined> = [
  [10, 'a.d.test'],
  [20, 'b.d.test'],
];
export const HOSTS: Zone = { 'a.d.test': { A: ['1.1.1.1'] }, 'b.d.test': { A: ['2.2.2.2'] } };
export interface Given {
  readonly zone: Zone;
  readonly options?: Partial<MailRouteOptions>;
  readonly server?: Partial<DnsServerOptions>;
  readonly validating?: 'yes' | 'no';
  readonly domain?: string;
  readonly sts?: StsInForce;
}

/** The route of a domain (d.test) in a zone; this host is relay.us.test, 5.5.5.5 and 2600::5. */
export async function route(given: Given): Promise<Routing> {
  await using server = await startDnsServer({ zone: given.zone, ...given.server });
  // Only where nobody will answer there is no point in waiting.
  const timeoutMs = /"(?:silent|garbage)"/.test(JSON.stringify(given.zone)) ? 100 : 5000;
  const resolver = dnsClient({ servers: [server], validating: given.validating ?? 'no', timeoutMs });
  return await lookupMailRoute(given.domain ?? 'd.test', {
    resolver,
    sts: async () => given.sts ?? { kind: 'none' },
    random: () => 0,
    own: { names: ['relay.us.test', 'RELAY2.us.test'], addresses: ['5.5.5.5', '2600::5'] },
    privateAddresses: 'refused',
    ...given.options,
  });
}

/** One line per next hop: host, addresses, authenticity, what is published, usages of TLSA records. */
export function say(routing: Routing): string {
  if (routing.kind !== 'hops') return `${routing.kind} ${routing.code}`;
  return routing.hops
    .map(({ host, addresses, authenticity, published, tlsa }) => {
      const dane = tlsa === null ? '' : ` [${tlsa.map(({ usage }) => usage).join('')}]`;
      return `${host} ${addresses.join(',')} ${authenticity} ${published ?? '-'}${dane}`;
    })
    .join('; ');
}

export const A = 'a.d.test 1.1.1.1 unsigned -';
export const B = 'b.d.test 2.2.2.2 unsigned -';
