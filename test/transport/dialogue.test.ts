// One transaction against a real server with every fault from MAIL to the reply after the final dot: one outcome per recipient, whatever it does.
import t from 'tap';
import { MailError } from '../../src/mail/mail-error.ts';
import type { Outcome } from '../../src/mail/outcome.ts';
import type { Transport } from '../../src/transport/transport.ts';
import {
  nextHop,
  PEER_NAME,
  QUICK,
  recipient,
  type RequestChanges,
  sendRequest,
  SHORT,
  startTransport,
  wire,
} from '../support/send-request.ts';
import { type PeerOptions, type SmtpPeer, startPeer, USUAL_OFFER } from '../support/smtp-peer.ts';
import type { Fault } from '../support/smtp-peer-faults.ts';
import { createTestCa } from '../support/test-ca.ts';

const ca = createTestCa();
const identity = ca.issue({ names: [PEER_NAME] });
const options = { trustAnchors: [ca.certificatePem] };

type Test = Parameters<typeof startPeer>[0];

async function attempt(
  t: Test,
  peerOptions: PeerOptions,
  changes: RequestChanges = {},
): Promise<{ outcomes: readonly Outcome[]; peer: SmtpPeer; transport: Transport }> {
  const peer = await startPeer(t, { identity, ...peerOptions });
  const transport = startTransport(t, options);
  const outcomes = await transport.send(sendRequest(nextHop(peer.port), changes));
  return { outcomes, peer, transport };
}

const refused = { kind: 'deferred', code: 'delivery.refused-temporarily', afterDot: 'no' };
const lost = { kind: 'deferred', code: 'delivery.connection-lost', reply: null };

await t.test('faults from MAIL on, one recipient', async (t) => {
  const rows: readonly (readonly [Fault, object])[] = [
    ['refuses-mail', { kind: 'failed', code: 'delivery.refused', reply: { code: 550, enhanced: '5.7.1', text: 'not from there' } }],
    ['defers-mail', { ...refused, scope: 'message', reply: { code: 451 } }],
    ['421-at-mail', { ...refused, scope: 'next-hop', reply: { code: 421 } }],
    ['mail-552', { kind: 'not-reached', code: 'delivery.too-large' }],
    ['drops-at-mail', { ...lost, scope: 'next-hop', afterDot: 'no' }],
    ['drops-at-rcpt', { ...lost, scope: 'next-hop', afterDot: 'no' }],
    ['refuses-data', { kind: 'failed', code: 'delivery.refused', reply: { code: 554, enhanced: '5.5.0' } }],
    ['drops-mid-data', { ...lost, scope: 'message' }],
    ['drops-after-dot', { ...lost, scope: 'message', afterDot: 'yes' }],
    ['refuses-dot', { kind: 'failed', code: 'delivery.refused', reply: { code: 550, enhanced: '5.7.1' } }],
    ['defers-dot', { ...refused, scope: 'message', reply: { code: 451, enhanced: '4.3.0' } }],
    ['answers-dot-early', { kind: 'deferred', code: 'delivery.protocol-error', scope: 'message', afterDot: 'no' }],
    ['huge-line', { kind: 'deferred', code: 'delivery.protocol-error', scope: 'next-hop', afterDot: 'no' }],
    ['endless-line', { kind: 'deferred', code: 'delivery.protocol-error', scope: 'next-hop' }],
    ['endless-reply', { kind: 'deferred', code: 'delivery.protocol-error', scope: 'next-hop' }],
    ['mixed-codes', { kind: 'deferred', code: 'delivery.protocol-error', scope: 'next-hop' }],
    ['no-reply-at-all', { kind: 'deferred', code: 'delivery.protocol-error', scope: 'next-hop' }],
    ['no-dsn', { kind: 'relayed', dsn: 'not-offered' }],
    ['no-8bitmime', { kind: 'relayed', dsn: 'passed-on' }],
    ['no-pipelining', { kind: 'relayed' }],
  ];
  for (const [fault, expected] of rows) {
    const { outcomes, peer } = await attempt(t, { faults: [fault] });
    t.match(outcomes, [{ ...expected, tls: { level: 'tls-verified' } }], fault);
    const relayed = outcomes[0]?.kind === 'relayed';
    if (fault !== 'answers-dot-early' || relayed) t.equal(peer.messages.length, relayed ? 1 : 0, `${fault}: messages at the peer`);
  }
});

