// What next hops by MX must prove: DANE (RFC 7672) and MTA-STS (RFC 8461), as a table of zones on a real DNS server.
import { createHash } from 'node:crypto';
import t from 'tap';
import { dnsClient } from '../../src/dns/client.ts';
import { lookupMailRoute } from '../../src/dns/route-lookup.ts';
import { stsFetcher } from '../../src/dns/sts-fetch.ts';
import type { StsPolicy } from '../../src/dns/sts-policy.ts';
import { stsLookup } from '../../src/dns/sts.ts';
import type { StsInForce } from '../../src/dns/sts.ts';
import type { Tlsa } from '../../src/mail/next-hop.ts';
import { startDnsServer } from '../support/dns-server.ts';
import type { NameRecords, Zone } from '../support/dns-server.ts';
import { startHttpsServer } from '../support/https-server.ts';
import { A, B, HOSTS, MX, route, say } from '../support/mail-route.ts';
import type { Given } from '../support/mail-route.ts';
import { createTestCa } from '../support/test-ca.ts';

const digestOf = (text: string): Uint8Array => createHash('sha256').update(text).digest();
const EE: Tlsa = { usage: 3, selector: 1, matchingType: 1, data: digestOf('key') };
const TA: Tlsa = { usage: 2, selector: 0, matchingType: 1, data: digestOf('ca') };
const PKIX: Tlsa = { usage: 1, selector: 1, matchingType: 1, data: digestOf('key') };
const SHA512: Tlsa = { usage: 3, selector: 1, matchingType: 2, data: createHash('sha512').update('key').digest() };
const enforce = (...mx: readonly string[]): StsInForce => ({
  kind: 'policy',
  policy: { mode: 'enforce', mx, maxAgeSeconds: 60 } satisfies StsPolicy,
});

void t.test('DANE', async (t) => {
  const tlsa = (host: string, records: NameRecords['TLSA'], port = 25): Zone => ({ [`_${port}._tcp.${host}`]: { TLSA: records ?? [] } });
  const base: Zone = { 'd.test': { MX }, ...HOSTS, ...tlsa('a.d.test', [EE]) };
  const signed = { server: { signed: 'yes' }, validating: 'yes' } as const;
  const unsignedMx: Zone = { ...base, 'd.test': { MX, signed: 'no' } };
  const DANE_A = 'a.d.test 1.1.1.1 dnssec dane [3]';
  const SIGNED_B = 'b.d.test 2.2.2.2 dnssec -';
  const CASES: readonly (readonly [title: string, given: Given, wanted: string])[] = [
    ['one host has records', { zone: base, ...signed }, `${DANE_A}; ${SIGNED_B}`],
    ['resolver does not validate', { zone: base, server: { signed: 'yes' } }, `${A}; ${B}`],
    ['nothing is signed', { zone: base, validating: 'yes' }, `${A}; ${B}`],
    ['MX not signed: records prove nothing', { zone: unsignedMx, ...signed }, `${A}; ${B}`],
    [
      'address not signed',
      { zone: { ...base, 'a.d.test': { A: ['1.1.1.1'], signed: 'no' } }, ...signed },
      `a.d.test 1.1.1.1 dnssec -; ${SIGNED_B}`,
    ],
    [
      'TLSA not signed',
      { zone: { ...base, '_25._tcp.a.d.test': { TLSA: [EE], signed: 'no' } }, ...signed },
      `a.d.test 1.1.1.1 dnssec -; ${SIGNED_B}`,
    ],
    ['TLSA look-up failed: not absence', { zone: { ...base, ...tlsa('a.d.test', 'servfail') }, ...signed }, SIGNED_B],
    ['TLSA look-up silent', { zone: { ...base, ...tlsa('a.d.test', 'silent') }, ...signed }, SIGNED_B],
    [
      'TLSA look-up failed for all',
      { zone: { ...base, ...tlsa('a.d.test', 'servfail'), ...tlsa('b.d.test', 'servfail') }, ...signed },
      'deferred route.dns-failed',
    ],
    [
      'usages 0 and 1 only: encryption without authentication',
      { zone: { ...base, ...tlsa('a.d.test', [PKIX, { ...PKIX, usage: 0 }]) }, ...signed },
      `a.d.test 1.1.1.1 dnssec dane []; ${SIGNED_B}`,
    ],
    [
      'unknown selector, matching type, length',
      {
        zone: {
          ...base,
          ...tlsa('a.d.test', [
            { ...EE, selector: 2 },
            { ...EE, matchingType: 3 },
            { ...EE, matchingType: 2 },
            { ...EE, matchingType: 0 },
          ]),
        },
        ...signed,
      },
      `a.d.test 1.1.1.1 dnssec dane []; ${SIGNED_B}`,
    ],
    [
      'usable ones among others',
      { zone: { ...base, ...tlsa('a.d.test', [PKIX, EE, TA]) }, ...signed },
      `a.d.test 1.1.1.1 dnssec dane [32]; ${SIGNED_B}`,
    ],
    ['the stronger digest', { zone: { ...base, ...tlsa('a.d.test', [EE, SHA512]) }, ...signed }, `${DANE_A}; ${SIGNED_B}`],
    ['no MX', { zone: { 'd.test': { A: ['1.1.1.1'] }, ...tlsa('d.test', [EE]) }, ...signed }, 'd.test 1.1.1.1 dnssec dane [3]'],
    ['signed, no records', { zone: { 'd.test': { MX }, ...HOSTS }, ...signed }, `a.d.test 1.1.1.1 dnssec -; ${SIGNED_B}`],
    [
      'TLSA behind a CNAME',
      { zone: { ...base, '_25._tcp.a.d.test': { CNAME: ['dane.d.test'] }, 'dane.d.test': { TLSA: [EE] } }, ...signed },
      `${DANE_A}; ${SIGNED_B}`,
    ],
    [
      'another port',
      { zone: { ...base, ...tlsa('b.d.test', [EE], 2525) }, ...signed, options: { port: 2525 } },
      'a.d.test 1.1.1.1 dnssec -; b.d.test 2.2.2.2 dnssec dane [3]',
    ],
  ];
  for (const [title, given, wanted] of CASES) t.equal(say(await route(given)), wanted, title);
});

