// Kept sessions: when one is used again, when never, how it ends; TLS sessions; stopping; credentials. Against real servers.
import { createHash } from 'node:crypto';
import t from 'tap';
import type { NextHop, Tlsa } from '../../src/mail/next-hop.ts';
import type { Outcome } from '../../src/mail/outcome.ts';
import type { Credentials } from '../../src/transport/auth.ts';
import { KEEP_LIMITS } from '../../src/transport/pool.ts';
import { nextHop, PEER_NAME, QUICK, type RequestChanges, sendRequest, startTransport, wire } from '../support/send-request.ts';
import { type SmtpPeer, startPeer } from '../support/smtp-peer.ts';
import { createTestCa } from '../support/test-ca.ts';

const ca = createTestCa();
const identity = ca.issue({ names: [PEER_NAME, 'mx2.peer.test'] });
const trust = { trustAnchors: [ca.certificatePem] };
const ee: readonly Tlsa[] = [{ usage: 3, selector: 1, matchingType: 1, data: createHash('sha256').update(identity.spki).digest() }];

const relayed = { kind: 'relayed' };
const mails = (peer: SmtpPeer): readonly number[] => peer.messages.map(({ session }) => session.number);

await t.test('a session is used again for the same next hop, and for no other', async (t) => {
  const peer = await startPeer(t, { identity });
  const transport = startTransport(t, { ...trust, credentials: () => ({ login: null, certificate: null }) });
  const rows: readonly (readonly [string, Partial<NextHop>, RequestChanges, session: number])[] = [
    ['first', {}, {}, 0],
    ['the same', {}, {}, 0],
    ['another sender and recipient', {}, { envelope: { reversePath: '' } }, 0],
    ['its addresses in another order', { addresses: ['127.0.0.9', '127.0.0.1'] }, {}, 0],
    ['another floor', {}, { floor: 'tls' }, 1],
    ['authentic name', { authenticity: 'dnssec' }, {}, 2],
    ['another reference name', { referenceNames: ['mx2.peer.test'] }, {}, 3],
    ['another host', { host: 'mx2.peer.test' }, {}, 4],
    ['DANE', { tlsa: ee, authenticity: 'dnssec' }, {}, 5],
    ['MTA-STS', { authenticity: 'mta-sts', published: 'mta-sts' }, {}, 6],
    ['another reach', { reach: 'onward-enforced' }, {}, 7],
    ['with credentials', { credentials: 'smarthost' }, {}, 8],
    ['the first again', {}, {}, 0],
    ['DANE again', { tlsa: ee, authenticity: 'dnssec' }, {}, 5],
  ];
  for (const [name, hop, changes, session] of rows) {
    t.match(await transport.send(sendRequest(nextHop(peer.port, hop), changes)), [relayed], name);
    t.equal(mails(peer).at(-1), session, name);
  }
});

await t.test('another address of the same host is another connection', async (t) => {
  const one = await startPeer(t, { identity, host: '127.0.0.1' });
  const two = await startPeer(t, { identity, host: '127.0.0.2', port: one.port });
  const transport = startTransport(t, trust);
  await transport.send(sendRequest(nextHop(one.port)));
  await transport.send(sendRequest(nextHop(one.port, { addresses: ['127.0.0.2'] })));
  t.equal(one.messages.length, 1);
  t.equal(two.messages.length, 1);
});

await t.test('REQUIRETLS is judged for each message, on a kept session too', async (t) => {
  const peer = await startPeer(t, { identity });
  const transport = startTransport(t, trust);
  const hop = nextHop(peer.port, { authenticity: 'dnssec' });
  t.match(await transport.send(sendRequest(hop)), [relayed]);
  t.match(await transport.send(sendRequest(hop, { envelope: { requireTls: true } })), [
    { kind: 'not-reached', code: 'delivery.requiretls-missing' },
  ]);
  t.match(await transport.send(sendRequest(hop)), [relayed]);
  t.equal(peer.sessions.length, 1);
});

