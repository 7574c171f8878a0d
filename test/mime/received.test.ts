// The Received field: what it says, what it never says, and that nothing of the client can end its line.
import fc from 'fast-check';
import t from 'tap';
import { receivedField, type ReceivedFacts } from '../../src/mime/received.ts';
import { fuzz } from '../support/fuzz.ts';

const FACTS: ReceivedFacts = {
  client: {
    address: '192.0.2.7',
    helo: 'ward-pc.home.example',
    protocol: 'ESMTPSA',
    tls: { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' },
  },
  clientAddress: 'hide',
  hostname: 'mail.clinic.example',
  messageId: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  at: Date.UTC(2026, 10, 22, 10, 15),
};

await t.test('exact bytes', async (t) => {
  t.equal(
    receivedField(FACTS),
    'Received: from client.invalid (address withheld)\r\n (using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384)\r\n' +
      ' by mail.clinic.example with ESMTPSA id 01ARZ3NDEKTSV4RRFFQ69G5FAV;\r\n Sun, 22 Nov 2026 10:15:00 +0000\r\n',
  );
  t.equal(
    receivedField({ ...FACTS, clientAddress: 'show', client: { ...FACTS.client, protocol: 'ESMTP', tls: null } }),
    'Received: from ward-pc.home.example ([192.0.2.7])\r\n by mail.clinic.example with ESMTP id 01ARZ3NDEKTSV4RRFFQ69G5FAV;\r\n' +
      ' Sun, 22 Nov 2026 10:15:00 +0000\r\n',
  );
});

await t.test('the client as it may stand there', async (t) => {
  const table: readonly (readonly [helo: string, address: string, expected: string])[] = [
    ['[192.168.1.5]', '192.0.2.7', 'from [192.168.1.5] ([192.0.2.7])'],
    ['[IPv6:2001:db8::1]', '2001:db8::1', 'from [IPv6:2001:db8::1] ([IPv6:2001:db8::1])'],
    ['DESKTOP_4711', '::ffff:192.0.2.7', 'from DESKTOP_4711 ([IPv6:::ffff:192.0.2.7])'],
    ['', 'not an address', 'from unknown (unknown)'],
    ['a b', '192.0.2.7', 'from unknown ([192.0.2.7])'],
    ['x)(for <bob@lab.example>', '192.0.2.7', 'from unknown ([192.0.2.7])'],
    ['évil', '192.0.2.7', 'from unknown ([192.0.2.7])'],
    ['x\r\nBcc: bob@lab.example', '192.0.2.7', 'from unknown ([192.0.2.7])'],
  ];
  for (const [helo, address, expected] of table) {
    const field = receivedField({ ...FACTS, clientAddress: 'show', client: { ...FACTS.client, helo, address } });
    t.match(field, expected, JSON.stringify(helo));
    t.notMatch(field, /bob|\bfor\b/);
  }
});

await t.test('hidden means hidden', async (t) => {
  const field = receivedField(FACTS);
  t.notMatch(field, /192\.0\.2\.7|ward-pc/);
});

await t.test('four lines of printable US-ASCII, whatever is put in', async (t) => {
  fuzz(
    t,
    2_000,
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }),
      fc.string(),
      fc.constantFrom('show', 'hide'),
      (helo, address, other, clientAddress) => {
        const client = { helo, address, protocol: other, tls: { protocol: other, cipher: `x\r\n${other}` } };
        return /^Received: (?:[ -~]*\r\n ){3}[ -~]*\r\n$/.test(
          receivedField({ ...FACTS, client, clientAddress, hostname: other, messageId: `\r\n\r\n${other}` }),
        );
      },
    ),
  );
});
