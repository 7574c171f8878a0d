// An upgrade from every earlier schema keeps everything; what is newer, not ours or cannot be copied first is left untouched.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { openDirectStore } from '../../src/store/sqlite/direct-store.ts';
import type { Opening, OpenStore } from '../../src/store/sqlite/direct-store.ts';
import { DATABASE } from '../../src/store/sqlite/open.ts';
import { openReader } from '../../src/store/sqlite/reader.ts';
import { migrations } from '../../src/store/sqlite/schema.ts';
import type { Migration } from '../../src/store/sqlite/schema.ts';
import { contentsOf } from '../support/schema-folder.ts';
import { acceptUnit } from '../support/store-units.ts';
import { testFolder } from '../support/test-store.ts';
import { testSealer } from '../support/test-sealer.ts';
import { verified } from './contract/fixture.ts';

const DATA = join(import.meta.dirname, '../data');
const KNOWN = migrations().length;
const VERSIONS = readdirSync(DATA)
  .filter((name) => /^schema-\d+$/.test(name))
  .map((name) => Number(name.slice(7)));

/** A step that no release has: what the next schema will be like. */
const NEXT: readonly Migration[] = [
  ...migrations(),
  {
    version: KNOWN + 1,
    sql: "ALTER TABLE accounts ADD COLUMN role TEXT; UPDATE accounts SET role = 'sender'; CREATE TABLE campaigns (id TEXT PRIMARY KEY) STRICT;",
  },
];
const FAILING: readonly Migration[] = [
  ...migrations(),
  { version: KNOWN + 1, sql: 'CREATE TABLE campaigns (id TEXT) STRICT; INSERT INTO nowhere VALUES (1);' },
];

/** A copy of the kept folder of a schema. */
function keptFolder(t: { teardown(work: () => void): void }, version: number): string {
  const folder = testFolder();
  t.teardown(() => folder.remove());
  cpSync(join(DATA, `schema-${version}`, DATABASE), join(folder.path, DATABASE));
  return folder.path;
}

function open(dataFolder: string, steps?: readonly Migration[]): Opening {
  const options = { dataFolder, sealer: testSealer(), board: null, now: () => 0 };
  return openDirectStore(steps === undefined ? options : { ...options, steps }, () => {});
}

function opened(opening: Opening): OpenStore {
  if (opening.kind !== 'open') throw new Error(`not opened: ${opening.kind}`);
  return opening.store;
}

/** Contents as they would stand in expected.json, and whether the chain verifies. */
async function look(dataFolder: string, store: OpenStore): Promise<object> {
  const reader = openReader({ dataFolder, sealer: testSealer() });
  const contents = JSON.parse(JSON.stringify(await contentsOf(store, reader))) as object;
  const { bad } = verified({ store, reader });
  await reader.close();
  return { ...contents, bad };
}

function expected(version: number): object {
  return { ...(JSON.parse(readFileSync(join(DATA, `schema-${version}`, 'expected.json'), 'utf8')) as object), bad: null };
}

t.same(
  VERSIONS.toSorted((a, b) => a - b),
  migrations().map(({ version }) => version),
  'a data folder of every schema is kept (test/support/schema-folder.ts)',
);

for (const version of VERSIONS) {
  await t.test(`schema ${version} opens with this program, whole, and goes on`, async (t) => {
    const folder = keptFolder(t, version);
    const store = opened(open(folder));
    t.same(await look(folder, store), expected(version));
    t.equal((await store.journal.accept(acceptUnit({ number: 77 }))).kind, 'accepted');
    await store.close();
    t.equal(existsSync(join(folder, `${DATABASE}.schema-${version}`)), version < KNOWN, 'copied first where anything had to change');
  });
}

