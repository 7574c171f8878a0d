// Places for connections: in total, and for each address or /64.
import t from 'tap';
import { connectionPlaces } from '../../src/smtp/connection-places.ts';

await t.test('for each address', async (t) => {
  const places = connectionPlaces(() => ({ connectionsTotal: 100, connectionsPerAddress: 2 }));
  const first = places.enter('192.0.2.1');
  t.ok(first);
  t.ok(places.enter('::ffff:192.0.2.1'));
  t.equal(places.enter('192.0.2.1'), null);
  t.ok(places.enter('192.0.2.2'), 'another address has its own');
  first?.leave();
  first?.leave();
  t.ok(places.enter('192.0.2.1'), 'left once is free once');
  t.equal(places.enter('192.0.2.1'), null);
  t.ok(places.enter('2001:db8::1'));
  t.ok(places.enter('2001:db8::2'));
  t.equal(places.enter('2001:db8::3'), null, 'one /64');
});

await t.test('in total', async (t) => {
  const places = connectionPlaces(() => ({ connectionsTotal: 3, connectionsPerAddress: 10 }));
  const all = ['192.0.2.1', '192.0.2.2', '192.0.2.3'].map((address) => places.enter(address));
  t.equal(places.taken, 3);
  t.equal(places.enter('192.0.2.4'), null);
  for (const place of all) place?.leave();
  t.equal(places.taken, 0);
  t.ok(places.enter('192.0.2.4'));
});

await t.test('new limits count at once', async (t) => {
  let connectionsPerAddress = 1;
  const places = connectionPlaces(() => ({ connectionsTotal: 10, connectionsPerAddress }));
  places.enter('192.0.2.1');
  t.equal(places.enter('192.0.2.1'), null);
  connectionsPerAddress = 2;
  t.ok(places.enter('192.0.2.1'));
});
