// Every page as a patient sees it, in both languages, light and dark, on a phone: no violation that axe-core knows, nothing to scroll sideways at 360 px
// nor at 400 % zoom, nothing from elsewhere, at most 60 kB. Pictures of all of them go to test-output/portal/, to be looked at.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { launchPortalBrowser, type PortalBrowser } from '../../support/portal-browser.ts';
import { MESSAGE_IDS, MESSAGE_NAMES } from '../../support/portal-messages.ts';
import { PORTAL_BRAND, PORTAL_URL, startPortalPages } from '../../support/portal-pages.ts';
import { messagePath } from '../../../src/portal/paths.ts';
import { ROOT } from '../../support/source-files.ts';

const FOLDER = join(ROOT, 'test-output/portal');
mkdirSync(FOLDER, { recursive: true });

/** Looks at the page that is open, in light and dark, and keeps a picture of each. */
async function looked(t: Test, { page, violations }: PortalBrowser, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    t.same(await violations(), [], `${name}, ${colorScheme}`);
    await page.screenshot({ path: join(FOLDER, `${name}-${colorScheme}.png`), fullPage: true });
  }
  await page.emulateMedia({ colorScheme: 'light' });
  // 320 px is 1280 px at 400 % (WCAG 2.2, 1.4.10).
  for (const width of [360, 320]) {
    await page.setViewportSize({ width, height: 740 });
    const over = await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    t.ok(over <= 0, `${name}: nothing to scroll sideways at ${width} px (${over})`);
  }
  await page.setViewportSize({ width: 360, height: 740 });
}

for (const language of ['en', 'es'] as const) {
  await t.test(`the pages of ${language}`, async (t) => {
    const pages = await startPortalPages(t, { brands: [{ ...PORTAL_BRAND, start: ['desk@clinic.example', 'billing@clinic.example'] }] });
    const { desk } = pages;
    const link = (name: (typeof MESSAGE_NAMES)[number]): string => `/m/${desk.links[MESSAGE_NAMES.indexOf(name)] ?? ''}`;
    const browser = await launchPortalBrowser(t, pages);
    const visitor = await browser.visitor({ locale: language === 'en' ? 'en-US' : 'es-MX' });
    const { page } = visitor;
    const see = async (name: string, path: string): Promise<void> => {
      await page.goto(`${PORTAL_URL}${path}`);
      t.equal(await page.getAttribute('html', 'lang'), language, name);
      await looked(t, visitor, `${language}-${name}`);
    };
    await see('01-start', '/');
    await see('02-open', link('letter'));
    await see('03-open-clinic', link('clinicOnly'));
    await see('04-open-below-floor', link('belowFloor'));
    await see('05-unknown-link', '/m/01m00000000000000000000zzz-0-aaaaaaaaaaaaaaaaaaaaaaaaaa');
    await see('06-recalled', link('recalled'));
    await see('07-expired', link('expired'));
    await see('08-password', `${link('letter')}/password`);
    await see('09-not-found', '/nothing-here');
    await page.goto(`${PORTAL_URL}${link('letter')}`);
    await page.click('button[value=mail]');
    await looked(t, visitor, `${language}-10-code`);
    await page.fill('#code', '00000000');
    await page.press('#code', 'Enter');
    await page.waitForSelector('#code-wrong');
    await looked(t, visitor, `${language}-11-code-wrong`);
    await page.fill('#code', desk.codeOf(link('letter').slice(3)) ?? '');
    await page.press('#code', 'Enter');
    await page.waitForSelector('dl.facts');
    await looked(t, visitor, `${language}-12-message`);
    await see('13-messages', '/messages');
    await see('14-message-html', messagePath(MESSAGE_IDS.html));
    await see('15-message-html-pictures', `${messagePath(MESSAGE_IDS.html)}?view=with-pictures`);
    await see('16-message-html-as-text', `${messagePath(MESSAGE_IDS.html)}?view=as-text`);
    await see('17-step-up', messagePath(MESSAGE_IDS.clinicOnly));
    await see('18-look-picture', `${messagePath(MESSAGE_IDS.letter)}/parts/2`);
    await see('19-look-pdf', `${messagePath(MESSAGE_IDS.letter)}/parts/3`);
    await see('20-look-text', `${messagePath(MESSAGE_IDS.letter)}/parts/4`);
    await see('21-answer', `${messagePath(MESSAGE_IDS.letter)}/answer`);
    await see('22-answer-all', `${messagePath(MESSAGE_IDS.letter)}/answer?to=all`);
    await see('23-begin', '/begin');
    await see('24-security', '/security');
    await page.fill('#password', 'short');
    await page.click('form[action="/security/password"] button');
    await page.waitForSelector('#password-wrong');
    await looked(t, visitor, `${language}-25-security-too-short`);
    await see('26-app', '/security/app');
    await see('27-hostile', messagePath(MESSAGE_IDS.hostile));
    await page.evaluate("document.getElementById('warning').showModal()");
    await looked(t, visitor, `${language}-28-warning`);
    desk.addPerson('pat@home.example', 'Sam O\u2019Hara');
    await page.goto(`${PORTAL_URL}/messages`);
    await see('29-who', '/who');
    await page.goto(`${PORTAL_URL}/messages`);
    await page.click('form.leave button');
    await page.waitForURL('**/signed-out');
    await looked(t, visitor, `${language}-30-signed-out`);
    await see('31-ended', '/messages');
    t.ok(
      visitor.weights.every(({ bytes }) => bytes <= 60_000),
      JSON.stringify(visitor.weights.filter(({ bytes }) => bytes > 60_000)),
    );
    t.same(
      new Set(visitor.elsewhere),
      new Set(['https://pictures.example/track.png']),
      'nothing of anybody else, but the pictures that were asked for',
    );
    t.same(
      visitor.errors.filter((text) => !text.includes('ERR_NAME_NOT_RESOLVED')),
      [],
      'no error on any page',
    );
  });
}
