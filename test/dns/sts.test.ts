// Which MTA-STS policy is in force: real DNS, real HTTPS with a test CA, a clock that the test moves.
import t from 'tap';
import { MailError } from '../../src/mail/mail-error.ts';
import { dnsClient } from '../../src/dns/client.ts';
import { stsFetcher } from '../../src/dns/sts-fetch.ts';
import { stsLookup } from '../../src/dns/sts.ts';
import type { StoredStsPolicy, StsLookup, StsOptions, StsPolicyStore } from '../../src/dns/sts.ts';
import { startDnsServer } from '../support/dns-server.ts';
import type { DnsServer, NameRecords } from '../support/dns-server.ts';
import { startHttpsServer } from '../support/https-server.ts';
import type { HttpsServer } from '../support/https-server.ts';
import { createTestCa } from '../support/test-ca.ts';

const HOUR = 3600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 10, 22);
const ca = createTestCa();
const certificate = ca.issue({ names: ['mta-sts.example.test'] });
const otherName = ca.issue({ names: ['www.example.test'] });

const text = (mode: string, mx = 'mail.example.test', maxAge = 7 * 86_400): string =>
  `version: STSv1\nmode: ${mode}\nmx: ${mx}\nmax_age: ${maxAge}\n`;
const TXT: NameRecords = { TXT: ['v=STSv1; id=2;'] };
const cached = (age: number, id = '2', lifetime = 7 * DAY): StoredStsPolicy => ({
  id,
  text: text('enforce', 'cached.example.test'),
  fetchedAt: START - age,
  expiresAt: START - age + lifetime,
});

interface Bench {
  readonly lookup: StsLookup;
  readonly dns: DnsServer;
  readonly web: HttpsServer;
  readonly clock: { now: number };
  readonly stored: Map<string, StoredStsPolicy>;
  readonly events: string[];
  readonly page: { status: number; type: string; body: string; location?: string };
}

async function withBench(
  setup: {
    readonly record?: NameRecords;
    readonly stored?: StoredStsPolicy | null;
    readonly names?: 'right' | 'wrong';
    readonly changes?: Partial<StsOptions>;
  },
  work: (bench: Bench) => Promise<void>,
): Promise<void> {
  const zone = {
    'mta-sts.example.test': { A: ['127.0.0.1'] },
    'sts.provider.test': TXT,
    ...(setup.record === undefined ? {} : { '_mta-sts.example.test': setup.record }),
  };
  await using dns = await startDnsServer({ zone });
  const page: Bench['page'] = { status: 200, type: 'text/plain; charset=utf-8', body: text('enforce') };
  await using web = await startHttpsServer(setup.names === 'wrong' ? otherName : certificate, (_request, response) => {
    response
      .writeHead(page.status, { 'content-type': page.type, ...(page.location === undefined ? {} : { location: page.location }) })
      .end(page.body);
  });
  const clock = { now: START };
  const stored = new Map<string, StoredStsPolicy>();
  const events: string[] = [];
  const key = (domain: Uint8Array): string => Buffer.from(domain).toString();
  if (setup.stored !== undefined && setup.stored !== null) stored.set('digest of example.test', setup.stored);
  const store: StsPolicyStore = {
    readStsPolicy: async (domain) => stored.get(key(domain)) ?? null,
    writeStsPolicy: async (domain, policy) => {
      if (policy === null) stored.delete(key(domain));
      else stored.set(key(domain), policy);
    },
  };
  const resolver = dnsClient({ servers: [dns], validating: 'no', timeoutMs: setup.record?.all === 'silent' ? 100 : 5000 });
  const lookup = stsLookup({
    resolver,
    fetchPolicy: stsFetcher({
      resolver,
      random: () => 0,
      ca: [ca.certificatePem],
      privateAddresses: 'allowed',
      port: web.port,
      timeoutMs: 2000,
    }),
    store,
    digestOf: (domain) => Buffer.from(`digest of ${domain}`),
    now: () => clock.now,
    unavailable: ({ domain, reason, applied }) => events.push(`${domain} ${reason} ${applied}`),
    ...setup.changes,
  });
  await work({ lookup, dns, web, clock, stored, events, page });
}

