// The transport against a real Postfix: with TLS, without, with bad certificates, without DSN. What Postfix accepted it hands on to a peer of ours,
// so that every octet can be compared.
import t from 'tap';
import { nextHop, PEER_NAME, recipient, sendRequest, startTransport, wire } from '../support/send-request.ts';
import { startPostfix } from '../support/postfix.ts';
import { startPeer } from '../support/smtp-peer.ts';
import { createTestCa, EXPIRED } from '../support/test-ca.ts';

const ca = createTestCa();
const trust = { trustAnchors: [ca.certificatePem] };
const names = [PEER_NAME];

await t.test('with TLS: everything arrives, over one session', async (t) => {
  const behind = await startPeer(t);
  const postfix = await startPostfix(t, { identity: ca.issue({ names }), relayPort: behind.port });
  const transport = startTransport(t, trust);
  const body = ['.', '..two', 'ä'.repeat(40), '.'].join('\r\n');
  const content = wire(
    `From: a@clinic.test\r\nTo: b@peer.test\r\nSubject: t\r\nMessage-ID: <1@clinic.test>\r\nDate: Sun, 22 Nov 2026 10:00:00 +0000\r\n\r\n${body}\r\n`,
    {
      body: '8bitmime',
    },
  );
  const recipients = [
    recipient('b@peer.test', { notify: ['never'] }),
    recipient('not an address@'),
    recipient('c@peer.test', { orcpt: 'rfc822;c@peer.test' }),
  ];
  const outcomes = await transport.send(
    sendRequest(nextHop(postfix.port), { content, recipients, envelope: { ret: 'hdrs', envid: 'id-7' } }),
  );
  t.match(outcomes, [
    {
      kind: 'relayed',
      dsn: 'passed-on',
      reply: { code: 250, enhanced: '2.0.0', text: /queued as/ },
      tls: { level: 'tls-verified', protocol: 'TLSv1.3' },
    },
    { kind: 'failed', code: 'delivery.refused', reply: { code: 501, enhanced: '5.1.3' } },
    { kind: 'relayed' },
  ]);
  await behind.until(({ messages }) => messages.length === 1);
  const [arrived] = behind.messages;
  t.ok(arrived?.content.toString('utf8').endsWith(`\r\n\r\n${body}\r\n`), 'dots and octets as they were');
  t.match(arrived?.mail, /^MAIL FROM:<doctor@clinic.test> .*BODY=8BITMIME ENVID=id-7 RET=HDRS$/);
  t.match(arrived?.rcpt, [/^RCPT TO:<b@peer.test> .*NOTIFY=NEVER/, /^RCPT TO:<c@peer.test> ORCPT=rfc822;c@peer.test$/]);

  for (let i = 0; i < 5; i++) t.match(await transport.send(sendRequest(nextHop(postfix.port))), [{ kind: 'relayed' }]);
  const large = wire(`Subject: large\r\n\r\n${`${'.x'.repeat(499)}\r\n`.repeat(3_000)}`, { chunk: 65_536 });
  t.match(await transport.send(sendRequest(nextHop(postfix.port), { content: large })), [{ kind: 'relayed' }]);
  await behind.until(({ messages }) => messages.length === 7);
  t.equal(postfix.log.filter((line) => /smtpd\[\d+\]: connect from/.test(line)).length, 1);
});

await t.test('limits of its own', async (t) => {
  const behind = await startPeer(t);
  const postfix = await startPostfix(t, {
    identity: ca.issue({ names }),
    relayPort: behind.port,
    settings: [
      'message_size_limit = 2000',
      'smtpd_sender_restrictions = reject_unlisted_sender, check_sender_access inline:{blocked@clinic.test=REJECT, slow@clinic.test=DEFER}',
    ],
  });
  const transport = startTransport(t, trust);
  const send = (reversePath: string, text: string): ReturnType<typeof transport.send> =>
    transport.send(sendRequest(nextHop(postfix.port), { content: wire(text), envelope: { reversePath } }));
  t.match(await send('a@clinic.test', `${'x'.repeat(998)}\r\n`.repeat(3)), [{ kind: 'not-reached', code: 'delivery.too-large' }]);
  t.match(await send('blocked@clinic.test', 'a\r\n'), [{ kind: 'failed', reply: { code: 554, enhanced: '5.7.1' } }]);
  t.match(await send('slow@clinic.test', 'a\r\n'), [{ kind: 'deferred', code: 'delivery.refused-temporarily', reply: { code: 450 } }]);
  t.match(await send('a@clinic.test', 'a\r\n'), [{ kind: 'relayed' }]);
});

await t.test('without TLS, with bad certificates: nothing passes', async (t) => {
  const behind = await startPeer(t);
  const rows = [
    ['without TLS', null, { level: 'none', certificate: 'not-checked' }],
    ['expired', ca.issue({ names, ...EXPIRED }), { level: 'tls', certificate: 'expired' }],
    ['another name', ca.issue({ names: ['other.test'] }), { level: 'tls', certificate: 'wrong-name' }],
    ['another authority', createTestCa('Other').issue({ names }), { level: 'tls', certificate: 'untrusted-chain' }],
  ] as const;
  for (const [name, identity, tls] of rows) {
    const postfix = await startPostfix(t, { ...(identity === null ? {} : { identity }), relayPort: behind.port });
    const transport = startTransport(t, trust);
    t.match(await transport.send(sendRequest(nextHop(postfix.port))), [{ kind: 'not-reached', code: 'delivery.below-floor', tls }], name);
    if (identity !== null)
      t.match(await transport.send(sendRequest(nextHop(postfix.port), { floor: 'tls' })), [{ kind: 'relayed', tls }], `${name}, floor tls`);
  }
  await behind.until(({ messages }) => messages.length === 3);
});

await t.test('without DSN and PIPELINING', async (t) => {
  const behind = await startPeer(t);
  const postfix = await startPostfix(t, {
    identity: ca.issue({ names }),
    relayPort: behind.port,
    discard: ['dsn', 'pipelining', '8bitmime'],
  });
  const transport = startTransport(t, trust);
  const recipients = [recipient('b@peer.test', { notify: ['success'], orcpt: 'rfc822;b@peer.test' })];
  t.match(await transport.send(sendRequest(nextHop(postfix.port), { recipients, envelope: { ret: 'full' } })), [
    { kind: 'relayed', dsn: 'not-offered' },
  ]);
  const eight = wire('Subject: ä\r\n\r\nä\r\n', { body: '8bitmime', needs: '8bitmime' });
  t.match(await transport.send(sendRequest(nextHop(postfix.port), { content: eight })), [
    { kind: 'failed', code: 'delivery.needs-8bitmime' },
  ]);
  await behind.until(({ messages }) => messages.length === 1);
});