void t.test('DANE where the MX host is a CNAME (RFC 7672 2.1.3, 2.2.3)', async (t) => {
  const alias = (signedTarget: 'yes' | 'no', at: readonly string[]): Zone => ({
    'd.test': { MX: [[10, 'c.d.test']] },
    'c.d.test': { CNAME: ['real.p.test'] },
    'real.p.test': { A: ['1.1.1.1'], signed: signedTarget },
    ...Object.fromEntries(at.map((host) => [`_25._tcp.${host}`, { TLSA: [EE] }])),
  });
  const CASES: readonly (readonly [title: string, zone: Zone, wanted: string])[] = [
    ['at the end of the chain', alias('yes', ['real.p.test']), 'real.p.test 1.1.1.1 dnssec dane [3]'],
    ['at both: the end of the chain', alias('yes', ['c.d.test', 'real.p.test']), 'real.p.test 1.1.1.1 dnssec dane [3]'],
    ['at its start', alias('yes', ['c.d.test']), 'c.d.test 1.1.1.1 dnssec dane [3]'],
    ['end not signed, at its start', alias('no', ['c.d.test']), 'c.d.test 1.1.1.1 dnssec dane [3]'],
    ['end not signed, at its end', alias('no', ['real.p.test']), 'c.d.test 1.1.1.1 dnssec -'],
    [
      'look-up at the end failed',
      { ...alias('yes', ['c.d.test']), '_25._tcp.real.p.test': { all: 'servfail' } },
      'deferred route.dns-failed',
    ],
  ];
  for (const [title, zone, wanted] of CASES)
    t.equal(say(await route({ zone, server: { signed: 'yes' }, validating: 'yes' })), wanted, title);
});

