// A real Chromium that knows the portal by its host name and trusts its certificate; what a visitor's pages ask for, weigh and complain of is kept.
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { PORTAL_HOST, portalIdentity, type PortalPages, spkiOf } from './portal-pages.ts';
import type { TestIdentity } from './test-ca.ts';

export interface PortalBrowser {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What axe-core has against the page as it is, as sentences; `colours`: only what a change of colours can bring. */
  readonly violations: (of: 'everything' | 'colours') => Promise<readonly string[]>;
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
        if (message.type() === 'error' && !/the server responded with a status of [45]\d\d/.test(message.text()))
          errors.push(message.text());
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
      return { context, page, weights, elsewhere, errors, violations: violationsOf(page) };
    },
  };
}

/** One browser for portals that are started one after the other with `identity`: `visiting` leads it to the newest. */
export async function launchPortalBrowserOnce(
  t: Parameters<typeof launchPortalBrowser>[0],
): Promise<PortalBrowsers & { readonly identity: TestIdentity; visiting(pages: Pick<PortalPages, 'port'>): void }> {
  const identity = portalIdentity();
  let to = 0;
  const forwarder = createServer((socket) => {
    const onward = connect(to, '127.0.0.1');
    for (const end of [socket, onward]) end.on('error', () => end.destroy());
    socket.pipe(onward).pipe(socket);
    socket.on('close', () => onward.destroy());
    onward.on('close', () => socket.destroy());
  });
  await new Promise<void>((resolve) => forwarder.listen(0, '127.0.0.1', resolve));
  const { port } = forwarder.address() as AddressInfo;
  const browsers = await launchPortalBrowser(t, { port, spki: spkiOf(identity) });
  t.teardown(async () => void forwarder.close());
  return { ...browsers, identity, visiting: (pages) => void (to = pages.port) };
}

/** What shows only in other colours. All else in a page is the same, light or dark. */
const OF_COLOURS = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };

/** Runs in a world of its own, so that the page's policy stays as it is; brought there once for each document. */
function violationsOf(page: Page): PortalBrowser['violations'] {
  let known: { readonly loaderId: string; readonly contextId: number } | null = null;
  let session: Promise<CDPSession> | null = null;
  const world = async (tools: CDPSession): Promise<number> => {
    const { frameTree } = await tools.send('Page.getFrameTree');
    const { id: frameId, loaderId } = frameTree.frame;
    if (known?.loaderId === loaderId) return known.contextId;
    const { executionContextId: contextId } = await tools.send('Page.createIsolatedWorld', { frameId, worldName: 'axe' });
    await tools.send('Runtime.evaluate', { expression: `${AXE};0`, contextId });
    known = { loaderId, contextId };
    return contextId;
  };
  return async (of) => {
    const tools = await (session ??= page.context().newCDPSession(page));
    const runOnly = JSON.stringify(of === 'colours' ? OF_COLOURS : TAGS);
    const { result, exceptionDetails } = await tools.send('Runtime.evaluate', {
      expression: `axe.run(document, { runOnly: ${runOnly}, iframes: false, resultTypes: ['violations'] }).then(({ violations }) => JSON.stringify(violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html, failureSummary }) => html + ' ' + failureSummary).join(' | '))))`,
      contextId: await world(tools),
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return JSON.parse(String(result.value)) as readonly string[];
  };
}
