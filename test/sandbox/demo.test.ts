// `postern demo`: the client against a real submission server, the waiting, and the words for every way a delivery can stand.
import { NO_MODIFIERS } from '../../src/mail/decision.ts';
import { once } from 'node:events';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerOptions } from 'smtp-server';
import t from 'tap';
import type { Test } from 'tap';
import type { DeliveryState } from '../../src/mail/delivery.ts';
import type { Codes } from '../../src/mail/evidence.ts';
import { issueSelfSigned } from '../../src/pki/issue.ts';
import { createDemoClient } from '../../src/sandbox/demo-client.ts';
import type { DemoSubmission } from '../../src/sandbox/demo-client.ts';
import { DEMO_MESSAGES } from '../../src/sandbox/demo-messages.ts';
import { rowOf, runDemo } from '../../src/sandbox/demo.ts';
import { SANDBOX_DOMAINS } from '../../src/sandbox/domains.ts';
import type { QueueEntry } from '../../src/store/queue.ts';

const DAY_MS = 86_400_000;
const ID = '01JD0000000000000000000ABC';
const { certificate, privateKey } = await issueSelfSigned({
  names: ['gateway.test'],
  notBefore: Date.now() - DAY_MS,
  notAfter: Date.now() + DAY_MS,
});

interface Taken {
  readonly recipients: readonly string[];
  readonly body: string | undefined;
  readonly content: Buffer;
}

