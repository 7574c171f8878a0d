// What stands in a ZIP file outside the members of its directory: members that only their own header tells of, older directories, comments,
// and octets that belong to nothing.
import type { PartRole } from '../../mail/message.ts';
import type { Output } from './extractor.ts';
import { readLoose } from './loose-octets.ts';
import { inflateFrom } from './unpack-damaged.ts';
import { decodeText } from '../charset.ts';
import { directoryEndAt } from './zip-directory-end.ts';
import { descriptorLength, type Stretch } from './zip-layout.ts';
import { type MemberReading, readPacked, whereItFits } from './zip-members.ts';
import { directoryEntryAt, hasSizesBehind, isEncrypted, localHeaderAt, type ZipMember } from './zip-records.ts';

export interface GapSettings {
  /** Of members found here: 'member' where there is no directory at all. */
  readonly role: PartRole;
  /** Octets of no record are read, or have been read by another reading of this file. */
  readonly junk: 'read' | 'leave';
}

/** Passes over the stretch once. */
export async function readGap(reading: MemberReading, { from, to }: Stretch, settings: GapSettings): Promise<void> {
  const { output } = reading;
  const within = reading.bytes.subarray(0, to);
  for (let at = from; at < to;) {
    const record = recordEnd(within, at, output);
    if (record !== null) {
      at = record;
      continue;
    }
    const member = likelyMember(within, at);
    if (member !== null) {
      output.defect('container-malformed');
      at = await readLooseMember({ ...reading, bytes: within }, member, settings);
      continue;
    }
    const next = nextRecord(within, at + 1);
    if (settings.junk === 'read') await readLoose(within.subarray(at, next), output);
    at = next;
  }
}

/** Behind a record that holds no data; the comment of an older directory is read. */
function recordEnd(bytes: Buffer, at: number, output: Output): number | null {
  if (at + 4 > bytes.length) return null;
  switch (bytes.readUInt32LE(at)) {
    case 0x02014b50: {
      const entry = directoryEntryAt(bytes, at);
      if (entry === null) return null;
      output.defect('container-malformed');
      output.text({ area: 'file-name' }, entry.name);
      output.text({ area: 'comment' }, entry.comment);
      return Math.min(bytes.length, entry.end);
    }
    case 0x06054b50: {
      const end = directoryEndAt(bytes, at);
      if (end === null) return Math.min(bytes.length, at + 22);
      output.text({ area: 'comment' }, decodeText(end.comment, null).text);
      return Math.max(end.end, at + 22);
    }
    case 0x08074b50:
      // The mark of a file in several pieces, or a descriptor of what stood before.
      return Math.min(bytes.length, at + (likelyMember(bytes, at + 4) === null ? descriptorLength(bytes, at) : 4));
    case 0x06064b50:
      return Math.min(bytes.length, at + 56);
    case 0x07064b50:
      return Math.min(bytes.length, at + 20);
    default:
      return null;
  }
}

const METHODS: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 14, 18, 19, 20, 93, 94, 95, 96, 97, 98, 99]);

function likelyMember(bytes: Buffer, at: number): ZipMember | null {
  const member = localHeaderAt(bytes, at);
  return member !== null && METHODS.has(member.method) && bytes.readUInt16LE(at + 4) <= 0x0a3f ? member : null;
}

/** Gives where it ends. */
async function readLooseMember(reading: MemberReading, member: ZipMember, { role }: GapSettings): Promise<number> {
  const { bytes, output } = reading;
  const about = { name: member.name, role };
  if (!hasSizesBehind(member) || member.compressedBytes > 0 || isEncrypted(member)) {
    await readPacked(reading, member.end, member, about);
    const end = Math.min(bytes.length, member.end + member.compressedBytes);
    return hasSizesBehind(member) ? end + descriptorLength(bytes, end) : end;
  }
  const packed = await whereItFits(output, () => packedOf(bytes, member, output));
  if (packed === null) return Math.min(bytes.length, nextRecord(bytes, member.end));
  await output.inner({ bytes: packed.plain, declaredType: null, parameters: new Map(), ...about });
  const end = member.end + packed.packedBytes;
  return end + descriptorLength(bytes, end);
}

/** Its length is only told behind it. */
async function packedOf(bytes: Buffer, member: ZipMember, output: Output): Promise<{ plain: Buffer; packedBytes: number }> {
  const rest = bytes.subarray(member.end);
  if (member.method === 8) {
    const found = await inflateFrom(rest, output);
    if (found.end === 'broken') output.blind('broken');
    return found.end === 'whole' ? found : { ...found, packedBytes: nextRecord(rest, 0) };
  }
  const packedBytes = nextRecord(rest, 0);
  if (member.method !== 0) output.blind('unknown');
  output.unpacked(packedBytes);
  return { plain: member.method === 0 ? rest.subarray(0, packedBytes) : Buffer.alloc(0), packedBytes };
}

/** The next signature of any record, or the end. */
function nextRecord(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf('PK', from, 'latin1'); at >= 0; at = bytes.indexOf('PK', at + 1, 'latin1')) {
    const kind = bytes.toString('latin1', at + 2, at + 4);
    if (kind === '\x03\x04' || kind === '\x01\x02' || kind === '\x05\x06' || kind === '\x07\x08') return at;
  }
  return bytes.length;
}
