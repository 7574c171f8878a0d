// The chain as others can check it: the Python of docs/evidence-format.md, word for word, over a real database (Debian: python3).
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import type { Evidence } from '../../src/mail/evidence.ts';
import { ROOT } from '../support/source-files.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openTestDirect } from '../support/test-store.ts';

const SCRIPT = /```python\n([^]*?)```/.exec(readFileSync(join(ROOT, 'docs/evidence-format.md'), 'utf8'))?.[1] ?? '';
const RECORDS = 25;

function verify(database: string): { readonly status: number | null; readonly said: string } {
  const run = spawnSync('python3', ['-I', '-c', SCRIPT, database], { encoding: 'utf8' });
  return { status: run.status, said: `${run.stdout}${run.stderr}`.trim() };
}

const folder = temporaryFolder(t);
const database = join(folder, 'postern.db');
const { store } = openTestDirect(folder);
const evidence = (n: number): Evidence => ({
  kind: 'login.refused',
  at: 1_700_000_000_000 + n,
  messageId: null,
  deliveryId: null,
  codes: { count: n, reason: 'auth.failed' },
  detail: n % 2 === 0 ? { address: `192.0.2.${n}`, name: 'jörg' } : null,
});
await store.audit.append(Array.from({ length: RECORDS }, (_, n) => evidence(n)));
const head = await store.audit.head();
await store.close();

await t.test('an untouched log', async (t) => {
  t.same(verify(database), { status: 0, said: `${head.seq} records, head ${Buffer.from(head.hash).toString('hex')}` });
  t.ok(head.seq >= RECORDS);
});

const DAMAGE: readonly (readonly [name: string, sql: string, bad: number])[] = [
  [
    'one octet changed',
    "UPDATE evidence SET bytes = CAST(replace(CAST(bytes AS TEXT), 'auth.failed', 'auth.fooled') AS BLOB) WHERE seq = 7",
    7,
  ],
  ['a row removed', 'DELETE FROM evidence WHERE seq = 9', 9],
  ['a hash changed', 'UPDATE evidence SET hash = zeroblob(32) WHERE seq = 5', 5],
  [
    'two rows swapped',
    'UPDATE evidence SET seq = CASE seq WHEN 3 THEN -4 ELSE -3 END WHERE seq IN (3, 4); UPDATE evidence SET seq = -seq WHERE seq < 0',
    3,
  ],
];

await t.test('damage is found where it is', async (t) => {
  for (const [name, sql, bad] of DAMAGE) {
    const copy = join(temporaryFolder(t), 'copy.db');
    copyFileSync(database, copy);
    const db = new Database(copy);
    db.exec(sql);
    db.close();
    t.same(verify(copy), { status: 1, said: `bad record: ${bad}` }, name);
  }
});
