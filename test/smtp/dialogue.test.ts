// Whole dialogues over real sockets: what a client says, what it hears. In clear, after STARTTLS, under implicit TLS.
import t from 'tap';
import type { Test } from 'tap';
import { trust } from '../../src/access/trust.ts';
import { Dialogue } from '../support/smtp-dialogue.ts';
import { PASSWORD, startSurface } from '../support/submission-surface.ts';
import type { TestSurface } from '../support/submission-surface.ts';

type Lines = readonly (readonly [says: string, hears: string | RegExp])[];

/** Says each line and compares the reply: with its beginning, or with a pattern. */
async function follow(t: Pick<Test, 'equal' | 'match'>, dialogue: Dialogue, lines: Lines): Promise<void> {
  for (const [says, hears] of lines) {
    const reply = await dialogue.say(says);
    if (typeof hears === 'string') t.equal(reply.slice(0, hears.length), hears, says);
    else t.match(reply, hears, says);
  }
}

async function loggedIn(surface: TestSurface): Promise<Dialogue> {
  const dialogue = await Dialogue.connect(surface.port, { tls: surface.tls });
  await dialogue.reply();
  await dialogue.startTls();
  const answer = await dialogue.login('ehr', PASSWORD);
  if (!answer.startsWith('235')) throw new Error(answer);
  return dialogue;
}

const CAPABILITIES = ['mail.hospital.example', 'PIPELINING', 'SIZE 200000', '8BITMIME', 'SMTPUTF8', 'ENHANCEDSTATUSCODES', 'DSN'];
const ehloReply = (...more: readonly string[]): string =>
  [...CAPABILITIES, ...more].map((one, i, all) => `250${i === all.length - 1 ? ' ' : '-'}${one}`).join('\r\n');

await t.test('in clear nothing but STARTTLS leads on', async (t) => {
  const surface = await startSurface(t);
  const dialogue = await Dialogue.connect(surface.port, { tls: surface.tls });
  t.equal(await dialogue.reply(), '220 mail.hospital.example ESMTP', 'no enhanced status in the greeting');
  await follow(t, dialogue, [
    ['MAIL FROM:<a@hospital.example>', '503 5.5.1 '],
    ['AUTH PLAIN', '503 5.5.1 '],
    ['EHLO', '501 Arguments'],
    ['EHLO a b', '501 Arguments'],
    ['EHLO client.example', ehloReply('STARTTLS')],
    ['MAIL FROM:<a@hospital.example>', '530 5.7.0 '],
    [`AUTH PLAIN ${Buffer.from(`\0ehr\0${PASSWORD}`).toString('base64')}`, '530 5.7.0 '],
    ['AUTH LOGIN', '530 5.7.0 '],
    ['RCPT TO:<b@x.example>', '503 5.5.1 '],
    ['DATA', '503 5.5.1 '],
    ['STARTTLS now', '501 5.5.4 '],
    ['NOOP', '250 2.0.0 OK'],
    ['RSET', '250 2.0.0 OK'],
  ]);
  t.equal(await dialogue.startTls(), ehloReply('REQUIRETLS', 'AUTH PLAIN LOGIN'));
  t.same(surface.seen.named('loginFailed'), [], 'the password sent in clear was not even looked at');
  t.match(await surface.seen.nth('secured', 0), { protocol: 'TLSv1.3', listener: 'submission', address: '127.0.0.1' });
});

