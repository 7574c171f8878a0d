// The damaged files of the fuzz run: each by its number, always the same for the same fixtures.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PartKind } from '../../../src/mail/message.ts';
import type { Extractor } from '../../../src/mime/extract/extractor.ts';
import { CARRIERS } from './carriers.ts';
import { bodyCases, headerCases } from './cases.ts';
import { mutated } from './mutations.ts';
import { ownPayloads, realPayloads } from './payloads.ts';
import { type Carried, numbersFrom, pick } from './sentence.ts';

const SEED = 20261127;

type Undamaged = Pick<Carried, 'name' | 'bytes'>;

/** What is damaged: our own files, those in carriers, all fixtures of real programs, messages. */
export function undamagedFiles(): readonly Undamaged[] {
  const extract = join(import.meta.dirname, '../../data/extract');
  const fixtures = readdirSync(extract, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'README.md')
    .map((entry) => ({ name: entry.name, bytes: readFileSync(join(entry.parentPath, entry.name)) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const own = ownPayloads();
  const carried = CARRIERS.flatMap((carrier) => own.slice(0, 3).flatMap((one) => carrier.wrap(one) ?? []));
  const real = (['found', 'encrypted', 'picture'] as const).flatMap(realPayloads);
  return [...own, ...carried, ...real, ...bodyCases(), ...headerCases().slice(0, 30), ...fixtures].filter(
    ({ bytes }) => bytes.length < 200_000,
  );
}

export interface FuzzCase {
  readonly name: string;
  readonly file: string;
  readonly bytes: Buffer;
  /** Given to one extractor as its kind, sniffed as a file, or read as a message. */
  readonly as: { readonly extractor: Extractor; readonly kind: PartKind } | 'file' | 'message';
}

export function fuzzCase(index: number, files: readonly Undamaged[], extractors: readonly Extractor[]): FuzzCase {
  const random = numbersFrom(SEED + index * 7_919);
  const [one, other] = [pick(files, random), pick(files, random)];
  const bytes = mutated(one.bytes, random, other.bytes);
  const share = random();
  const extractor = pick(extractors, random);
  const kind = pick(extractor.kinds, random);
  const as = share < 0.3 ? { extractor, kind } : share < 0.5 ? 'message' : 'file';
  return {
    name: `case ${index}: ${one.name} (${bytes.length} octets) as ${typeof as === 'string' ? as : kind}`,
    file: one.name,
    bytes,
    as,
  };
}
