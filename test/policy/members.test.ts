// Sets of addresses, domains, accounts and networks, and patterns: what is in them, and which entries are none.
import fc from 'fast-check';
import t from 'tap';
import { clockOf, isTimezone } from '../../src/policy/clock-time.ts';
import { globTest } from '../../src/policy/glob.ts';
import { accountSet, addressSet, clientAddress, domainSet, networkSet } from '../../src/policy/members.ts';
import { isRoleAddress } from '../../src/policy/role-addresses.ts';
import { fuzz } from '../support/fuzz.ts';

t.test('patterns', async (t) => {
  const cases: readonly (readonly [pattern: string, matching: readonly string[], not: readonly string[]])[] = [
    ['abc', ['abc'], ['', 'ab', 'abcd', 'ABC']],
    ['*', ['', 'a', '*'], []],
    ['a*', ['a', 'ab'], ['', 'ba']],
    ['*a', ['a', 'ba'], ['', 'ab']],
    ['a*a', ['aa', 'aba'], ['a', 'ab']],
    ['a**b', ['ab', 'axb'], ['a']],
    ['*a*b*', ['ab', 'xaxbx'], ['ba']],
    ['a.c', ['a.c'], ['abc']],
    ['ab*ba', ['abba'], ['aba']],
  ];
  for (const [pattern, matching, not] of cases) {
    for (const text of matching) t.ok(globTest(pattern)(text), `${pattern}: ${text}`);
    for (const text of not) t.notOk(globTest(pattern)(text), `${pattern}: ${text}`);
  }
});

t.test('any pattern is what an expression of it is', async (t) => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
  const given = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 });
  fuzz(
    t,
    3_000,
    fc.property(text, given, (pattern, one) => globTest(pattern)(one) === new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(one)),
  );
});

t.test('entries that are none', async (t) => {
  const good = [
    'a@b.example',
    '"a b"@c.example',
    'b.example',
    '*.b.example',
    '*@b.example',
    'x*y@*.b.example',
    '*',
    '<>',
    'bücher.example',
    '*.bücher.example',
    'a@[192.0.2.1]',
  ];
  const bad = [
    'mercy',
    '',
    '@b.example',
    'a b@c.example',
    'a@',
    'a@b_c.example',
    '*.',
    'a@*.',
    'a@b.example, c@d.example',
    '*@',
    'x.example/',
    'b*ü.example',
  ];
  t.same(
    addressSet([...good, ...bad]).bad,
    bad.map((_, i) => good.length + i),
  );
  t.same(domainSet(['b.example', '*.b.example', '*', 'a*.example', 'a@b.example', '', '-a.example', '1.2.3.4']).bad, [4, 5, 6, 7]);
  t.same(networkSet(['10.0.0.0/8', '10.0.0.1', '2001:db8::/32', '::1', '10.0.0.1/8', '0.0.0.0/0', 'x', '10.0.0.0/33']).bad, [4, 5, 6, 7]);
  t.same(accountSet(['Any Text', 'ehr-*']).bad, []);
});

t.test('how near an address is', async (t) => {
  const { set } = addressSet(['ann@mercy.example', 'mercy.example', '*.lab.example', 'x-*@*.far.example', '<>']);
  const rank = (address: string): number => set.rank(address, address.slice(address.lastIndexOf('@') + 1));
  t.same(
    ['ann@mercy.example', 'bob@mercy.example', 'a@x.lab.example', 'a@lab.example', 'x-1@a.far.example', 'y@a.far.example', ''].map(rank),
    [2, 1, 1, 0, 2, 0, 2],
  );
});

t.test('networks', async (t) => {
  const { set } = networkSet(['10.1.0.0/16', '192.0.2.7', '2001:db8::/33']);
  const isIn = (address: string): boolean => {
    const client = clientAddress(address);
    return client !== null && set.has(client) && set.has(client);
  };
  for (const address of ['10.1.255.255', '::ffff:10.1.0.0', '192.0.2.7', '2001:db8:7fff::1']) t.ok(isIn(address), address);
  for (const address of ['10.2.0.0', '192.0.2.8', '2001:db8:8000::1', 'none', '']) t.notOk(isIn(address), address);
});

t.test('offices and lists', async (t) => {
  for (const local of [
    'info',
    'postmaster',
    'front.desk',
    'front-desk',
    'reception2',
    'billing+x',
    'no-reply',
    'nurses',
    'team-request',
    'all',
  ])
    t.ok(isRoleAddress(`${local}@x.example`), local);
  for (const local of ['ann', 'informant', 'mary2', 'all-smith', 'support.smith', '2']) t.notOk(isRoleAddress(`${local}@x.example`), local);
});

t.test('clocks', async (t) => {
  t.ok(isTimezone('America/Chicago'));
  t.ok(isTimezone('UTC'));
  for (const zone of ['America/Chicgo', '', 'x']) t.notOk(isTimezone(zone), zone);
  const kathmandu = clockOf('Asia/Kathmandu');
  t.same(kathmandu(Date.UTC(2026, 10, 27, 18, 14, 59)), { day: 'fri', minute: 1_439 });
  t.same(kathmandu(Date.UTC(2026, 10, 27, 18, 15)), { day: 'sat', minute: 0 });
  t.same(kathmandu(Date.UTC(2026, 10, 27, 18, 14)), { day: 'fri', minute: 1_439 }, 'also after another');
});
