// Where everything in a ZIP file lies: the members its directory lists, and what lies between, before and behind them.
import { isBlank, textness } from './text-octets.ts';
import { DIRECTORY_ENTRY, directoryEntryAt, hasSizesBehind, LOCAL_HEADER, localHeaderAt, type ZipMember } from './zip-records.ts';
import { type DirectoryEnd, findDirectoryEnd } from './zip-directory-end.ts';

export interface PlacedMember {
  /** As the directory tells it: what most readers go by. */
  readonly listed: ZipMember;
  /** As it tells itself, or null where nothing stands where the directory points. */
  readonly local: ZipMember | null;
}

export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface ZipLayout {
  readonly end: DirectoryEnd | null;
  readonly members: readonly PlacedMember[];
  /** Octets that belong to no listed member. */
  readonly gaps: readonly Stretch[];
  /** Members overlap, stand twice, are not as many as said, or are not where they should be. */
  readonly state: 'sound' | 'malformed';
  /** There are more members than are looked at. */
  readonly size: 'whole' | 'too-large';
}

/** Far more than a message may have parts; keeps a directory of millions of empty members small. */
const MOST_MEMBERS = 20_000;

export function layoutOf(bytes: Buffer): ZipLayout {
  const end = findDirectoryEnd(bytes);
  if (end === null) return { end, members: [], gaps: [{ from: 0, to: bytes.length }], state: 'malformed', size: 'whole' };
  const members: PlacedMember[] = [];
  const names = new Set<string>();
  let at = end.directoryAt;
  for (let entry = directoryEntryAt(bytes, at); entry !== null && members.length < MOST_MEMBERS; entry = directoryEntryAt(bytes, at)) {
    const { headerAt } = entry;
    members.push({ listed: entry, local: localHeaderAt(bytes, headerAt + end.shift) ?? localHeaderAt(bytes, headerAt) });
    names.add(entry.name);
    at = entry.end;
  }
  const size = members.length < MOST_MEMBERS ? 'whole' : 'too-large';
  const { gaps, overlap } = gapsOf(bytes, members, {
    from: end.directoryAt,
    to: end.end - (isWords(end.comment) ? 0 : end.comment.length),
  });
  const counted = names.size === members.length && (size === 'too-large' || members.length % 65_536 === end.entries % 65_536);
  const sound = counted && overlap === 'no' && members.every(({ local }) => local !== null);
  return { end, members, gaps: size === 'whole' ? gaps : [], state: sound ? 'sound' : 'malformed', size };
}

/** Whether there is anything that the directory does not list, or that its entries share. */
export function holdsMore(bytes: Buffer): boolean {
  const { gaps, state } = layoutOf(bytes);
  return state === 'malformed' || gaps.some(({ from, to }) => !isBlank(bytes.subarray(from, to)));
}

/** A comment that is anything else is read as what stands behind the file. */
export function isWords(comment: Buffer): boolean {
  return comment.length > 0 && textness(comment) === 'text';
}

function gapsOf(bytes: Buffer, members: readonly PlacedMember[], directory: Stretch): { gaps: Stretch[]; overlap: 'yes' | 'no' } {
  const taken = members.flatMap((member) => stretchOf(bytes, member) ?? []);
  taken.push(directory);
  taken.sort((a, b) => a.from - b.from || a.to - b.to);
  const gaps: Stretch[] = [];
  let at = 0;
  let overlap: 'yes' | 'no' = 'no';
  for (const { from, to } of taken) {
    if (from > at) gaps.push({ from: at, to: from });
    if (from < at) overlap = 'yes';
    at = Math.max(at, to);
  }
  if (at < bytes.length) gaps.push({ from: at, to: bytes.length });
  return { gaps, overlap };
}

function stretchOf(bytes: Buffer, { listed, local }: PlacedMember): Stretch | null {
  if (local === null) return null;
  const dataEnd = Math.min(bytes.length, local.end + listed.compressedBytes);
  const behind = hasSizesBehind(local) || hasSizesBehind(listed) ? descriptorLength(bytes, dataEnd) : 0;
  return { from: local.headerAt, to: dataEnd + behind };
}

/** The data descriptor (APPNOTE 4.3.9): with or without a signature, with sizes of 4 or of 8 octets; what follows it tells. */
export function descriptorLength(bytes: Buffer, at: number): number {
  const isSigned = at + 4 <= bytes.length && bytes.readUInt32LE(at) === 0x08074b50;
  for (const length of isSigned ? [16, 24] : [12, 20]) {
    const next = at + length + 4 <= bytes.length ? bytes.readUInt32LE(at + length) : 0;
    if (next === LOCAL_HEADER || next === DIRECTORY_ENTRY) return length;
  }
  return isSigned ? 16 : 0;
}
