import { randomBytes } from 'node:crypto';
import t from 'tap';
import { messageIdOf } from '../../src/gateway/message-id.ts';

const ZEROS = Buffer.alloc(10);
const ONES = Buffer.alloc(10, 0xff);

const cases: readonly (readonly [name: string, at: number, random: Uint8Array, id: string])[] = [
  ['the epoch', 0, ZEROS, '00000000000000000000000000'],
  ['all chance set', 0, ONES, '0000000000ZZZZZZZZZZZZZZZZ'],
  ['one millisecond', 1, ZEROS, '00000000010000000000000000'],
  ['bits of chance in their order', 0, Buffer.from('0842108421084210842f', 'hex'), '0000000000111111111111111F'],
  ['the last moment of 48 bits', 2 ** 48 - 1, ZEROS, '7ZZZZZZZZZ0000000000000000'],
  ['a time of today', Date.UTC(2026, 10, 22, 12), ZEROS, '01M81J18G00000000000000000'],
];

for (const [name, at, random, id] of cases) t.test(name, async (t) => void t.equal(messageIdOf(at, random), id));

t.test('ids sort by time, and hold nothing but what the spool and the reply may hold', async (t) => {
  const times = Array.from({ length: 1_000 }, (_, i) => 1_700_000_000_000 + i * 977);
  const ids = times.map((at) => messageIdOf(at, randomBytes(10)));
  t.same(ids, ids.toSorted());
  t.same(
    ids.filter((id) => !/^[0-9A-HJKMNP-TV-Z]{26}$/.test(id)),
    [],
  );
});
