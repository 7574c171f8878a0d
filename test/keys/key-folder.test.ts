// The life of a key folder: its creation, damage to its files, where none is made.
import t from 'tap';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createKeyFolder, openKeyFolder } from '../../src/keys/key-folder.ts';
import { keysInUse, newPlace, openedKeys } from '../support/key-folder.ts';
import type { RefusalCase } from '../support/key-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const NOW = Date.UTC(2026, 10, 22, 12);

t.test('a first start makes everything, 0600 in 0700', (t) => {
  const place = newPlace(temporaryFolder(t));
  t.same(createKeyFolder(place), { kind: 'created' });
  const keys = openedKeys(place, 'open');
  keys.prepare(NOW);
  t.same(readdirSync(place.keyFolder).sort(), ['head.key', 'master.key', 'periods']);
  t.same(readdirSync(join(place.keyFolder, 'periods')).sort(), [
    'content-0000000001.key',
    'content-0000000002.key',
    'detail-0000000001.key',
    'detail-0000000002.key',
  ]);
  for (const name of readdirSync(place.keyFolder, { recursive: true, encoding: 'utf8' })) {
    const stats = statSync(join(place.keyFolder, name));
    t.equal(stats.mode & 0o777, stats.isDirectory() ? 0o700 : 0o600, name);
  }
  t.equal(statSync(place.keyFolder).mode & 0o777, 0o700);
  t.match(readFileSync(join(place.keyFolder, 'master.key'), 'utf8'), /^postern-master-key 1\nid [0-9a-f]{16}\nkey [A-Za-z0-9+/]{43}=\n$/);
  t.match(
    readFileSync(join(place.keyFolder, 'periods', 'content-0000000001.key'), 'utf8'),
    /\npurpose content\nperiod 1\nstart 2026-11-19T00:00:00.000Z\nend 2026-11-26T/,
  );
  t.same(readdirSync(place.dataFolder), [], 'nothing of it is in the data folder');
  t.end();
});

t.test('a first start that a crash cut short is taken up again', (t) => {
  const place = newPlace(temporaryFolder(t));
  mkdirSync(join(place.keyFolder, 'periods'), { recursive: true, mode: 0o700 });
  writeFileSync(join(place.keyFolder, '.new-0123456789abcdef'), 'postern-master-key', { mode: 0o600 });
  writeFileSync(join(place.keyFolder, 'head.key'), 'of a master key that never was', { mode: 0o600 });
  const keys = openedKeys(place);
  keys.prepare(NOW);
  t.same(readdirSync(place.keyFolder).sort(), ['head.key', 'master.key', 'periods']);
  t.end();
});

t.test('a second creation is refused and changes nothing', (t) => {
  const place = newPlace(temporaryFolder(t));
  createKeyFolder(place);
  const before = readFileSync(join(place.keyFolder, 'master.key'));
  t.match(createKeyFolder(place), { kind: 'refused', failure: { code: 'keys.exists', text: /master\.key/ } });
  t.same(readFileSync(join(place.keyFolder, 'master.key')), before);
  t.end();
});

t.test('one character of any file changed, left out or put in: damaged, by name', (t) => {
  const place = keysInUse(temporaryFolder(t));
  for (const name of ['master.key', 'head.key', 'periods/content-0000000001.key', 'periods/detail-0000000002.key']) {
    const path = join(place.keyFolder, name);
    const good = readFileSync(path, 'latin1');
    const missed: string[] = [];
    for (let at = 0; at < good.length; at++) {
      const other = good[at] === 'A' ? 'B' : 'A';
      for (const bad of [
        good.slice(0, at) + other + good.slice(at + 1),
        good.slice(0, at) + good.slice(at + 1),
        `${good.slice(0, at)}\n${good.slice(at)}`,
      ]) {
        writeFileSync(path, bad, 'latin1');
        const opened = openKeyFolder(place);
        const right = opened.kind === 'refused' && opened.failure.code === 'keys.damaged' && opened.failure.text.startsWith(path);
        if (!right && bad !== good) missed.push(`${at}`);
      }
    }
    t.same(missed, [], `${name}: all ${good.length} places`);
    writeFileSync(path, good, 'latin1');
  }
  t.equal(openKeyFolder(place).kind, 'open');
  t.end();
});

