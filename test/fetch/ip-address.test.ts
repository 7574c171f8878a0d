// Which addresses are public, and when two spellings are one address.
import t from 'tap';
import { addressKey, addressOctets, isPublicAddress } from '../../src/fetch/ip-address.ts';

void t.test('public or not', async (t) => {
  const PUBLIC = [
    '1.1.1.1',
    '8.8.8.8',
    '100.63.255.255',
    '100.128.0.1',
    '172.15.0.1',
    '172.32.0.1',
    '192.169.0.1',
    '223.255.255.254',
    '2606:4700::1111',
    '2a00:1450::1',
    '::ffff:8.8.8.8',
    '64:ff9b::808:808',
    '2002:808:808::1',
  ];
  const NOT_PUBLIC = [
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.255',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.1',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.1.1.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::7f00:1',
    '::ffff:127.0.0.1',
    '::ffff:a00:1',
    '::ffff:192.168.0.1',
    '64:ff9b::a00:1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '2002:a00:1::1',
    '2002:7f00:1::',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '3fff::1',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    'ff0e::1',
    '4000::1',
    '',
    'localhost',
    '1.2.3',
    '1.2.3.4.5',
    '010.0.0.1',
    '0x7f.1',
    '2130706433',
    '[::1]',
    '1.1.1.1 ',
  ];
  for (const address of PUBLIC) t.equal(isPublicAddress(address), true, address);
  for (const address of NOT_PUBLIC) t.equal(isPublicAddress(address), false, JSON.stringify(address));
});

void t.test('one address in several spellings', async (t) => {
  const SAME = [
    ['2001:db8::1', '2001:DB8:0:0:0:0:0:1', '2001:0db8::0001', '2001:db8:0::0:1'],
    ['192.0.2.1', '::ffff:192.0.2.1', '::ffff:c000:201', '0:0:0:0:0:ffff:192.0.2.1'],
    ['::', '0::0', '0:0:0:0:0:0:0:0'],
    ['1::', '1:0::', '1:0:0:0:0:0:0:0'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:0.7.0.8'],
  ];
  for (const spellings of SAME) t.equal(new Set(spellings.map(addressKey)).size, 1, spellings.join(' '));
  t.equal(new Set(SAME.map(([first = '']) => addressKey(first))).size, SAME.length);
  t.strictSame([...(addressOctets('1:2::8') ?? [])], [0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8]);
  t.equal(addressKey('nothing'), null);
});