await t.test('at once: as many connections as messages, kept afterwards', async (t) => {
  const peer = await startPeer(t, { identity });
  const transport = startTransport(t, trust);
  const all = async (): Promise<readonly (readonly Outcome[])[]> =>
    Promise.all([1, 2, 3, 4].map(() => transport.send(sendRequest(nextHop(peer.port)))));
  t.match(await all(), [[relayed], [relayed], [relayed], [relayed]]);
  t.equal(peer.sessions.length, 4);
  await all();
  t.equal(peer.sessions.length, 4, 'no new ones');
  t.same(mails(peer).slice(4).toSorted(), [0, 1, 2, 3], 'none carries two messages at once');
});

await t.test('limits of keeping', async (t) => {
  const rows = [
    ['messages', { messages: 2 }, 3, 2],
    ['age', { ageMs: 0 }, 2, 2],
  ] as const;
  for (const [name, limits, messages, sessions] of rows) {
    const peer = await startPeer(t, { identity });
    const transport = startTransport(t, { ...trust, keep: { ...KEEP_LIMITS, ...limits } });
    for (let i = 0; i < messages; i++) t.match(await transport.send(sendRequest(nextHop(peer.port))), [relayed], name);
    t.equal(peer.sessions.length, sessions, name);
    await transport.close();
    t.equal(peer.lines.filter((line) => line === 'QUIT').length, sessions, `${name}: each ends with QUIT`);
  }
});

await t.test('no more idle sessions than allowed: the oldest ends', async (t) => {
  const peer = await startPeer(t, { identity });
  const transport = startTransport(t, { ...trust, keep: { ...KEEP_LIMITS, connections: 1 } });
  await transport.send(sendRequest(nextHop(peer.port)));
  await transport.send(sendRequest(nextHop(peer.port), { floor: 'tls' }));
  await peer.until(({ sessions }) => sessions[0]?.ended === 'yes');
  t.equal(peer.sessions[0]?.lines.at(-1), 'QUIT');
  await transport.send(sendRequest(nextHop(peer.port), { floor: 'tls' }));
  t.equal(peer.sessions.length, 2, 'the younger one is kept');
});

await t.test('an idle session ends with QUIT', async (t) => {
  const peer = await startPeer(t, { identity });
  const transport = startTransport(t, { ...trust, keep: { ...KEEP_LIMITS, idleMs: 20 } });
  await transport.send(sendRequest(nextHop(peer.port)));
  await peer.until(({ sessions }) => sessions[0]?.ended === 'yes');
  t.equal(peer.lines.at(-1), 'QUIT');
  t.match(await transport.send(sendRequest(nextHop(peer.port))), [relayed]);
  t.equal(peer.sessions.length, 2);
});

await t.test('a kept session that has died is no failure', async (t) => {
  const rows: readonly (readonly [string, (peer: SmtpPeer) => void, 'seen' | 'unseen'])[] = [
    ['cut while idle', (peer) => peer.cutAll(), 'seen'],
    ['cut at MAIL', () => undefined, 'unseen'],
    ['421 at MAIL', () => undefined, 'unseen'],
  ];
  for (const [name, happen, notice] of rows) {
    const peer = await startPeer(t, {
      identity,
      script: (step, { session, peer: self }) => {
        if (step !== 'mail' || session.number > 0 || self.messages.length === 0) return undefined;
        return name === 'cut at MAIL' ? { say: null, then: 'drop' } : { say: '421 4.4.2 idle too long\r\n', then: 'end' };
      },
    });
    const transport = startTransport(t, trust);
    await transport.send(sendRequest(nextHop(peer.port)));
    happen(peer);
    if (notice === 'seen') await peer.until(({ sessions }) => sessions[0]?.ended === 'yes');
    let asked = 0;
    const outcomes = await transport.send(sendRequest(nextHop(peer.port), { beforeFinalDot: async () => (asked++, 'go') }));
    t.match(outcomes, [relayed], name);
    t.equal(asked, 1, `${name}: one attempt`);
    t.same(mails(peer), [0, 1], `${name}: over a fresh connection`);
  }
});

