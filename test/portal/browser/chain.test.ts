// The whole real chain, as a patient has it: a message handed in over SMTP, a mail system without TLS, the notice, the portal's own process with its
// certificate, a phone of 360 px, files, an answer and the answer to it; then what the help desk does, what is over, and two people at one mailbox.
import { readFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import type { Page } from 'playwright-core';
import { verifyWithMailauth } from '../../support/dkim-verifiers.ts';
import { linkIn, portalChain, readable } from '../../support/portal-chain.ts';
import { pdf, png } from '../../support/portal-messages.ts';
import { PORTAL_URL } from '../../support/portal-pages.ts';
import { NURSE, post, untilEach } from '../../support/posted.ts';
import { seenMessages } from '../../support/seen-message.ts';
import type { SmtpPeer } from '../../support/smtp-peer.ts';
import { ID } from '../../support/stage.ts';
import { createTestCa } from '../../support/test-ca.ts';

const PICTURE = png(320, 200, [70, 90, 110]);
const SHEET = pdf('Bend and stretch ten times.');
const DRAWN =
  "(async () => { const picture = document.querySelector('img.picture'); await picture.decode(); return picture.naturalWidth; })()";
const CODE = /\b\d{4}-\d{4}\b/;

const chain = await portalChain(t, createTestCa());
const { postern, session, mailbox, browsers } = chain;
const home = chain.peer('home');
const safe = chain.peer('safe');

const pathOf = (messageId: string): string => `${PORTAL_URL}/messages/${messageId}-0`;
const mainOf = async (page: Page): Promise<string> => (await page.textContent('main')) ?? '';

/** Handed in, and its notice in the mailbox. */
async function waits(to: string, name: string, words: string, subject = 'About your visit'): Promise<{ id: string; link: string }> {
  const peer = to.endsWith('@home.test') ? home : safe;
  const before = peer.messages.length;
  const { id } = await post(session, { to: [to], header: [ID(name), `To: ${to}`, `Subject: ${subject}`], body: [words] });
  return { id, link: await linkIn(peer, before + 1) };
}

async function typed(page: Page, code: string): Promise<void> {
  await page.fill('#code', code);
  await page.click('main form:has(#code) button.first');
  await page.waitForLoadState();
}

/** Comes by the link with a code that is mailed over TLS. */
async function signedInByMail(page: Page, link: string, peer: SmtpPeer = safe): Promise<void> {
  const before = peer.messages.length;
  await page.goto(link);
  await page.click('button[value=mail]');
  await peer.until(() => peer.messages.length > before);
  const mailed = peer.messages.at(-1);
  if (mailed === undefined) throw new Error('no code came');
  await typed(page, CODE.exec(readable(mailed))?.[0] ?? '');
}

async function downloaded(page: Page, selector: string): Promise<Buffer> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.click(selector)]);
  return readFileSync(await download.path());
}

function base64Part(name: string, type: string, octets: Buffer): readonly string[] {
  const lines = octets.toString('base64').match(/.{1,76}/g) ?? [];
  const head = [
    `Content-Type: ${type}; name=${name}`,
    'Content-Transfer-Encoding: base64',
    `Content-Disposition: attachment; filename=${name}`,
  ];
  return ['--b1', ...head, '', ...lines];
}