await t.test('after TLS, before and after login', async (t) => {
  const surface = await startSurface(t, { limits: { errorsPerSession: 50 } });
  const dialogue = await Dialogue.connect(surface.port, { tls: surface.tls });
  await dialogue.reply();
  await dialogue.say('EHLO client.example');
  await dialogue.say('STARTTLS');
  await dialogue.handshake();
  await follow(t, dialogue, [
    ['MAIL FROM:<a@hospital.example>', '503 5.5.1 '],
    ['HELO client.example', '250 mail.hospital.example'],
    ['EHLO client.example', ehloReply('REQUIRETLS', 'AUTH PLAIN LOGIN')],
    ['STARTTLS', '503 5.5.1 '],
    ['MAIL FROM:<a@hospital.example>', '530 5.7.0 Authentication required'],
    ['RCPT TO:<b@x.example>', '503 5.5.1 '],
    ['AUTH', '504 5.5.4 '],
    ['AUTH CRAM-MD5', '504 5.5.4 '],
    ['AUTH XOAUTH2 eA==', '504 5.5.4 '],
    ['AUTH PLAIN', '334 '],
    ['*', '501 5.5.4 '],
    ['AUTH PLAIN =', '501 5.5.4 '],
    ['AUTH PLAIN !!!', '501 5.5.4 '],
    [`AUTH PLAIN ${Buffer.from(`lab\0ehr\0${PASSWORD}`).toString('base64')}`, '535 5.7.8 '],
    ['AUTH LOGIN', '334 VXNlcm5hbWU6'],
    [Buffer.from('EHR').toString('base64'), '334 UGFzc3dvcmQ6'],
    [Buffer.from('wrong').toString('base64'), '535 5.7.8 User name or password is not right'],
    ['AUTH LOGIN', '334 VXNlcm5hbWU6'],
    [Buffer.from('EHR').toString('base64'), '334 UGFzc3dvcmQ6'],
    [Buffer.from(PASSWORD).toString('base64'), '235 2.7.0 Logged in'],
    ['AUTH PLAIN', '503 5.5.1 '],
    ['EHLO client.example', ehloReply('REQUIRETLS')],
    ['MAIL FROM:<a@hospital.example>', '250 2.1.0 '],
    ['MAIL FROM:<a@hospital.example>', '503 5.5.1 '],
    ['AUTH PLAIN', '503 5.5.1 '],
    ['DATA', '503 5.5.1 '],
    ['RCPT TO:<b@partner.example>', '250 2.1.5 '],
    ['DATA now', '501 5.5.4 '],
    ['RSET', '250 2.0.0 '],
    ['DATA', '503 5.5.1 '],
    ['NOOP', '250 2.0.0 '],
    ['XYZZY', '500 5.5.2 '],
    ['WIZ', '500 5.5.2 '],
    ['SHELL', '500 5.5.2 '],
    ['XCLIENT ADDR=10.0.0.1', '500 5.5.2 '],
    ['XFORWARD ADDR=10.0.0.1', '500 5.5.2 '],
    ['BDAT 5 LAST', '500 5.5.2 '],
    ['EXPN staff', '500 5.5.2 '],
    ['ETRN x', '500 5.5.2 '],
    ['VRFY b@partner.example', '252 2.0.0 '],
    ['HELP', '214 2.0.0 '],
    ['QUIT', '221 2.0.0 Bye'],
  ]);
  t.equal(await dialogue.closed(), '');
  t.match(await surface.seen.nth('ended', 0), { end: 'quit', tls: 'TLSv1.3', messages: 0 });
  t.same(
    surface.seen.named('loginFailed').map(({ account, code }) => [account, code]),
    [
      ['ehr', 'auth.failed'],
      ['EHR', 'auth.failed'],
    ],
  );
});

