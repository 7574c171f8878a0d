// What a message needs of its next hop, before the whole gateway: REQUIRETLS, 8BITMIME, SMTPUTF8; smarthosts with credentials and what lies
// beyond them; and a real Postfix.
import t from 'tap';
import { hash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testKey, verifyWithDkimpy, verifyWithMailauth } from '../support/dkim-verifiers.ts';
import { inWords, logIn, type Letter, post, recordsOf, untilOver } from '../support/posted.ts';
import { Postern } from '../support/postern.ts';
import { startPostfix } from '../support/postfix.ts';
import { ID, SLOW_RETRY, stage, type Stage } from '../support/stage.ts';
import { startPeer } from '../support/smtp-peer.ts';
import { createTestCa, selfSigned } from '../support/test-ca.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ca = createTestCa();
const identity = ca.issue({ names: ['localhost'] });

async function endOf({ postern, session }: Pick<Stage, 'postern' | 'session'>, letter: Letter): Promise<string> {
  const { id, reply } = await post(session, letter);
  if (id === '') return reply;
  return (await untilOver(postern, id)).map(inWords).join(', ');
}

t.test('REQUIRETLS and TLS-Required (RFC 8689)', async (t) => {
  const scene = await stage(t, ca, {
    offers: { faults: ['offers-requiretls'] },
    lacks: {},
    plain: { faults: ['no-starttls'] },
    unknown: { identity: selfSigned({ names: ['localhost'] }), faults: ['offers-requiretls'] },
  });
  t.equal(await endOf(scene, { to: ['jane@offers.test'], mail: 'REQUIRETLS' }), 'relayed relayed 2.0.0');
  t.match(scene.peer('offers').messages[0]?.mail, /^MAIL FROM:<nurse@clinic\.test>.* REQUIRETLS\b/);
  t.equal(await endOf(scene, { to: ['jane@offers.test'] }), 'relayed relayed 2.0.0');
  t.notMatch(scene.peer('offers').messages[1]?.mail, /REQUIRETLS/, 'not asked, not passed on');

  t.equal(
    await endOf(scene, { to: ['jane@lacks.test'], mail: 'REQUIRETLS', header: [ID('lacks')] }),
    'returned delivery.requiretls-missing 5.7.30',
  );
  t.equal(scene.peer('lacks').messages.length, 0);
  const [report] = await scene.reportsOn('lacks');
  t.match(report?.recipients, [{ action: 'failed', status: '5.7.30' }]);
  t.match(report?.text, /protected transport all the way/);
  t.equal(
    await endOf(scene, { to: ['jane@unknown.test'], mail: 'REQUIRETLS' }),
    'held delivery.below-floor 5.7.10',
    'an offer over unverified TLS is none',
  );

  const weaker = { to: ['jane@plain.test'], header: ['TLS-Required: No', ID('weaker')] };
  t.equal(await endOf(scene, weaker), 'held delivery.below-floor 5.7.10', 'TLS-Required: No weakens nothing');
  t.equal(scene.peer('plain').messages.length, 0);
  t.notOk(scene.peer('plain').lines.some((line) => line.startsWith('MAIL')));
  t.equal(await endOf(scene, { to: ['jane@offers.test'], mail: 'REQUIRETLS', header: ['TLS-Required: No'] }), 'relayed relayed 2.0.0');
  t.match(scene.peer('offers').messages[2]?.mail, /REQUIRETLS/, 'the parameter outweighs the field');
});

const UMLAUTS = ['MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit'];
const SIGNED = ['MIME-Version: 1.0', 'Content-Type: multipart/signed; protocol="application/pgp-signature"; micalg=pgp-sha256; boundary=b'];
const SIGNED_BODY = [
  ...['--b', 'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit', '', 'Gr\u00fc\u00dfe', '--b'],
  ...['Content-Type: application/pgp-signature', '', 'x', '--b--'],
];

