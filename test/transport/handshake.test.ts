// From connect to an open session, against a real server with every kind of certificate and every fault before MAIL. What matters most: below
// the floor not one byte is sent over the new TLS.
import { createHash } from 'node:crypto';
import t from 'tap';
import type { NextHop, Tlsa } from '../../src/mail/next-hop.ts';
import type { Outcome } from '../../src/mail/outcome.ts';
import type { CertificateVerdict, TlsFloor, TlsLevel } from '../../src/mail/tls.ts';
import { nextHop, PEER_NAME, sendRequest, startTransport } from '../support/send-request.ts';
import { type PeerOptions, type SmtpPeer, startPeer } from '../support/smtp-peer.ts';
import type { Fault } from '../support/smtp-peer-faults.ts';
import { createTestCa, EXPIRED, NOT_YET_VALID, selfSigned, type TestIdentity } from '../support/test-ca.ts';

const root = createTestCa('Known Root');
const unknown = createTestCa('Unknown Root');
const intermediate = root.intermediate('Known Intermediate');
const names = [PEER_NAME];

const good = root.issue({ names });
const wrongName = root.issue({ names: ['other.test'] });
const expired = root.issue({ names, ...EXPIRED });
const notYet = root.issue({ names, ...NOT_YET_VALID });
const untrusted = unknown.issue({ names, send: 'with-root' });
const below = intermediate.issue({ names });
const lone = selfSigned({ names });
const clientOnly = root.issue({ names, purpose: 'client' });

const sha256 = (data: Buffer): Buffer => createHash('sha256').update(data).digest();
const ee = (identity: TestIdentity): readonly Tlsa[] => [{ usage: 3, selector: 1, matchingType: 1, data: sha256(identity.spki) }];
const ta = (der: Buffer): readonly Tlsa[] => [{ usage: 2, selector: 0, matchingType: 1, data: sha256(der) }];

type Test = Parameters<typeof startPeer>[0];

async function attempt(
  t: Test,
  peerOptions: PeerOptions,
  hop: Partial<NextHop> = {},
  floor: TlsFloor = 'tls-verified',
): Promise<{ outcome: Outcome; peer: SmtpPeer }> {
  const peer = await startPeer(t, peerOptions);
  const transport = startTransport(t, { trustAnchors: [root.certificatePem] });
  const [outcome] = await transport.send(sendRequest(nextHop(peer.port, hop), { floor }));
  if (outcome === undefined) throw new Error('no outcome');
  return { outcome, peer };
}

await t.test('certificates', async (t) => {
  const rows: readonly (readonly [string, TestIdentity, CertificateVerdict, met: readonly TlsFloor[], level: TlsLevel])[] = [
    ['good', good, 'chain-and-name', ['tls', 'tls-verified'], 'tls-verified'],
    ['by an intermediate', below, 'chain-and-name', ['tls', 'tls-verified'], 'tls-verified'],
    ['wrong name', wrongName, 'wrong-name', ['tls'], 'tls'],
    ['expired', expired, 'expired', ['tls'], 'tls'],
    ['not yet valid', notYet, 'not-yet-valid', ['tls'], 'tls'],
    ['unknown root', untrusted, 'untrusted-chain', ['tls'], 'tls'],
    ['self-signed', lone, 'untrusted-chain', ['tls'], 'tls'],
    ['not for servers', clientOnly, 'untrusted-chain', ['tls'], 'tls'],
  ];
  for (const [name, identity, certificate, met, level] of rows) {
    for (const floor of ['tls', 'tls-verified', 'tls-authenticated', 'sealed'] as const) {
      const { outcome, peer } = await attempt(t, { identity }, {}, floor);
      const at = `${name}, floor ${floor}`;
      t.match(outcome.tls, { certificate, level, protocol: 'TLSv1.3' }, `${at}: evidence`);
      t.equal(outcome.tls?.leafSha256, sha256(identity.der).toString('hex'), `${at}: leaf`);
      if (met.includes(floor)) {
        t.equal(outcome.kind, 'relayed', at);
        t.equal(peer.messages.length, 1, `${at}: there`);
      } else {
        t.match(outcome, { kind: 'not-reached', code: 'delivery.below-floor' }, at);
        t.same(peer.lines, ['EHLO gateway.clinic.test', 'STARTTLS'], `${at}: nothing said in TLS, not even QUIT`);
      }
    }
  }
});

