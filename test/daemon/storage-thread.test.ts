// The storage thread as the daemon starts it: real keys cross once, new material replaces them, and nothing opens without them.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { SealerMaterial } from '../../src/keys/column-sealer.ts';
import { sealerFrom } from '../../src/keys/column-sealer.ts';
import { createKeyFolder, openKeyFolder } from '../../src/keys/key-folder.ts';
import type { StorageThreadStart } from '../../src/daemon/storage-thread.ts';
import type { OpenStore } from '../../src/store/sqlite/direct-store.ts';
import { openReader } from '../../src/store/sqlite/reader.ts';
import { openThreadStore } from '../../src/store/sqlite/thread-client.ts';
import { WithdrawalBoard } from '../../src/store/withdrawal.ts';
import { acceptUnit } from '../support/store-units.ts';
import { idOf } from '../support/store-names.ts';
import { testFolder } from '../support/test-store.ts';

const ENTRY = new URL('../../src/daemon/storage-thread.ts', import.meta.url);

function freshMaterial(t: { teardown(work: () => void): void }): { readonly dataFolder: string; readonly material: SealerMaterial } {
  const folder = testFolder();
  t.teardown(() => folder.remove());
  const dataFolder = join(folder.path, 'data');
  mkdirSync(dataFolder, { mode: 0o700 });
  const place = { keyFolder: join(folder.path, 'keys'), dataFolder, sealedData: 'absent', keyCheck: null } as const;
  createKeyFolder(place);
  const opened = openKeyFolder(place);
  if (opened.kind !== 'open') throw new Error(opened.failure.text);
  opened.keys.prepare(Date.now());
  return { dataFolder, material: opened.keys.sealerMaterial() };
}

async function openWith(dataFolder: string, material: SealerMaterial): Promise<OpenStore> {
  const start: StorageThreadStart = { dataFolder, material, board: new WithdrawalBoard(8).buffer };
  const opened = await openThreadStore({ entry: ENTRY, start });
  if (opened.kind !== 'open') throw new Error(opened.kind);
  return opened.store;
}

await t.test('what the thread sealed opens with the same keys, in a reader and after a restart', async (t) => {
  const { dataFolder, material } = freshMaterial(t);
  const first = await openWith(dataFolder, material);
  const unit = acceptUnit({ number: 1 });
  await first.journal.accept(unit);
  await first.close();
  const store = await openWith(dataFolder, material);
  t.same(await store.journal.readMessage(idOf(1)), unit.message);
  const reader = openReader({ dataFolder, sealer: sealerFrom(material, Date.now) });
  t.match(await reader.queue.list({ states: null, after: null, limit: 5 }), [{ recipient: 'bob@partner.example' }]);
  await reader.close();
  await store.close();
});

await t.test('other keys open nothing', async (t) => {
  const { dataFolder, material } = freshMaterial(t);
  const first = await openWith(dataFolder, material);
  await first.journal.accept(acceptUnit({ number: 1 }));
  await first.close();
  const store = await openWith(dataFolder, freshMaterial(t).material);
  await t.rejects(store.journal.readMessage(idOf(1)), { code: 'content.unreadable' });
  await store.close();
});

await t.test('a period that is destroyed while it runs', async (t) => {
  const { dataFolder, material } = freshMaterial(t);
  const store = await openWith(dataFolder, material);
  await store.journal.accept(acceptUnit({ number: 1 }));
  const [now, ...later] = material.periods;
  if (now === undefined || later.length === 0) throw new Error('there are two periods');
  await store.renewSealer({ periods: later, destroyed: [now.periodId] } satisfies SealerMaterial);
  t.equal(await store.journal.readMessage(idOf(1)), null, 'what it sealed is gone');
  await store.journal.accept(acceptUnit({ number: 2 }));
  t.equal((await store.journal.readMessage(idOf(2)))?.id, idOf(2), 'and new mail is sealed with the next');
  await store.close();
});