t.test('8BITMIME and SMTPUTF8', async (t) => {
  const scene = await stage(t, ca, { old: { faults: ['no-8bitmime'] }, new: {} });
  const eight: Letter = { to: ['jane@old.test'], mail: 'BODY=8BITMIME', header: UMLAUTS, body: ['Gr\u00fc\u00dfe aus der Praxis'] };
  t.equal(await endOf(scene, eight), 'relayed relayed 2.0.0');
  const [recoded] = scene.peer('old').messages;
  t.match(recoded?.content.toString('latin1'), /Content-Transfer-Encoding: (?:quoted-printable|base64)/);
  t.ok(
    recoded?.content.every((octet) => octet < 128),
    'made 7-bit for a next hop without 8BITMIME',
  );

  const signed: Letter = {
    to: ['jane@old.test', 'jane@new.test'],
    mail: 'BODY=8BITMIME',
    header: [...SIGNED, ID('signed')],
    body: SIGNED_BODY,
  };
  t.equal(await endOf(scene, signed), 'returned delivery.needs-8bitmime 5.6.3, relayed relayed 2.0.0', 'what is signed is not changed');
  t.ok(scene.peer('new').messages[0]?.content.includes('Gr\u00fc\u00dfe'));
  t.match((await scene.reportsOn('signed'))[0]?.recipients, [{ action: 'failed', status: '5.6.3' }]);

  const utf8: Letter = { to: ['j\u00fcrgen@old.test', 'jane@old.test', 'j\u00fcrgen@new.test'], mail: 'SMTPUTF8', header: [ID('utf8')] };
  const ends = await endOf(scene, utf8);
  t.equal(ends, 'returned delivery.needs-smtputf8 5.6.7, relayed relayed 2.0.0, relayed relayed 2.0.0');
  t.match(scene.peer('new').messages.at(-1), { mail: / SMTPUTF8/, rcpt: [/^RCPT TO:<j\u00fcrgen@new\.test>/] });
  const [report] = await scene.reportsOn('utf8');
  t.match(report, { parts: ['text/plain', 'message/global-delivery-status', 'text/rfc822-headers'], defects: [] });
  t.match(report?.recipients, [{ 'final-recipient': /^utf-8; ?j\u00fcrgen@old\.test$/, status: '5.6.7' }]);
  t.match(await endOf(scene, { to: ['j\u00fcrgen@new.test'] }), /^553 5\.6\.7 /, 'not without SMTPUTF8');
});

interface Smarthost {
  readonly peer: Awaited<ReturnType<typeof startPeer>>;
  readonly postern: Postern;
}

/** A smarthost for everything, with a login, final for partner.test only. */
async function smarthost(t: Parameters<typeof stage>[0], options: Parameters<typeof startPeer>[1], route: string): Promise<Smarthost> {
  const peer = await startPeer(t, { ...options, faults: ['offers-auth', ...(options?.faults ?? [])] });
  const secrets = temporaryFolder(t);
  writeFileSync(join(secrets, 'password'), 'smart-secret-9\n', { mode: 0o600 });
  const credentials = `credentials: { user: relay@clinic.test, password_file: ${join(secrets, 'password')} }`;
  const routes = `routes: [{ name: smart, domains: ["*"], next_hops: [{ host: localhost, port: ${peer.port} }], ${credentials}, ${route} }]`;
  return { peer, postern: await Postern.start(t, { ca, routes: [], sections: { routes, ...SLOW_RETRY } }) };
}

const PLAIN = `AUTH PLAIN ${Buffer.from('\0relay@clinic.test\0smart-secret-9').toString('base64')}`;

