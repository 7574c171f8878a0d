// postern serve: the configuration file to a running gateway. The world outside is the real one, or the sandbox's sink.
import { randomUUID } from 'node:crypto';
import { type Loaded, loadConfig } from '../config/load.ts';
import { createLog, type LogDestination } from '../log/create-log.ts';
import type { Log } from '../log/log.ts';
import { MailError } from '../mail/mail-error.ts';
import { forbidDumps } from './dumps.ts';
import { type Outside, realOutside } from './outgoing.ts';
import { startService, type Service } from './service.ts';
import { productVersion } from './version.ts';
import type { Running, ServeStart } from './work.ts';

export async function serve({ configPath }: { readonly configPath: string }): Promise<ServeStart> {
  const loaded = await loadConfig(configPath, Date.now());
  if (loaded.kind === 'refused') return loaded;
  const started = await serveLoaded(loaded, configPath, 'stdout');
  return started.kind === 'not-reached' ? started : started.running;
}

export type ServedStart =
  | { readonly kind: 'served'; readonly running: Running; readonly service: Service }
  | { readonly kind: 'not-reached'; readonly text: string };

/** The same for a configuration that is already read; `configPath` is read again at a reload. */
export async function serveLoaded(loaded: Loaded, configPath: string, destination: LogDestination): Promise<ServedStart> {
  const dumps = forbidDumps();
  if (dumps !== null && loaded.config.mode === 'live') return { kind: 'not-reached', text: dumps };
  const log = createLog({ level: loaded.config.log.level, destination, newId: randomUUID });
  await using undo = new AsyncDisposableStack();
  const outside = await outsideOf(loaded, undo);
  const readAgain = async (): Promise<Loaded | null> => {
    const again = await loadConfig(configPath, Date.now());
    if (again.kind === 'loaded') return again;
    log.configRefused({ errors: again.issues.filter(({ weight }) => weight === 'error').length });
    return null;
  };
  const service = await startService({ loaded, version: productVersion(), outside, log, readAgain }).catch((error: unknown) => {
    if (!isOfTheStorage(error)) throw error;
    const text = `${loaded.config.folders.data} cannot be written: its disk is full or failing.`;
    return { kind: 'not-reached' as const, text };
  });
  if (service.kind === 'not-reached') return service;
  return { kind: 'served', running: runningOf(service, loaded, log, undo.move()), service };
}

/** A start that failed undoes what it had begun; where that fails too, the first failure is the one that counts. */
function isOfTheStorage(error: unknown): boolean {
  if (error instanceof SuppressedError) return isOfTheStorage(error.suppressed);
  return error instanceof MailError && (error.code === 'store.unavailable' || error.code === 'store.disk-full');
}

function runningOf(service: Service, loaded: Loaded, log: Log, undo: AsyncDisposableStack): Running {
  let stopping: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    await service.stop();
    await undo.disposeAsync();
    log.close();
  };
  return {
    kind: 'running',
    warnings: loaded.warnings,
    stop: () => (stopping ??= stop()),
    reload: async () => void (await service.reload()),
    ended: service.ended.then((how) => {
      // The process ends now: what was logged goes out first.
      if (how === 'failed') log.close();
      return how;
    }),
  };
}

async function outsideOf(loaded: Loaded, undo: AsyncDisposableStack): Promise<Outside> {
  if (loaded.config.mode === 'live') return realOutside(loaded.config);
  // Loaded only here: a live gateway carries nothing of the sandbox.
  const [{ startSandbox }, { ownMailbox, sandboxMailFolder }] = await Promise.all([
    import('../sandbox/sandbox.ts'),
    import('../sandbox/mailbox.ts'),
  ]);
  const sandbox = undo.use(await startSandbox({ now: Date.now, keepOwn: ownMailbox(sandboxMailFolder(loaded.config.folders.run)) }));
  const { resolver, fetchPolicy, trustAnchors, port } = sandbox;
  return { resolver, fetchPolicy, trustAnchors, mxPort: port, privateAddresses: 'allowed' };
}
