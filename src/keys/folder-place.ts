// Two folders, never one inside the other: data and keys (DESIGN.md section 7). A backup of the data must not carry its key along.
import { closeSync, constants, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { KeyFolderRefused, systemCode } from './key-failure.ts';
import { isKeyFile } from './key-file.ts';

/** At most this many entries of the data folder are looked at. */
const ENTRIES = 1000;

/**
 * The real path of the key folder, every symbolic link resolved.
 * @throws KeyFolderRefused where one folder is, or lies inside, the other, or a sealing key lies at the top of the data folder
 */
export function separateKeyFolder(keyFolder: string, dataFolder: string): string {
  const keys = realPath(keyFolder);
  const data = realPath(dataFolder);
  const instead = 'Data and keys must be two folders apart, such as /var/lib/postern/data and /var/lib/postern/keys.';
  if (liesWithin(keys, data))
    throw new KeyFolderRefused('keys.inside-data', `The key folder ${keys} lies inside the data folder ${data}. ${instead}`);
  if (liesWithin(data, keys))
    throw new KeyFolderRefused('keys.inside-data', `The data folder ${data} lies inside the key folder ${keys}. ${instead}`);
  const stray = strayKey(data);
  if (stray !== null)
    throw new KeyFolderRefused('keys.inside-data', `${stray} is a sealing key inside the data folder; it belongs in ${keys}, or nowhere.`);
  return keys;
}

/** Resolves what exists of a path and keeps the rest as it is. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT' || dirname(path) === path) throw error;
    return join(realPath(dirname(path)), basename(path));
  }
}

/** Compares by identity as well as by name, so that a bind mount of the data folder is seen through. */
function liesWithin(inner: string, outer: string): boolean {
  const wanted = identity(outer);
  for (let at = inner; ; at = dirname(at)) {
    if (at === outer) return true;
    if (wanted !== null && identity(at) === wanted) return true;
    if (dirname(at) === at) return false;
  }
}

function identity(path: string): string | null {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? null : `${stats.dev}:${stats.ino}`;
}

function strayKey(dataFolder: string): string | null {
  if (identity(dataFolder) === null) return null;
  const entries = readdirSync(dataFolder, { withFileTypes: true }).slice(0, ENTRIES);
  return (
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(dataFolder, entry.name))
      .find(beginsAsKey) ?? null
  );
}

function beginsAsKey(path: string): boolean {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const bytes = Buffer.alloc(32);
    return isKeyFile(bytes.toString('latin1', 0, readSync(fd, bytes, 0, bytes.length, 0)));
  } finally {
    closeSync(fd);
  }
}
