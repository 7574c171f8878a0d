// What a gateway does beside mail: signs the head, flushes counts of refusals, makes period keys in time, feeds the watchdog.
import { signHead } from '../audit/head.ts';
import type { Clock } from '../gateway/clock.ts';
import type { RefusalCounts } from '../gateway/refusals.ts';
import { sealer } from '../gateway/seal.ts';
import type { KeyFolder } from '../keys/key-folder.ts';
import type { OpenStore } from '../store/sqlite/direct-store.ts';
import type { Notifier } from './notify.ts';
import { round } from './rounds.ts';

export interface UpkeepDeps {
  readonly store: OpenStore;
  readonly keys: KeyFolder;
  readonly clock: Clock;
  readonly refusals: RefusalCounts;
  readonly notifier: Notifier;
  readonly renewSealers: () => Promise<void>;
  readonly failed: (where: string, error: unknown) => void;
}

const SEAL_EVERY_MS = 1_000;
const REFUSALS_EVERY_MS = 60_000;
const KEYS_EVERY_MS = 3_600_000;

/**
 * Starts the rounds; `undo` stops them, and leaves the counts written and the head signed.
 * @returns signs the head now: at a start nothing is taken in before it stands for what is there
 */
export function startUpkeep(deps: UpkeepDeps, undo: AsyncDisposableStack): () => Promise<void> {
  const { store, keys, clock, refusals, notifier } = deps;
  const seal = sealer({
    audit: { head: async () => store.lastHead() },
    writeHead: (head, at) => keys.head.write(signHead({ ...head, at }, keys.head)),
    clock,
  });
  const flush = async (): Promise<'done'> => {
    const evidence = refusals.take(clock.now());
    if (evidence.length > 0) await store.audit.append(evidence);
    return 'done';
  };
  // What fails while stopping is told, and the rest is stopped all the same.
  const sealNow = (): Promise<void> => seal().catch((error: unknown) => deps.failed('seal', error));
  undo.defer(sealNow);
  undo.defer(() =>
    flush().then(
      () => undefined,
      (error: unknown) => deps.failed('refusals', error),
    ),
  );
  const start = (where: string, everyMs: number, work: () => Promise<'done'>): void => {
    const running = round(everyMs, work, (error) => deps.failed(where, error));
    undo.defer(() => running.stop());
  };
  start('seal', SEAL_EVERY_MS, () => seal().then(() => 'done'));
  start('refusals', REFUSALS_EVERY_MS, flush);
  start('keys', KEYS_EVERY_MS, async () => {
    if (keys.prepare(clock.now()) === 'unchanged') return 'done';
    await deps.renewSealers();
    await store.audit.append([
      { kind: 'key.created', at: clock.now(), messageId: null, deliveryId: null, codes: { purpose: 'detail' }, detail: null },
    ]);
    return 'done';
  });
  // Fed only after the event loop (this round runs) and the storage thread (it answers) have both shown that they are alive.
  if (notifier.watchdogIntervalMs !== null)
    start('watchdog', notifier.watchdogIntervalMs, () =>
      store
        .ping()
        .then(() => notifier.watchdog())
        .then(() => 'done'),
    );
  return sealNow;
}
