// Accepted means kept: kill -9 at any moment loses no acknowledged message, and the chain still verifies.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import t from 'tap';
import { openReader } from '../../src/store/sqlite/reader.ts';
import { T0 } from '../support/store-units.ts';
import { openTestDirect, testFolder } from '../support/test-store.ts';
import { testSealer } from '../support/test-sealer.ts';
import { verified } from './contract/fixture.ts';

const CHILD = new URL('../support/store-kill-child.ts', import.meta.url).pathname;

/** Runs the child until it has acknowledged `count` messages, kills it, and gives every id that it printed. */
async function killedAfter(folder: string, first: number, count: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, [CHILD, folder, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ids: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    ids.push(line);
    if (ids.length === count) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return ids;
}

await t.test('kill -9 under load, again and again, on one data folder', async (t) => {
  const folder = testFolder();
  t.teardown(() => folder.remove());
  const acknowledged: string[] = [];
  for (const [round, count] of [1, 17, 120, 400].entries()) {
    acknowledged.push(...(await killedAfter(folder.path, round * 100_000, count)));
    const { store } = openTestDirect(folder.path);
    const reader = openReader({ dataFolder: folder.path, sealer: testSealer() });
    const kept = await Promise.all(acknowledged.map((id) => store.journal.readMessage(id)));
    const missing = acknowledged.filter((_, i) => kept[i] === null);
    t.same(missing, [], `round ${round}: ${acknowledged.length} acknowledged, none missing`);
    t.equal(kept.filter((message) => message !== null).length, acknowledged.length);
    t.equal(verified({ store, reader }).bad, null, `round ${round}: the chain verifies`);
    const { active } = await reader.queue.counts();
    t.ok(active >= count, 'what was under way is still active');
    t.equal(await store.queue.reclaim({ owner: 'gateway-2', now: T0, scope: 'start', limit: 1_000_000 }), active, 'and is taken back');
    await reader.close();
    await store.close();
  }
});
