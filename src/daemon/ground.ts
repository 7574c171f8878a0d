// The ground a gateway stands on: locked data folder, keys, storage, clock, reader. Opened before anything can come in.
import type { Config } from '../config/config.ts';
import { type Clock, steadyClock } from '../gateway/clock.ts';
import { sealerFrom } from '../keys/column-sealer.ts';
import type { KeyFolder } from '../keys/key-folder.ts';
import type { Log } from '../log/log.ts';
import type { Evidence } from '../mail/evidence.ts';
import { openReader } from '../store/sqlite/reader.ts';
import type { StoreReader } from '../store/store.ts';
import { openFolders } from './folders.ts';
import { headFault } from './head-fault.ts';
import { openStorage, type Storage } from './storage.ts';

export interface Ground extends Pick<Storage, 'store' | 'spool' | 'board'> {
  readonly kind: 'open';
  readonly keys: KeyFolder;
  readonly clock: Clock;
  readonly reader: StoreReader;
  /** A detail period was added or destroyed: whoever seals or opens columns takes the keys as they are now. */
  readonly renewSealers: () => Promise<void>;
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
  const readerSealer = sealerFrom(keys.sealerMaterial(), clock.now);
  const reader = openReader({ dataFolder: config.folders.data, sealer: readerSealer });
  undo.defer(() => reader.close());
  const fault = await headFault(keys, () => store.lastHead(), reader.audit);
  if (fault !== null) return { kind: 'not-reached', text: fault };
  const renewSealers = (): Promise<void> => {
    const material = keys.sealerMaterial();
    readerSealer.renew(material);
    return store.renewSealer(material);
  };
  log.recovered({ ...recovered, recoveryMs: performance.now() - startedAt });
  return { kind: 'open', keys, clock, store, spool, board, reader, renewSealers };
}
