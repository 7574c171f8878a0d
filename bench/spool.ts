// Measures the spool: sealed content written durably and read back, on the disk of this checkout. `node bench/spool.ts [folder]`
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageIdOf } from '../src/gateway/message-id.ts';
import { openSpool } from '../src/spool/file-spool.ts';
import type { SealedContent, Spool } from '../src/spool/spool.ts';

const CASES: readonly (readonly [name: string, sizeBytes: number, count: number, atOnce: number])[] = [
  ['2 kB', 2_000, 5_000, 10],
  ['20 kB', 20_000, 1_500, 10],
  ['200 kB', 200_000, 600, 10],
  ['2 MB', 2_000_000, 150, 10],
  ['50 MB', 50_000_000, 4, 1],
];
/** As content comes from a socket: pieces of this size, the same block again and again. */
const PIECE_BYTES = 16_384;
const BLOCK = randomBytes(1_000_000);

const folder = mkdtempSync(join(process.argv[2] ?? tmpdir(), 'postern-bench-'));
try {
  const spool = await openSpool(folder);
  console.log('size     write/s   MB/s  CPU ms each    read/s   MB/s  CPU ms each   peak RSS MB');
  for (const [name, sizeBytes, count, atOnce] of CASES) {
    const written: SealedContent[] = [];
    const write = await timed(count, atOnce, async () => void written.push(await writeOne(spool, sizeBytes)));
    const read = await timed(count, atOnce, async (i) => readOne(spool, written[i]));
    const rate = (run: Run): string =>
      `${run.perSecond.toFixed(0).padStart(8)} ${((run.perSecond * sizeBytes) / 1e6).toFixed(0).padStart(6)} ${run.cpuMs.toFixed(3).padStart(12)}`;
    console.log(`${name.padEnd(7)} ${rate(write)} ${rate(read)} ${(process.resourceUsage().maxRSS / 1024).toFixed(0).padStart(12)}`);
    for (const { messageId, place } of written) if (place === 'file') await spool.remove(messageId);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

interface Run {
  readonly perSecond: number;
  readonly cpuMs: number;
}

async function timed(count: number, atOnce: number, one: (i: number) => Promise<void>): Promise<Run> {
  let next = 0;
  const cpu = process.cpuUsage();
  const start = performance.now();
  const lane = async (): Promise<void> => {
    while (next < count) await one(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: count / seconds, cpuMs: (user + system) / 1000 / count };
}

async function writeOne(spool: Spool, sizeBytes: number): Promise<SealedContent> {
  const messageId = messageIdOf(Date.now(), randomBytes(10));
  const key = randomBytes(32);
  const writer = spool.writer(messageId, key);
  for (let rest = sizeBytes, at = 0; rest > 0; at = (at + PIECE_BYTES) % (BLOCK.length - PIECE_BYTES)) {
    const length = Math.min(rest, PIECE_BYTES);
    await writer.write(BLOCK.subarray(at, at + length));
    rest -= length;
  }
  const finished = await writer.finish();
  return { messageId, key, ...finished };
}

async function readOne(spool: Spool, content: SealedContent | undefined): Promise<void> {
  if (content === undefined) throw new Error('was not written');
  let sizeBytes = 0;
  for await (const chunk of spool.read(content)) sizeBytes += chunk.length;
  if (sizeBytes !== content.sizeBytes) throw new Error('not all was read');
}
