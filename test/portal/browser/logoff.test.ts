// Automatic logoff (45 CFR 164.312(a)(2)(iii)) in a browser whose time and whose server's time are moved together: asked in time, by a dialog that a
// keyboard and a screen reader can use; who stays goes on; who does not answer is out, on the screen and at the server.
import t, { type Test } from 'tap';
import type { Page } from 'playwright-core';
import { openPresenter } from '../../../src/daemon/presenter.ts';
import { messagePath } from '../../../src/portal/paths.ts';
import { launchPortalBrowserOnce } from '../../support/portal-browser.ts';
import { MESSAGE_IDS } from '../../support/portal-messages.ts';
import { PORTAL_URL, type PortalPages, startPortalPages } from '../../support/portal-pages.ts';

const MINUTE = 60_000;
const letter = `${PORTAL_URL}${messagePath(MESSAGE_IDS.letter)}`;
const browsers = await launchPortalBrowserOnce(t);
const presenter = openPresenter({ processes: 1 });
t.teardown(() => presenter.close());

/** Somebody who reads, and a way for time to pass for the page and the server. */
async function reading(t: Test): Promise<{ pages: PortalPages; page: Page; pass: (ms: number) => Promise<void> }> {
  const pages = await startPortalPages(t, { deps: { presenter }, identity: browsers.identity });
  browsers.visiting(pages);
  const { page } = await browsers.visitor();
  await page.clock.install();
  const link = pages.desk.links[0] ?? '';
  await pages.desk.sendCode(link, 'mail', { address: '', userAgent: '' });
  await page.goto(`${PORTAL_URL}/m/${link}/code`);
  await page.fill('#code', pages.desk.codeOf(link) ?? '');
  await page.press('#code', 'Enter');
  await page.waitForURL(letter);
  return {
    pages,
    page,
    async pass(ms) {
      pages.forward(ms);
      await page.clock.fastForward(ms);
    },
  };
}

const dialogOf = (page: Page) => page.getByRole('alertdialog', { name: 'Are you still there?' });

await t.test('asked two minutes before, and the one who stays goes on', async (t) => {
  const { pages, page, pass } = await reading(t);
  await pass(12 * MINUTE);
  t.equal(await dialogOf(page).count(), 0, 'not asked early');
  await pass(1.5 * MINUTE);
  await dialogOf(page).waitFor();
  t.match(
    await page.evaluate<string>("document.getElementById(document.querySelector('dialog').getAttribute('aria-describedby')).textContent"),
    /^To keep your messages private, we sign you out at 9:15\sAM CST\.$/,
    'a screen reader says until when',
  );
  t.equal(await page.evaluate<string>('document.activeElement.id'), 'stay', 'the keyboard is where it is needed');
  await page.keyboard.press('Tab');
  t.equal(
    await page.evaluate<boolean>(
      "document.querySelector('dialog').contains(document.activeElement) || document.activeElement === document.body",
    ),
    true,
    'and does not get to what lies behind',
  );
  await page.locator('#stay').press('Enter');
  await dialogOf(page).waitFor({ state: 'hidden' });
  await pass(5 * MINUTE);
  t.equal(page.url(), letter, 'past the old end');
  await page.reload();
  t.match(await page.textContent('main'), 'shows no break', 'the server knows that somebody is there');
  t.equal(pages.desk.openSessions(), 1);
});

await t.test('nobody answers: out, on the screen and at the server', async (t) => {
  const { pages, page, pass } = await reading(t);
  await pass(14 * MINUTE);
  await dialogOf(page).waitFor();
  await pass(2 * MINUTE);
  await page.waitForURL('**/ended');
  t.match(await page.textContent('h1'), 'Please sign in again');
  await page.goBack();
  await page.waitForLoadState();
  t.notMatch(await page.content(), 'shows no break', 'nor is it there by the back button');
  t.equal(pages.desk.openSessions(), 0, 'the session itself is over');
});

await t.test('a sentence that was begun is kept, and another tab that is used keeps both', async (t) => {
  const { pages, page, pass } = await reading(t);
  const other = await page.context().newPage();
  await page.goto(`${letter}/answer`);
  await page.fill('#text', 'My knee is bet');
  await pass(10 * MINUTE);
  await other.goto(letter);
  await pass(4 * MINUTE);
  t.equal(await dialogOf(page).count(), 0, 'somebody is there, though not here');
  t.equal(await page.inputValue('#text'), 'My knee is bet');
  await pass(9.5 * MINUTE);
  await dialogOf(page).waitFor();
  await pass(2 * MINUTE);
  await page.waitForSelector('text=is kept for 30 minutes');
  t.equal(pages.desk.openSessions(), 0);
  t.equal(pages.desk.answers.length, 0, 'nothing was sent');
});
