// A start with a key folder that is not right is refused, with the file named and what would be right.
import t from 'tap';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createKeyFolder, openKeyFolder } from '../../src/keys/key-folder.ts';
import type { KeyFolderPlace } from '../../src/keys/key-folder.ts';
import { readKeyCheck, writeKeyCheck } from '../../src/keys/key-check.ts';
import { newPlace, openedKeys } from '../support/key-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const NOW = Date.UTC(2026, 10, 22, 12);

/** A key folder in use: a data folder that remembers it, two periods of each purpose. */
function inUse(folder: string): KeyFolderPlace {
  const place = newPlace(folder);
  const keys = openedKeys(place);
  writeKeyCheck(place.dataFolder, keys.keyCheck);
  keys.prepare(NOW);
  return { ...place, sealedData: 'present', keyCheck: readKeyCheck(place.dataFolder) };
}

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

type Case = readonly [name: string, code: string, text: RegExp, harm: (place: KeyFolderPlace) => KeyFolderPlace | void];

const CASES: readonly Case[] = [
  [
    'no key folder, data are sealed',
    'keys.missing-for-data',
    /keys\/master\.key is not there, but .*data holds data/,
    (place) => void rmSync(place.keyFolder, { recursive: true }),
  ],
  [
    'no master key, data are sealed',
    'keys.missing-for-data',
    /master\.key is not there/,
    (place) => void rmSync(join(place.keyFolder, 'master.key')),
  ],
  [
    'no master key, a key check but no database',
    'keys.missing-for-data',
    /master\.key/,
    (place) => {
      rmSync(join(place.keyFolder, 'master.key'));
      return { ...place, sealedData: 'absent' };
    },
  ],
  [
    'no key folder, no data',
    'keys.missing',
    /first start creates/,
    (place) => {
      rmSync(place.keyFolder, { recursive: true });
      return { ...place, sealedData: 'absent', keyCheck: null };
    },
  ],
  [
    'another key',
    'keys.different',
    /id [0-9a-f]{16}\) is not the key .*id [0-9a-f]{16}\)/,
    (place) => {
      rmSync(place.keyFolder, { recursive: true });
      createKeyFolder({ ...place, sealedData: 'absent', keyCheck: null });
      return place;
    },
  ],
  ['sealed data without their check value', 'keys.check-missing', /data\/key-check/, (place) => ({ ...place, keyCheck: null })],
  [
    'a check value with one digit changed',
    'keys.different',
    /master\.key/,
    (place) => {
      const last = place.keyCheck?.at(-1) === '0' ? '1' : '0';
      return { ...place, keyCheck: `${place.keyCheck?.slice(0, -1)}${last}` };
    },
  ],
  ['an empty check value', 'keys.different', /master\.key/, (place) => ({ ...place, keyCheck: '' })],
  ['a check value that is too long', 'keys.different', /master\.key/, (place) => ({ ...place, keyCheck: `${place.keyCheck}0` })],
  ['the signing key is missing', 'keys.damaged', /head\.key is missing/, (place) => void rmSync(join(place.keyFolder, 'head.key'))],
  [
    'the folder of periods is missing',
    'keys.damaged',
    /periods is missing/,
    (place) => void rmSync(join(place.keyFolder, 'periods'), { recursive: true }),
  ],
  [
    'a period key of another purpose',
    'keys.damaged',
    /detail-0000000001\.key is damaged/,
    (place) =>
      copyFileSync(join(place.keyFolder, 'periods', 'content-0000000001.key'), join(place.keyFolder, 'periods', 'detail-0000000001.key')),
  ],
  [
    'a period key under another number',
    'keys.damaged',
    /content-0000000003\.key is damaged/,
    (place) =>
      renameSync(join(place.keyFolder, 'periods', 'content-0000000001.key'), join(place.keyFolder, 'periods', 'content-0000000003.key')),
  ],
  [
    'a master key that is a link',
    'keys.damaged',
    /symbolic link/,
    (place) => {
      renameSync(join(place.keyFolder, 'master.key'), join(place.dataFolder, '..', 'elsewhere'));
      symlinkSync(join(place.dataFolder, '..', 'elsewhere'), join(place.keyFolder, 'master.key'));
      return place;
    },
  ],
  [
    'a master key that is a folder',
    'keys.damaged',
    /not a plain file/,
    (place) => {
      rmSync(join(place.keyFolder, 'master.key'));
      mkdirSync(join(place.keyFolder, 'master.key'));
      return place;
    },
  ],
  [
    'a master key that is a pipe',
    'keys.damaged',
    /not a plain file/,
    (place) => {
      rmSync(join(place.keyFolder, 'master.key'));
      execFileSync('mkfifo', ['-m', '600', join(place.keyFolder, 'master.key')]);
      return place;
    },
  ],
  [
    'a key folder that is a file',
    'keys.damaged',
    /is not a folder/,
    (place) => {
      rmSync(place.keyFolder, { recursive: true });
      writeFileSync(place.keyFolder, '', { mode: 0o600 });
      return place;
    },
  ],
  [
    'a key folder below a file',
    'keys.unusable',
    /ENOTDIR/,
    (place) => {
      writeFileSync(join(place.dataFolder, '..', 'file'), '');
      return { ...place, keyFolder: join(place.dataFolder, '..', 'file', 'keys') };
    },
  ],
  [
    'a master key of a later version',
    'keys.damaged',
    /master\.key is damaged/,
    (place) => {
      const path = join(place.keyFolder, 'master.key');
      writeFileSync(path, readFileSync(path, 'utf8').replace('key 1', 'key 2'));
      return place;
    },
  ],
  [
    'a master key far too long',
    'keys.damaged',
    /master\.key is damaged/,
    (place) => writeFileSync(join(place.keyFolder, 'master.key'), 'x'.repeat(100_000)),
  ],
  [
    'keys inside data',
    'keys.inside-data',
    /key folder .* lies inside the data folder/,
    (place) => {
      renameSync(place.keyFolder, join(place.dataFolder, 'keys'));
      return { ...place, keyFolder: join(place.dataFolder, 'keys') };
    },
  ],
  [
    'keys inside data, by a link',
    'keys.inside-data',
    /lies inside the data folder/,
    (place) => {
      renameSync(place.keyFolder, join(place.dataFolder, 'hidden'));
      symlinkSync(join(place.dataFolder, 'hidden'), place.keyFolder);
      return place;
    },
  ],
  [
    'data inside keys',
    'keys.inside-data',
    /data folder .* lies inside the key folder/,
    (place) => {
      renameSync(place.dataFolder, join(place.keyFolder, 'data'));
      return { ...place, dataFolder: join(place.keyFolder, 'data') };
    },
  ],
  [
    'data inside keys, by a link',
    'keys.inside-data',
    /lies inside the key folder/,
    (place) => {
      renameSync(place.dataFolder, join(place.keyFolder, 'data'));
      symlinkSync(join(place.keyFolder, 'data'), place.dataFolder);
      return place;
    },
  ],
  ['one folder for both', 'keys.inside-data', /lies inside/, (place) => ({ ...place, dataFolder: place.keyFolder })],
  [
    'data inside keys, not made yet',
    'keys.inside-data',
    /lies inside the key folder/,
    (place) => ({ ...place, dataFolder: join(place.keyFolder, 'new', 'data') }),
  ],
  [
    'a copy of the master key in the data folder',
    'keys.inside-data',
    /data\/notes is a sealing key inside/,
    (place) => copyFileSync(join(place.keyFolder, 'master.key'), join(place.dataFolder, 'notes')),
  ],
  [
    'a copy of a period key in the data folder',
    'keys.inside-data',
    /sealing key inside/,
    (place) => copyFileSync(join(place.keyFolder, 'periods', 'content-0000000001.key'), join(place.dataFolder, 'copy')),
  ],
  [
    'the key folder is open to the group',
    'keys.exposed',
    /keys is open to group or others \(mode 0750\); it must be 0700: chmod 700/,
    (place) => chmodSync(place.keyFolder, 0o750),
  ],
  [
    'the folder of periods is open to others',
    'keys.exposed',
    /periods is open .*0701/,
    (place) => chmodSync(join(place.keyFolder, 'periods'), 0o701),
  ],
  ...['master.key', 'head.key', 'periods/content-0000000001.key', 'periods/detail-0000000002.key'].flatMap((name): readonly Case[] =>
    ([0o640, 0o604, 0o620, 0o602] as const).map((mode) => [
      `${name} has mode 0${mode.toString(8)}`,
      'keys.exposed',
      new RegExp(`${name} is open .*mode 0${mode.toString(8)}\\); it must be 0600`),
      (place) => chmodSync(join(place.keyFolder, name), mode),
    ]),
  ),
  process.getuid?.() === 0
    ? [
        'a master key of someone else',
        'keys.exposed',
        /belongs to user 12345/,
        (place) => chownSync(join(place.keyFolder, 'master.key'), 12345, 0),
      ]
    : ['a key folder of someone else', 'keys.exposed', /belongs to user 0/, (place) => ({ ...place, keyFolder: '/etc' })],
];

