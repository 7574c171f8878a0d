// Exactly one process writes a data folder; the lock goes with the process that held it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { openDirectStore } from '../../src/store/sqlite/direct-store.ts';
import { lockFolder } from '../../src/store/sqlite/lock.ts';
import { openThreadStore } from '../../src/store/sqlite/thread-client.ts';
import { openTestDirect, TEST_THREAD, testFolder } from '../support/test-store.ts';
import { testSealer } from '../support/test-sealer.ts';

const options = { sealer: testSealer(), board: null, now: () => 0 };

await t.test('a second taker in the same process', async (t) => {
  const folder = testFolder();
  t.teardown(() => folder.remove());
  const lock = lockFolder(folder.path);
  if (lock === 'locked') throw new Error('a fresh folder is locked');
  t.equal(lockFolder(folder.path), 'locked');
  t.equal(lockFolder(folder.path), 'locked', 'and asking does not loosen it');
  lock.release();
  const again = lockFolder(folder.path);
  t.not(again, 'locked');
  if (again !== 'locked') again.release();
});

await t.test('a store holds it, on a thread too, and lets go at its close', async (t) => {
  const folder = testFolder();
  t.teardown(() => folder.remove());
  const { store } = openTestDirect(folder.path);
  t.same(
    openDirectStore({ ...options, dataFolder: folder.path }, () => {}),
    { kind: 'locked' },
  );
  t.same(await openThreadStore({ entry: TEST_THREAD, start: { dataFolder: folder.path, board: null } }), { kind: 'locked' });
  await store.close();
  const again = openTestDirect(folder.path);
  await again.store.close();
});

await t.test('another process; kill -9 frees the folder', async (t) => {
  const folder = testFolder();
  t.teardown(() => folder.remove());
  const child = spawn(process.execPath, [new URL('../support/store-kill-child.ts', import.meta.url).pathname, folder.path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  await once(createInterface({ input: child.stdout }), 'line');
  t.same(
    openDirectStore({ ...options, dataFolder: folder.path }, () => {}),
    { kind: 'locked' },
  );
  child.kill('SIGKILL');
  await once(child, 'exit');
  const { store } = openTestDirect(folder.path);
  await store.close();
});

await t.test('only the owner can read what it makes', async (t) => {
  const folder = testFolder();
  t.teardown(() => folder.remove());
  const before = process.umask(0);
  const { store } = openTestDirect(folder.path);
  process.umask(before);
  for (const name of ['postern.db', 'postern.db-wal', 'postern.db-shm', 'postern.lock']) {
    t.equal((statSync(join(folder.path, name)).mode & 0o777).toString(8), '600', name);
  }
  await store.close();
});