void t.test('the policy in force', async (t) => {
  const FRESH = 'enforce mail.example.test';
  const CACHED = 'enforce cached.example.test';
  const bad = (reason: string, applied = 'none'): readonly string[] => [`example.test ${reason} ${applied}`];
  type Case = readonly [
    title: string,
    setup: { record?: NameRecords; stored?: StoredStsPolicy; page?: Partial<Bench['page']>; names?: 'wrong' },
    wanted: string,
    fetches: number,
    events?: readonly string[],
  ];
  const CASES: readonly Case[] = [
    ['no record, nothing cached', {}, 'none', 0],
    ['a record: fetched', { record: TXT }, FRESH, 1],
    ['a record behind a CNAME', { record: { CNAME: ['sts.provider.test'] } }, FRESH, 1],
    ['a CNAME to nothing', { record: { CNAME: ['gone.provider.test'] } }, 'none', 0],
    ['testing', { record: TXT, page: { body: text('testing') } }, 'testing mail.example.test', 1],
    ['mode none', { record: TXT, page: { body: 'version: STSv1\nmode: none\nmax_age: 60\n' } }, 'none ', 1],
    ['two records', { record: { TXT: ['v=STSv1; id=1;', 'v=STSv1; id=2;'] } }, 'none', 0],
    ['look-up failed, nothing cached', { record: { all: 'servfail' } }, 'failed route.dns-failed', 0],
    ['look-up silent, nothing cached', { record: { all: 'silent' } }, 'failed route.dns-failed', 0],
    ['look-up failed, cached', { record: { all: 'servfail' }, stored: cached(HOUR) }, CACHED, 0],
    ['look-up failed, cache run out', { record: { all: 'servfail' }, stored: cached(8 * DAY) }, 'failed route.dns-failed', 0],
    ['record gone, cached', { stored: cached(HOUR) }, CACHED, 0],
    ['record malformed, cached', { record: { TXT: ['v=STSv1; nothing'] }, stored: cached(HOUR) }, CACHED, 0],
    ['record gone, cache run out', { stored: cached(8 * DAY) }, 'none', 0],
    ['same id, cached', { record: TXT, stored: cached(HOUR) }, CACHED, 0],
    ['same id, cached a day ago', { record: TXT, stored: cached(DAY) }, FRESH, 1],
    ['same id, cache run out', { record: TXT, stored: cached(8 * DAY) }, FRESH, 1],
    ['another id', { record: TXT, stored: cached(HOUR, '1') }, FRESH, 1],
    ['cached text unreadable', { record: TXT, stored: { ...cached(HOUR), text: 'broken' } }, FRESH, 1],
    ['cannot be fetched: as without (RFC 8461 3.3)', { record: TXT, page: { status: 500 } }, 'none', 1, bad('bad-status')],
    [
      'another id cannot be fetched: the cached one',
      { record: TXT, stored: cached(HOUR, '1'), page: { status: 404 } },
      CACHED,
      1,
      bad('bad-status', 'cached'),
    ],
    ['refresh fails: the cached one', { record: TXT, stored: cached(DAY), page: { status: 503 } }, CACHED, 1, bad('bad-status', 'cached')],
    ['a redirect', { record: TXT, page: { status: 301, location: '/elsewhere' } }, 'none', 1, bad('redirect')],
    ['status 204', { record: TXT, page: { status: 204, body: '' } }, 'none', 1, bad('bad-status')],
    ['HTML', { record: TXT, page: { type: 'text/html' } }, 'none', 1, bad('bad-content-type')],
    ['text/plainer', { record: TXT, page: { type: 'text/plainer' } }, 'none', 1, bad('bad-content-type')],
    ['TEXT/PLAIN', { record: TXT, page: { type: 'TEXT/PLAIN' } }, FRESH, 1],
    ['malformed', { record: TXT, page: { body: 'version: STSv1\n' } }, 'none', 1, bad('bad-policy')],
    ['over 64 kB', { record: TXT, page: { body: `${text('enforce')}x: ${'y'.repeat(64 * 1024)}\n` } }, 'none', 1, bad('too-large')],
    ['certificate for another name', { record: TXT, names: 'wrong' }, 'none', 0, bad('tls-failed')],
  ];
  for (const [title, setup, wanted, fetches, events = []] of CASES) {
    await withBench(setup, async ({ lookup, web, events: told, page }) => {
      Object.assign(page, setup.page);
      t.equal(told.length, 0);
      t.equal(say(await lookup('example.test')), wanted, title);
      t.equal(web.requests.length, fetches, `${title}: fetches`);
      t.strictSame(told, events, `${title}: told`);
    });
  }
});

