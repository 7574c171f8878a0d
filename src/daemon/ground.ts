// The ground a gateway stands on: locked data folder, keys, storage, clock, reader. Opened before anything can come in.
import { openHead } from '../audit/head.ts';
import type { Config } from '../config/config.ts';
import { type Clock, steadyClock } from '../gateway/clock.ts';
import { sealerFrom } from '../keys/column-sealer.ts';
import type { KeyFolder } from '../keys/key-folder.ts';
import type { Log } from '../log/log.ts';
import type { Evidence } from '../mail/evidence.ts';
import type { ChainHead } from '../store/audit-log.ts';
import { openReader } from '../store/sqlite/reader.ts';
import type { StoreReader } from '../store/store.ts';
import { openFolders } from './folders.ts';
import { openStorage, type Storage } from './storage.ts';

export interface Ground extends Pick<Storage, 'store' | 'spool' | 'board'> {
  readonly kind: 'open';
  readonly keys: KeyFolder;
  readonly clock: Clock;
  readonly reader: StoreReader;
}

export type GroundOpened = Ground | { readonly kind: 'not-reached'; readonly text: string };

/** @param undo closes what was opened, in reverse order */
export async function openGround(config: Config, log: Log, undo: AsyncDisposableStack): Promise<GroundOpened> {
  const startedAt = performance.now();
  let note: (evidence: Evidence) => void = () => undefined;
  const clock = steadyClock(
    Date.now,
    () => performance.now(),
    (byMs) => {
      log.clockStepped({ byMs });
      note({ kind: 'clock.stepped', at: Date.now(), messageId: null, deliveryId: null, codes: { byMs: Math.round(byMs) }, detail: null });
    },
  );
  const folders = openFolders(config, clock.now());
  if (folders.kind === 'refused') return { kind: 'not-reached', text: folders.text };
  const { keys } = folders;
  const storage = await openStorage(config, keys, clock.steady());
  if (storage.kind === 'refused') return { kind: 'not-reached', text: storage.text };
  const { store, spool, board, recovered } = storage;
  note = (evidence) => void store.audit.append([evidence]).catch((error: unknown) => log.bug('clock', error));
  undo.defer(() => store.close());
  const fault = await headFault(keys, store.lastHead());
  if (fault !== null) return { kind: 'not-reached', text: fault };
  const reader = openReader({ dataFolder: config.folders.data, sealer: sealerFrom(keys.sealerMaterial(), clock.now) });
  undo.defer(() => reader.close());
  log.recovered({ ...recovered, recoveryMs: performance.now() - startedAt });
  return { kind: 'open', keys, clock, store, spool, board, reader };
}

/**
 * A log that ends before its signed head was cut or put back from an old copy. Going on would sign over the proof of that, so a person
 * decides first.
 */
async function headFault(keys: KeyFolder, chain: ChainHead): Promise<string | null> {
  const text = await keys.head.read();
  if (text === null) return null;
  const head = openHead(text, keys.head);
  const remedy = `Look into it (postern audit verify); to go on, move head.json out of ${keys.folder} and keep it.`;
  if (head === null) return `the signed head in ${keys.folder} does not bear this key's signature. ${remedy}`;
  if (head.logId !== chain.logId) return `the signed head in ${keys.folder} is of another log. ${remedy}`;
  if (head.seq > chain.seq)
    return `the log ends at record ${chain.seq}, but its signed head is record ${head.seq}: records are missing. ${remedy}`;
  return null;
}
