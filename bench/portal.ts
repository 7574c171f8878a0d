// `npm run bench:portal`: the portal's process before a gateway, over loopback. Weight of every page, time to the first octet and pages a second with 1,
// 10 and 50 readers beside fastify alone, and files of 1 to 25 MB both ways with the memory of both processes. `--repeats N --requests N --json FILE`
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { percentiles } from './cell.ts';
import { stopChild } from './peers/peer.ts';
import { type Browser, browser } from './portal-browser.ts';
import { movedFiles, tellMoved } from './portal-files.ts';
import { HOST, portalGround, type Reader } from './portal-ground.ts';
import { machineBusyMs, usageOf } from './process-meter.ts';
import { cpuMs } from './protocol.ts';

const { values } = parseArgs({
  options: {
    repeats: { type: 'string', default: '3' },
    requests: { type: 'string', default: '400' },
    json: { type: 'string' },
  },
});
const REPEATS = Number(values.repeats);
/** What a page may weigh, without content (issue 6). */
const MOST_BYTES = 60_000;
const AT_ONCE = [1, 10, 50] as const;

const median = (all: readonly number[]): number => all.toSorted((a, b) => a - b)[Math.floor((all.length - 1) / 2)] ?? 0;

interface Weight {
  readonly page: string;
  readonly htmlBytes: number;
  readonly ownBytes: number;
}

/** Every page with the styles and scripts it asks for, nothing cached. The letter of this bench is a line: what is left of content is noise. */
async function weights({ browser: signed, link, path }: Reader, nobody: Browser): Promise<readonly Weight[]> {
  const stranger = ['/', `/m/${link}`, `/m/${link}/code`, `/m/${link}/password`, '/signed-out', '/ended', '/nothing-here'];
  const inside = ['/messages', path, `${path}/answer`, '/begin', '/security', '/security/app', '/security/prove', '/who'];
  const assets = new Map<string, number>();
  const weighed: Weight[] = [];
  for (const page of [...stranger, ...inside]) {
    const one = stranger.includes(page) ? nobody : signed;
    const { text, sizeBytes } = await one.get(page);
    if (sizeBytes === 0) throw new Error(`${page} is no page`);
    const wanted = new Set([...text.matchAll(/(?:href|src)="(\/own\/[^"]+)"/g)].map(([, asset = '']) => asset));
    for (const asset of wanted) if (!assets.has(asset)) assets.set(asset, (await one.get(asset)).sizeBytes);
    const ownBytes = [...wanted].reduce((sum, asset) => sum + (assets.get(asset) ?? 0), 0);
    weighed.push({ page: page.replace(link, 'LINK').replace(path, '/messages/ID'), htmlBytes: sizeBytes, ownBytes });
  }
  return weighed;
}

interface Load {
  readonly atOnce: number;
  readonly perSecond: number;
  readonly firstMs: { readonly p50: number; readonly p99: number };
  readonly wrong: number;
}

/** So many readers at once, each with one request under way at a time. */
async function load(readers: readonly { readonly browser: Browser; readonly path: string }[], requests: number): Promise<Load> {
  const times: number[] = [];
  let left = requests;
  let wrong = 0;
  const began = performance.now();
  const work = async ({ browser: one, path }: (typeof readers)[number]): Promise<void> => {
    while (left-- > 0) {
      const { status, firstMs } = await one.get(path);
      times.push(firstMs);
      if (status !== 200) wrong++;
    }
  };
  await Promise.all(readers.map(work));
  const { p50, p99 } = percentiles(times);
  return { atOnce: readers.length, perSecond: (times.length * 1_000) / (performance.now() - began), firstMs: { p50, p99 }, wrong };
}

/** Others go first in each turn: one reader alone would soon have asked too much. */
function turned<T>(all: readonly T[], by: number): readonly T[] {
  const at = (by * 10) % all.length;
  return [...all.slice(at), ...all.slice(0, at)];
}

/** Fastify alone, with a page as large as ours. */
async function bare(undo: AsyncDisposableStack, octets: number): Promise<number> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('portal-bare.ts', import.meta.url)), String(octets)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  undo.defer(() => stopChild(child));
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  return Number(port.toString());
}

