// The DNS client against a real server on loopback: records, absence, failure, truncation, hostile replies, limits.
import packet from 'dns-packet';
import t from 'tap';
import { dnsClient, systemNameServers } from '../../src/dns/client.ts';
import type { Answer, RecordType } from '../../src/dns/resolver.ts';
import { startDnsServer } from '../support/dns-server.ts';
import type { Zone } from '../support/dns-server.ts';

const digest = new Uint8Array(32).fill(7);
const long = Array.from({ length: 60 }, (_, i) => `192.0.2.${i + 1}`);
const links = (count: number): Zone =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`l${count}-${i}.test`, { CNAME: [`l${count}-${i + 1}.test`] as const }]));

const zone: Zone = {
  'records.test': {
    A: ['192.0.2.1', '192.0.2.2'],
    AAAA: ['2001:db8::1', '::ffff:10.0.0.1'],
    MX: [
      [10, 'Mail.Records.TEST'],
      [20, 'b.test'],
    ],
    TXT: ['v=one', ['in ', 'two ', 'parts'], '\u00e9'],
    ttlSeconds: 120,
  },
  '_25._tcp.records.test': { TLSA: [{ usage: 3, selector: 1, matchingType: 1, data: digest }], signed: 'yes' },
  'null.test': { MX: [[0, '.']] },
  'alias.test': { CNAME: ['Records.test'], ttlSeconds: 60 },
  'dangling.test': { CNAME: ['gone.test'] },
  'empty-alias.test': { CNAME: ['null.test'] },
  'loop-a.test': { CNAME: ['loop-b.test'] },
  'loop-b.test': { CNAME: ['loop-a.test'] },
  ...links(8),
  'l8-8.test': { A: ['192.0.2.8'] },
  ...links(9),
  'l9-9.test': { A: ['192.0.2.9'] },
  'signed.test': { A: ['192.0.2.1'], signed: 'yes' },
  'half-signed.test': { CNAME: ['records.test'], signed: 'yes' },
  'long.test': { A: long },
  'truncate.test': { A: ['192.0.2.3'] },
  'very-long-ttl.test': { A: ['192.0.2.1'], ttlSeconds: 86_400 },
  'minus-ttl.test': { A: ['192.0.2.1'], ttlSeconds: 0xffffffff },
  'forced.test': { A: 'truncate' },
  'servfail.test': { all: 'servfail' },
  'refused.test': { all: 'refused' },
  'garbage.test': { all: 'garbage' },
  'lame.test': { all: 'lame' },
  'wrong-id.test': { all: 'wrong-id' },
  'wrong-question.test': { all: 'wrong-question' },
  'silent.test': { all: 'silent' },
  'under.there.test': { A: ['192.0.2.1'] },
};

type Case = readonly [title: string, name: string, type: RecordType, wanted: Answer<RecordType>];
const found = (records: Extract<Answer<RecordType>, { kind: 'records' }>['records'], ttlSeconds = 300): Answer<RecordType> => ({
  kind: 'records',
  records,
  ttlSeconds,
  authenticated: false,
});
const failed: Answer<RecordType> = { kind: 'failed' };
const noData: Answer<RecordType> = { kind: 'no-data', authenticated: false, ttlSeconds: 60 };
const noName: Answer<RecordType> = { kind: 'no-name', authenticated: false, ttlSeconds: 60 };

