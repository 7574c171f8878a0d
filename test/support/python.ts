// A second opinion: Debian's Python (packages python3 and, for DKIM, python3-dkim) reads what we wrote.
import { execFile } from 'node:child_process';

/** Runs a script that reads JSON from stdin and prints JSON. */
export async function askPython(script: string, input: unknown): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const child = execFile('/usr/bin/python3', ['-I', '-c', script], { maxBuffer: 256 * 1024 * 1024 }, (error, stdout, stderr) => {
    if (error !== null) reject(new Error(`python3: ${stderr}`, { cause: error }));
    else resolve(JSON.parse(stdout));
  });
  child.stdin?.end(JSON.stringify(input));
  return promise;
}