async function loads(
  readers: readonly Reader[],
  port: number,
): Promise<readonly (Load & { readonly peer: string; readonly other: number })[]> {
  const alone = readers.map((_, i) => ({ browser: browser({ port, host: HOST, address: `203.0.113.${i}` }), path: '/' }));
  const rows: (Load & { readonly peer: string; readonly other: number })[] = [];
  const turns = { portal: readers, fastify: alone } as const;
  for (let repeat = -1; repeat < REPEATS; repeat++)
    for (const atOnce of AT_ONCE)
      for (const [peer, all] of Object.entries(turns)) {
        const before = { busy: machineBusyMs(), at: performance.now(), own: cpuMs() };
        const row = await load(turned(all, repeat + 1).slice(0, atOnce), Number(values.requests));
        const busy = (machineBusyMs() - before.busy) / (performance.now() - before.at);
        // The first turn warms up.
        if (repeat >= 0) rows.push({ peer, ...row, other: busy });
      }
  for (const { browser: one } of alone) one.close();
  return rows;
}

function tellLoads(rows: Awaited<ReturnType<typeof loads>>): void {
  console.log('\nreaders  peer      pages/s  first p50 ms  first p99 ms  machine, cores  wrong');
  for (const atOnce of AT_ONCE) {
    for (const peer of ['portal', 'fastify']) {
      const own = rows.filter((row) => row.peer === peer && row.atOnce === atOnce);
      const of = (value: (row: Load & { readonly other: number }) => number, digits: number, width: number): string =>
        median(own.map(value)).toFixed(digits).padStart(width);
      console.log(
        `${String(atOnce).padStart(7)}  ${peer.padEnd(8)} ${of((row) => row.perSecond, 0, 8)} ${of((row) => row.firstMs.p50, 1, 13)} ${of((row) => row.firstMs.p99, 1, 13)} ${of((row) => row.other, 2, 15)} ${String(own.reduce((sum, row) => sum + row.wrong, 0)).padStart(6)}`,
      );
    }
    const rate = (peer: string): number =>
      median(rows.filter((row) => row.peer === peer && row.atOnce === atOnce).map((row) => row.perSecond));
    console.log(`         portal beside fastify: x ${(rate('portal') / rate('fastify')).toFixed(3)}`);
  }
}

async function bench(): Promise<void> {
  await using undo = new AsyncDisposableStack();
  const ground = await portalGround({ teardown: (handler) => undo.defer(async () => void (await handler())) });
  const idle = { portal: usageOf(ground.portalPid).rssBytes / 2 ** 20, gateway: usageOf(ground.gatewayPid).rssBytes / 2 ** 20 };
  console.log(
    `load of the machine ${loadavg()
      .map((one) => one.toFixed(1))
      .join(' ')}; at rest, MB: portal ${idle.portal.toFixed(0)}, gateway ${idle.gateway.toFixed(0)}`,
  );
  const readers = await ground.readers(Math.max(...AT_ONCE));
  const [first] = readers;
  if (first === undefined) throw new Error('nobody reads');
  const weighed = await weights(first, browser({ port: ground.portalPort, host: HOST, address: '203.0.113.250' }));
  console.log('\nHTML bytes  styles and scripts  together  page');
  for (const { page, htmlBytes, ownBytes } of weighed)
    console.log(`${String(htmlBytes).padStart(10)} ${String(ownBytes).padStart(19)} ${String(htmlBytes + ownBytes).padStart(9)}  ${page}`);
  const heavy = weighed.filter(({ htmlBytes, ownBytes }) => htmlBytes + ownBytes >= MOST_BYTES);
  if (heavy.length > 0) process.exitCode = 1;
  const rows = await loads(readers, await bare(undo, weighed.find(({ page }) => page === '/messages/ID')?.htmlBytes ?? 0));
  tellLoads(rows);
  const moved = await movedFiles(ground, REPEATS);
  tellMoved(moved);
  console.log(
    `load of the machine ${loadavg()
      .map((one) => one.toFixed(1))
      .join(' ')}`,
  );
  for (const { browser: one } of readers) one.close();
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ idle, weighed, rows, moved }, null, 1)}\n`);
}

await bench();
