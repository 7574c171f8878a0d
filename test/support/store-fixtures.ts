// The contract suite's fixtures for the SQLite engine: directly, and through its thread.
import { MessageChannel, Worker } from 'node:worker_threads';
import { openReader } from '../../src/store/sqlite/reader.ts';
import { storeOverPort } from '../../src/store/sqlite/thread-client.ts';
import { WithdrawalBoard } from '../../src/store/withdrawal.ts';
import type { OpenFixture, StoreFixture } from '../store/contract/fixture.ts';
import { openTestDirect, TEST_THREAD, testFolder } from './test-store.ts';
import type { TestStore } from './test-store.ts';
import { testSealer } from './test-sealer.ts';
import type { TestThreadStart } from './store-thread.ts';

type OpenStoreAt = (dataFolder: string) => TestStore | Promise<TestStore>;

function fixtures(openAt: OpenStoreAt): OpenFixture {
  return async (t) => {
    const folder = testFolder();
    let close = async (): Promise<void> => {};
    t.teardown(async () => {
      await close();
      folder.remove();
    });
    const open = async (): Promise<StoreFixture> => {
      const { store, board } = await openAt(folder.path);
      const reader = openReader({ dataFolder: folder.path, sealer: testSealer() });
      close = async () => {
        await reader.close();
        await store.close();
      };
      const reopen = async (): Promise<StoreFixture> => {
        await close();
        return open();
      };
      return { store, board, reader, reopen };
    };
    return open();
  };
}

export const directFixture: OpenFixture = fixtures(openTestDirect);

/** Fixtures on one storage thread that serves all stores of a test file, each over a port of its own. End it with `stop`. */
export function threadFixtures(): { readonly open: OpenFixture; stop(): Promise<void> } {
  const worker = new Worker(TEST_THREAD);
  const open = fixtures(async (dataFolder) => {
    const board = new WithdrawalBoard(1024);
    const { port1, port2 } = new MessageChannel();
    const gone = new Promise<string>((resolve) => port1.once('close', () => resolve('closed')));
    const opening = storeOverPort(port1, { gone, end: () => gone });
    const start: TestThreadStart = { dataFolder, board: board.buffer };
    worker.postMessage({ ...start, port: port2 }, [port2]);
    const opened = await opening;
    if (opened.kind !== 'open') throw new Error(`the store did not open: ${opened.kind}`);
    return { store: opened.store, board };
  });
  return { open, stop: async () => void (await worker.terminate()) };
}
