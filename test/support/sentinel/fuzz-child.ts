// Reads damaged files one after another and tells its parent before each, so that a hang or crash has a name. Arguments: first case, count.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { PartKind } from '../../../src/mail/message.ts';
import type { Extractor } from '../../../src/mime/extract/extractor.ts';
import { readFileWith, readPart, readWith } from '../read.ts';
import { allExtractors } from './all.ts';
import { CARRIERS } from './carriers.ts';
import { bodyCases, headerCases } from './cases.ts';
import { mutated } from './mutations.ts';
import { ownPayloads, realPayloads } from './payloads.ts';
import { numbersFrom, pick } from './sentence.ts';

/** What the parent hears. */
export type FuzzNews =
  | { readonly at: number; readonly name: string }
  | { readonly rejected: number; readonly name: string; readonly why: string }
  | { readonly slow: number; readonly name: string; readonly ms: number }
  | { readonly done: number; readonly grownBytes: number; readonly peakBytes: number };

const SEED = 20261127;
const SLOW_MS = 2_000;
const LIMITS = {
  unpackedBytes: 32 * 1024 * 1024,
  partBytes: 16 * 1024 * 1024,
  textLength: 8 * 1024 * 1024,
  parts: 300,
  spans: 100_000,
} as const;

interface Seed {
  readonly name: string;
  readonly bytes: Buffer;
}

function seeds(): readonly Seed[] {
  const extract = join(import.meta.dirname, '../../data/extract');
  const fixtures = readdirSync(extract, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'README.md')
    .map((entry) => ({ name: entry.name, bytes: readFileSync(join(entry.parentPath, entry.name)) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const own = ownPayloads();
  const carried = CARRIERS.flatMap((carrier) => own.slice(0, 3).flatMap((one) => carrier.wrap(one) ?? []));
  return [
    ...own,
    ...carried,
    ...(['found', 'encrypted', 'picture'] as const).flatMap(realPayloads),
    ...bodyCases(),
    ...headerCases().slice(0, 30),
    ...fixtures,
  ]
    .map(({ name, bytes }) => ({ name, bytes }))
    .filter(({ bytes }) => bytes.length < 200_000);
}

function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  return typeof collect === 'function' ? (): void => void Reflect.apply(collect, undefined, []) : (): void => undefined;
}

function heldBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function readOne(
  index: number,
  corpus: readonly Seed[],
  extractors: readonly Extractor[],
  tell: (news: FuzzNews) => void,
): Promise<void> {
  const random = numbersFrom(SEED + index * 7_919);
  const [one, other] = [pick(corpus, random), pick(corpus, random)];
  const bytes = mutated(one.bytes, random, other.bytes);
  const forced = random() < 0.25 ? pick(extractors, random) : null;
  const kind: PartKind | null = forced === null ? null : pick(forced.kinds, random);
  const name = `case ${index} of seed ${SEED}: ${one.name} (${bytes.length} octets)${kind === null ? '' : ` as ${kind}`}`;
  tell({ at: index, name });
  const startedAt = performance.now();
  try {
    if (forced !== null && kind !== null)
      await readPart(
        forced,
        kind,
        bytes,
        { name: one.name },
        extractors.filter((each) => !each.kinds.includes('message')),
        { limits: LIMITS },
      );
    else if (random() < 0.3) await readWith(extractors, bytes, { limits: LIMITS });
    else await readFileWith(extractors, bytes, one.name, { limits: LIMITS });
  } catch (error) {
    tell({ rejected: index, name, why: error instanceof Error ? `${error.stack}` : 'no error' });
  }
  const ms = performance.now() - startedAt;
  if (ms > SLOW_MS) tell({ slow: index, name, ms });
}

async function run(first: number, count: number): Promise<void> {
  const [corpus, extractors, collect] = [seeds(), await allExtractors(), collector()];
  const tell = (news: FuzzNews): void => void process.send?.(news);
  let before = 0;
  for (let index = first; index < first + count; index++) {
    await readOne(index, corpus, extractors, tell);
    if (index === first + Math.min(100, Math.floor(count / 4))) {
      collect();
      before = heldBytes();
    }
  }
  collect();
  tell({ done: count, grownBytes: heldBytes() - before, peakBytes: process.resourceUsage().maxRSS * 1024 });
}

const [first, count] = process.argv.slice(2).map(Number);
await run(first ?? 0, count ?? 0);
process.disconnect();
