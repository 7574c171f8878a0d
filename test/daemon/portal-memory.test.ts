// The memory of the portal's own process: four people take a file of 25 MB at once, and it grows no more than with one of 2 MB.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { messagePath } from '../../src/portal/paths.ts';
import { countingDesk, fileOf, messageWithFile } from '../support/large-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const ENVIRONMENT = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:NODE_|TAP|_TAP)/.test(name)));
const HOST = 'portal.clinic.test';
const AT_ONCE = 4;
/** Held whole, each of four would be 60 MB and more of its own; what waits for the collector is less than this, whatever the file. */
const MOST_MORE_MB = 110;

/** As its unit starts it. */
async function startPortal(t: { teardown(handler: () => unknown): void }, runFolder: string): Promise<{ pid: number; port: number }> {
  const file = join(temporaryFolder(t), 'postern.yaml');
  const config = [
    ...['version: 1', 'mode: sandbox', 'hostname: mail.clinic.test', 'postmaster: [it@clinic.test]'],
    `folders: { data: data, keys: keys, run: "${runFolder}" }`,
    `portal: { url: "https://${HOST}", port: 0, from: messages@clinic.test, name: Riverside Clinic, help: "+1 555 0100" }`,
  ];
  writeFileSync(file, `${config.join('\n')}\n`);
  const child = spawn(process.execPath, ['--max-semi-space-size=4', MAIN, 'portal', '--config', file], {
    env: { ...ENVIRONMENT, MALLOC_ARENA_MAX: '2' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(() => void child.kill('SIGKILL'));
  for await (const line of createInterface({ input: child.stdout })) {
    const { listener, port } = JSON.parse(line) as { readonly listener?: string; readonly port?: number };
    if (listener === 'portal' && port !== undefined) return { pid: child.pid ?? 0, port };
  }
  throw new Error('the portal did not start');
}

/** Octets of the answer. */
async function asked(port: number, path: string, cookie: string): Promise<number> {
  const request = http.get({ host: '127.0.0.1', port, path, agent: false, headers: { host: HOST, cookie } });
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  let sizeBytes = 0;
  for await (const piece of response as AsyncIterable<Buffer>) sizeBytes += piece.length;
  return sizeBytes;
}

/** The most that the process had since it was last asked, MB. */
function peakMb(pid: number): number {
  const peak = Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) / 1024;
  // proc(5): the peak begins anew.
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
  return peak;
}

await t.test('it does not grow with the file', async (t) => {
  const sizes = [2_000_000, 24_900_000] as const;
  const messages = sizes.map((size, n) => messageWithFile(n, fileOf(size)));
  const { memory, socketPath } = await countingDesk(t, messages);
  const { pid, port } = await startPortal(t, socketPath.replace('-portal/desk.sock', ''));
  const sessionOf = async (n: number): Promise<string> => {
    const link = memory.links[n] ?? '';
    const client = { address: '127.0.0.1', userAgent: 'test' };
    await memory.sendCode(link, 'mail', client);
    const entered = await memory.enterCode({ link, code: memory.codeOf(link) ?? '', session: null }, client);
    return entered.kind === 'signed-in' ? `__Host-session=${entered.session}` : '';
  };
  const peaks: number[] = [];
  for (const [n, { deliveryId }] of messages.entries()) {
    const cookie = await sessionOf(n);
    const read = async (): Promise<void> => {
      await asked(port, messagePath(deliveryId), cookie);
      t.equal(await asked(port, `${messagePath(deliveryId)}/parts/2/download`, cookie), sizes[n]);
    };
    // Code is compiled, and what it needs once is made, before anything counts.
    await read();
    peakMb(pid);
    await Promise.all(Array.from({ length: AT_ONCE }, read));
    peaks.push(peakMb(pid));
  }
  const [small = 0, large = 0] = peaks;
  t.comment(`peak with four of 2 MB ${small.toFixed(0)} MB, of 25 MB ${large.toFixed(0)} MB`);
  t.ok(small > 50 && large > 50, 'measured');
  t.ok(large - small < MOST_MORE_MB, 'no more with the larger file');
});
