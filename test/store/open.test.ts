// How the writing connection is set: what durability and secrecy rest on.
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { DATABASE, openEngine } from '../../src/store/sqlite/open.ts';
import { acceptUnit, HOUR, T0 } from '../support/store-units.ts';
import { openTestDirect, testFolder } from '../support/test-store.ts';
import { testSealer } from '../support/test-sealer.ts';

await t.test('settings of the connection', async (t) => {
  const folder = testFolder();
  const opened = openEngine({ dataFolder: folder.path, sealer: testSealer(), board: null, now: () => 0 });
  if (opened.kind !== 'open') throw new Error(opened.kind);
  const { db } = opened.engine;
  const settings: Readonly<Record<string, unknown>> = {
    journal_mode: 'wal',
    synchronous: 2, // FULL: a commit is on stable storage when it returns
    temp_store: 2, // memory: nothing in temporary files
    cache_spill: 0, // nothing in the log of commits before its commit
    secure_delete: 2, // FAST
    wal_autocheckpoint: 0, // its errors would not be seen
    trusted_schema: 0,
  };
  for (const [name, value] of Object.entries(settings)) t.equal(db.pragma(name, { simple: true }), value, name);
  opened.engine.close();
  folder.remove();
});

await t.test('what is past its time goes, a little with every message', async (t) => {
  const folder = testFolder();
  const { store } = openTestDirect(folder.path);
  for (let number = 0; number < 200; number++) await store.journal.accept(acceptUnit({ number }, { repeatUntil: T0 + HOUR }));
  for (let number = 200; number < 260; number++) await store.journal.accept(acceptUnit({ number, at: T0 + HOUR }));
  await store.close();
  const db = new Database(join(folder.path, DATABASE), { readonly: true });
  t.equal(db.prepare('SELECT count(*) FROM repeats').pluck().get(), 60, 'only the new ones are remembered');
  db.close();
  folder.remove();
});

await t.test('the statements of every minute use their indexes, however long the queue is', async (t) => {
  const folder = testFolder();
  const opened = openEngine({ dataFolder: folder.path, sealer: testSealer(), board: null, now: () => 0 });
  if (opened.kind !== 'open') throw new Error(opened.kind);
  const { db } = opened.engine;
  const plans: Readonly<Record<string, string>> = {
    'SELECT id, digest, not_before FROM destinations WHERE ready_at <= 1 ORDER BY ready_at LIMIT 5': 'destinations_ready',
    'SELECT min(ready_at) FROM destinations WHERE ready_at > 1': 'destinations_ready',
    'SELECT key, state FROM deliveries INDEXED BY deliveries_due WHERE destination = 1 AND due_at <= 1 ORDER BY due_at LIMIT 5':
      'deliveries_due',
    'SELECT min(due_at) FROM deliveries INDEXED BY deliveries_due WHERE destination = 1 AND due_at IS NOT NULL': 'deliveries_due',
    "SELECT key FROM deliveries WHERE state = 'active' AND lease_owner <> 'a' LIMIT 5": 'deliveries_state',
    "SELECT key FROM deliveries INDEXED BY deliveries_held WHERE state = 'held' AND hold_deadline <= 1 ORDER BY hold_deadline LIMIT 5":
      'deliveries_held',
    'SELECT min(key) FROM deliveries INDEXED BY deliveries_owed WHERE report IS NOT NULL AND key > 1': 'deliveries_owed',
    'SELECT id FROM messages INDEXED BY messages_ended WHERE open = 0 AND owed = 0 AND wrapped_key IS NOT NULL AND ended_at < 1 ORDER BY ended_at LIMIT 5':
      'messages_ended',
    'SELECT seq FROM evidence WHERE message = ? AND seq < 1 ORDER BY seq DESC LIMIT 5': 'evidence_message',
    'SELECT id FROM repeats WHERE likely = 0 AND digest = ? AND until > 1': 'sqlite_autoindex_repeats_1',
  };
  for (const [sql, index] of Object.entries(plans)) {
    const steps = db.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql.replaceAll('?', "'x'")}`).all();
    const plan = steps.map(({ detail }) => detail).join('; ');
    t.ok(
      /^SEARCH \w+ USING (?:COVERING )?INDEX /.test(plan) && plan.includes(index) && !plan.includes('TEMP B-TREE'),
      `${sql.slice(0, 60)}: ${plan}`,
    );
  }
  opened.engine.close();
  folder.remove();
});