await t.test('addresses and parameters', async (t) => {
  const surface = await startSurface(t, { limits: { errorsPerSession: 100 } });
  const dialogue = await loggedIn(surface);
  await follow(t, dialogue, [
    ['MAIL FROM:<a@other.example>', '553 5.7.1 '],
    ['MAIL FROM:<a@hospital.example', '501 5.5.4 '],
    ['MAIL FROM:<a@@hospital.example>', '553 5.1.3 '],
    ['MAIL FROM:<a@hospital.example> FOO=1', '555 5.5.4 '],
    ['MAIL FROM:<a@hospital.example> BODY=BINARYMIME', '501 5.5.4 '],
    ['MAIL FROM:<a@hospital.example> SIZE=999999', '552 5.3.4 '],
    ['MAIL FROM:<a@hospital.example> SIZE=x', '501 5.5.4 '],
    ['MAIL FROM:<a@hospital.example> RET=ALL', '501 5.5.4 '],
    ['MAIL FROM:<a@hospital.example> ENVID=a+0D+0Ab', '501 5.5.4 '],
    ['MAIL FROM:<a@hospital.example> SIZE=1 SIZE=1', '501 5.5.4 '],
    ['MAIL FROM:<zoë@hospital.example>', '553 5.6.7 '],
    ['MAIL FROM:<>', '250 2.1.0 '],
    ['RSET', '250 '],
    ['MAIL FROM:<zoë@hospital.example> SMTPUTF8', '250 2.1.0 '],
    ['RSET', '250 '],
    ['mail from: <a@hospital.example> size=100 body=8bitmime auth=<>', '250 2.1.0 '],
    ['RCPT TO:<>', '553 5.1.3 '],
    ['RCPT TO:<b>', '553 5.1.3 '],
    ['RCPT TO:<zoë@partner.example>', '553 5.6.7 '],
    ['RCPT TO:<b@partner.example> FOO', '555 5.5.4 '],
    ['RCPT TO:<b@partner.example> NOTIFY=NEVER,DELAY', '501 5.5.4 '],
    ['RCPT TO:<b@partner.example> ORCPT=rfc822', '501 5.5.4 '],
    ['RCPT TO:<@relay.example:b@partner.example>', '250 2.1.5 '],
    ['RCPT TO:<postmaster>', '250 2.1.5 '],
    ['RCPT TO:<c@partner.example> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;c+40partner.example', '250 2.1.5 '],
    ['RCPT TO:<d@partner.example>', '250 2.1.5 '],
    ['RCPT TO:<e@partner.example>', '250 2.1.5 '],
    ['RCPT TO:<f@partner.example>', '452 4.5.3 '],
    ['RCPT TO:<e@partner.example>', '250 2.1.5 '],
    ['DATA', '354 '],
    ['Subject: x\r\n\r\nhello\r\n.', '250 2.0.0 accepted as TEST'],
    ['QUIT', '221 '],
  ]);
  const { submission, content, end } = await surface.accept.nth(0);
  t.equal(end, 'kept');
  t.equal(content.toString(), 'Subject: x\r\n\r\nhello\r\n');
  t.same(submission.envelope, {
    reversePath: 'a@hospital.example',
    body: '8bitmime',
    smtpUtf8: false,
    requireTls: false,
    ret: null,
    envid: null,
    recipients: [
      { address: 'b@partner.example', notify: null, orcpt: null },
      { address: 'postmaster', notify: null, orcpt: null },
      { address: 'c@partner.example', notify: ['success', 'delay'], orcpt: 'rfc822;c+40partner.example' },
      { address: 'd@partner.example', notify: null, orcpt: null },
      { address: 'e@partner.example', notify: null, orcpt: null },
    ],
  });
  t.match(submission, {
    submitter: { kind: 'account', name: 'ehr' },
    mayUse: ['*@hospital.example'],
    tenantProof: null,
    client: { address: '127.0.0.1', helo: 'client.example', protocol: 'ESMTPSA', tls: { protocol: 'TLSv1.3' }, listener: 'submission' },
  });
  t.match(await surface.seen.nth('accepted', 0), { recipients: 5, sizeBytes: content.length, submitter: { kind: 'account', name: 'ehr' } });
});

