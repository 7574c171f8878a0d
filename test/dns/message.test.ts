// Reading DNS messages: nothing that a name server sends may crash, hang, or be taken for something it is not. Fixed seed.
import packet from 'dns-packet';
import type { Answer } from 'dns-packet';
import fc from 'fast-check';
import { isIP } from 'node:net';
import t from 'tap';
import { followChain } from '../../src/dns/answer-chain.ts';
import { isQueryName, readReply, writeQuery } from '../../src/dns/message.ts';
import type { Reply } from '../../src/dns/message.ts';
import type { RecordType } from '../../src/dns/resolver.ts';

const TYPES: readonly RecordType[] = ['MX', 'A', 'AAAA', 'CNAME', 'TXT', 'TLSA'];
const NAME = 'mail.fuzz.test';
const ANSWERS: Readonly<Record<RecordType, readonly Answer[]>> = {
  MX: [
    { type: 'MX', name: NAME, ttl: 60, data: { preference: 10, exchange: 'a.fuzz.test' } },
    { type: 'MX', name: NAME, ttl: 60, data: { preference: 20, exchange: '.' } },
  ],
  A: [{ type: 'A', name: NAME, ttl: 60, data: '192.0.2.1' }],
  AAAA: [{ type: 'AAAA', name: NAME, ttl: 60, data: '2001:db8::1' }],
  CNAME: [{ type: 'CNAME', name: NAME, ttl: 60, data: 'b.fuzz.test' }],
  TXT: [{ type: 'TXT', name: NAME, ttl: 60, data: ['v=STSv1; ', 'id=1;'] }],
  TLSA: [{ type: 'TLSA', name: NAME, ttl: 60, data: { usage: 3, selector: 1, matchingType: 1, certificate: Buffer.alloc(32, 1) } }],
};

function goodReply(type: RecordType): Buffer {
  return packet.encode({
    type: 'response',
    id: 77,
    flags: packet.RECURSION_AVAILABLE | packet.AUTHENTIC_DATA,
    questions: [{ type, name: NAME }],
    answers: [...ANSWERS[type]],
    authorities: [{ type: 'SOA', name: 'fuzz.test', ttl: 9, data: { mname: 'ns.fuzz.test', rname: 'root.fuzz.test', minimum: 7 } }],
    additionals: [
      { type: 'OPT', name: '.', udpPayloadSize: 1232, extendedRcode: 0, ednsVersion: 0, flags: 0, flag_do: false, options: [] },
    ],
  });
}

/** What is read must be whole. */
function assertSound(reply: ReturnType<typeof readReply>, type: RecordType): void {
  if (typeof reply === 'string') return;
  const chain = followChain(reply.answers, NAME, type, 0);
  if (chain.kind !== 'records') return;
  if (!(chain.ttlSeconds >= 0 && chain.ttlSeconds <= 0x7fffffff)) throw new Error('TTL');
  for (const record of chain.records) {
    if (typeof record === 'string') {
      if ((type === 'A' || type === 'AAAA') && isIP(record) === 0) throw new Error(`no address: ${record}`);
    } else if ('exchange' in record) {
      if (!(record.preference >= 0 && record.preference <= 0xffff) || record.exchange === '') throw new Error('MX');
    } else if (record.data.length === 0) throw new Error('TLSA without data');
  }
}

void t.test('good replies are read', async (t) => {
  for (const type of TYPES) {
    const reply = readReply(goodReply(type), writeQuery(77, NAME, type));
    t.match(reply, { rcode: 0, authenticated: true, conclusive: true, negativeTtlSeconds: 7 }, type);
    t.equal(followChain((reply as Reply).answers, NAME, type, 0).kind, 'records', type);
  }
});

