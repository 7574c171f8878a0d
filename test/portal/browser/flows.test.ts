// What a patient does, in a real browser: comes by the link, reads, looks, downloads, answers with files, leaves and goes back; with and without scripts,
// with the keyboard alone, in two tabs, with a passkey, and when the session ends in the middle of a sentence.
import { readFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import type { Page } from 'playwright-core';
import { openPresenter } from '../../../src/daemon/presenter.ts';
import { messagePath } from '../../../src/portal/paths.ts';
import type { MemoryDesk } from '../../support/desk-in-memory.ts';
import { launchPortalBrowserOnce } from '../../support/portal-browser.ts';
import { MESSAGE_IDS, MESSAGE_NAMES, PAT, type PortalMessageName, png } from '../../support/portal-messages.ts';
import { PORTAL_HOST, PORTAL_URL, type PortalOptions, type PortalPages, startPortalPages } from '../../support/portal-pages.ts';

const letter = messagePath(MESSAGE_IDS.letter);
const linkOf = ({ links }: MemoryDesk, name: PortalMessageName): string => links[MESSAGE_NAMES.indexOf(name)] ?? '';

const browsers = await launchPortalBrowserOnce(t);
// Its children take two seconds to start.
const presenter = openPresenter({ processes: 1 });
t.teardown(() => presenter.close());

async function opened(t: Test, options: PortalOptions = {}): Promise<PortalPages> {
  const pages = await startPortalPages(t, { ...options, deps: { presenter, ...options.deps }, identity: browsers.identity });
  browsers.visiting(pages);
  return pages;
}

async function signIn(page: Page, desk: MemoryDesk): Promise<void> {
  const link = linkOf(desk, 'letter');
  await page.goto(`${PORTAL_URL}/m/${link}`);
  await page.click('button[value=mail]');
  await page.fill('#code', desk.codeOf(link) ?? '');
  await page.press('#code', 'Enter');
  await page.waitForURL(`${PORTAL_URL}${letter}`);
}

await t.test('the first message on a phone: code, reading, preview, download, answer with files', async (t) => {
  const pages = await opened(t);
  const { desk } = pages;
  const { page, errors } = await browsers.visitor();
  await signIn(page, desk);
  t.match(await page.textContent('main'), 'shows no break');
  await page.click(`a[href="${letter}/parts/2"]`);
  await page.waitForSelector('img.picture');
  t.ok((await page.evaluate<number>("document.querySelector('img.picture').naturalWidth")) > 0, 'the picture is drawn');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click(`a[href="${letter}/parts/2/download"]`)]);
  t.equal(download.suggestedFilename(), 'knee.png');
  t.same(readFileSync(await download.path()), png(320, 200, [70, 90, 110]), 'octet for octet');
  await page.goto(`${PORTAL_URL}${letter}/answer`);
  await page.fill('#name', 'Pat Doe');
  await page.fill('#text', 'Thank you.\nMy knee is better: \u00a1s\u00ed!');
  await page.setInputFiles('#files', [
    { name: 'my knee.png', mimeType: 'image/png', buffer: png(40, 40, [9, 9, 9]) },
    { name: '\u00fcbung.txt', mimeType: 'text/plain', buffer: Buffer.alloc(200_000, 'x') },
  ]);
  await page.click('main form button.first');
  await page.waitForURL('**/*?done=answered');
  t.match(await page.textContent('[role=status]'), 'on its way');
  const sent = desk.answers[0];
  t.match(sent?.answer, {
    contentType: /^multipart\/mixed; boundary="=_[\w-]{22}"$/,
    transferEncoding: '7bit',
    headerMessageId: '<one@clinic.example>',
  });
  const body = sent?.body.toString('latin1') ?? '';
  t.match(body, 'My knee is better: =C2=A1s=C3=AD!');
  t.match(body, "filename*=UTF-8''my%20knee.png");
  t.match(body, "filename*=UTF-8''%C3%BCbung.txt");
  t.match(body.replaceAll('\r\n', ''), png(40, 40, [9, 9, 9]).toString('base64'));
  t.same(errors, []);
});

await t.test('leaving, and the back button', async (t) => {
  const pages = await opened(t);
  const { page } = await browsers.visitor();
  await signIn(page, pages.desk);
  await page.click('form.leave button');
  await page.waitForURL('**/signed-out');
  await page.goBack();
  await page.waitForLoadState();
  t.match(await page.textContent('h1'), 'Please sign in again');
  t.notMatch(await page.content(), 'shows no break');
});

