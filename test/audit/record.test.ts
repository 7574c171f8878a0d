import t from 'tap';
import { readDetail, readRecord, recordBytes, SALT_BYTES, saltedDetailOf } from '../../src/audit/record.ts';
import type { Evidence } from '../../src/mail/evidence.ts';

const EVIDENCE: Evidence = {
  kind: 'delivery.relayed',
  at: Date.UTC(2026, 10, 22, 4, 5, 6, 7),
  messageId: '01M00000000000000000000001',
  deliveryId: '01M00000000000000000000001/0',
  codes: { tls: 'TLSv1.3', attempt: 2, duplicate: false },
  detail: { remote: 'mx.partner.example' },
};
const PLACE = { logId: 'log-1', seq: 42, previous: Buffer.alloc(32, 0xab) };
const SALT = Buffer.alloc(SALT_BYTES, 1);
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

await t.test('the canonical form of version 1 never changes', async (t) => {
  const detail = saltedDetailOf({ b: 1, a: 'x' }, SALT);
  t.equal(
    text(recordBytes(EVIDENCE, PLACE, detail)),
    '{"v":1,"log":"log-1","seq":42,"at":"2026-11-22T04:05:06.007Z","kind":"delivery.relayed","message":"01M00000000000000000000001",' +
      '"delivery":"01M00000000000000000000001/0","codes":{"attempt":2,"duplicate":false,"tls":"TLSv1.3"},' +
      '"detail":"979739f8993d68f9a4926b97599763fb02eaea9e6347c3b27efa248ffdc3b35e",' +
      `"previous":"${'ab'.repeat(32)}"}`,
  );
  t.equal(text(detail), `${'\u0001'.repeat(16)}{"a":"x","b":1}`);
});

await t.test('the order in which codes were given does not matter', async (t) => {
  const other: Evidence = { ...EVIDENCE, codes: { duplicate: false, tls: 'TLSv1.3', attempt: 2 } };
  t.same(recordBytes(other, PLACE, null), recordBytes(EVIDENCE, PLACE, null));
});

await t.test('a record reads back as it was written', async (t) => {
  t.match(readRecord(recordBytes(EVIDENCE, PLACE, null)), {
    logId: 'log-1',
    seq: 42,
    at: '2026-11-22T04:05:06.007Z',
    kind: 'delivery.relayed',
    messageId: EVIDENCE.messageId,
    deliveryId: EVIDENCE.deliveryId,
    codes: EVIDENCE.codes,
    detailDigest: null,
    previous: 'ab'.repeat(32),
  });
});

await t.test('detail is in the bytes only as a digest that its salt hides', async (t) => {
  const bytes = recordBytes(EVIDENCE, PLACE, saltedDetailOf(EVIDENCE.detail ?? {}, SALT));
  t.notMatch(text(bytes), /partner/);
  const other = recordBytes(EVIDENCE, PLACE, saltedDetailOf(EVIDENCE.detail ?? {}, Buffer.alloc(SALT_BYTES, 2)));
  t.notSame(other, bytes, 'the same detail under another salt looks different');
  t.same(readDetail(saltedDetailOf(EVIDENCE.detail ?? {}, SALT)), EVIDENCE.detail);
});

await t.test('what is not a record reads as null', async (t) => {
  const good = JSON.parse(text(recordBytes(EVIDENCE, PLACE, null))) as Record<string, unknown>;
  const cases: Readonly<Record<string, string>> = {
    'no JSON': '{"v":1',
    'an array': '[]',
    'another version': JSON.stringify({ ...good, v: 2 }),
    'an unknown kind': JSON.stringify({ ...good, kind: 'delivery.vanished' }),
    'a number without a sequence': JSON.stringify({ ...good, seq: '42' }),
    'codes that are no codes': JSON.stringify({ ...good, codes: { a: { b: 1 } } }),
    'a message that is a number': JSON.stringify({ ...good, message: 7 }),
  };
  for (const [name, json] of Object.entries(cases)) t.equal(readRecord(Buffer.from(json)), null, name);
  t.equal(readDetail(Buffer.concat([SALT, Buffer.from('no')])), null, 'damaged detail');
});

await t.test('a number that JSON cannot hold is refused', async (t) => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
    t.throws(() => recordBytes({ ...EVIDENCE, codes: { value } }, PLACE, null), /finite/);
    t.throws(() => saltedDetailOf({ value }, SALT), /finite/);
  }
});