const LETTER = {
  to: ['pat@home.test'],
  header: [ID('knee'), 'To: pat@home.test', 'Subject: Your knee', 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b1'],
  body: [
    ...['--b1', 'Content-Type: text/plain', '', 'The picture shows no break.'],
    ...base64Part('knee.png', 'image/png', PICTURE),
    ...base64Part('exercises.pdf', 'application/pdf', SHEET),
    '--b1--',
  ],
};

await t.test('from the mail program of a nurse to a phone, and back, and back again', async (t) => {
  const sent = await post(session, LETTER);
  const link = await linkIn(home, 1);
  t.equal(home.messages[0]?.session.tls, null, 'the notice went without TLS');
  t.notMatch(readable(home.messages[0] ?? raise()), /knee|break/i, 'and holds nothing of the message');
  const { page, errors, elsewhere } = await browsers.visitor();
  await page.goto(link);
  t.match(await mainOf(page), /This message needs a code from Riverside Clinic.*Call \+1 555 0100/s);
  t.equal(await page.isVisible('button[value=mail]'), false, 'no code is offered that would not be safe');
  const given = await chain.command('pickup', 'code', `${sent.id}/0`, '--checked', 'called back, birth date');
  await typed(page, CODE.exec(given)?.[0] ?? '');
  t.equal(page.url(), pathOf(sent.id));
  t.match(await mainOf(page), 'The picture shows no break.');
  t.match(await untilEach(postern, sent.id, ({ state }) => state === 'picked-up'), [{ state: 'picked-up' }]);
  await looks(t, page);
  await answers(t, page, sent.id);
  t.same([errors, elsewhere], [[], []], 'nothing failed, nothing of anybody else');
});

async function looks(t: Test, page: Page): Promise<void> {
  const letter = page.url();
  await page.click(`a[href$="/parts/2"]`);
  await page.waitForURL('**/parts/2');
  t.equal(await page.evaluate<number>(DRAWN), 320, 'the picture is drawn');
  t.ok((await page.evaluate<number>('document.documentElement.scrollWidth')) <= 360, 'nothing to scroll sideways');
  t.same(await downloaded(page, 'a[href$="/parts/2/download"]'), PICTURE, 'the picture, octet for octet');
  await page.goto(`${letter}/parts/3`);
  await page.click('summary');
  t.match(await page.textContent('pre'), 'Bend and stretch ten times.', 'the PDF can be read without a viewer');
  t.same(await downloaded(page, 'a[href$="/parts/3/download"]'), SHEET, 'the PDF, octet for octet');
  await page.goto(letter);
}

/** The patient's answer with a file, to the nurse; hers, to the patient. */
async function answers(t: Test, page: Page, messageId: string): Promise<void> {
  await page.click('main a.first');
  await page.fill('#name', 'Pat Roe');
  await page.fill('#text', 'It hurts less: \u00a1gracias!');
  await page.setInputFiles('#files', { name: 'swelling.png', mimeType: 'image/png', buffer: PICTURE });
  await page.click('main form button.first');
  await page.waitForURL('**/*?done=answered');
  t.match(await page.textContent('[role=status]'), 'Your answer is on its way to Riverside Clinic');
  const isAnswer = ({ content }: { readonly content: Buffer }): boolean => content.includes('In-Reply-To: <knee@clinic.test>');
  const isFrom = ({ content }: { readonly content: Buffer }): boolean =>
    /^From:.*\(via Riverside Clinic portal\)/m.test(content.toString());
  await mailbox.until(() => mailbox.messages.some((one) => isAnswer(one) && isFrom(one)));
  const got = mailbox.messages.find((one) => isAnswer(one) && isFrom(one)) ?? raise();
  const [seen] = await seenMessages([got.content]);
  const from = seen?.from[0]?.[1] ?? '';
  t.match(from, /^answer-[a-z0-9-]+@return\.clinic\.test$/);
  t.same(await verifyWithMailauth(got.content, [chain.key]), ['p=pass'], 'aligned with From, so that it passes DMARC');
  t.match(seen, { to: [NURSE], defects: [] });
  t.match(seen?.leaves[0]?.text, 'It hurts less: \u00a1gracias!');
  t.equal(seen?.leaves[1]?.name, 'swelling.png');
  t.ok(got.content.toString('latin1').replaceAll('\r\n', '').includes(PICTURE.toString('base64')), 'its file, octet for octet');

  const back = await post(session, {
    to: [from],
    header: [ID('back'), `To: <${from}>`, 'Subject: Re: Your knee', 'In-Reply-To: <knee@clinic.test>'],
    body: ['Good. Come again on Friday.'],
  });
  await untilEach(postern, back.id, ({ state }) => state === 'waiting');
  await page.goto(`${PORTAL_URL}/messages`);
  t.match(await mainOf(page), 'New', 'it stands in the list');
  await page.click(`a[href="/messages/${back.id}-0"]`);
  t.match(await mainOf(page), 'Good. Come again on Friday.', 'without another code');
  t.notMatch(await mainOf(page), 'return.clinic.test', 'and the patient sees their own address, not a stand-in');
  await page.goto(pathOf(messageId));
  t.match(await mainOf(page), /Your answers\s+Answer of .*: delivered/);
}

await t.test('taken back before it was read, and too late', async (t) => {
  const { page } = await browsers.visitor();
  const wrong = await waits('joe@safe.test', 'wrong', 'For somebody else.');
  await chain.command('pickup', 'recall', wrong.id, '--why', 'sent to the wrong person');
  await page.goto(wrong.link);
  t.match(await mainOf(page), /This message was taken back.*There is nothing you need to do.*Riverside Clinic: \+1 555 0100/s);
  const read = await waits('joe@safe.test', 'read', 'For you.');
  await signedInByMail(page, read.link);
  t.match(await mainOf(page), 'For you.');
  const late = await chain.command('pickup', 'recall', read.id, '--why', 'too late').catch((error: Error) => error.message);
  t.match(late, /0 messages|already|read|opened/, 'the one who asks is told that it is too late');
  await page.goto(pathOf(wrong.id));
  t.match(await mainOf(page), 'This message was taken back', 'whoever is signed in sees the same');
  await page.goto(`${PORTAL_URL}/messages`);
  t.match(await mainOf(page), 'Taken back');
});

await t.test('a lost password: the open session ends, it opens nothing any more, and the address is told', async (t) => {
  const { id, link } = await waits('ann@safe.test', 'lost', 'The parking lot is closed.');
  const { page } = await browsers.visitor();
  await signedInByMail(page, link);
  await page.goto(`${PORTAL_URL}/security`);
  await page.fill('#name', 'Ann Roe');
  await page.click('form[action="/security/name"] button');
  await page.waitForURL('**/security?done=saved');
  await page.fill('#password', 'seven violet umbrellas dance');
  await page.click('form[action="/security/password"] button');
  await page.waitForURL('**/security?done=saved');
  await page.goto(pathOf(id));
  t.match(await mainOf(page), 'The parking lot is closed.');

  const person = /person (\d+)/.exec(await chain.command('pickup', 'show', `${id}/0`))?.[1] ?? '';
  const before = safe.messages.length;
  const said = await chain.command('pickup', 'lost', `${id}/0`, '--person', person, '--checked', 'photo ID at the desk');
  t.match(said, /Ended: 1 way to sign in, 1 open session\. The address is told\./);
  await page.reload();
  t.match(await mainOf(page), 'Please sign in again');
  t.notMatch(await page.content(), 'The parking lot is closed');
  await page.goto(`${link}/password`);
  await page.fill('#password', 'seven violet umbrellas dance');
  await page.click('main form button.first');
  await page.waitForSelector('#password-wrong');
  await safe.until(() => safe.messages.length > before);
  const notice = readable(safe.messages.at(-1) ?? raise());
  t.match(notice, /^Subject: Your sign-in at Riverside Clinic has changed\r$/m);
  t.match(notice, /If you did not ask for this, call now: \+1 555 0100/);
  t.notMatch(notice, CODE, 'the code is told, not mailed');
  await page.goto(link);
  await page.click('text=I have a code');
  await typed(page, CODE.exec(said)?.[0] ?? '');
  t.match(await mainOf(page), 'The parking lot is closed.', 'with the code that the help desk told');
});

await t.test('two people at one mailbox: each is known by their own', async (t) => {
  const { id, link } = await waits('couple@safe.test', 'couple', 'We open at nine on Monday.');
  const one = (await browsers.visitor()).page;
  await signedInByMail(one, link);
  await one.goto(`${PORTAL_URL}/security`);
  await one.fill('#name', 'Pat Roe');
  await one.click('form[action="/security/name"] button');
  await one.waitForURL('**/security?done=saved');
  await one.fill('#password', 'seven violet umbrellas dance');
  await one.click('form[action="/security/password"] button');
  await one.waitForURL('**/security?done=saved');

  const { code } = await postern.control
    .call('pickup.code', { deliveryId: `${id}/0`, who: 'ann', checked: 'in person' })
    .then((given) => (given.kind === 'done' ? given.value : raise()));
  const two = (await browsers.visitor()).page;
  await two.goto(`${link}/code`);
  await typed(two, code);
  t.match(await mainOf(two), /Who is reading\?.*Pat Roe/s);
  await two.click('text=Pat Roe');
  await two.click('main form button.first');
  await two.waitForSelector('#name-wrong');
  t.match(await mainOf(two), 'This person has a password or a passkey here', 'nobody reads in the name of another');
  await two.click('text=somebody else');
  await two.fill('#name', 'Sam Roe');
  await two.click('main form button.first');
  await two.waitForURL(pathOf(id));
  t.match(await mainOf(two), 'We open at nine on Monday.');
  const shown = await chain.command('pickup', 'show', `${id}/0`);
  t.match(shown, /person \d+ {2}Pat Roe.*person \d+ {2}Sam Roe/s, 'the help desk sees both');
});

await t.test('two tabs, signing out in one, and the back button', async (t) => {
  const { id, link } = await waits('tab@safe.test', 'tab', 'We open at nine.');
  const { page, context } = await browsers.visitor();
  await signedInByMail(page, link);
  const other = await context.newPage();
  await other.goto(pathOf(id));
  t.match(await mainOf(other), 'We open at nine.', 'both tabs read');
  await page.click('form.leave button');
  await page.waitForURL('**/signed-out');
  await page.goBack();
  await page.waitForLoadState();
  t.match(await page.textContent('h1'), 'Please sign in again');
  t.notMatch(await page.content(), 'We open at nine');
  await other.click('a[href$="/answer"]');
  await other.waitForLoadState();
  t.match(await other.textContent('h1'), 'Please sign in again', 'the other tab too');
  await other.goBack();
  await other.waitForLoadState();
  t.notMatch(await other.content(), 'We open at nine', 'nor is it shown there from memory');
});

await t.test('a link whose time is over', async (t) => {
  const { id, link } = await waits('soon@safe.test', 'soon', 'Only for a moment.', '[short] Please read');
  const { page } = await browsers.visitor();
  await page.goto(link);
  for (let i = 0; i < 40 && !(await mainOf(page)).includes('The time for this message is over'); i++) {
    await postern.happened();
    await page.reload();
  }
  t.match(await mainOf(page), /The time for this message is over.*It could be read until .*ask for it again: \+1 555 0100/s);
  t.notMatch(await mainOf(page), 'Only for a moment');
  await page.goto(`${link}/code`);
  t.equal(await page.locator('#code').count(), 0, 'nor can a code be typed');
  await t.rejects(
    chain.command('pickup', 'code', `${id}/0`, '--checked', 'in person'),
    /can be opened no more/,
    'and the help desk is told',
  );
});

function raise(): never {
  throw new Error('nothing came');
}