void t.test('fetched from the right place, kept as it was', async (t) => {
  await withBench({ record: TXT }, async ({ lookup, web, stored }) => {
    await lookup('example.test');
    t.strictSame(web.requests, [`mta-sts.example.test:${web.port} /.well-known/mta-sts.txt`]);
    t.strictSame(
      [...stored],
      [['digest of example.test', { id: '2', text: text('enforce'), fetchedAt: START, expiresAt: START + 7 * DAY }]],
    );
  });
});

void t.test('a policy over time', async (t) => {
  await withBench({ record: TXT }, async ({ lookup, web, clock, dns, page, events }) => {
    const STEPS: readonly (readonly [title: string, step: () => void, wanted: string, fetches: number])[] = [
      ['first mail', () => undefined, 'enforce mail.example.test', 1],
      ['again', () => undefined, 'enforce mail.example.test', 1],
      ['the server breaks; nobody asks', () => (page.status = 500), 'enforce mail.example.test', 1],
      ['a new id, not to be had', () => dns.set('_mta-sts.example.test', { TXT: ['v=STSv1; id=3;'] }), 'enforce mail.example.test', 2],
      ['four minutes later', () => (clock.now += 4 * 60_000), 'enforce mail.example.test', 2],
      ['five minutes later', () => (clock.now += 60_000), 'enforce mail.example.test', 3],
      ['yet another id', () => dns.set('_mta-sts.example.test', { TXT: ['v=STSv1; id=4;'] }), 'enforce mail.example.test', 4],
      ['record suppressed', () => dns.set('_mta-sts.example.test', null), 'enforce mail.example.test', 4],
      ['six days later', () => (clock.now += 6 * DAY), 'enforce mail.example.test', 4],
      ['seven days later', () => (clock.now += DAY), 'none', 4],
    ];
    for (const [title, step, wanted, fetches] of STEPS) {
      step();
      t.equal(say(await lookup('example.test')), wanted, title);
      t.equal(web.requests.length, fetches, `${title}: fetches`);
    }
    t.equal(events.length, 3, 'told once per failed fetch');
  });
});

void t.test('equal look-ups at once fetch once; the one who is stopped leaves alone', async (t) => {
  await withBench({ record: TXT }, async ({ lookup, web }) => {
    const stop = new AbortController();
    const lookups = Array.from({ length: 10 }, () => lookup('example.test'));
    const stopped = lookup('example.test', stop.signal);
    stop.abort();
    t.equal(say(await stopped), 'failed route.dns-failed');
    for (const one of await Promise.all(lookups)) t.equal(say(one), 'enforce mail.example.test');
    t.equal(web.requests.length, 1);
  });
});

void t.test('a store that fails', async (t) => {
  const broken = async (): Promise<never> => {
    throw new MailError('store.unavailable');
  };
  const unreadable: StsPolicyStore = { readStsPolicy: broken, writeStsPolicy: broken };
  await withBench({ record: TXT, changes: { store: unreadable } }, async ({ lookup }) => {
    t.equal(say(await lookup('example.test')), 'failed route.sts-unavailable', 'it may hold a policy: not absence');
  });
  const unwritable: StsPolicyStore = { readStsPolicy: async () => null, writeStsPolicy: broken };
  await withBench({ record: TXT, changes: { store: unwritable } }, async ({ lookup }) => {
    t.equal(say(await lookup('example.test')), 'enforce mail.example.test', 'it applies to this mail');
  });
});

void t.test('private addresses are refused unless allowed', async (t) => {
  await using dns = await startDnsServer({ zone: { 'mta-sts.example.test': { A: ['127.0.0.1', '10.0.0.1'] } } });
  const resolver = dnsClient({ servers: [dns], validating: 'no' });
  const fetchPolicy = stsFetcher({ resolver, random: () => 0, ca: [ca.certificatePem], privateAddresses: 'refused' });
  t.strictSame(await fetchPolicy('example.test'), { kind: 'failed', reason: 'private-address' });
  t.strictSame(await fetchPolicy('nowhere.test'), { kind: 'failed', reason: 'no-address' });
});

function say(found: Awaited<ReturnType<StsLookup>>): string {
  if (found.kind === 'policy') return `${found.policy.mode} ${found.policy.mx.join(' ')}`;
  return found.kind === 'failed' ? `failed ${found.code}` : 'none';
}
