// Key folders for tests.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readKeyCheck, writeKeyCheck } from '../../src/keys/key-check.ts';
import { createKeyFolder, openKeyFolder } from '../../src/keys/key-folder.ts';
import type { KeyFolder, KeyFolderPlace } from '../../src/keys/key-folder.ts';

/** An empty data folder, and the place of a key folder beside it. */
export function newPlace(folder: string): KeyFolderPlace {
  const dataFolder = join(folder, 'data');
  mkdirSync(dataFolder, { mode: 0o700 });
  return { keyFolder: join(folder, 'keys'), dataFolder, sealedData: 'absent', keyCheck: null };
}

/** Opens a key folder, made first where it is missing. @throws where it is refused */
export function openedKeys(place: KeyFolderPlace, how: 'create' | 'open' = 'create'): KeyFolder {
  if (how === 'create') {
    const created = createKeyFolder(place);
    if (created.kind === 'refused') throw new Error(created.failure.text);
  }
  const opened = openKeyFolder(place);
  if (opened.kind === 'refused') throw new Error(opened.failure.text);
  return opened.keys;
}

/** A key folder in use: a data folder that remembers it, two periods of each purpose. */
export function keysInUse(folder: string): KeyFolderPlace {
  const place = newPlace(folder);
  const keys = openedKeys(place);
  writeKeyCheck(place.dataFolder, keys.keyCheck);
  keys.prepare(Date.UTC(2026, 10, 22, 12));
  return { ...place, sealedData: 'present', keyCheck: readKeyCheck(place.dataFolder) };
}

/** What is done to a place, and how it is then refused. A new place is given back where it changes. */
export type RefusalCase = readonly [name: string, code: string, text: RegExp, harm: (place: KeyFolderPlace) => KeyFolderPlace | void];