await t.test('a session that ends in the middle of a sentence keeps the sentence', async (t) => {
  const pages = await opened(t);
  const { desk } = pages;
  const { page } = await browsers.visitor();
  await signIn(page, desk);
  await page.goto(`${PORTAL_URL}${letter}/answer`);
  await page.fill('#text', 'A long answer.');
  desk.endSessions();
  await page.click('main form button.first');
  await page.waitForSelector('text=is kept for 30 minutes');
  t.equal(desk.answers.length, 0);
  await page.click('main a.first');
  await signIn(page, desk);
  await page.goto(`${PORTAL_URL}${letter}/answer`);
  t.equal(await page.inputValue('#text'), 'A long answer.');
  desk.nextAnswer({ kind: 'busy' });
  await page.click('main form button.first');
  await page.waitForSelector('.note.bad');
  t.equal(await page.inputValue('#text'), 'A long answer.', 'nor is it lost where it could not be sent');
});

await t.test('two tabs: what was open before a new sign-in can still be sent', async (t) => {
  const pages = await opened(t);
  const { desk } = pages;
  const { page, context } = await browsers.visitor();
  await signIn(page, desk);
  await page.goto(`${PORTAL_URL}${letter}/answer`);
  await page.fill('#text', 'From the first tab.');
  const other = await context.newPage();
  await other.goto(`${PORTAL_URL}/messages`);
  await other.click('form.leave button');
  await other.waitForURL('**/signed-out');
  await signIn(other, desk);
  await page.click('main form button.first');
  await page.waitForSelector('.note.bad');
  t.equal(await page.inputValue('#text'), 'From the first tab.');
  await page.click('main form button.first');
  await page.waitForURL('**/*?done=answered');
  t.equal(desk.answers.length, 1);
});

await t.test('without JavaScript, in the zone of the organisation', async (t) => {
  const pages = await opened(t);
  const { desk } = pages;
  const { page } = await browsers.visitor({ javaScriptEnabled: false, timezone: 'Asia/Tokyo' });
  await signIn(page, desk);
  t.match(await page.textContent('dl.facts'), /8:05.AM CST/, 'the zone is named');
  t.match(await page.textContent('.ends'), /You are signed out at \d+:\d\d/);
  await page.click(`a[href="${letter}/answer"]`);
  await page.fill('#text', 'Thank you.');
  await page.setInputFiles('#files', { name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('a') });
  await page.click('main form button.first');
  await page.waitForURL('**/*?done=answered');
  t.match(desk.answers[0]?.body.toString(), "filename*=UTF-8''a.txt");
  await page.click('form.leave button');
  await page.waitForURL('**/signed-out');
});

await t.test('times in the reader\u2019s zone, from the first page on', async (t) => {
  const pages = await opened(t);
  const { page } = await browsers.visitor({ timezone: 'Asia/Tokyo' });
  await page.goto(`${PORTAL_URL}/m/${linkOf(pages.desk, 'letter')}`);
  t.match(await page.textContent('main'), 'Friday, November 27, 2026');
  await signIn(page, pages.desk);
  t.match(await page.textContent('dl.facts'), /11:05.PM GMT\+9/);
});

