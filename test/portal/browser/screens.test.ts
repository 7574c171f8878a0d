// Every page as a patient sees it, in both languages, light and dark, on a phone: no violation that axe-core knows, nothing to scroll sideways at 360 px
// nor at 400 % zoom, nothing from elsewhere, at most 60 kB. Pictures of all of them go to test-output/portal/, to be looked at.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { launchPortalBrowser, type PortalBrowser } from '../../support/portal-browser.ts';
import { MESSAGE_IDS, MESSAGE_NAMES } from '../../support/portal-messages.ts';
import { PORTAL_BRAND, PORTAL_URL, startPortalPages } from '../../support/portal-pages.ts';
import { DeskUnavailable } from '../../../src/portal/desk-client.ts';
import { messagePath } from '../../../src/portal/paths.ts';
import { ROOT } from '../../support/source-files.ts';

const FOLDER = join(ROOT, 'test-output/portal');
mkdirSync(FOLDER, { recursive: true });

/** Looks at the page that is open, in light and dark, and keeps a picture of each. */
async function looked(t: Test, { page, violations }: PortalBrowser, name: string): Promise<void> {
  // What has never been in sight is not drawn.
  for (const frame of await page.locator('iframe').all()) await frame.scrollIntoViewIfNeeded();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    t.same(await violations(colorScheme === 'light' ? 'everything' : 'colours'), [], `${name}, ${colorScheme}`);
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

/** How many colours a piece of the page shows. */
async function coloursSeen({ page, context }: PortalBrowser, selector: string): Promise<number> {
  const picture = (await page.locator(selector).screenshot()).toString('base64');
  const counting = await context.newPage();
  const colours = await counting.evaluate<number>(`(async () => {
    const image = new Image();
    image.src = 'data:image/png;base64,${picture}';
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
    canvas.drawImage(image, 4, 4, image.width - 8, image.height - 8, 0, 0, image.width - 8, image.height - 8);
    return new Set(new Uint32Array(canvas.getImageData(0, 0, image.width - 8, image.height - 8).data.buffer)).size;
  })()`);
  await counting.close();
  return colours;
}

// Both languages at once, each in a browser of its own.
t.jobs = 2;
for (const language of ['en', 'es'] as const) {
  void t.test(`the pages of ${language}`, { buffered: true }, async (t) => {
    let failing: 'not-reached' | 'broken' | null = null;
    const pages = await startPortalPages(t, {
      brands: [{ ...PORTAL_BRAND, start: ['desk@clinic.example', 'billing@clinic.example'] }],
      around: (desk) => ({
        ...desk,
        look: (link, client) => {
          if (failing === 'not-reached') throw new DeskUnavailable('no-service');
          if (failing === 'broken') throw new Error('a bug');
          return desk.look(link, client);
        },
        enrolPassword: async (request, client) =>
          request.password.startsWith('old proof') ? { kind: 'prove-again' } : desk.enrolPassword(request, client),
      }),
    });
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
    desk.phoneFor('pat@home.example', '+15550147265');
    await see('32-step-up-phone', messagePath(MESSAGE_IDS.clinicOnly));
    await page.click('button[value=sms]');
    await looked(t, visitor, `${language}-33-code-texted`);
    await see('34-code-called', `${link('clinicOnly')}/code?said=called`);
    await see('35-code-no-more', `${link('clinicOnly')}/code?said=noMore`);
    await see('36-prove', '/security/prove');
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
    await page.fill('#password', 'old proof of somebody');
    await page.click('form[action="/security/password"] button');
    await page.waitForSelector('[aria-describedby=send-how]');
    await looked(t, visitor, `${language}-35-prove-again`);
    await see('26-app', '/security/app');
    await see('27-hostile', messagePath(MESSAGE_IDS.hostile));
    t.match(
      await page.frameLocator('iframe').locator('body').innerText(),
      /^Please call us about Friday\.\s+Go\s*link$/,
      'all of it that is harmless',
    );
    t.ok((await coloursSeen(visitor, 'iframe')) > 8, 'and it is drawn: letters have edges of many shades');
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
    failing = 'not-reached';
    await see('32-not-reached', link('letter'));
    failing = 'broken';
    await see('33-fault', link('letter'));
    failing = null;
    await page.goto(`${PORTAL_URL}${link('letter')}/code`);
    desk.nextSignIn({ kind: 'wait', forMs: 840_000 });
    await page.fill('#code', '00000000');
    await page.press('#code', 'Enter');
    await page.waitForSelector('text=14');
    await looked(t, visitor, `${language}-34-too-many-tries`);
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