const CASES: readonly Case[] = [
  ['A', 'records.test', 'A', found(['192.0.2.1', '192.0.2.2'], 120)],
  ['AAAA', 'records.test', 'AAAA', found(['2001:db8::1', '::ffff:a00:1'], 120)],
  [
    'MX, names in lower case',
    'RECORDS.test',
    'MX',
    found(
      [
        { preference: 10, exchange: 'mail.records.test' },
        { preference: 20, exchange: 'b.test' },
      ],
      120,
    ),
  ],
  ['TXT, strings joined, octets kept', 'records.test', 'TXT', found(['v=one', 'in two parts', '\u00c3\u00a9'], 120)],
  ['TLSA', '_25._tcp.records.test', 'TLSA', found([{ usage: 3, selector: 1, matchingType: 1, data: digest }])],
  ['null MX', 'null.test', 'MX', found([{ preference: 0, exchange: '.' }])],
  ['CNAME asked for', 'alias.test', 'CNAME', found(['records.test'], 60)],
  [
    'CNAME followed, lowest TTL',
    'alias.test',
    'A',
    { kind: 'records', records: ['192.0.2.1', '192.0.2.2'], ttlSeconds: 60, authenticated: false, canonicalName: 'records.test' },
  ],
  ['CNAME to nothing', 'dangling.test', 'A', noName],
  ['CNAME to a name without the type', 'empty-alias.test', 'A', noData],
  ['CNAME loop', 'loop-a.test', 'A', failed],
  [
    '8 CNAMEs',
    'l8-0.test',
    'A',
    { kind: 'records', records: ['192.0.2.8'], ttlSeconds: 300, authenticated: false, canonicalName: 'l8-8.test' },
  ],
  ['9 CNAMEs', 'l9-0.test', 'A', failed],
  ['no data', 'records.test', 'TLSA', noData],
  ['no data at an empty non-terminal', 'there.test', 'A', noData],
  ['no such name', 'nowhere.test', 'MX', noName],
  ['60 addresses, over TCP', 'long.test', 'A', found(long)],
  ['TTL capped at an hour', 'very-long-ttl.test', 'A', found(['192.0.2.1'], 3600)],
  ['negative TTL counts as 0', 'minus-ttl.test', 'A', found(['192.0.2.1'], 0)],
  ['SERVFAIL', 'servfail.test', 'A', failed],
  ['REFUSED', 'refused.test', 'A', failed],
  ['garbage', 'garbage.test', 'A', failed],
  ['referral of a server that does not recurse', 'lame.test', 'A', failed],
  ['answer with the wrong id', 'wrong-id.test', 'A', failed],
  ['answer to another question', 'wrong-question.test', 'A', failed],
  ['silence', 'silent.test', 'A', failed],
  ['a name with a blank', 'a b.test', 'A', failed],
  ['an empty label', 'a..test', 'A', failed],
  ['a label over 63 octets', `${'a'.repeat(64)}.test`, 'A', failed],
  ['a name over 253 octets', `${'abcdefgh.'.repeat(30)}test`, 'A', { kind: 'no-name', authenticated: false }],
];

void t.test('answers', async (t) => {
  await using server = await startDnsServer({ zone });
  const patient = dnsClient({ servers: [server], validating: 'no', timeoutMs: 5000 });
  const hasty = dnsClient({ servers: [server], validating: 'no', timeoutMs: 100 });
  const unanswered = ['silent.test', 'garbage.test', 'wrong-id.test', 'wrong-question.test'];
  for (const [title, name, type, wanted] of CASES) {
    const resolver = unanswered.includes(name) ? hasty : patient;
    t.strictSame(plain(await resolver.query(name, type)), plain(wanted), title);
  }
  t.equal(server.asked('nowhere.test'), 1, 'absence is believed at once');
  t.equal(server.asked('servfail.test'), 1, 'who said SERVFAIL is not asked again');
  t.equal(server.asked('silent.test'), 2, 'silence is asked twice');
  t.equal(server.asked('a b.test') + server.asked('a..test'), 0, 'names that nobody can mean are not sent');
  t.ok(
    server.queries.every((query) => query.adRequested),
    'every query asks for AD',
  );
  t.ok(
    server.queries.some((query) => query.name === 'long.test' && query.transport === 'tcp'),
    'TCP was used',
  );
  t.ok(new Set(server.queries.map(({ id }) => id)).size > server.queries.length * 0.9, 'ids differ');
  t.ok(new Set(server.queries.map(({ sourcePort }) => sourcePort)).size > server.queries.length * 0.9, 'ports differ');
});

void t.test('authenticated counts only from a validating resolver, over the whole chain', async (t) => {
  await using server = await startDnsServer({ zone });
  const CASES = [
    ['signed.test', 'yes', true],
    ['signed.test', 'no', false],
    ['records.test', 'yes', false],
    ['half-signed.test', 'yes', false],
  ] as const;
  for (const [name, validating, wanted] of CASES) {
    const answer = await dnsClient({ servers: [server], validating }).query(name, 'A');
    t.match(answer, { kind: 'records', authenticated: wanted }, `${name}, validating: ${validating}`);
  }
  await using signed = await startDnsServer({ zone: {}, signed: 'yes' });
  t.match(
    await dnsClient({ servers: [signed], validating: 'yes' }).query('x.test', 'A'),
    { kind: 'no-name', authenticated: true },
    'signed absence',
  );
});

