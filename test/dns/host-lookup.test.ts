// Next hops that the configuration names.
import t from 'tap';
import { dnsClient } from '../../src/dns/client.ts';
import { lookupHost } from '../../src/dns/host-lookup.ts';
import { isHostName } from '../../src/dns/mx.ts';
import { startDnsServer } from '../support/dns-server.ts';
import type { Zone } from '../support/dns-server.ts';

const EE = { usage: 3, selector: 1, matchingType: 1, data: new Uint8Array(32).fill(1) };
const PKIX = { ...EE, usage: 1 };
const zone: Zone = {
  'mail.test': { A: ['10.0.0.1'], AAAA: ['fd00::1'] },
  'dane.test': { A: ['10.0.0.1'] },
  '_587._tcp.dane.test': { TLSA: [EE, PKIX] },
  'unusable.test': { A: ['10.0.0.1'] },
  '_587._tcp.unusable.test': { TLSA: [PKIX] },
  'broken-tlsa.test': { A: ['10.0.0.1'] },
  '_587._tcp.broken-tlsa.test': { TLSA: 'servfail' },
  'alias.test': { CNAME: ['dane.test'] },
  'servfail.test': { all: 'servfail' },
  'empty.test': { TXT: ['x'] },
  'xn--bcher-kva.test': { A: ['10.0.0.1'] },
};

void t.test('configured hosts', async (t) => {
  await using server = await startDnsServer({ zone, signed: 'yes' });
  const CASES = [
    ['a name, private addresses allowed', 'mail.test', 'no', 'fd00::1,10.0.0.1 null mail.test'],
    ['upper case', 'Mail.TEST', 'no', 'fd00::1,10.0.0.1 null mail.test'],
    ['a U-label', 'b\u00fccher.test', 'no', '10.0.0.1 null xn--bcher-kva.test'],
    ['an IPv4 address', '10.1.1.1', 'no', '10.1.1.1 null 10.1.1.1'],
    ['an IPv6 address', 'fd00::2', 'no', 'fd00::2 null fd00::2'],
    ['localhost, not by DNS', 'localhost', 'no', '127.0.0.1,::1 null localhost'],
    ['TLSA, not validating', 'dane.test', 'no', '10.0.0.1 null dane.test'],
    ['TLSA, validating', 'dane.test', 'yes', '10.0.0.1 3 dane.test'],
    ['TLSA below the name a CNAME leads to', 'alias.test', 'yes', '10.0.0.1 3 dane.test'],
    ['only unusable TLSA', 'unusable.test', 'yes', '10.0.0.1  unusable.test'],
    ['TLSA look-up failed', 'broken-tlsa.test', 'yes', 'deferred route.dns-failed'],
    ['TLSA look-up failed, not validating', 'broken-tlsa.test', 'no', '10.0.0.1 null broken-tlsa.test'],
    ['address look-up failed', 'servfail.test', 'no', 'deferred route.dns-failed'],
    ['no address', 'empty.test', 'no', 'failed route.no-mail-server'],
    ['no such name', 'nowhere.test', 'no', 'failed route.no-mail-server'],
    ['no name at all', 'a b', 'no', 'failed route.no-mail-server'],
  ] as const;
  for (const [title, host, validating, wanted] of CASES) {
    const resolver = dnsClient({ servers: [server], validating });
    const found = await lookupHost(host, 587, { resolver, random: () => 0 });
    const said =
      found.kind === 'found'
        ? `${found.addresses.join(',')} ${found.tlsa === null ? 'null' : found.tlsa.map(({ usage }) => usage).join()} ${found.serverName}`
        : `${found.kind} ${found.code}`;
    t.equal(said, wanted, title);
  }
  t.equal(server.asked('localhost'), 0);
});

void t.test('host names', async (t) => {
  const CASES: Readonly<Record<string, boolean>> = {
    'mail.test': true,
    'mail-1.a_b.test': true,
    '_x.test': true,
    '1.2.3.4a': false,
    '1.2.3.4': false,
    'a.4': false,
    'xn--p1ai': true,
    '': false,
    '.': false,
    'a..test': false,
    '-a.test': false,
    'a-.test': false,
    'a.test.': false,
    'A.test': false,
    'a b.test': false,
    'a\u0000.test': false,
    [`${'a'.repeat(64)}.test`]: false,
  };
  for (const [name, wanted] of Object.entries(CASES)) t.equal(isHostName(name), wanted, JSON.stringify(name));
});