t.test('a smarthost: credentials, and the way beyond it', async (t) => {
  const { peer, postern } = await smarthost(t, { identity }, 'final_for: [partner.test]');
  const session = await logIn(postern);
  const { id } = await post(session, { to: ['jane@partner.test', 'jane@elsewhere.test'] });
  const ends = (await untilOver(postern, id)).map(inWords);
  t.same(ends, ['relayed relayed 2.0.0', 'held delivery.below-floor 5.7.10'], 'it meets the floor only where it is final');
  t.ok(peer.lines.includes(PLAIN));
  t.ok(peer.sessions.every(({ lines, tls }) => !lines.includes(PLAIN) || tls !== null));
  t.match((await recordsOf(postern, id)).find(({ kind }) => kind === 'delivery.relayed')?.codes, {
    tls: 'tls-authenticated',
    authenticity: 'configured',
    reach: 'recipient-domain',
    route: 'smart',
  });
  t.match(
    (await recordsOf(postern, id)).find(({ kind }) => kind === 'delivery.held')?.codes,
    { reach: 'smarthost-only' },
    'beyond it not known',
  );
  session.destroy();
});

t.test('a smarthost with a promise, or with REQUIRETLS', async (t) => {
  const promised = await smarthost(t, { identity }, 'onward_enforced: { promised_by: "Provider, contract 7", since: 2026-01-01 }');
  const session = await logIn(promised.postern);
  const { id } = await post(session, { to: ['jane@elsewhere.test'] });
  t.match((await untilOver(promised.postern, id)).map(inWords), ['relayed relayed 2.0.0']);
  t.match((await recordsOf(promised.postern, id)).find(({ kind }) => kind === 'delivery.relayed')?.codes, {
    reach: 'onward-enforced',
    route: 'smart',
    promisedBy: 'Provider, contract 7',
    promisedSince: '2026-01-01',
  });
  const offering = await smarthost(t, { identity, faults: ['offers-requiretls'] }, 'final_for: []');
  const other = await logIn(offering.postern);
  const { id: second } = await post(other, { to: ['jane@elsewhere.test'] });
  t.match((await untilOver(offering.postern, second)).map(inWords), ['relayed relayed 2.0.0']);
  t.match(offering.peer.messages[0]?.mail, / REQUIRETLS/, 'it binds every hop after it');
  t.match((await recordsOf(offering.postern, second)).find(({ kind }) => kind === 'delivery.relayed')?.codes, {
    reach: 'onward-requiretls',
  });
  for (const one of [session, other]) one.destroy();
});

t.test('credentials go over verified TLS only, whatever the floor', async (t) => {
  const { peer, postern } = await smarthost(t, { identity: selfSigned({ names: ['localhost'] }) }, 'final_for: all');
  await postern.restart({ delivery: 'delivery: { floor: tls, retry: { first: 1h, longest: 1h } }' });
  const session = await logIn(postern);
  const { id } = await post(session, { to: ['jane@partner.test'] });
  t.match((await untilOver(postern, id)).map(inWords), ['held delivery.below-floor 5.7.10']);
  t.notOk(peer.lines.some((line) => /^(?:AUTH|MAIL)/.test(line)));
  session.destroy();
});

t.test('a real Postfix as next hop', async (t) => {
  const behind = await startPeer(t);
  const settings = ['smtpd_recipient_restrictions = check_recipient_access inline:{ {never@pf.test=550 5.1.1 unknown} }'];
  const strict = await startPostfix(t, { identity, relayPort: behind.port, settings });
  const plain = await startPostfix(t, { relayPort: behind.port });
  const mailbox = await startPeer(t, { identity });
  const routes = [
    { domains: ['pf.test'], port: strict.port },
    { domains: ['plain.test'], port: plain.port },
    { domains: ['clinic.test'], port: mailbox.port },
  ];
  const postern = await Postern.start(t, { ca, routes });
  const session = await logIn(postern);
  const { id } = await post(session, {
    to: ['jane@pf.test', 'never@pf.test', 'jane@plain.test'],
    header: [ID('postfix')],
    body: ['.dot', 'Hello'],
  });
  t.same((await untilOver(postern, id)).map(inWords), [
    'relayed relayed 2.0.0',
    'returned delivery.refused 5.1.1',
    'held delivery.below-floor 5.7.10',
  ]);
  await behind.until(({ messages }) => messages.length === 1);
  t.match(behind.messages[0]?.content.toString('latin1'), /\r\n\r\n\.dot\r\nHello\r\n$/);
  t.match(behind.messages[0]?.rcpt, [/^RCPT TO:<jane@pf\.test>/]);
  t.notMatch(plain.log.join('\n'), /from=<nurse@clinic\.test>/, 'nothing was said to the one without TLS');
  session.destroy();
});

