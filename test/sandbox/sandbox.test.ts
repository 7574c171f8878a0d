// The sink as Postern's own look-ups and outgoing dialogue see it: every domain plays what its line in the table says.
import t from 'tap';
import { lookupMailRoute } from '../../src/dns/route-lookup.ts';
import { stsLookup } from '../../src/dns/sts.ts';
import type { MailErrorCode } from '../../src/mail/mail-error.ts';
import type { NextHop, Routing } from '../../src/mail/next-hop.ts';
import type { Outcome } from '../../src/mail/outcome.ts';
import type { TlsFloor } from '../../src/mail/tls.ts';
import { SANDBOX_DOMAINS } from '../../src/sandbox/domains.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { createTransport } from '../../src/transport/smtp-transport.ts';
import type { Wire } from '../../src/transport/transport.ts';

const sandbox = await startSandbox({ now: Date.now, slowMs: 150 });
const transport = createTransport({ name: 'gateway.test', trustAnchors: sandbox.trustAnchors, credentials: () => null });
t.teardown(async () => {
  await transport.close();
  await sandbox.close();
});

const CONTENT = Buffer.from('From: a@sender.test\r\nMessage-ID: <one@sender.test>\r\nSubject: canary-subject\r\n\r\ncanary-body\r\n');
const wire: Wire = {
  sizeBytes: CONTENT.length,
  body: '7bit',
  needs: 'nothing',
  async *read() {
    yield await Promise.resolve(CONTENT);
  },
};

function route(domain: string): Promise<Routing> {
  const sts = stsLookup({
    resolver: sandbox.resolver,
    fetchPolicy: sandbox.fetchPolicy,
    store: { readStsPolicy: () => Promise.resolve(null), writeStsPolicy: () => Promise.resolve() },
    digestOf: (name) => Buffer.from(name),
    now: Date.now,
    unavailable: ({ reason }) => t.fail(`policy of ${domain}: ${reason}`),
  });
  const own = { names: ['gateway.test'], addresses: [] };
  return lookupMailRoute(domain, {
    resolver: sandbox.resolver,
    sts,
    random: () => 0,
    own,
    privateAddresses: 'allowed',
    port: sandbox.port,
  });
}

async function hopOf(domain: string): Promise<NextHop> {
  const routing = await route(domain);
  const [hop] = routing.kind === 'hops' ? routing.hops : [];
  if (hop === undefined) throw new Error(`no next hop for ${domain}`);
  return hop;
}

async function sendTo(recipient: string, floor: TlsFloor = 'tls-verified'): Promise<Outcome | undefined> {
  const outcomes = await transport.send({
    hop: await hopOf(recipient.slice(recipient.indexOf('@') + 1)),
    floor,
    envelope: { reversePath: 'a@sender.test', smtpUtf8: false, requireTls: false, ret: null, envid: null },
    recipients: [{ address: recipient, notify: null, orcpt: null }],
    content: wire,
    beforeFinalDot: () => Promise.resolve('go'),
    signal: new AbortController().signal,
  });
  return outcomes[0];
}

type Expected = Readonly<Record<string, unknown>>;
const TAKEN = { kind: 'relayed', reply: { code: 250 } };
const BELOW = { kind: 'not-reached', code: 'delivery.below-floor' };

const OUTCOMES: readonly (readonly [recipient: string, expected: Expected])[] = [
  [
    'ann@good.test',
    { ...TAKEN, tls: { level: 'tls-verified', certificate: 'chain-and-name', protocol: 'TLSv1.3', authenticity: 'unsigned' } },
  ],
  ['ann@clinic.example', { ...TAKEN, tls: { level: 'tls-verified', certificate: 'chain-and-name' } }],
  ['ann@no-tls.test', BELOW],
  ['ann@expired.test', { ...BELOW, tls: { certificate: 'expired' } }],
  ['ann@wrong-name.test', { ...BELOW, tls: { certificate: 'wrong-name' } }],
  ['ann@self-signed.test', { ...BELOW, tls: { certificate: 'untrusted-chain' } }],
  ['ann@slow.test', TAKEN],
  ['ann@full.test', { kind: 'failed', reply: { code: 552, enhanced: '5.2.2' } }],
  ['later@full.test', { kind: 'deferred', reply: { code: 452, enhanced: '4.2.2' } }],
  ['ann@dane.test', { ...TAKEN, tls: { level: 'tls-authenticated', certificate: 'dane-ee', authenticity: 'dnssec' } }],
  ['ann@dane-bad.test', { ...BELOW, tls: { certificate: 'dane-mismatch' } }],
  ['ann@mta-sts.test', { ...TAKEN, tls: { level: 'tls-authenticated', certificate: 'chain-and-name', authenticity: 'mta-sts' } }],
  ['ann@mta-sts-bad.test', { ...BELOW, tls: { certificate: 'wrong-name', authenticity: 'mta-sts' } }],
];

