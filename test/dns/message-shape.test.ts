// RDLENGTH must agree with what a type holds, whatever the library would make of it.
import t from 'tap';
import { HEADER_BYTES, recordPlaces, TYPE } from '../../src/dns/message-shape.ts';

/** A message without question: one record of a type with these octets, then an A record. */
function message(type: number, data: readonly number[]): Buffer {
  const record = (of: number, octets: readonly number[]): readonly number[] => [0, 0, of, 0, 1, 0, 0, 0, 60, 0, octets.length, ...octets];
  return Buffer.from([0, 1, 0x80, 0, 0, 0, 0, 2, 0, 0, 0, 0, ...record(type, data), ...record(TYPE.A, [192, 0, 2, 1])]);
}

void t.test('record data', async (t) => {
  const NAME = [1, 97, 0];
  const CASES: readonly (readonly [title: string, type: number, data: readonly number[], wanted: 'whole' | 'malformed'])[] = [
    ['A', TYPE.A, [1, 2, 3, 4], 'whole'],
    ['A, short', TYPE.A, [1, 2, 3], 'malformed'],
    ['A, long', TYPE.A, [1, 2, 3, 4, 5], 'malformed'],
    ['AAAA', TYPE.AAAA, new Array<number>(16).fill(1), 'whole'],
    ['AAAA, short', TYPE.AAAA, new Array<number>(15).fill(1), 'malformed'],
    ['CNAME', TYPE.CNAME, NAME, 'whole'],
    ['CNAME by pointer', TYPE.CNAME, [0xc0, 12], 'whole'],
    ['CNAME, octets behind', TYPE.CNAME, [...NAME, 0], 'malformed'],
    ['CNAME, beyond its data', TYPE.CNAME, [1, 97], 'malformed'],
    ['CNAME, empty', TYPE.CNAME, [], 'malformed'],
    ['MX', TYPE.MX, [0, 10, ...NAME], 'whole'],
    ['MX, null', TYPE.MX, [0, 0, 0], 'whole'],
    ['MX without name', TYPE.MX, [0, 10], 'malformed'],
    ['MX, octets behind', TYPE.MX, [0, 10, ...NAME, 0], 'malformed'],
    ['TXT', TYPE.TXT, [1, 97, 0, 2, 98, 99], 'whole'],
    ['TXT, empty', TYPE.TXT, [], 'malformed'],
    ['TXT, string beyond its data', TYPE.TXT, [1, 97, 2, 98], 'malformed'],
    ['TLSA', TYPE.TLSA, [3, 1, 1, 9], 'whole'],
    ['TLSA without data', TYPE.TLSA, [3, 1, 1], 'malformed'],
    ['SOA, short', TYPE.SOA, [0, 0], 'malformed'],
    ['another type', 13, [1, 2], 'whole'],
  ];
  for (const [title, type, data, wanted] of CASES) {
    const places = recordPlaces(message(type, data), HEADER_BYTES);
    t.equal(places === null ? 'malformed' : 'whole', wanted, title);
    if (places !== null)
      t.match(
        places,
        [
          { type, dataEnd: 23 + data.length },
          { type: TYPE.A, ttlSeconds: 60 },
        ],
        title,
      );
  }
});
