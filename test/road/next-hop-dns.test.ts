// Where mail goes by DNS, before the whole gateway: answers that are an end, several MX in order, DANE and MTA-STS through a real DNS server
// and real STARTTLS peers.
import t from 'tap';
import { daneEe, type MailDomain, mailWorld, ON_LOOPBACK } from '../support/mail-world.ts';
import { inWords, logIn, post, recordsOf, untilEach } from '../support/posted.ts';
import { Postern } from '../support/postern.ts';
import { startPeer } from '../support/smtp-peer.ts';
import type { Dialogue } from '../support/smtp-dialogue.ts';
import { createTestCa, EXPIRED, selfSigned } from '../support/test-ca.ts';

const ca = createTestCa();
const RETRY = 'retry: { first: 1h, longest: 1h }';

/** Posts one message and gives `state code`, with what the evidence says of TLS where it was relayed or held. */
async function endOf(postern: Postern, session: Dialogue, address: string, mail?: string): Promise<string> {
  const { id, reply } = await post(session, { to: [address], ...(mail === undefined ? {} : { mail }) });
  if (id === '') return reply;
  const [entry] = await untilEach(postern, id, ({ state }) => state !== 'active' && state !== 'queued');
  const codes = (await recordsOf(postern, id)).findLast(({ kind }) => kind === 'delivery.relayed' || kind === 'delivery.held')?.codes;
  const tls = codes === undefined ? [] : [codes['tls'], codes['certificate'], codes['authenticity']];
  return [entry === undefined ? '' : inWords(entry).replace('relayed relayed', 'relayed'), ...tls]
    .filter((word) => word !== undefined)
    .join(' ');
}

t.test('answers of DNS that are an end, or none', async (t) => {
  const zone = {
    'null-mx.test': { MX: [[0, '.']] },
    'nothing.test': { TXT: ['no mail'] },
    'us-by-address.test': { MX: [[10, 'mx.us.test']] },
    'mx.us.test': { A: ['127.0.0.1'] },
    'us-by-name.test': { MX: [[10, 'gateway.test']] },
    'private.test': { MX: [[10, 'mx.private.test']] },
    'mx.private.test': { A: ['10.1.2.3', '192.168.7.7'], AAAA: ['fd00::1'] },
    'broken.test': { all: 'servfail' },
    'mx-without-address.test': { MX: [[10, 'gone.nothing.test']] },
    'number.test': { MX: [[10, '10.9.8.7']] },
  } as const;
  const world = await mailWorld(t, ca, { any: { zone } }, { validating: 'no' });
  const mailbox = await startPeer(t, { identity: ca.issue({ names: ['localhost'] }) });
  const routes = [{ domains: ['clinic.test'], port: mailbox.port }];
  const postern = await Postern.start(t, { ca, routes, sections: { ...world.sections, delivery: `delivery: { ${RETRY} }` } });
  const session = await logIn(postern);
  const expected: Readonly<Record<string, string>> = {
    'null-mx.test': 'returned route.null-mx 5.1.10',
    'no-such.test': 'returned route.no-such-domain 5.1.2',
    'nothing.test': 'returned route.no-mail-server 5.4.4',
    'us-by-address.test': 'returned route.loops-to-us 5.4.6',
    'us-by-name.test': 'returned route.loops-to-us 5.4.6',
    'private.test': 'returned route.private-address 5.4.4',
    '[10.1.2.3]': 'returned route.address-literal 5.1.3',
    '[IPv6:fd00::1]': 'returned route.address-literal 5.1.3',
    'mx-without-address.test': 'returned route.no-mail-server 5.4.4',
    'number.test': 'returned route.no-mail-server 5.4.4',
    'broken.test': 'deferred route.dns-failed 4.4.3',
  };
  for (const [domain, end] of Object.entries(expected)) t.equal(await endOf(postern, session, `jane@${domain}`), end, domain);
  await mailbox.until(({ messages }) => messages.length === Object.values(expected).filter((end) => end.startsWith('returned')).length);
  t.pass('a report for each that was returned');
  session.destroy();
});

