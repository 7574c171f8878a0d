// Where mail goes by MX, as a table of zones on a real DNS server: order, null and implicit MX, failures, loops, private addresses.
import t from 'tap';
import { cachedResolver } from '../../src/dns/cache.ts';
import { dnsClient } from '../../src/dns/client.ts';
import { lookupMailRoute } from '../../src/dns/route-lookup.ts';
import type { MailRouteOptions } from '../../src/dns/route-lookup.ts';
import { startDnsServer } from '../support/dns-server.ts';
import type { Zone } from '../support/dns-server.ts';
import { A, B, HOSTS, MX, route, say } from '../support/mail-route.ts';
import type { Given } from '../support/mail-route.ts';

void t.test('MX and addresses', async (t) => {
  const CASES: readonly (readonly [title: string, given: Given, wanted: string])[] = [
    ['two MX', { zone: { 'd.test': { MX }, ...HOSTS } }, `${A}; ${B}`],
    [
      'by preference, not as given',
      {
        zone: {
          'd.test': {
            MX: [
              [20, 'b.d.test'],
              [10, 'a.d.test'],
            ],
          },
          ...HOSTS,
        },
      },
      `${A}; ${B}`,
    ],
    ['one host twice: its best preference', { zone: { 'd.test': { MX: [[30, 'a.d.test'], ...MX] }, ...HOSTS } }, `${A}; ${B}`],
    ['upper case', { zone: { 'd.test': { MX: [[10, 'A.D.Test']] }, ...HOSTS } }, A],
    ['domain is a CNAME', { zone: { 'd.test': { CNAME: ['e.test'] }, 'e.test': { MX }, ...HOSTS } }, `${A}; ${B}`],
    [
      'MX is a CNAME',
      { zone: { 'd.test': { MX: [[10, 'c.d.test']] }, 'c.d.test': { CNAME: ['a.d.test'] }, ...HOSTS } },
      'c.d.test 1.1.1.1 unsigned -',
    ],
    [
      'IPv6 and IPv4 in turn',
      { zone: { 'd.test': { A: ['1.1.1.1', '1.1.1.2', '1.1.1.3'], AAAA: ['2600::1', '2600::2'] } } },
      'd.test 2600::1,1.1.1.1,2600::2,1.1.1.2,1.1.1.3 unsigned -',
    ],
    [
      'ten addresses at most',
      { zone: { 'd.test': { A: Array.from({ length: 30 }, (_, i) => `1.1.1.${i}`) } } },
      `d.test ${Array.from({ length: 10 }, (_, i) => `1.1.1.${i}`).join(',')} unsigned -`,
    ],
    ['one address in two records', { zone: { 'd.test': { A: ['1.1.1.1'], AAAA: ['::ffff:1.1.1.1'] } } }, 'd.test 1.1.1.1 unsigned -'],
    ['no MX: the domain itself', { zone: { 'd.test': { A: ['1.1.1.1'] } } }, 'd.test 1.1.1.1 unsigned -'],
    ['no MX, no address', { zone: { 'd.test': { TXT: ['x'] } } }, 'failed route.no-mail-server'],
    ['a name that only others lie under', { zone: { 'www.d.test': { A: ['1.1.1.1'] } } }, 'failed route.no-mail-server'],
    ['no such domain', { zone: {} }, 'failed route.no-such-domain'],
    ['null MX', { zone: { 'd.test': { MX: [[0, '.']], A: ['1.1.1.1'] } } }, 'failed route.null-mx'],
    ['null MX with another preference', { zone: { 'd.test': { MX: [[10, '.']] } } }, 'failed route.null-mx'],
    ['null MX beside others has no meaning', { zone: { 'd.test': { MX: [[0, '.'], ...MX] }, ...HOSTS } }, `${A}; ${B}`],
    ['MX look-up failed', { zone: { 'd.test': { MX: 'servfail', A: ['1.1.1.1'] } } }, 'deferred route.dns-failed'],
    ['MX look-up silent', { zone: { 'd.test': { MX: 'silent' } } }, 'deferred route.dns-failed'],
    ['MX look-up garbled', { zone: { 'd.test': { MX: 'garbage' } } }, 'deferred route.dns-failed'],
    ['first MX without address', { zone: { 'd.test': { MX }, 'b.d.test': { A: ['2.2.2.2'] } } }, B],
    ['no MX with address', { zone: { 'd.test': { MX }, 'a.d.test': { TXT: ['x'] } } }, 'failed route.no-mail-server'],
    ['address look-up of one failed', { zone: { 'd.test': { MX }, ...HOSTS, 'a.d.test': { all: 'servfail' } } }, B],
    ['address look-up of all failed', { zone: { 'd.test': { MX }, 'a.d.test': { all: 'servfail' } } }, 'deferred route.dns-failed'],
    ['IPv6 look-up failed, IPv4 is there', { zone: { 'd.test': { A: ['1.1.1.1'], AAAA: 'servfail' } } }, 'd.test 1.1.1.1 unsigned -'],
    ['IPv6 look-up failed, no IPv4', { zone: { 'd.test': { TXT: ['x'], AAAA: 'servfail' } } }, 'deferred route.dns-failed'],
    [
      'MX is an IP number, though a name too',
      { zone: { 'd.test': { MX: [[10, '1.1.1.1']] }, '1.1.1.1': { A: ['1.1.1.1'] } } },
      'failed route.no-mail-server',
    ],
    ['MX is no host name', { zone: { 'd.test': { MX: [[5, 'a b.d.test'], [6, '-.d.test'], ...MX] }, ...HOSTS } }, `${A}; ${B}`],
    [
      'twenty MX at most',
      {
        zone: {
          'd.test': { MX: Array.from({ length: 30 }, (_, i) => [i, 'abcdefghijklmnopqrstuvwxyz0123'.charAt(i) + '.d.test'] as const) },
          ...HOSTS,
          'z.d.test': { A: ['3.3.3.3'] },
        },
      },
      `${A}; ${B}`,
    ],
    [
      'IDN as A-labels',
      { zone: { 'xn--bcher-kva.test': { A: ['1.1.1.1'] } }, domain: 'xn--bcher-kva.test' },
      'xn--bcher-kva.test 1.1.1.1 unsigned -',
    ],
    ['address literal', { zone: {}, domain: '[192.0.2.1]' }, 'failed route.address-literal'],
    ['IPv6 address literal', { zone: {}, domain: '[IPv6:2600::1]' }, 'failed route.address-literal'],
  ];
  for (const [title, given, wanted] of CASES) t.equal(say(await route(given)), wanted, title);
});