t.test('a smarthost that knows us by our certificate', async (t) => {
  const own = createTestCa('Our CA').issue({ names: ['gateway.test'], purpose: 'client' });
  const peer = await startPeer(t, { identity, clientCa: ca.certificatePem });
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'client.pem'), own.certificatePem);
  writeFileSync(join(folder, 'client-key.pem'), own.keyPem, { mode: 0o600 });
  const certificate = `client_certificate: { certificate: ${join(folder, 'client.pem')}, key: ${join(folder, 'client-key.pem')} }`;
  const routes = `routes: [{ name: smart, domains: ["*"], next_hops: [{ host: localhost, port: ${peer.port} }], final_for: all, ${certificate} }]`;
  const postern = await Postern.start(t, { ca, routes: [], sections: { routes } });
  const session = await logIn(postern);
  const { id } = await post(session, { to: ['jane@partner.test'] });
  t.same((await untilOver(postern, id)).map(inWords), ['relayed relayed 2.0.0']);
  const sha256 = hash('sha256', own.der, 'hex')
    .toUpperCase()
    .replace(/..(?=.)/g, '$&:');
  t.equal(peer.messages[0]?.session.tls?.clientSha256, sha256);
  session.destroy();
});

t.test('signed with DKIM, and verified by two others', async (t) => {
  const keys = [testKey('rsa', 'clinic.test', 'r1'), testKey('ed25519', 'clinic.test', 'e1')];
  const folder = temporaryFolder(t);
  for (const { selector, pem } of keys) writeFileSync(join(folder, selector), pem, { mode: 0o600 });
  const entries = keys.map(({ domain, selector }) => `{ domain: ${domain}, selector: ${selector}, key_file: ${join(folder, selector)} }`);
  const dkim = `dkim: [${entries.join(', ')}]`;
  const peers = { good: {}, old: { faults: ['no-8bitmime'] }, mixed: { faults: ['mixed-recipients'] } } as const;
  const scene = await stage(t, ca, peers, { dkim });
  const letters: readonly Letter[] = [
    { to: ['jane@good.test', 'never@mixed.test'], header: [ID('signed')] },
    { to: ['jane@old.test'], mail: 'BODY=8BITMIME', header: UMLAUTS, body: ['Gr\u00fc\u00dfe', '.', 'x'.repeat(900)] },
    { to: ['jane@good.test'], body: Array.from({ length: 9_000 }, (_, i) => `line ${i} ${'.'.repeat(30)}`), header: [ID('large')] },
  ];
  for (const letter of letters) await endOf(scene, letter);
  const [report] = await scene.reportsOn('signed');
  t.ok(report);
  const sent = [...scene.peer('good').messages, ...scene.peer('old').messages, ...scene.mailbox.messages].map(({ content }) => content);
  t.equal(sent.length, 4, 'the report of the gateway among them');
  for (const content of sent) {
    t.same(await verifyWithMailauth(content, keys), ['e1=pass', 'r1=pass']);
    const unfolded = content.toString('latin1').replace(/\r\n[ \t]+/g, '');
    t.equal(unfolded.match(/\bh=[^;]*from:from[^;]*subject:subject/gi)?.length, 2, 'From and Subject are oversigned');
  }
  t.same(
    await verifyWithDkimpy(sent, keys),
    sent.map(() => ['e1=pass', 'r1=pass']),
  );
  const other = await endOf(scene, { to: ['jane@good.test'], from: 'x@other.test', header: ['From: x@other.test'] });
  t.equal(other, 'relayed relayed 2.0.0');
  t.notMatch(scene.peer('good').messages.at(-1)?.content.toString('latin1'), /DKIM-Signature/, 'nobody else is signed for');
});
