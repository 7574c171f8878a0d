// A storage thread for tests: the real server over the real engine, with the test sealer. Serves one store per message, so that
// a file of many tests needs only one worker.
import { parentPort } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { openEngine } from '../../src/store/sqlite/open.ts';
import { serveStore } from '../../src/store/sqlite/thread-server.ts';
import type { FromThread } from '../../src/store/sqlite/thread-server.ts';
import { WithdrawalBoard } from '../../src/store/withdrawal.ts';
import { testSealer } from './test-sealer.ts';

export interface TestThreadStart {
  readonly dataFolder: string;
  readonly board: SharedArrayBuffer | null;
}

parentPort?.on('message', ({ dataFolder, board, port }: TestThreadStart & { port: MessagePort }) => {
  const opened = openEngine({
    dataFolder,
    sealer: testSealer(),
    board: board === null ? null : new WithdrawalBoard(board),
    now: () => Date.now(),
  });
  if (opened.kind === 'open') {
    // new key material is the way in for a test that wants the thread to die
    serveStore(port, opened.engine, () => process.exit(7));
  } else {
    port.postMessage({ kind: 'refused', why: opened } satisfies FromThread);
    port.close();
  }
});
