// No floor at all: TLS is taken where it can be had, and where not the message goes in clear. What matters most is everything else: under any
// floor, and under each condition that binds, not one byte of a message is ever said in clear.
import { createHash } from 'node:crypto';
import t from 'tap';
import type { NextHop, Tlsa } from '../../src/mail/next-hop.ts';
import type { Outcome } from '../../src/mail/outcome.ts';
import { TLS_FLOORS } from '../../src/mail/tls.ts';
import { startPostfix } from '../support/postfix.ts';
import { nextHop, PEER_NAME, QUICK, type RequestChanges, sendRequest, startTransport } from '../support/send-request.ts';
import { type PeerOptions, type SmtpPeer, startPeer } from '../support/smtp-peer.ts';
import { createTestCa, EXPIRED, selfSigned, type TestIdentity } from '../support/test-ca.ts';

const root = createTestCa('Known Root');
const names = [PEER_NAME];
const good = root.issue({ names });
const expired = root.issue({ names, ...EXPIRED });
const lone = selfSigned({ names });
const free: RequestChanges = { floor: 'opportunistic' };
const ee: readonly Tlsa[] = [{ usage: 3, selector: 1, matchingType: 1, data: createHash('sha256').update(good.spki).digest() }];
const OLD_TLS = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' } as const;

type Test = Parameters<typeof startPeer>[0];

async function attempt(
  t: Test,
  peerOptions: PeerOptions,
  hop: Partial<NextHop> = {},
  changes: RequestChanges = free,
): Promise<{ outcome: Outcome; peer: SmtpPeer }> {
  const peer = await startPeer(t, peerOptions);
  const transport = startTransport(t, {
    trustAnchors: [root.certificatePem],
    credentials: () => ({ login: { user: 'u', password: 'p' }, certificate: null }),
    timeouts: { ...QUICK, commandMs: 500 },
  });
  const [outcome] = await transport.send(sendRequest(nextHop(peer.port, hop), changes));
  if (outcome === undefined) throw new Error('no outcome');
  return { outcome, peer };
}

/** What was said in clear beyond the greeting, STARTTLS and farewell. */
const leaked = (peer: SmtpPeer): readonly string[] =>
  peer.sessions.filter(({ tls }) => tls === null).flatMap(({ lines }) => lines.filter((line) => !/^(?:EHLO |STARTTLS$|QUIT$)/.test(line)));

const IN_CLEAR = { kind: 'relayed', tls: { level: 'none', protocol: null, certificate: 'not-checked', leafSha256: null } };

await t.test('TLS is taken where it is offered, whatever the certificate', async (t) => {
  const rows: readonly (readonly [string, TestIdentity, object])[] = [
    ['good', good, { level: 'tls-verified', certificate: 'chain-and-name' }],
    ['expired', expired, { level: 'tls', certificate: 'expired' }],
    ['self-signed', lone, { level: 'tls', certificate: 'untrusted-chain' }],
  ];
  for (const [name, identity, tls] of rows) {
    const { outcome, peer } = await attempt(t, { identity });
    t.match(outcome, { kind: 'relayed', tls: { ...tls, protocol: 'TLSv1.3' } }, name);
    t.equal(peer.sessions.length, 1, name);
    t.same(leaked(peer), [], `${name}: nothing in clear`);
  }
});

await t.test('not offered: in clear, over the same connection', async (t) => {
  for (const [name, options] of [
    ['no TLS at all', {}],
    ['stripped on the way', { identity: good, faults: ['strips-starttls'] }],
  ] as const) {
    const { outcome, peer } = await attempt(t, options, { authenticity: 'dnssec' });
    t.match(outcome, { ...IN_CLEAR, tls: { ...IN_CLEAR.tls, authenticity: 'dnssec', reach: 'recipient-domain' } }, name);
    t.equal(peer.sessions.length, 1, name);
    t.equal(peer.messages.length, 1, name);
    t.notOk(peer.lines.includes('STARTTLS'), name);
    t.equal(peer.lines.filter((line) => line.startsWith('EHLO')).length, 1, name);
  }
});

