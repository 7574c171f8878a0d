// The storage thread: takes everything that waits into one commit and answers it in one message. Runs in a worker.
import { receiveMessageOnPort } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import type { ChainHead } from '../audit-log.ts';
import { batchRunner } from './batch.ts';
import type { Answer } from './batch.ts';
import type { OpenEngine, Refused } from './open.ts';
import type { Request } from './operations.ts';

/** From the client: requests of one turn of its event loop, or the end. */
export type ToThread =
  | { readonly kind: 'requests'; readonly requests: readonly Request[] }
  | { readonly kind: 'renew-sealer'; readonly material: object }
  | { readonly kind: 'close' };

/** To the client: first whether the folder was opened, then answers, at last that it is closed. */
export type FromThread =
  | { readonly kind: 'opened'; readonly head: ChainHead }
  | { readonly kind: 'refused'; readonly why: Refused }
  | { readonly kind: 'answers'; readonly answers: readonly Answer[]; readonly head: ChainHead; readonly fatal: string | null }
  | { readonly kind: 'sealer-renewed' }
  | { readonly kind: 'closed' };

/** Units in one commit, at most: the rest waits for the next. */
const UNITS_PER_COMMIT = 256;

/**
 * Serves an engine over a port until the client closes it.
 * @param renewSealer takes newer key material, in the shape that the caller of OpenStore.renewSealer gave
 */
export function serveStore(port: MessagePort, engine: OpenEngine, renewSealer: (material: object) => void): void {
  const batches = batchRunner(engine);
  let waiting: Request[] = [];
  let closing = false;

  const post = (message: FromThread): void => port.postMessage(message);
  const take = (message: ToThread): void => {
    if (message.kind === 'requests') waiting.push(...message.requests);
    else if (message.kind === 'close') closing = true;
    else {
      renewSealer(message.material);
      post({ kind: 'sealer-renewed' });
    }
  };
  const drain = (): void => {
    for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) take(next.message as ToThread);
  };
  port.on('message', (message: ToThread) => {
    take(message);
    drain();
    while (waiting.length > 0) {
      const batch = waiting.slice(0, UNITS_PER_COMMIT);
      waiting = waiting.slice(UNITS_PER_COMMIT);
      post({ kind: 'answers', ...batches.run(batch) });
      const failure = batches.tidy();
      if (failure !== null) post({ kind: 'answers', ...failure });
      drain();
    }
    if (!closing) return;
    // after a failure nothing more is done to that file: the process ends, and the next start recovers
    if (!batches.failed()) engine.close();
    post({ kind: 'closed' });
    port.close();
  });
  post({ kind: 'opened', head: engine.evidence.head() });
}
