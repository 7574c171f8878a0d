// The cache before a resolver: how long what is remembered, and how much.
import t from 'tap';
import { cachedResolver } from '../../src/dns/cache.ts';
import { dnsClient } from '../../src/dns/client.ts';
import type { CachedResolver, CacheOptions } from '../../src/dns/cache.ts';
import { startDnsServer } from '../support/dns-server.ts';
import type { DnsServer, Zone } from '../support/dns-server.ts';

const zone: Zone = {
  'a.test': { A: ['192.0.2.1'], ttlSeconds: 100 },
  'short.test': { A: ['192.0.2.1'], ttlSeconds: 0 },
  'day.test': { A: ['192.0.2.1'], ttlSeconds: 86_400 },
  'servfail.test': { all: 'servfail' },
};

/** A cache with a clock that the test moves. */
function cacheOf(server: DnsServer, options: Partial<CacheOptions> = {}): { cache: CachedResolver; clock: { now: number } } {
  const clock = { now: 1_000_000 };
  const resolver = dnsClient({ servers: [server], validating: 'no' });
  return { cache: cachedResolver({ resolver, now: () => clock.now, ...options }), clock };
}

void t.test('how long', async (t) => {
  const CASES = [
    ['within the TTL', 'a.test', 99, 1],
    ['at the end of the TTL', 'a.test', 100, 2],
    ['TTL 0 is not kept', 'short.test', 0, 2],
    ['an hour at most, before', 'day.test', 3599, 1],
    ['an hour at most, after', 'day.test', 3600, 2],
    ['absence, as the SOA says', 'nowhere.test', 59, 1],
    ['absence, later', 'nowhere.test', 60, 2],
    ['a failure for some seconds', 'servfail.test', 14, 1],
    ['a failure, not for long', 'servfail.test', 30, 2],
    ['a clock that stepped back', 'a.test', -5, 2],
  ] as const;
  await using server = await startDnsServer({ zone });
  for (const [title, name, seconds, asked] of CASES) {
    const { cache, clock } = cacheOf(server);
    server.queries.length = 0;
    const first = await cache.query(name, 'A');
    clock.now += seconds * 1000;
    const second = await cache.query(name.toUpperCase(), 'A');
    t.equal(server.asked(name), asked, title);
    t.equal(second.kind, first.kind, title);
  }
});

void t.test('what is left of the TTL is told', async (t) => {
  await using server = await startDnsServer({ zone });
  const { cache, clock } = cacheOf(server);
  await cache.query('a.test', 'A');
  clock.now += 40_000;
  t.match(await cache.query('a.test', 'A'), { kind: 'records', ttlSeconds: 60 });
});

void t.test('equal questions at once are one query; types are kept apart', async (t) => {
  await using server = await startDnsServer({ zone });
  const { cache } = cacheOf(server);
  await Promise.all(Array.from({ length: 20 }, () => cache.query('a.test', 'A')));
  t.equal(server.asked('a.test', 'A'), 1);
  t.match(await cache.query('a.test', 'AAAA'), { kind: 'no-data' });
  t.match(await cache.query('a.test', 'A'), { kind: 'records' });
});

void t.test('one who gives up does not stop it for the others', async (t) => {
  await using server = await startDnsServer({ zone });
  const { cache } = cacheOf(server);
  const stop = new AbortController();
  const impatient = cache.query('a.test', 'A', stop.signal);
  const patient = cache.query('a.test', 'A', new AbortController().signal);
  stop.abort();
  t.strictSame(await impatient, { kind: 'failed' });
  t.match(await patient, { kind: 'records' });
  t.match(await cache.query('b.test', 'A', stop.signal), { kind: 'failed' }, 'stopped before');
});

void t.test('bounded: the one unused for longest goes', async (t) => {
  const names = ['n1.test', 'n2.test', 'n3.test', 'n4.test'];
  await using server = await startDnsServer({ zone: Object.fromEntries(names.map((name) => [name, { A: ['192.0.2.1'] }])) });
  const { cache } = cacheOf(server, { maxEntries: 3 });
  for (const name of ['n1.test', 'n2.test', 'n3.test', 'n1.test', 'n4.test', 'n1.test', 'n3.test', 'n2.test']) await cache.query(name, 'A');
  t.strictSame(
    names.map((name) => server.asked(name)),
    [1, 2, 1, 1],
  );
});

void t.test('clear forgets', async (t) => {
  await using server = await startDnsServer({ zone });
  const { cache } = cacheOf(server);
  await cache.query('a.test', 'A');
  cache.clear();
  await cache.query('a.test', 'A');
  t.equal(server.asked('a.test'), 2);
  t.equal(cache.validating, 'no');
});