const NO_CREATION: readonly RefusalCase[] = [
  ['data are sealed', 'keys.missing-for-data', /holds data sealed/, (place) => ({ ...place, sealedData: 'present' })],
  ['the data folder remembers a key', 'keys.missing-for-data', /holds data sealed/, (place) => ({ ...place, keyCheck: '1:0:0' })],
  ['keys inside data', 'keys.inside-data', /lies inside/, (place) => ({ ...place, keyFolder: join(place.dataFolder, 'a', 'b') })],
  [
    'the folder is open to others',
    'keys.exposed',
    /chmod 700/,
    (place) => {
      mkdirSync(place.keyFolder);
      chmodSync(place.keyFolder, 0o755);
      return place;
    },
  ],
  [
    'period keys of a lost master key',
    'keys.missing',
    /has been in use \(content-0000000001\.key\)/,
    (place) => {
      openedKeys(place).prepare(NOW);
      rmSync(join(place.keyFolder, 'master.key'));
      return place;
    },
  ],
];

t.test('where no key is made', (t) => {
  for (const [name, code, text, harm] of NO_CREATION) {
    const fresh = newPlace(temporaryFolder(t));
    const place = harm(fresh) ?? fresh;
    t.match(createKeyFolder(place), { kind: 'refused', failure: { code, text } }, name);
    t.match(openKeyFolder(place), { kind: 'refused' }, `${name}: and none is there`);
  }
  t.end();
});

t.test('a lost period key is lost, not destroyed: nothing opens, nothing is given its number', (t) => {
  const place = keysInUse(temporaryFolder(t));
  const keys = openedKeys(place, 'open');
  const { wrappedKey, periodId } = keys.newDataKey('M', NOW);
  rmSync(join(place.keyFolder, 'periods', 'content-0000000001.key'));
  const again = openedKeys(place, 'open');
  t.throws(() => again.unwrapDataKey('M', wrappedKey, periodId), { code: 'content.unreadable' });
  t.equal(again.newDataKey('M', NOW).periodId, 3);
  t.end();
});

t.test('a place for keys that vanished: an expected failure', (t) => {
  const place = keysInUse(temporaryFolder(t));
  const keys = openedKeys(place, 'open');
  rmSync(join(place.keyFolder, 'periods'), { recursive: true });
  t.throws(() => keys.newDataKey('M', NOW + 100 * 86_400_000), { code: 'store.unavailable' });
  t.throws(() => keys.prepare(NOW), { code: 'store.unavailable' });
  t.ok(keys.newDataKey('M', NOW), 'a period that is known serves on');
  t.throws(() => keys.newDataKey('M', NaN), RangeError);
  t.end();
});

/** A bind mount can be made only as root; elsewhere the name alone is compared, which the cases above cover. */
if (process.getuid?.() === 0) {
  t.test('keys inside data, by a bind mount', (t) => {
    const folder = temporaryFolder(t);
    const place = keysInUse(folder);
    renameSync(place.keyFolder, join(place.dataFolder, 'deep'));
    mkdirSync(place.keyFolder);
    const opening = `import { openKeyFolder } from ${JSON.stringify(fileURLToPath(new URL('../../src/keys/key-folder.ts', import.meta.url)))};
      process.stdout.write(JSON.stringify(openKeyFolder(${JSON.stringify({ ...place, dataFolder: join(folder, 'other') })})));`;
    const script =
      'mkdir "$1/other" && mount --bind "$1/data/deep" "$1/keys" && mount --bind "$1/data/deep" "$1/other" && exec "$0" --input-type=module -e "$2"';
    const said = execFileSync('unshare', ['-m', 'bash', '-c', script, process.execPath, folder, opening], { encoding: 'utf8' });
    t.match(JSON.parse(said), { kind: 'refused', failure: { code: 'keys.inside-data' } });
    t.end();
  });
}