/** Of one domain with several mail servers: those at 127.0.7.N are the peers of the others. */
const ORDER: Readonly<Record<string, MailDomain>> = {
  good: {},
  plain: { peer: { faults: ['no-starttls'] } },
  busy: { peer: { faults: ['greets-421'] } },
  ordered: {
    zone: {
      'ordered.test': {
        MX: [
          [30, 'mx.good.test'],
          [20, 'mx.busy.test'],
          [10, 'mx.dead.test'],
        ],
      },
      'mx.dead.test': { A: ['127.0.7.250'] },
    },
  },
  'second-is-safe': {
    zone: {
      'second-is-safe.test': {
        MX: [
          [10, 'mx.plain.test'],
          [20, 'mx.good.test'],
        ],
      },
    },
  },
  'none-is-safe': {
    zone: {
      'none-is-safe.test': {
        MX: [
          [10, 'mx.plain.test'],
          [20, 'mx.dead.test'],
        ],
      },
    },
  },
  'one-may-be-safe': {
    zone: {
      'one-may-be-safe.test': {
        MX: [
          [10, 'mx.busy.test'],
          [20, 'mx.plain.test'],
        ],
      },
    },
  },
  'two-addresses': { zone: { 'mx.two-addresses.test': { A: ['127.0.7.250', '127.0.7.8'] } }, peer: { host: '127.0.7.8' } },
  'no-mx': { zone: { 'no-mx.test': { A: ['127.0.7.9'] } }, peer: { host: '127.0.7.9', identity: ca.issue({ names: ['no-mx.test'] }) } },
  'xn--bcher-kva': {},
};

t.test('several mail servers, in order', async (t) => {
  const world = await mailWorld(t, ca, ORDER, { validating: 'no' });
  const sections = { ...world.sections, delivery: `delivery: { ${RETRY}, mx_port: ${world.port} }` };
  const postern = await Postern.start(t, { ca, routes: [], sections, program: ON_LOOPBACK, environment: world.environment });
  const session = await logIn(postern);
  const relayed = 'relayed 2.0.0 tls-verified chain-and-name unsigned';
  t.equal(await endOf(postern, session, 'jane@ordered.test'), relayed);
  t.equal(world.peer('busy').sessions.length, 1, 'asked before the one that took it');
  t.equal(await endOf(postern, session, 'jane@second-is-safe.test'), relayed);
  t.equal(
    await endOf(postern, session, 'jane@none-is-safe.test'),
    'held delivery.below-floor 5.7.10 none not-checked unsigned',
    'every one that answered misses the floor',
  );
  t.equal(
    await endOf(postern, session, 'jane@one-may-be-safe.test'),
    'deferred delivery.refused-temporarily 4.3.2',
    'one put us off: it may meet the floor later',
  );
  t.equal(await endOf(postern, session, 'jane@two-addresses.test'), relayed);
  t.equal(await endOf(postern, session, 'jane@no-mx.test'), relayed, 'a domain without MX is its own server');
  t.equal(await endOf(postern, session, 'jane@xn--bcher-kva.test'), relayed);
  t.equal(
    await endOf(postern, session, 'jane@b\u00fccher.test', 'SMTPUTF8'),
    relayed,
    'an internationalised domain is looked up as A-label',
  );
  t.equal(world.peer('xn--bcher-kva').messages.length, 2);
  t.equal(world.peer('xn--bcher-kva').sessions[0]?.tls?.servername, 'mx.xn--bcher-kva.test');
  t.same(
    world.peer('plain').lines.filter((line) => /^(?:MAIL|RCPT)/.test(line)),
    [],
  );
  session.destroy();
});

const odd = selfSigned({ names: ['somebody.else'], ...EXPIRED });
const other = selfSigned({ names: ['other'] });
const anchor = createTestCa('Their own CA');
const STS = ['mode: enforce', 'max_age: 86400'];

