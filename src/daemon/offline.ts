// The commands of the control socket where no service runs: the same handlers, under the lock of the data folder.
import { passwords } from '../access/password.ts';
import { formatIssue } from '../config/issue.ts';
import type { Loaded } from '../config/load.ts';
import { diskWatch } from '../gateway/disk-watch.ts';
import { sealerFrom } from '../keys/column-sealer.ts';
import { openSpool } from '../spool/file-spool.ts';
import { freeBytes } from '../spool/free-space.ts';
import { openDirectStore } from '../store/sqlite/direct-store.ts';
import { openReader } from '../store/sqlite/reader.ts';
import { signHead } from '../audit/head.ts';
import { decidingOf } from './deciding.ts';
import { loadPolicies } from './policy.ts';
import { openFolders } from './folders.ts';
import { controlHandlers } from './handlers.ts';
import { headFault } from './head-fault.ts';
import { refusalText } from './storage.ts';
import { productVersion } from './version.ts';
import type { OfflineStart } from './work.ts';

export async function openOffline(loaded: Loaded): Promise<OfflineStart> {
  const { config } = loaded;
  const clock = { now: Date.now, steady: Date.now };
  const policies = await loadPolicies(config);
  if (policies.kind === 'refused') return { kind: 'not-reached', text: policies.issues.map(formatIssue).join('\n') };
  const folders = openFolders(config, clock.now());
  if (folders.kind === 'refused') return { kind: 'not-reached', text: folders.text };
  const { keys } = folders;
  const sealer = sealerFrom(keys.sealerMaterial(), clock.now);
  // A command is over long before a period of keys is.
  const opening = openDirectStore({ dataFolder: config.folders.data, sealer, board: null, now: clock.now }, () => undefined);
  if (opening.kind !== 'open') return { kind: 'not-reached', text: refusalText(opening, config) };
  const { store } = opening;
  const reader = openReader({ dataFolder: config.folders.data, sealer });
  const fault = await headFault(keys, () => store.lastHead(), reader.audit);
  if (fault !== null) {
    await reader.close();
    await store.close();
    return { kind: 'not-reached', text: fault };
  }
  const disk = diskWatch({
    freeBytes: () => freeBytes(config.folders.data),
    ...config.disk,
    append: async () => undefined,
    clock,
    events: { alarm: () => undefined },
  });
  await disk.look();
  const deciding = await decidingOf({
    config: () => config,
    policy: () => policies.live.policy,
    draft: () => null,
    store,
    keys,
    now: clock.steady,
  });
  const loadedAt = clock.now();
  const handlers = controlHandlers({
    version: productVersion(),
    loaded: () => loaded,
    configLoadedAt: () => loadedAt,
    disk,
    running: null,
    reload: null,
    store,
    keys,
    spool: await openSpool(config.folders.data),
    reader,
    clock,
    passwords: passwords(),
    sessions: { end: () => 0 },
    acted: () => undefined,
    deciding,
    live: () => policies.live,
    wake: () => undefined,
    waitingEnded: () => undefined,
    portalSessions: { endPerson: () => 0, endAddress: () => 0 },
  });
  return {
    kind: 'open',
    handlers,
    async close() {
      await keys.head.write(signHead({ ...store.lastHead(), at: clock.now() }, keys.head));
      await reader.close();
      await store.close();
    },
  };
}