void t.test('changed octets, cuts and insertions', async (t) => {
  const edits = fc.array(fc.record({ at: fc.nat(400), octet: fc.nat(255), how: fc.constantFrom('set', 'cut', 'insert') }), {
    minLength: 1,
    maxLength: 8,
  });
  let read = 0;
  fc.assert(
    fc.property(fc.constantFrom(...TYPES), edits, (type, changes) => {
      let bytes: Buffer = goodReply(type);
      for (const { at, octet, how } of changes) {
        // Behind the question most of the time: in front of it nothing is ours any more.
        const place = at < 20 ? at : 32 + ((at - 20) % Math.max(1, bytes.length - 32));
        if (how === 'set' && place < bytes.length) bytes[place] = octet;
        if (how === 'cut' && at % 7 === 0) bytes = bytes.subarray(0, place);
        if (how === 'insert') bytes = Buffer.concat([bytes.subarray(0, place), Buffer.from([octet]), bytes.subarray(place)]);
      }
      const reply = readReply(bytes, writeQuery(77, NAME, type));
      if (typeof reply !== 'string') read++;
      assertSound(reply, type);
    }),
    { seed: 20261122, numRuns: 6000 },
  );
  t.ok(read > 100, `some were still readable: ${read}`);
});

void t.test('anything behind our question', async (t) => {
  fc.assert(
    fc.property(
      fc.constantFrom(...TYPES),
      fc.array(fc.nat(6), { minLength: 3, maxLength: 3 }),
      fc.uint8Array({ maxLength: 300 }),
      (type, counts, body) => {
        const query = writeQuery(77, NAME, type);
        const head = Buffer.from(query.bytes.subarray(0, query.questionEnd));
        head.writeUInt16BE(0x8180, 2);
        counts.forEach((count, i) => head.writeUInt16BE(count, 6 + 2 * i));
        assertSound(readReply(Buffer.concat([head, body]), query), type);
      },
    ),
    { seed: 20261122, numRuns: 6000 },
  );
  t.pass('no exception, nothing unsound');
});

void t.test('large messages made of pointers take little time', async (t) => {
  const query = writeQuery(77, NAME, 'A');
  const head = Buffer.from(query.bytes.subarray(0, query.questionEnd));
  head.writeUInt16BE(0x8180, 2);
  const CASES = [
    ['too many records', 4000, 'to the question', 'malformed'],
    ['each pointer to the one before', 1000, 'to the last record', 'malformed'],
    ['a thousand records', 1000, 'to the question', 'read'],
  ] as const;
  for (const [title, records, pointers, wanted] of CASES) {
    head.writeUInt16BE(records, 6);
    head.writeUInt16BE(0, 10);
    const pieces: Buffer[] = [head];
    for (let i = 0, at = 12; i < records; i++) {
      pieces.push(Buffer.from([0xc0 | (at >> 8), at & 0xff, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 192, 0, 2, 1]));
      if (pointers === 'to the last record') at = Math.min(0x3ff0, head.length + 16 * i);
    }
    const start = process.cpuUsage();
    const reply = readReply(Buffer.concat(pieces), query);
    const { user } = process.cpuUsage(start);
    t.equal(typeof reply === 'string' ? reply : 'read', wanted, title);
    t.ok(user < 1_000_000, `${title}: ${user} microseconds of CPU time`);
  }
});

void t.test('names that can be asked for', async (t) => {
  const CASES: Readonly<Record<string, boolean>> = {
    'a.test': true,
    '_25._tcp.mx-1.test': true,
    'xn--bcher-kva.test': true,
    'A.test': false,
    '': false,
    '.': false,
    'a.': false,
    'b\u00fccher.test': false,
    'a b.test': false,
    'a\0b.test': false,
    [`${'a'.repeat(63)}.test`]: true,
    [`${'a'.repeat(64)}.test`]: false,
    [`${'abcdefgh.'.repeat(27)}1234567890`]: true,
    [`${'abcdefgh.'.repeat(27)}12345678901`]: false,
  };
  for (const [name, wanted] of Object.entries(CASES)) t.equal(isQueryName(name), wanted, JSON.stringify(name));
});