void t.test('this host and private addresses', async (t) => {
  const us = (preference: number): Zone => ({
    'd.test': { MX: [...MX, [preference, 'relay.us.test']] },
    ...HOSTS,
    'relay.us.test': { A: ['5.5.5.5'] },
  });
  const CASES: readonly (readonly [title: string, given: Given, wanted: string])[] = [
    ['we are last', { zone: us(30) }, `${A}; ${B}`],
    ['we are between', { zone: us(15) }, A],
    ['we are equal to one: it goes too', { zone: us(20) }, A],
    ['we are equal to the best', { zone: us(10) }, 'failed route.loops-to-us'],
    ['we are the best', { zone: us(5) }, 'failed route.loops-to-us'],
    [
      'our name without address',
      {
        zone: {
          'd.test': {
            MX: [
              [10, 'relay2.us.test'],
              [20, 'b.d.test'],
            ],
          },
          ...HOSTS,
        },
      },
      'failed route.loops-to-us',
    ],
    [
      'our address under another name',
      { zone: { 'd.test': { MX }, ...HOSTS, 'a.d.test': { A: ['9.9.9.9', '5.5.5.5'] } } },
      'failed route.loops-to-us',
    ],
    ['our IPv6 address in another spelling', { zone: { 'd.test': { MX }, ...HOSTS, 'b.d.test': { AAAA: ['2600:0:0:0:0:0:0:5'] } } }, A],
    [
      'a CNAME to us',
      { zone: { 'd.test': { MX }, ...HOSTS, 'a.d.test': { CNAME: ['relay.us.test'] }, 'relay.us.test': { A: ['9.9.9.9'] } } },
      'failed route.loops-to-us',
    ],
    ['implicit MX is us', { zone: { 'd.test': { A: ['5.5.5.5'] } } }, 'failed route.loops-to-us'],
    [
      'better than us, but without address',
      {
        zone: {
          'd.test': {
            MX: [
              [10, 'gone.d.test'],
              [20, 'relay.us.test'],
            ],
          },
        },
      },
      'failed route.no-mail-server',
    ],
    ...['10.1.1.1', '172.16.0.1', '192.168.0.1', '127.0.0.1', '169.254.1.1', '0.0.0.0', '224.0.0.1', '100.64.0.1'].map(
      (address) => [address, { zone: { 'd.test': { A: [address] } } }, 'failed route.private-address'] as const,
    ),
    ...['::1', '::', 'fe80::1', 'fd00::1', 'ff02::1', '::ffff:10.0.0.1', '64:ff9b::a00:1'].map(
      (address) => [address, { zone: { 'd.test': { AAAA: [address] } } }, 'failed route.private-address'] as const,
    ),
    ['a private address beside a public one', { zone: { 'd.test': { A: ['10.0.0.1', '1.1.1.1'] } } }, 'd.test 1.1.1.1 unsigned -'],
    ['a private MX beside a public one', { zone: { 'd.test': { MX }, ...HOSTS, 'a.d.test': { A: ['10.0.0.1'] } } }, B],
    [
      'a private MX beside a failed one',
      { zone: { 'd.test': { MX }, 'a.d.test': { A: ['10.0.0.1'] }, 'b.d.test': { all: 'servfail' } } },
      'deferred route.dns-failed',
    ],
    [
      'private, allowed',
      { zone: { 'd.test': { A: ['127.0.0.1'] } }, options: { privateAddresses: 'allowed' } },
      'd.test 127.0.0.1 unsigned -',
    ],
    [
      'private and ours, allowed',
      {
        zone: { 'd.test': { A: ['10.0.0.9'] } },
        options: { privateAddresses: 'allowed', own: { names: [], addresses: ['::ffff:10.0.0.9'] } },
      },
      'failed route.loops-to-us',
    ],
  ];
  for (const [title, given, wanted] of CASES) t.equal(say(await route(given)), wanted, title);
});