await t.test('tried again once only, and not after an answer to MAIL', async (t) => {
  const dies = await startPeer(t, {
    identity,
    script: (step, { peer }) => (step === 'mail' && peer.messages.length > 0 ? { say: null, then: 'drop' } : undefined),
  });
  const transport = startTransport(t, trust);
  await transport.send(sendRequest(nextHop(dies.port)));
  t.match(await transport.send(sendRequest(nextHop(dies.port))), [
    { kind: 'deferred', code: 'delivery.connection-lost', scope: 'next-hop' },
  ]);
  t.equal(dies.sessions.length, 2);

  const later = await startPeer(t, {
    identity,
    script: (step, { peer }) => (step === 'dot' && peer.messages.length > 0 ? { say: null, then: 'drop' } : undefined),
  });
  await transport.send(sendRequest(nextHop(later.port)));
  t.match(await transport.send(sendRequest(nextHop(later.port))), [
    { kind: 'deferred', code: 'delivery.connection-lost', afterDot: 'yes' },
  ]);
  t.equal(later.sessions.length, 1, 'it may have the message: not sent again here');
});

await t.test('what a peer says while idle ends the session', async (t) => {
  let say: ((text: string) => void) | null = null;
  const peer = await startPeer(t, {
    identity,
    script: (step, call) => {
      if (step === 'dot') say = (text) => void call.write(text);
      return undefined;
    },
  });
  const transport = startTransport(t, trust);
  for (const text of ['250 2.0.0 injected for the next message\r\n', '421 4.4.2 bye\r\n', '25']) {
    const before = peer.sessions.length;
    await transport.send(sendRequest(nextHop(peer.port)));
    const speak: ((text: string) => void) | null = say;
    if (speak === null) throw new Error('no session');
    (speak as (text: string) => void)(text);
    await peer.until(({ sessions }) => sessions.at(-1)?.ended === 'yes');
    t.match(await transport.send(sendRequest(nextHop(peer.port))), [relayed]);
    t.equal(peer.sessions.length, Math.max(before, 1) + 1, JSON.stringify(text));
  }
});

await t.test('TLS sessions', async (t) => {
  const keep = { ...KEEP_LIMITS, messages: 1 };
  for (const tlsOptions of [{}, { maxVersion: 'TLSv1.2' }] as const) {
    const peer = await startPeer(t, { identity, tlsOptions });
    const transport = startTransport(t, { ...trust, keep });
    const first = await transport.send(sendRequest(nextHop(peer.port)));
    const second = await transport.send(sendRequest(nextHop(peer.port)));
    t.same(
      peer.sessions.map(({ tls }) => tls?.resumed),
      ['no', 'yes'],
    );
    t.match(second, [relayed]);
    t.same(second[0]?.tls, first[0]?.tls, 'the evidence is that of the first handshake');
    await transport.send(sendRequest(nextHop(peer.port), { floor: 'tls' }));
    t.equal(peer.sessions[2]?.tls?.resumed, 'no', 'not for another floor');
    await transport.send(sendRequest(nextHop(peer.port, { referenceNames: ['other.test'] }), { floor: 'tls' }));
    t.equal(peer.sessions[3]?.tls?.resumed, 'no', 'not for another name');
    const [again] = await transport.send(sendRequest(nextHop(peer.port, { referenceNames: ['other.test'] }), { floor: 'tls' }));
    t.match(again, { kind: 'relayed', tls: { certificate: 'wrong-name' } });
    t.equal(peer.sessions[4]?.tls?.resumed, 'no', 'not where the certificate was not good: it may be better now');
  }
});

await t.test('a TLS session of DANE needs no second look', async (t) => {
  const withRoot = ca.issue({ names: [PEER_NAME], send: 'with-root' });
  const ta: readonly Tlsa[] = [{ usage: 2, selector: 0, matchingType: 1, data: createHash('sha256').update(ca.der).digest() }];
  const peer = await startPeer(t, { identity: withRoot });
  const transport = startTransport(t, { keep: { ...KEEP_LIMITS, messages: 1 } });
  const hop = nextHop(peer.port, { tlsa: ta, authenticity: 'dnssec', published: 'dane' });
  const send = async (): Promise<Outcome | undefined> => (await transport.send(sendRequest(hop)))[0];
  t.match(await send(), { kind: 'relayed', tls: { certificate: 'dane-ta' } });
  t.equal(peer.sessions.length, 2, 'one handshake to find the anchor, one to check against it');
  t.match(await send(), { kind: 'relayed', tls: { certificate: 'dane-ta' } });
  t.equal(peer.sessions.length, 3);
  t.equal(peer.sessions[2]?.tls?.resumed, 'yes');
});

