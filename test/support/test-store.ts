// Stores for tests: in a folder of their own, with a thread or without.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDirectStore } from '../../src/store/sqlite/direct-store.ts';
import type { OpenStore } from '../../src/store/sqlite/direct-store.ts';
import { openThreadStore } from '../../src/store/sqlite/thread-client.ts';
import { WithdrawalBoard } from '../../src/store/withdrawal.ts';
import { testSealer } from './test-sealer.ts';
import type { TestThreadStart } from './store-thread.ts';

/** A fresh data folder: in memory, where tests are quick and leave the disk alone, or on the disk, where a commit costs what it costs. */
export function testFolder(place: 'memory' | 'disk' = 'memory'): { readonly path: string; remove(): void } {
  const parent = place === 'memory' && existsSync(MEMORY) ? MEMORY : tmpdir();
  const path = mkdtempSync(join(parent, 'postern-store-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

const MEMORY = '/dev/shm';

export interface TestStore {
  readonly store: OpenStore;
  readonly board: WithdrawalBoard;
}

/** Entry of the storage thread with the test sealer. */
export const TEST_THREAD = new URL('./store-thread.ts', import.meta.url);

/** The store on a thread of its own, as the gateway has it. */
export async function openTestThread(dataFolder: string): Promise<TestStore> {
  const board = new WithdrawalBoard(1024);
  const start: TestThreadStart = { dataFolder, board: board.buffer };
  const opened = await openThreadStore({ entry: TEST_THREAD, start });
  if (opened.kind !== 'open') throw new Error(`the store did not open: ${opened.kind}`);
  return { store: opened.store, board };
}

/** The store on this thread. */
export function openTestDirect(dataFolder: string): TestStore {
  const board = new WithdrawalBoard(1024);
  const opened = openDirectStore({ dataFolder, sealer: testSealer(), board, now: () => Date.now() }, () => {});
  if (opened.kind !== 'open') throw new Error(`the store did not open: ${opened.kind}`);
  return { store: opened.store, board };
}
