// Reads damaged files one after another and tells its parent before each, so that a hang or crash has a name. Arguments: first case, count.
import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Extractor } from '../../../src/mime/extract/extractor.ts';
import { readFileWith, readPart, readWith } from '../read.ts';
import { allExtractors } from './all.ts';
import { type FuzzCase, fuzzCase, undamagedFiles } from './fuzz-cases.ts';

/** What the parent hears. */
export type FuzzNews =
  | { readonly at: number; readonly name: string; readonly base64: string }
  | { readonly rejected: string }
  | { readonly slowMs: number }
  | { readonly done: number; readonly grownBytes: number; readonly peakBytes: number };

// As in a reading child: a promise that a library forgot says nothing about what is read.
process.on('unhandledRejection', () => undefined);

const SLOW_MS = 3_000;
const LIMITS = {
  unpackedBytes: 32 * 1024 * 1024,
  partBytes: 16 * 1024 * 1024,
  textLength: 8 * 1024 * 1024,
  parts: 300,
  spans: 100_000,
} as const;

function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  return typeof collect === 'function' ? (): void => void Reflect.apply(collect, undefined, []) : (): void => undefined;
}

function heldBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Of this program alone: getrusage would tell that of the parent it was forked from. */
function peakBytes(): number {
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0) * 1_024;
}

async function read({ as, bytes, file }: FuzzCase, extractors: readonly Extractor[]): Promise<void> {
  if (as === 'message') await readWith(extractors, bytes, { limits: LIMITS });
  else if (as === 'file') await readFileWith(extractors, bytes, file, { limits: LIMITS });
  else {
    const others = extractors.filter((each) => !each.kinds.includes('message'));
    await readPart(as.extractor, as.kind, bytes, { name: file }, others, { limits: LIMITS });
  }
}

async function run(first: number, count: number): Promise<void> {
  const [files, extractors, collect] = [undamagedFiles(), allExtractors(), collector()];
  const tell = (news: FuzzNews): void => void process.send?.(news);
  let before = 0;
  for (let index = first; index < first + count; index++) {
    const one = fuzzCase(index, files, extractors);
    tell({ at: index, name: one.name, base64: one.bytes.subarray(0, 1_500).toString('base64') });
    // So that what was told has left before the case begins.
    await setImmediate();
    const startedAt = performance.now();
    try {
      await read(one, extractors);
    } catch (error) {
      tell({ rejected: error instanceof Error ? `${error.stack}` : 'no error' });
    }
    const ms = performance.now() - startedAt;
    if (ms > SLOW_MS) tell({ slowMs: ms });
    if (index === first + Math.min(300, Math.floor(count / 2))) {
      collect();
      before = heldBytes();
    }
  }
  collect();
  tell({ done: count, grownBytes: heldBytes() - before, peakBytes: peakBytes() });
}

const [first, count] = process.argv.slice(2).map(Number);
await run(first ?? 0, count ?? 0);
process.disconnect();
