// Values of dimensions: addresses, clients and times, of which there is one for every stretch that a policy tells apart.
import t from 'tap';
import { addressOctets } from '../../../src/fetch/ip-address.ts';
import { isInRange, parseNetworkRange } from '../../../src/fetch/network-range.ts';
import { addressesFor } from '../../../src/policy/check/address-values.ts';
import { clientsFor } from '../../../src/policy/check/client-values.ts';
import { timesFor } from '../../../src/policy/check/time-values.ts';
import { clockOf, isWithin } from '../../../src/policy/clock-time.ts';
import { addressSet } from '../../../src/policy/members.ts';
import { isRoleAddress } from '../../../src/policy/role-addresses.ts';

function matched(sets: readonly (readonly string[])[], address: string): string {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  return sets.map((entries) => addressSet(entries).set.rank(address, domain)).join('');
}

const ADDRESSES: readonly (readonly [name: string, sets: readonly (readonly string[])[], combinations: readonly string[]])[] = [
  ['nothing', [], ['']],
  ['a domain', [['mercy.example']], ['0', '1']],
  ['an address of it', [['mercy.example'], ['ann@mercy.example']], ['00', '10', '12']],
  ['below a domain', [['*.lab.example'], ['a.lab.example']], ['00', '10', '11']],
  ['the empty sender', [['<>'], ['*']], ['01', '20']],
  ['a pattern before the at', [['lab-*@mercy.example'], ['mercy.example']], ['00', '01', '21']],
  ['exact before, any domain below', [['ann@*.example'], ['bob@*.example']], ['00', '20', '02']],
];

function rangeOf(text: string): { readonly octets: Uint8Array; readonly bits: number } {
  const single = addressOctets(text);
  const range = single === null ? parseNetworkRange(text) : { octets: single, bits: 128 };
  if (range === null) throw new Error(`no network: ${text}`);
  return range;
}

t.test('addresses', (t) => {
  for (const [name, sets, combinations] of ADDRESSES) {
    const { addresses, covers } = addressesFor(sets.flat(), [], 'not-asked');
    t.equal(covers, 'all', name);
    t.same([...new Set(addresses.map((one) => matched(sets, one)))].sort(), combinations.toSorted(), name);
  }
  t.end();
});

t.test('offices and persons of every pattern', (t) => {
  const sets = [['lab-*@mercy.example'], ['*-bot@mercy.example']];
  const { addresses } = addressesFor(sets.flat(), [], 'asked');
  const found = new Set(addresses.map((one) => `${matched(sets, one)}${isRoleAddress(one) ? ' office' : ' person'}`));
  for (const one of ['00', '20', '02', '22']) {
    t.ok(found.has(`${one} office`), `${one}, an office`);
    t.ok(found.has(`${one} person`), `${one}, a person`);
  }
  t.end();
});

t.test('more than can be tried is said to be', (t) => {
  const patterns = Array.from({ length: 70 }, (_, i) => `*@a${i}*.example`);
  t.equal(addressesFor(patterns, [], 'not-asked').covers, 'part');
  t.end();
});

t.test('clients', (t) => {
  const networks = ['10.0.0.0/8', '10.1.0.0/16', '10.1.2.3', '2001:db8::/32', '2001:db8:0:1::/64'];
  const sets = networks.map(rangeOf);
  const clients = clientsFor(networks);
  const found = clients.map((client) => {
    const octets = client === null ? null : addressOctets(client);
    t.ok(client === null || octets !== null, `${client ?? 'none'} is an address`);
    return octets === null ? 'none' : sets.map((set) => (isInRange(octets, set) ? '1' : '0')).join('');
  });
  t.same([...new Set(found)].sort(), ['00000', '00010', '00011', '10000', '11000', '11100', 'none'].sort());
  t.ok(clientsFor(['::ffff:0:0/96', 'nonsense']).length > 2, 'what is no network is passed over');
  t.end();
});

t.test('a network that is covered by those inside it has no client of its own', (t) => {
  const networks = ['10.0.0.0/15', '10.0.0.0/16', '10.1.0.0/16'];
  const sets = networks.map(rangeOf);
  for (const client of clientsFor(networks)) {
    const octets = client === null ? null : addressOctets(client);
    if (octets !== null) t.not(sets.map((set) => (isInRange(octets, set) ? '1' : '0')).join(''), '100', client ?? '');
  }
  t.end();
});

t.test('times', (t) => {
  for (const zone of ['UTC', 'America/Chicago', 'Asia/Kathmandu', 'Pacific/Auckland', 'America/Santiago']) {
    const clock = clockOf(zone);
    const times = timesFor([480, 1_080, 1_440], clock);
    t.not(times, null, zone);
    const weekdays = { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: 480, to: 1_080 };
    const night = { days: ['sat'], from: 1_080, to: 480 };
    const found = new Set((times ?? []).map((at) => [weekdays, night].map((one) => (isWithin(clock(at), one) ? '1' : '0')).join('')));
    t.same([...found].sort(), ['00', '01', '10'], zone);
  }
  t.end();
});
