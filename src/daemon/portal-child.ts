// The portal beside a sandbox: the same process that a system service would be, started and ended with the gateway, and started again where it ends by
// itself. Its log goes to a file.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, closeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface PortalChild {
  /** Ends it, and resolves when it has ended. */
  stop(): Promise<void>;
}

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
/** As the unit has it (systemd/postern-portal.service). */
const AGAIN_MS = 2_000;

/** A portal that cannot start says why in its log; the gateway runs all the same. */
export function startPortalChild(configPath: string, logFile: string): PortalChild {
  let child = spawned(configPath, logFile);
  let again: NodeJS.Timeout | null = null;
  let state: 'running' | 'stopping' = 'running';
  const ended = Promise.withResolvers<void>();
  const watch = (): void => {
    void once(child, 'close')
      .catch(() => undefined)
      .then(() => {
        if (state === 'stopping') ended.resolve();
        else again = setTimeout(startAgain, AGAIN_MS);
      });
  };
  const startAgain = (): void => {
    again = null;
    child = spawned(configPath, logFile);
    watch();
  };
  // Where we end without a word it must not go on alone.
  const end = (): void => void child.kill();
  process.once('exit', end);
  watch();
  return {
    async stop() {
      state = 'stopping';
      process.off('exit', end);
      if (again === null) end();
      else {
        clearTimeout(again);
        ended.resolve();
      }
      await ended.promise;
    },
  };
}

/** The channel says nothing; that it closes tells the portal that we are gone, by a SIGKILL even (portal.ts). */
function spawned(configPath: string, logFile: string): ChildProcess {
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(process.execPath, [MAIN, 'portal', '--config', configPath], { stdio: ['ignore', log, log, 'ipc'] });
  closeSync(log);
  return child;
}
