// The folders of a gateway and its keys, checked before anything else: what cannot be opened safely is refused, untouched.
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { createFile } from '../keys/guarded-files.ts';
import { createKeyFolder, type KeyFolder, type KeyFolderPlace, openKeyFolder } from '../keys/key-folder.ts';
import { readKeyCheck, writeKeyCheck } from '../keys/key-check.ts';
import { DATABASE } from '../store/sqlite/open.ts';

export type FoldersOpened = { readonly kind: 'open'; readonly keys: KeyFolder } | { readonly kind: 'refused'; readonly text: string };

const MODE_FILE = 'mode';

/** Creates what a first start needs, then opens the key folder. Changes nothing where it refuses. */
export function openFolders(config: Config, now: number): FoldersOpened {
  const { data, keys, run } = config.folders;
  for (const folder of [data, run]) {
    const fault = makeFolder(folder);
    if (fault !== null) return { kind: 'refused', text: fault };
  }
  const mode = modeFault(config);
  if (mode !== null) return { kind: 'refused', text: mode };
  // Durable before anything else is there: a database without it is refused.
  if (!existsSync(join(data, MODE_FILE))) createFile(data, MODE_FILE, `${config.mode}\n`);
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

/** Why a folder cannot be made or kept to ourselves, where the administrator can do something about it. */
function makeFolder(folder: string): string | null {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
    return null;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'EACCES' || code === 'EPERM') return `this user may not make or own ${folder}; run this as the user of the service.`;
    if (code === 'EROFS') return `${folder} lies on a disk that is read-only.`;
    if (code === 'EEXIST' || code === 'ENOTDIR') return `${folder} is not a folder.`;
    throw error;
  }
}

/** A data folder belongs to one mode for ever: what the sandbox called delivered never was. Changes nothing. */
export function modeFault(config: Config): string | null {
  const { data } = config.folders;
  const path = join(data, MODE_FILE);
  if (!existsSync(path)) return existsSync(join(data, DATABASE)) ? modeGone(path) : null;
  const mode = readFileSync(path, 'latin1').trim();
  if (mode === config.mode) return null;
  return `${data} belongs to ${mode === 'sandbox' ? 'sandbox mode: nothing in it was ever sent' : `${mode} mode`}. Name another data folder for mode: ${config.mode}.`;
}

function modeGone(path: string): string {
  return `${path} is not there, but mail and evidence of an earlier run are: nothing says whether it was ever sent. Put the file back; it holds the mode of that run, live or sandbox.`;
}
