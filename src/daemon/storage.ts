// Storage joined together: the storage thread over the data folder, the reader, the spool, and what a crash left put in order.
import { randomUUID } from 'node:crypto';
import type { Config } from '../config/config.ts';
import type { KeyFolder } from '../keys/key-folder.ts';
import { openSpool } from '../spool/file-spool.ts';
import type { Spool } from '../spool/spool.ts';
import type { OpenStore, Opening } from '../store/sqlite/direct-store.ts';
import { openThreadStore } from '../store/sqlite/thread-client.ts';
import { WithdrawalBoard } from '../store/withdrawal.ts';

export interface Storage {
  readonly kind: 'open';
  readonly store: OpenStore;
  readonly spool: Spool;
  readonly board: WithdrawalBoard;
  /** What was found of a run that ended badly. */
  readonly recovered: { readonly lostAttempts: number; readonly orphans: number };
}

export type StorageOpened = Storage | { readonly kind: 'refused'; readonly text: string };

/** Messages under way into a commit at once; more are answered 451. */
const SLOTS = 4_096;
const RECLAIM_AT_ONCE = 1_000;

/** Opens storage and recovers: leases of a run before are taken back, files without a journal row removed. */
export async function openStorage(config: Config, keys: KeyFolder, now: number): Promise<StorageOpened> {
  const board = new WithdrawalBoard(SLOTS);
  const opening = await openThreadStore({
    entry: new URL('./storage-thread.ts', import.meta.url),
    preload: new URL('./compile-cache.ts', import.meta.url),
    start: { dataFolder: config.folders.data, material: keys.sealerMaterial(), board: board.buffer },
  });
  if (opening.kind !== 'open') return { kind: 'refused', text: refusalText(opening, config) };
  const { store } = opening;
  const spool = await openSpool(config.folders.data);
  const orphans = await spool.sweep(new Set(await store.retention.spooledIds()));
  const owner = randomUUID();
  const { longestMs, jitter } = config.delivery.retry;
  const latestDueAt = now + longestMs * (1 + jitter);
  let lostAttempts = 0;
  for (let found = RECLAIM_AT_ONCE; found === RECLAIM_AT_ONCE; lostAttempts += found) {
    found = await store.queue.reclaim({ owner, now, scope: 'start', limit: RECLAIM_AT_ONCE, latestDueAt });
  }
  return { kind: 'open', store, spool, board, recovered: { lostAttempts, orphans } };
}

/** Why a data folder was not opened, in a sentence for the administrator. */
export function refusalText(refused: Exclude<Opening, { kind: 'open' }>, config: Config): string {
  const { data } = config.folders;
  switch (refused.kind) {
    case 'locked':
      return `another Postern has ${data} open.`;
    case 'newer-schema':
      return `${data} was written by a newer Postern (schema ${refused.found}, this one knows ${refused.known}). Nothing was changed; run the newer program.`;
    case 'not-ours':
      return `${data} holds a database that is not Postern's. Nothing was changed; name another folder.`;
    case 'copy-failed':
      return `${data} must be brought to a newer schema, and the copy before that could not be made (${refused.code}). Nothing was changed; make room and start again.`;
  }
}
