// The folders of a gateway at a start: made where nothing is there yet, refused untouched where opening them could lose or show anything.
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { Config } from '../../src/config/config.ts';
import { defaultConfig } from '../../src/config/default-config.ts';
import { openFolders } from '../../src/daemon/folders.ts';
import { NOON } from '../support/gateway-ground.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Change {
  readonly mode?: Config['mode'];
  readonly folders?: Partial<Config['folders']>;
}

function configOf(folder: string, { mode = 'sandbox', folders = {} }: Change = {}): Config {
  const config = defaultConfig(folder);
  return { ...config, mode, folders: { ...config.folders, ...folders } };
}

/** Path, rights and bytes of everything below a folder. */
function everything(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .map((name) => {
      const path = join(folder, name);
      const status = lstatSync(path);
      return `${name} ${status.mode.toString(8)} ${status.isFile() ? readFileSync(path, 'base64') : ''}`;
    });
}

/** A gateway that has run: folders, keys, and something that looks like its database. */
function used(folder: string, change: Change = {}): void {
  const opened = openFolders(configOf(folder, change), NOON);
  if (opened.kind !== 'open') throw new Error(opened.text);
  writeFileSync(join(folder, 'data/postern.db'), 'sealed', { mode: 0o600 });
}

t.test('a first start makes what is missing, for its user alone', async (t) => {
  const folder = temporaryFolder(t);
  const opened = openFolders(configOf(folder), NOON);
  t.equal(opened.kind, 'open');
  for (const name of ['data', 'keys', 'run']) t.equal(lstatSync(join(folder, name)).mode & 0o777, 0o700, name);
  for (const name of ['data/mode', 'data/key-check', 'keys/master.key']) t.equal(lstatSync(join(folder, name)).mode & 0o777, 0o600, name);
  t.equal(readFileSync(join(folder, 'data/mode'), 'utf8'), 'sandbox\n');
  t.ok(opened.kind === 'open' && opened.keys.newDataKey('01JD9Z0000000000000000TEST', NOON).key.length === 32, 'keys that work');
});

t.test('the next start opens the same keys and changes nothing', async (t) => {
  const folder = temporaryFolder(t);
  used(folder);
  const before = everything(folder);
  const [one, two] = [openFolders(configOf(folder), NOON), openFolders(configOf(folder), NOON)];
  t.ok(one.kind === 'open' && two.kind === 'open' && one.keys.keyId === two.keys.keyId);
  t.same(everything(folder), before);
});

t.test('a first start that was cut off is taken up again', async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'data'), { mode: 0o700 });
  writeFileSync(join(folder, 'data/mode'), 'sandbox\n', { mode: 0o600 });
  t.equal(openFolders(configOf(folder), NOON).kind, 'open');
  rmSync(join(folder, 'data/key-check'));
  t.equal(openFolders(configOf(folder), NOON).kind, 'open', 'keys made, nothing sealed yet');
});

t.test('rights of data and run that somebody widened are narrowed again', async (t) => {
  const folder = temporaryFolder(t);
  used(folder);
  for (const name of ['data', 'run']) chmodSync(join(folder, name), 0o755);
  t.equal(openFolders(configOf(folder), NOON).kind, 'open');
  for (const name of ['data', 'run']) t.equal(lstatSync(join(folder, name)).mode & 0o777, 0o700, name);
});

interface RefusedCase {
  readonly name: string;
  readonly first?: Change;
  readonly harm?: (folder: string) => void;
  readonly change?: (folder: string) => Change;
  readonly text: RegExp;
}

const refusals: readonly RefusedCase[] = [
  {
    name: 'a sandbox cannot be served live: nothing in it was ever sent',
    change: () => ({ mode: 'live' }),
    text: /belongs to sandbox mode: nothing in it was ever sent\. Name another data folder for mode: live\.$/,
  },
  {
    name: 'a live gateway cannot be played with',
    first: { mode: 'live' },
    change: () => ({ mode: 'sandbox' }),
    text: /belongs to live mode/,
  },
  {
    name: 'nothing says any more which mode it was',
    harm: (folder) => rmSync(join(folder, 'data/mode')),
    text: /\/mode is not there, but/,
  },
  {
    name: 'nothing says any more which mode it was, and live is configured now',
    harm: (folder) => rmSync(join(folder, 'data/mode')),
    change: () => ({ mode: 'live' }),
    text: /\/mode is not there, but/,
  },
  { name: 'keys inside data', change: (folder) => ({ folders: { keys: join(folder, 'data/keys') } }), text: /inside/ },
  { name: 'data inside keys', change: (folder) => ({ folders: { data: join(folder, 'keys/data') } }), text: /inside/ },
  {
    name: 'keys and data in one folder',
    change: (folder) => ({ folders: { keys: join(folder, 'data') } }),
    text: /data folder|inside|same/,
  },
  {
    name: 'the key folder is gone',
    harm: (folder) => renameSync(join(folder, 'keys'), join(folder, 'elsewhere')),
    text: /master\.key is not there, but/,
  },
  { name: 'the master key is gone', harm: (folder) => rmSync(join(folder, 'keys/master.key')), text: /master\.key is not there, but/ },
  {
    name: 'the keys of another gateway',
    harm: (folder) => {
      const other = join(folder, 'other');
      mkdirSync(other);
      used(other);
      rmSync(join(folder, 'keys'), { recursive: true });
      renameSync(join(other, 'keys'), join(folder, 'keys'));
    },
    text: /is not the key with which/,
  },
  { name: 'a master key that others can read', harm: (folder) => chmodSync(join(folder, 'keys/master.key'), 0o644), text: /0600/ },
  { name: 'a key folder that others can enter', harm: (folder) => chmodSync(join(folder, 'keys'), 0o755), text: /0700/ },
  { name: 'the check of the key is gone', harm: (folder) => rmSync(join(folder, 'data/key-check')), text: /key-check is not there/ },
];

for (const { name, first = {}, harm, change = () => first, text } of refusals) {
  t.test(`refused: ${name}`, async (t) => {
    const folder = temporaryFolder(t);
    used(folder, first);
    harm?.(folder);
    const before = everything(folder);
    const opened = openFolders(configOf(folder, change(folder)), NOON);
    t.equal(opened.kind, 'refused');
    if (opened.kind === 'refused') t.match(opened.text, text);
    const after = everything(folder);
    // A data folder that was named anew is made before it can be looked at; what was there is as it was.
    t.same(
      before.filter((line) => !after.includes(line)),
      [],
      'what was there is untouched',
    );
    t.same(
      after.filter((line) => /master\.key|head\.key|periods\/|key-check/.test(line)).length,
      before.filter((line) => /master\.key|head\.key|periods\/|key-check/.test(line)).length,
      'no key was made',
    );
  });
}
