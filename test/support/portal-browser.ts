// A real Chromium that knows the portal by its host name and trusts its certificate; what a visitor's pages ask for, weigh and complain of is kept.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { PORTAL_HOST, type PortalPages } from './portal-pages.ts';

export interface PortalBrowser {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What axe-core has against the page as it is, as sentences. */
  readonly violations: () => Promise<readonly string[]>;
  /** Octets of each page with its style and script. */
  readonly weights: readonly { readonly path: string; readonly bytes: number }[];
  /** Addresses of other hosts that were asked for. */
  readonly elsewhere: readonly string[];
  /** Exceptions of scripts, and what the policy of a page has stopped. */
  readonly errors: readonly string[];
}

export interface VisitorOptions {
  readonly locale?: string;
  readonly timezone?: string;
  readonly javaScriptEnabled?: boolean;
  readonly width?: number;
}

export interface PortalBrowsers {
  readonly browser: Browser;
  visitor(options?: VisitorOptions): Promise<PortalBrowser>;
}

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export async function launchPortalBrowser(
  t: { teardown(handler: () => Promise<void>): void },
  { port, spki }: Pick<PortalPages, 'port' | 'spki'>,
): Promise<PortalBrowsers> {
  const browser = await launchChromium(t, [
    `--host-resolver-rules=MAP ${PORTAL_HOST} 127.0.0.1:${port}, MAP * ~NOTFOUND`,
    `--ignore-certificate-errors-spki-list=${spki}`,
    '--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests,HttpsUpgrades',
  ]);
  return {
    browser,
    async visitor({ locale = 'en-US', timezone = 'America/Chicago', javaScriptEnabled = true, width = 360 } = {}) {
      const context = await browser.newContext({
        locale,
        timezoneId: timezone,
        javaScriptEnabled,
        viewport: { width, height: 740 },
        acceptDownloads: true,
      });
      const page = await context.newPage();
      const weights: { path: string; bytes: number }[] = [];
      const elsewhere: string[] = [];
      const errors: string[] = [];
      context.on('request', (request) => {
        const { hostname, protocol } = new URL(request.url());
        if (protocol.startsWith('http') && hostname !== PORTAL_HOST) elsewhere.push(request.url());
      });
      page.on('pageerror', ({ message }) => errors.push(message));
      page.on('console', (message) => {
        if (message.type() === 'error' && !/the server responded with a status of 4\d\d/.test(message.text())) errors.push(message.text());
      });
      page.on('response', (response) => {
        const { pathname } = new URL(response.url());
        const ours = response.headers()['content-type']?.startsWith('text/html') === true && !pathname.endsWith('/body');
        if (ours && response.status() !== 303)
          response.body().then(
            (body) => weights.push({ path: pathname, bytes: body.length }),
            () => undefined,
          );
      });
      return { context, page, weights, elsewhere, errors, violations: () => violationsOf(page) };
    },
  };
}

/** Runs in a world of its own, so that the page's policy stays as it is. */
async function violationsOf(page: Page): Promise<readonly string[]> {
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send('Page.getFrameTree');
  const { executionContextId } = await session.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id, worldName: 'axe' });
  const run = `${AXE};axe.run(document, { runOnly: ${JSON.stringify(TAGS)}, iframes: false }).then(({ violations }) => JSON.stringify(violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html, failureSummary }) => html + ' ' + failureSummary).join(' | '))))`;
  const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
    expression: run,
    contextId: executionContextId,
    awaitPromise: true,
    returnByValue: true,
  });
  await session.detach();
  if (exceptionDetails !== undefined) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return JSON.parse(String(result.value)) as readonly string[];
}