await t.test('the same without PIPELINING', async (t) => {
  const rows: readonly (readonly [Fault, object, lines: number])[] = [
    // Lines in TLS: EHLO, MAIL, RCPT, DATA as far as it went.
    ['refuses-mail', { kind: 'failed' }, 2],
    ['421-at-mail', { ...refused, scope: 'next-hop' }, 2],
    ['drops-at-rcpt', { ...lost, scope: 'next-hop', afterDot: 'no' }, 3],
    ['refuses-data', { kind: 'failed' }, 4],
    ['drops-after-dot', { ...lost, afterDot: 'yes' }, 4],
  ];
  for (const [fault, expected, lines] of rows) {
    const { outcomes, peer } = await attempt(t, { faults: ['no-pipelining', fault] });
    t.match(outcomes, [expected], fault);
    t.equal(peer.lines.slice(2).filter((line) => line !== 'QUIT').length, lines, `${fault}: no command further`);
  }
});

await t.test('recipients fare differently', async (t) => {
  const addresses = ['ok1@peer.test', 'later@peer.test', 'never@peer.test', 'full@peer.test', 'many@peer.test', 'ok2@peer.test'];
  const expected = [
    { kind: 'relayed' },
    { ...refused, scope: 'recipient', reply: { code: 450, enhanced: '4.2.1' } },
    { kind: 'failed', code: 'delivery.refused', reply: { code: 550, enhanced: '5.1.1' } },
    { ...refused, scope: 'recipient', reply: { code: 452, enhanced: '4.2.2' } },
    { ...refused, scope: 'recipient', reply: { code: 552 } },
    { kind: 'relayed' },
  ];
  for (const more of [[], ['no-pipelining']] as const) {
    const { outcomes, peer } = await attempt(
      t,
      { faults: ['mixed-recipients', ...more] },
      { recipients: addresses.map((address) => recipient(address)) },
    );
    t.match(outcomes, expected, more.join());
    t.same(
      peer.messages.map(({ rcpt }) => rcpt),
      [['RCPT TO:<ok1@peer.test>', 'RCPT TO:<ok2@peer.test>']],
      'one message for those that were taken',
    );
  }
});

await t.test('no recipient is taken', async (t) => {
  for (const more of [[], ['no-pipelining']] as const) {
    let asked = 0;
    const recipients = [recipient('never@peer.test'), recipient('later@peer.test')];
    const { outcomes, peer, transport } = await attempt(
      t,
      { faults: ['mixed-recipients', ...more] },
      { recipients, beforeFinalDot: async () => (asked++, 'go') },
    );
    t.match(outcomes, [{ kind: 'failed' }, { ...refused, scope: 'recipient' }]);
    t.equal(asked, 0, 'nothing was begun');
    t.same(
      peer.messages.filter(({ content }) => content.length > 0),
      [],
      'no content went out',
    );
    const [next] = await transport.send(sendRequest(nextHop(peer.port)));
    t.equal(next?.kind, 'relayed', 'the session is still good');
    t.equal(peer.sessions.length, 1, 'and is used again');
  }
});

await t.test('DATA refused for want of recipients, as servers without a mind for pipelining do', async (t) => {
  const script: PeerOptions['script'] = (step, { session }) =>
    step === 'data' && session.rcpt.length === 0 ? '554 5.5.1 no valid recipients\r\n' : undefined;
  const { outcomes, peer, transport } = await attempt(
    t,
    { faults: ['mixed-recipients'], script },
    { recipients: [recipient('never@peer.test')] },
  );
  t.match(outcomes, [{ kind: 'failed', reply: { code: 550, enhanced: '5.1.1' } }], 'the reply to RCPT counts');
  const [next] = await transport.send(sendRequest(nextHop(peer.port)));
  t.equal(next?.kind, 'relayed');
  t.equal(peer.sessions.length, 1);
  t.ok(peer.lines.includes('RSET'), 'the open transaction is forgotten first');
});

