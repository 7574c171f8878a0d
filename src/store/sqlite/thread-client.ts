// The store as the other threads see it: requests of one turn go over in one message, answers come back in one.
import { MessageChannel, Worker } from 'node:worker_threads';
import type { MessagePort, TransferListItem } from 'node:worker_threads';
import type { ChainHead } from '../audit-log.ts';
import { callerOf } from './caller.ts';
import type { OpenStore, Opening } from './direct-store.ts';
import { storeFace } from './store-face.ts';
import type { FromThread, ToThread } from './thread-server.ts';

export interface ThreadStoreOptions {
  /** The worker's entry: it takes the first message, makes its engine, and calls `serveStore` with `port`. */
  readonly entry: URL;
  /** First message to the worker, with the port to serve added as `port`. Key material belongs here, never in argv or environment. */
  readonly start: object;
  readonly transfer?: readonly TransferListItem[];
  /** Loaded before the entry. */
  readonly preload?: URL;
}

/** The thread's garbage is short-lived: a small nursery costs no speed and saves memory. */
const YOUNG_GENERATION_MB = 8;

/** Starts a storage thread and waits until it has opened its folder, or says why not. */
export function openThreadStore(options: ThreadStoreOptions): Promise<Opening> {
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(options.entry, {
    name: 'storage',
    ...(options.preload === undefined ? {} : { execArgv: ['--import', options.preload.href] }),
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  });
  const opening = storeOverPort(port1, { gone: ended(worker), end: () => worker.terminate() });
  worker.postMessage({ ...options.start, port: port2 }, [port2, ...(options.transfer ?? [])]);
  return opening;
}

/** Resolves when the worker is gone, with why. */
function ended(worker: Worker): Promise<string> {
  return new Promise((resolve) => {
    worker.once('error', (error: unknown) => resolve(error instanceof Error ? error.name : 'error'));
    worker.once('exit', (code) => resolve(`exit-${code}`));
  });
}

export interface Thread {
  /** Resolves when the thread behind the port is gone, with why. */
  readonly gone: Promise<string>;
  /** Ends it, once it has closed its folder or has refused to open it. */
  end(): Promise<unknown>;
}

export function storeOverPort(port: MessagePort, thread: Thread): Promise<Opening> {
  const opening = Promise.withResolvers<Opening>();
  const failure = Promise.withResolvers<string>();
  const closed = Promise.withResolvers<void>();
  const caller = callerOf((requests) => port.postMessage({ kind: 'requests', requests } satisfies ToThread));
  const renewals: (() => void)[] = [];
  let closing = false;
  let head: ChainHead = { logId: '', seq: 0, hash: new Uint8Array(32) };

  const fail = (code: string): void => {
    caller.fail();
    failure.resolve(code);
  };
  const close = async (): Promise<void> => {
    closing = true;
    caller.flush();
    port.postMessage({ kind: 'close' } satisfies ToThread);
    await closed.promise;
    await thread.end();
  };
  const renewSealer = (material: object): Promise<void> => {
    port.postMessage({ kind: 'renew-sealer', material } satisfies ToThread);
    return new Promise((resolve) => renewals.push(resolve));
  };
  const opened = (first: ChainHead): void => {
    head = first;
    const store: OpenStore = {
      ...storeFace(caller, close),
      logId: first.logId,
      lastHead: () => head,
      renewSealer,
      failed: failure.promise,
    };
    opening.resolve({ kind: 'open', store });
  };
  port.on('message', (message: FromThread) => {
    if (message.kind === 'opened') opened(message.head);
    else if (message.kind === 'refused') {
      opening.resolve(message.why);
      void thread.end();
    } else if (message.kind === 'sealer-renewed') renewals.shift()?.();
    else if (message.kind === 'closed') closed.resolve();
    else {
      head = message.head;
      caller.answered(message.answers);
      if (message.fatal !== null) fail(message.fatal);
    }
  });
  void thread.gone.then((why) => {
    closed.resolve();
    for (const renewed of renewals) renewed();
    opening.reject(new Error(`the storage thread did not start: ${why}`));
    caller.fail();
    // an end that nobody asked for is a failure
    if (!closing) failure.resolve(why);
    port.close();
  });
  return opening.promise;
}