await t.test('outcomes at the floor tls-verified', async (t) => {
  for (const [recipient, expected] of OUTCOMES) t.match(await sendTo(recipient), expected, recipient);
});

await t.test('greylisting: 451 the first time, then taken', async (t) => {
  t.match(await sendTo('ann@greylist.test'), { kind: 'deferred', reply: { code: 451 } });
  t.match(await sendTo('ann@greylist.test'), TAKEN);
  t.match(await sendTo('bob@greylist.test'), { kind: 'deferred' }, 'each recipient by itself');
});

await t.test('a weaker floor gets through where it may, and not where the domain publishes more', async (t) => {
  t.match(await sendTo('ann@self-signed.test', 'tls'), { ...TAKEN, tls: { level: 'tls' } });
  t.match(await sendTo('ann@dane-bad.test', 'tls'), BELOW);
  t.match(await sendTo('ann@mta-sts-bad.test', 'tls'), BELOW);
  t.match(await sendTo('ann@no-tls.test', 'tls'), BELOW);
});

const NO_HOP: readonly (readonly [domain: string, code: MailErrorCode])[] = [
  ['null-mx.test', 'route.null-mx'],
  ['no-such.test', 'route.no-such-domain'],
  ['sub.good.test', 'route.no-such-domain'],
];

await t.test('domains without a next hop', async (t) => {
  for (const [domain, code] of NO_HOP) t.match(await route(domain), { kind: 'failed', code }, domain);
});

await t.test('DANE and MTA-STS are where they belong', async (t) => {
  t.match(await hopOf('dane.test'), {
    authenticity: 'dnssec',
    published: 'dane',
    port: sandbox.port,
    tlsa: [{ usage: 3, selector: 1, matchingType: 1 }],
  });
  t.match(await hopOf('mta-sts.test'), { authenticity: 'mta-sts', published: 'mta-sts' });
  t.match(await hopOf('good.test'), { authenticity: 'unsigned', published: null, tlsa: null, referenceNames: ['mx.good.test'] });
});

await t.test('what is remembered of mail', async (t) => {
  const taken = sandbox.receipts().filter(({ recipient }) => recipient === sandbox.digest('Ann@Good.test'));
  t.match(taken, [
    { host: 'mx.good.test', headerMessageId: sandbox.digest('<one@sender.test>'), sizeBytes: CONTENT.length, tls: 'TLSv1.3' },
  ]);
  t.equal(sandbox.counts().recipients, sandbox.receipts().length);
  t.equal(sandbox.counts().bytes, sandbox.counts().messages * CONTENT.length);
  t.notMatch(JSON.stringify(sandbox.receipts()), /canary|sender|ann@/);
});

await t.test('two at once, and an end that frees the port', async (t) => {
  const other = await startSandbox({ now: Date.now });
  t.not(other.port, sandbox.port);
  t.not(other.trustAnchors[0], sandbox.trustAnchors[0], 'authorities are not shared');
  await other.close();
});

await t.test('the table for people', async (t) => {
  t.equal(new Set(SANDBOX_DOMAINS.map(({ domain }) => domain)).size, SANDBOX_DOMAINS.length);
  const servers = SANDBOX_DOMAINS.flatMap(({ server }) => server ?? []);
  t.equal(new Set(servers.map(({ address }) => address)).size, servers.length);
  const widest = (word: 'domain' | 'plays' | 'expect'): number => Math.max(...SANDBOX_DOMAINS.map((played) => played[word].length));
  t.ok(widest('domain') + widest('plays') + widest('expect') + 4 <= 80, 'three columns fit a line of 80');
  for (const { domain, server, plays, expect } of SANDBOX_DOMAINS) {
    t.match(domain, /\.test$/, `${domain} is under a reserved name (RFC 6761)`);
    t.match(server?.address ?? '127.0.1.1', /^127\./, `${domain} is on loopback`);
    t.ok(plays.length > 0 && expect.length > 0, domain);
  }
});