t.test('what is refused', (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'good'));
  inUse(join(folder, 'good'));
  for (const [i, [name, code, text, harm]] of CASES.entries()) {
    execFileSync('cp', ['-a', join(folder, 'good'), join(folder, `${i}`)]);
    const place: KeyFolderPlace = {
      keyFolder: join(folder, `${i}`, 'keys'),
      dataFolder: join(folder, `${i}`, 'data'),
      sealedData: 'present',
      keyCheck: readKeyCheck(join(folder, `${i}`, 'data')),
    };
    t.equal(openKeyFolder(place).kind, 'open', `${name}: before`);
    const secret = readFileSync(join(place.keyFolder, 'master.key'), 'utf8').split('key ')[1]?.trim() ?? '';
    const opened = openKeyFolder(harm(place) ?? place);
    t.match(opened, { kind: 'refused', failure: { code, text } }, name);
    t.notOk(opened.kind === 'refused' && opened.failure.text.includes(secret), `${name}: no key in the text`);
  }
  t.end();
});

t.test('one character of any file changed, left out or put in: damaged, by name', (t) => {
  const place = inUse(temporaryFolder(t));
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

const NO_CREATION: readonly Case[] = [
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
  const place = inUse(temporaryFolder(t));
  const keys = openedKeys(place, 'open');
  const { wrappedKey, periodId } = keys.newDataKey('M', NOW);
  rmSync(join(place.keyFolder, 'periods', 'content-0000000001.key'));
  const again = openedKeys(place, 'open');
  t.throws(() => again.unwrapDataKey('M', wrappedKey, periodId), { code: 'content.unreadable' });
  t.equal(again.newDataKey('M', NOW).periodId, 3);
  t.end();
});

t.test('a place for keys that vanished: an expected failure', (t) => {
  const place = inUse(temporaryFolder(t));
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
    const place = inUse(folder);
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
