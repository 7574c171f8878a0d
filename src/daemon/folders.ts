// The folders of a gateway and its keys, checked before anything else: what cannot be opened safely is refused, untouched.
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { createKeyFolder, type KeyFolder, type KeyFolderPlace, openKeyFolder } from '../keys/key-folder.ts';
import { readKeyCheck, writeKeyCheck } from '../keys/key-check.ts';
import { DATABASE } from '../store/sqlite/open.ts';

export type FoldersOpened = { readonly kind: 'open'; readonly keys: KeyFolder } | { readonly kind: 'refused'; readonly text: string };

const MODE_FILE = 'mode';

/** Creates what a first start needs, then opens the key folder. Changes nothing where it refuses. */
export function openFolders(config: Config, now: number): FoldersOpened {
  const { data, keys, run } = config.folders;
  for (const folder of [data, run]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
  }
  const mode = checkMode(config);
  if (mode !== null) return { kind: 'refused', text: mode };
  const place: KeyFolderPlace = {
    keyFolder: keys,
    dataFolder: data,
    sealedData: existsSync(join(data, DATABASE)) ? 'present' : 'absent',
    keyCheck: readKeyCheck(data),
  };
  if (place.sealedData === 'absent' && place.keyCheck === null && !existsSync(join(keys, 'master.key'))) {
    const created = createKeyFolder(place);
    if (created.kind === 'refused') return { kind: 'refused', text: created.failure.text };
  }
  const opened = openKeyFolder(place, Math.max(1, Math.ceil(config.retention.contentMs / 86_400_000)));
  if (opened.kind === 'refused') return { kind: 'refused', text: opened.failure.text };
  opened.keys.prepare(now);
  if (place.keyCheck === null) writeKeyCheck(data, opened.keys.keyCheck);
  return { kind: 'open', keys: opened.keys };
}

/** A data folder belongs to one mode for ever: what the sandbox called delivered never was. */
function checkMode(config: Config): string | null {
  const path = join(config.folders.data, MODE_FILE);
  if (!existsSync(path)) {
    writeFileSync(path, `${config.mode}\n`, { mode: 0o600, flag: 'wx' });
    return null;
  }
  const mode = readFileSync(path, 'latin1').trim();
  if (mode === config.mode) return null;
  return `${config.folders.data} belongs to ${mode === 'sandbox' ? 'sandbox mode: nothing in it was ever sent' : `${mode} mode`}. Name another data folder for mode: ${config.mode}.`;
}