await t.test('offered and not to be had: one more connection, without STARTTLS', async (t) => {
  const silent: PeerOptions['script'] = (step, { ended }) => (step === 'starttls' ? ended.then(() => ({ say: null })) : undefined);
  const rows: readonly (readonly [string, PeerOptions])[] = [
    ['no common version', { tlsOptions: OLD_TLS }],
    ['no common suite', { tlsOptions: { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA256' } }],
    ['drops after 220', { faults: ['speaks-plain-after-starttls'] }],
    ['refuses it', { faults: ['refuses-starttls'] }],
    ['refuses it for now', { faults: ['refuses-starttls-for-now'] }],
    ['drops at it', { script: (step) => (step === 'starttls' ? { say: null, then: 'drop' } : undefined) }],
    ['silent', { script: silent }],
  ];
  for (const [name, options] of rows) {
    const { outcome, peer } = await attempt(t, { identity: good, ...options });
    t.match(outcome, IN_CLEAR, name);
    t.equal(peer.sessions.length, 2, name);
    t.equal(peer.messages[0]?.session.number, 1, name);
    t.notOk(peer.sessions[1]?.lines.includes('STARTTLS'), name);
    t.match(
      peer.sessions[0]?.lines.filter((line) => !line.startsWith('EHLO')),
      ['STARTTLS'],
      `${name}: nothing else was said before`,
    );
  }
});

await t.test('no more than one', async (t) => {
  const twice = await attempt(t, {
    identity: good,
    faults: ['refuses-starttls'],
    script: (step, { session }) => (step === 'connect' && session.number > 0 ? { say: '421 4.3.2 no more\r\n', then: 'end' } : undefined),
  });
  t.match(twice.outcome, { kind: 'deferred', reply: { code: 421 } });
  t.equal(twice.peer.sessions.length, 2);
  const injected = await attempt(t, { identity: good, faults: ['injects-after-starttls'] });
  t.match(injected.outcome, { kind: 'not-reached', code: 'delivery.below-floor' }, 'somebody on the way is no failed handshake');
  t.equal(injected.peer.sessions.length, 1);
});

await t.test('a stop while TLS is being agreed on: no second connection', async (t) => {
  const abort = new AbortController();
  const { outcome, peer } = await attempt(
    t,
    {
      identity: good,
      script: (step, { ended }) => {
        if (step !== 'starttls') return undefined;
        abort.abort();
        return ended.then(() => ({ say: null }));
      },
    },
    {},
    { ...free, signal: abort.signal },
  );
  t.match(outcome, { kind: 'deferred', code: 'delivery.stopped' });
  t.equal(peer.sessions.length, 1);
});

/** Ways in which TLS is not to be had. */
const WITHOUT: readonly (readonly [string, PeerOptions])[] = [
  ['not offered', {}],
  ['stripped', { identity: good, faults: ['strips-starttls'] }],
  ['refused', { identity: good, faults: ['refuses-starttls'] }],
  ['refused for now', { identity: good, faults: ['refuses-starttls-for-now'] }],
  ['no common version', { identity: good, tlsOptions: OLD_TLS }],
  ['dropped', { identity: good, faults: ['speaks-plain-after-starttls'] }],
];

await t.test('never in clear', async (t) => {
  const rows: readonly (readonly [string, Partial<NextHop>, RequestChanges])[] = [
    ...TLS_FLOORS.map((floor) => [`floor ${floor}`, {}, { floor }] as const),
    ['DANE', { published: 'dane', authenticity: 'dnssec', tlsa: ee }, free],
    ['DANE records that cannot be used', { published: 'dane', authenticity: 'dnssec', tlsa: [] }, free],
    ['records only', { tlsa: [] }, free],
    ['MTA-STS enforce', { published: 'mta-sts', authenticity: 'mta-sts' }, free],
    ['REQUIRETLS', { authenticity: 'dnssec' }, { ...free, envelope: { requireTls: true } }],
    ['credentials', { authenticity: 'configured', credentials: 'smarthost' }, free],
    ['implicit TLS', { tls: 'implicit' }, free],
  ];
  for (const [name, hop, changes] of rows) {
    for (const [how, options] of WITHOUT) {
      const { outcome, peer } = await attempt(t, options, hop, changes);
      t.match(outcome.kind, /^(?:not-reached|deferred)$/, `${name}, ${how}`);
      t.same(leaked(peer), [], `${name}, ${how}: not one byte`);
      t.equal(peer.sessions.length, 1, `${name}, ${how}: no second connection`);
      t.same(peer.messages, [], `${name}, ${how}`);
    }
  }
});

await t.test('what is published and credentials are held to in TLS too', async (t) => {
  const rows: readonly (readonly [string, TestIdentity, Partial<NextHop>, RequestChanges])[] = [
    ['MTA-STS, expired', expired, { published: 'mta-sts', authenticity: 'mta-sts' }, free],
    ['DANE, another key', lone, { published: 'dane', authenticity: 'dnssec', tlsa: ee }, free],
    ['credentials, expired', expired, { authenticity: 'configured', credentials: 'smarthost' }, free],
    ['REQUIRETLS, not offered', good, { authenticity: 'dnssec' }, { ...free, envelope: { requireTls: true } }],
  ];
  for (const [name, identity, hop, changes] of rows) {
    const { outcome, peer } = await attempt(t, { identity }, hop, changes);
    t.match(outcome, { kind: 'not-reached' }, name);
    t.same(peer.messages, [], name);
    t.same(leaked(peer), [], name);
  }
});

await t.test('kept sessions', async (t) => {
  const peer = await startPeer(t);
  const transport = startTransport(t, {});
  const send = async (changes: RequestChanges, hop: Partial<NextHop> = {}): Promise<Outcome | undefined> =>
    (await transport.send(sendRequest(nextHop(peer.port, hop), changes)))[0];
  t.match(await send(free), IN_CLEAR);
  t.match(await send(free), IN_CLEAR, 'again');
  t.equal(peer.sessions.length, 1, 'over the same session');
  t.match(await send({ ...free, envelope: { requireTls: true } }), { kind: 'not-reached' }, 'REQUIRETLS is judged for each message');
  for (const floor of TLS_FLOORS) t.match(await send({ floor }), { kind: 'not-reached' }, floor);
  t.match(await send(free, { published: 'mta-sts' }), { kind: 'not-reached' }, 'the domain publishes a policy now');
  t.equal(peer.messages.length, 2);
  t.same(
    peer.messages.map(({ session }) => session.number),
    [0, 0],
  );
});

await t.test('a smarthost: what lies beyond is asked nothing', async (t) => {
  const hop = { reach: 'smarthost-only', authenticity: 'configured' } as const;
  const { outcome } = await attempt(t, { identity: good }, hop);
  t.match(outcome, { kind: 'relayed', tls: { level: 'tls-authenticated', reach: 'smarthost-only' } });
  t.match((await attempt(t, {}, hop)).outcome, { ...IN_CLEAR, tls: { level: 'none', reach: 'smarthost-only' } });
  t.match((await attempt(t, { identity: good }, hop, { floor: 'tls' })).outcome, { kind: 'not-reached' });
});

await t.test('Postfix', async (t) => {
  const behind = await startPeer(t);
  const rows = [
    ['without TLS', null, { level: 'none', protocol: null }],
    ['expired', expired, { level: 'tls', certificate: 'expired' }],
    ['good', good, { level: 'tls-verified' }],
  ] as const;
  for (const [name, identity, tls] of rows) {
    const postfix = await startPostfix(t, { ...(identity === null ? {} : { identity }), relayPort: behind.port });
    const transport = startTransport(t, { trustAnchors: [root.certificatePem] });
    t.match(await transport.send(sendRequest(nextHop(postfix.port), free)), [{ kind: 'relayed', tls }], name);
  }
  await behind.until(({ messages }) => messages.length === rows.length);
});
