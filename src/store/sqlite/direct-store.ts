// The same store without a thread, for commands that run alone and for tests: the engine works on the caller's thread.
import type { ChainHead } from '../audit-log.ts';
import type { Store } from '../store.ts';
import { batchRunner } from './batch.ts';
import { callerOf } from './caller.ts';
import type { Caller } from './caller.ts';
import { openEngine } from './open.ts';
import type { OpenOptions, Refused } from './open.ts';
import { storeFace } from './store-face.ts';

/** A store with what only its owner needs. */
export interface OpenStore extends Store {
  readonly logId: string;
  /** The head of the chain as of the last answered commit. */
  lastHead(): ChainHead;
  /** Key material changed (a period was added or destroyed): resolves when nothing is sealed or opened with the old any more. */
  renewSealer(material: object): Promise<void>;
  /** Resolves when the database must not be used any more (I/O error), with its code: the process is to stop and recover. */
  readonly failed: Promise<string>;
}

export type Opening = { readonly kind: 'open'; readonly store: OpenStore } | Refused;

/** @param renew takes newer key material into `options.sealer` */
export function openDirectStore(options: OpenOptions, renew: (material: object) => void): Opening {
  const opened = openEngine(options);
  if (opened.kind !== 'open') return opened;
  const { engine } = opened;
  const batches = batchRunner(engine);
  const failure = Promise.withResolvers<string>();
  const caller: Caller = callerOf((requests) => {
    const result = batches.run(requests);
    caller.answered(result.answers);
    const fatal = result.fatal ?? batches.tidy()?.fatal ?? null;
    if (fatal !== null) failure.resolve(fatal);
  });
  const close = async (): Promise<void> => {
    caller.flush();
    caller.fail();
    if (!batches.failed()) engine.close();
  };
  const renewSealer = async (material: object): Promise<void> => renew(material);
  const store: OpenStore = {
    ...storeFace(caller, close),
    logId: engine.logId,
    lastHead: () => engine.evidence.head(),
    renewSealer,
    failed: failure.promise,
  };
  return { kind: 'open', store };
}
