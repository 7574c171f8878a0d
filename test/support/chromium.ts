// A real Chromium whose world is one socket of ours: whatever a page asks for of a host under `example` arrives there and is written down.
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium, type Page } from 'playwright-core';

type Test = Readonly<{ teardown(handler: () => Promise<void>): void }>;

export async function launchChromium(t: Test, more: readonly string[] = []): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
      ...['--disable-component-update', '--disable-sync', ...more],
    ],
  });
  t.teardown(() => browser.close());
  return browser;
}

export interface Watched {
  readonly page: Page;
  /** Dialogs that scripts opened and windows that came up. */
  readonly done: string[];
  /** The first line of all that was asked for; `tls` where it was asked under TLS. */
  readonly heard: string[];
  /** Resolves when something has been asked for that begins so. */
  readonly asked: (start: string) => Promise<void>;
}

/** Requests of frames without an origin do not show in the tools of the browser: only a socket hears them all. */
export async function watchedPage(t: Test): Promise<Watched> {
  const heard: string[] = [];
  const waiting: { readonly start: string; readonly resolve: () => void }[] = [];
  const hear = (line: string): void => {
    heard.push(line);
    for (const one of waiting) if (line.startsWith(one.start)) one.resolve();
  };
  const sockets = new Set<Socket>();
  const server = await listening((socket) => {
    sockets.add(socket);
    socket.once('data', (octets) => {
      hear(octets[0] === 22 ? 'tls' : (octets.toString('latin1').split('\r\n', 1)[0] ?? ''));
      socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    });
    socket.on('error', () => undefined);
  });
  t.teardown(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  );
  const { port } = server.address() as AddressInfo;
  const browser = await launchChromium(t, [
    // What the browser asks for by itself leads nowhere.
    `--host-resolver-rules=MAP *.example 127.0.0.1:${port}, MAP * ~NOTFOUND`,
    // Else it keeps pages from addresses of this machine.
    '--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests,HttpsUpgrades',
  ]);
  const page = await browser.newPage();
  const done: string[] = [];
  page.on('dialog', (dialog) => {
    done.push(`dialog ${dialog.message()}`);
    dialog.dismiss().catch(() => undefined);
  });
  page.on('popup', () => done.push('popup'));
  const asked = (start: string): Promise<void> =>
    heard.some((line) => line.startsWith(start)) ? Promise.resolve() : new Promise((resolve) => waiting.push({ start, resolve }));
  return { page, done, heard, asked };
}

async function listening(hear: (socket: Socket) => void): Promise<Server> {
  const server = createServer(hear);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
