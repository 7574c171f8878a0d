// Trusted certificates and networks: exact matches, first match, certificates before networks; ranges read strictly.
import fc from 'fast-check';
import t from 'tap';
import { BlockList } from 'node:net';
import { trust } from '../../src/access/trust.ts';
import { parseNetworkRange } from '../../src/fetch/network-range.ts';
import type { TrustedCertificate, TrustedNetwork } from '../../src/access/trust.ts';
import { fuzz } from '../support/fuzz.ts';

const rest = { mayUse: ['*@hospital.example'], reports: null, likelyRepeats: 'report', tenantProof: null } as const;
const network = (name: string, ...ranges: readonly string[]): TrustedNetwork => ({ kind: 'network', name, ranges, ...rest });
const certificate = (name: string, sha256: string): TrustedCertificate => ({ kind: 'certificate', name, sha256, ...rest });

await t.test('networks', async (t) => {
  const ways = trust(
    [],
    [network('scanners', '10.1.0.0/16', '2001:db8:5::/48'), network('one host', '192.0.2.7/32'), network('all of ten', '10.0.0.0/8')],
  );
  const table: readonly (readonly [address: string, name: string | null])[] = [
    ['10.1.0.0', 'scanners'],
    ['10.1.255.255', 'scanners'],
    ['::ffff:10.1.2.3', 'scanners'],
    ['10.2.0.1', 'all of ten'],
    ['2001:db8:5:ffff::1', 'scanners'],
    ['2001:DB8:5::', 'scanners'],
    ['192.0.2.7', 'one host'],
    ['192.0.2.6', null],
    ['11.0.0.0', null],
    ['9.255.255.255', null],
    ['2001:db8:6::', null],
    ['::', null],
    ['::10.1.0.0', null],
    ['fe80::1%eth0', null],
    ['not an address', null],
    ['', null],
  ];
  for (const [address, name] of table) t.equal(ways.byNetwork(address)?.name ?? null, name, address);
  t.equal(ways.asksForCertificate, 'no');
});

await t.test('certificates', async (t) => {
  const sha256 = 'ab'.repeat(32);
  const ways = trust([certificate('mirth', sha256), certificate('later', sha256)], []);
  t.equal(ways.byCertificate(sha256)?.name, 'mirth', 'the first match');
  t.equal(ways.byCertificate(Array<string>(32).fill('AB').join(':'))?.name, 'mirth', 'as Node writes it');
  t.equal(ways.byCertificate('ac'.repeat(32)), null);
  t.equal(ways.byCertificate(''), null);
  t.equal(ways.byNetwork('127.0.0.1'), null);
  t.equal(ways.asksForCertificate, 'yes');
});

await t.test('proof of the tenant goes along', async (t) => {
  const tenantProof = { headerName: 'X-Tenant', values: ['secret-1', 'secret-2'] };
  const ways = trust([], [{ ...network('provider', '40.92.0.0/15'), tenantProof }]);
  t.same(ways.byNetwork('40.93.1.1')?.tenantProof, tenantProof);
});

await t.test('ranges', async (t) => {
  for (const good of ['10.0.0.0/8', '192.0.2.7/32', '0.0.0.0/1', '2001:db8::/32', '::1/128', '::ffff:10.0.0.0/104'])
    t.ok(parseNetworkRange(good), good);
  for (const bad of [
    '',
    '10.0.0.0',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.1/8',
    '0.0.0.0/0',
    '::/0',
    '2001:db8::1/32',
    '10.0.0/8',
    '::/129',
    ' 10.0.0.0/8',
    '10.0.0.0/8 ',
    'fe80::1%eth0/64',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '*',
    'localhost/8',
  ]) {
    t.equal(parseNetworkRange(bad), null, bad);
  }
  t.throws(() => trust([], [network('bad', '10.0.0.1/8')]));
});

await t.test('the same as Node finds', async (t) => {
  const address = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(3), fc.nat(3)).map((octets) => octets.join('.'));
  fuzz(
    t,
    500,
    fc.property(address, fc.integer({ min: 1, max: 32 }), address, (base, bits, probe) => {
      const list = new BlockList();
      list.addSubnet(base, bits, 'ipv4');
      const octets = base.split('.').map(Number);
      const value = octets.reduce((sum, octet) => sum * 256 + octet, 0);
      const start = Math.floor(value / 2 ** (32 - bits)) * 2 ** (32 - bits);
      const network4 = [24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256).join('.');
      return (trust([], [network('n', `${network4}/${bits}`)]).byNetwork(probe) !== null) === list.check(probe, 'ipv4');
    }),
  );
});
