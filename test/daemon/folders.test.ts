// What keeps the folders of a gateway from being opened is said in a sentence, and nothing is changed.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { defaultConfig } from '../../src/config/default-config.ts';
import type { Config } from '../../src/config/config.ts';
import { modeFault, openFolders } from '../../src/daemon/folders.ts';

await t.test('a data folder of the sandbox is not opened live', async (t) => {
  const sandbox = defaultConfig(t.testdir());
  const live: Config = { ...sandbox, mode: 'live' };
  t.equal(modeFault(live), null, 'a new folder belongs to no mode');
  t.notOk(existsSync(join(sandbox.folders.data, 'mode')), 'asking changes nothing');
  t.equal(openFolders(sandbox, Date.now()).kind, 'open');
  t.equal(modeFault(sandbox), null);
  t.match(modeFault(live), /belongs to sandbox mode/);
  t.match(openFolders(live, Date.now()), { kind: 'refused', text: /belongs to sandbox mode/ });
});

await t.test('a folder that cannot be made is a sentence', async (t) => {
  const config = defaultConfig(t.testdir());
  mkdirSync(join(config.folders.run, '..'), { recursive: true });
  writeFileSync(config.folders.run, '');
  t.match(openFolders(config, Date.now()), { kind: 'refused', text: /run is not a folder\.$/ });
});
