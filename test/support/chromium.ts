// A real Chromium without a network of its own: what it would ask for is written down and refused, unless a test answers it.
import { type Browser, chromium, type Page } from 'playwright-core';

export async function launchChromium(t: { teardown(handler: () => Promise<void>): void }): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
      ...['--disable-component-update', '--disable-sync'],
    ],
  });
  t.teardown(() => browser.close());
  return browser;
}

/** What a page did that a letter may not: requests that left, dialogs that its scripts opened, pages that it went to. */
export interface Watched {
  readonly page: Page;
  readonly done: string[];
}

/** A page that notes all that happens in it, and in the frames in it. */
export async function watchedPage(browser: Browser): Promise<Watched> {
  const page = await browser.newPage();
  const done: string[] = [];
  await page.route('**/*', async (route) => {
    done.push(`request ${route.request().url()}`);
    await route.abort();
  });
  page.on('dialog', (dialog) => {
    done.push(`dialog ${dialog.message()}`);
    dialog.dismiss().catch(() => undefined);
  });
  page.on('popup', () => done.push('popup'));
  return { page, done };
}
