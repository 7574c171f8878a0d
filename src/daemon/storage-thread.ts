// Entry of the storage thread: rebuilds the column sealer from the key material of the first message and serves the data folder.
// Key material comes by structured clone only, never by argv or environment.
import { parentPort } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { sealerFrom } from '../keys/column-sealer.ts';
import type { SealerMaterial } from '../keys/column-sealer.ts';
import { openEngine } from '../store/sqlite/open.ts';
import { serveStore } from '../store/sqlite/thread-server.ts';
import type { FromThread } from '../store/sqlite/thread-server.ts';
import { WithdrawalBoard } from '../store/withdrawal.ts';

/** What the assembly gives as `start` of openThreadStore; newer `material` goes to OpenStore.renewSealer. */
export interface StorageThreadStart {
  readonly dataFolder: string;
  readonly material: SealerMaterial;
  readonly board: SharedArrayBuffer;
}

parentPort?.once('message', (start: StorageThreadStart & { readonly port: MessagePort }) => {
  const { port, dataFolder } = start;
  const sealer = sealerFrom(start.material, Date.now);
  const opened = openEngine({ dataFolder, sealer, board: new WithdrawalBoard(start.board), now: Date.now });
  if (opened.kind === 'open') {
    serveStore(port, opened.engine, (material) => sealer.renew(material as SealerMaterial));
    return;
  }
  port.postMessage({ kind: 'refused', why: opened } satisfies FromThread);
  port.close();
});
