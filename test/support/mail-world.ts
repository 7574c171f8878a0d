// A small world of mail domains on loopback: a DNS server with their records, a mail server for each, and a host for MTA-STS policies.
// The mail servers of all domains have one port, as port 25 is everybody's, and an address each.
import { fileURLToPath } from 'node:url';
import type { Test } from 'tap';
import type { Tlsa } from '../../src/mail/next-hop.ts';
import { type DnsServer, type NameRecords, startDnsServer } from './dns-server.ts';
import { startHttpsServer } from './https-server.ts';
import { type PeerOptions, type SmtpPeer, startPeer } from './smtp-peer.ts';
import type { TestCa } from './test-ca.ts';

/** One mail domain, `NAME.test`, whose mail server is `mx.NAME.test`. */
export interface MailDomain {
  readonly peer?: PeerOptions;
  /** Further records, by their whole names; one for a name that the world makes takes its place. */
  readonly zone?: Readonly<Record<string, NameRecords>>;
  /** Whether its zone is signed; default no. */
  readonly signed?: 'yes' | 'no';
  readonly tlsa?: readonly Tlsa[] | 'servfail';
  /** Lines of the policy after `version`; also makes the TXT record. */
  readonly sts?: readonly string[];
}

export interface MailWorld {
  readonly dns: DnsServer;
  /** Of every mail server. */
  readonly port: number;
  /** What a gateway must be told to live in it: sections and environment for `Postern.start`. */
  readonly sections: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
  peer(name: string): SmtpPeer;
}

/** Runs a gateway for which private addresses are like any other. */
export const ON_LOOPBACK = fileURLToPath(new URL('./gateway-on-loopback.ts', import.meta.url));

export async function mailWorld(
  t: Test,
  ca: TestCa,
  domains: Readonly<Record<string, MailDomain>>,
  dnsSettings: { readonly validating: 'yes' | 'no' },
): Promise<MailWorld> {
  const peers = new Map<string, SmtpPeer>();
  let port = 0;
  for (const [i, [name, { peer }]] of Object.entries(domains).entries()) {
    const identity = ca.issue({ names: [`mx.${name}.test`] });
    const started = await startPeer(t, { identity, host: addressOf(i), port, ...peer });
    port = started.port;
    peers.set(name, started);
  }
  const records = Object.entries(domains).flatMap(([name, domain], i) => Object.entries(zoneOf(name, domain, addressOf(i), port)));
  const dns = await startDnsServer({ zone: Object.fromEntries(records) });
  t.teardown(() => dns[Symbol.asyncDispose]());
  const policies = new Map<string, readonly string[]>(
    Object.entries(domains).flatMap(([name, { sts }]) => (sts === undefined ? [] : [[`mta-sts.${name}.test`, sts] as const])),
  );
  const https = await startHttpsServer(ca.issue({ names: [...policies.keys(), 'none.test'] }), (request, response) => {
    const policy = policies.get(request.headers.host?.split(':')[0] ?? '');
    response.writeHead(policy === undefined ? 404 : 200, { 'content-type': 'text/plain' });
    response.end(['version: STSv1', ...(policy ?? []), ''].join('\r\n'));
  });
  t.teardown(() => https[Symbol.asyncDispose]());
  return {
    dns,
    port,
    sections: { dns: `dns: { servers: ["127.0.0.1:${dns.port}"], validating: ${dnsSettings.validating}, timeout: 1s }` },
    environment: { STS_PORT: String(https.port) },
    peer(name) {
      const peer = peers.get(name);
      if (peer === undefined) throw new Error(`no domain "${name}"`);
      return peer;
    },
  };
}

/** A TLSA record of DANE-EE for a key (RFC 7672 3.1.1): usage 3, selector 1, matching type 0. */
export function daneEe({ spki }: { readonly spki: Buffer }): Tlsa {
  return { usage: 3, selector: 1, matchingType: 0, data: spki };
}

/** None of them is an address of an interface: that would be the gateway itself. */
function addressOf(i: number): string {
  return `127.0.7.${i + 1}`;
}

function zoneOf(name: string, domain: MailDomain, address: string, port: number): Readonly<Record<string, NameRecords>> {
  const { signed = 'no', tlsa, sts, zone = {} } = domain;
  const mx = `mx.${name}.test`;
  return {
    [`${name}.test`]: { MX: [[10, mx]], signed },
    [mx]: { A: [address], signed },
    ...(tlsa === undefined ? {} : { [`_${port}._tcp.${mx}`]: { TLSA: tlsa, signed } }),
    ...(sts === undefined
      ? {}
      : { [`_mta-sts.${name}.test`]: { TXT: ['v=STSv1; id=20261122;'] }, [`mta-sts.${name}.test`]: { A: ['127.0.0.1'] } }),
    ...zone,
  };
}
