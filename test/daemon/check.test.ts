// postern check looks at what a start would stumble over: the database, the evidence, the run folder. It changes nothing.
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { check } from '../../src/daemon/check.ts';
import { openOffline } from '../../src/daemon/offline.ts';
import { loadConfig } from '../../src/config/load.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const TEXT = 'version: 1\nmode: sandbox\nhostname: gateway.test\npostmaster: [it@clinic.test]\n';

function configured(t: Parameters<typeof temporaryFolder>[0], run = 'run'): string {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'postern.yaml'), `${TEXT}folders: { data: data, keys: keys, run: ${run} }\n`);
  return folder;
}

/** A gateway that has run: one account, a signed head. */
async function used(t: Parameters<typeof temporaryFolder>[0]): Promise<string> {
  const folder = configured(t);
  const loaded = await loadConfig(join(folder, 'postern.yaml'), Date.now());
  if (loaded.kind === 'refused') throw new Error(loaded.issues.map(({ what }) => what).join());
  const offline = await openOffline(loaded);
  if (offline.kind !== 'open') throw new Error(offline.text);
  const account = { name: 'a@clinic.test', password: 'correct horse battery 7', mayUse: ['*'], reports: null };
  await offline.handlers['account.add']({ ...account, likelyRepeats: 'report', who: 'test' });
  await offline.close();
  return folder;
}

async function stepsOf(folder: string): Promise<ReadonlyMap<string, string>> {
  const { steps } = await check({ configPath: join(folder, 'postern.yaml') });
  return new Map(steps.map(({ name, result, text }) => [name, `${result} ${text}`]));
}

function change(folder: string, sql: string): void {
  const db = new Database(join(folder, 'data/postern.db'));
  db.exec(sql);
  db.close();
}

t.test('before a first start nothing is there, and nothing is made', async (t) => {
  const folder = configured(t);
  const steps = await stepsOf(folder);
  t.match(steps.get('database'), /^not-done .*the first start makes it$/);
  t.equal(steps.get('inspection'), 'ok no own rules; no patient table');
  t.match(steps.get('evidence'), /^not-done /);
  t.match(steps.get('run folder'), /^ok .*the start makes it$/);
  t.same(readdirSync(folder), ['postern.yaml']);
});

t.test('a gateway that has run', async (t) => {
  const folder = await used(t);
  const before = readdirSync(join(folder, 'data')).toSorted();
  const steps = await stepsOf(folder);
  t.same(
    readdirSync(join(folder, 'data'))
      .filter((name) => !/-(?:wal|shm)$/.test(name))
      .toSorted(),
    before.filter((name) => !/-(?:wal|shm)$/.test(name)),
  );
  t.match(steps.get('database'), /^ok schema \d+$/);
  t.match(steps.get('evidence'), /^ok \d+ records; the log meets its signed head$/);
  t.equal(steps.get('run folder'), `ok ${join(folder, 'run')}`);
});

const FAULTS: readonly (readonly [name: string, harm: (folder: string) => void, step: string, text: RegExp])[] = [
  ['a newer database', (folder) => change(folder, 'PRAGMA user_version = 9999'), 'database', /^failed .*written by a newer Postern/],
  ['a database of something else', (folder) => change(folder, 'PRAGMA application_id = 7'), 'database', /^failed .*is not Postern's/],
  ['records cut off', (folder) => change(folder, 'DELETE FROM evidence'), 'evidence', /^failed the log ends at record 0/],
  ['no keys', (folder) => rmSync(join(folder, 'keys'), { recursive: true }), 'evidence', /^not-done .*without the keys$/],
  [
    'a file for a run folder',
    (folder) => {
      rmSync(join(folder, 'run'), { recursive: true });
      writeFileSync(join(folder, 'run'), '');
    },
    'run folder',
    /^failed .* is not a folder$/,
  ],
];

for (const [name, harm, step, text] of FAULTS) {
  t.test(name, async (t) => {
    const folder = await used(t);
    harm(folder);
    t.match((await stepsOf(folder)).get(step), text);
  });
}

t.test('a path too long for a socket', async (t) => {
  t.match((await stepsOf(configured(t, `r${'u'.repeat(110)}n`))).get('run folder'), /^failed .*choose a shorter folders\.run$/);
});
