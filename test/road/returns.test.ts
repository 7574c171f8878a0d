// The return path through a real Postfix: a notice that bounces, one that is answered by a vacation responder, one that a person replies to; and the
// originator's answer, which goes back to the portal and nowhere else. Strangers, forged addresses and loops.
import t from 'tap';
import { Dialogue } from '../support/smtp-dialogue.ts';
import { contentOf, NURSE, post, recordsOf, untilEach, untilOver } from '../support/posted.ts';
import type { Postern } from '../support/postern.ts';
import { RETURN, town } from '../support/return-town.ts';
import { seenMessages } from '../support/seen-message.ts';
import { ID } from '../support/stage.ts';
import { createTestCa } from '../support/test-ca.ts';

const ca = createTestCa();
/** The records of a message, once one of this kind is there. */
async function untilRecord(postern: Postern, kind: string, id: string): Promise<Awaited<ReturnType<typeof recordsOf>>> {
  for (let tries = 0; tries < 100; tries++) {
    const records = await recordsOf(postern, id);
    if (records.some((one) => one.kind === kind)) return records;
    await postern.happened();
  }
  throw new Error(`never ${kind}: ${(await recordsOf(postern, id)).map((one) => one.kind).join(' ')}`);
}

t.test('a notice that bounces: the waiting ends, the originator is told', async (t) => {
  const scene = await town(t, ca);
  const { postern, session } = scene;
  const sent = await post(session, { to: ['gone@home.test'], header: [ID('bounce')] });
  const records = await untilRecord(postern, 'pickup.bounced', sent.id);
  t.match(
    records.find(({ kind }) => kind === 'pickup.bounced'),
    {
      deliveryId: `${sent.id}/0`,
      codes: { of: 'notice', sign: 'report-type', action: 'failed', status: '5.1.1' },
    },
  );
  t.match(await untilOver(postern, sent.id), [{ state: 'returned', lastStatus: { code: 'pickup.notice-bounced' } }]);
  const [report] = await scene.reportsOn('bounce');
  t.match(report, { recipients: [{ 'final-recipient': /gone@home\.test/, action: 'failed', status: '5.1.1' }] });
  t.notMatch(report?.text, /there is no such person/, 'not a word of another server');
});

t.test('a vacation responder: noted, neither an opening nor a reply', async (t) => {
  const { postern, session, mailbox } = await town(t, ca);
  const sent = await post(session, { to: ['away@home.test'], header: [ID('away')] });
  const records = await untilRecord(postern, 'pickup.away', sent.id);
  t.match(
    records.find(({ kind }) => kind === 'pickup.away'),
    { codes: { of: 'notice', sign: 'auto-submitted' } },
  );
  t.match(await untilEach(postern, sent.id, ({ state }) => state === 'waiting'), [{ state: 'waiting' }]);
  t.same(mailbox.messages, [], 'nobody is bothered');
});

