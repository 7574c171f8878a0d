// Next hops as they are and as attackers make them, before the whole gateway: what cannot meet the floor is held and the originator told,
// nothing leaves before TLS is verified, each recipient reaches an end of its own, an unknown outcome is sent again and marked.
import t from 'tap';
import { inWords, post, recordsOf, untilEach, untilOver } from '../support/posted.ts';
import type { Fault } from '../support/smtp-peer-faults.ts';
import { ID, SLOW_RETRY, stage } from '../support/stage.ts';
import { createTestCa, EXPIRED, NOT_YET_VALID, selfSigned, type TestIdentity } from '../support/test-ca.ts';

const ca = createTestCa();
const names = ['localhost'];

/** Certificates that fall short. */
const BAD_CERTIFICATES: Readonly<Record<string, { readonly identity: TestIdentity; readonly verdict: string }>> = {
  expired: { identity: ca.issue({ names, ...EXPIRED }), verdict: 'expired' },
  'not-yet-valid': { identity: ca.issue({ names, ...NOT_YET_VALID }), verdict: 'not-yet-valid' },
  'wrong-name': { identity: ca.issue({ names: ['other.test'] }), verdict: 'wrong-name' },
  'self-signed': { identity: selfSigned({ names }), verdict: 'untrusted-chain' },
  'other-ca': { identity: createTestCa('Stranger').issue({ names }), verdict: 'untrusted-chain' },
};

/** What a recipient of a peer with a fault comes to, for a message that needs nothing special. */
const ENDS: readonly (readonly [fault: Fault, end: string])[] = [
  ['refuses-mail', 'returned delivery.refused 5.7.1'],
  ['refuses-data', 'returned delivery.refused 5.5.0'],
  ['refuses-dot', 'returned delivery.refused 5.7.1'],
  ['repeats-content', 'returned delivery.refused 5.7.1'],
  ['control-bytes', 'returned delivery.refused 5.7.1'],
  ['mail-552', 'returned delivery.too-large 5.3.4'],
  ['small-size', 'returned delivery.too-large 5.3.4'],
  ['no-pipelining', 'relayed relayed 2.0.0'],
  ['no-dsn', 'relayed relayed 2.0.0'],
  ['no-8bitmime', 'relayed relayed 2.0.0'],
  ['greylists', 'relayed relayed 2.0.0'],
  ['strips-starttls', 'held delivery.below-floor 5.7.10'],
  ['no-starttls', 'held delivery.below-floor 5.7.10'],
  ['refuses-starttls', 'held delivery.below-floor 5.7.10'],
  ['injects-after-starttls', 'held delivery.below-floor 5.7.10'],
];

/** Faults after which it is tried again later. */
const LATER: readonly (readonly [fault: Fault, code: string])[] = [
  ['refuses-starttls-for-now', 'delivery.refused-temporarily'],
  ['speaks-plain-after-starttls', 'delivery.connection-lost'],
  ['greets-421', 'delivery.refused-temporarily'],
  ['greets-554', 'delivery.refused-temporarily'],
  ['drops-at-connect', 'delivery.connection-lost'],
  ['drops-at-mail', 'delivery.connection-lost'],
  ['drops-mid-data', 'delivery.connection-lost'],
  ['421-at-mail', 'delivery.refused-temporarily'],
  ['defers-mail', 'delivery.refused-temporarily'],
  ['defers-dot', 'delivery.refused-temporarily'],
  ['mixed-codes', 'delivery.protocol-error'],
  ['no-reply-at-all', 'delivery.protocol-error'],
  ['endless-line', 'delivery.protocol-error'],
  ['endless-reply', 'delivery.protocol-error'],
];

/** Those that are met after DATA. */
const NEAR_THE_DOT: ReadonlySet<Fault> = new Set(['drops-mid-data', 'defers-dot']);

const LINES = Array.from({ length: 30 }, (_, i) => `line ${i} ${'.'.repeat(60)}`);

t.test('ends at once', async (t) => {
  const scene = await stage(t, ca, Object.fromEntries(ENDS.map(([fault]) => [fault, { faults: [fault] }])));
  const { postern, session } = scene;
  const secret = 'Blood count of J. Doe';
  const posted = new Map<Fault, string>();
  const body = Array.from({ length: 60 }, () => `${secret}: ${'9'.repeat(40)}`);
  for (const [fault] of ENDS) {
    const { id, reply } = await post(session, { to: [`jane@${fault}.test`], header: [ID(fault), `Subject: ${secret}`], body });
    t.match(reply, /^250 /);
    posted.set(fault, id);
  }
  for (const [fault, end] of ENDS) {
    const [entry] = await untilOver(postern, posted.get(fault) ?? '');
    t.equal(entry === undefined ? '' : inWords(entry), end, fault);
    const peer = scene.peer(fault);
    if (end.startsWith('held')) {
      t.equal(peer.messages.length, 0, `${fault}: nothing was sent`);
      t.same(
        peer.lines.filter((line) => !/^(?:EHLO gateway\.test|STARTTLS|QUIT)$/.test(line)),
        [],
        `${fault}: nothing else was said`,
      );
    }
    if (end.startsWith('relayed')) t.equal(peer.messages.flatMap(({ rcpt }) => rcpt).length, 1, `${fault}: once`);
    else {
      const [report] = await scene.reportsOn(fault);
      t.equal(report?.recipients[0]?.['action'], end.startsWith('held') ? 'delayed' : 'failed', `${fault}: the originator is told`);
      t.notMatch(JSON.stringify(report), /Blood count|31m|XXXXXXXA|looks like/, `${fault}: of what the next hop said not a word`);
    }
  }
  t.same(
    postern.log.filter((line) => /Blood count|J\. Doe|jane|looks like/.test(JSON.stringify(line))),
    [],
    'nor in the log',
  );
});

