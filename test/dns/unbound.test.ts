// The DNS client and DANE against a real validating resolver, Unbound: what is signed, what is not, and what is bogus.
import t from 'tap';
import { dnsClient } from '../../src/dns/client.ts';
import { lookupMailRoute } from '../../src/dns/route-lookup.ts';
import type { Answer, RecordType } from '../../src/dns/resolver.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startUnbound } from '../support/unbound.ts';

const TEXT = 'x'.repeat(250);
const RECORDS = `
@ IN MX 10 mail
mail IN A 1.1.1.1
mail IN AAAA 2600::1
alias IN CNAME mail
_25._tcp.mail IN TLSA 3 1 1 ${'07'.repeat(32)}
big IN TXT ${`"${TEXT}" `.repeat(8)}
spoilt IN A 4.4.4.4
spoilt-tlsa IN MX 10 mail2
mail2 IN A 1.1.1.2
_25._tcp.mail2 IN TLSA 3 1 1 ${'08'.repeat(32)}
`;

void t.test('Unbound', async (t) => {
  await using unbound = await startUnbound(temporaryFolder(t), {
    name: 'signed.test',
    records: RECORDS,
    spoil: (zone) => zone.replace('4.4.4.4', '6.6.6.6').replace(`${'08'.repeat(32)}`, `${'09'.repeat(32)}`),
    unsigned: ['plain.test. IN A 2.2.2.2'],
  });
  const resolver = dnsClient({ servers: [unbound], validating: 'yes' });
  const CASES: readonly (readonly [name: string, type: RecordType, wanted: Partial<Answer<RecordType>>])[] = [
    ['signed.test', 'MX', { kind: 'records', authenticated: true, records: [{ preference: 10, exchange: 'mail.signed.test' }] }],
    ['mail.signed.test', 'A', { kind: 'records', authenticated: true, records: ['1.1.1.1'] }],
    ['alias.signed.test', 'AAAA', { kind: 'records', authenticated: true, records: ['2600::1'], canonicalName: 'mail.signed.test' }],
    ['_25._tcp.mail.signed.test', 'TLSA', { kind: 'records', authenticated: true }],
    ['big.signed.test', 'TXT', { kind: 'records', authenticated: true, records: [TEXT.repeat(8)] }],
    ['mail.signed.test', 'MX', { kind: 'no-data', authenticated: true }],
    ['nowhere.signed.test', 'A', { kind: 'no-name', authenticated: true }],
    ['spoilt.signed.test', 'A', { kind: 'failed' }],
    ['_25._tcp.mail2.signed.test', 'TLSA', { kind: 'failed' }],
    ['plain.test', 'A', { kind: 'records', authenticated: false, records: ['2.2.2.2'] }],
  ];
  for (const [name, type, wanted] of CASES) {
    const answer = await resolver.query(name, type);
    t.match(answer, wanted, `${name} ${type}`);
    // The SOA says 77; what is left of it in Unbound's cache may be less.
    if (answer.kind === 'no-data' || answer.kind === 'no-name')
      t.ok((answer.ttlSeconds ?? 0) > 0 && (answer.ttlSeconds ?? 0) <= 77, `TTL ${answer.ttlSeconds}`);
  }
  const options = {
    resolver,
    sts: async () => ({ kind: 'none' }) as const,
    random: () => 0,
    own: { names: [], addresses: [] },
    privateAddresses: 'refused',
  } as const;
  t.match(await lookupMailRoute('signed.test', options), {
    kind: 'hops',
    hops: [{ host: 'mail.signed.test', authenticity: 'dnssec', published: 'dane' }],
  });
  t.strictSame(
    await lookupMailRoute('spoilt-tlsa.signed.test', options),
    { kind: 'deferred', code: 'route.dns-failed' },
    'bogus TLSA: later',
  );
  t.strictSame(
    await lookupMailRoute('spoilt.signed.test', options),
    { kind: 'deferred', code: 'route.dns-failed' },
    'bogus address: later',
  );
});