await t.test('parameters are kept as they were written', async (t) => {
  const surface = await startSurface(t);
  const dialogue = await loggedIn(surface);
  await follow(t, dialogue, [
    ['MAIL FROM:<A.B@XN--HOSPITL-9WA.example>', '553 5.7.1 '],
    ['MAIL FROM:<A.B@Hospital.example> RET=HDRS ENVID=QQ+2B1 REQUIRETLS SMTPUTF8', '250 '],
    ['RCPT TO:<b@xn--mnchen-3ya.example>', '250 '],
    ['RCPT TO:<c@münchen.example> ORCPT=utf-8;c@münchen.example', '250 '],
  ]);
  await dialogue.say('DATA');
  await dialogue.say('x: y\r\n\r\n.');
  t.match((await surface.accept.nth(0)).submission, {
    client: { protocol: 'UTF8SMTPSA' },
    envelope: {
      reversePath: 'A.B@Hospital.example',
      ret: 'hdrs',
      envid: 'QQ+2B1',
      requireTls: true,
      smtpUtf8: true,
      recipients: [{ address: 'b@xn--mnchen-3ya.example' }, { address: 'c@münchen.example', orcpt: 'utf-8;c@münchen.example' }],
    },
  });
});

await t.test('implicit TLS', async (t) => {
  const surface = await startSurface(t, { tls: 'implicit', name: 'submissions' });
  const dialogue = await Dialogue.connect(surface.port, { tls: surface.tls, mode: 'implicit' });
  t.equal(await dialogue.reply(), '220 mail.hospital.example ESMTP');
  t.equal(await dialogue.say('EHLO [192.0.2.7]'), ehloReply('REQUIRETLS', 'AUTH PLAIN LOGIN'));
  await follow(t, dialogue, [
    ['STARTTLS', '503 5.5.1 '],
    ['MAIL FROM:<a@hospital.example>', '530 5.7.0 Authentication required'],
  ]);
  t.match(await dialogue.login('ehr', PASSWORD), /^235 /);
  t.match(await dialogue.send('a@hospital.example', ['b@x.example'], 'a: b\r\n\r\n'), /^250 /);
  t.match((await surface.accept.nth(0)).submission.client, { listener: 'submissions', helo: '[192.0.2.7]', protocol: 'ESMTPSA' });
});

await t.test('several messages on one connection; dots; an empty one', async (t) => {
  const surface = await startSurface(t);
  const dialogue = await loggedIn(surface);
  const contents = ['', '.\r\n', '..\r\n', 'a\r\n.b\r\n..c\r\n', '\r\n', `${'x'.repeat(70_000)}\r\n.\r\n`, 'é\r\n'];
  for (const content of contents) {
    const stuffed = content.replace(/^\./gm, '..');
    t.match(await dialogue.send('a@hospital.example', ['b@x.example'], Buffer.from(stuffed)), /^250 /);
  }
  t.same(
    surface.accept.kept.map((one) => one.content.toString()),
    contents,
  );
  t.match(await dialogue.say('QUIT'), /^221/);
  t.match(await surface.seen.nth('ended', 0), { messages: contents.length });
});

await t.test('pipelined', async (t) => {
  const surface = await startSurface(t);
  const dialogue = await loggedIn(surface);
  const one = (n: number): string => `MAIL FROM:<a@hospital.example>\r\nRCPT TO:<b${n}@x.example>\r\nDATA\r\n`;
  dialogue.write(one(1));
  for (const hears of [/^250/, /^250/, /^354/]) t.match(await dialogue.reply(), hears);
  dialogue.write(`n: 1\r\n\r\n.\r\n${one(2)}`);
  for (const hears of [/^250 2\.0\.0/, /^250/, /^250/, /^354/]) t.match(await dialogue.reply(), hears);
  dialogue.write('n: 2\r\n\r\n.\r\nNOOP\r\nQUIT\r\n');
  for (const hears of [/^250 2\.0\.0 accepted/, /^250 2\.0\.0 OK/, /^221/]) t.match(await dialogue.reply(), hears);
  t.equal(surface.accept.kept.length, 2);
});

await t.test('what the intake says is what the client hears', async (t) => {
  const surface = await startSurface(t);
  const dialogue = await loggedIn(surface);
  surface.accept.reply = { code: 550, enhanced: '5.7.1', text: 'This login may not send with this From address' };
  t.equal(
    await dialogue.send('a@hospital.example', ['b@x.example'], 'a: b\r\n\r\n'),
    '550 5.7.1 This login may not send with this From address',
  );
  surface.accept.reply = { code: 250, enhanced: '2.0.0', text: 'accepted as 01ABC' };
  t.equal(await dialogue.send('a@hospital.example', ['b@x.example'], 'a: b\r\n\r\n'), '250 2.0.0 accepted as 01ABC');
});