await t.test('421 to one recipient closes: it speaks for those without an answer', async (t) => {
  const recipients = ['ok@peer.test', 'bye@peer.test', 'other@peer.test'].map((address) => recipient(address));
  const { outcomes } = await attempt(t, { faults: ['mixed-recipients'] }, { recipients });
  for (const outcome of outcomes) t.match(outcome, { ...refused, scope: 'next-hop', reply: { code: 421, enhanced: '4.3.2' } });
});

await t.test('greylisting: waits, then goes', async (t) => {
  const { outcomes, peer } = await attempt(t, { faults: ['greylists'] });
  t.match(outcomes, [{ ...refused, scope: 'recipient', reply: { code: 451, enhanced: '4.7.1' } }]);
  peer.cutAll();
  const [later] = await startTransport(t, options).send(sendRequest(nextHop(peer.port)));
  t.equal(later?.kind, 'relayed');
});

await t.test('many recipients are sent in groups, each answered', async (t) => {
  const recipients = Array.from({ length: 350 }, (_, i) => recipient(i % 50 === 7 ? `never${i}@peer.test` : `r${i}@peer.test`));
  const { outcomes, peer } = await attempt(t, { faults: ['mixed-recipients'] }, { recipients });
  t.same(
    outcomes.map(({ kind }) => kind),
    recipients.map(({ address }) => (address.startsWith('never') ? 'failed' : 'relayed')),
  );
  t.equal(peer.messages[0]?.rcpt.length, 343);
});

await t.test('a next hop that repeats content in its reply', async (t) => {
  const { outcomes } = await attempt(t, { faults: ['repeats-content'] });
  const [outcome] = outcomes;
  t.match(outcome, { kind: 'failed', reply: { code: 550, enhanced: '5.7.1' } });
  const text = outcome?.kind === 'failed' ? (outcome.reply?.text ?? '') : '';
  t.ok(text.length > 0 && text.length <= 500, 'kept for sealing only, cut to 500 characters');
  t.match(text, /^[\x20-\x7e]*$/);
});

await t.test('control octets in a reply', async (t) => {
  const { outcomes } = await attempt(t, { faults: ['control-bytes'] });
  t.match(outcomes, [{ kind: 'failed', reply: { code: 550, enhanced: '5.7.1', text: 'no [31mred [0m   end' } }]);
});

await t.test('what the next hop must offer', async (t) => {
  const big = wire(`Subject: big\r\n\r\n${'x'.repeat(1_000)}\r\n`);
  const eight = wire('Subject: ä\r\n\r\nä\r\n', { body: '8bitmime', needs: '8bitmime' });
  const utf8 = wire(SHORT, { needs: 'smtputf8' });
  const umlaut = { envelope: { reversePath: 'ärztin@klinik.test', smtpUtf8: true } };
  const rows: readonly (readonly [string, readonly Fault[], RequestChanges, object, mail: RegExp | null])[] = [
    ['too large', ['small-size'], { content: big }, { kind: 'not-reached', code: 'delivery.too-large' }, null],
    ['just small enough', ['small-size'], {}, { kind: 'relayed' }, /SIZE=49$/],
    ['8BITMIME', [], { content: eight }, { kind: 'relayed' }, /BODY=8BITMIME$/],
    ['no 8BITMIME', ['no-8bitmime'], { content: eight }, { kind: 'failed', code: 'delivery.needs-8bitmime', reply: null }, null],
    ['SMTPUTF8 for the content', [], { content: utf8 }, { kind: 'relayed' }, /SMTPUTF8$/],
    ['no SMTPUTF8 for the content', ['no-smtputf8'], { content: utf8 }, { kind: 'failed', code: 'delivery.needs-smtputf8' }, null],
    ['SMTPUTF8 for the sender', [], umlaut, { kind: 'relayed' }, /^MAIL FROM:<ärztin@klinik.test> .*SMTPUTF8$/],
    ['no SMTPUTF8 for the sender', ['no-smtputf8'], umlaut, { kind: 'failed', code: 'delivery.needs-smtputf8' }, null],
    [
      'asked for and not needed',
      ['no-smtputf8'],
      { envelope: { smtpUtf8: true } },
      { kind: 'relayed' },
      /^MAIL FROM:<doctor@clinic.test> SIZE=49$/,
    ],
  ];
  for (const [name, faults, changes, expected, mail] of rows) {
    const { outcomes, peer } = await attempt(t, { faults }, changes);
    t.match(outcomes, [expected], name);
    const [line] = peer.lines.filter((one) => one.startsWith('MAIL'));
    if (mail === null) t.equal(line, undefined, `${name}: nothing sent`);
    else t.match(line, mail, `${name}: MAIL`);
  }
});