t.test('certificates that fall short', async (t) => {
  const peers = Object.fromEntries(Object.entries(BAD_CERTIFICATES).map(([name, { identity }]) => [name, { identity }]));
  const scene = await stage(t, ca, peers);
  for (const [name, { verdict }] of Object.entries(BAD_CERTIFICATES)) {
    const { id } = await post(scene.session, { to: [`jane@${name}.test`], header: [ID(name)] });
    const [entry] = await untilOver(scene.postern, id);
    t.equal(entry === undefined ? '' : inWords(entry), 'held delivery.below-floor 5.7.10', name);
    const held = (await recordsOf(scene.postern, id)).find(({ kind }) => kind === 'delivery.held');
    t.match(
      held?.codes,
      { code: 'delivery.below-floor', tls: 'tls', certificate: verdict, leafSha256: /^[0-9a-f]{64}$/, owner: 'administrator' },
      name,
    );
    t.same(scene.peer(name).lines, ['EHLO gateway.test', 'STARTTLS'], `${name}: nothing was said over that TLS`);
    const [report] = await scene.reportsOn(name);
    t.match(report?.recipients, [{ action: 'delayed', status: '4.7.10', 'final-recipient': `rfc822; jane@${name}.test` }], name);
    t.match(report?.text, /is held and was not sent yet[^]*administrator/, name);
  }
});

t.test('put off until later', async (t) => {
  const scene = await stage(t, ca, Object.fromEntries(LATER.map(([fault]) => [fault, { faults: [fault] }])), SLOW_RETRY);
  for (const [fault, code] of LATER) {
    const { id } = await post(scene.session, { to: [`jane@${fault}.test`], body: LINES });
    const [entry] = await untilEach(scene.postern, id, ({ state }) => state === 'deferred');
    t.equal(entry?.lastStatus?.code, code, fault);
    t.equal(scene.peer(fault).messages.length, 0, fault);
    const started = (await recordsOf(scene.postern, id)).filter(({ kind }) => kind === 'attempt.started' || kind === 'attempt.lost');
    if (!NEAR_THE_DOT.has(fault)) t.same(started, [], `${fault}: no attempt where the final dot was far`);
  }
});

t.test('what is lost after the final dot is sent again, and marked', async (t) => {
  let dots = 0;
  const scene = await stage(t, ca, {
    lossy: { script: (step) => (step === 'dot' && dots++ === 0 ? { say: null, then: 'drop' } : undefined) },
  });
  const { id } = await post(scene.session, { to: ['jane@lossy.test'] });
  const [entry] = await untilOver(scene.postern, id);
  t.match(entry, { state: 'relayed', attempts: 2 });
  const records = await recordsOf(scene.postern, id);
  t.match(records.find(({ kind }) => kind === 'delivery.deferred')?.codes, { code: 'delivery.connection-lost', afterDot: true });
  t.match(records.filter(({ kind }) => kind === 'attempt.started').at(-1)?.codes, { attempt: 2, possibleDuplicate: true });
  t.match(records.find(({ kind }) => kind === 'delivery.relayed')?.codes, { possibleDuplicate: true });
  t.match(
    scene.postern.log.findLast(({ event }) => event === 'delivery.settled'),
    { state: 'relayed', sent: 'maybe-twice' },
  );
  t.equal(dots, 2);
});

t.test('each recipient of one message reaches an end of its own', async (t) => {
  const scene = await stage(t, ca, { mixed: { faults: ['mixed-recipients'] } }, SLOW_RETRY);
  const to = ['later@mixed.test', 'never@mixed.test', 'full@mixed.test', 'jane@mixed.test', 'john@mixed.test'];
  const { id } = await post(scene.session, { to, header: [ID('mixed')] });
  const entries = await untilEach(scene.postern, id, ({ state }) => state !== 'active' && state !== 'queued');
  t.same(
    entries.map((entry) => `${entry.recipient} ${inWords(entry)}`),
    [
      'later@mixed.test deferred delivery.refused-temporarily 4.2.1',
      'never@mixed.test returned delivery.refused 5.1.1',
      'full@mixed.test deferred delivery.refused-temporarily 4.2.2',
      'jane@mixed.test relayed relayed 2.0.0',
      'john@mixed.test relayed relayed 2.0.0',
    ],
  );
  const [report] = await scene.reportsOn('mixed');
  t.same(
    report?.recipients.map((recipient) => [
      recipient['final-recipient'],
      recipient['action'],
      recipient['status'],
      recipient['diagnostic-code'],
    ]),
    [['rfc822; never@mixed.test', 'failed', '5.1.1', 'smtp; 550 5.1.1']],
  );
  t.match(report?.text, /There is no mailbox with this address/);
  t.same(
    scene.peer('mixed').messages.map(({ rcpt }) => rcpt.length),
    [2],
    'one transaction for all',
  );
});
