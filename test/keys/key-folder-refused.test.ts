// A start with a key folder that is not right is refused, with the file named and what would be right.
import t from 'tap';
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createKeyFolder, openKeyFolder } from '../../src/keys/key-folder.ts';
import type { KeyFolderPlace } from '../../src/keys/key-folder.ts';
import { readKeyCheck } from '../../src/keys/key-check.ts';
import { keysInUse } from '../support/key-folder.ts';
import type { RefusalCase } from '../support/key-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const CASES: readonly RefusalCase[] = [
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
  ...['master.key', 'head.key', 'periods/content-0000000001.key', 'periods/detail-0000000002.key'].flatMap((name): readonly RefusalCase[] =>
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
  keysInUse(join(folder, 'good'));
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