await t.test('one recipient needs SMTPUTF8, the other goes without', async (t) => {
  const recipients = [recipient('größe@peer.test'), recipient('size@peer.test'), recipient('b@bücher.test')];
  const { outcomes, peer } = await attempt(t, { faults: ['no-smtputf8'] }, { recipients, envelope: { smtpUtf8: true } });
  t.match(outcomes, [{ kind: 'failed', code: 'delivery.needs-smtputf8' }, { kind: 'relayed' }, { kind: 'relayed' }]);
  t.same(peer.messages[0]?.rcpt, ['RCPT TO:<size@peer.test>', 'RCPT TO:<b@xn--bcher-kva.test>']);
});

await t.test('DSN parameters are passed on where offered', async (t) => {
  const changes: RequestChanges = {
    envelope: { ret: 'hdrs', envid: 'id-1' },
    recipients: [recipient('a@peer.test', { notify: ['success', 'delay'], orcpt: 'rfc822;a@peer.test' })],
  };
  const offered = await attempt(t, {}, changes);
  t.match(offered.outcomes, [{ kind: 'relayed', dsn: 'passed-on' }]);
  t.match(offered.peer.messages[0], {
    mail: /RET=HDRS ENVID=id-1$/,
    rcpt: ['RCPT TO:<a@peer.test> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;a@peer.test'],
  });
  const not = await attempt(t, { faults: ['no-dsn'] }, changes);
  t.match(not.outcomes, [{ kind: 'relayed', dsn: 'not-offered' }]);
  t.match(not.peer.messages[0], { mail: /^MAIL FROM:<doctor@clinic.test> SIZE=49$/, rcpt: ['RCPT TO:<a@peer.test>'] });
});

await t.test('REQUIRETLS', async (t) => {
  const ask: RequestChanges = { envelope: { requireTls: true } };
  const missing = { kind: 'not-reached', code: 'delivery.requiretls-missing' };
  const peer = await startPeer(t, { identity, faults: ['offers-requiretls'] });
  const plain = await startPeer(t, { identity });
  const refusing = await startPeer(t, {
    identity,
    faults: ['offers-requiretls'],
    script: (step) => (step === 'mail' ? '550 5.7.30 cannot\r\n' : undefined),
  });
  const transport = startTransport(t, options);
  const send = async (port: number, hop: Parameters<typeof nextHop>[1], changes: RequestChanges): Promise<Outcome | undefined> =>
    (await transport.send(sendRequest(nextHop(port, hop), changes)))[0];
  t.match(await send(peer.port, { authenticity: 'dnssec' }, ask), {
    kind: 'relayed',
    tls: { level: 'tls-authenticated', reach: 'recipient-domain' },
  });
  t.match(peer.messages.at(-1)?.mail, / REQUIRETLS$/);
  t.match(await send(peer.port, { authenticity: 'unsigned' }, ask), missing, 'the name is not authentic');
  t.match(await send(plain.port, { authenticity: 'dnssec' }, ask), missing, 'not offered');
  t.match(await send(refusing.port, { authenticity: 'dnssec' }, ask), missing, 'refused');
  t.match(await send(peer.port, { authenticity: 'dnssec' }, {}), { kind: 'relayed' }, 'not asked for');
  t.notMatch(peer.messages.at(-1)?.mail, /REQUIRETLS/, 'so it is not put on MAIL');
  // Beyond a smarthost only REQUIRETLS meets a floor.
  const smarthost = { authenticity: 'configured', reach: 'smarthost-only' } as const;
  t.match(await send(peer.port, smarthost, {}), { kind: 'relayed', tls: { reach: 'onward-requiretls' } });
  t.match(peer.messages.at(-1)?.mail, / REQUIRETLS$/);
  t.match(await send(plain.port, smarthost, {}), {
    kind: 'not-reached',
    code: 'delivery.below-floor',
    tls: { reach: 'smarthost-only', level: 'tls-authenticated' },
  });
  t.match(await send(plain.port, { ...smarthost, reach: 'onward-enforced' }, {}), { kind: 'relayed', tls: { reach: 'onward-enforced' } });
});