void t.test('CNAMEs over several replies: every reply must be authenticated', async (t) => {
  const step = (target: string, ad: boolean) => (query: Buffer) =>
    reply(query, { ad, answers: [{ type: 'CNAME', name: nameOf(query), ttl: 60, data: target }] });
  for (const [title, ads, wanted] of [
    ['both signed', [true, true], true],
    ['the first not', [false, true], false],
    ['the last not', [true, false], false],
  ] as const) {
    await using server = await startDnsServer({
      zone: {},
      raw: (query) => [
        nameOf(query) === 'start.test'
          ? step('end.test', ads[0])(query)
          : reply(query, { ad: ads[1], answers: [{ type: 'A', name: 'end.test', ttl: 60, data: '192.0.2.1' }] }),
      ],
    });
    const answer = await dnsClient({ servers: [server], validating: 'yes' }).query('start.test', 'A');
    t.match(answer, { kind: 'records', authenticated: wanted, canonicalName: 'end.test' }, title);
  }
});

void t.test('several servers', async (t) => {
  await using bad = await startDnsServer({
    zone: { 'x.test': { all: 'servfail' }, 'y.test': { all: 'silent' }, 'z.test': { all: 'lame' } },
  });
  await using good = await startDnsServer({ zone: { 'x.test': { A: ['192.0.2.1'] }, 'y.test': { A: ['192.0.2.1'] } } });
  const closed = { address: '127.0.0.1', port: await closedPort() };
  const resolver = dnsClient({ servers: [closed, bad, good], validating: 'no', timeoutMs: 5000 });
  t.match(await resolver.query('x.test', 'A'), { kind: 'records' }, 'SERVFAIL of one server: the next one');
  t.match(await resolver.query('x.test', 'A'), { kind: 'records' });
  t.equal(bad.asked('x.test'), 1, 'the server that answered is asked first from then on');
  const again = dnsClient({ servers: [bad, good], validating: 'no', timeoutMs: 100 });
  t.match(await again.query('y.test', 'A'), { kind: 'records' }, 'silence of one server: the next one');
  t.match(
    await dnsClient({ servers: [bad, good], validating: 'no' }).query('z.test', 'A'),
    { kind: 'no-name' },
    'a referral: the next one',
  );
  t.match(await dnsClient({ servers: [closed], validating: 'no' }).query('x.test', 'A'), failed, 'a closed port');
  t.match(await dnsClient({ servers: [], validating: 'no' }).query('x.test', 'A'), failed, 'no server');
});

void t.test('a signal and the total time end a query', async (t) => {
  await using server = await startDnsServer({ zone });
  const resolver = dnsClient({ servers: [server], validating: 'no', timeoutMs: 60_000, totalTimeoutMs: 60_000 });
  const stop = new AbortController();
  const query = resolver.query('silent.test', 'A', stop.signal);
  stop.abort();
  t.strictSame(await query, failed);
  t.strictSame(await resolver.query('records.test', 'A', stop.signal), failed, 'aborted before');
  const impatient = dnsClient({ servers: [server], validating: 'no', timeoutMs: 60_000, totalTimeoutMs: 50 });
  t.strictSame(await impatient.query('silent.test', 'A'), failed);
});

void t.test('a forger who floods wrong ids is answered by TCP', async (t) => {
  await using server = await startDnsServer({
    zone: { 'x.test': { A: ['192.0.2.1'] } },
    raw: (query, transport) => {
      if (transport === 'tcp') return null;
      return Array.from({ length: 12 }, (_, i) =>
        reply(query, { id: i, answers: [{ type: 'A', name: 'x.test', ttl: 60, data: '10.6.6.6' }] }),
      );
    },
  });
  const answer = await dnsClient({ servers: [server], validating: 'no' }).query('x.test', 'A');
  t.match(answer, { kind: 'records', records: ['192.0.2.1'] });
});