await t.test('a step further: a good copy of before, then all of it changed', async (t) => {
  const folder = keptFolder(t, KNOWN);
  // left by a start that was killed while it copied
  writeFileSync(join(folder, `${DATABASE}.schema-${KNOWN}.part`), 'half a copy');
  const store = opened(open(folder, NEXT));
  t.same(await look(folder, store), expected(KNOWN));
  await store.close();
  const now = new Database(join(folder, DATABASE), { readonly: true });
  t.equal(now.pragma('user_version', { simple: true }), KNOWN + 1);
  t.same(now.prepare('SELECT role FROM accounts').pluck().all(), ['sender']);
  now.close();
  const before = testFolder();
  t.teardown(() => before.remove());
  cpSync(join(folder, `${DATABASE}.schema-${KNOWN}`), join(before.path, DATABASE));
  const old = opened(open(before.path));
  t.same(await look(before.path, old), expected(KNOWN), 'the copy opens as the store of before');
  await old.close();
  t.notOk(existsSync(join(folder, `${DATABASE}.schema-${KNOWN}.part`)));
});

await t.test('a step that fails changes nothing, and can be done again', async (t) => {
  const folder = keptFolder(t, KNOWN);
  t.throws(() => open(folder, FAILING));
  const same = opened(open(folder));
  t.same(await look(folder, same), expected(KNOWN));
  await same.close();
  const store = opened(open(folder, NEXT));
  t.same(await look(folder, store), expected(KNOWN));
  await store.close();
});

await t.test('newer than this program: refused, untouched', async (t) => {
  const folder = keptFolder(t, KNOWN);
  await opened(open(folder, NEXT)).close();
  const before = readFileSync(join(folder, DATABASE));
  t.same(open(folder), { kind: 'newer-schema', found: KNOWN + 1, known: KNOWN });
  t.ok(readFileSync(join(folder, DATABASE)).equals(before));
  t.notOk(existsSync(join(folder, `${DATABASE}.schema-${KNOWN + 1}`)), 'nor copied');
  const store = opened(open(folder, NEXT));
  await store.close();
});

await t.test('not ours: refused, untouched', async (t) => {
  const cases: Readonly<Record<string, (path: string) => void>> = {
    'another program’s database': (path) => new Database(path).exec('CREATE TABLE notes (text TEXT)').close(),
    'a text file': (path) => writeFileSync(path, 'this is not a database, but long enough to be taken for one'.repeat(20)),
  };
  for (const [name, make] of Object.entries(cases)) {
    const folder = testFolder();
    t.teardown(() => folder.remove());
    make(join(folder.path, DATABASE));
    const before = readFileSync(join(folder.path, DATABASE));
    t.same(open(folder.path), { kind: 'not-ours' }, name);
    t.ok(readFileSync(join(folder.path, DATABASE)).equals(before), `${name}: untouched`);
  }
});

await t.test('without a good copy nothing is changed', async (t) => {
  const blocked = keptFolder(t, KNOWN);
  mkdirSync(join(blocked, `${DATABASE}.schema-${KNOWN}.part`, 'in-the-way'), { recursive: true });
  t.match(open(blocked, NEXT), { kind: 'copy-failed' }, 'the copy cannot be written');
  await opened(open(blocked)).close();

  const damaged = keptFolder(t, KNOWN);
  const bytes = readFileSync(join(damaged, DATABASE));
  for (let page = 4; page < bytes.length / 4096; page += 3) bytes.fill(0xee, page * 4096, page * 4096 + 512);
  writeFileSync(join(damaged, DATABASE), bytes);
  t.match(open(damaged, NEXT), { kind: 'copy-failed' }, 'the database is damaged');
  t.ok(readFileSync(join(damaged, DATABASE)).equals(bytes));
});

await t.test('an empty file of a first start that was killed is taken up again', async (t) => {
  const folder = testFolder();
  t.teardown(() => folder.remove());
  writeFileSync(join(folder.path, DATABASE), '');
  const store = opened(open(folder.path));
  t.equal((await store.journal.accept(acceptUnit({ number: 1 }))).kind, 'accepted');
  await store.close();
});