await t.test('content arrives octet for octet', async (t) => {
  const lines = ['.', '..', '.dot', 'a.b', '', 'x'.repeat(998)].join('\r\n');
  const text = `Subject: dots\r\n\r\n${`${lines}\r\n`.repeat(300)}`;
  for (const chunk of [text.length, 65_536, 1_000, 7]) {
    const { outcomes, peer } = await attempt(t, {}, { content: wire(text, { chunk }) });
    t.equal(outcomes[0]?.kind, 'relayed');
    t.ok(peer.messages[0]?.content.equals(Buffer.from(text)), `chunks of ${chunk}`);
  }
});

await t.test('pipelined: the envelope in one piece, a small message and its dot in one', async (t) => {
  const { peer } = await attempt(t, {}, { recipients: [recipient('a@peer.test'), recipient('b@peer.test')] });
  t.ok(
    peer.sessions[0]?.reads.includes(
      'MAIL FROM:<doctor@clinic.test> SIZE=49\r\nRCPT TO:<a@peer.test>\r\nRCPT TO:<b@peer.test>\r\nDATA\r\n',
    ),
  );
  const pieces: string[] = [];
  const watched = await attempt(t, {
    script: (step, { content }) => (step === 'content' ? (pieces.push(content.toString('latin1')), undefined) : undefined),
  });
  t.equal(watched.outcomes[0]?.kind, 'relayed');
  t.same(pieces, [`${SHORT}.\r\n`]);
});

await t.test('before the final dot', async (t) => {
  const order: string[] = [];
  const peer = await startPeer(t, { identity, script: (step) => (order.push(step), undefined) });
  const transport = startTransport(t, options);
  const [went] = await transport.send(
    sendRequest(nextHop(peer.port), {
      beforeFinalDot: async () => {
        order.push('asked');
        await new Promise((resolve) => setImmediate(resolve));
        order.push('answered');
        return 'go';
      },
    }),
  );
  t.equal(went?.kind, 'relayed');
  const said = order.filter((step) => ['data', 'asked', 'answered', 'dot'].includes(step));
  t.same(said, ['data', 'asked', 'answered', 'dot'], 'asked after 354, the dot after the answer');

  const large = wire(`${'x'.repeat(998)}\r\n`.repeat(2_000), { chunk: 65_536 });
  const seen = peer.messages.length;
  const [held] = await transport.send(
    sendRequest(nextHop(peer.port), {
      content: large,
      beforeFinalDot: async () => {
        // Content is on its way while the answer is awaited, and the dot is not.
        await peer.until(() => order.filter((step) => step === 'content').length > 3);
        t.equal(peer.messages.length, seen, 'no dot yet');
        return 'go';
      },
    }),
  );
  t.equal(held?.kind, 'relayed');
  t.equal(peer.messages.length, seen + 1);
});

await t.test('stopped before the final dot', async (t) => {
  const { outcomes, peer, transport } = await attempt(t, {}, { beforeFinalDot: async () => 'stop' });
  t.match(outcomes, [{ kind: 'deferred', code: 'delivery.stopped', scope: 'message', afterDot: 'no', reply: null }]);
  await peer.until(({ sessions }) => sessions[0]?.ended === 'yes');
  t.same(peer.messages, [], 'nothing passes for a whole message');
  const [next] = await transport.send(sendRequest(nextHop(peer.port)));
  t.equal(next?.kind, 'relayed');
  t.equal(peer.sessions.length, 2, 'over another connection');
});