t.test('a person replies to the notice; the originator answers; it waits at the portal', async (t) => {
  const { postern, session, mailbox, postfix, home, returnPort } = await town(t, ca);
  const sent = await post(session, { to: ['pat@home.test'], header: [ID('reply'), 'Subject: Your results'] });
  await home.until(() => home.messages.length === 1);
  const [notice] = home.messages;
  const [seenNotice] = await seenMessages([notice?.content ?? Buffer.alloc(0)]);
  const replyTo = /<(.+)>/.exec(seenNotice?.header['reply-to'] ?? '')?.[1] ?? '';
  t.match(replyTo, /^notice-[a-z0-9-]+@return\.clinic\.test$/);
  t.match(notice?.mail, `<${replyTo}>`, 'what bounces comes back there too');

  const writing = await Dialogue.connect(postfix.port, {});
  await writing.reply();
  await writing.say('EHLO pat.home.test');
  const reply = [
    'From: Pat Roe <pat@home.test>',
    `To: ${replyTo}`,
    'Subject: Re: A message for you',
    'Content-Type: multipart/mixed; boundary=in',
    '',
    '--in',
    '',
    'I cannot open it.',
    '--in',
    'Content-Type: text/csv; name=readings.csv',
    'Content-Disposition: attachment; filename=readings.csv',
    '',
    '1,2,3',
    '--in--',
    '',
  ].join('\r\n');
  t.match(await writing.send('pat@home.test', [replyTo], reply), /^250/);
  await mailbox.until(() => mailbox.messages.length === 1);
  const [passed] = mailbox.messages;
  const [seen] = await seenMessages([passed?.content ?? Buffer.alloc(0)]);
  const answerAddress = seen?.from[0]?.[1] ?? '';
  t.match(answerAddress, /^answer-[a-z0-9-]+@return\.clinic\.test$/);
  t.match(seen, {
    from: [['Pat Roe (via Riverside Clinic portal)', answerAddress]],
    to: [NURSE],
    header: { 'in-reply-to': '<reply@clinic.test>', 'x-postern-not-protected': 'reply' },
    defects: [],
  });
  t.match(seen?.leaves[0]?.text, /^NOT PROTECTED/);
  t.match(seen?.leaves.at(-1), { name: 'readings.csv' });
  t.equal(passed?.session.tls?.protocol, 'TLSv1.3', 'over the floor');
  t.match(await untilEach(postern, sent.id, () => true), [{ state: 'waiting' }], 'it waits as before');

  const answered = await post(session, { to: [answerAddress, 'boss@clinic.test'], header: [ID('answer'), `To: <${answerAddress}>`] });
  t.match(answered.reply, /^250/);
  t.match(await untilEach(postern, answered.id, ({ state }) => state === 'waiting' || state === 'relayed'), [
    { recipient: 'pat@home.test', state: 'waiting', decision: { methods: ['portal'] } },
    { recipient: 'boss@clinic.test', state: 'relayed' },
  ]);
  const decided = (await recordsOf(postern, answered.id)).filter(({ kind }) => kind === 'delivery.decided');
  t.match(decided[0]?.codes, { answers: `${sent.id}/0`, methods: 'portal' });

  t.test('and nobody else gets to the patient', async (t) => {
    const stranger = await Dialogue.connect(returnPort, { tls: { ca: ca.certificatePem } });
    await stranger.reply();
    await stranger.startTls();
    const forged = replyTo.replace(/.@/, (end) => (end === 'a@' ? 'b@' : 'a@'));
    const table: readonly (readonly [name: string, from: string, to: string, hears: RegExp])[] = [
      ['a stranger', 'eve@evil.test', answerAddress, /^550 5\.7\.1 /],
      ['in the name of the originator', NURSE, answerAddress, /^550 5\.7\.1 /],
      ['a forged token', '', forged, /^550 5\.1\.1 /],
      ['the patient itself: no relay', 'eve@evil.test', 'pat@home.test', /^550 5\.1\.1 /],
      ['the originator itself: no relay', 'eve@evil.test', NURSE, /^550 5\.1\.1 /],
    ];
    for (const [name, from, to, hears] of table) {
      t.match(await stranger.send(from, [to], ''), hears, name);
      await stranger.say('RSET');
    }
    const again = passed?.content.toString('latin1') ?? '';
    t.match(await stranger.send(NURSE, [replyTo], again), /^250 2\.0\.0 noted/, 'what was passed on comes back: no loop');
    t.match(
      await stranger.send('', [answerAddress], contentOf({ to: [], header: ['Subject: Undeliverable'] })),
      /^250 2\.0\.0 noted/,
      'a report about an answer',
    );
    t.match(await stranger.send('eve@evil.test', [`postmaster@${RETURN}`], contentOf({ to: [] })), /^250 2\.0\.0 accepted/);
    await mailbox.until(() => mailbox.messages.some(({ rcpt }) => rcpt.some((line) => line.includes('postmaster@clinic.test'))));
    t.equal(home.messages.filter(({ content }) => content.includes('eve@evil.test')).length, 0);
  });
});