await t.test('authenticated names', async (t) => {
  for (const authenticity of ['configured', 'dnssec', 'mta-sts'] as const) {
    const { outcome } = await attempt(t, { identity: good }, { authenticity }, 'tls-authenticated');
    t.match(outcome, { kind: 'relayed', tls: { level: 'tls-authenticated', authenticity } }, authenticity);
  }
});

await t.test('what the domain publishes is held against it, even at floor tls', async (t) => {
  const rows: readonly (readonly [string, TestIdentity, Partial<NextHop>, CertificateVerdict, 'relayed' | 'not-reached'])[] = [
    ['MTA-STS, good', good, { published: 'mta-sts', authenticity: 'mta-sts' }, 'chain-and-name', 'relayed'],
    ['MTA-STS, self-signed', lone, { published: 'mta-sts', authenticity: 'mta-sts' }, 'untrusted-chain', 'not-reached'],
    ['MTA-STS, expired', expired, { published: 'mta-sts', authenticity: 'mta-sts' }, 'expired', 'not-reached'],
    ['DANE-EE', lone, { published: 'dane', authenticity: 'dnssec', tlsa: ee(lone) }, 'dane-ee', 'relayed'],
    ['DANE-EE, expired', expired, { published: 'dane', authenticity: 'dnssec', tlsa: ee(expired) }, 'dane-ee', 'relayed'],
    ['DANE-EE, another name', wrongName, { published: 'dane', authenticity: 'dnssec', tlsa: ee(wrongName) }, 'dane-ee', 'relayed'],
    ['DANE-EE, another key', good, { published: 'dane', authenticity: 'dnssec', tlsa: ee(lone) }, 'dane-mismatch', 'not-reached'],
    ['DANE overrides MTA-STS', lone, { published: 'mta-sts', authenticity: 'mta-sts', tlsa: ee(lone) }, 'dane-ee', 'relayed'],
    ['DANE overrides the anchors', good, { published: 'mta-sts', authenticity: 'mta-sts', tlsa: ee(lone) }, 'dane-mismatch', 'not-reached'],
  ];
  for (const [name, identity, hop, certificate, kind] of rows) {
    const { outcome } = await attempt(t, { identity }, hop, 'tls');
    t.match(outcome, { kind, tls: { certificate } }, name);
    if (kind === 'relayed') t.match(outcome.tls, { level: 'tls-authenticated' }, `${name}: meets every TLS level`);
  }
});

await t.test('DANE-TA', async (t) => {
  const hop = (tlsa: readonly Tlsa[]): Partial<NextHop> => ({ published: 'dane', authenticity: 'dnssec', tlsa });
  const sub = unknown.intermediate('Unknown Intermediate');
  const stranger = createTestCa('Stranger');
  const rows: readonly (readonly [string, TestIdentity, readonly Tlsa[], CertificateVerdict])[] = [
    ['root sent along', untrusted, ta(unknown.der), 'dane-ta'],
    [
      'by key',
      untrusted,
      [{ usage: 2, selector: 1, matchingType: 2, data: createHash('sha512').update(unknown.spki).digest() }],
      'dane-ta',
    ],
    ['an intermediate', sub.issue({ names }), ta(sub.der), 'dane-ta'],
    ['a root above an intermediate', forged(sub.issue({ names }), unknown.der), ta(unknown.der), 'dane-ta'],
    ['wrong name', unknown.issue({ names: ['other.test'], send: 'with-root' }), ta(unknown.der), 'wrong-name'],
    ['expired', unknown.issue({ names, send: 'with-root', ...EXPIRED }), ta(unknown.der), 'expired'],
    ['not yet valid', unknown.issue({ names, send: 'with-root', ...NOT_YET_VALID }), ta(unknown.der), 'not-yet-valid'],
    ['the anchor is not sent', unknown.issue({ names }), ta(unknown.der), 'dane-mismatch'],
    ['another anchor', untrusted, ta(stranger.der), 'dane-mismatch'],
    ['a known root does not help', below, ta(stranger.der), 'dane-mismatch'],
    ['an anchor in the chain that issued nothing of it', forged(stranger.issue({ names }), unknown.der), ta(unknown.der), 'dane-mismatch'],
  ];
  for (const [name, identity, tlsa, certificate] of rows) {
    const { outcome, peer } = await attempt(t, { identity }, hop(tlsa), 'tls-authenticated');
    t.match(outcome, { kind: certificate === 'dane-ta' ? 'relayed' : 'not-reached', tls: { certificate } }, name);
    if (certificate !== 'dane-ta')
      t.equal(peer.lines.filter((line) => line.startsWith('EHLO')).length, peer.sessions.length, `${name}: nothing said in TLS`);
  }
});