await t.test('credentials', async (t) => {
  const login = { user: 'clinic', password: 'päss word' };
  const secret = Buffer.from('\0clinic\0päss word').toString('base64');
  const byName = (name: string): Credentials | null => (name === 'smarthost' ? { login, certificate: null } : null);
  const smarthost: Partial<NextHop> = { authenticity: 'configured', reach: 'recipient-domain', credentials: 'smarthost' };

  const plain = await startPeer(t, { identity, faults: ['offers-auth'] });
  const transport = startTransport(t, { ...trust, credentials: byName });
  t.match(await transport.send(sendRequest(nextHop(plain.port, smarthost))), [relayed]);
  t.ok(plain.lines.includes(`AUTH PLAIN ${secret}`), 'PLAIN');
  await transport.send(sendRequest(nextHop(plain.port, smarthost)));
  t.equal(plain.lines.filter((line) => line.startsWith('AUTH')).length, 1, 'once a session');

  const prompts = ['334 VXNlcm5hbWU6\r\n', '334 UGFzc3dvcmQ6\r\n', '235 2.7.0 welcome\r\n'];
  const loginOnly = await startPeer(t, {
    identity,
    offer: ['PIPELINING', 'AUTH LOGIN'],
    script: (step) => (step === 'auth' || step === 'other' ? (prompts.shift() ?? '503 5.5.1 what?\r\n') : undefined),
  });
  t.match(await transport.send(sendRequest(nextHop(loginOnly.port, smarthost))), [relayed]);
  t.ok(loginOnly.lines.includes(Buffer.from('päss word').toString('base64')), 'LOGIN');

  const stranger = await startPeer(t, { identity: createTestCa('Other').issue({ names: [PEER_NAME] }), faults: ['offers-auth'] });
  t.match(await transport.send(sendRequest(nextHop(stranger.port, smarthost), { floor: 'tls' })), [
    { kind: 'not-reached', code: 'delivery.below-floor' },
  ]);
  t.same(stranger.lines, ['EHLO gateway.clinic.test', 'STARTTLS'], 'never over unverified TLS, whatever the floor');

  const refusals = [
    ['535 5.7.8 no: dGhlIHBhc3N3b3Jk\r\n', { code: 535, enhanced: '5.7.8', text: '' }],
    ['454 4.7.0 not now\r\n', { code: 454, enhanced: '4.7.0', text: '' }],
  ] as const;
  for (const [say, reply] of refusals) {
    const refusing = await startPeer(t, { identity, faults: ['offers-auth'], script: (step) => (step === 'auth' ? say : undefined) });
    const outcomes = await transport.send(sendRequest(nextHop(refusing.port, smarthost)));
    t.match(outcomes, [{ kind: 'deferred', code: 'delivery.login-refused', scope: 'next-hop' }]);
    t.same(outcomes[0]?.kind === 'deferred' ? outcomes[0].reply : null, reply, 'without its text: it may hold the login');
    t.notOk(
      refusing.lines.some((line) => line.startsWith('MAIL')),
      'nothing sent without it',
    );
  }
  const silent = await startPeer(t, { identity });
  t.match(
    await transport.send(sendRequest(nextHop(silent.port, smarthost))),
    [{ kind: 'deferred', code: 'delivery.login-refused', reply: null }],
    'not offered',
  );

  await t.rejects(
    transport.send(sendRequest(nextHop(plain.port, { ...smarthost, credentials: 'unknown' }))),
    'credentials that are not there are a fault of ours',
  );
});

await t.test('a client certificate is shown to the next hop that it is for', async (t) => {
  const client = ca.issue({ commonName: 'clinic', purpose: 'client' });
  const certificate = { certificatePem: client.certificatePem, keyPem: client.keyPem };
  const peer = await startPeer(t, { identity, clientCa: ca.certificatePem });
  const transport = startTransport(t, { ...trust, credentials: () => ({ login: null, certificate }) });
  t.match(await transport.send(sendRequest(nextHop(peer.port, { credentials: 'smarthost' }))), [relayed]);
  t.match(await transport.send(sendRequest(nextHop(peer.port))), [relayed]);
  const shown = createHash('sha256').update(client.der).digest('hex');
  t.same(
    peer.sessions.map(({ tls }) => tls?.clientSha256?.replaceAll(':', '').toLowerCase() ?? null),
    [shown, null],
  );
});