await t.test('with the keyboard alone', async (t) => {
  const pages = await opened(t);
  const { desk } = pages;
  const { page } = await browsers.visitor({ width: 1_000 });
  const link = linkOf(desk, 'letter');
  const until = async (what: string): Promise<void> => {
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press('Tab');
      if (await page.evaluate<boolean>(`document.activeElement.matches(${JSON.stringify(what)})`)) return;
    }
    t.fail(`${what} is never reached`);
  };
  await page.goto(`${PORTAL_URL}/m/${link}`);
  await page.keyboard.press('Tab');
  t.ok(
    await page.evaluate<boolean>("document.activeElement.matches('.skip') && document.activeElement.getBoundingClientRect().left >= 0"),
    'the way to the text comes first and shows',
  );
  await until('button[value=mail]');
  t.ok(await page.evaluate<boolean>("getComputedStyle(document.activeElement).outlineStyle !== 'none'"), 'focus shows');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#code');
  await until('#code');
  await page.keyboard.type(desk.codeOf(link) ?? '');
  await page.keyboard.press('Enter');
  await page.waitForURL(`${PORTAL_URL}${letter}`);
  await until(`a[href="${letter}/answer"]`);
  await page.keyboard.press('Enter');
  await page.waitForSelector('#text');
  await until('#text');
  await page.keyboard.type('Thank you.');
  await until('main form button.first');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/*?done=answered');
  t.equal(desk.answers.length, 1);
});

await t.test('a message that wants more, and several people at one address', async (t) => {
  const pages = await opened(t);
  const { desk } = pages;
  desk.addPerson(PAT, 'Pat Doe');
  desk.addPerson(PAT, 'Sam O\u2019Hara');
  const { page } = await browsers.visitor();
  const link = linkOf(desk, 'letter');
  await page.goto(`${PORTAL_URL}/m/${link}`);
  await page.click('button[value=mail]');
  await page.fill('#code', desk.codeOf(link) ?? '');
  await page.press('#code', 'Enter');
  await page.waitForURL('**/who');
  await page.click('text=Sam O\u2019Hara');
  await page.click('main form button.first');
  await page.waitForURL(`${PORTAL_URL}${letter}`);
  await page.goto(`${PORTAL_URL}${messagePath(MESSAGE_IDS.clinicOnly)}`);
  t.match(await page.textContent('h1'), 'needs a code from Riverside Clinic');
  await page.fill('#code', '0000-0000');
  await page.press('#code', 'Enter');
  await page.waitForSelector('#code-wrong');
  t.equal(await page.evaluate<string>('document.activeElement.id'), 'code', 'the field has the focus');
  await page.fill('#code', desk.clinicCode(linkOf(desk, 'clinicOnly')));
  await page.press('#code', 'Enter');
  await page.waitForURL('**/who');
  await page.click('text=Sam O\u2019Hara');
  await page.click('main form button.first');
  await page.waitForSelector('dl.facts');
  t.match(await page.textContent('main'), 'it is good');
});

await t.test('a passkey is set up and opens the next time', async (t) => {
  const made: string[] = [];
  const owner = new Map<string, string>();
  const pages = await opened(t, {
    around: (desk) => ({
      ...desk,
      newPasskey: async (session, brand) => {
        const options = await desk.newPasskey(session, brand);
        const user = { id: Buffer.from('pat').toString('base64url'), name: 'Pat', displayName: 'Pat' };
        const authenticatorSelection = { residentKey: 'required', userVerification: 'required' };
        const pubKeyCredParams = [{ type: 'public-key', alg: -7 }];
        const rp = { id: PORTAL_HOST, name: 'Riverside Clinic' };
        return options === null
          ? null
          : { ...options, options: { ...options.options, rp, user, pubKeyCredParams, authenticatorSelection } };
      },
      enrolPasskey: async (request, client) => {
        const { id } = request.response as { readonly id: string };
        made.push(id);
        owner.set(id, id);
        return desk.enrolPasskey({ ...request, response: { id } }, client);
      },
      passkeyOptions: async (brand, client) => {
        const options = await desk.passkeyOptions(brand, client);
        return { ...options, options: { ...options.options, rpId: PORTAL_HOST } };
      },
      enterPasskey: (request, client) =>
        desk.enterPasskey({ ...request, response: { id: (request.response as { readonly id: string }).id } }, client),
    }),
  });
  const { page, context } = await browsers.visitor();
  const devtools = await context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
  });
  await signIn(page, pages.desk);
  await page.goto(`${PORTAL_URL}/security`);
  await page.click('[data-passkey=set-up] button');
  await page.waitForURL('**/security?done=saved');
  t.equal(made.length, 1);
  t.match(await page.textContent('main'), 'Passkey of this device');
  await page.click('form.leave button');
  await page.waitForURL('**/signed-out');
  await page.goto(`${PORTAL_URL}/`);
  await page.click('[data-passkey=sign-in] button');
  await page.waitForURL('**/messages');
  t.match(await page.textContent('h1'), 'Your messages');
});

await t.test('files that are too large are refused before they are sent, and by the server too', async (t) => {
  const pages = await opened(t, { uploads: { bytes: 100_000, files: 2, textBytes: 1_000 } });
  const { desk } = pages;
  for (const javaScriptEnabled of [true, false]) {
    const { page } = await browsers.visitor({ javaScriptEnabled });
    await signIn(page, desk);
    await page.goto(`${PORTAL_URL}${letter}/answer`);
    await page.fill('#text', 'See the picture.');
    await page.setInputFiles('#files', { name: 'large.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(300_000, 1) });
    await page.click('main form button.first');
    await page.waitForSelector(javaScriptEnabled ? '[data-problem]:not([hidden])' : '.note.bad');
    t.match(await page.textContent('main'), 'The files are too large');
    t.equal(await page.inputValue('#text'), 'See the picture.');
    t.equal(desk.answers.length, 0);
  }
});
