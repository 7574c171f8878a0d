// Signals of a running service: SIGTERM and SIGINT stop it in order, a second one at once; SIGHUP reloads.
import { EXIT } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Running } from '../daemon/work.ts';

/** npm passes on a Ctrl-C that the terminal has sent to the whole group already: two so close together are one. */
const SAME_SIGNAL_MS = 1000;

/** Resolves when the service has ended. */
export async function untilEnded(running: Running): Promise<ExitCode> {
  let stoppingSince: number | null = null;
  const stop = (): void => {
    const now = performance.now();
    // Everything accepted is on stable storage: leaving at once loses nothing.
    if (stoppingSince !== null && now - stoppingSince > SAME_SIGNAL_MS) process.exit(EXIT.bug);
    if (stoppingSince !== null) return;
    stoppingSince = now;
    void running.stop('signal');
  };
  const reload = (): void => void running.reload();
  process.on('SIGTERM', stop).on('SIGINT', stop).on('SIGHUP', reload);
  try {
    return (await running.ended) === 'stopped' ? EXIT.done : EXIT.bug;
  } finally {
    process.off('SIGTERM', stop).off('SIGINT', stop).off('SIGHUP', reload);
  }
}