async function submissionServer(
  t: Pick<Test, 'teardown'>,
  options: SMTPServerOptions = {},
): Promise<{ readonly submission: DemoSubmission; readonly taken: readonly Taken[] }> {
  const taken: Taken[] = [];
  const server = new SMTPServer({
    key: privateKey,
    cert: certificate,
    disableReverseLookup: true,
    hideDSN: false,
    closeTimeout: 100,
    onAuth: (auth, _session, callback) => (auth.password === 'right' ? callback(null, { user: auth.username }) : callback(new Error('no'))),
    onData(stream, session, callback) {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', () => {
        taken.push({
          recipients: session.envelope.rcptTo.map(({ address }) => address),
          body: session.envelope.bodyType,
          content: Buffer.concat(pieces),
        });
        callback(null, `sandbox: not sent, kept as ${ID}`);
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  t.teardown(() => new Promise<void>((resolve) => server.close(resolve)));
  const bound = server.server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  const submission = {
    host: '127.0.0.1',
    port,
    tls: 'starttls' as const,
    ca: certificate,
    serverName: 'gateway.test',
    user: 'demo',
    password: 'right',
    from: 'demo@sandbox.test',
  };
  return { submission, taken };
}

await t.test('the messages themselves', async (t) => {
  const recipients = DEMO_MESSAGES.flatMap((message) => message.recipients);
  const domains = new Set(recipients.map((recipient) => recipient.slice(recipient.indexOf('@') + 1)));
  for (const { domain } of SANDBOX_DOMAINS) t.ok(domains.has(domain), `${domain} is written to`);
  t.ok(
    [...domains].every((domain) => /\.(?:test|example)$/.test(domain)),
    'only reserved names (RFC 6761)',
  );
  t.ok(
    DEMO_MESSAGES.every((message) => message.recipients.length > 1),
    'several recipients each',
  );
  t.ok(DEMO_MESSAGES.some((message) => message.encoding === '8bit'));
  t.ok(DEMO_MESSAGES.some((message) => message.attachment !== null));
});

await t.test('submitting', async (t) => {
  const { submission, taken } = await submissionServer(t);
  const client = createDemoClient(submission);
  t.teardown(() => client.close());
  for (const message of DEMO_MESSAGES)
    t.same(await client.send(message, 1_700_000_000_000), { kind: 'accepted', messageId: ID }, message.title);
  t.same(
    taken.map(({ recipients }) => recipients),
    DEMO_MESSAGES.map(({ recipients }) => recipients),
  );
  const eight = taken.find(({ body }) => body === '8bitmime');
  t.match(eight?.content.toString('utf8'), /Content-Transfer-Encoding: 8bit\r\n[^]*µmol\/l/, 'the 8-bit body goes as it is');
  t.match(taken[2]?.content.toString(), /filename=values\.csv/);
});

const FAILURES: readonly (readonly [name: string, change: Partial<DemoSubmission>, server: SMTPServerOptions, expected: object])[] = [
  ['wrong password', { password: 'wrong' }, {}, { kind: 'not-reached', text: /account of the sandbox/ }],
  ['nobody there', { port: 1 }, {}, { kind: 'not-reached', text: /npm start/ }],
  ['no TLS', {}, { disabledCommands: ['STARTTLS'] }, { kind: 'not-reached' }],
  ['another certificate', { serverName: 'other.test' }, {}, { kind: 'not-reached' }],
  [
    'refused at once',
    {},
    {
      onData: (stream, _session, callback) =>
        void stream.resume().on('end', () => callback(Object.assign(new Error('5.1.2 no'), { responseCode: 550 }))),
    },
    { kind: 'refused', reply: /^550/ },
  ],
  [
    'a reply without an id',
    {},
    { onData: (stream, _session, callback) => void stream.resume().on('end', () => callback(null, 'thanks')) },
    { kind: 'refused' },
  ],
];

await t.test('ways to fail', async (t) => {
  const [message] = DEMO_MESSAGES;
  if (message === undefined) return t.fail('no message');
  for (const [name, change, server, expected] of FAILURES) {
    const { submission } = await submissionServer(t, server);
    const client = createDemoClient({ ...submission, ...change });
    t.match(await client.send(message, 0), expected, name);
    client.close();
  }
});

function entry(state: DeliveryState, change: Partial<QueueEntry> = {}): QueueEntry {
  return {
    deliveryId: `${ID}/0`,
    state,
    kind: 'message',
    recipient: 'ann@dane.test',
    reversePath: 'demo@sandbox.test',
    acceptedAt: 0,
    dueAt: null,
    expiresAt: 1,
    attempts: 1,
    sizeBytes: 1,
    hold: null,
    lastStatus: null,
    decision: {
      rule: 'default',
      policyVersion: '1',
      consents: null,
      floor: 'tls-verified',
      methods: ['relay'],
      otherwise: 'hold',
      action: 'deliver',
      released: false,
      floors: [],
      reason: null,
      modifiers: NO_MODIFIERS,
    },
    ...change,
  };
}

const status = (code: string, diagnostic: string | null) => ({ at: 0, status: '5.0.0', code, diagnostic, remoteMta: null });

const ENDS: readonly (readonly [entry: QueueEntry, end: string])[] = [
  [entry('relayed'), 'delivered (sandbox)'],
  [entry('held', { hold: { reason: 'delivery.below-floor', owner: 'administrator', deadline: 1 } }), 'held: below the floor'],
  [entry('held', { hold: { reason: 'limit.reached', owner: 'administrator', deadline: 1 } }), 'held: limit.reached'],
  [entry('deferred', { lastStatus: status('delivery.refused-temporarily', '451 4.3.0') }), 'deferred: 451 4.3.0'],
  [entry('deferred', { lastStatus: status('route.dns-failed', null) }), 'deferred: route.dns-failed'],
  [entry('returned', { lastStatus: status('delivery.refused', '552 5.2.2') }), 'returned: 552 5.2.2'],
  [entry('returned', { lastStatus: status('route.null-mx', null) }), 'returned: 5.0.0'],
  [entry('queued'), 'still on its way'],
  [entry('active'), 'still on its way'],
  [entry('waiting'), 'waits at the portal'],
  [entry('expired'), 'expired'],
  [entry('cancelled'), 'cancelled'],
];

const TLS: readonly (readonly [codes: Codes | null, words: string])[] = [
  [null, '-'],
  [{ code: 'x' }, '-'],
  [{ tls: 'none', certificate: 'not-checked' }, 'none offered'],
  [{ tls: 'tls-verified', protocol: 'TLSv1.3', certificate: 'chain-and-name', authenticity: 'unsigned' }, 'TLS 1.3, verified'],
  [
    { tls: 'tls-authenticated', protocol: 'TLSv1.3', certificate: 'chain-and-name', authenticity: 'mta-sts' },
    'TLS 1.3, verified (MTA-STS)',
  ],
  [{ tls: 'tls-authenticated', protocol: 'TLSv1.3', certificate: 'dane-ee', authenticity: 'dnssec' }, 'TLS 1.3, verified by DANE'],
  [{ tls: 'tls', protocol: 'TLSv1.2', certificate: 'expired' }, 'TLS 1.2, expired'],
];

await t.test('words', async (t) => {
  for (const [given, end] of ENDS)
    t.match(rowOf(given, []), { recipient: 'ann@dane.test', plays: /DANE/, decision: 'relay at tls-verified, else hold', end });
  for (const [codes, words] of TLS) {
    const evidence = codes === null ? [] : [{ kind: 'delivery.sandboxed' as const, deliveryId: `${ID}/0`, codes }];
    t.equal(rowOf(entry('relayed'), evidence).tls, words);
  }
  const elsewhere = [{ kind: 'delivery.sandboxed' as const, deliveryId: `${ID}/1`, codes: { tls: 'none' } }];
  t.equal(rowOf(entry('relayed'), elsewhere).tls, '-', 'evidence of another recipient is not taken');
});

await t.test('waits until each has settled, but not for ever', async (t) => {
  let asked = 0;
  const client = { send: () => Promise.resolve({ kind: 'accepted' as const, messageId: ID }), close: () => undefined };
  const options = { client, messages: DEMO_MESSAGES.slice(0, 1), evidence: () => Promise.resolve([]), waitMs: 10_000 };
  const settling = await runDemo({ ...options, now: () => 0, show: () => Promise.resolve([entry(++asked < 3 ? 'active' : 'relayed')]) });
  t.match(settling, { kind: 'done', rows: [{ end: 'delivered (sandbox)' }] });
  let clock = 0;
  const stuck = await runDemo({ ...options, now: () => (clock += 6_000), show: () => Promise.resolve([entry('active')]) });
  t.match(stuck, { kind: 'done', rows: [{ end: 'still on its way' }] });
  clock = 0;
  const unknown = await runDemo({ ...options, now: () => (clock += 6_000), show: () => Promise.resolve(null) });
  t.match(unknown, { kind: 'done', rows: [{ end: 'the queue does not show it' }, {}, {}] }, 'nobody is left out');
  const refused = await runDemo({
    ...options,
    client: { ...client, send: () => Promise.resolve({ kind: 'refused' as const, reply: '550 5.1.2 no' }) },
    now: () => 0,
    show: () => Promise.resolve(null),
  });
  t.match(refused, { kind: 'done', rows: [{ decision: 'refused at once', end: 'refused: 550 5.1.2 no' }, {}, {}] });
  const away = await runDemo({
    ...options,
    client: { ...client, send: () => Promise.resolve({ kind: 'not-reached' as const, text: 'no' }) },
    now: () => 0,
    show: () => Promise.resolve(null),
  });
  t.same(away, { kind: 'not-reached', text: 'no' });
});