void t.test('replies that must not be believed', async (t) => {
  const a = { type: 'A', name: 'x.test', ttl: 60, data: '192.0.2.1' } as const;
  const CASES: Readonly<Record<string, (query: Buffer) => Buffer>> = {
    'a query instead of a reply': (query) => query,
    'two questions': (query) => patched(reply(query, { answers: [a] }), 4, [0, 2]),
    'counts of 65535': (query) => patched(reply(query, { answers: [a] }), 6, [255, 255, 255, 255, 255, 255]),
    'cut in the middle of a record': (query) => reply(query, { answers: [a] }).subarray(0, -2),
    'octets behind the end': (query) => Buffer.concat([reply(query, { answers: [a] }), Buffer.from([0])]),
    'an address of 3 octets': (query) => {
      const whole = reply(query, { answers: [a] });
      return patched(whole.subarray(0, -1), whole.length - 5, [3]);
    },
    'an answer to a question as long as ours': (query) => {
      const whole = reply(query, { answers: [a] });
      return patched(whole, 13, ['y'.charCodeAt(0)]);
    },
    'absence from one who neither recurses nor has authority': (query) => patched(reply(query, { answers: [] }), 2, [0x80, 0x03]),
    'two CNAMEs at one name': (query) =>
      reply(query, {
        answers: [
          { type: 'CNAME', name: 'x.test', ttl: 60, data: 'y.test' },
          { type: 'CNAME', name: 'x.test', ttl: 60, data: 'z.test' },
        ],
      }),
    'a pointer to itself': (query) => withOwner(query, (at) => [0xc0, at]),
    'a pointer forwards': (query) => withOwner(query, (at) => [0xc0, at + 4]),
    'a pointer into the header': (query) => withOwner(query, () => [0xc0, 11]),
    'a label type that does not exist': (query) => withOwner(query, () => [0x80, 0]),
    'only a header': (query) => patched(query.subarray(0, 12), 2, [0x81, 0x80, 0, 0]),
    'nothing at all': () => Buffer.alloc(0),
  };
  for (const [title, make] of Object.entries(CASES)) {
    await using server = await startDnsServer({ zone: {}, raw: (query) => [make(query)] });
    const answer = await dnsClient({ servers: [server], validating: 'yes', timeoutMs: 30 }).query('x.test', 'A');
    t.strictSame(answer, failed, title);
  }
});

void t.test('records of other names, types and classes are not taken', async (t) => {
  await using server = await startDnsServer({
    zone: {},
    raw: (query) => [
      reply(query, {
        answers: [
          { type: 'A', name: 'other.test', ttl: 1, data: '10.6.6.6' },
          { type: 'A', name: 'x.test', class: 'CH', ttl: 1, data: '10.6.6.6' },
          { type: 'HINFO', name: 'x.test', ttl: 1, data: { cpu: 'x', os: 'y' } },
          { type: 'A', name: 'X.test', ttl: 60, data: '192.0.2.1' },
        ],
      }),
    ],
  });
  const answer = await dnsClient({ servers: [server], validating: 'no' }).query('x.test', 'A');
  t.strictSame(answer, { kind: 'records', records: ['192.0.2.1'], ttlSeconds: 60, authenticated: false });
});

void t.test('a flood of queries waits for slots and is answered', async (t) => {
  const names = Array.from({ length: 500 }, (_, i) => `n${i}.test`);
  await using server = await startDnsServer({ zone: Object.fromEntries(names.map((name) => [name, { A: ['192.0.2.1'] }])) });
  const resolver = dnsClient({ servers: [server], validating: 'no' });
  const answers = await Promise.all(names.map((name) => resolver.query(name, 'A')));
  t.ok(answers.every(({ kind }) => kind === 'records'));
});

void t.test('the name servers of the system', async (t) => {
  for (const { address, port } of systemNameServers()) t.ok(address.length > 0 && port > 0, `${address} ${port}`);
  t.ok(systemNameServers().length > 0);
});

function reply(query: Buffer, parts: { readonly id?: number; readonly ad?: boolean; readonly answers: packet.Answer[] }): Buffer {
  const { id, questions } = packet.decode(query);
  const flags = packet.RECURSION_AVAILABLE | (parts.ad === true ? packet.AUTHENTIC_DATA : 0);
  return packet.encode({ type: 'response', id: parts.id ?? id, flags, questions, answers: parts.answers });
}

function nameOf(query: Buffer): string {
  return packet.decode(query).questions?.[0]?.name ?? '';
}

function patched(bytes: Buffer, at: number, octets: readonly number[]): Buffer {
  const copy = Buffer.from(bytes);
  copy.set(octets, at);
  return copy;
}

/** A reply with one A record whose owner name is the octets given, of which the place is told. */
function withOwner(query: Buffer, owner: (at: number) => readonly number[]): Buffer {
  const head = reply(query, { answers: [] });
  const record = [...owner(head.length), 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1];
  return patched(Buffer.concat([head, Buffer.from(record)]), 6, [0, 1]);
}

/** Typed arrays and buffers alike. */
function plain(answer: Answer<RecordType>): unknown {
  return JSON.parse(JSON.stringify(answer, (_key, value: unknown) => (value instanceof Uint8Array ? [...value] : value)));
}

async function closedPort(): Promise<number> {
  const server = await startDnsServer({ zone: {} });
  await server[Symbol.asyncDispose]();
  return server.port;
}
