// One member of a ZIP file, unpacked and handed on; where its local header tells another story than the directory, that one too.
import type { PartRole } from '../../mail/message.ts';
import { LimitReached, type Output } from './extractor.ts';
import { inflateWhatIsThere } from './unpack-damaged.ts';
import { unpack } from './unpack.ts';
import type { PlacedMember } from './zip-layout.ts';
import { isEncrypted, type ZipMember } from './zip-records.ts';
import type { PackedMember, Packing } from './zip-repacked.ts';

/** What reads members: the file, where the text goes, and those left for another program to unpack. */
export interface MemberReading {
  readonly bytes: Buffer;
  readonly output: Output;
  readonly left: PackedMember[];
}

export async function readMember(reading: MemberReading, { listed, local }: PlacedMember): Promise<void> {
  const { output } = reading;
  output.text({ area: 'comment' }, listed.comment);
  const names = new Set([listed.otherName, local?.name, local?.otherName].filter((name) => name != null && name !== listed.name));
  for (const name of names) {
    output.defect('container-malformed');
    output.text({ area: 'file-name' }, name ?? '');
  }
  if (local === null) {
    output.text({ area: 'file-name' }, listed.name);
    output.blind('broken');
    return;
  }
  await readPacked(reading, local.end, listed, { name: listed.name, role: 'member' });
  const other = otherPacking(listed, local);
  if (other === null) return;
  output.defect('container-malformed');
  await readPacked(reading, local.end, other, { name: null, role: 'other-reading' });
}

/** As the local header has it, where that differs. It may leave sizes to the octets behind the data, or the directory's mask them. */
function otherPacking(listed: ZipMember, local: ZipMember): Packing | null {
  const compressedBytes = local.compressedBytes === 0 ? listed.compressedBytes : local.compressedBytes;
  const sameLock = isEncrypted(listed) === isEncrypted(local);
  if (compressedBytes === listed.compressedBytes && local.method === listed.method && sameLock) return null;
  return { flags: local.flags, method: local.method, compressedBytes, plainBytes: local.plainBytes, checksum: local.checksum };
}

/** Stored, deflated, zstd. */
const OWN_METHODS: ReadonlySet<number> = new Set([0, 8, 93]);

interface About {
  readonly name: string | null;
  readonly role: PartRole;
}

/** @param at of the first octet of its data */
export async function readPacked({ bytes, output, left }: MemberReading, at: number, packing: Packing, about: About): Promise<void> {
  const isFolder = about.name?.endsWith('/') === true && packing.compressedBytes === 0;
  if (isFolder || isEncrypted(packing)) {
    output.text({ area: 'file-name' }, about.name ?? '');
    if (!isFolder) output.blind('encrypted');
    return;
  }
  const data = bytes.subarray(at, at + packing.compressedBytes);
  if (data.length < packing.compressedBytes) output.blind('broken');
  if (!OWN_METHODS.has(packing.method)) {
    left.push({ data, packing, ...about });
    return;
  }
  const plain = await whereItFits(output, () => plainOf(data, packing, output));
  if (plain === null) output.text({ area: 'file-name' }, about.name ?? '');
  else await output.inner({ bytes: plain, declaredType: null, parameters: new Map(), ...about });
}

/** A member too large for itself leaves room for others: it is charged for what was tried. */
export async function whereItFits<T>(output: Output, work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof LimitReached)) throw error;
    output.unpacked(output.unpacked(0));
    output.blind('too-large');
    return null;
  }
}

/** Null where it cannot be unpacked; what it told then has been told. */
async function plainOf(data: Buffer, packing: Packing, output: Output): Promise<Buffer | null> {
  if (packing.method === 0) {
    if (data.length > output.unpacked(0)) throw new LimitReached('too-large');
    output.unpacked(data.length);
    return data;
  }
  if (packing.method === 8) {
    const { plain, end } = await inflateWhatIsThere(data, output);
    if (end === 'broken') output.blind('broken');
    if (end === 'whole' && packing.plainBytes !== 0 && plain.length !== packing.plainBytes) output.defect('container-malformed');
    return plain;
  }
  return zstdOf(data, output);
}

function zstdOf(data: Buffer, output: Output): Buffer | null {
  try {
    return unpack(data, 'zstd', output);
  } catch (error) {
    if (error instanceof LimitReached) throw error;
    output.blind('broken');
    return null;
  }
}
