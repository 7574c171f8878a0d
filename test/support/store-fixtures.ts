// The contract suite's fixtures for the SQLite engine: directly, and through its thread.
import { openReader } from '../../src/store/sqlite/reader.ts';
import type { OpenFixture, StoreFixture } from '../store/contract/fixture.ts';
import { openTestDirect, openTestThread, testFolder } from './test-store.ts';
import type { TestStore } from './test-store.ts';
import { testSealer } from './test-sealer.ts';

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
export const threadFixture: OpenFixture = fixtures(openTestThread);