await t.test('stopping', async (t) => {
  const stopped = { kind: 'deferred', code: 'delivery.stopped', afterDot: 'no', reply: null };
  const before = new AbortController();
  before.abort();
  const peer = await startPeer(t, { identity });
  const transport = startTransport(t, { ...trust, stopGraceMs: 50 });
  t.match(await transport.send(sendRequest(nextHop(peer.port), { signal: before.signal })), [stopped], 'before anything');
  t.equal(peer.sessions.length, 0);

  const rows = ['hangs-at-connect', 'hangs-at-mail'] as const;
  for (const fault of rows) {
    const hanging = await startPeer(t, { identity, faults: [fault] });
    const controller = new AbortController();
    const sending = transport.send(sendRequest(nextHop(hanging.port), { signal: controller.signal }));
    await hanging.until(
      ({ sessions, lines }) => sessions.length > 0 && (fault === 'hangs-at-connect' || lines.some((line) => line.startsWith('MAIL'))),
    );
    controller.abort();
    t.match(await sending, [stopped], fault);
    await hanging.until(({ sessions }) => sessions[0]?.ended === 'yes');
  }

  const handshake = await startPeer(t, {
    identity,
    script: async (step, call) => (step === 'starttls' ? { say: '220 go\r\n', then: 'deaf' } : (void call, undefined)),
  });
  const midTls = new AbortController();
  const opening = transport.send(sendRequest(nextHop(handshake.port), { signal: midTls.signal }));
  await handshake.until(({ lines }) => lines.includes('STARTTLS'));
  midTls.abort();
  t.match(await opening, [stopped], 'in the TLS handshake');

  const silent = await startPeer(t, { identity, faults: ['hangs-after-dot'] });
  const controller = new AbortController();
  const sending = transport.send(sendRequest(nextHop(silent.port), { signal: controller.signal }));
  await silent.until(({ sessions }) => (sessions[0]?.rcpt.length ?? 0) > 0 && sessions[0]?.lines.at(-1) === 'DATA');
  await dotReached(silent);
  controller.abort();
  t.match(
    await sending,
    [{ kind: 'deferred', code: 'delivery.timeout', afterDot: 'yes' }],
    'after the dot: the reply is waited for, but not for long',
  );
});

/** The peer is in the middle of the step after the dot. */
async function dotReached(peer: SmtpPeer): Promise<void> {
  await peer.until(({ dots }) => dots > 0);
}

await t.test('a stop after the dot still takes the reply', async (t) => {
  const controller = new AbortController();
  const peer = await startPeer(t, { identity, script: (step) => (step === 'dot' ? (controller.abort(), undefined) : undefined) });
  const transport = startTransport(t, trust);
  t.match(await transport.send(sendRequest(nextHop(peer.port), { signal: controller.signal })), [relayed]);
});

await t.test('many sends share one signal without a warning', async (t) => {
  const warnings: string[] = [];
  const hear = (warning: Error): void => void warnings.push(warning.message);
  process.on('warning', hear);
  t.teardown(() => process.removeListener('warning', hear));
  const peer = await startPeer(t, { identity });
  const transport = startTransport(t, trust);
  const { signal } = new AbortController();
  await Promise.all(Array.from({ length: 30 }, () => transport.send(sendRequest(nextHop(peer.port), { signal }))));
  await new Promise((resolve) => setImmediate(resolve));
  t.equal(peer.messages.length, 30);
  t.same(warnings, []);
});

await t.test('close waits for QUIT, and what is sent afterwards is not kept', async (t) => {
  const peer = await startPeer(t, { identity });
  const transport = startTransport(t, { ...trust, timeouts: QUICK });
  await Promise.all([1, 2].map(() => transport.send(sendRequest(nextHop(peer.port)))));
  await transport.close();
  await peer.until(({ sessions }) => sessions.every(({ ended }) => ended === 'yes'));
  t.equal(peer.lines.filter((line) => line === 'QUIT').length, 2);
  t.match(await transport.send(sendRequest(nextHop(peer.port), { content: wire('a\r\n') })), [relayed]);
  await peer.until(({ sessions }) => sessions.length === 3 && sessions.every(({ ended }) => ended === 'yes'));
});
