// The portal beside a sandbox: the same process that a system service would be, started and ended with the gateway. Its log goes to a file.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, closeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface PortalChild {
  /** Ends it, and resolves when it has ended. */
  stop(): Promise<void>;
}

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

/** A portal that cannot start says why in its log; the gateway runs all the same. */
export function startPortalChild(configPath: string, logFile: string): PortalChild {
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(process.execPath, [MAIN, 'portal', '--config', configPath], { stdio: ['ignore', log, log] });
  closeSync(log);
  const ended = once(child, 'close').catch(() => undefined);
  // Where we end without a word it must not go on alone.
  const end = (): void => void child.kill();
  process.once('exit', end);
  return {
    async stop() {
      process.off('exit', end);
      end();
      await ended;
    },
  };
}
