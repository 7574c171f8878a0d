// Tar files of any kind: their members, names, links and comments, what stands behind their end, and what is left of cut ones.
import type { Extractor, Output } from './extractor.ts';
import { readLoose } from './loose-octets.ts';
import { BLOCK, paxRecords, stringOf, type TarHeader, tarHeaderAt } from './tar-header.ts';

export const tarExtractor: Extractor = {
  kinds: ['tar'],
  async extract({ bytes }, output) {
    const state: TarState = { name: null, linkName: null, pax: new Map(), ended: 'no' };
    for (let at = 0; at < bytes.length;) {
      const blanks = blankBlocks(bytes, at);
      if (blanks > 0) {
        // One blank block ends it for some readers, two for others: whatever stands behind is read.
        state.ended = 'yes';
        at += blanks * BLOCK;
        continue;
      }
      const header = tarHeaderAt(bytes, at);
      if (header === null) at = await readUnknown(bytes, at, output);
      else at = await readMember(bytes, at, header, state, output);
    }
    // Blank blocks end every whole one.
    if (state.ended === 'no') output.blind('broken');
  },
};

interface TarState {
  /** Told by records before a member, for it alone. */
  name: string | null;
  linkName: string | null;
  pax: ReadonlyMap<string, string>;
  ended: 'no' | 'yes';
}

function blankBlocks(bytes: Buffer, from: number): number {
  let count = 0;
  for (let at = from; at < bytes.length; at += BLOCK) {
    if (bytes.subarray(at, at + BLOCK).some((octet) => octet !== 0)) break;
    count++;
  }
  return count;
}

/** Up to the next header, or to the end. */
async function readUnknown(bytes: Buffer, from: number, output: Output): Promise<number> {
  let at = from + BLOCK;
  while (at + BLOCK <= bytes.length && tarHeaderAt(bytes, at)?.checksum !== 'right') at += BLOCK;
  const end = at + BLOCK <= bytes.length ? at : bytes.length;
  output.defect('container-malformed');
  if (from === 0 || end - from >= BLOCK) output.blind('broken');
  await readLoose(bytes.subarray(from, end), output);
  return end;
}

/** Gives where the next header stands. */
async function readMember(bytes: Buffer, at: number, header: TarHeader, state: TarState, output: Output): Promise<number> {
  if (header.checksum === 'wrong' || state.ended === 'yes') output.defect('container-malformed');
  let dataAt = at + BLOCK;
  for (let more = header.isContinued; more; dataAt += BLOCK) more = (bytes[dataAt + 504] ?? 0) !== 0;
  const size = hasData(header.type) ? sizeFor(header, state) : 0;
  const dataEnd = Math.min(bytes.length, dataAt + size);
  const data = bytes.subarray(dataAt, dataEnd);
  const end = dataEnd + ((BLOCK - ((dataEnd - at) % BLOCK)) % BLOCK);
  if (dataEnd - dataAt < size) output.blind('broken');
  if (!tellsOfNext(header.type, data, state, output)) {
    await readFile(header, data, state, output);
    state.name = null;
    state.linkName = null;
    state.pax = new Map();
  }
  await readLoose(bytes.subarray(dataEnd, end), output);
  return end;
}

/** Links, devices and folders have none, whatever their size says; any type not known is a file. */
function hasData(type: string): boolean {
  return !'12345'.includes(type) || type === '';
}

function sizeFor(header: TarHeader, { pax }: TarState): number {
  const said = pax.get('size');
  return said !== undefined && /^\d{1,15}$/.test(said) && header.type !== 'x' && header.type !== 'g' ? Number(said) : header.sizeBytes;
}

/** Whether the member only tells of the one behind it. */
function tellsOfNext(type: string, data: Buffer, state: TarState, output: Output): boolean {
  switch (type) {
    case 'L':
      state.name = stringOf(data);
      return true;
    case 'K':
      state.linkName = stringOf(data);
      return true;
    case 'x':
    case 'X':
    case 'g': {
      const records = paxRecords(data);
      if (type !== 'g') state.pax = records;
      for (const [key, value] of records) tellRecord(key, value, output);
      return true;
    }
    default:
      return false;
  }
}

/** Keywords whose values are names of the member, or numbers. */
const KNOWN_RECORDS =
  /^(?:path|linkpath|size|[acm]time|[ug]id|[ug]name|charset|hdrcharset|GNU\.sparse\.|SCHILY\.(?:dev|ino|nlink|fflags|filetype)|LIBARCHIVE\.)/;

function tellRecord(key: string, value: string, output: Output): void {
  if (key === 'comment') output.text({ area: 'comment' }, value);
  else if (!KNOWN_RECORDS.test(key)) output.text({ area: 'property' }, value);
}

async function readFile(header: TarHeader, data: Buffer, state: TarState, output: Output): Promise<void> {
  const name = state.pax.get('GNU.sparse.name') ?? state.pax.get('path') ?? state.name ?? header.name;
  const linkName = state.pax.get('linkpath') ?? state.linkName ?? header.linkName;
  output.text({ area: 'file-name' }, linkName);
  if (!hasData(header.type) || (name.endsWith('/') && data.length === 0)) {
    output.text({ area: 'file-name' }, name);
    return;
  }
  // Of a sparse file its holes are left out: what it holds is there, in order.
  const bytes = state.pax.get('GNU.sparse.major') === '1' ? withoutMap(data) : data;
  const role = state.ended === 'yes' ? 'other-reading' : 'member';
  await output.inner({ bytes, declaredType: null, parameters: new Map(), name, role });
}

/** GNU sparse format 1.0: a count and as many pairs of decimal numbers, a line each, before the data; padded to a block. */
function withoutMap(data: Buffer): Buffer {
  let end = data.indexOf(10) + 1;
  const numbers = Number(data.toString('latin1', 0, Math.min(20, Math.max(0, end - 1)))) * 2;
  for (let i = 0; i < numbers && end > 0; i++) end = data.indexOf(10, end) + 1;
  return data.subarray(Math.ceil(end / BLOCK) * BLOCK);
}