await t.test('faults of ours are thrown, and cut the connection before the dot', async (t) => {
  const half = Buffer.from(SHORT);
  const rows: readonly (readonly [string, RequestChanges, object])[] = [
    [
      'content cannot be read',
      {
        content: {
          ...wire(SHORT),
          async *read() {
            yield half.subarray(0, 20);
            throw new MailError('content.unreadable');
          },
        },
      },
      { code: 'content.unreadable' },
    ],
    ['bare LF', { content: wire('a\nb\r\n') }, { code: 'content.bare-line-ending' }],
    ['less content than announced', { content: { ...wire(SHORT), sizeBytes: 1_000 } }, { message: /size/ }],
    ['more content than announced', { content: { ...wire(SHORT), sizeBytes: 1 } }, { message: /size/ }],
    ['beforeFinalDot fails', { beforeFinalDot: () => Promise.reject(new MailError('store.unavailable')) }, { code: 'store.unavailable' }],
    ['a command in an address', { recipients: [recipient('a@peer.test>\r\nDATA\r\n')] }, { message: /control character/ }],
  ];
  for (const [name, changes, error] of rows) {
    const peer = await startPeer(t, { identity });
    const transport = startTransport(t, options);
    const thrown = await transport.send(sendRequest(nextHop(peer.port), changes)).then(
      () => null,
      (fault: unknown) => fault,
    );
    t.match(thrown, error, name);
    await peer.until(({ sessions }) => sessions.every(({ ended }) => ended === 'yes'));
    t.same(peer.messages, [], `${name}: nothing passes for a whole message`);
  }
});

await t.test('a next hop that speaks before the end of content', async (t) => {
  const large = wire(`${'x'.repeat(998)}\r\n`.repeat(20_000), { chunk: 65_536 });
  const { outcomes, peer } = await attempt(t, { faults: ['refuses-mid-data'] }, { content: large });
  t.match(outcomes, [{ kind: 'not-reached', code: 'delivery.too-large' }], 'a refusal counts');
  t.same(peer.messages, []);
  const early = await attempt(
    t,
    { script: (step, { content }) => (step === 'content' && content.length > 0 ? '250 2.0.0 thanks, enough\r\n' : undefined) },
    { content: large },
  );
  t.match(early.outcomes, [{ kind: 'deferred', code: 'delivery.protocol-error', afterDot: 'no' }], 'a yes does not');
});

await t.test('a next hop that stops reading', async (t) => {
  const peer = await startPeer(t, { identity, faults: ['stops-reading'] });
  const transport = startTransport(t, { ...options, timeouts: { ...QUICK, dataBlockMs: 50 } });
  const large = wire(`${'x'.repeat(998)}\r\n`.repeat(20_000), { chunk: 65_536 });
  const [outcome] = await transport.send(sendRequest(nextHop(peer.port), { content: large }));
  t.match(outcome, { kind: 'deferred', code: 'delivery.timeout', scope: 'message', afterDot: 'no' });
});

await t.test('time-outs name the step', async (t) => {
  const rows: readonly (readonly [Fault, keyof typeof QUICK, object])[] = [
    ['hangs-at-mail', 'commandMs', { scope: 'next-hop', afterDot: 'no' }],
    ['hangs-after-dot', 'dataEndMs', { scope: 'message', afterDot: 'yes' }],
  ];
  for (const [fault, name, expected] of rows) {
    const peer = await startPeer(t, { identity, faults: [fault] });
    const transport = startTransport(t, { ...options, timeouts: { ...QUICK, [name]: 100 } });
    t.match(
      await transport.send(sendRequest(nextHop(peer.port))),
      [{ kind: 'deferred', code: 'delivery.timeout', reply: null, ...expected }],
      fault,
    );
  }
  const peer = await startPeer(t, { identity, faults: ['hangs-after-dot'] });
  const transport = startTransport(t, { ...options, transactionMs: 100 });
  t.match(await transport.send(sendRequest(nextHop(peer.port))), [{ code: 'delivery.timeout' }], 'a whole transaction has a limit too');
});

await t.test('nothing to send to', async (t) => {
  const { outcomes, peer } = await attempt(t, { offer: USUAL_OFFER }, { recipients: [] });
  t.same(outcomes, []);
  t.equal(peer.sessions.length, 0);
});