/** A chain with a certificate in it that has nothing to do with the leaf. */
function forged(identity: TestIdentity, stray: Buffer): TestIdentity {
  const pem = `-----BEGIN CERTIFICATE-----\n${stray.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
  return { ...identity, certificatePem: identity.certificatePem + pem };
}

await t.test('implicit TLS', async (t) => {
  const { outcome, peer } = await attempt(t, { identity: good, tls: 'implicit' }, { tls: 'implicit' });
  t.match(outcome, { kind: 'relayed', tls: { level: 'tls-verified' } });
  t.notOk(peer.lines.includes('STARTTLS'));
  const bad = await attempt(t, { identity: expired, tls: 'implicit' }, { tls: 'implicit' });
  t.match(bad.outcome, { kind: 'not-reached', code: 'delivery.below-floor' });
  t.same(bad.peer.lines, [], 'nothing said');
  const plain = await attempt(t, { identity: good }, { tls: 'implicit' });
  t.match(
    plain.outcome,
    { kind: 'not-reached', code: 'delivery.below-floor', tls: { level: 'none' } },
    'a server that speaks in clear there',
  );
  t.same(plain.peer.messages, []);
});

await t.test('TLS of the profile only', async (t) => {
  const rows: readonly (readonly [string, PeerOptions['tlsOptions'], RegExp | null])[] = [
    ['TLS 1.2 with AEAD', { maxVersion: 'TLSv1.2' }, /^TLS_ECDHE_ECDSA_WITH_AES_(?:128|256)_GCM/],
    ['TLS 1.2 with CBC only', { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA256' }, null],
    ['TLS 1.1', { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' }, null],
    ['ChaCha20 only', { ciphers: 'TLS_CHACHA20_POLY1305_SHA256' }, null],
    ['P-384 only', { ecdhCurve: 'P-384' }, /^TLS_AES_/],
  ];
  for (const [name, tlsOptions, cipher] of rows) {
    const { outcome, peer } = await attempt(t, { identity: good, tlsOptions: tlsOptions ?? {} }, {}, 'tls');
    if (cipher === null) {
      t.match(outcome, { kind: 'not-reached', code: 'delivery.below-floor', tls: { level: 'none' } }, name);
      t.same(peer.messages, [], `${name}: nothing sent`);
    } else t.match(outcome, { kind: 'relayed', tls: { cipher } }, name);
  }
});

await t.test('faults before MAIL', async (t) => {
  const below = { kind: 'not-reached', code: 'delivery.below-floor', tls: { level: 'none', certificate: 'not-checked', leafSha256: null } };
  const refused = { kind: 'deferred', code: 'delivery.refused-temporarily', scope: 'next-hop', afterDot: 'no' };
  const lost = { kind: 'deferred', code: 'delivery.connection-lost', scope: 'next-hop', afterDot: 'no', reply: null };
  const rows: readonly (readonly [Fault, object])[] = [
    ['no-starttls', below],
    ['strips-starttls', below],
    ['refuses-starttls', below],
    ['injects-after-starttls', below],
    ['refuses-starttls-for-now', { ...refused, reply: { code: 454 } }],
    ['speaks-plain-after-starttls', lost],
    ['greets-421', { ...refused, reply: { code: 421, enhanced: '4.3.2' } }],
    ['greets-554', { ...refused, reply: { code: 554, enhanced: '5.7.1' } }],
    ['drops-at-connect', lost],
  ];
  for (const [fault, expected] of rows) {
    const { outcome, peer } = await attempt(t, { identity: good, faults: [fault] }, {}, 'tls');
    t.match(outcome, expected, fault);
    t.same(peer.messages, [], `${fault}: no message`);
    t.notOk(
      peer.lines.some((line) => line.startsWith('MAIL')),
      `${fault}: no envelope`,
    );
  }
});

await t.test('odd greetings and offers', async (t) => {
  const rows: readonly (readonly [string, PeerOptions['script'], object])[] = [
    [
      'no reply at all in the greeting',
      (step) => (step === 'connect' ? 'SSH-2.0-OpenSSH_9.2\r\n' : undefined),
      { kind: 'deferred', code: 'delivery.protocol-error' },
    ],
    [
      'two greetings',
      (step) => (step === 'connect' ? '220 a\r\n220 b\r\n' : undefined),
      { kind: 'deferred', code: 'delivery.protocol-error' },
    ],
    [
      'EHLO unknown',
      (step) => (step === 'ehlo' ? '502 5.5.1 what?\r\n' : undefined),
      { kind: 'not-reached', code: 'delivery.below-floor' },
    ],
    [
      'EHLO refused',
      (step) => (step === 'ehlo' ? '550 5.7.1 not you\r\n' : undefined),
      { kind: 'deferred', scope: 'next-hop', reply: { code: 550 } },
    ],
    [
      'EHLO refused in TLS',
      (step, { session }) => (step === 'ehlo' && session.tls !== null ? '451 4.3.0 busy\r\n' : undefined),
      { kind: 'deferred', scope: 'next-hop', reply: { code: 451 }, tls: { level: 'tls-verified' } },
    ],
    [
      'an endless offer',
      (step) => (step === 'ehlo' ? '250-X\r\n'.repeat(5_000) : undefined),
      { kind: 'deferred', code: 'delivery.protocol-error', scope: 'next-hop' },
    ],
  ];
  for (const [name, script, expected] of rows) {
    const { outcome } = await attempt(t, { identity: good, ...(script === undefined ? {} : { script }) });
    t.match(outcome, expected, name);
  }
});

await t.test('the offer made in clear is forgotten (RFC 3207 4.2)', async (t) => {
  const { outcome, peer } = await attempt(t, {
    identity: good,
    script: (step, { session }) => (step === 'ehlo' && session.tls !== null ? '250-peer.test\r\n250 DSN\r\n' : undefined),
  });
  t.equal(outcome.kind, 'relayed');
  t.same(
    peer.lines.filter((line) => line.startsWith('MAIL')),
    ['MAIL FROM:<doctor@clinic.test>'],
    'no SIZE',
  );
  t.ok(peer.sessions[0]?.reads.includes('DATA\r\n'), 'no pipelining');
});

await t.test('silence', async (t) => {
  const peer = await startPeer(t, { identity: good, faults: ['hangs-at-connect'] });
  const timeouts = { connectMs: 2_000, greetingMs: 50, commandMs: 2_000, dataStartMs: 2_000, dataBlockMs: 2_000, dataEndMs: 2_000 };
  const transport = startTransport(t, { trustAnchors: [root.certificatePem], timeouts });
  const [outcome] = await transport.send(sendRequest(nextHop(peer.port)));
  t.match(outcome, { kind: 'deferred', code: 'delivery.timeout', scope: 'next-hop', reply: null });
});

await t.test('addresses of one next hop', async (t) => {
  const dead = await startPeer(t);
  const port = dead.port;
  await dead.close();
  const transport = startTransport(t, { trustAnchors: [root.certificatePem] });
  const [none] = await transport.send(sendRequest(nextHop(port)));
  t.match(none, { kind: 'deferred', code: 'delivery.connect-failed', scope: 'next-hop', reply: null }, 'nobody listens');
  const [nothing] = await transport.send(sendRequest(nextHop(port, { addresses: [] })));
  t.match(nothing, { kind: 'deferred', code: 'delivery.connect-failed' }, 'no address at all');

  const second = await startPeer(t, { identity: good, host: '127.0.0.2' });
  const [found] = await transport.send(sendRequest(nextHop(second.port, { addresses: ['127.0.0.1', '127.0.0.2'] })));
  t.equal(found?.kind, 'relayed', 'the second address answers');

  const busy = await startPeer(t, { identity: good, host: '127.0.0.2', faults: ['greets-421'] });
  const weak = await startPeer(t, { identity: expired, host: '127.0.0.1', port: busy.port });
  const [later] = await transport.send(sendRequest(nextHop(weak.port, { addresses: ['127.0.0.2', '127.0.0.1'] })));
  t.match(later, { kind: 'deferred', reply: { code: 421 } }, 'one that may yet meet the floor outweighs one that misses it');
  const [missed] = await transport.send(sendRequest(nextHop(weak.port, { addresses: ['127.0.0.1', '127.0.0.3'] })));
  t.match(
    missed,
    { kind: 'not-reached', code: 'delivery.below-floor', tls: { certificate: 'expired' } },
    'and one that misses it any that is silent',
  );
});

await t.test('SNI is the host name', async (t) => {
  const { peer } = await attempt(t, { identity: good });
  t.equal(peer.sessions[0]?.tls?.servername, PEER_NAME);
});