/** Domain, and what is to become of mail to it at the floors tls-verified and tls-authenticated. */
const PUBLISHED: Readonly<Record<string, MailDomain & { readonly ends: string; readonly strict?: string }>> = {
  'dane-ee': { signed: 'yes', tlsa: [daneEe(odd)], peer: { identity: odd }, ends: 'relayed 2.0.0 tls-authenticated dane-ee dnssec' },
  'dane-bad': { signed: 'yes', tlsa: [daneEe(other)], ends: 'held delivery.below-floor 5.7.10 tls dane-mismatch dnssec' },
  'dane-ta': {
    signed: 'yes',
    tlsa: [{ usage: 2, selector: 0, matchingType: 0, data: anchor.der }],
    peer: { identity: anchor.issue({ names: ['mx.dane-ta.test'], send: 'with-root' }) },
    ends: 'relayed 2.0.0 tls-authenticated dane-ta dnssec',
  },
  'dane-ta-name': {
    signed: 'yes',
    tlsa: [{ usage: 2, selector: 0, matchingType: 0, data: anchor.der }],
    peer: { identity: anchor.issue({ names: ['mx.somebody.test'], send: 'with-root' }) },
    ends: 'held delivery.below-floor 5.7.10 tls wrong-name dnssec',
  },
  'dane-no-tls': {
    signed: 'yes',
    tlsa: [daneEe(other)],
    peer: { faults: ['strips-starttls'] },
    ends: 'held delivery.below-floor 5.7.10 none not-checked dnssec',
  },
  'dane-unusable': {
    signed: 'yes',
    tlsa: [{ usage: 1, selector: 1, matchingType: 1, data: Buffer.alloc(32) }],
    ends: 'relayed 2.0.0 tls-authenticated chain-and-name dnssec',
  },
  'dane-silenced': { signed: 'yes', tlsa: 'servfail', ends: 'deferred route.dns-failed 4.4.3' },
  'dane-unsigned': {
    tlsa: [daneEe(other)],
    ends: 'relayed 2.0.0 tls-verified chain-and-name unsigned',
    strict: 'held delivery.below-floor 5.7.10 tls-verified chain-and-name unsigned',
  },
  signed: { signed: 'yes', ends: 'relayed 2.0.0 tls-authenticated chain-and-name dnssec' },
  'dane-over-sts': {
    signed: 'yes',
    tlsa: [daneEe(odd)],
    peer: { identity: odd },
    sts: [...STS, 'mx: nobody.test'],
    ends: 'relayed 2.0.0 tls-authenticated dane-ee dnssec',
  },
  sts: { sts: [...STS, 'mx: mx.sts.test'], ends: 'relayed 2.0.0 tls-authenticated chain-and-name mta-sts' },
  'sts-expired': {
    sts: [...STS, 'mx: *.sts-expired.test'],
    peer: { identity: ca.issue({ names: ['mx.sts-expired.test'], ...EXPIRED }) },
    ends: 'held delivery.below-floor 5.7.10 tls expired mta-sts',
  },
  'sts-other-mx': { sts: [...STS, 'mx: mx.sts.test'], ends: 'deferred route.sts-mismatch 4.7.5' },
  'sts-testing': {
    sts: ['mode: testing', 'max_age: 86400', 'mx: mx.sts.test'],
    ends: 'relayed 2.0.0 tls-verified chain-and-name unsigned',
    strict: 'held delivery.below-floor 5.7.10 tls-verified chain-and-name unsigned',
  },
  'sts-unknown': { zone: { '_mta-sts.sts-unknown.test': { all: 'servfail' } }, ends: 'deferred route.dns-failed 4.4.3' },
  'sts-without-policy': {
    zone: { '_mta-sts.sts-without-policy.test': { TXT: ['v=STSv1; id=7;'] } },
    ends: 'relayed 2.0.0 tls-verified chain-and-name unsigned',
    strict: 'held delivery.below-floor 5.7.10 tls-verified chain-and-name unsigned',
  },
};

t.test('DANE and MTA-STS', async (t) => {
  const world = await mailWorld(t, ca, PUBLISHED, { validating: 'yes' });
  const delivery = (floor: string) => `delivery: { floor: ${floor}, ${RETRY}, mx_port: ${world.port} }`;
  const sections = { ...world.sections, delivery: delivery('tls-verified') };
  const postern = await Postern.start(t, { ca, routes: [], sections, program: ON_LOOPBACK, environment: world.environment });
  let session = await logIn(postern);
  for (const [name, { ends }] of Object.entries(PUBLISHED)) t.equal(await endOf(postern, session, `jane@${name}.test`), ends, name);
  session.destroy();
  await postern.restart({ delivery: delivery('tls-authenticated') });
  session = await logIn(postern);
  for (const [name, { ends, strict }] of Object.entries(PUBLISHED)) {
    t.equal(await endOf(postern, session, `john@${name}.test`), strict ?? ends, `${name}, at the floor tls-authenticated`);
  }
  session.destroy();
  for (const name of ['dane-bad', 'dane-ta-name', 'dane-no-tls', 'sts-expired', 'sts-other-mx'])
    t.equal(world.peer(name).messages.length, 0, name);
});

t.test('a policy once seen outlives its suppression', async (t) => {
  const identity = ca.issue({ names: ['mx.kept.test'] });
  const world = await mailWorld(t, ca, { kept: { sts: [...STS, 'mx: mx.kept.test'], peer: { identity } } }, { validating: 'no' });
  const sections = { ...world.sections, delivery: `delivery: { ${RETRY}, mx_port: ${world.port} }` };
  const postern = await Postern.start(t, { ca, routes: [], sections, program: ON_LOOPBACK, environment: world.environment });
  let session = await logIn(postern);
  t.equal(await endOf(postern, session, 'jane@kept.test'), 'relayed 2.0.0 tls-authenticated chain-and-name mta-sts');
  session.destroy();
  world.dns.set('_mta-sts.kept.test', null);
  world.dns.set('mta-sts.kept.test', null);
  world.dns.set('kept.test', { MX: [[10, 'mx.attacker.test']] });
  world.dns.set('mx.attacker.test', { A: ['127.0.7.1'] });
  await postern.restart();
  session = await logIn(postern);
  t.equal(await endOf(postern, session, 'john@kept.test'), 'deferred route.sts-mismatch 4.7.5', 'also over a restart');
  session.destroy();
});
