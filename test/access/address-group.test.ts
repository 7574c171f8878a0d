// Which addresses count as one client.
import t from 'tap';
import { addressGroup } from '../../src/access/address-group.ts';

await t.test('the same', async (t) => {
  for (const [a, b] of [
    ['192.0.2.1', '::ffff:192.0.2.1'],
    ['192.0.2.1', '::FFFF:c000:0201'],
    ['2001:db8::1', '2001:db8::2'],
    ['2001:db8:0:0:1::', '2001:0db8:0000:0000:ffff::'],
    ['not an address', ''],
  ] as const) {
    t.equal(addressGroup(a), addressGroup(b), `${a} and ${b}`);
  }
});

await t.test('different', async (t) => {
  for (const [a, b] of [
    ['192.0.2.1', '192.0.2.2'],
    ['2001:db8::1', '2001:db8:0:1::1'],
    ['::1', '127.0.0.1'],
    ['192.0.2.1', 'x'],
  ] as const) {
    t.not(addressGroup(a), addressGroup(b), `${a} and ${b}`);
  }
});
