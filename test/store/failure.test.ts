// What happens when the disk fails: nothing is answered that is not kept, and nothing is retried on that file.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import t from 'tap';
import { MailError } from '../../src/mail/mail-error.ts';
import { batchRunner } from '../../src/store/sqlite/batch.ts';
import { openEngine } from '../../src/store/sqlite/open.ts';
import type { OpenEngine } from '../../src/store/sqlite/open.ts';
import { openReader } from '../../src/store/sqlite/reader.ts';
import type { Request } from '../../src/store/sqlite/operations.ts';
import { openThreadStore } from '../../src/store/sqlite/thread-client.ts';
import { acceptUnit, evidence } from '../support/store-units.ts';
import { openTestDirect, openTestThread, TEST_THREAD, testFolder } from '../support/test-store.ts';
import { testSealer } from '../support/test-sealer.ts';
import { idOf } from '../support/store-names.ts';
import { verified } from './contract/fixture.ts';

function engineIn(t: { teardown(work: () => void): void }): OpenEngine {
  const folder = testFolder();
  const opened = openEngine({ dataFolder: folder.path, sealer: testSealer(), board: null, now: () => 0 });
  if (opened.kind !== 'open') throw new Error(opened.kind);
  t.teardown(() => {
    opened.engine.close();
    folder.remove();
  });
  return opened.engine;
}

const accept = (id: number): Request => ({
  id,
  op: 'accept',
  input: acceptUnit({ number: id }, { sealed: Buffer.alloc(id === 2 ? 400_000 : 100) }),
});

await t.test('full inside a unit: that unit is told so, its neighbours are kept', async (t) => {
  const engine = engineIn(t);
  const batches = batchRunner(engine);
  // a statement of many rows, which SQLite can undo alone
  engine.db.exec(`CREATE TABLE filler (a BLOB UNIQUE);
    CREATE TRIGGER fill AFTER INSERT ON contents WHEN length(new.sealed) > 1000
    BEGIN INSERT INTO filler SELECT randomblob(4000) FROM sqlite_schema; END`);
  engine.db.pragma(`max_page_count = ${Number(engine.db.pragma('page_count', { simple: true })) + 20}`);
  const { answers, fatal } = batches.run([accept(1), accept(2), accept(3)]);
  t.match(answers, [{ kind: 'value' }, { kind: 'error', code: 'store.disk-full' }, { kind: 'value' }]);
  t.equal(fatal, null);
  t.equal(engine.evidence.head().seq, 4, 'evidence of two');
  engine.db.pragma('max_page_count = 1000000');
  t.match(batches.run([accept(2)]).answers, [{ kind: 'value' }], 'with room again, it is taken');
});

await t.test('full, and SQLite undoes the whole transaction: all are told, and the store is not used again', async (t) => {
  const engine = engineIn(t);
  const batches = batchRunner(engine);
  t.match(batches.run([accept(1)]).answers, [{ kind: 'value' }]);
  engine.db.pragma(`max_page_count = ${Number(engine.db.pragma('page_count', { simple: true })) + 20}`);
  const result = batches.run([accept(3), accept(2), accept(4)]);
  t.match(result, { fatal: 'SQLITE_FULL', answers: [3, 2, 4].map((id) => ({ id, kind: 'error', code: 'store.unavailable' })) });
  t.equal(engine.db.prepare('SELECT count(*) FROM messages').pluck().get(), 1, 'nothing of them is stored');
});

await t.test('a commit that fails: all who wait are told, and the store is not used again', async (t) => {
  const engine = engineIn(t);
  const batches = batchRunner(engine);
  // a constraint that is checked at the commit stands for the disk here: the file itself fails in the tests below
  engine.db.exec(
    'PRAGMA foreign_keys = ON; CREATE TABLE p (a INTEGER PRIMARY KEY); CREATE TABLE c (a REFERENCES p DEFERRABLE INITIALLY DEFERRED)',
  );
  engine.db.exec('CREATE TRIGGER fail AFTER INSERT ON contents BEGIN INSERT INTO c VALUES (7); END');
  const { answers, fatal } = batches.run([
    { id: 9, op: 'append', input: [evidence('gateway.started', null)] },
    accept(1),
    { id: 8, op: 'ping', input: null },
  ]);
  t.same(
    answers.map(({ id, kind }) => [id, kind]),
    [
      [9, 'error'],
      [1, 'error'],
      [8, 'error'],
    ],
  );
  t.equal(fatal, 'SQLITE_CONSTRAINT_FOREIGNKEY');
  engine.db.exec('DROP TRIGGER IF EXISTS fail');
  t.match(
    batches.run([accept(2)]),
    { answers: [{ kind: 'error', code: 'store.unavailable' }], fatal: 'SQLITE_CONSTRAINT_FOREIGNKEY' },
    'not tried again',
  );
  t.ok(batches.failed());
  if (engine.db.inTransaction) engine.db.exec('ROLLBACK');
});

await t.test('a file that cannot grow: what was acknowledged is kept, the rest is refused, the process is told to stop', async (t) => {
  const folder = testFolder();
  t.teardown(() => folder.remove());
  const child = new URL('../support/store-kill-child.ts', import.meta.url).pathname;
  // tap's NODE_OPTIONS would end the child at the signal of the limit, before the program sees the error;
  // a limit of the kernel on the size of any file: writing beyond it is an error, as it is on a disk that fails
  const run = spawn('sh', ['-c', `ulimit -f 2000; unset NODE_OPTIONS; exec "${process.execPath}" "${child}" "${folder.path}" 0`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  for await (const line of createInterface({ input: run.stdout })) lines.push(line);
  t.match(lines.at(-1), /^failed SQLITE_(IOERR|FULL)/, 'said at last why');
  const acknowledged = lines.slice(0, -1);
  t.ok(acknowledged.length > 10, `${acknowledged.length} were taken before`);
  const { store } = openTestDirect(folder.path);
  const reader = openReader({ dataFolder: folder.path, sealer: testSealer() });
  for (const id of acknowledged) if ((await store.journal.readMessage(id)) === null) t.fail(`${id} was acknowledged and is missing`);
  t.equal(verified({ store, reader }).bad, null);
  t.equal((await store.journal.accept(acceptUnit({ number: 9_999 }))).kind, 'accepted', 'with room again, it goes on');
  await reader.close();
  await store.close();
});

await t.test('a storage thread that dies: all who wait are told, and all who come after', async (t) => {
  const folder = testFolder();
  t.teardown(() => folder.remove());
  const { store } = await openTestThread(folder.path);
  await store.journal.accept(acceptUnit({ number: 1 }));
  void store.renewSealer({});
  const waiting = store.journal.accept(acceptUnit({ number: 2 }));
  await t.rejects(waiting, { code: 'store.unavailable' });
  t.type(await store.failed, 'string');
  await t.rejects(store.ping(), MailError);
  const again = openTestDirect(folder.path);
  t.not(await again.store.journal.readMessage(idOf(1)), null);
  await again.store.close();
});

await t.test('a folder that is not there: opening fails, with nothing left behind', async (t) => {
  await t.rejects(openThreadStore({ entry: TEST_THREAD, start: { dataFolder: '/nonexistent/postern', board: null } }), /did not start/);
});

await t.test('a clean end leaves no log of commits behind', async (t) => {
  const folder = testFolder();
  t.teardown(() => folder.remove());
  const { store } = openTestDirect(folder.path);
  await store.close();
  t.same(readdirSync(folder.path).toSorted(), ['postern.db', 'postern.lock']);
});
