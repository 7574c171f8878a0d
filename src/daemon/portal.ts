// The portal's process, assembled: pages over the desk of the gateway, a presenter whose children read what is dangerous. It has no key, no database and
// no credentials, and runs as a user who can read none of them.
import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { addressGroup } from '../access/address-group.ts';
import { PASSWORD_LENGTH } from '../access/portal-password.ts';
import { loadPortal, type PortalView } from '../config/load-portal.ts';
import type { WebServerTls } from '../http/web-server.ts';
import { createLog } from '../log/create-log.ts';
import { deskClient } from '../portal/desk-client.ts';
import { deskSocketPath } from '../portal/desk-wire.ts';
import { type PortalServer, startPortalServer } from '../portal/server.ts';
import { UPLOAD_LIMITS } from '../portal/settings.ts';
import { clientBehind } from './clients-behind.ts';
import { forbidDumps } from './dumps.ts';
import { listenFault } from './listen-fault.ts';
import { openPresenter } from './presenter.ts';
import { productVersion } from './version.ts';
import type { NotReached, ServeStart } from './work.ts';

/** Resolves when it listens. The gateway need not run yet: until it does every page says that it is busy. */
export async function portal({ configPath }: { readonly configPath: string }): Promise<ServeStart> {
  const began = performance.now();
  const loaded = await loadPortal(configPath);
  if (loaded.kind === 'refused') return loaded;
  const { view } = loaded;
  const dumps = forbidDumps();
  if (dumps !== null && view.mode === 'live') return { kind: 'not-reached', text: dumps };
  const tls = await certificateOf(view);
  if (tls !== null && 'kind' in tls) return tls;
  await using undo = new AsyncDisposableStack();
  const log = createLog({ level: 'info', destination: 'stdout', newId: randomUUID });
  undo.defer(() => log.close());
  const presenter = openPresenter();
  undo.defer(() => presenter.close());
  const server = await opened(view, presenter, tls, (where, error) => log.bug(where, error));
  if ('kind' in server) return server;
  undo.defer(() => server.close());
  log.started({ version: productVersion(), mode: view.mode, startMs: performance.now() - began });
  log.listening({ listener: 'portal', port: server.port });
  return running(undo.move(), async () => {
    const again = await certificateOf(view);
    // One that does not fit changes nothing.
    if (again !== null && ('kind' in again || attempt(() => server.renew(again)) !== null)) log.configRefused({ errors: 1 });
  });
}

async function opened(
  { portal: config, folders }: PortalView,
  presenter: ReturnType<typeof openPresenter>,
  tls: WebServerTls | null,
  bug: (where: string, error: unknown) => string,
): Promise<PortalServer | NotReached> {
  const deps = {
    desk: deskClient(deskSocketPath(folders.run)),
    presenter,
    settings: {
      brands: config.brands,
      zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      uploads: UPLOAD_LIMITS,
      password: { min: PASSWORD_LENGTH.least, max: PASSWORD_LENGTH.most },
    },
    now: Date.now,
    random: randomBytes,
    key: randomBytes(32),
    clientOf: clientBehind(config.proxies),
    networkOf: addressGroup,
    bug,
  };
  try {
    return await startPortalServer(config, deps, tls);
  } catch (error) {
    if (isOfTls(error))
      return { kind: 'not-reached', text: 'the certificate and key of the portal do not fit: write the chain and its own key.' };
    const why = listenFault(error);
    if (why === null) throw error;
    return { kind: 'not-reached', text: `portal cannot listen on ${config.address} port ${config.port}: ${why}.` };
  }
}

/** Gives what OpenSSL has against a certificate or key, or null. */
function attempt(work: () => void): unknown {
  try {
    work();
    return null;
  } catch (error) {
    if (!isOfTls(error)) throw error;
    return error;
  }
}

function isOfTls(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_OSSL');
}

/** Null: a reverse proxy holds it. */
async function certificateOf({ portal: { tls } }: PortalView): Promise<WebServerTls | NotReached | null> {
  if (tls === null) return null;
  try {
    return { certificate: await readFile(tls.certificateFile, 'utf8'), key: await readFile(tls.keyFile, 'utf8') };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return { kind: 'not-reached', text: `${tls.certificateFile} or ${tls.keyFile} cannot be read: let the user of the portal read them.` };
  }
}

function running(undo: AsyncDisposableStack, reload: () => Promise<void>): ServeStart {
  const ended = Promise.withResolvers<'stopped'>();
  const stop = async (): Promise<void> => {
    process.off('disconnect', gatewayGone);
    await undo.disposeAsync();
    ended.resolve('stopped');
  };
  // Only where a sandbox started us (portal-child.ts): nobody is left to end us.
  const gatewayGone = (): void => void stop();
  process.once('disconnect', gatewayGone);
  return { kind: 'running', warnings: [], reload, ended: ended.promise, stop };
}
