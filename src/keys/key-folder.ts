// The key folder: made at the first start, opened and checked at every start. What it gives is all that the program has of keys.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createHeadKey, HEAD_KEY_FILE, openAuditHead } from './audit-head.ts';
import type { AuditHead } from './audit-head.ts';
import { separateKeyFolder } from './folder-place.ts';
import { checkFolder, createFile, createFolder } from './guarded-files.ts';
import { failureOf, KeyFolderRefused } from './key-failure.ts';
import type { KeyFailure } from './key-failure.ts';
import { matchesKeyCheck } from './key-check.ts';
import { MASTER_KEY_FILE, newMasterKey, readMasterKey } from './master-key.ts';
import type { MasterKey } from './master-key.ts';
import { openSealingKeys } from './sealing-keys.ts';
import type { OpenKeys } from './sealing-keys.ts';

export interface KeyFolderPlace {
  readonly keyFolder: string;
  readonly dataFolder: string;
  /** Has anything been sealed in the data folder (is there a database)? */
  readonly sealedData: 'present' | 'absent';
  /** What `readKeyCheck(dataFolder)` gave. */
  readonly keyCheck: string | null;
}

/** Default length of a content period. */
const CONTENT_PERIOD_DAYS = 7;

/**
 * Makes a key folder for an empty data folder. One cut short by a crash is taken up again.
 * Refuses where a key is there already, or where data are sealed: a new key could never open them.
 */
export function createKeyFolder(
  place: KeyFolderPlace,
): { readonly kind: 'created' } | { readonly kind: 'refused'; readonly failure: KeyFailure } {
  try {
    const folder = separateKeyFolder(place.keyFolder, place.dataFolder);
    if (place.sealedData === 'present' || place.keyCheck !== null) throw missing(folder, place);
    createFolder(folder);
    checkFolder(folder);
    if (existsSync(join(folder, MASTER_KEY_FILE))) {
      throw new KeyFolderRefused('keys.exists', `${join(folder, MASTER_KEY_FILE)} is there already; nothing was changed.`);
    }
    createFolder(join(folder, 'periods'));
    checkFolder(join(folder, 'periods'));
    const rest = [...readdirSync(folder), ...readdirSync(join(folder, 'periods'))].find((name) =>
      /^(?:head\.json|content-|detail-)/.test(name),
    );
    if (rest !== undefined) {
      const instead = `Put back ${MASTER_KEY_FILE} from your copy, or give an empty folder.`;
      throw new KeyFolderRefused('keys.missing', `${folder} has been in use (${rest}), but has no ${MASTER_KEY_FILE}. ${instead}`);
    }
    // The master key comes last: with it the folder is whole. A signing key without it was never used.
    const { master, text } = newMasterKey();
    rmSync(join(folder, HEAD_KEY_FILE), { force: true });
    createHeadKey(folder, master);
    createFile(folder, MASTER_KEY_FILE, text);
    return { kind: 'created' };
  } catch (error) {
    return { kind: 'refused', failure: failureOf(error, place.keyFolder) };
  }
}

/**
 * Opens and checks the key folder; refuses whatever could lose or show sealed data. Changes nothing.
 * @param contentDays length of new content periods
 */
export function openKeyFolder(
  place: KeyFolderPlace,
  contentDays: number = CONTENT_PERIOD_DAYS,
): { readonly kind: 'open'; readonly keys: KeyFolder } | { readonly kind: 'refused'; readonly failure: KeyFailure } {
  try {
    const folder = separateKeyFolder(place.keyFolder, place.dataFolder);
    if (!existsSync(folder)) throw missing(folder, place);
    checkFolder(folder);
    const master = readMasterKey(folder);
    if (master === null) throw missing(folder, place);
    checkSameKey(folder, master, place);
    return { kind: 'open', keys: { ...openSealingKeys(folder, master, contentDays), head: openAuditHead(folder, master), folder } };
  } catch (error) {
    return { kind: 'refused', failure: failureOf(error, place.keyFolder) };
  }
}

/** Everything of keys, for the assembly: it hands each part only to who needs it. */
export interface KeyFolder extends OpenKeys {
  /** Real path. */
  readonly folder: string;
  readonly head: AuditHead;
}

function missing(folder: string, place: KeyFolderPlace): KeyFolderRefused {
  if (place.sealedData === 'absent' && place.keyCheck === null) {
    return new KeyFolderRefused('keys.missing', `${join(folder, MASTER_KEY_FILE)} is not there. A first start creates it.`);
  }
  return new KeyFolderRefused(
    'keys.missing-for-data',
    `${join(folder, MASTER_KEY_FILE)} is not there, but ${place.dataFolder} holds data sealed with it. Put back the key folder from your copy, or name the folder where it lies.`,
  );
}

function checkSameKey(folder: string, master: MasterKey, place: KeyFolderPlace): void {
  if (place.keyCheck === null) {
    if (place.sealedData === 'absent') return;
    throw new KeyFolderRefused(
      'keys.check-missing',
      `${join(place.dataFolder, 'key-check')} is not there, so it cannot be known with which key the data were sealed. Put it back from a backup of the data folder.`,
    );
  }
  if (!matchesKeyCheck(master, place.keyCheck)) {
    throw new KeyFolderRefused(
      'keys.different',
      `${join(folder, MASTER_KEY_FILE)} (id ${master.keyId}) is not the key with which ${place.dataFolder} was sealed${sealedWith(place.keyCheck)}. Put that key folder in place.`,
    );
  }
}

function sealedWith(keyCheck: string): string {
  const id = /^1:([0-9a-f]{16}):/.exec(keyCheck)?.[1];
  return id === undefined ? '' : ` (id ${id})`;
}