void t.test('MTA-STS', async (t) => {
  const zone: Zone = { 'd.test': { MX }, ...HOSTS };
  const STS_A = 'a.d.test 1.1.1.1 mta-sts mta-sts';
  const STS_B = 'b.d.test 2.2.2.2 mta-sts mta-sts';
  const dane: Zone = { ...zone, '_25._tcp.a.d.test': { TLSA: [EE] } };
  const signed = { server: { signed: 'yes' }, validating: 'yes' } as const;
  const DANE_A = 'a.d.test 1.1.1.1 dnssec dane [3]';
  const CASES: readonly (readonly [title: string, given: Given, wanted: string])[] = [
    ['names all', { zone, sts: enforce('*.d.test') }, `${STS_A}; ${STS_B}`],
    ['names one', { zone, sts: enforce('b.d.test') }, STS_B],
    ['names none: later', { zone, sts: enforce('mx.other.test') }, 'deferred route.sts-mismatch'],
    ['implicit MX', { zone: { 'd.test': { A: ['1.1.1.1'] } }, sts: enforce('d.test') }, 'd.test 1.1.1.1 mta-sts mta-sts'],
    [
      'testing is not enforced',
      { zone, sts: { kind: 'policy', policy: { mode: 'testing', mx: ['b.d.test'], maxAgeSeconds: 1 } } },
      `${A}; ${B}`,
    ],
    ['none is not enforced', { zone, sts: { kind: 'policy', policy: { mode: 'none', mx: [], maxAgeSeconds: 1 } } }, `${A}; ${B}`],
    ['not known: later', { zone, sts: { kind: 'failed', code: 'route.dns-failed' } }, 'deferred route.dns-failed'],
    ['cache unreadable: later', { zone, sts: { kind: 'failed', code: 'route.sts-unavailable' } }, 'deferred route.sts-unavailable'],
    [
      'the only named MX failed',
      { zone: { ...zone, 'a.d.test': { all: 'servfail' } }, sts: enforce('a.d.test') },
      'deferred route.dns-failed',
    ],
    ['signed MX and policy', { zone, ...signed, sts: enforce('*.d.test') }, `${STS_A}; ${STS_B}`],
    ['DANE overrides it', { zone: dane, ...signed, sts: enforce('b.d.test') }, `${DANE_A}; ${STS_B}`],
    ['DANE does not need it', { zone: dane, ...signed, sts: { kind: 'failed', code: 'route.dns-failed' } }, DANE_A],
    ['unusable TLSA: it applies', { zone: { ...zone, '_25._tcp.a.d.test': { TLSA: [PKIX] } }, ...signed, sts: enforce('a.d.test') }, STS_A],
  ];
  for (const [title, given, wanted] of CASES) t.equal(say(await route(given)), wanted, title);
});

void t.test('where DANE is in force MTA-STS is not asked for', async (t) => {
  const zone: Zone = { 'd.test': { A: ['1.1.1.1'] }, '_25._tcp.d.test': { TLSA: [EE] } };
  let asked = 0;
  const sts = async (): Promise<StsInForce> => {
    asked++;
    return { kind: 'none' };
  };
  t.equal(say(await route({ zone, server: { signed: 'yes' }, validating: 'yes', options: { sts } })), 'd.test 1.1.1.1 dnssec dane [3]');
  t.equal(asked, 0);
  t.equal(say(await route({ zone, options: { sts } })), 'd.test 1.1.1.1 unsigned -');
  t.equal(asked, 1);
});

void t.test('with a policy server of its own', async (t) => {
  const ca = createTestCa();
  await using web = await startHttpsServer(ca.issue({ names: ['mta-sts.d.test'] }), (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' }).end('version: STSv1\nmode: enforce\nmx: b.d.test\nmax_age: 86400\n');
  });
  const zone: Zone = { 'd.test': { MX }, ...HOSTS, '_mta-sts.d.test': { TXT: ['v=STSv1; id=1;'] }, 'mta-sts.d.test': { A: ['127.0.0.1'] } };
  await using server = await startDnsServer({ zone });
  const resolver = dnsClient({ servers: [server], validating: 'no' });
  const random = (): number => 0;
  const sts = stsLookup({
    resolver,
    fetchPolicy: stsFetcher({ resolver, random, ca: [ca.certificatePem], privateAddresses: 'allowed', port: web.port }),
    store: { readStsPolicy: async () => null, writeStsPolicy: async () => undefined },
    digestOf: (domain) => Buffer.from(domain),
    now: Date.now,
    unavailable: () => t.fail('the policy is there'),
  });
  const routing = await lookupMailRoute('d.test', {
    resolver,
    sts,
    random,
    own: { names: [], addresses: [] },
    privateAddresses: 'refused',
  });
  t.equal(say(routing), 'b.d.test 2.2.2.2 mta-sts mta-sts');
});

void t.test('all fields of a next hop with DANE', async (t) => {
  const common = { addresses: ['1.1.1.1'], port: 25, tls: 'starttls', reach: 'recipient-domain', credentials: null } as const;
  const alias: Zone = {
    'd.test': { CNAME: ['e.test'] },
    'e.test': { MX: [[10, 'c.d.test']] },
    'c.d.test': { CNAME: ['a.d.test'] },
    ...HOSTS,
    '_25._tcp.a.d.test': { TLSA: [TA] },
  };
  const routing = await route({ zone: alias, server: { signed: 'yes' }, validating: 'yes' });
  t.match(routing, {
    kind: 'hops',
    hops: [
      {
        ...common,
        host: 'a.d.test',
        referenceNames: ['a.d.test', 'c.d.test', 'd.test', 'e.test'],
        authenticity: 'dnssec',
        published: 'dane',
      },
    ],
  });
  const [hop] = routing.kind === 'hops' ? routing.hops : [];
  t.strictSame(
    hop?.tlsa?.map(({ usage, data }) => [usage, Buffer.from(data).toString('hex')]),
    [[2, Buffer.from(TA.data).toString('hex')]],
  );
});