await t.test('a relay listener: networks in clear, everybody else turned away', async (t) => {
  const rest = { mayUse: ['*@hospital.example'], reports: 'it@hospital.example', likelyRepeats: 'suppress' } as const;
  const tenantProof = { headerName: 'X-Tenant', values: ['s1', 's2'] };
  const ours = trust([], [{ kind: 'network', name: 'scanners', ranges: ['127.0.0.0/8'], tenantProof, ...rest }]);
  const surface = await startSurface(t, { tls: 'offered', login: 'none', name: 'relay', trust: ours });
  const dialogue = await Dialogue.connect(surface.port, { tls: surface.tls });
  await dialogue.reply();
  await follow(t, dialogue, [
    ['EHLO scanner', ehloReply('STARTTLS')],
    ['AUTH PLAIN', '500 5.5.2 '],
    ['MAIL FROM:<a@other.example>', '553 5.7.1 '],
    ['MAIL FROM:<a@hospital.example> REQUIRETLS', '555 5.5.4 '],
    ['MAIL FROM:<a@hospital.example> AUTH=<>', '555 5.5.4 '],
    ['MAIL FROM:<a@hospital.example>', '250 '],
    ['RCPT TO:<b@x.example>', '250 '],
    ['DATA', '354 '],
    ['a: b\r\n\r\n.', '250 '],
  ]);
  t.match((await surface.accept.nth(0)).submission, {
    submitter: { kind: 'network', name: 'scanners' },
    tenantProof,
    reports: 'it@hospital.example',
    likelyRepeats: 'suppress',
    client: { tls: null, protocol: 'ESMTP', listener: 'relay' },
  });
  t.equal(await dialogue.startTls(), ehloReply('REQUIRETLS'), 'no AUTH under TLS either');
  t.match(await dialogue.send('a@hospital.example', ['b@x.example'], 'a: b\r\n\r\n'), /^250 /);
  t.match((await surface.accept.nth(1)).submission.client, { protocol: 'ESMTPS', tls: { protocol: 'TLSv1.3' } });

  const others = await startSurface(t, {
    tls: 'offered',
    login: 'none',
    trust: trust([], [{ kind: 'network', name: 'x', ranges: ['192.0.2.0/24'], tenantProof: null, ...rest }]),
  });
  const stranger = await Dialogue.connect(others.port, {});
  t.equal(await stranger.reply(), '554 This client is not served here');
  t.equal(await stranger.closed(), '');
  t.match(await others.seen.nth('ended', 0), { end: 'session.not-served' });
});

await t.test('a trusted network on a submission listener still needs TLS', async (t) => {
  const ours = trust(
    [],
    [
      {
        kind: 'network',
        name: 'lab',
        ranges: ['127.0.0.1/32'],
        mayUse: ['*@lab.example'],
        reports: null,
        likelyRepeats: 'report',
        tenantProof: null,
      },
    ],
  );
  const surface = await startSurface(t, { trust: ours });
  const dialogue = await Dialogue.connect(surface.port, { tls: surface.tls });
  await dialogue.reply();
  await dialogue.say('EHLO x');
  t.match(await dialogue.say('MAIL FROM:<a@lab.example>'), /^530 5\.7\.0 Must issue/);
  await dialogue.startTls();
  t.match(await dialogue.say('MAIL FROM:<a@lab.example>'), /^250/, 'without AUTH');
  await dialogue.say('RSET');
  t.match(await dialogue.login('ehr', PASSWORD), /^235/);
  t.match(await dialogue.say('MAIL FROM:<a@lab.example>'), /^553/, 'who logs in is the account');
  t.match(await dialogue.say('MAIL FROM:<a@hospital.example>'), /^250/);
});
