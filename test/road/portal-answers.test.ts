// A conversation over the road: a patient signs in by the link of the notice and the mailed code, reads, answers over the desk's socket; the clinic
// gets it signed, from an address of ours; its answer waits at the portal, and the patient's address stands where ours was written.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { deskClient } from '../../src/portal/desk-client.ts';
import { deskSocketPath } from '../../src/portal/desk-wire.ts';
import { testKey, verifyWithMailauth } from '../support/dkim-verifiers.ts';
import { NURSE, post, recordsOf, untilEach } from '../support/posted.ts';
import { RETURN, town } from '../support/return-town.ts';
import { Dialogue } from '../support/smtp-dialogue.ts';
import { seenMessages } from '../support/seen-message.ts';
import { ID } from '../support/stage.ts';
import { createTestCa } from '../support/test-ca.ts';

const ca = createTestCa();
const CLIENT = { address: '198.51.100.7', userAgent: 'Test/1' };

async function* body(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/** A report of a server behind the clinic's own. */
function undelivered(id: string): string {
  return [
    'From: MAILER-DAEMON@archive.clinic.test',
    'Subject: Undelivered Mail Returned to Sender',
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
    '',
    '--b',
    '',
    'The mailbox is full.',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; archive.clinic.test',
    '',
    `Final-Recipient: rfc822; ${NURSE}`,
    'Action: failed',
    'Status: 5.2.2',
    '',
    '--b',
    'Content-Type: text/rfc822-headers',
    '',
    `Message-ID: <${id}>`,
    'Subject: Re: About your visit',
    '',
    '--b--',
    '',
  ].join('\r\n');
}

t.test('answered at the portal, and answered back', async (t) => {
  const { postern, session, mailbox, home, returnPort } = await town(t, ca);
  const key = testKey('ed25519', RETURN, 'p');
  writeFileSync(join(postern.folder, 'return.pem'), key.pem, { mode: 0o600 });
  postern.configure({ dkim: `dkim: [{ domain: ${RETURN}, selector: p, key_file: return.pem }]` });
  t.match(await postern.control.call('reload', { who: 'ann' }), { kind: 'done' });
  const desk = deskClient(deskSocketPath(join(postern.folder, 'run')));

  const sent = await post(session, { to: ['pat@home.test'], header: [ID('first'), 'To: pat@home.test', 'Subject: About your visit'] });
  await home.until(() => home.messages.length === 1);
  const deliveryId = `${sent.id}/0`;
  const [, link = ''] =
    /portal\.clinic\.test\/m\/([a-z0-9-]+)/.exec(home.messages[0]?.content.toString().replace(/=\r\n/g, '') ?? '') ?? [];
  t.equal(await desk.sendCode(link, 'mail', CLIENT), 'sent');
  await home.until(() => home.messages.length === 2);
  const [, code = ''] = /\b(\d{4}-\d{4})\b/.exec(home.messages[1]?.content.toString() ?? '') ?? [];
  const signedIn = await desk.enterCode({ link, code, session: null }, CLIENT);
  if (!('session' in signedIn)) throw new Error(signedIn.kind);
  const known = await desk.choosePerson({ session: signedIn.session, person: { name: 'Pat "P" <Roe>' } }, CLIENT);
  const reading = 'session' in known ? known.session : signedIn.session;
  t.match(await desk.open({ session: reading, deliveryId }, CLIENT), { kind: 'open', answers: 'originator', standIns: [], answered: [] });

  const answer = {
    deliveryId,
    to: 'originator',
    form: 'F'.repeat(22),
    subject: 'About your visit\r\nBcc: eve@evil.test',
    headerMessageId: null,
    references: null,
    others: [],
    contentType: 'text/plain; charset=utf-8',
    transferEncoding: '7bit',
  } as const;
  t.same(await desk.answer({ session: reading, answer, body: body('Thank you.\r\n') }, CLIENT), { kind: 'accepted' });
  await mailbox.until(() => mailbox.messages.some(({ content }) => content.includes('Thank you.')));
  const got = mailbox.messages.find(({ content }) => content.includes('Thank you.'));
  const [seen] = await seenMessages([got?.content ?? Buffer.alloc(0)]);
  const from = seen?.from[0]?.[1] ?? '';
  t.match(from, /^answer-[a-z0-9-]+@return\.clinic\.test$/);
  t.same(seen?.from, [['Pat P Roe (via Riverside Clinic portal)', from]]);
  t.match(seen, { to: [NURSE], header: { 'in-reply-to': '<first@clinic.test>', bcc: undefined }, defects: [] });
  t.match(got?.mail, `MAIL FROM:<${from}>`);
  t.equal(got?.session.tls?.protocol, 'TLSv1.3');
  t.same(await verifyWithMailauth(got?.content ?? Buffer.alloc(0), [key]), ['p=pass'], 'passes DMARC by the domain of From');
  t.match(
    (await recordsOf(postern, sent.id)).find(({ kind }) => kind === 'pickup.answered'),
    { deliveryId, codes: { to: 'originator' } },
  );

  const back = await post(session, { to: [from], header: [ID('back'), `To: "Pat" <${from}>`, 'Subject: Re: About your visit'] });
  t.match(await untilEach(postern, back.id, ({ state }) => state === 'waiting'), [
    { recipient: 'pat@home.test', decision: { methods: ['portal'] } },
  ]);
  const opened = await desk.open({ session: reading, deliveryId: `${back.id}/0` }, CLIENT);
  t.match(opened, { kind: 'open', recipient: 'pat@home.test', standIns: [{ address: from, person: 'pat@home.test' }] });
  const first = await desk.open({ session: reading, deliveryId }, CLIENT);
  t.match(first, { answered: [{ state: 'delivered' }] }, 'the patient sees that it arrived');

  const behind = await Dialogue.connect(returnPort, { tls: { ca: ca.certificatePem } });
  await behind.reply();
  await behind.startTls();
  const [, answerId = ''] = /^Message-ID: <([^>]+)>/im.exec(got?.content.toString() ?? '') ?? [];
  t.match(await behind.send('', [from], undelivered(answerId)), /^250 2\.0\.0 noted/, 'a server behind ours gives it back, later');
  const later = await desk.open({ session: reading, deliveryId }, CLIENT);
  t.match(later, { answered: [{ state: 'not-delivered' }] }, 'the patient sees that it did not arrive after all');
  await mailbox.until(() => mailbox.messages.some(({ content }) => content.includes('An answer from the portal came back')));
  const noted = (await recordsOf(postern, sent.id)).find(({ kind }) => kind === 'pickup.noted');
  t.match(noted, { deliveryId, codes: { of: 'answer', action: 'failed', status: '5.2.2', answer: answerId.slice(0, 26) } });
});
