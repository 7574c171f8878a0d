// No copy of this process's memory is ever written to a file: no core file, heap snapshot or diagnostic report (DESIGN.md section 7).
// Whatever the environment asks for; what cannot be switched off is said, so that a live gateway does not start with it.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

/** Of the options of Node.js the one that cannot be taken back while it runs. */
const NEAR_HEAP_LIMIT = 'heapsnapshot-near-heap-limit';

/** Switches dumps off. Gives null, or in a sentence what could not be. */
export function forbidDumps(): string | null {
  const { report } = process;
  report.reportOnSignal = false;
  report.reportOnFatalError = false;
  report.reportOnUncaughtException = false;
  // At a start the only listeners of signals are those of --heapsnapshot-signal.
  for (const name of process.eventNames()) if (typeof name === 'string' && /^SIG[A-Z0-9]+$/.test(name)) process.removeAllListeners(name);
  const options = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' ').replaceAll('_', '-');
  if (options.includes(NEAR_HEAP_LIMIT)) return `--${NEAR_HEAP_LIMIT} would write content to a file; start without it.`;
  const emptied = emptyCoreFiles();
  return forbidCoreFiles() || emptied ? null : 'a crash would write content to a core file; start after "ulimit -c 0".';
}

/** No memory goes into a core file, wherever the system sends it (core(5)). */
function emptyCoreFiles(): boolean {
  return attempt(() => writeFileSync('/proc/self/coredump_filter', '0'));
}

/** The system's limit, lowered by a tool of util-linux: Node.js cannot. */
function forbidCoreFiles(): boolean {
  if (process.platform !== 'linux') return true;
  return attempt(() => {
    const limits = readFileSync('/proc/self/limits', 'latin1');
    if (!/^Max core file size +0 /m.test(limits))
      execFileSync('prlimit', ['--core=0:0', '--pid', String(process.pid)], { stdio: 'ignore' });
  });
}

function attempt(work: () => void): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}