void t.test('all fields of a next hop', async (t) => {
  const zone: Zone = { 'd.test': { MX: [[10, 'a.d.test']] }, ...HOSTS };
  const common = { addresses: ['1.1.1.1'], port: 25, tls: 'starttls', reach: 'recipient-domain', credentials: null } as const;
  t.strictSame(await route({ zone }), {
    kind: 'hops',
    hops: [{ ...common, host: 'a.d.test', referenceNames: ['a.d.test'], authenticity: 'unsigned', tlsa: null, published: null }],
  });
});

void t.test('chance among equals, never across preferences', async (t) => {
  const hosts = ['a', 'b', 'c', 'd'].map((name) => `${name}.d.test`);
  const zone: Zone = {
    'd.test': { MX: [...hosts.map((host) => [10, host] as const), [20, 'last.d.test']] },
    ...Object.fromEntries([...hosts, 'last.d.test'].map((host, i) => [host, { A: [`1.1.1.${i}`] }])),
  };
  await using server = await startDnsServer({ zone });
  const resolver = cachedResolver({ resolver: dnsClient({ servers: [server], validating: 'no' }), now: () => 0 });
  let state = 7;
  const random = (): number => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
  const firsts = new Map<string, number>();
  for (let i = 0; i < 200; i++) {
    const routing = await lookupMailRoute('d.test', {
      resolver,
      sts: async () => ({ kind: 'none' }),
      random,
      own: { names: [], addresses: [] },
      privateAddresses: 'refused',
    });
    const order = routing.kind === 'hops' ? routing.hops.map(({ host }) => host) : [];
    t.equal(order.at(-1), 'last.d.test');
    t.strictSame([...order].sort(), [...hosts, 'last.d.test'].sort());
    firsts.set(order[0] ?? '', (firsts.get(order[0] ?? '') ?? 0) + 1);
  }
  t.strictSame([...firsts.keys()].sort(), hosts, 'each is first at times');
  t.ok(
    [...firsts.values()].every((count) => count > 25 && count < 75),
    `evenly: ${[...firsts.values()].join(' ')}`,
  );
  t.equal(server.asked('d.test', 'MX'), 1, 'one question for 200 routes');
});

void t.test('stopped: later', async (t) => {
  await using server = await startDnsServer({ zone: { 'd.test': { MX: 'silent' } } });
  const resolver = dnsClient({ servers: [server], validating: 'no', timeoutMs: 60_000 });
  const options: MailRouteOptions = {
    resolver,
    sts: async () => ({ kind: 'none' }),
    random: () => 0,
    own: { names: [], addresses: [] },
    privateAddresses: 'refused',
  };
  const stop = new AbortController();
  const routing = lookupMailRoute('d.test', options, stop.signal);
  stop.abort();
  t.strictSame(await routing, { kind: 'deferred', code: 'route.dns-failed' });
});
