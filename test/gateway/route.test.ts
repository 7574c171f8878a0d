// Where mail goes: the routes of the configuration, first match wins, else MX; and what the queue groups by.
import t from 'tap';
import { type ConfiguredRoute, destinationOf, type HostLookup, routeOf, type RouteLookups } from '../../src/gateway/route.ts';
import { matchesDomain } from '../../src/mail/address.ts';
import type { Routing, Tlsa } from '../../src/mail/next-hop.ts';

const patterns: readonly (readonly [pattern: string, domain: string, matches: boolean])[] = [
  ['example.org', 'example.org', true],
  ['example.org', 'mail.example.org', false],
  ['example.org', 'notexample.org', false],
  ['Example.ORG', 'example.org', true],
  ['*.example.org', 'mail.example.org', true],
  ['*.example.org', 'a.b.example.org', true],
  ['*.example.org', 'example.org', false],
  ['*.example.org', 'notexample.org', false],
  ['*', 'anything.test', true],
  ['münchen.example', 'xn--mnchen-3ya.example', true],
  ['*.münchen.example', 'klinik.xn--mnchen-3ya.example', true],
  ['[192.0.2.1]', '[192.0.2.1]', true],
];

for (const [pattern, domain, matches] of patterns) {
  t.test(
    `${pattern} ${matches ? 'matches' : 'does not match'} ${domain}`,
    async (t) => void t.equal(matchesDomain(pattern, domain), matches),
  );
}

function route(name: string, change: Partial<ConfiguredRoute> = {}): ConfiguredRoute {
  return {
    name,
    domains: ['*'],
    nextHops: [{ host: `${name}.example`, port: 25, tls: 'starttls' }],
    finalFor: [],
    onward: 'unknown',
    credentials: null,
    ...change,
  };
}

const own = route('own', { domains: ['clinic.example', '*.clinic.example'], finalFor: ['*'] });
const partner = route('partner', { domains: ['lab.example', 'hub.example'], finalFor: ['lab.example'] });
const smarthost = route('smarthost', { onward: { promisedBy: 'Provider', since: '2026-01-01' } });

const destinations: readonly (readonly [recipient: string, routes: readonly ConfiguredRoute[], key: string])[] = [
  ['ann@partner.example', [], 'mx:partner.example'],
  ['ann@PARTNER.example', [], 'mx:partner.example'],
  ['ann@xn--mnchen-3ya.example', [], 'mx:xn--mnchen-3ya.example'],
  ['änn@münchen.example', [], 'mx:xn--mnchen-3ya.example'],
  ['"a@b"@partner.example', [], 'mx:partner.example'],
  ['ann@[192.0.2.1]', [], 'mx:[192.0.2.1]'],
  ['ann@clinic.example', [own, smarthost], 'route:own:recipient-domain'],
  ['ann@ward.clinic.example', [own, smarthost], 'route:own:recipient-domain'],
  ['ann@partner.example', [own, smarthost], 'route:smarthost:onward-enforced'],
  ['ann@clinic.example', [smarthost, own], 'route:smarthost:onward-enforced'],
  ['ann@lab.example', [partner], 'route:partner:recipient-domain'],
  // The same server, but behind it the way is not known: floor and back-off are another matter.
  ['ann@hub.example', [partner], 'route:partner:smarthost-only'],
  ['ann@other.example', [partner], 'mx:other.example'],
];

for (const [recipient, routes, key] of destinations) {
  t.test(`${recipient} by ${routes.map(({ name }) => name).join(', ') || 'MX'}`, async (t) => {
    t.equal(destinationOf(recipient, routes).key, key);
  });
}

const TLSA: readonly Tlsa[] = [{ usage: 3, selector: 1, matchingType: 1, data: new Uint8Array(32) }];

/** Looks hosts up in a table; MX of every domain is one hop named mx. */
function lookups(hosts: Readonly<Record<string, Awaited<ReturnType<HostLookup>>>>): RouteLookups {
  return {
    mx: async (domain) => ({ kind: 'deferred', code: domain === 'partner.example' ? 'route.sts-unavailable' : 'route.dns-failed' }),
    host: async (host) => hosts[host] ?? { kind: 'failed', code: 'route.no-such-domain' },
  };
}

const found = (serverName: string, tlsa: readonly Tlsa[] | null = null): Awaited<ReturnType<HostLookup>> => ({
  kind: 'found',
  addresses: ['192.0.2.7'],
  tlsa,
  serverName,
});
const both = route('both', {
  nextHops: [
    { host: 'one.example', port: 25, tls: 'starttls' },
    { host: 'two.example', port: 465, tls: 'implicit' },
  ],
  finalFor: ['clinic.example'],
  credentials: 'smarthost',
});

t.test('without a route: by MX, as it is', async (t) => {
  t.same(await routeOf(destinationOf('ann@partner.example', []), lookups({})), { kind: 'deferred', code: 'route.sts-unavailable' });
});

t.test('fixed next hops keep their order and carry what the configuration knows', async (t) => {
  const routing = await routeOf(
    destinationOf('ann@clinic.example', [both]),
    lookups({ 'one.example': found('mail.one.example', TLSA), 'two.example': found('two.example') }),
  );
  const same = { addresses: ['192.0.2.7'], authenticity: 'configured', reach: 'recipient-domain', credentials: 'smarthost' };
  const one = { host: 'mail.one.example', port: 25, tls: 'starttls', referenceNames: ['one.example', 'mail.one.example'], tlsa: TLSA };
  const two = { host: 'two.example', port: 465, tls: 'implicit', referenceNames: ['two.example'], tlsa: null };
  t.same(routing, {
    kind: 'hops',
    hops: [
      { ...same, ...one, published: 'dane' },
      { ...same, ...two, published: null },
    ],
  });
});

t.test('beyond a smarthost the way is unknown', async (t) => {
  const routing = await routeOf(destinationOf('ann@partner.example', [both]), lookups({ 'one.example': found('one.example') }));
  t.equal(routing.kind === 'hops' ? routing.hops[0]?.reach : null, 'smarthost-only');
});

const missing: readonly (readonly [
  name: string,
  one: Awaited<ReturnType<HostLookup>>,
  two: Awaited<ReturnType<HostLookup>>,
  Routing | 'two',
])[] = [
  ['one of two is not known: the other', { kind: 'failed', code: 'route.no-such-domain' }, found('two.example'), 'two'],
  ['one of two cannot be looked up: the other', { kind: 'deferred', code: 'route.dns-failed' }, found('two.example'), 'two'],
  [
    'none is known: mail waits, it is for the administrator to mend',
    { kind: 'failed', code: 'route.no-such-domain' },
    { kind: 'failed', code: 'route.no-such-domain' },
    { kind: 'deferred', code: 'route.dns-failed' },
  ],
  [
    'none can be looked up: it waits',
    { kind: 'deferred', code: 'route.dns-failed' },
    { kind: 'deferred', code: 'route.dns-failed' },
    { kind: 'deferred', code: 'route.dns-failed' },
  ],
];

for (const [name, one, two, expected] of missing) {
  t.test(name, async (t) => {
    const routing = await routeOf(destinationOf('ann@clinic.example', [both]), lookups({ 'one.example': one, 'two.example': two }));
    if (expected === 'two') t.same(routing.kind === 'hops' ? routing.hops.map(({ host }) => host) : routing, ['two.example']);
    else t.same(routing, expected);
  });
}
